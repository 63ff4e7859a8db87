//! Sentences for people, where a screen needs more than its own few words.

use crate::payment::{CancellationReason, Distrust, Failure, Unsent};
use crate::sale::{Misfit, Rejection};

/// The late payments that were found beside the sale of this reference, for the cashier.
pub(super) fn late_payments(references: &[String], besides: &str) -> Option<String> {
    let others: Vec<_> = references
        .iter()
        .filter(|reference| *reference != besides)
        .collect();
    match others.as_slice() {
        [] => None,
        [one] => Some(format!("Late payment: {one} - see history")),
        [first, more @ ..] => Some(format!(
            "Late payments: {first} and {} more - see history",
            more.len()
        )),
    }
}

/// Why a payment was cancelled, for the customer: one plain sentence for each reason.
pub(super) fn cancelled(reason: Option<&CancellationReason>) -> &'static str {
    let Some(reason) = reason else {
        return "This payment was stopped before a code was shown.";
    };

    match reason {
        CancellationReason::CancelledByMerchant => "The shop cancelled this payment.",
        CancellationReason::CancelledByPatron => "You cancelled this payment on your phone.",
        CancellationReason::PatronCodeInvalid => "The code from the phone could not be used.",
        CancellationReason::PaymentFailed => "The payment did not go through.",
        CancellationReason::PatronCodeExpired => "The code from the phone was too old.",
        CancellationReason::DeclinedByPatron => "You declined this payment.",
        CancellationReason::DeclinedByMerchant => "The shop declined this payment.",
        CancellationReason::PaymentDeclined => "The payment was declined.",
        CancellationReason::PaymentRequestExpired => "The time to pay was over.",
        CancellationReason::NoAvailablePaymentOptions => {
            "Nothing in your wallet can be used at this shop."
        }
        CancellationReason::InactiveAsset => "This means of payment is blocked.",
        CancellationReason::Other(_) => "This payment was cancelled.",
    }
}

/// Where the cashier looks when nothing could be sent or nothing usable came back.
pub(super) fn unreachable(failure: &Failure) -> &'static str {
    match failure {
        Failure::NotSent(Unsent::Distrusted(Distrust::Expired | Distrust::NotYetValid)) => {
            "No code was shown. Check the date and the time of this screen, then the network."
        }
        Failure::NotSent(Unsent::Distrusted(_) | Unsent::NoTls(_)) => {
            "No code was shown. Something in this network answers in Centrapay’s place."
        }
        _ => "No code was shown. Check the network cable or the Wi-Fi, then try again.",
    }
}

/// What is wrong, and what the cashier should do about it.
pub(super) fn rejected(rejection: &Rejection) -> (&'static str, &'static str) {
    match rejection {
        Rejection::Platform(_) => (
            "Centrapay refused this payment request",
            "Check the merchant config id and the amount.",
        ),
        Rejection::Key(_) => (
            "Centrapay did not accept this shop's key",
            "Put a valid key in place; see the configuration's api-key-file.",
        ),
        Rejection::Misfit(Misfit::Liveness(_)) => (
            "Test money and real money are mixed up",
            "Check liveness and the merchant config id in the configuration.",
        ),
        Rejection::Misfit(_) => (
            "Centrapay's answer does not fit this sale",
            "No code was shown. If it happens again, call support.",
        ),
        Rejection::Unreadable(_) => (
            "No readable code could be made",
            "Take the payment another way and call support.",
        ),
        Rejection::Journal(_) => (
            "This sale cannot be written down",
            "Check that the disk is not full and the data directory can be written.",
        ),
        Rejection::Unsettled(_) => (
            "An earlier sale is not settled",
            "Nothing was charged for this one. Start it again, and settle the earlier sale first.",
        ),
        Rejection::NoTime => (
            "Centrapay left no time to pay",
            "Check expiry-seconds in the configuration.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_payments_are_named_and_the_sale_on_the_screen_is_not_among_them() {
        let references = ["A1".to_owned(), "B7-2".to_owned(), "C3".to_owned()];
        assert_eq!(late_payments(&[], "X"), None);
        assert_eq!(late_payments(&references[..1], "A1"), None);
        assert_eq!(
            late_payments(&references[..1], "X").as_deref(),
            Some("Late payment: A1 - see history")
        );
        assert_eq!(
            late_payments(&references, "A1").as_deref(),
            Some("Late payments: B7-2 and 1 more - see history")
        );
    }
}
