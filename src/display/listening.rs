//! What the display listens to while a sale goes on.

use std::time::Duration;

use iced::Subscription;

use super::{Display, Message, sight, window};
use crate::sale::{Reason, State};

impl Display {
    /// Whether the time that is left to pay is on the screen.
    fn counts_down(&self) -> bool {
        match self.sale.state() {
            State::Presenting(_) => true,
            State::Waiting(waiting) => *waiting.reason() == Reason::Barcode,
            _ => false,
        }
    }

    /// What the display listens to. The countdown only while the code stands, so that nothing
    /// is redrawn for nothing.
    pub fn subscription(&self) -> Subscription<Message> {
        Subscription::batch([
            window::events(),
            window::signals(),
            sight::changes().map(|()| Message::Sight),
            self.while_shown(),
        ])
    }

    pub(super) fn while_shown(&self) -> Subscription<Message> {
        if !self.counts_down() {
            return Subscription::none();
        }

        iced::time::every(Duration::from_secs(1)).map(|_| Message::Second)
    }
}
