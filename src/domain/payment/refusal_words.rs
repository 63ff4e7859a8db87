//! Plain words for the platform's refusals: the meaning of each code, and what to do.
//!
//! The screen, the till's events, `check` and the log use these sentences. Refunds have their own in
//! `refund/outcome.rs`, since some codes mean something else there.

use super::Refusal;

/// Each documented code with its sentence: the meaning; what to do. The shop reads them, so they are in English.
/// They are in the order of the calls: create, void, answers to a payment condition, and pay (which the patron's
/// app gets).
const WORDS: &str = "
REDIRECT_URL_INVALID: the redirect address of this shop's set-up is wrong; ask Centrapay to correct it
TOKEN_COLLECTION_NOT_FOUND: the token collection of this shop's set-up does not exist; ask Centrapay to correct it
CONNECTION_NOT_FOUND: the shop's connection to a payment provider does not exist; ask Centrapay to set it up
CONNECTION_MERCHANT_MISMATCH: the connection belongs to another merchant; check config-id, then ask Centrapay
CONNECTION_CREATED_BY_MISMATCH: another account made the connection; use that account's key, or ask Centrapay
NO_AVAILABLE_PAYMENT_OPTIONS: no payment method of this shop can pay this sale; check the amount and config-id
PATRON_CODE_INVALID: the customer's code does not exist or has expired; scan a new one, or show a QR code
CHECKSUM_FAILED: the code was mistyped or misread; scan or type it again
LINE_ITEMS_SUM_CHECK_FAILED: the prices of the items do not add up to the sale; correct --items, --amount or --basket
INVALID_MERCHANT_CONFIG: the shop's set-up cannot take this payment; check config-id, then ask Centrapay
PRE_AUTH_ALREADY_CONFIRMED: the held payment was already confirmed; refund it if the customer should not pay
VOID_WINDOW_EXCEEDED: the request is older than 24 hours and cannot be cancelled; refund it if it was paid
ALREADY_REFUNDED: the money was already given back; do not give it back again
REPEAT_REFERENCE: another refund has this reference; use a new one
INACTIVE_ASSET: the payment method is disabled or expired, or was already refunded; check before you give money back
REFUND_NOT_SUPPORTED: this payment method takes no refunds; give the money back another way
REQUEST_EXPIRED: the time to pay is over; start the sale again
REQUEST_PAID: the request is already paid; look at its result, and do not charge again
REQUEST_CANCELLED: the request is already cancelled; start the sale again if it is still wanted
PATRON_NOT_AUTHORIZED: this question is not the customer's to answer; the cashier answers it
MERCHANT_NOT_AUTHORIZED: this question is not the shop's to answer; the customer answers it on the phone
CONDITION_ALREADY_SET: this question was already answered; wait for the result
INVALID_ASSET_TYPE: the shop does not take this payment method; ask the customer for another one
QUOTA_EXCEEDED: the payment is above the customer's spending limit; ask for another payment method
INSUFFICIENT_ASSET_VALUE: the customer's balance is too low; ask the customer for another payment method
PAYMENT_DECLINED: the payment was declined; ask the customer for another payment method
PAYMENT_UNCONFIRMED: Centrapay does not know yet if it was paid; keep checking, and do not charge again
ASSET_REDEMPTION_DENIED: the payment method could not be redeemed; ask the customer for another one
";

/// The platform's status page says: a request that does not exist, or belongs to another account, is refused with
/// 403.
const FORBIDDEN: &str = "it does not exist, or this key has no access to it; check config-id, and the key's account and role";

/// The API's own schema says that 404 can also mean "no access".
const NOT_FOUND: &str = "it does not exist, or this key has no access to it; check base-url, config-id and the key's account";

impl Refusal {
    /// Returns the meaning of the refusal and what to do, in one sentence. `None` if the platform has not
    /// published the code.
    pub fn meaning(&self) -> Option<&'static str> {
        match (self.status, self.code.as_str()) {
            (403, "FORBIDDEN" | "HTTP_403") => Some(FORBIDDEN),
            (status, code) => {
                sentence(WORDS, code).or_else(|| (status == 404).then_some(NOT_FOUND))
            }
        }
    }
}

/// Returns the sentence for the code in a `reason` of events and the journal: `403 CODE (the platform's words)`.
pub fn meaning_of_reason(reason: &str) -> Option<&'static str> {
    let reason = reason.strip_prefix("key not accepted: ").unwrap_or(reason);
    let (status, rest) = reason.split_once(' ')?;
    let code = rest.split(' ').next()?;
    let refusal = Refusal {
        status: status.parse().ok()?,
        code: super::Text::clean(code),
        reason: None,
    };

    refusal.meaning()
}

/// Returns the sentence for the code. Each line of the table has a code, a colon and a sentence.
pub(crate) fn sentence(table: &'static str, code: &str) -> Option<&'static str> {
    let mut rows = table.lines().filter_map(|row| row.split_once(": "));

    rows.find_map(|(known, words)| (known == code).then_some(words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::payment::Text;

    fn refusal(status: u16, code: &str) -> Refusal {
        Refusal {
            status,
            code: Text::clean(code),
            reason: Some(Text::sentence("for people")),
        }
    }

    #[test]
    fn every_documented_code_has_words() {
        let create = [
            "REDIRECT_URL_INVALID",
            "TOKEN_COLLECTION_NOT_FOUND",
            "CONNECTION_NOT_FOUND",
            "CONNECTION_MERCHANT_MISMATCH",
            "CONNECTION_CREATED_BY_MISMATCH",
            "NO_AVAILABLE_PAYMENT_OPTIONS",
            "PATRON_CODE_INVALID",
            "CHECKSUM_FAILED",
            "LINE_ITEMS_SUM_CHECK_FAILED",
            "INVALID_MERCHANT_CONFIG",
        ];
        let void = [
            "PRE_AUTH_ALREADY_CONFIRMED",
            "VOID_WINDOW_EXCEEDED",
            "ALREADY_REFUNDED",
            "REPEAT_REFERENCE",
            "INACTIVE_ASSET",
            "REFUND_NOT_SUPPORTED",
            "REQUEST_EXPIRED",
            "REQUEST_PAID",
            "REQUEST_CANCELLED",
        ];
        let condition = [
            "PATRON_NOT_AUTHORIZED",
            "MERCHANT_NOT_AUTHORIZED",
            "CONDITION_ALREADY_SET",
        ];
        let pay = [
            "INVALID_ASSET_TYPE",
            "QUOTA_EXCEEDED",
            "INSUFFICIENT_ASSET_VALUE",
            "PAYMENT_DECLINED",
            "PAYMENT_UNCONFIRMED",
            "ASSET_REDEMPTION_DENIED",
            "INVALID_MERCHANT_CONFIG",
        ];
        for code in create.iter().chain(&void).chain(&condition).chain(&pay) {
            assert!(refusal(403, code).meaning().is_some(), "{code}");
        }
    }

    #[test]
    fn each_sentence_is_short_and_says_what_to_do() {
        assert_eq!(WORDS.trim().lines().count(), 28);
        for row in WORDS.trim().lines() {
            let (code, words) = row.split_once(": ").expect(row);
            let (_, what_to_do) = words.split_once("; ").expect(code);
            assert!(!what_to_do.is_empty(), "{code}");
            assert!(words.split(' ').count() < 20, "{code}: {words}");
            assert_eq!(sentence(WORDS, code), Some(words), "{code} stands twice");
        }
    }

    #[test]
    fn no_access_and_no_request_are_both_named() {
        for (status, code) in [(403, "FORBIDDEN"), (403, "HTTP_403"), (404, "HTTP_404")] {
            let words = refusal(status, code).meaning().expect(code);
            assert!(words.contains("does not exist"), "{words}");
            assert!(words.contains("no access"), "{words}");
        }
    }

    #[test]
    fn an_unpublished_code_has_no_words() {
        assert_eq!(refusal(403, "SOMETHING_NEW").meaning(), None);
        assert_eq!(refusal(400, "BAD_REQUEST").meaning(), None);
    }

    #[test]
    fn a_reason_is_read_as_it_was_written() {
        let checksum = refusal(400, "CHECKSUM_FAILED");
        assert_eq!(meaning_of_reason(&checksum.to_string()), checksum.meaning());
        let odd = refusal(404, "Not Found");
        assert_eq!(meaning_of_reason(&odd.to_string()), odd.meaning());
        for other in [
            "",
            "CANCELLED_BY_PATRON",
            "PAYMENT_DECLINED",
            "no connection in time; check the network cable",
            "403",
        ] {
            assert_eq!(meaning_of_reason(other), None, "{other}");
        }
    }
}
