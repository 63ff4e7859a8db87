//! The journal's answer to a till that asks how a sale ended, such as after a restart.

use std::time::Duration;

use crate::domain::outcome::Outcome;
use crate::sale::{Earlier, Ending, HandOverOutcome, Standing};

/// The attempts that the journal has of one sale, oldest first. There is at least one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct JournaledSale {
    before: Vec<Earlier>,
    newest: Earlier,
}

impl JournaledSale {
    /// Returns the newest sale among the attempts of a reference, oldest first; `None` without an attempt. `lifetime`
    /// is the time for which the reference means the same sale.
    pub fn newest(mut attempts: Vec<Earlier>, lifetime: Duration) -> Option<Self> {
        let newest = attempts.pop()?;
        // An attempt is of the sale if the newest one continued it, however long ago that was.
        let lifetime = lifetime.saturating_add(newest.age.unwrap_or_default());
        attempts.retain(|earlier| earlier.is_of(&newest.order, &newest.base_url, lifetime));

        Some(Self {
            before: attempts,
            newest,
        })
    }

    /// Returns the attempts, oldest first.
    pub fn attempts(&self) -> impl DoubleEndedIterator<Item = &Earlier> {
        self.before.iter().chain([&self.newest])
    }

    /// Returns the outcome, with the attempt that had it. The outcome is *unknown*, and the sale unsettled, if an
    /// attempt may be paid or the newest one has not ended.
    ///
    /// A display may be alive and work on an attempt that has not ended, so such an attempt is never called "not
    /// charged". If a display has this sale in memory, ask the display: it may begin a further attempt at any time.
    pub fn outcome(&self) -> HandOverOutcome<'_> {
        let is_paid = |earlier: &&Earlier| {
            matches!(
                earlier.standing,
                Standing::Ended {
                    ending: Ending::Paid { .. } | Ending::PartPaid { .. },
                    ..
                }
            )
        };
        let may_be_paid = |earlier: &&Earlier| {
            matches!(earlier.standing, Standing::Payable(_)) || earlier.is_closed_as_not_paid()
        };
        // A payment outweighs the rest: if this sale is asked for again, it is reported as paid.
        let decisive = self
            .attempts()
            .rfind(is_paid)
            .or_else(|| self.attempts().rfind(may_be_paid))
            .unwrap_or(&self.newest);
        let outcome = match (&decisive.standing, decisive.unpaid) {
            (Standing::Ended { ending, .. }, _) => ending.outcome(),
            (Standing::Watched(_), Some(unpaid)) => unpaid,
            _ => Outcome::Unknown,
        };

        HandOverOutcome::of(Some(decisive), outcome)
    }
}
