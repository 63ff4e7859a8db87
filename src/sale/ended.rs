use crate::sale::{
    Accepted, Command, Creating, Delay, Ending, Fact, Mark, State, Timer, Turn, Voiding,
};

/// An ending was reached.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Ended {
    ending: Ending,
    request: Option<Accepted>,
    unsaved: bool,
}

impl Ended {
    pub(super) fn new(ending: Ending, request: Option<Accepted>) -> Self {
        Self {
            ending,
            request,
            unsaved: false,
        }
    }

    /// Which ending.
    pub fn ending(&self) -> &Ending {
        &self.ending
    }

    /// The request that ended, where one was made.
    pub fn request(&self) -> Option<&Accepted> {
        self.request.as_ref()
    }

    /// Whether the ending could not be journaled; somebody must write it down.
    pub fn is_unsaved(&self) -> bool {
        self.unsaved
    }

    /// An unknown ending never leaves by itself.
    pub(super) fn leave_later(&self, turn: &mut Turn<'_>) {
        let timing = turn.timing();
        let after = match self.ending {
            Ending::Paid { .. } => Some(timing.close_after),
            Ending::Unknown { .. } => None,
            _ => timing.leave_after,
        };
        if let Some(after) = after {
            turn.wake(Timer::LeaveEnding, Delay::For(after));
        }
    }

    pub(super) fn asked(self, command: Command, turn: &mut Turn<'_>) -> State {
        match command {
            Command::Close | Command::Leave => turn.exit(self),
            Command::Retry if self.ending.may_retry() => turn.new_attempt(Creating::first_try()),
            Command::KeepChecking | Command::CancelAndRefund => self.settle(&command, turn),
            _ => State::Ended(self),
        }
    }

    fn settle(self, command: &Command, turn: &mut Turn<'_>) -> State {
        match (self.ending, self.request) {
            (Ending::Unknown { evidence }, Some(request)) => match command {
                Command::CancelAndRefund => Voiding::again(request, evidence, turn),
                _ => Voiding::check(request, evidence, turn),
            },
            (ending, request) => State::Ended(Self {
                ending,
                request,
                ..self
            }),
        }
    }

    pub(super) fn happened(mut self, fact: Fact, turn: &mut Turn<'_>) -> State {
        match fact {
            Fact::Woke {
                timer: Timer::LeaveEnding | Timer::LeaveNow,
                ..
            } => turn.exit(self),
            Fact::NotRecorded(Mark::Verdict, _) => {
                self.unsaved = true;

                State::Ended(self)
            }
            _ => State::Ended(self),
        }
    }
}
