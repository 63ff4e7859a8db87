//! Refusals of a refund that the platform may also give because it has this very refund.

pub(super) const REPEAT_REFERENCE: &str = "REPEAT_REFERENCE";
pub(super) const ALREADY_REFUNDED: &str = "ALREADY_REFUNDED";
pub(super) const INVALID_AMOUNT: &str = "INVALID_AMOUNT";
/// The platform says this also of a payment that was given back already.
pub(super) const INACTIVE_ASSET: &str = "INACTIVE_ASSET";
/// The refund may come from a call whose answer was lost, or from another machine.
pub(super) const MAY_BE_OURS: [&str; 4] = [
    REPEAT_REFERENCE,
    ALREADY_REFUNDED,
    INVALID_AMOUNT,
    INACTIVE_ASSET,
];
