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
mod show_qr;
mod success;
mod symbol;
mod unknown;
mod waiting;
mod window;
mod words;

use std::sync::Arc;
use std::time::Duration;

use iced::keyboard::Key;
use iced::widget::column;
use iced::{Element, Size, Subscription, Task};

use crate::config::Theme;
use crate::counter::Counter;
use crate::effects::Effects;
use crate::money::Amount;
use crate::payment::Liveness;
use crate::qr::Code;
use crate::sale::{
    Command, Creating, Ended, Ending, Event, Fact, Link, Moment, Order, Pause, Presenting, Rules,
    Sale, State, Timing,
};
use band::{Act, Band, Patron};
use choice::choices;
use create::Create;
use look::Look;
use show_qr::Content;

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
    size: Size,
    scale_factor: f32,
    patron: Option<Arc<dyn Patron>>,
    now: Moment,
    busy: bool,
}

/// What can happen to the display.
#[derive(Debug, Clone)]
pub enum Message {
    /// Something happened to the sale.
    Sale(Event),
    /// Somebody chose something.
    Asked(Command),
    /// The cashier enters an amount.
    Create(create::Message),
    /// A key was pressed.
    Key(Key),
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
    /// The window has another size.
    Resized(Size),
    /// The screen has another scale factor.
    Rescaled(f32),
}

/// What the strip for the cashier says.
#[derive(Debug, Clone, Default)]
pub struct Strip {
    merchant: Option<String>,
    short_code: Option<String>,
    link: Option<String>,
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
            size: match setup.mode {
                Mode::Fullscreen => Size::new(1920.0, 1080.0),
                Mode::Windowed(size) => size,
            },
            scale_factor: 1.0,
            patron: setup.patron,
            busy: false,
        };
        let first = match setup.order {
            Some(order) => display.handle(Event::Asked(Command::Start(order))),
            None => Task::none(),
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
            Message::Create(message) => self.create(message),
            Message::Key(key) => self.key(&key),
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
            Message::Frame => self.handle(Event::Happened {
                attempt: self.sale.attempt(),
                fact: Fact::Shown,
            }),
            Message::Busy(attempt) => {
                self.busy = attempt == self.sale.attempt();

                Task::none()
            }
            Message::Opened(id) => window::opened(id, self.mode),
            Message::Resized(size) => {
                self.size = size;

                Task::none()
            }
            Message::Rescaled(scale_factor) => {
                self.scale_factor = scale_factor;

                Task::none()
            }
        }
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

        task
    }

    fn create(&mut self, message: create::Message) -> Task<Message> {
        if *self.sale.state() != State::Entry {
            return Task::none();
        }
        match self.create.update(message) {
            create::Action::None => Task::none(),
            create::Action::Start(order) => self.handle(Event::Asked(Command::Start(order))),
            create::Action::Close => self.handle(Event::Asked(Command::Close)),
        }
    }

    fn key(&mut self, key: &Key) -> Task<Message> {
        if *self.sale.state() == State::Entry {
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
            if !presenting.is_on_screen() {
                subscriptions.push(iced::window::frames().map(|_| Message::Frame));
            }
        }

        Subscription::batch(subscriptions)
    }

    /// Draws the state of the sale.
    pub fn view(&self) -> Element<'_, Message> {
        let look = Look::new(self.size, self.scale_factor, self.theme);
        let Some(band) = self.band() else {
            return self.screen(&look);
        };
        let below = parts::below_band(look, band::height(&look));

        column![band::view(band, &look), self.screen(&below)].into()
    }

    /// A band stands on every screen of a demo and of a test, whatever state the sale is in.
    fn band(&self) -> Option<Band> {
        if self.patron.is_some() {
            return Some(Band::Demo);
        }
        let liveness = match self.sale.order() {
            Some(order) => Some(order.merchant.liveness),
            None => self.create.merchant().map(|merchant| merchant.liveness),
        };

        (liveness == Some(Liveness::Test)).then_some(Band::Test)
    }

    fn screen(&self, look: &Look) -> Element<'_, Message> {
        let choices = choices(self.sale.state());
        let amount = self.sale.order().map(|order| order.amount);
        match self.sale.state() {
            State::Entry => self.create.view(look),
            State::Creating(creating) if creating.is_cancelled() => {
                waiting::voiding(amount, &self.strip(None, None), look)
            }
            State::Creating(creating) => self.creating(creating, look),
            State::Presenting(presenting) => self.presenting(presenting, look),
            State::Waiting(waiting) => {
                let strip = self.strip(waiting.request().short_code.as_ref(), Some(waiting.link()));

                waiting::view(waiting.reason(), amount, &choices, &strip, look)
            }
            State::Voiding(voiding) => {
                let strip = self.strip(voiding.request().short_code.as_ref(), None);

                waiting::voiding(amount, &strip, look)
            }
            State::Ended(ended) => self.ended(ended, amount, look),
        }
    }

    fn creating(&self, creating: &Creating, look: &Look) -> Element<'_, Message> {
        let instead = match creating.pause() {
            Some(Pause::Unreachable) => "Connecting to Centrapay …",
            Some(Pause::Throttled) => "Waiting for Centrapay …",
            None if self.busy => "One moment …",
            None => "",
        };

        self.show_qr(None, instead, None, &self.strip(None, None), look)
    }

    fn presenting(&self, presenting: &Presenting, look: &Look) -> Element<'_, Message> {
        let request = presenting.request();
        let left = request.deadline.since(self.now);
        let strip = self.strip(request.short_code.as_ref(), Some(presenting.link()));

        self.show_qr(
            Some(presenting.code()),
            "",
            Some((left, request.validity())),
            &strip,
            look,
        )
    }

    fn show_qr(
        &self,
        code: Option<&Arc<Code>>,
        instead: &str,
        time: Option<(Duration, Duration)>,
        strip: &Strip,
        look: &Look,
    ) -> Element<'_, Message> {
        let Some(order) = self.sale.order() else {
            return self.create.view(look);
        };
        let content = Content {
            amount: order.amount,
            merchant: &order.merchant.name,
            code,
            instead,
            time,
        };

        show_qr::view(&content, &choices(self.sale.state()), strip, look)
    }

    fn ended(&self, ended: &Ended, amount: Option<Amount>, look: &Look) -> Element<'_, Message> {
        let choices = choices(self.sale.state());
        let short_code = ended
            .request()
            .and_then(|request| request.short_code.as_ref());
        let mut strip = self.strip(short_code, None);
        if ended.is_unsaved() {
            strip.link = Some("This outcome could not be saved: please write it down.".to_owned());
        }
        match ended.ending() {
            Ending::Paid { by, kept } => success::view(amount, by, *kept, &choices, &strip, look),
            Ending::PartPaid { by, remaining } => {
                success::part(by, *remaining, &choices, &strip, look)
            }
            Ending::Expired => retry::view(amount, &choices, &strip, look),
            Ending::Cancelled { reason } => {
                retry::cancelled(amount, reason.as_ref(), &choices, &strip, look)
            }
            Ending::RefundStarted => retry::refund_started(amount, &choices, &strip, look),
            Ending::Unknown { .. } => {
                unknown::view(amount, &self.reference(), &choices, &strip, look)
            }
            Ending::Rejected(rejection) => {
                failure::rejected(amount, rejection, &choices, &strip, look)
            }
            Ending::Unreachable(cause) => {
                failure::unreachable(amount, cause, &choices, &strip, look)
            }
        }
    }

    fn reference(&self) -> String {
        self.sale
            .order()
            .map(|order| order.external_ref(self.sale.attempt()))
            .unwrap_or_default()
    }

    fn strip(&self, short_code: Option<&crate::payment::Text>, link: Option<Link>) -> Strip {
        Strip {
            merchant: self.sale.order().map(|order| order.merchant.name.clone()),
            short_code: short_code.map(ToString::to_string),
            link: (link == Some(Link::Lost)).then(|| "Reconnecting …".to_owned()),
        }
    }
}
