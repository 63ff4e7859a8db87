//! What staff decide about a part payment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What to do with a part payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PartDecision {
    /// The rest was paid another way: sold.
    Confirm,
    /// The rest was not paid: the part goes back.
    Refund,
}
