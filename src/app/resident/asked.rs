//! Requests of people to a resident display: with a key, by closing the window, or with a signal to end.

use std::time::Instant;

use iced::Task;

use super::{
    AppMessage, Message, Preparation, Prepared, Resident, ResidentActivity, ResidentMessage,
};
use crate::app::display::visibility::is_window_gone;
use crate::app::input::key_guard::{Input, LAP, Pressed, TIME_TO_SEE};
use crate::app::input::keys::{KeyEvent, Shortcut};
use crate::app::screens::scene::is_entering;
use crate::local_api::{SellReply, SettleReply};
use crate::sale::Command;

/// The most keys that are kept while the create screen is prepared; a person types fewer.
const MOST_EARLY_KEYS: usize = 64;

impl Resident {
    pub(super) fn window(&mut self, message: Message) -> Task<AppMessage> {
        match message {
            Message::Rescaled(scale_factor) => {
                self.scale_factor = Some(scale_factor);

                self.pass_on(Message::Rescaled(scale_factor))
            }
            Message::Asked(Command::Leave) => self.leave(),
            Message::Sight => {
                let looked = self.pass_on(Message::Sight);
                let left = match is_window_gone() && !self.leaving {
                    true => self.leave(),
                    false => Task::none(),
                };

                Task::batch([looked, left])
            }
            Message::Key(event) => self.key(event),
            Message::Focused => {
                self.key_guard.appears(Instant::now(), TIME_TO_SEE);

                self.pass_on(Message::Focused)
            }
            Message::Opened(_) => self.opened(),
            Message::ClockJumped => self.clock_jumped(),
            touched @ Message::Touched(_) => self.pass_on(touched),
            _ => Task::none(),
        }
    }

    fn key(&mut self, event: KeyEvent) -> Task<AppMessage> {
        match self.activity {
            ResidentActivity::Idle if is_entering(self.resting.sale()) => {}
            ResidentActivity::Idle | ResidentActivity::Selling(..) => {
                return self.pass_on(Message::Key(event));
            }
            ResidentActivity::Preparing(Preparation::ByHand)
                if self.early_keys.len() < MOST_EARLY_KEYS =>
            {
                self.early_keys.push(event);

                return Task::none();
            }
            ResidentActivity::Preparing(_) | ResidentActivity::Settling(_) => return Task::none(),
        }
        let starts_lap = event.starts_lap();
        let input = self.key_guard.take_in(event);
        if !self.key_guard.waits() {
            self.key_pause = None;
        } else if starts_lap {
            let lap = self.task_scope.work(tokio::time::sleep(LAP));
            let pause = |()| Message::Key(KeyEvent::pause(Instant::now()));
            let (lap, handle) = lap.map(pause).map(AppMessage::Window).abortable();
            self.key_pause = Some(handle.abort_on_drop());

            return lap;
        }
        if self.leaving || !input.is_some_and(|input| begins(&input)) {
            return Task::none();
        }
        let provider = self.provider.clone();
        self.enter(ResidentActivity::Preparing(Preparation::ByHand));

        self.prepare(
            move || provider.by_hand().map(Prepared::Sale),
            ResidentMessage::Prepared,
        )
    }

    /// Ends the display because the window was closed or the system ends the program.
    fn leave(&mut self) -> Task<AppMessage> {
        let was_leaving = std::mem::replace(&mut self.leaving, true);
        match &self.activity {
            ResidentActivity::Selling(..) => return self.pass_on(Message::Asked(Command::Leave)),
            _ if was_leaving => return Task::none(),
            _ => {}
        }
        match std::mem::replace(&mut self.activity, ResidentActivity::Idle) {
            ResidentActivity::Preparing(Preparation::Sale(_, reply)) => {
                reply.send(SellReply::Leaving);
            }
            ResidentActivity::Preparing(Preparation::Settlement(reply))
            | ResidentActivity::Settling(reply) => reply.send(SettleReply::Leaving),
            _ => {}
        }

        iced::exit()
    }
}

/// Whether the input is the cashier's wish to start a sale: Enter or N, pressed alone, by no scanner.
fn begins(input: &Input) -> bool {
    let Input::Keys(keys) = input else {
        return false;
    };

    matches!(
        keys.as_slice(),
        [Pressed { stroke, may_act: true, is_alone: true }]
            if Shortcut::Enter.is(stroke) || Shortcut::Letter('N').is(stroke)
    )
}
