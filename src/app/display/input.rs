//! Handles keys and taps, each for the screen for which it was meant, and commands from the till. The till can do
//! what a key can do, and no more.

use std::mem::discriminant;
use std::time::{Duration, Instant};

use iced::Task;

use crate::app::choice::{self, ChoiceAction, choices, is_for_the_cashier};
use crate::app::demo::Act;
use crate::app::display::{Face, SaleDisplay};
use crate::app::input::key_guard::{Input, LAP, Pressed, TIME_TO_SEE};
use crate::app::input::keys::{KeyChange, KeyEvent, Shortcut, Stroke};
use crate::app::message::Message;
use crate::app::platform::sight;
use crate::app::screens::scene::is_entering;
use crate::app::screens::{create, manual_settlement};
use crate::runtime::control::{ControlCommand, ControlLine};
use crate::sale::{Announcement, Command, Effect, Event, Generation, Sale, State};

/// The ending of an earlier sale ignores keys for this long after it appears. Such a key may have been meant to
/// start a sale.
const TIME_TO_NOTICE: Duration = Duration::from_millis(700);

impl SaleDisplay {
    /// Tells the key guard if another screen has appeared.
    pub(crate) fn look_at_screen(&mut self) {
        let sale = &self.sale;
        let question = match sale.state() {
            State::Waiting(waiting) if is_for_the_cashier(waiting) => waiting.question(),
            _ => None,
        };
        let face = Face {
            state: (!is_entering(sale)).then(|| discriminant(sale.state())),
            entering: self.create.entering(),
            attempt: sale.attempt(),
            choices: choices(sale),
            question: question.cloned(),
            panel: self
                .manual_settlement
                .as_ref()
                .map(manual_settlement::ManualSettlement::is_asking),
            earlier: earlier_ending(sale),
        };
        if self.face.as_ref() != Some(&face) {
            let to_notice = match face.earlier {
                Some(_) => TIME_TO_NOTICE,
                None => TIME_TO_SEE,
            };
            self.key_guard.appears(Instant::now(), to_notice);
            self.face = Some(face);
        }
    }

    /// Makes the current screen count as new when the window opens.
    pub(crate) fn window_appears(&mut self) {
        self.face = None;
    }

    /// Makes the guard ignore keys for a moment when the window gets the keyboard: another window was meant.
    pub(crate) fn keyboard_comes(&mut self) {
        self.key_guard.appears(Instant::now(), TIME_TO_SEE);
    }

    pub(crate) fn key_event(&mut self, event: KeyEvent) -> Task<Message> {
        if matches!(event.change, KeyChange::Pressed(..)) {
            self.cashier_plays = false;
        }
        let starts_lap = event.starts_lap();
        let input = self.key_guard.take_in(event);
        if !self.key_guard.waits() {
            self.key_pause = None;
        } else if starts_lap {
            let lap = self.task_scope.work(tokio::time::sleep(LAP));
            let (lap, handle) = lap
                .map(|()| Message::Key(KeyEvent::pause(Instant::now())))
                .abortable();
            self.key_pause = Some(handle.abort_on_drop());

            return lap;
        }

        input.map_or_else(Task::none, |input| self.input(input))
    }

    fn input(&mut self, input: Input) -> Task<Message> {
        match input {
            Input::Scan(code) if is_entering(&self.sale) => {
                self.create(create::EntryMessage::Scanned(code))
            }
            Input::Scan(_) => Task::none(),
            Input::Keys(keys) => self.keys(keys),
        }
    }

    fn keys(&mut self, keys: Vec<Pressed>) -> Task<Message> {
        let types_an_amount = |key: &Pressed| self.create.key(&key.stroke).is_some();
        // Several keys at once that do not all belong to an amount come from a slow scanner, or from a slip on the
        // keyboard.
        if is_entering(&self.sale) && keys.len() > 1 && !keys.iter().all(types_an_amount) {
            return self.create(create::EntryMessage::Scanned(String::new()));
        }
        let screen = self.key_guard.screen();
        let mut tasks = Vec::new();
        for key in keys {
            for stroke in key.stroke.parts() {
                tasks.push(self.press(&Pressed {
                    stroke,
                    ..key.clone()
                }));
                self.look_at_screen();
                // The rest of the keys were meant for the previous screen.
                if self.key_guard.screen() != screen {
                    return Task::batch(tasks);
                }
            }
        }

        Task::batch(tasks)
    }

    /// Handles a key that a person pressed. Only if the key `may_act`, it can do more than type a character.
    fn press(&mut self, key: &Pressed) -> Task<Message> {
        let stroke = &key.stroke;
        if sight::now().leaves_out_words() && !self.is_safe_unread(stroke) {
            return Task::none();
        }
        if is_entering(&self.sale) {
            return match self.create.key(stroke) {
                Some(message) if key.may_act || message.is_typing() => self.create(message),
                _ => Task::none(),
            };
        }
        if let Some(panel) = &self.manual_settlement {
            let may_act = key.may_act && (key.is_alone || !panel.is_asking());

            return match panel.key(stroke) {
                Some(message) if may_act || message.is_typing() => self.settle_manually(message),
                _ => Task::none(),
            };
        }
        if !key.may_act || !key.is_alone {
            return Task::none();
        }
        let chosen = choices(&self.sale)
            .into_iter()
            .find(|choice| choice.key.is(stroke));
        if let Some(choice) = chosen {
            return self.choose(choice.action);
        }
        match (Act::of_key(stroke), &self.patron) {
            (Some(act), Some(_)) => self.take(Message::Patron(act)),
            _ => Task::none(),
        }
    }

    /// Whether a key is harmless while words are left out for lack of space: it cancels or goes back, and does not
    /// answer a question.
    fn is_safe_unread(&self, pressed: &Stroke) -> bool {
        let is_question =
            self.manual_settlement.is_none() && choice::is_question(&choices(&self.sale));

        Shortcut::Escape.is(pressed) && !is_question
    }

    /// Handles a key that the cashier of a demo presses. Such keys need no check by the key guard.
    pub(crate) fn played(&mut self, stroke: Stroke) -> Task<Message> {
        self.press(&Pressed {
            stroke,
            may_act: true,
            is_alone: true,
        })
    }

    fn choose(&mut self, action: ChoiceAction) -> Task<Message> {
        match action {
            ChoiceAction::Ask(command) => self.handle(Event::Asked(command)),
            ChoiceAction::OpenSettlement => {
                self.settle_manually(manual_settlement::SettlementMessage::Opened)
            }
        }
    }

    /// Handles a tap on a button. While keys wait for the key guard, the tap is dropped, so that it does not
    /// overtake them: one may be the last digit of an amount.
    pub(crate) fn tapped(&mut self, message: Message) -> Task<Message> {
        if self.key_guard.takes_tap(Instant::now()) && !self.key_guard.waits() {
            self.take(message)
        } else {
            Task::none()
        }
    }

    /// Handles a line from the till: passes its command to the sale, or announces an error.
    pub(crate) fn control(&mut self, line: ControlLine) -> Task<Message> {
        match asked(line, &self.sale) {
            Ok(command) => self.handle(Event::Asked(command)),
            Err(message) => {
                // Starting an announcement gives no task to wait for.
                let _ = self
                    .effects
                    .start(Effect::Announce(Announcement::Error { message }));

                Task::none()
            }
        }
    }
}

/// Returns the generation of the earlier sale whose ending is on the screen.
fn earlier_ending(sale: &Sale) -> Option<Generation> {
    let is_earlier = matches!(sale.state(), State::Ended(_)) && sale.is_about_an_earlier_sale();

    is_earlier.then(|| sale.round())
}

/// Returns the command for the sale, or the reason why the line is refused. Like a key, a command that does not
/// fit the sale's state is dropped by the sale.
fn asked(line: ControlLine, sale: &Sale) -> Result<Command, String> {
    let asked = line.map_err(|error| error.to_string())?;
    tracing::info!(command = asked.name(), "the till asks");
    let command = match asked {
        ControlCommand::Cancel => Command::Cancel,
        ControlCommand::Retry => Command::Retry,
        ControlCommand::Close => Command::Close,
        ControlCommand::Accept => Command::Accept,
        ControlCommand::Decline => Command::Decline,
    };
    // A till's line is about the sale that the till launched. The line must not cancel or acknowledge an earlier
    // customer's payment.
    if sale.is_about_an_earlier_sale() {
        return Err(format!(
            "{} was not done: an earlier sale is on the screen and comes first",
            asked.name()
        ));
    }

    let answers = matches!(command, Command::Accept | Command::Decline);
    if answers && !is_asked_something(sale) {
        return Err("there is no condition to answer".to_owned());
    }

    Ok(command)
}

fn is_asked_something(sale: &Sale) -> bool {
    matches!(sale.state(), State::Waiting(waiting) if is_for_the_cashier(waiting))
}
