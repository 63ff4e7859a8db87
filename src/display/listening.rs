//! What the display listens to while a sale goes on.

use std::time::Duration;

use iced::{Subscription, Task};

use super::{Display, Message, window};
use crate::sale::{Event, Fact, Reason, State};
use crate::timing;

impl Display {
    /// Whether the time that is left to pay is on the screen.
    fn counts_down(&self) -> bool {
        match self.sale.state() {
            State::Presenting(_) => true,
            State::Waiting(waiting) => *waiting.reason() == Reason::Barcode,
            _ => false,
        }
    }

    /// What the display listens to. The countdown and the first frame only while the code stands,
    /// so that nothing is redrawn for nothing.
    pub fn subscription(&self) -> Subscription<Message> {
        Subscription::batch([window::events(), window::signals(), self.while_shown()])
    }

    pub(super) fn while_shown(&self) -> Subscription<Message> {
        let mut subscriptions = Vec::new();
        if self.counts_down() {
            subscriptions.push(iced::time::every(Duration::from_secs(1)).map(|_| Message::Second));
        }
        if let State::Presenting(presenting) = self.sale.state() {
            // A frame from before the scale factor was known may have blurred the code.
            if !presenting.is_on_screen() && self.scale_factor.is_some() {
                subscriptions.push(iced::window::frames().map(|_| Message::Frame));
            }
        }

        Subscription::batch(subscriptions)
    }

    /// A frame is told of when it was handed to the display server, which may take its time. The
    /// next one waits until the server is done with it, so the second proves the first.
    pub(super) fn frame_drawn(&mut self) -> Task<Message> {
        const PROOF: u32 = 2;
        self.frames += 1;
        if self.frames < PROOF {
            return Task::none();
        }
        timing::reached("the code is on the screen");

        self.handle(Event::Happened {
            round: self.sale.round(),
            fact: Fact::Shown,
        })
    }
}
