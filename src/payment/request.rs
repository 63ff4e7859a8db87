use std::time::Duration;

use jiff::Timestamp;

use crate::money::{Amount, Currency};
use crate::payment::{BadUrl, ConditionId, ConfigId, ExternalRef, PayUrl, RequestId, Text};

/// Where a request stands, by the platform's own word.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Status {
    /// Waiting for the patron.
    New,
    /// Paid; in part when something remains.
    Paid,
    /// Its time is over.
    Expired,
    /// Cancelled, by whom tells the reason.
    Cancelled,
    /// A word this version does not know. It is no verdict.
    Unknown(Text),
}

impl Status {
    /// Whether it is a verdict: nothing more is expected to happen.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Paid | Self::Expired | Self::Cancelled)
    }

    /// Whether money may have come in: it is paid, or nobody knows what the word means.
    pub fn may_be_paid(&self) -> bool {
        matches!(self, Self::Paid | Self::Unknown(_))
    }

    /// The platform's word.
    pub fn word(&self) -> &str {
        match self {
            Self::New => "new",
            Self::Paid => "paid",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
            Self::Unknown(word) => word.as_str(),
        }
    }
}

/// Whether real money moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Liveness {
    /// Real money.
    Main,
    /// Test money.
    Test,
}

/// Why a request was cancelled. The platform documents eleven reasons.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum CancellationReason {
    /// The merchant voided it.
    CancelledByMerchant,
    /// The patron closed it.
    CancelledByPatron,
    /// The patron's code could not be used.
    PatronCodeInvalid,
    /// The payment was tried and failed.
    PaymentFailed,
    /// The patron's code was too old.
    PatronCodeExpired,
    /// The patron declined a condition.
    DeclinedByPatron,
    /// The merchant declined a condition.
    DeclinedByMerchant,
    /// The payment was declined by whoever holds the money.
    PaymentDeclined,
    /// Its time was over.
    PaymentRequestExpired,
    /// Nothing the patron has is accepted here.
    NoAvailablePaymentOptions,
    /// The means of payment is blocked.
    InactiveAsset,
    /// A reason this version does not know, in the platform's words.
    Other(Text),
}

impl CancellationReason {
    /// The documented reasons with the platform's word for each.
    pub const ALL: [(&'static str, Self); 11] = [
        ("CANCELLED_BY_MERCHANT", Self::CancelledByMerchant),
        ("CANCELLED_BY_PATRON", Self::CancelledByPatron),
        ("PATRON_CODE_INVALID", Self::PatronCodeInvalid),
        ("PAYMENT_FAILED", Self::PaymentFailed),
        ("PATRON_CODE_EXPIRED", Self::PatronCodeExpired),
        ("DECLINED_BY_PATRON", Self::DeclinedByPatron),
        ("DECLINED_BY_MERCHANT", Self::DeclinedByMerchant),
        ("PAYMENT_DECLINED", Self::PaymentDeclined),
        ("PAYMENT_REQUEST_EXPIRED", Self::PaymentRequestExpired),
        (
            "NO_AVAILABLE_PAYMENT_OPTIONS",
            Self::NoAvailablePaymentOptions,
        ),
        ("INACTIVE_ASSET", Self::InactiveAsset),
    ];

    /// Reads the platform's word.
    pub fn from_code(code: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|(known, _)| *known == code)
            .map_or_else(|| Self::Other(Text::clean(code)), |(_, reason)| reason)
    }

    /// The platform's word.
    pub fn code(&self) -> &str {
        match self {
            Self::Other(text) => text.as_str(),
            known => Self::ALL
                .iter()
                .find(|(_, reason)| reason == known)
                .map_or("", |(code, _)| code),
        }
    }
}

/// One means of payment that paid (`paidBy.assetTotals`), shown to the customer (certification 101.2).
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct PaidBy {
    /// The means of payment in the platform's words.
    pub description: Text,
    /// The platform's asset type, such as `centrapay.nzd.main`. Reports must qualify it.
    pub asset_type: Option<Text>,
    /// What it paid; `None` if the platform did not say.
    pub total: Option<Amount>,
    /// The line items it bought. They must not be paid for again by other means (platform guide "Line Items").
    pub line_items: Vec<PaidLine>,
}

/// A line item that a means of payment bought.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct PaidLine {
    /// Its name.
    pub name: Text,
    /// The shop's number of the product.
    pub sku: Option<Text>,
    /// How many, as the platform wrote it; `None` if it did not say.
    pub quantity: Option<Text>,
    /// The price of the whole line in minor units; negative for a discount.
    pub price: Option<i64>,
}

/// A question that must be answered before a payment goes on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Condition {
    /// What accept and decline are addressed by.
    pub id: ConditionId,
    /// The platform's message to show.
    pub message: Text,
    /// Whose turn it is.
    pub status: ConditionStatus,
}

/// Whose turn a condition waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConditionStatus {
    /// The cashier has to answer.
    AwaitingMerchant,
    /// The customer has to answer on the phone.
    AwaitingPatron,
    /// Answered or void: nobody is waited for.
    Settled,
}

/// The cashier's answer to a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// It is met.
    Accept,
    /// It is not. The platform cancels the request.
    Decline,
}

impl Decision {
    /// Its name in the platform's words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Decline => "decline",
        }
    }
}

/// A payment request as the platform describes it. Everything but id and status may be missing:
/// the platform's own samples are uneven.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PaymentRequest {
    /// Its id.
    pub id: RequestId,
    /// Its name for people, good for refunds for two years.
    pub short_code: Option<Text>,
    /// Where a phone pays it, taken apart; or why that cannot be.
    pub url: Result<PayUrl, BadUrl>,
    /// What is asked for.
    pub value: Option<Amount>,
    /// Where it stands.
    pub status: Status,
    /// Whether real money moves.
    pub liveness: Option<Liveness>,
    /// The till's reference it was created under.
    pub external_ref: Option<ExternalRef>,
    /// The merchant config it was created with.
    pub config_id: Option<ConfigId>,
    /// The merchant's name.
    pub merchant_name: Option<Text>,
    /// When it was created, by the platform's clock.
    pub created_at: Option<Timestamp>,
    /// How long it is payable, from `createdAt` to `expiresAt`.
    pub validity: Option<Duration>,
    /// How long it was still payable when the platform answered, by the platform's clock.
    pub time_left: Option<Duration>,
    /// How old it was when the platform answered, by the platform's clock.
    pub age: Option<Duration>,
    /// `expiresAt` as the platform wrote it, for the till; it decides nothing here.
    pub expires_at: Option<Text>,
    /// Orders answers: one with an older `updatedAt` is stale. Milliseconds since 1970.
    pub updated_at: Option<i64>,
    /// What is still owed.
    pub remaining: Option<Amount>,
    /// Questions to be answered.
    pub conditions: Vec<Condition>,
    /// What has been paid so far, by which means.
    pub paid_by: Vec<PaidBy>,
    /// Why it was cancelled.
    pub cancellation_reason: Option<CancellationReason>,
}

impl PaymentRequest {
    /// Whether something came in of `asked`, be it a part.
    pub fn has_money(&self, asked: Amount) -> bool {
        let is_reduced = self.remaining.is_some_and(|remaining| remaining != asked);

        is_reduced
            || self
                .paid_by
                .iter()
                .any(|paid| paid.total.is_none_or(|total| !total.is_zero()))
    }

    /// How much came in of `asked`; `None` if the platform did not say. The documented `paid` answers leave
    /// `remainingAmount` out: then the sum of `paidBy` decides.
    pub fn received(&self, asked: Amount) -> Option<Amount> {
        match self.remaining {
            Some(remaining) => asked.checked_sub(remaining),
            None => sum_of(&self.paid_by, asked.currency()),
        }
    }
}

/// What is odd about the sums of a request that is paid in full: more than `asked`, or another currency.
pub fn odd_sum(paid_by: &[PaidBy], asked: Amount) -> Option<String> {
    let totals = paid_by.iter().filter_map(|paid| paid.total);
    if let Some(other) = totals
        .clone()
        .find(|total| total.currency() != asked.currency())
    {
        return Some(format!(
            "Centrapay names {} {} as paid for {asked}",
            other.decimal(),
            other.currency().code()
        ));
    }
    let sum = totals.map(Amount::minor).fold(0, u64::saturating_add);

    (sum > asked.minor()).then(|| {
        let sum = Amount::from_minor(sum, asked.currency());

        format!("Centrapay names {sum} as paid for {asked}")
    })
}

/// The sum of what these paid; `None` if there are none, or one is unknown or in another currency.
pub fn sum_of(paid_by: &[PaidBy], currency: Currency) -> Option<Amount> {
    let mut totals = paid_by.iter().map(|paid| paid.total).peekable();
    totals.peek()?;
    let minor = totals.try_fold(0_u64, |sum, total| {
        let total = total.filter(|total| total.currency() == currency)?;

        sum.checked_add(total.minor())
    })?;

    Some(Amount::from_minor(minor, currency))
}

/// One entry of what happened to a request. A field that the platform left out, or that cannot be read, is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Activity {
    /// What happened.
    pub kind: ActivityKind,
    /// The request it happened to.
    pub request: Option<RequestId>,
    /// The sum of money it is about.
    pub value: Option<Amount>,
}

impl Activity {
    /// An activity that says only what happened.
    pub fn of_kind(kind: ActivityKind) -> Self {
        Self {
            kind,
            request: None,
            value: None,
        }
    }

    /// Whether it can be about this request: it does not name another one.
    pub fn is_about(&self, id: &RequestId) -> bool {
        self.request.as_ref().is_none_or(|named| named == id)
    }
}

/// What happened, as far as a till decides by it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ActivityKind {
    /// Money went back, or is on its way back.
    Refund,
    /// The request was cancelled.
    Cancellation,
    /// Anything else, in the platform's word.
    Other(Text),
}

impl ActivityKind {
    /// The platform's word.
    pub fn name(&self) -> &str {
        match self {
            Self::Refund => "refund",
            Self::Cancellation => "cancellation",
            Self::Other(word) => word.as_str(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_cancellation_reason_is_read_and_written_as_the_platform_spells_it() {
        for (code, reason) in CancellationReason::ALL {
            assert_eq!(CancellationReason::from_code(code), reason);
            assert_eq!(reason.code(), code);
        }
        assert_eq!(CancellationReason::from_code("NEW_ONE").code(), "NEW_ONE");
    }
}
