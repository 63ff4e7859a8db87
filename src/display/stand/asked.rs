//! What people ask of a stand: by a key, by closing its window, or by ending the program.

use iced::Task;
use iced::keyboard::{Key, key};

use super::{Errand, Message, Stage, Stand, TIME_TO_NOTICE, TO_READ};
use crate::display;
use crate::display::view::is_entering;
use crate::sale::Command;

impl Stand {
    pub(super) fn window(&mut self, message: display::Message) -> Task<Message> {
        match message {
            display::Message::Rescaled(scale_factor) => {
                self.scale_factor = Some(scale_factor);

                self.pass_on(display::Message::Rescaled(scale_factor))
            }
            display::Message::Asked(Command::Leave) => self.leave(),
            display::Message::Sight => {
                let looked = self.pass_on(display::Message::Sight);
                let left = match display::seeing::is_window_gone() && !self.leaving {
                    true => self.leave(),
                    false => Task::none(),
                };

                Task::batch([looked, left])
            }
            display::Message::Key(key) => self.key(key),
            _ => Task::none(),
        }
    }

    fn key(&mut self, key: Key) -> Task<Message> {
        let begins = match &key {
            Key::Named(key::Named::Enter) => true,
            Key::Character(character) => character.eq_ignore_ascii_case("n"),
            _ => false,
        };
        if !(self.is_idle() && is_entering(self.resting.sale())) {
            return match self.stage {
                Stage::Idle | Stage::Selling(..) => self.pass_on(display::Message::Key(key)),
                Stage::Preparing(_) | Stage::Settling(_) => Task::none(),
            };
        }
        if !begins || self.leaving || self.since.elapsed() < TIME_TO_NOTICE {
            return Task::none();
        }
        let provider = self.provider.clone();
        self.enter(Stage::Preparing(None));

        self.prepare(move || provider.by_hand().map(Errand::Sale))
    }

    /// The window closes, or the system wants the program to end.
    fn leave(&mut self) -> Task<Message> {
        let was_leaving = std::mem::replace(&mut self.leaving, true);
        match &self.stage {
            Stage::Selling(..) => self.pass_on(display::Message::Asked(Command::Leave)),
            _ if was_leaving => Task::none(),
            Stage::Idle | Stage::Preparing(None) => iced::exit(),
            Stage::Preparing(Some((caller, _))) | Stage::Settling(caller) => {
                let caller = caller.clone();
                caller.leave();
                self.enter(Stage::Idle);

                Task::perform(async move { caller.has_read(TO_READ).await }, |()| {
                    Message::Done
                })
            }
        }
    }
}
