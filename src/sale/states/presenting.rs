use std::sync::Arc;

use crate::qr::Code;
use crate::sale::answers::polling::{PollResult, Polling};
use crate::sale::answers::polls::FIRST_PAUSE;
use crate::sale::{
    Accepted, Announcement, Cause, Command, Delay, Fact, Link, Reason, Rejection, State, Timer,
    Transition, Wakeup,
};

/// The reason for voiding a request whose code was never visible.
const NEVER_SEEN: &str = "the window stayed covered, minimised or on another workspace; bring it to the front and try again";

/// The code is on the screen. It was proven readable, and the records W2 and W3 are on disk.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Presenting {
    polling: Polling,
    code: Arc<Code>,
    on_screen: bool,
    /// Whether the patron could see the code before a payment condition hid it.
    was_seen: bool,
}

impl Presenting {
    /// Shows the code again after the payment conditions are answered. The patron may not have scanned it yet.
    pub(crate) fn again(polling: Polling, code: Arc<Code>) -> State {
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

    /// Whether a frame with the code was on the screen.
    pub fn is_on_screen(&self) -> bool {
        self.on_screen
    }

    pub(crate) fn into_request(self) -> Accepted {
        self.polling.into_request()
    }

    pub(crate) fn asked(self, command: &Command, transition: &mut Transition<'_>) -> State {
        match command {
            Command::Cancel | Command::Close => {
                transition.begin_void(self.into_request(), Cause::Cashier, true)
            }
            _ => State::Presenting(self),
        }
    }

    /// Voids a request whose code cannot be shown. A part of the code may have been visible, so the request counts
    /// as payable.
    fn taken_back(self, why: String, transition: &mut Transition<'_>) -> State {
        let cause = Cause::Rejected(Rejection::Unseen(why));

        transition.begin_void(self.into_request(), cause, true)
    }

    pub(crate) fn happened(mut self, fact: Fact, transition: &mut Transition<'_>) -> State {
        match fact {
            Fact::Shown => {
                if !std::mem::replace(&mut self.on_screen, true) {
                    let announcement = Announcement::Shown {
                        attempt: transition.attempt(),
                        id: self.request().id.to_string(),
                    };
                    transition.announce(announcement);
                    transition.begin_watch();
                }

                State::Presenting(self)
            }
            Fact::NotShown(why) => self.taken_back(why, transition),
            // While the machine slept, the patron may have paid, and the clock does not tell how much time is
            // left.
            Fact::Woke(_, Wakeup { slept: true, .. }) => {
                transition.resume_waiting(self.into_request(), true, true)
            }
            // The code was never visible: the window was covered, minimised or on another workspace.
            Fact::Woke(Timer::Deadline, _) if !self.on_screen && !self.was_seen => {
                self.taken_back(NEVER_SEEN.to_owned(), transition)
            }
            // The countdown is no verdict: remove the code and wait for the platform's decision.
            Fact::Woke(Timer::Deadline, _) => transition.settle(self.polling),
            fact => match self.polling.happened(fact, transition) {
                PollResult::Still(polling, answer) => {
                    match answer.and_then(|answer| Reason::of(&answer.request, transition)) {
                        Some(reason) => transition.wait_instead_of_code(self.code, polling, reason),
                        None => State::Presenting(Self { polling, ..self }),
                    }
                }
                PollResult::Left(state) => state,
            },
        }
    }
}

impl Transition<'_> {
    pub(crate) fn present(&mut self, request: Accepted, code: Arc<Code>) -> State {
        self.wake(Timer::Deadline, Delay::Until(request.deadline));

        State::Presenting(Presenting {
            polling: Polling::begin(request, FIRST_PAUSE, self),
            code,
            on_screen: false,
            was_seen: false,
        })
    }
}
