//! Settling earlier sales in an unattended run.

use crate::domain::outcome::Outcome;
use crate::sale::{Ending, State, Transition};

/// The outcomes, the least urgent first: paid, not charged, money goes back, something is still owed, unknown.
const BY_URGENCY: [Outcome; 8] = [
    Outcome::Paid,
    Outcome::Expired,
    Outcome::Cancelled,
    Outcome::Rejected,
    Outcome::Unreachable,
    Outcome::RefundStarted,
    Outcome::PartPaid,
    Outcome::Unknown,
];

/// The result of an unattended run: the position of its most urgent outcome in [`BY_URGENCY`]. `None` if no
/// attempt was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct SettleSummary {
    worst: Option<usize>,
}

impl SettleSummary {
    fn count(&mut self, outcome: Outcome) {
        let place = BY_URGENCY.iter().position(|known| *known == outcome);
        self.worst = self.worst.max(place);
    }

    fn exit_code(self) -> u8 {
        self.worst.map_or(0, |place| BY_URGENCY[place].exit_code())
    }
}

impl Transition<'_> {
    /// Settles open attempts without asking anyone.
    pub(crate) fn settle_unattended(&mut self) -> State {
        self.sale.unattended = Some(SettleSummary::default());

        self.recall(None)
    }

    pub(crate) fn is_unattended(&self) -> bool {
        self.sale.unattended.is_some()
    }

    /// Adds the ending of an attempt to an unattended run.
    pub(crate) fn count(&mut self, ending: &Ending) {
        if let Some(summary) = &mut self.sale.unattended {
            summary.count(ending.outcome());
        }
    }

    /// Shows a late payment if no sale is in progress. Ends an unattended run once the watch has checked every
    /// attempt.
    pub(crate) fn after_watch(&mut self, state: State) -> State {
        if state != State::Entry {
            return state;
        }
        if let Some(summary) = &self.sale.unattended {
            if self.sale.watch.is_idle() {
                let code = summary.exit_code();
                self.exit_with(code);
            }

            return state;
        }
        match self.sale.watch.take_found() {
            Some(earlier) => self.take_up(earlier),
            None => state,
        }
    }
}
