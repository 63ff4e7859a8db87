use jiff::Timestamp;
use serde::Serialize;

use super::line_item::LineItem;

/// One thing that happened to a payment request.
#[derive(Clone, Debug)]
pub(super) struct Activity {
    /// 1 for the creation, and up from there.
    pub(super) number: usize,
    pub(super) at: Timestamp,
    pub(super) event: Event,
}

/// What happened. Amounts are in minor units of the request's currency.
#[derive(Clone, Debug)]
pub(super) enum Event {
    Request,
    Payment {
        amount: u64,
        asset_type: String,
        idempotency_key: Option<String>,
        /// The line items that the payment bought, where it names them.
        line_items: Vec<LineItem>,
    },
    Paid,
    Refund {
        amount: u64,
        /// The merchant's reference. A refund by a void, or made elsewhere, has none.
        external_ref: Option<String>,
        /// The invoice that the merchant named.
        invoice_ref: Option<String>,
        /// The line items that went back, where the merchant named them.
        line_items: Vec<LineItem>,
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

/// An activity's `type`, in the platform's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ActivityType {
    Request,
    Payment,
    Paid,
    Refund,
    Cancellation,
    Expiry,
    AcceptCondition,
    DeclineCondition,
}

impl Event {
    /// A refund without a reference of the merchant's.
    pub(super) fn refund(amount: u64) -> Self {
        Self::Refund {
            amount,
            external_ref: None,
            invoice_ref: None,
            line_items: Vec::new(),
        }
    }

    pub(super) fn activity_type(&self) -> ActivityType {
        match self {
            Self::Request => ActivityType::Request,
            Self::Payment { .. } => ActivityType::Payment,
            Self::Paid => ActivityType::Paid,
            Self::Refund { .. } => ActivityType::Refund,
            Self::Cancellation => ActivityType::Cancellation,
            Self::Expiry => ActivityType::Expiry,
            Self::AcceptCondition { .. } => ActivityType::AcceptCondition,
            Self::DeclineCondition { .. } => ActivityType::DeclineCondition,
        }
    }
}
