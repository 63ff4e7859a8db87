//! How a launch ends: with an outcome, told once, and nothing left on the screen.

use std::time::Duration;

use crate::payment::odd_sum;

use crate::sale::{
    Accepted, Announcement, Cause, Command, Delay, Earlier, Ended, Ending, PaidByLine, Rejection,
    Repeated, Standing, State, Sum, Timer, Turn, Voiding,
};

/// How long leaving may take: long enough for a void on a slow line, short enough for a till that
/// waits for the program to end.
const LEAVING: Duration = Duration::from_secs(3);

impl Turn<'_> {
    /// Tells the outcome, once, and leaves.
    pub(super) fn exit(&mut self, ended: Ended) -> State {
        if std::mem::replace(&mut self.sale.told_outcome, true) {
            return State::Ended(ended);
        }
        let other = self.sale.is_about_an_earlier_sale();
        let blocked = match (self.asked(), self.order()) {
            // Of an attempt of its own that was not come to yet, nobody knows.
            (Some(_), Some(_)) if other && self.has_left_an_unknown() => Some(Ending::unknown()),
            (Some(_), Some(order)) if other => {
                let reference = order.attempt_reference(self.attempt());

                Some(Ending::Rejected(Rejection::Unsettled(reference)))
            }
            _ => None,
        };
        let (ending, request) = match &blocked {
            Some(ending) => (ending, None),
            None => (ended.ending(), ended.request()),
        };
        let reason = match (&blocked, ended.closed_by()) {
            (None, Some(by)) if ending.is_money() => Some(format!("closed as paid by {by}")),
            (None, Some(by)) => Some(format!("closed as not paid by {by}")),
            _ => self.odd_sum(ending).or_else(|| ending.reason()),
        };
        let repeated = ended.repeated().filter(|_| blocked.is_none()).cloned();
        let outcome = self.outcome(ending, request, reason, repeated);
        let code = ending.exit_code();
        self.announce(outcome);
        self.exit_with(code);

        State::Ended(ended)
    }

    fn outcome(
        &self,
        ending: &Ending,
        request: Option<&Accepted>,
        reason: Option<String>,
        repeated: Option<Repeated>,
    ) -> Announcement {
        let (paid_by, remaining) = match ending {
            Ending::Paid { by, .. } => (by.as_slice(), None),
            Ending::PartPaid { by, remaining } => (by.as_slice(), Some(*remaining)),
            _ => (&[][..], None),
        };
        // A till that asked for a sale is told about that one.
        let other = self.sale.is_about_an_earlier_sale();
        let (order, attempt) = match self.asked() {
            Some(asked) if other => (Some(asked), self.sale.attempts),
            _ => (self.order(), self.attempt()),
        };

        Announcement::Outcome {
            outcome: ending.name(),
            id: request.map(|request| request.id.to_string()),
            short_code: request
                .and_then(|request| request.short_code.as_ref())
                .map(ToString::to_string),
            external_ref: order.map(|order| order.attempt_reference(attempt)),
            amount: order.map(|order| order.amount.into()),
            paid_by: paid_by.iter().map(PaidByLine::from).collect(),
            remaining: remaining.map(Sum::from),
            reason,
            repeated,
        }
    }

    /// What is said if the platform calls it paid and names other sums than were asked for.
    fn odd_sum(&self, ending: &Ending) -> Option<String> {
        let Ending::Paid { by, .. } = ending else {
            return None;
        };
        let asked = self.order()?.amount;

        odd_sum(by, asked)
    }

    /// Closed before anything was sold by this launch. Of a sale that earlier launches have tried
    /// to sell, only what they have found out may be said.
    pub(super) fn abandon(&mut self) -> State {
        self.sale.leaving = true;
        let ended = |earlier: &Earlier| matches!(earlier.standing, Standing::Ended { .. });
        if let Some(ended) = self.left(ended).cloned() {
            return self.take_up(ended);
        }
        let ending = if self.has_left_an_unknown() {
            Ending::unknown()
        } else {
            Ending::Cancelled { reason: None }
        };

        self.exit(Ended::new(ending, None, false))
    }

    /// What earlier launches of the sale that is asked for have left so, and nobody has come to yet.
    fn left(&self, wanted: impl Fn(&Earlier) -> bool) -> Option<&Earlier> {
        let mut earlier = self.sale.earlier.iter();

        earlier.find(|earlier| self.is_asked(earlier) && wanted(earlier))
    }

    fn has_left_an_unknown(&self) -> bool {
        let unknown = |earlier: &Earlier| {
            earlier.is_closed_as_not_paid() || matches!(earlier.standing, Standing::Payable(_))
        };

        self.left(unknown).is_some()
    }

    /// Closed before the journal has said what earlier launches have left.
    pub(super) fn abandon_when_recalled(&mut self) -> State {
        if self.asked().is_none() {
            return self.abandon();
        }
        if !std::mem::replace(&mut self.sale.leaving, true) {
            self.wake(Timer::LeaveNow, Delay::For(LEAVING));
        }

        State::Recalling
    }

    /// The window closes or the system wants the program to end: the code goes at once, the
    /// request is voided, and what is known after three seconds is the outcome.
    pub(super) fn leave(&mut self, state: State) -> State {
        if std::mem::replace(&mut self.sale.leaving, true) {
            return state;
        }
        let next = match state {
            State::Creating(creating) => creating.cancel(self),
            State::Presenting(presenting) => {
                Voiding::begin(presenting.into_request(), Cause::Cashier, true, self)
            }
            State::Waiting(waiting) => waiting.cancel(self),
            State::Voiding(voiding) => voiding.asked(&Command::Leave, self),
            other => other,
        };
        if !matches!(next, State::Ended(_)) {
            self.wake(Timer::LeaveNow, Delay::For(LEAVING));
        }

        next
    }

    /// The time for leaving is over: whatever is not settled stays open in the journal.
    pub(super) fn leave_now(&mut self, state: State) -> State {
        match state {
            State::Creating(creating) => creating.leave_now(self),
            State::Voiding(voiding) => voiding.give_up(self),
            State::Presenting(presenting) => {
                let request = presenting.into_request();
                self.end(Ending::unknown(), Some(request))
            }
            State::Waiting(waiting) => {
                let request = waiting.into_request();
                self.end(Ending::unknown(), Some(request))
            }
            State::Recalling => self.exit(Ended::new(Ending::unknown(), None, false)),
            other => other,
        }
    }
}
