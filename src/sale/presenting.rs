use std::sync::Arc;

use crate::qr::Code;
use crate::sale::watching::{Seen, Watching};
use crate::sale::{
    Accepted, Announcement, Cause, Command, Delay, Fact, Link, Reason, State, Timer, Turn, Voiding,
    Waiting,
};

/// The code is on the screen. Only a code that was proven readable, of a request whose id and
/// showing are on disk, can get here.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Presenting {
    watching: Watching,
    code: Arc<Code>,
    on_screen: bool,
}

impl Presenting {
    pub(super) fn begin(request: Accepted, code: Arc<Code>, turn: &mut Turn<'_>) -> State {
        turn.wake(Timer::Deadline, Delay::Until(request.deadline));

        State::Presenting(Self {
            watching: Watching::begin(request, turn),
            code,
            on_screen: false,
        })
    }

    /// The request whose code is shown.
    pub fn request(&self) -> &Accepted {
        self.watching.request()
    }

    /// The code to draw.
    pub fn code(&self) -> &Arc<Code> {
        &self.code
    }

    /// Whether the platform answers.
    pub fn link(&self) -> Link {
        self.watching.link()
    }

    /// Whether the first frame with the code was on the screen.
    pub fn is_on_screen(&self) -> bool {
        self.on_screen
    }

    pub(super) fn into_request(self) -> Accepted {
        self.watching.into_request()
    }

    pub(super) fn asked(self, command: Command, turn: &mut Turn<'_>) -> State {
        match command {
            Command::Cancel | Command::Close => {
                Voiding::begin(self.into_request(), Cause::Cashier, true, turn)
            }
            _ => State::Presenting(self),
        }
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
                }

                State::Presenting(self)
            }
            // The countdown is no verdict: the code goes, the platform decides.
            Fact::Woke {
                timer: Timer::Deadline,
                ..
            } => Waiting::settle(self.watching, turn),
            fact => match self.watching.happened(fact, turn) {
                Seen::Still(watching, progress) => match Reason::of(progress) {
                    Some(reason) => Waiting::begin(watching, reason, turn),
                    None => State::Presenting(Self { watching, ..self }),
                },
                Seen::Left(state) => state,
            },
        }
    }
}
