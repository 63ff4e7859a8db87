//! Handles keys and taps, each on the screen that it was meant for.

use std::mem::{Discriminant, discriminant};
use std::time::{Duration, Instant};

use iced::Task;

use super::band::Act;
use super::choice::{self, Choice, Deed, Shortcut, choices, is_for_the_cashier};
use super::create::Entering;
use super::key_guard::{Input, LAP, Pressed, TIME_TO_SEE};
use super::keys::{KeyChange, KeyEvent, Stroke};
use super::view::is_entering;
use super::{Display, Message, by_hand, create, sight};
use crate::sale::{Event, Question, Round, Sale, State};

/// The ending of an earlier sale has just come up: a key before this may be the one that launched
/// the sale.
const TIME_TO_NOTICE: Duration = Duration::from_millis(700);

/// All that decides what keys and buttons do. If it changes, another screen has appeared.
#[derive(Debug, PartialEq)]
pub(super) struct Face {
    /// `None` while the amount is entered.
    state: Option<Discriminant<State>>,
    entering: Entering,
    attempt: u32,
    choices: Vec<Choice>,
    /// The question that a cashier can answer.
    question: Option<Question>,
    /// Whether the panel for a name is open, and asks whether the sale was paid.
    panel: Option<bool>,
    /// Which ending of an earlier sale it is.
    earlier: Option<Round>,
}

impl Display {
    /// Tells the guard if another screen has appeared.
    pub(super) fn look_at_screen(&mut self) {
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
            panel: self.by_hand.as_ref().map(by_hand::ByHand::is_asking),
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

    /// The window has just come up with the present screen.
    pub(super) fn window_appears(&mut self) {
        self.face = None;
    }

    /// The window has got the keyboard: keys before that were meant for another one.
    pub(super) fn keyboard_comes(&mut self) {
        self.key_guard.appears(Instant::now(), TIME_TO_SEE);
    }

    pub(super) fn key_event(&mut self, event: KeyEvent) -> Task<Message> {
        if matches!(event.change, KeyChange::Pressed(..)) {
            self.cashier_plays = false;
        }
        let starts_lap = event.starts_lap();
        let input = self.key_guard.take_in(event);
        if !self.key_guard.waits() {
            self.key_pause = None;
        } else if starts_lap {
            let lap = self.leash.work(tokio::time::sleep(LAP));
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
                self.create(create::Message::Scanned(code))
            }
            Input::Scan(_) => Task::none(),
            Input::Keys(keys) => self.keys(keys),
        }
    }

    fn keys(&mut self, keys: Vec<Pressed>) -> Task<Message> {
        let types_an_amount = |key: &Pressed| self.create.key(&key.stroke).is_some();
        // A slow scanner's code, or a slip on a keyboard: nothing of it is an amount.
        if is_entering(&self.sale) && keys.len() > 1 && !keys.iter().all(types_an_amount) {
            return self.create(create::Message::Scanned(String::new()));
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
                // The rest was meant for the screen before.
                if self.key_guard.screen() != screen {
                    return Task::batch(tasks);
                }
            }
        }

        Task::batch(tasks)
    }

    /// A key is pressed by a person. It does more than type a character only where it `may_act`.
    pub(super) fn press(&mut self, key: &Pressed) -> Task<Message> {
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
        if let Some(panel) = &self.by_hand {
            let may_act = key.may_act && (key.is_alone || !panel.is_asking());

            return match panel.key(stroke) {
                Some(message) if may_act || message.is_typing() => self.by_hand(message),
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
            return self.choose(choice.deed);
        }
        match (Act::of_key(stroke), &self.patron) {
            (Some(act), Some(_)) => self.take(Message::Patron(act)),
            _ => Task::none(),
        }
    }

    /// Whether a key does no harm where the words that it answers are left out: it cancels or goes back, and answers no
    /// question.
    fn is_safe_unread(&self, pressed: &Stroke) -> bool {
        let is_question = self.by_hand.is_none() && choice::is_question(&choices(&self.sale));

        Shortcut::Escape.is(pressed) && !is_question
    }

    /// A key of a demo's cashier, who waits long enough.
    pub(super) fn played(&mut self, stroke: Stroke) -> Task<Message> {
        self.press(&Pressed {
            stroke,
            may_act: true,
            is_alone: true,
        })
    }

    fn choose(&mut self, deed: Deed) -> Task<Message> {
        match deed {
            Deed::Ask(command) => self.handle(Event::Asked(command)),
            Deed::AnswerByHand => self.by_hand(by_hand::Message::Opened),
        }
    }

    /// A button was tapped, which sends this message. It must not overtake keys, such as the last digit
    /// of an amount.
    pub(super) fn tapped(&mut self, message: Message) -> Task<Message> {
        if self.key_guard.takes_tap(Instant::now()) && !self.key_guard.waits() {
            self.take(message)
        } else {
            Task::none()
        }
    }
}

/// Which ending of an earlier sale stands there.
fn earlier_ending(sale: &Sale) -> Option<Round> {
    let is_earlier = matches!(sale.state(), State::Ended(_)) && sale.is_about_an_earlier_sale();

    is_earlier.then(|| sale.round())
}
