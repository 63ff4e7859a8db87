use std::sync::Arc;

use crate::qr::Code;
use crate::sale::Rejection;
use crate::sale::polling::{Polling, Seen};
use crate::sale::{
    Accepted, Announcement, Cause, Command, Delay, Ending, Fact, Link, Reason, State, Timer, Turn,
    Voiding, Waiting, Weakness,
};

/// Why a code is taken back that nobody can have seen.
const NEVER_SEEN: &str = "the window stayed covered, minimised or on another workspace; bring it to the front and try again";

/// The code is on the screen. Only a code that was proven readable, of a request whose id and
/// showing are on disk, can get here.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Presenting {
    polling: Polling,
    code: Arc<Code>,
    on_screen: bool,
    /// Whether it stood on the screen before: a condition that was answered came in between.
    was_seen: bool,
}

impl Presenting {
    pub(super) fn begin(request: Accepted, code: Arc<Code>, turn: &mut Turn<'_>) -> State {
        turn.wake(Timer::Deadline, Delay::Until(request.deadline));

        State::Presenting(Self {
            polling: Polling::begin(request, turn),
            code,
            on_screen: false,
            was_seen: false,
        })
    }

    /// The payment conditions are answered, and the code is shown again: perhaps nobody has scanned
    /// it yet.
    pub(super) fn again(polling: Polling, code: Arc<Code>) -> State {
        State::Presenting(Self {
            polling,
            code,
            on_screen: false,
            was_seen: true,
        })
    }

    /// The request whose code is shown.
    pub fn request(&self) -> &Accepted {
        self.polling.request()
    }

    /// The code to draw.
    pub fn code(&self) -> &Arc<Code> {
        &self.code
    }

    /// Whether the platform answers.
    pub fn link(&self) -> Link {
        self.polling.link()
    }

    /// Whether the first frame with the code was on the screen.
    pub fn is_on_screen(&self) -> bool {
        self.on_screen
    }

    pub(super) fn into_request(self) -> Accepted {
        self.polling.into_request()
    }

    pub(super) fn asked(self, command: &Command, turn: &mut Turn<'_>) -> State {
        match command {
            Command::Cancel | Command::Close => {
                Voiding::begin(self.into_request(), Cause::Cashier, true, turn)
            }
            Command::Retry if turn.is_weakened_by(Weakness::AttemptBesideAnOpenOne) => turn.retry(),
            _ => State::Presenting(self),
        }
    }

    /// Cancels a request whose code cannot be shown. It may have been seen all the same, in part or for a
    /// moment, so what becomes of the request is asked for as if it was.
    fn taken_back(self, why: String, turn: &mut Turn<'_>) -> State {
        let cause = Cause::Rejected(Rejection::Unseen(why));

        Voiding::begin(self.into_request(), cause, true, turn)
    }

    pub(super) fn happened(mut self, fact: Fact, turn: &mut Turn<'_>) -> State {
        match fact {
            Fact::Shown => {
                if !std::mem::replace(&mut self.on_screen, true) {
                    let announcement = Announcement::Shown {
                        attempt: turn.attempt(),
                        id: self.request().id.to_string(),
                    };
                    turn.announce(announcement);
                    turn.begin_watch();
                }

                State::Presenting(self)
            }
            Fact::NotShown(why) => self.taken_back(why, turn),
            // What the phone has done meanwhile is not known, nor is the time that is left.
            Fact::Woke { slept: true, .. } => {
                Waiting::resume(self.into_request(), true, true, turn)
            }
            Fact::Woke {
                timer: Timer::Deadline,
                ..
            } if turn.is_weakened_by(Weakness::CountdownAsVerdict) => {
                turn.end(Ending::Expired, Some(self.into_request()))
            }
            // It was there for no one to pay: the window was covered, minimised or on another workspace.
            Fact::Woke {
                timer: Timer::Deadline,
                ..
            } if !self.on_screen && !self.was_seen => self.taken_back(NEVER_SEEN.to_owned(), turn),
            // The countdown is no verdict: the code goes, the platform decides.
            Fact::Woke {
                timer: Timer::Deadline,
                ..
            } => Waiting::settle(self.polling, turn),
            fact => match self.polling.happened(fact, turn) {
                Seen::Still(polling, answer) => {
                    match answer.and_then(|answer| Reason::of(&answer.request, turn)) {
                        Some(reason) => Waiting::instead_of(self.code, polling, reason, turn),
                        None => State::Presenting(Self { polling, ..self }),
                    }
                }
                Seen::Left(state) => state,
            },
        }
    }
}
