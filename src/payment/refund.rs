use crate::money::Amount;
use crate::payment::{ExternalRef, RequestId};

/// A refund as the platform describes it: the answer to one, or an activity of its request. What
/// the platform left out, or wrote as nobody can read it, is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Refund {
    /// The request whose payment goes back.
    pub request: Option<RequestId>,
    /// The refund's own reference; one that a void led to has none.
    pub external_ref: Option<ExternalRef>,
    /// How much goes back.
    pub value: Option<Amount>,
}

/// The refunds among the activities of a request, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Refunds {
    /// Those that were listed.
    pub listed: Vec<Refund>,
    /// Whether the platform says that there are no more activities than it listed.
    pub is_complete: bool,
}
