use std::time::Duration;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::money::{Amount, Currency};
use crate::domain::payment::{BadUrl, ConditionId, ConfigId, ExternalRef, PayUrl, RequestId, Text};

/// The status of a request, as the platform states it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Status {
    /// Waiting for the patron.
    New,
    /// Paid in full, or in part if a remaining amount is stated.
    Paid,
    /// The time to pay is over.
    Expired,
    /// Cancelled. The cancellation reason tells who cancelled.
    Cancelled,
    /// A word that this version does not know. It is no verdict.
    Unknown(Text),
}

impl Status {
    /// Whether the status is a verdict: no further change is expected.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Paid | Self::Expired | Self::Cancelled)
    }

    /// Whether money may have come in: the status is paid, or this version does not know it.
    pub fn may_be_paid(&self) -> bool {
        matches!(self, Self::Paid | Self::Unknown(_))
    }

    /// Returns the platform's word for the status.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Liveness {
    /// Real money.
    Main,
    /// Test money.
    Test,
}

/// The reason why a request was cancelled. The platform documents eleven reasons.
#[allow(missing_docs, reason = "the names of the others say it")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum CancellationReason {
    CancelledByMerchant,
    CancelledByPatron,
    PatronCodeInvalid,
    PaymentFailed,
    PatronCodeExpired,
    DeclinedByPatron,
    DeclinedByMerchant,
    /// The bank or the wallet declined the payment.
    PaymentDeclined,
    PaymentRequestExpired,
    /// The patron has no means of payment that the merchant accepts.
    NoAvailablePaymentOptions,
    /// The means of payment is blocked.
    InactiveAsset,
    /// A reason that this version does not know, in the platform's words.
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

    /// Parses the platform's word for a reason.
    pub fn from_code(code: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|(known, _)| *known == code)
            .map_or_else(|| Self::Other(Text::clean(code)), |(_, reason)| reason)
    }

    /// Returns the platform's word for the reason.
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

/// One means of payment that the patron paid with (`paidBy.assetTotals`). The patron sees it (certification
/// 101.2).
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct PaidBy {
    /// The means of payment in the platform's words.
    pub description: Text,
    /// The platform's asset type, such as `centrapay.nzd.main`. Reports must list it.
    pub asset_type: Option<Text>,
    /// The amount that was paid by this means; `None` if the platform did not say.
    pub total: Option<Amount>,
    /// The line items that were paid by this means. They must not be paid for again by other means (platform guide
    /// "Line Items").
    pub line_items: Vec<PaidLine>,
}

/// A line item that was paid for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct PaidLine {
    /// The name of the line item.
    pub name: Text,
    /// The shop's product number.
    pub sku: Option<Text>,
    /// The quantity as the platform wrote it; `None` if the platform did not say.
    pub quantity: Option<Text>,
    /// The price of the whole line in minor units; negative for a discount.
    pub price: Option<i64>,
}

/// A question that must be answered before a payment goes on.
#[allow(missing_docs, reason = "the names of the other fields say it")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Condition {
    /// The id of the condition. Accept and decline are sent to this id.
    pub id: ConditionId,
    /// The platform's message, which the cashier must see.
    pub message: Text,
    /// The person who must answer, if any.
    pub status: ConditionStatus,
}

/// The state of the answer to a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConditionStatus {
    /// The cashier has to answer.
    AwaitingMerchant,
    /// The patron has to answer on the phone.
    AwaitingPatron,
    /// The condition was answered, or no longer applies: no answer is awaited.
    Settled,
}

/// The cashier's answer to a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// The condition is met.
    Accept,
    /// The condition is not met. The platform then cancels the request.
    Decline,
}

impl Decision {
    /// Returns the platform's word for the decision.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Decline => "decline",
        }
    }
}

/// A payment request as the platform describes it. Only id and status are always there: even the platform's own
/// samples leave out other fields.
#[allow(missing_docs, reason = "the names of the other fields say it")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PaymentRequest {
    pub id: RequestId,
    /// The request's name for people. Refunds can use it for two years.
    pub short_code: Option<Text>,
    /// The URL at which a phone pays the request, or why this program does not accept that URL.
    pub url: Result<PayUrl, BadUrl>,
    pub value: Option<Amount>,
    pub status: Status,
    pub liveness: Option<Liveness>,
    /// The reference that the create stated.
    pub external_ref: Option<ExternalRef>,
    /// The id of the merchant config that the create stated.
    pub config_id: Option<ConfigId>,
    pub merchant_name: Option<Text>,
    /// When the request was created, by the platform's clock.
    pub created_at: Option<Timestamp>,
    /// The time from `createdAt` to `expiresAt`, in which the request can be paid.
    pub validity: Option<Duration>,
    /// The part of that time that was left when the platform answered, by the platform's clock.
    pub time_left: Option<Duration>,
    /// The age of the request when the platform answered, by the platform's clock.
    pub age: Option<Duration>,
    /// `expiresAt` as the platform wrote it, for the till. Nothing is decided by it.
    pub expires_at: Option<Text>,
    /// When the request last changed (`updatedAt`), in milliseconds since 1970. An answer with an older value is
    /// stale.
    pub updated_at: Option<i64>,
    pub remaining: Option<Amount>,
    pub conditions: Vec<Condition>,
    /// The payments that came in, by means of payment.
    pub paid_by: Vec<PaidBy>,
    pub cancellation_reason: Option<CancellationReason>,
}

impl PaymentRequest {
    /// Whether any money came in. `asked`: the amount that was asked for.
    pub fn has_money(&self, asked: Amount) -> bool {
        let is_reduced = self.remaining.is_some_and(|remaining| remaining != asked);

        is_reduced
            || self
                .paid_by
                .iter()
                .any(|paid| paid.total.is_none_or(|total| !total.is_zero()))
    }

    /// Returns the amount that came in; `None` if the platform did not say. `asked`: the amount that was asked
    /// for. If an answer leaves `remainingAmount` out, as the documented `paid` answers do, the sum of `paidBy`
    /// counts.
    pub fn received(&self, asked: Amount) -> Option<Amount> {
        match self.remaining {
            Some(remaining) => asked.checked_sub(remaining),
            None => sum_of(&self.paid_by, asked.currency()),
        }
    }
}

/// Returns a sentence if the payments of a fully paid request sum to more than `asked`, or have another currency.
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

/// Returns the sum of these payments. `None` if there is no payment, or an amount is unknown or in another
/// currency.
pub fn sum_of(paid_by: &[PaidBy], currency: Currency) -> Option<Amount> {
    let mut totals = paid_by.iter().map(|paid| paid.total).peekable();
    totals.peek()?;
    let minor = totals.try_fold(0_u64, |sum, total| {
        let total = total.filter(|total| total.currency() == currency)?;

        sum.checked_add(total.minor())
    })?;

    Some(Amount::from_minor(minor, currency))
}

/// One activity of a request. A field that is missing or cannot be read is `None`.
#[allow(missing_docs, reason = "the names of the others say it")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Activity {
    pub kind: ActivityKind,
    /// The request that the activity is about.
    pub request: Option<RequestId>,
    pub value: Option<Amount>,
}

impl Activity {
    /// Returns an activity that has only a kind.
    pub fn of_kind(kind: ActivityKind) -> Self {
        Self {
            kind,
            request: None,
            value: None,
        }
    }

    /// Whether the activity may be about this request: it does not name another request.
    pub fn is_about(&self, id: &RequestId) -> bool {
        self.request.as_ref().is_none_or(|named| named == id)
    }
}

/// The kind of an activity.
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
    /// Returns the platform's word for the kind.
    pub fn name(&self) -> &str {
        match self {
            Self::Refund => "refund",
            Self::Cancellation => "cancellation",
            Self::Other(word) => word.as_str(),
        }
    }
}

/// A refund as the platform describes it: the answer to a refund call, or an activity of the refunded request. A
/// field that is missing or cannot be read is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Refund {
    /// The request whose payment is refunded.
    pub request: Option<RequestId>,
    /// The refund's own reference. The platform does not document this field, so its absence proves nothing.
    pub external_ref: Option<ExternalRef>,
    /// The refunded amount.
    pub value: Option<Amount>,
    /// The refund's own short code, such as `CP-C7F-ZS5-032`.
    pub short_code: Option<Text>,
}

/// The refunds that are among the activities of a request, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Refunds {
    /// The listed refunds.
    pub listed: Vec<Refund>,
    /// Whether no refund is missing: the list has no further page, is not empty, and each entry states its kind.
    pub is_complete: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documented_cancellation_reasons_round_trip() {
        for (code, reason) in CancellationReason::ALL {
            assert_eq!(CancellationReason::from_code(code), reason);
            assert_eq!(reason.code(), code);
        }
        assert_eq!(CancellationReason::from_code("NEW_ONE").code(), "NEW_ONE");
    }
}
