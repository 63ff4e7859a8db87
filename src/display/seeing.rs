//! Watches whether the customer can see the code. Only then is the code reported as shown; a code that cannot be
//! shown is taken back.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use iced::Task;

use super::sight::{self, Sight, Unseen};
use super::{Display, Message};
use crate::sale::{Command, Ending, Event, Fact, Moment, Rejection, State};
use crate::timing;

/// A window that changes its size and a display server that is busy get this time.
const PATIENCE: Duration = Duration::from_secs(2);

/// The least time between two raises: two programs that raise their windows over each other must not flicker.
const RAISE_EVERY: Duration = Duration::from_secs(2);

const TOO_SMALL: &str = "the window is too small for it; make it larger, or use a larger screen";

/// What has been done about a code that is not seen.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// The doubt that is waited for, by its number: the code cannot be drawn.
    doubt: Option<u32>,
    doubts: u32,
    last_raise: Option<Moment>,
    /// Whether the code was taken back: whatever the screen says then may not be seen either.
    is_taken_back: bool,
    is_gone: bool,
}

/// Whether somebody has destroyed the window. The program's own end destroys it, too.
pub(super) fn is_window_gone() -> bool {
    sight::now().is_gone()
}

/// Whether another program destroyed the window while it was needed.
static WAS_DESTROYED: AtomicBool = AtomicBool::new(false);

/// Whether the application has ended since somebody has destroyed its window.
pub fn was_window_destroyed() -> bool {
    WAS_DESTROYED.load(Ordering::Relaxed)
}

impl Display {
    /// Looks whether the code can be seen, and does what follows. `before` is the attempt that was looked at
    /// last.
    pub(super) fn look(&mut self, before: u32) -> Task<Message> {
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
                // A frame from before the scale factor was known may have blurred the code.
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

    /// A code that stays covered is raised again as time goes by.
    pub(super) fn look_again(&mut self) {
        if let State::Presenting(presenting) = self.sale.state()
            && sight::now().shows(presenting.code()) == Err(Unseen::Covered)
        {
            self.raise();
        }
    }

    pub(super) fn code_is_shown(&mut self) -> Task<Message> {
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

        self.leash
            .work(tokio::time::sleep(PATIENCE))
            .map(move |()| Message::StillUnseen(number))
    }

    /// Takes the code back that could not be drawn for as long as it was waited for.
    pub(super) fn take_back(&mut self, number: u32) -> Task<Message> {
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

    /// Ends the sale whose window was destroyed: one whose code was shown as if the window had been closed.
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

    /// Nobody can close a screen that cannot be seen, so the till is told at once.
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
