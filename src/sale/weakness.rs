//! Ways to take a single safeguard away, for the proof only: a model checker that finds nothing
//! proves something only if it does find what is wrong with a machine that lacks one of them.
//!
//! Without the feature `weaken` a sale cannot be built with a weakness, and the question for one is
//! a constant `false`.

use crate::sale::Turn;
#[cfg(feature = "weaken")]
use crate::sale::{Rules, Sale, Timing};

/// A safeguard that is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(
    not(feature = "weaken"),
    allow(dead_code, unreachable_pub, reason = "no sale has one")
)]
pub enum Weakness {
    /// The code is shown while the record of it is still on its way to the disk.
    CodeBeforeItsRecord,
    /// When the time is over by the clock here, the sale counts as expired.
    CountdownAsVerdict,
    /// A void without an answer counts as done.
    LostVoidAsCancelled,
    /// What was shown and never settled does not keep the next sale waiting.
    UnknownDoesNotBlock,
    /// A further attempt begins while the code of the one before is on the screen.
    AttemptBesideAnOpenOne,
    /// `paid` means paid, whether or not a void was sent.
    PaidBelievedAfterVoid,
    /// After a display's death, a sale that was never shown is reported as not charged, even if the customer's code
    /// could pay it.
    HandOverForgetsPayable,
    /// After a display's death, the last attempt under the reference is reported, even one of another sale.
    HandOverTakesAnyAttempt,
    /// If an unknown sale cannot be read, another code is shown.
    ErrorOpensAnotherCode,
    /// What a look-up finds under the till's own reference counts as made here.
    GivenReferenceAsProof,
    /// A create that is answered with a request of another attempt is believed.
    OldRequestAccepted,
    /// `paid` without `remainingAmount` is paid in full, whatever `paidBy` says.
    PaidWithoutRemainingInFull,
    /// A refund of any sum and of any request counts.
    AnyRefundCounts,
}

impl Turn<'_> {
    /// Whether this safeguard is missing.
    #[cfg(feature = "weaken")]
    pub(super) fn is_weakened_by(&self, weakness: Weakness) -> bool {
        self.sale.weakness == Some(weakness)
    }

    /// No safeguard is missing.
    #[cfg(not(feature = "weaken"))]
    #[allow(clippy::unused_self, reason = "with the feature the sale is asked")]
    pub(super) const fn is_weakened_by(&self, _: Weakness) -> bool {
        false
    }
}

#[cfg(feature = "weaken")]
impl Sale {
    /// A sale that waits for its order and lacks one safeguard. For the proof only.
    pub fn weakened(rules: Rules, timing: Timing, weakness: Weakness) -> Self {
        Self {
            weakness: Some(weakness),
            ..Self::new(rules, timing)
        }
    }
}
