//! The answer to a till whose resident display died during a sale: the outcome that the journal has for this
//! hand-over, or *unknown*.

use std::time::Duration;

use crate::domain::order::Order;
use crate::domain::outcome::Outcome;
use crate::sale::{Earlier, Ending, Standing};

/// The attempts that the journal has of a sale whose resident display died, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct HandedOver {
    /// Attempts that this hand-over made or worked on.
    pub attempts: Vec<Earlier>,
    /// Earlier attempts of the same sale that this hand-over had not checked yet.
    pub before: Vec<Earlier>,
}

/// The outcome of a hand-over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOverOutcome<'a> {
    /// The outcome for the till.
    pub outcome: Outcome,
    /// The attempt that had this outcome.
    pub attempt: Option<&'a Earlier>,
}

impl<'a> HandOverOutcome<'a> {
    /// The outcome if the journal cannot be read.
    pub const UNKNOWN: Self = Self::of(None, Outcome::Unknown);

    pub(in super::super) const fn of(attempt: Option<&'a Earlier>, outcome: Outcome) -> Self {
        Self { outcome, attempt }
    }

    /// Whether the journal has an ending that only a late payment can change.
    pub fn is_settled(&self) -> bool {
        let has_ended = |attempt: &Earlier| {
            matches!(
                attempt.standing,
                Standing::Ended { .. } | Standing::Watched(_)
            )
        };

        // The platform still has to confirm an attempt that staff closed as not paid.
        self.outcome != Outcome::Unknown && self.attempt.is_some_and(has_ended)
    }

    /// Returns the ending with its amounts, if money came in.
    pub fn ending(&self) -> Option<&'a Ending> {
        match &self.attempt?.standing {
            Standing::Ended { ending, .. } => Some(ending),
            _ => None,
        }
    }
}

impl HandedOver {
    /// Sorts the attempts that have the handed-over reference, oldest first. `asked`: the sale and its platform.
    /// It is `None` if the till's configuration could not be read; then every attempt may be of the same sale.
    pub fn sort(
        attempts: Vec<Earlier>,
        handover: &str,
        asked: Option<(&Order, &str, Duration)>,
    ) -> Self {
        let is_own = |earlier: &Earlier| earlier.order.handover.as_deref() == Some(handover);
        let (own, mut before): (Vec<_>, Vec<_>) = attempts.into_iter().partition(is_own);
        if let Some((order, base_url, lifetime)) = asked {
            before.retain(|earlier| earlier.is_of(order, base_url, lifetime));
        }

        Self {
            attempts: own,
            before,
        }
    }

    /// Returns the outcome of the hand-over. It is unknown if an attempt may have been paid, or can still be.
    pub fn outcome(&self) -> HandOverOutcome<'_> {
        let payable = |earlier: &&Earlier| matches!(earlier.standing, Standing::Payable(_));
        if let Some(open) = self.attempts.iter().find(payable) {
            return HandOverOutcome::of(Some(open), Outcome::Unknown);
        }
        let ended = |earlier: &&Earlier| matches!(earlier.standing, Standing::Ended { .. });
        let last = self.attempts.iter().rfind(ended).or(self.attempts.last());
        let Some(last) = last else {
            return self.not_charged(None, Outcome::Unreachable);
        };
        match (&last.standing, last.unpaid) {
            (Standing::Ended { ending, .. }, _) => {
                HandOverOutcome::of(Some(last), ending.outcome())
            }
            (Standing::Watched(_), Some(unpaid)) => self.not_charged(Some(last), unpaid),
            // The code of this attempt was on no screen.
            (Standing::Intended | Standing::Created(_), _) => {
                self.not_charged(Some(last), Outcome::Cancelled)
            }
            _ => HandOverOutcome::of(Some(last), Outcome::Unknown),
        }
    }

    /// Returns the outcome `unpaid`, or *unknown* if an unchecked earlier attempt of the same sale may be paid.
    fn not_charged<'a>(
        &'a self,
        attempt: Option<&'a Earlier>,
        unpaid: Outcome,
    ) -> HandOverOutcome<'a> {
        let harmless = |earlier: &Earlier| match earlier.standing {
            Standing::Intended | Standing::Created(_) | Standing::Stray => true,
            // This attempt may have been paid late. If the hand-over made an attempt, it checked this one first.
            Standing::Watched(_) => {
                !self.attempts.is_empty() && earlier.unpaid != Some(Outcome::Unknown)
            }
            Standing::Payable(_) | Standing::Ended { .. } => false,
        };

        match self.before.iter().all(harmless) {
            true => HandOverOutcome::of(attempt, unpaid),
            false => HandOverOutcome::UNKNOWN,
        }
    }
}
