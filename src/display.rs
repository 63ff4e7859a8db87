//! The window: it owns the sale, draws it, and hands its effects on.
//!
//! Data flows one way: a message becomes an event of the sale, its effects become tasks, and what
//! they lead to comes back as a message. Nothing here speaks HTTP or opens a file.

pub mod band;
pub mod choice;
mod code;
pub mod create;
mod failure;
mod look;
pub mod offscreen;
mod parts;
mod retry;
mod screen;
mod show_qr;
mod success;
mod symbol;
mod unknown;
mod view;
mod waiting;
mod window;
mod words;

use std::sync::Arc;
use std::time::Duration;

use iced::keyboard::Key;
use iced::{Size, Subscription, Task};

use crate::config::Theme;
use crate::counter::Counter;
use crate::effects::Effects;
use crate::sale::{Command, Event, Fact, Moment, Order, Rules, Sale, State, Timing};
use band::{Act, Patron};
use choice::choices;
use create::Create;

pub use screen::{NoScreen, Screen};
pub use window::run;

/// Until a create takes this long nobody needs to be told that it is under way.
const BUSY_AFTER: Duration = Duration::from_millis(300);

/// What a display is started with.
#[derive(Debug, Clone)]
pub struct Setup {
    /// What answers are checked against.
    pub rules: Rules,
    /// How long endings stay.
    pub timing: Timing,
    /// What the counter sells under.
    pub counter: Counter,
    /// The sale to start with; `None`: the cashier enters it.
    pub order: Option<Order>,
    /// What runs the sale's effects.
    pub effects: Effects,
    /// The colours.
    pub theme: Theme,
    /// The customer of a demo.
    pub patron: Option<Arc<dyn Patron>>,
    /// The cashier of a demo: keys that press themselves, until somebody presses one.
    pub cashier: Vec<Key>,
    /// The window.
    pub mode: Mode,
}

/// How the window stands on the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Mode {
    /// It fills the screen.
    Fullscreen,
    /// A window of this size, in logical pixels.
    Windowed(Size),
}

/// The application.
#[derive(Debug)]
pub struct Display {
    sale: Sale,
    effects: Effects,
    create: Create,
    theme: Theme,
    mode: Mode,
    /// Known once the window is open.
    scale_factor: Option<f32>,
    patron: Option<Arc<dyn Patron>>,
    cashier_plays: bool,
    now: Moment,
    busy: bool,
    /// Frames drawn since the code stands.
    frames: u32,
}

/// What can happen to the display.
#[derive(Debug, Clone)]
#[allow(
    clippy::large_enum_variant,
    reason = "there are a few at a time, each moved a few times"
)]
pub enum Message {
    /// Something happened to the sale.
    Sale(Event),
    /// Somebody chose something.
    Asked(Command),
    /// The cashier enters an amount.
    Create(create::Message),
    /// A key was pressed.
    Key(Key),
    /// The cashier of a demo pressed a key.
    Played(Key),
    /// The customer of a demo does something.
    Patron(Act),
    /// A second of the countdown is over.
    Second,
    /// A frame was on the screen.
    Frame,
    /// The create of this attempt takes long enough to say so.
    Busy(u32),
    /// The window has opened.
    Opened(iced::window::Id),
    /// The screen has this scale factor.
    Rescaled(f32),
}

impl Display {
    /// The display, and what it does first: a sale that is known starts before the window is open.
    pub fn new(setup: Setup) -> (Self, Task<Message>) {
        let mut display = Self {
            sale: Sale::new(setup.rules, setup.timing),
            now: setup.effects.clock().now(),
            effects: setup.effects,
            create: Create::new(setup.counter),
            theme: setup.theme,
            mode: setup.mode,
            scale_factor: None,
            patron: setup.patron,
            cashier_plays: true,
            busy: false,
            frames: 0,
        };
        let first = match setup.order {
            Some(order) => display.handle(Event::Asked(Command::Start(order))),
            None => Task::batch([
                display.handle(Event::Asked(Command::Open)),
                Task::run(band::play(setup.cashier), Message::Played),
            ]),
        };

        (display, first)
    }

    /// The window's title.
    pub fn title(&self) -> String {
        "patron-display".to_owned()
    }

    /// The sale.
    pub fn sale(&self) -> &Sale {
        &self.sale
    }

    /// Takes in a message.
    pub fn update(&mut self, message: Message) -> Task<Message> {
        match message {
            Message::Sale(event) => self.handle(event),
            Message::Asked(command) => self.handle(Event::Asked(command)),
            Message::Create(message) => {
                self.cashier_plays = false;

                self.create(message)
            }
            Message::Key(key) => {
                self.cashier_plays = false;

                self.key(&key)
            }
            Message::Played(key) if self.cashier_plays => self.key(&key),
            Message::Played(_) => Task::none(),
            Message::Patron(act) => {
                if let Some(patron) = &self.patron {
                    patron.act(act);
                }

                Task::none()
            }
            Message::Second => {
                self.now = self.effects.clock().now();

                Task::none()
            }
            Message::Frame => self.frame_drawn(),
            Message::Busy(attempt) => {
                self.busy = attempt == self.sale.attempt();

                Task::none()
            }
            Message::Opened(id) => window::opened(id, self.mode),
            Message::Rescaled(scale_factor) => {
                self.scale_factor = Some(scale_factor);

                Task::none()
            }
        }
    }

    /// A frame is told of when it was handed to the display server, which may take its time. The
    /// next one waits until the server is done with it, so the second proves the first.
    fn frame_drawn(&mut self) -> Task<Message> {
        const PROOF: u32 = 2;
        self.frames += 1;
        if self.frames < PROOF {
            return Task::none();
        }

        self.handle(Event::Happened {
            round: self.sale.round(),
            fact: Fact::Shown,
        })
    }

    fn handle(&mut self, event: Event) -> Task<Message> {
        let attempt = self.sale.attempt();
        let tasks: Vec<_> = self
            .sale
            .handle(event)
            .into_iter()
            .filter_map(|effect| self.effects.start(effect))
            .map(|work| Task::perform(work, Message::Sale))
            .collect();
        let mut task = Task::batch(tasks);
        if self.sale.attempt() != attempt {
            self.busy = false;
            let started = self.sale.attempt();
            task = Task::batch([
                task,
                Task::perform(tokio::time::sleep(BUSY_AFTER), move |()| {
                    Message::Busy(started)
                }),
            ]);
        }
        if self.effects.exit_code().is_some() {
            task = Task::batch([task, iced::exit()]);
        }
        self.now = self.effects.clock().now();
        if !matches!(self.sale.state(), State::Presenting(_)) {
            self.frames = 0;
        }

        task
    }

    /// Whether the cashier enters the amount, which the journal need not be waited for.
    fn is_entering(&self) -> bool {
        match self.sale.state() {
            State::Entry => true,
            State::Recalling => self.sale.order().is_none(),
            _ => false,
        }
    }

    fn create(&mut self, message: create::Message) -> Task<Message> {
        if !self.is_entering() {
            return Task::none();
        }
        match self.create.update(message) {
            create::Action::None => Task::none(),
            create::Action::Start(order) => self.handle(Event::Asked(Command::Start(order))),
            create::Action::Close => self.handle(Event::Asked(Command::Close)),
        }
    }

    fn key(&mut self, key: &Key) -> Task<Message> {
        if self.is_entering() {
            return match self.create.key(key) {
                Some(message) => self.create(message),
                None => Task::none(),
            };
        }
        let chosen = choices(self.sale.state())
            .into_iter()
            .find(|choice| choice.key.is(key));
        if let Some(choice) = chosen {
            return self.handle(Event::Asked(choice.command));
        }
        match (Act::of_key(key), &self.patron) {
            (Some(act), Some(_)) => self.update(Message::Patron(act)),
            _ => Task::none(),
        }
    }

    /// What the display listens to. The countdown and the first frame only while the code stands,
    /// so that nothing is redrawn for nothing.
    pub fn subscription(&self) -> Subscription<Message> {
        let mut subscriptions = vec![window::events(), window::signals()];
        if let State::Presenting(presenting) = self.sale.state() {
            subscriptions.push(iced::time::every(Duration::from_secs(1)).map(|_| Message::Second));
            // A frame from before the scale factor was known may have blurred the code.
            if !presenting.is_on_screen() && self.scale_factor.is_some() {
                subscriptions.push(iced::window::frames().map(|_| Message::Frame));
            }
        }

        Subscription::batch(subscriptions)
    }
}
