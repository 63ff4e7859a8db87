//! What is on the screen of a stand, and the screen itself.

use std::time::Duration;

use iced::{Task, theme};
use jiff::Zoned;

use super::{Message, Served, Stage, Stand};
use crate::display::{Element, Idle};

impl Stand {
    /// The window's title.
    pub fn title(&self) -> String {
        self.display().title()
    }

    /// Draws it.
    pub fn view(&self) -> Element<'_, Message> {
        let number = self.number;

        self.display()
            .view()
            .map(move |message| Message::Of(number, message))
    }

    pub(super) fn style(&self) -> theme::Style {
        self.display().style()
    }

    /// Sets the clock, where there is one, and waits for the next minute.
    pub(super) fn minute(&mut self) -> Task<Message> {
        if !self.idle.clock || !matches!(self.stage, Stage::Idle) {
            return Task::none();
        }
        self.resting.idle = Some(idle(&self.idle));
        let number = self.number;
        let second = u64::try_from(Zoned::now().second()).unwrap_or_default();
        // A moment past the minute, so that it is the new one for certain.
        let left = Duration::from_secs(60_u64.saturating_sub(second)) + Duration::from_millis(50);

        self.leash
            .work(tokio::time::sleep(left))
            .map(move |()| Message::Minute(number))
    }

    /// The screen wakes and stays awake.
    pub(super) fn wake(&self) -> Task<Message> {
        let screen = self.screen.clone();

        Task::future(async move {
            if let Some(screen) = screen {
                screen.keep_awake();
            }
        })
        .discard()
    }

    /// The screen may go dark: nobody looks at it.
    pub(super) fn sleep(&self) -> Task<Message> {
        let screen = self.screen.clone();

        Task::future(async move {
            if let Some(screen) = screen {
                screen.let_sleep();
            }
        })
        .discard()
    }
}

/// What the idle screen says now.
pub(super) fn idle(served: &Served) -> Idle {
    let counter = &served.setup.counter;
    let merchant = counter.merchants.get(&counter.default_merchant);
    let clock = || Zoned::now().strftime("%H:%M").to_string();

    Idle {
        name: merchant.map_or_else(String::new, |merchant| merchant.name.clone()),
        clock: served.clock.then(clock),
    }
}
