use crate::payment::{Activity, ActivityKind, Failure};
use crate::sale::Void;

/// The refusals of a void that prove that it did nothing, and that none before it did: the platform
/// would then have said so.
const NOTHING_DONE: [&str; 5] = [
    "REQUEST_PAID",
    "REQUEST_EXPIRED",
    "REFUND_NOT_SUPPORTED",
    "INACTIVE_ASSET",
    "VOID_WINDOW_EXCEEDED",
];

/// What the voids of a request have shown so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Evidence {
    /// The platform said that money goes back.
    pub(super) refunded: bool,
    /// A void provably did nothing, so that a payment stands: it was refused, or never got there.
    pub(super) in_vain: bool,
    /// A void may have taken effect, or may still: its answer was lost, or says that an earlier one
    /// has worked, or does not say what was done.
    pub(super) unclear: bool,
}

impl From<Void> for Evidence {
    /// What the journal knows of earlier voids. Where all were answered, none of them refunded
    /// anything; a payment stands.
    fn from(void: Void) -> Self {
        Self {
            refunded: false,
            in_vain: void == Void::Answered,
            unclear: void == Void::Unanswered,
        }
    }
}

impl Evidence {
    /// Takes in what a void brought; what came of earlier ones is in what was known before.
    pub(super) fn take_in(&mut self, answer: &Result<Activity, Failure>) {
        match answer {
            Ok(activity) => match activity.kind {
                ActivityKind::Refund => self.refunded = true,
                ActivityKind::Cancellation => {}
                ActivityKind::Other(_) => self.unclear = true,
            },
            Err(failure) if did_nothing(failure) => self.in_vain = true,
            Err(_) => self.unclear = true,
        }
    }

    /// Whether it is known of every void what it did, and none of them gives, or has given, money back.
    pub(super) fn is_clear(self) -> bool {
        !self.refunded && !self.unclear
    }

    /// Whether anything in it comes from a void.
    pub fn tells_of_a_void(self) -> bool {
        self != Self::default()
    }

    /// Whether a payment stands that is in no list of refunds.
    pub(super) fn lets_a_payment_stand(self) -> bool {
        self.in_vain && self.is_clear()
    }
}

/// Whether a void that failed so provably did nothing; an earlier try that may have done something
/// stays unclear. Whoever is not reached, does not know the key, or only asks for patience, carries
/// nothing out.
fn did_nothing(failure: &Failure) -> bool {
    match failure {
        Failure::NotSent(_) | Failure::Unauthorised(_) | Failure::Throttled { .. } => true,
        Failure::Refused(refusal) => NOTHING_DONE.contains(&refusal.code.as_str()),
        Failure::Ambiguous(_) => false,
    }
}

/// Whether money went back, by the platform's own list of what happened.
pub(super) fn refunded(activities: &[Activity]) -> bool {
    activities
        .iter()
        .any(|activity| activity.kind == ActivityKind::Refund)
}
