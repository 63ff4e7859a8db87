//! The answer to a till whose resident display died during a sale: what the journal says about this hand-over, or
//! *unknown*.

use std::time::Duration;

use crate::sale::{Earlier, Ending, Order, Standing, Unpaid};

/// What the journal has for a till whose resident display died, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct HandedOver {
    /// The attempts that this hand-over has made or taken up.
    pub attempts: Vec<Earlier>,
    /// Earlier attempts of the same sale that it had not checked yet.
    pub before: Vec<Earlier>,
}

/// How a hand-over ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastWord<'a> {
    /// The name of the ending, for the till.
    pub outcome: &'static str,
    /// The program's exit code for it.
    pub exit_code: u8,
    /// The attempt that it is about.
    pub attempt: Option<&'a Earlier>,
}

impl<'a> LastWord<'a> {
    fn of(attempt: Option<&'a Earlier>, ending: &Ending) -> Self {
        Self {
            outcome: ending.name(),
            exit_code: ending.exit_code(),
            attempt,
        }
    }

    fn unpaid(attempt: Option<&'a Earlier>, unpaid: Unpaid) -> Self {
        Self {
            outcome: unpaid.name(),
            exit_code: unpaid.exit_code(),
            attempt,
        }
    }

    /// What is said if the journal cannot be read.
    pub fn unknown() -> Self {
        Self::of(None, &Ending::unknown())
    }

    /// Whether the journal has an ending: nothing can change it but a late payment.
    pub fn is_settled(&self) -> bool {
        self.attempt.is_some_and(|attempt| {
            matches!(
                attempt.standing,
                Standing::Ended { .. } | Standing::Watched(_)
            )
        })
    }

    /// The ending with its sums, if money came in.
    pub fn ending(&self) -> Option<&'a Ending> {
        match &self.attempt?.standing {
            Standing::Ended { ending, .. } => Some(ending),
            _ => None,
        }
    }
}

impl HandedOver {
    /// Sorts the attempts of the reference that was handed over, oldest first. `asked`: the sale and its platform, if
    /// the till's configuration could be read; without it every attempt may be of the same sale.
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

    /// How it ended. What may have been paid, or can still be, is unknown.
    pub fn last_word(&self) -> LastWord<'_> {
        let payable = |earlier: &&Earlier| matches!(earlier.standing, Standing::Payable(_));
        if let Some(open) = self.attempts.iter().find(payable) {
            return LastWord::of(Some(open), &Ending::unknown());
        }
        let ended = |earlier: &&Earlier| matches!(earlier.standing, Standing::Ended { .. });
        let last = self.attempts.iter().rfind(ended).or(self.attempts.last());
        let Some(last) = last else {
            return self.not_charged(None, Unpaid::Unreachable);
        };
        match (&last.standing, last.unpaid) {
            (Standing::Ended { ending, .. }, _) => LastWord::of(Some(last), ending),
            (Standing::Watched(_), Some(unpaid)) => self.not_charged(Some(last), unpaid),
            // Its code was on no screen.
            (Standing::Intended | Standing::Created(_), _) => {
                self.not_charged(Some(last), Unpaid::Cancelled)
            }
            _ => LastWord::of(Some(last), &Ending::unknown()),
        }
    }

    /// Returns an ending without money, or *unknown* if an unchecked earlier attempt of the same sale may be paid.
    fn not_charged<'a>(&'a self, attempt: Option<&'a Earlier>, unpaid: Unpaid) -> LastWord<'a> {
        let harmless = |earlier: &Earlier| match earlier.standing {
            Standing::Intended | Standing::Created(_) | Standing::Stray => true,
            // It may have been paid late. If this hand-over has made an attempt, it checked this one first.
            Standing::Watched(_) => {
                !self.attempts.is_empty() && earlier.unpaid != Some(Unpaid::Unknown)
            }
            Standing::Payable(_) | Standing::Ended { .. } => false,
        };

        match self.before.iter().all(harmless) {
            true => LastWord::unpaid(attempt, unpaid),
            false => LastWord::unknown(),
        }
    }
}

/// A till that is told with one safeguard less. For the proof only.
#[cfg(feature = "weaken")]
impl HandedOver {
    /// How it ended, as a hand-over without this safeguard would tell.
    pub fn weak_last_word(&self, weakness: crate::sale::Weakness) -> LastWord<'_> {
        use crate::sale::Weakness;

        let last = self.attempts.last();
        match weakness {
            Weakness::HandOverForgetsPayable
                if last.is_some_and(|last| {
                    last.patron_presented && matches!(last.standing, Standing::Payable(_))
                }) =>
            {
                LastWord::unpaid(last, Unpaid::Cancelled)
            }
            Weakness::HandOverTakesAnyAttempt if last.is_none() => {
                let ended = |earlier: &&Earlier| matches!(earlier.standing, Standing::Ended { .. });
                let before = self.before.iter().rfind(ended);

                match before.map(|before| &before.standing) {
                    Some(Standing::Ended { ending, .. }) => LastWord::of(before, ending),
                    _ => self.last_word(),
                }
            }
            _ => self.last_word(),
        }
    }
}
