//! Watches whether the customer can see the code. A code is reported as shown only once it is visible. A code that
//! cannot be shown is withdrawn.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use iced::Task;

use crate::app::display::SaleDisplay;
use crate::app::message::Message;
use crate::app::platform::sight::{self, Sight, Unseen};
use crate::runtime::timing;
use crate::sale::{Command, Ending, Event, Fact, Moment, Rejection, State};

/// The time in which an undrawn code may still appear: the window may change its size, or the display server may
/// be busy.
const PATIENCE: Duration = Duration::from_secs(2);

/// The shortest time between two raises of the window. Without this limit, two programs that raise their windows
/// over each other would flicker.
const RAISE_EVERY: Duration = Duration::from_secs(2);

const TOO_SMALL: &str = "the window is too small for it; make it larger, or use a larger screen";

/// Whether the window was destroyed, by another program or by the end of this one.
pub(crate) fn is_window_gone() -> bool {
    sight::now().is_gone()
}

/// Whether another program destroyed the window while it was needed.
static WAS_DESTROYED: AtomicBool = AtomicBool::new(false);

/// Whether the application ended because another program destroyed its window.
pub fn was_window_destroyed() -> bool {
    WAS_DESTROYED.load(Ordering::Relaxed)
}

impl SaleDisplay {
    /// Checks whether the code is visible, and reacts. `before` is the sale's attempt at the previous check.
    pub(crate) fn look(&mut self, before: u32) -> Task<Message> {
        let sight = sight::now();
        if sight.is_gone() {
            return self.window_is_gone();
        }
        if self.sale.attempt() != before {
            self.watch.is_taken_back = false;
            if sight.is_obstructed() {
                self.raise();
            }
        }
        let State::Presenting(presenting) = self.sale.state() else {
            self.watch.doubt = None;

            return self.leave_unseen(&sight);
        };
        match sight.shows(presenting.code()) {
            Ok(()) => {
                self.watch.doubt = None;
                // A frame that was drawn before the scale factor was known may show a blurred code.
                if !presenting.is_on_screen() && self.scale_factor.is_some() {
                    return self.code_is_shown();
                }
            }
            Err(Unseen::NotYet) => {}
            Err(Unseen::Covered) => {
                self.watch.doubt = None;
                self.raise();
            }
            Err(Unseen::TooSmall | Unseen::Failing(_)) => return self.doubt(),
        }

        Task::none()
    }

    /// Raises the window again if the code is still covered.
    pub(crate) fn look_again(&mut self) {
        if let State::Presenting(presenting) = self.sale.state()
            && sight::now().shows(presenting.code()) == Err(Unseen::Covered)
        {
            self.raise();
        }
    }

    pub(crate) fn code_is_shown(&mut self) -> Task<Message> {
        timing::reached("the code is on the screen");

        self.handle(Event::Happened {
            round: self.sale.round(),
            fact: Fact::Shown,
        })
    }

    fn raise(&mut self) {
        let now = self.effects.clock().now();
        let is_early = |last: Moment| now.since(last) < RAISE_EVERY;
        if self.watch.last_raise.is_some_and(is_early) {
            return;
        }
        self.watch.last_raise = Some(now);
        tracing::warn!("the window is covered, minimised or on another workspace; it is raised");
        sight::raise();
    }

    fn doubt(&mut self) -> Task<Message> {
        if self.watch.doubt.is_some() {
            return Task::none();
        }
        self.watch.doubts += 1;
        let number = self.watch.doubts;
        self.watch.doubt = Some(number);

        self.task_scope
            .work(tokio::time::sleep(PATIENCE))
            .map(move |()| Message::StillUnseen(number))
    }

    /// Withdraws the code if it still could not be drawn when the wait with this number ended.
    pub(crate) fn take_back(&mut self, number: u32) -> Task<Message> {
        let State::Presenting(presenting) = self.sale.state() else {
            return Task::none();
        };
        if self.watch.doubt != Some(number) {
            return Task::none();
        }
        self.watch.doubt = None;
        let why = match sight::now().shows(presenting.code()) {
            Err(Unseen::TooSmall) => TOO_SMALL.to_owned(),
            Err(Unseen::Failing(why)) => format!("frames do not get to the screen: {why}"),
            _ => return Task::none(),
        };

        self.not_shown(why)
    }

    fn not_shown(&mut self, why: String) -> Task<Message> {
        tracing::error!(why, "the code is taken back");
        self.watch.is_taken_back = true;

        self.handle(Event::Happened {
            round: self.sale.round(),
            fact: Fact::NotShown(why),
        })
    }

    /// Ends the sale of a destroyed window. If the code was shown before, the sale ends as if someone had closed
    /// the window.
    fn window_is_gone(&mut self) -> Task<Message> {
        if std::mem::replace(&mut self.watch.is_gone, true) {
            return Task::none();
        }
        WAS_DESTROYED.store(true, Ordering::Relaxed);
        tracing::error!("the window was destroyed by another program");
        let never_shown = matches!(
            self.sale.state(),
            State::Presenting(presenting) if !presenting.is_on_screen()
        );
        let taken_back = match never_shown {
            true => self.not_shown("the window was destroyed by another program".to_owned()),
            false => Task::none(),
        };

        Task::batch([taken_back, self.handle(Event::Asked(Command::Leave))])
    }

    /// Closes the screen of a code that could not be shown. The cashier cannot see that screen to close it, and
    /// the till learns the outcome at once.
    fn leave_unseen(&mut self, sight: &Sight) -> Task<Message> {
        let is_unseen = self.watch.is_taken_back || sight.is_hidden();
        match self.sale.state() {
            State::Ended(ended)
                if is_unseen
                    && self.effects.exit_code().is_none()
                    && matches!(ended.ending(), Ending::Rejected(Rejection::Unseen(_))) =>
            {
                self.handle(Event::Asked(Command::Close))
            }
            _ => Task::none(),
        }
    }
}
