//! A payment request, its data and its activities. `rules.rs` has the rules for changing it.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::create::{CheckedCreate, RequestDetails};
use super::money::{MoneyValue, SandboxLineItem};

/// The `status` of a payment request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SandboxStatus {
    /// The request can be paid.
    New,
    /// The request was paid, in full or in part. A refund does not change this status.
    Paid,
    /// The time to pay ran out.
    Expired,
    /// The request was cancelled; see [`CancelReason`].
    Cancelled,
}

/// A payment request. Amounts are in minor units of `value.currency`.
#[derive(Clone, Debug)]
pub(super) struct SandboxRequest {
    pub(super) id: String,
    pub(super) short_code: String,
    pub(super) config_id: String,
    pub(super) asset_type: String,
    pub(super) value: MoneyValue,
    pub(super) basket_amount: Option<MoneyValue>,
    pub(super) details: RequestDetails,
    pub(super) status: SandboxStatus,
    pub(super) cancellation_reason: Option<CancelReason>,
    pub(super) expiry_seconds: u32,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) expires_at: Timestamp,
    pub(super) first_polled_at: Option<Timestamp>,
    pub(super) conditions: Vec<MerchantCondition>,
    /// The activities, oldest first.
    pub(super) activities: Vec<ActivityRecord>,
}

impl SandboxRequest {
    pub(super) fn new(
        id: String,
        short_code: String,
        asset_type: String,
        new: CheckedCreate,
        now: Timestamp,
    ) -> Self {
        let mut request = Self {
            id,
            short_code,
            config_id: new.config_id,
            asset_type,
            value: new.value,
            basket_amount: new.basket_amount,
            details: new.details,
            status: SandboxStatus::New,
            cancellation_reason: None,
            expiry_seconds: new.expiry_seconds,
            created_at: now,
            updated_at: now,
            expires_at: later(now, Duration::from_secs(new.expiry_seconds.into())),
            first_polled_at: None,
            conditions: Vec::new(),
            activities: Vec::new(),
        };
        request.record(now, ActivityEvent::Request);
        request
    }

    /// The paid amount, before refunds.
    pub(super) fn captured(&self) -> u64 {
        self.sum(|event| match event {
            ActivityEvent::Payment { amount, .. } => Some(*amount),
            _ => None,
        })
    }

    pub(super) fn refunded(&self) -> u64 {
        self.sum(|event| match event {
            ActivityEvent::Refund { amount, .. } => Some(*amount),
            _ => None,
        })
    }

    /// The paid amount after refunds.
    pub(super) fn kept(&self) -> u64 {
        self.captured().saturating_sub(self.refunded())
    }

    pub(super) fn owed(&self) -> u64 {
        self.value.amount.saturating_sub(self.captured())
    }

    /// The `remainingAmount` of a read; `None` if the request allows no part payments, or is paid in full.
    pub(super) fn remaining(&self) -> Option<u64> {
        Some(self.owed()).filter(|owed| *owed > 0 && self.details.partial_allowed == Some(true))
    }

    /// The condition that blocks the payment, if there is one.
    pub(super) fn open_condition(&self) -> Option<&MerchantCondition> {
        self.conditions
            .iter()
            .find(|condition| condition.status == MerchantConditionStatus::AwaitingMerchant)
    }

    /// Appends an activity and sets the time of the last change.
    pub(super) fn record(&mut self, at: Timestamp, event: ActivityEvent) -> ActivityRecord {
        let activity = ActivityRecord {
            number: self.activities.len() + 1,
            at,
            event,
        };
        self.updated_at = at;
        self.activities.push(activity.clone());
        activity
    }

    pub(super) fn age(&mut self, by: Duration) {
        let answers = self.conditions.iter_mut();
        let times = [
            &mut self.created_at,
            &mut self.updated_at,
            &mut self.expires_at,
        ]
        .into_iter()
        .chain(&mut self.first_polled_at)
        .chain(self.activities.iter_mut().map(|activity| &mut activity.at))
        .chain(answers.filter_map(|condition| condition.answered_at.as_mut()));

        for at in times {
            *at = at.checked_sub(by).unwrap_or(Timestamp::MIN);
        }
    }

    fn sum(&self, amount: impl Fn(&ActivityEvent) -> Option<u64>) -> u64 {
        self.activities
            .iter()
            .filter_map(|activity| amount(&activity.event))
            .sum()
    }
}

/// `at` plus `wait`, or the latest possible time.
pub(super) fn later(at: Timestamp, wait: Duration) -> Timestamp {
    at.checked_add(wait).unwrap_or(Timestamp::MAX)
}

/// A question that the merchant must answer before the patron can pay.
#[derive(Clone, Debug, Serialize)]
pub(super) struct MerchantCondition {
    pub(super) id: String,
    pub(super) name: &'static str,
    pub(super) message: &'static str,
    pub(super) status: MerchantConditionStatus,
    #[serde(skip)]
    pub(super) answered_at: Option<Timestamp>,
}

impl MerchantCondition {
    pub(super) fn awaiting_merchant() -> Self {
        Self {
            id: "1".to_owned(),
            name: "merchant-check",
            message: "Check the customer's card before you accept this payment.",
            status: MerchantConditionStatus::AwaitingMerchant,
            answered_at: None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum MerchantConditionStatus {
    AwaitingMerchant,
    Accepted,
    Declined,
    /// The request ended before the condition was answered.
    Void,
}

/// Why a payment request was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the platform's names explain themselves")]
pub enum CancelReason {
    CancelledByMerchant,
    CancelledByPatron,
    PatronCodeInvalid,
    PaymentFailed,
    PatronCodeExpired,
    DeclinedByPatron,
    DeclinedByMerchant,
    PaymentDeclined,
    PaymentRequestExpired,
    NoAvailablePaymentOptions,
    InactiveAsset,
}

impl CancelReason {
    pub(super) fn sentence(self) -> &'static str {
        match self {
            Self::CancelledByMerchant => "The shop cancelled it.",
            Self::CancelledByPatron => "You cancelled it.",
            Self::PatronCodeInvalid => "The code that was scanned is not valid.",
            Self::PaymentFailed => "The payment failed.",
            Self::PatronCodeExpired => "The code that was scanned is too old.",
            Self::DeclinedByPatron => "You declined it.",
            Self::DeclinedByMerchant => "The shop declined it.",
            Self::PaymentDeclined => "The payment was declined.",
            Self::PaymentRequestExpired => "It was too late.",
            Self::NoAvailablePaymentOptions => "There is no way left to pay it.",
            Self::InactiveAsset => "What it was to be paid with is not active.",
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct ActivityRecord {
    /// The number of the activity. The creation of the request has number 1.
    pub(super) number: usize,
    pub(super) at: Timestamp,
    pub(super) event: ActivityEvent,
}

/// The kind of an activity. Amounts are in minor units of the request's currency.
#[derive(Clone, Debug)]
pub(super) enum ActivityEvent {
    Request,
    Payment {
        amount: u64,
        asset_type: String,
        idempotency_key: Option<String>,
        line_items: Vec<SandboxLineItem>,
    },
    Paid,
    Refund {
        amount: u64,
        /// The merchant's reference. A refund by a void, or from elsewhere, has none.
        external_ref: Option<String>,
        invoice_ref: Option<String>,
        line_items: Vec<SandboxLineItem>,
    },
    Cancellation,
    Expiry,
    AcceptCondition {
        condition_id: String,
    },
    DeclineCondition {
        condition_id: String,
    },
}

impl ActivityEvent {
    /// A refund without the merchant's reference.
    pub(super) fn refund(amount: u64) -> Self {
        Self::Refund {
            amount,
            external_ref: None,
            invoice_ref: None,
            line_items: Vec::new(),
        }
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Payment { .. } => "payment",
            Self::Paid => "paid",
            Self::Refund { .. } => "refund",
            Self::Cancellation => "cancellation",
            Self::Expiry => "expiry",
            Self::AcceptCondition { .. } => "accept-condition",
            Self::DeclineCondition { .. } => "decline-condition",
        }
    }
}
