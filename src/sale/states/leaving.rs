//! The end of a launch: the till gets the outcome once, and the screen is cleared.

use std::time::Duration;

use crate::domain::payment::odd_sum;

use crate::sale::{
    Accepted, Announcement, Cause, Command, Delay, Earlier, Ended, Ending, PaidByLine, Record,
    Rejection, Repeated, Standing, State, Sum, Timer, Transition,
};

/// The longest time to leave: enough for a void on a slow line, but short for a till that waits for the program's
/// end.
const LEAVING: Duration = Duration::from_secs(3);

impl Transition<'_> {
    /// Tells the till the outcome, unless it was told at once, and leaves.
    pub(crate) fn exit(&mut self, ended: Ended) -> State {
        let code = self.tell_outcome(&ended);
        self.exit_with(code);

        State::Ended(ended)
    }

    /// Tells the till the outcome of a plain payment while the ending stays on the screen. The payment must be on disk:
    /// otherwise a person must write it down first.
    pub(crate) fn tell_at_once(&mut self, ended: &Ended) {
        let is_sale = !self.sale.is_about_an_earlier_sale();
        if self.sale.timing.outcome_at_once && is_sale && ended.is_plainly_paid() {
            // The till knows, so nobody has to acknowledge this payment if the display ends under the tick.
            self.record(Record::Acknowledged);
            self.tell_outcome(ended);
        }
    }

    /// Tells the till the outcome, but only once. Returns the exit code.
    fn tell_outcome(&mut self, ended: &Ended) -> u8 {
        let other = self.sale.is_about_an_earlier_sale();
        let blocked = match (self.asked(), self.order()) {
            // An earlier attempt of this sale is unchecked: report unknown.
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
        let repeated = ended.repeated.clone().filter(|_| blocked.is_none());
        let outcome = self.outcome(ending, request, reason, repeated);
        let code = ending.exit_code();
        if !std::mem::replace(&mut self.sale.told_outcome, true) {
            self.announce(outcome);
        }

        code
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
        // A till that asked for a sale is told about that sale, not about the earlier one.
        let other = self.sale.is_about_an_earlier_sale();
        let (order, attempt) = match self.asked() {
            Some(asked) if other => (Some(asked), self.sale.attempts),
            _ => (self.order(), self.attempt()),
        };

        Announcement::Outcome {
            outcome: ending.outcome(),
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

    /// Returns a sentence if the platform says paid but the amounts do not add up to the order's amount.
    fn odd_sum(&self, ending: &Ending) -> Option<String> {
        let Ending::Paid { by, .. } = ending else {
            return None;
        };
        let asked = self.order()?.amount;

        odd_sum(by, asked)
    }

    /// Leaves before this launch has sold anything. The till is told what is known about earlier attempts of the
    /// sale asked for.
    pub(crate) fn abandon(&mut self) -> State {
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

    /// Returns the first matching attempt of the sale asked for, among the attempts that wait to be settled.
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

    /// Leaves, although the journal has not been read yet.
    pub(crate) fn abandon_when_recalled(&mut self) -> State {
        if self.asked().is_none() {
            return self.abandon();
        }
        if !std::mem::replace(&mut self.sale.leaving, true) {
            self.wake(Timer::LeaveNow, Delay::For(LEAVING));
        }

        State::Recalling
    }

    /// Leaves: removes the code at once and voids the request. The till gets the outcome that is known within
    /// three seconds.
    pub(crate) fn leave(&mut self, state: State) -> State {
        if std::mem::replace(&mut self.sale.leaving, true) {
            return state;
        }
        let next = match state {
            State::Creating(creating) => creating.cancel(self),
            State::Presenting(presenting) => {
                self.begin_void(presenting.into_request(), Cause::Cashier, true)
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

    /// Ends the sale when the time to leave is over. Unsettled attempts stay open in the journal.
    pub(crate) fn leave_now(&mut self, state: State) -> State {
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
