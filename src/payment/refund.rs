use crate::money::Amount;
use crate::payment::{ExternalRef, RequestId, Text};

/// A refund as the platform describes it: the answer to one, or an activity of its request. What
/// the platform left out, or wrote as nobody can read it, is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Refund {
    /// The request whose payment goes back.
    pub request: Option<RequestId>,
    /// The refund's own reference. The platform's documentation lists no such field, so its absence proves nothing.
    pub external_ref: Option<ExternalRef>,
    /// How much goes back.
    pub value: Option<Amount>,
    /// The refund's own short code, such as `CP-C7F-ZS5-032`.
    pub short_code: Option<Text>,
}

/// The refunds among the activities of a request, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Refunds {
    /// Those that were listed.
    pub listed: Vec<Refund>,
    /// Whether these are all: the list has no further page, it is not empty, and each entry says what it is.
    pub is_complete: bool,
}
