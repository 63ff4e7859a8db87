use std::time::Duration;

use crate::payment::{Condition, ConditionStatus, PaidBy, PaymentRequest};
use crate::sale::polling::{Answer, Polling, Seen};
use crate::sale::{
    Accepted, Cause, Command, Creating, Delay, Fact, Link, Progress, State, Timer, Turn, Voiding,
    WaitingFor,
};

/// How long the platform has to settle after a request's time is over. Certification 103.1 asks
/// for 5 to 10 s.
const SETTLING: Duration = Duration::from_secs(10);

/// The code is gone; the platform's verdict is awaited by polling on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Waiting {
    polling: Polling,
    reason: Reason,
}

/// What is waited for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The time is over; a payment of the last second may still come in.
    Settling,
    /// Somebody has to answer a payment condition.
    Condition(Condition),
    /// A part came in, the rest is awaited.
    PartPayment(Vec<PaidBy>),
    /// The program or the machine had stopped, and the platform's word comes first.
    Resuming {
        /// Whether the code may go on the screen again: its sale is the one that is asked for.
        own: bool,
        /// Whether the code was ever shown.
        shown: bool,
    },
}

impl Reason {
    /// Why an open request is waited for instead of its code being shown.
    pub(super) fn of(request: &PaymentRequest) -> Option<Self> {
        let awaited = request
            .conditions
            .iter()
            .find(|condition| condition.status != ConditionStatus::Settled);

        match awaited {
            Some(condition) => Some(Self::Condition(condition.clone())),
            None if request.paid_by.is_empty() => None,
            None => Some(Self::PartPayment(request.paid_by.clone())),
        }
    }
}

impl Waiting {
    pub(super) fn begin(polling: Polling, reason: Reason, turn: &mut Turn<'_>) -> State {
        let (what, message, progress) = match &reason {
            Reason::Settling => (WaitingFor::Settling, None, Progress::Overdue),
            Reason::Condition(condition) => {
                let message = Some(condition.message.to_string());

                (WaitingFor::Condition, message, Progress::Condition)
            }
            Reason::PartPayment(_) => (WaitingFor::PartPayment, None, Progress::PartPayment),
            Reason::Resuming { .. } => (WaitingFor::Resuming, None, Progress::Resumed),
        };
        turn.note(progress);
        turn.announce_waiting(what, message);

        State::Waiting(Self { polling, reason })
    }

    pub(super) fn settle(polling: Polling, turn: &mut Turn<'_>) -> State {
        turn.wake(Timer::Settled, Delay::For(SETTLING));
        polling.ask_within(SETTLING, turn);

        Self::begin(polling, Reason::Settling, turn)
    }

    /// The program or the machine had stopped: whatever was on its way before is too old.
    pub(super) fn resume(request: Accepted, own: bool, shown: bool, turn: &mut Turn<'_>) -> State {
        turn.begin_round();
        turn.wake(Timer::Settled, Delay::For(SETTLING));
        let polling = Polling::begin_at_once(request, turn);

        Self::begin(polling, Reason::Resuming { own, shown }, turn)
    }

    /// What is waited for.
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    /// The request that is waited for.
    pub fn request(&self) -> &Accepted {
        self.polling.request()
    }

    /// Whether the platform answers.
    pub fn link(&self) -> Link {
        self.polling.link()
    }

    pub(super) fn into_request(self) -> Accepted {
        self.polling.into_request()
    }

    pub(super) fn cancel(self, turn: &mut Turn<'_>) -> State {
        let shown = self.was_shown();
        turn.adopt();

        Voiding::begin(self.into_request(), Cause::Cashier, shown, turn)
    }

    fn was_shown(&self) -> bool {
        !matches!(self.reason, Reason::Resuming { shown: false, .. })
    }

    pub(super) fn asked(self, command: &Command, turn: &mut Turn<'_>) -> State {
        match command {
            Command::Cancel | Command::Close => self.cancel(turn),
            _ => State::Waiting(self),
        }
    }

    pub(super) fn happened(self, fact: Fact, turn: &mut Turn<'_>) -> State {
        let last_wait = matches!(self.reason, Reason::Settling | Reason::Resuming { .. });
        match fact {
            Fact::Woke {
                timer: Timer::Deadline,
                ..
            } if !last_wait => Self::settle(self.polling, turn),
            // Still no verdict: cancel it, so that it cannot be paid behind everybody's back.
            Fact::Woke {
                timer: Timer::Settled,
                ..
            } if last_wait => {
                let shown = self.was_shown();

                Voiding::begin(self.into_request(), Cause::Unclear, shown, turn)
            }
            fact => match self.polling.happened(fact, turn) {
                Seen::Still(polling, None) => State::Waiting(Self { polling, ..self }),
                Seen::Still(polling, Some(answer)) => {
                    Self { polling, ..self }.answered(answer, turn)
                }
                Seen::Left(state) => state,
            },
        }
    }

    /// The request is still open.
    fn answered(self, answer: Answer, turn: &mut Turn<'_>) -> State {
        let reason = Reason::of(&answer.request);
        match (&self.reason, reason) {
            (&Reason::Resuming { own, shown }, reason) => {
                self.resumed(answer, reason.filter(|_| own), (own, shown), turn)
            }
            // After the deadline only the verdict matters.
            (Reason::Settling, _) | (_, None) => State::Waiting(self),
            (old, Some(new)) if *old == new => State::Waiting(self),
            (_, Some(new)) => Self::begin(self.polling, new, turn),
        }
    }

    /// It is still open: the same code again where that can lead to a payment, else an end to it.
    fn resumed(
        self,
        answer: Answer,
        reason: Option<Reason>,
        (own, shown): (bool, bool),
        turn: &mut Turn<'_>,
    ) -> State {
        let by_our_clock = self.request().deadline.since(answer.at);
        let left = answer.request.time_left.unwrap_or(by_our_clock);
        if let Some(reason) = reason {
            turn.adopt();
            turn.wake(Timer::Deadline, Delay::For(left));

            return Self::begin(self.polling, reason, turn);
        }
        let fitting = turn.fit(&answer.request, answer.at);
        match fitting {
            Some(fitting) if own && left >= Creating::TOO_SHORT => {
                let deadline = answer.at.plus(left);

                Creating::again(
                    Accepted {
                        deadline,
                        ..fitting
                    },
                    shown,
                    turn,
                )
            }
            _ => Voiding::begin(self.into_request(), Cause::Unclear, shown, turn),
        }
    }
}
