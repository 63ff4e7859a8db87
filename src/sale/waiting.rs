use std::time::Duration;

use crate::payment::{Condition, PaidBy};
use crate::sale::watching::{Progress, Seen, Watching};
use crate::sale::{
    Accepted, Cause, Command, Delay, Fact, Link, State, Timer, Turn, Voiding, WaitingFor,
};

/// How long the platform has to settle after a request's time is over. Certification 103.1 asks
/// for 5 to 10 s.
const SETTLING: Duration = Duration::from_secs(10);

/// The code is gone; the platform's verdict is awaited by polling on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Waiting {
    watching: Watching,
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
}

impl Reason {
    /// Why progress is waited on; `None` where there is none.
    pub(super) fn of(progress: Progress) -> Option<Self> {
        match progress {
            Progress::None => None,
            Progress::Condition(condition) => Some(Self::Condition(condition)),
            Progress::Part(by) => Some(Self::PartPayment(by)),
        }
    }
}

impl Waiting {
    pub(super) fn begin(watching: Watching, reason: Reason, turn: &mut Turn<'_>) -> State {
        let (what, message) = match &reason {
            Reason::Settling => (WaitingFor::Settling, None),
            Reason::Condition(condition) => {
                (WaitingFor::Condition, Some(condition.message.to_string()))
            }
            Reason::PartPayment(_) => (WaitingFor::PartPayment, None),
        };
        turn.announce_waiting(what, message);

        State::Waiting(Self { watching, reason })
    }

    pub(super) fn settle(watching: Watching, turn: &mut Turn<'_>) -> State {
        turn.wake(Timer::Settled, Delay::For(SETTLING));

        Self::begin(watching, Reason::Settling, turn)
    }

    /// What is waited for.
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    /// The request that is waited for.
    pub fn request(&self) -> &Accepted {
        self.watching.request()
    }

    /// Whether the platform answers.
    pub fn link(&self) -> Link {
        self.watching.link()
    }

    pub(super) fn into_request(self) -> Accepted {
        self.watching.into_request()
    }

    pub(super) fn asked(self, command: Command, turn: &mut Turn<'_>) -> State {
        match command {
            Command::Cancel | Command::Close => {
                Voiding::begin(self.into_request(), Cause::Cashier, true, turn)
            }
            _ => State::Waiting(self),
        }
    }

    pub(super) fn happened(self, fact: Fact, turn: &mut Turn<'_>) -> State {
        let settling = self.reason == Reason::Settling;
        match fact {
            Fact::Woke {
                timer: Timer::Deadline,
                ..
            } if !settling => Self::settle(self.watching, turn),
            // Still no verdict: cancel it, so that it cannot be paid behind everybody's back.
            Fact::Woke {
                timer: Timer::Settled,
                ..
            } if settling => {
                Voiding::begin(self.watching.into_request(), Cause::Unclear, true, turn)
            }
            fact => match self.watching.happened(fact, turn) {
                // After the deadline only the verdict matters.
                Seen::Still(watching, progress) => match Reason::of(progress) {
                    Some(reason) if !settling && reason != self.reason => {
                        Self::begin(watching, reason, turn)
                    }
                    _ => State::Waiting(Self { watching, ..self }),
                },
                Seen::Left(state) => state,
            },
        }
    }
}
