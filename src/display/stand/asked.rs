//! What people ask of a stand: by a key, by closing its window, or by ending the program.

use iced::Task;
use std::time::Instant;

use iced::keyboard::key::Named;

use super::{Errand, Message, Stage, Stand, TO_READ};
use crate::display;
use crate::display::choice::Shortcut;
use crate::display::key_guard::{Input, LAP, Pressed, TIME_TO_SEE};
use crate::display::view::is_entering;
use crate::display::{KeyEvent, Stroke};
use crate::sale::Command;

/// More than anybody types while the create screen is prepared.
const MOST_EARLY_KEYS: usize = 64;

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
            display::Message::Key(event) => self.key(event),
            display::Message::Focused => {
                self.key_guard.appears(Instant::now(), TIME_TO_SEE);

                self.pass_on(display::Message::Focused)
            }
            touched @ display::Message::Touched(_) => self.pass_on(touched),
            _ => Task::none(),
        }
    }

    fn key(&mut self, event: KeyEvent) -> Task<Message> {
        if !(self.is_idle() && is_entering(self.resting.sale())) {
            return match self.stage {
                Stage::Idle | Stage::Selling(..) => self.pass_on(display::Message::Key(event)),
                Stage::Preparing(None) => {
                    if self.early_keys.len() < MOST_EARLY_KEYS {
                        self.early_keys.push(event);
                    }

                    Task::none()
                }
                Stage::Preparing(Some(_)) | Stage::Settling(_) => Task::none(),
            };
        }
        let starts_lap = event.starts_lap();
        let input = self.key_guard.take_in(event);
        if !self.key_guard.waits() {
            self.key_pause = None;
        } else if starts_lap {
            let lap = self.leash.work(tokio::time::sleep(LAP)).map(|()| {
                let pause = KeyEvent::pause(Instant::now());

                Message::Window(display::Message::Key(pause))
            });
            let (lap, handle) = lap.abortable();
            self.key_pause = Some(handle.abort_on_drop());

            return lap;
        }
        if self.leaving || !input.is_some_and(|input| begins(&input)) {
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

/// Whether the cashier begins a sale: by one key, which no scanner has pressed.
fn begins(input: &Input) -> bool {
    let Input::Keys(keys) = input else {
        return false;
    };
    let [
        Pressed {
            stroke,
            may_act: true,
            is_alone: true,
        },
    ] = keys.as_slice()
    else {
        return false;
    };

    *stroke == Stroke::Named(Named::Enter) || Shortcut::Letter('N').is(stroke)
}
