use jiff::Timestamp;
use serde::Serialize;

/// Something the merchant must confirm before a request can be paid.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    pub(super) id: String,
    pub(super) name: &'static str,
    pub(super) message: &'static str,
    pub(super) status: ConditionStatus,
    pub(super) answered_at: Option<Timestamp>,
}

impl Condition {
    /// The one condition the sandbox knows.
    pub(super) fn awaiting_merchant() -> Self {
        Self {
            id: "1".to_owned(),
            name: "merchant-check",
            message: "Check the customer's card before you accept this payment.",
            status: ConditionStatus::AwaitingMerchant,
            answered_at: None,
        }
    }
}

/// A condition's `status`, in the platform's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ConditionStatus {
    AwaitingMerchant,
    Accepted,
    Declined,
    /// The request ended before anybody answered.
    Void,
}

/// The merchant's answer to a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Accept,
    Decline,
}
