use crate::payment::{Activity, ActivityKind};
use crate::sale::Void;

/// What the voids of a request have shown so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Evidence {
    /// The platform said that money goes back.
    pub(super) refunded: bool,
    /// The platform refused the void, so that a payment stands.
    pub(super) refused: bool,
    /// A void was sent whose answer was lost: it may still take effect.
    pub(super) unanswered: bool,
}

impl From<Void> for Evidence {
    /// What the journal knows of earlier voids. Where all were answered, the list of activities
    /// has their refunds; without one in it, a payment stands.
    fn from(void: Void) -> Self {
        Self {
            refunded: false,
            refused: void == Void::Answered,
            unanswered: void == Void::Unanswered,
        }
    }
}

/// Whether money went back, by the platform's own list of what happened.
pub(super) fn refunded(activities: &[Activity]) -> bool {
    activities
        .iter()
        .any(|activity| activity.kind == ActivityKind::Refund)
}
