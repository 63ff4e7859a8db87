//! The window: it owns the sale, draws it, and hands its effects on.
//!
//! Data flows one way: a message becomes an event of the sale, its effects become tasks, and what
//! they lead to comes back as a message. Nothing here speaks HTTP or opens a file.

mod about;
mod ahead;
pub mod band;
pub mod by_hand;
pub mod choice;
mod code;
pub mod create;
mod earlier;
mod failure;
pub mod fonts;
#[cfg(test)]
mod gallery;
mod idle;
mod input;
mod invitation;
mod key_guard;
mod keys;
mod late;
mod leash;
mod left_out;
mod legible;
mod listening;
mod look;
mod measure;
mod notice;
pub mod offscreen;
pub mod painter;
mod palette;
mod panel;
mod parts;
mod receipt;
pub mod renderer;
mod retry;
mod salvage;
mod screen;
mod seeing;
mod setup;
mod shop;
mod show_qr;
mod sight;
mod stack;
pub mod stand;
mod success;
mod symbol;
mod till;
mod unknown;
mod view;
mod waiting;
mod window;
mod words;

use std::sync::Arc;
use std::time::{Duration, Instant};

use iced::Task;
use iced::futures::{Stream, StreamExt, future, stream};
use iced::keyboard::Key;
use iced::task::Handle;

use crate::control::{ControlLine, Controls};
use crate::effects::{Detour, Effects, HeadStart};
use crate::sale::{Command, Ending, Event, Moment, Sale, State};
use band::{Act, Patron};
use by_hand::ByHand;
use create::Create;
use input::Face;
use key_guard::KeyGuard;
use leash::Leash;
use renderer::Renderer;
use view::is_entering;

pub use idle::Idle;
pub use keys::{KeyChange, KeyEvent, Stroke};
pub use look::Appearance;
pub use salvage::Breakdown;
pub use screen::{Monitor, NoScreen, Screen};
pub use seeing::was_window_destroyed;
pub use setup::{Mode, Setup};
pub use show_qr::code_room;
pub use window::run;

/// A piece of a screen.
type Element<'a, Message> = iced::Element<'a, Message, iced::Theme, Renderer>;

type Column<'a, Message> = iced::widget::Column<'a, Message, iced::Theme, Renderer>;
type Row<'a, Message> = iced::widget::Row<'a, Message, iced::Theme, Renderer>;
type Button<'a, Message> = iced::widget::Button<'a, Message, iced::Theme, Renderer>;
type Text<'a> = iced::widget::Text<'a, iced::Theme, Renderer>;

/// Until a create takes this long nobody needs to be told that it is under way.
const BUSY_AFTER: Duration = Duration::from_millis(300);

/// The application.
#[derive(Debug)]
pub struct Display {
    sale: Sale,
    effects: Effects,
    create: Create,
    /// What the sale does meanwhile, until it is taken over.
    ahead: Option<HeadStart>,
    /// Where what the sale waits for goes if the display is gone.
    detour: Detour,
    /// Where nobody is served: what stands in the place of the create screen.
    idle: Option<Idle>,
    /// Whether it is one of many in a window, which stays when its sale is over.
    stays: bool,
    leash: Leash,
    /// Open while staff close a sale whose outcome is unknown.
    by_hand: Option<ByHand>,
    key_guard: KeyGuard,
    /// Waits for a pause after a key.
    key_pause: Option<Handle>,
    /// The screen that is shown, as keys see it.
    face: Option<Face>,
    appearance: Appearance,
    mode: Mode,
    /// Known once the window is open.
    scale_factor: Option<f32>,
    patron: Option<Arc<dyn Patron>>,
    cashier_plays: bool,
    now: Moment,
    busy: bool,
    /// Whether the code can be seen.
    watch: seeing::Watch,
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
    /// The till wrote a line.
    Control(ControlLine),
    /// The cashier enters an amount.
    Create(create::Message),
    /// Staff close a sale whose outcome is unknown.
    ByHand(by_hand::Message),
    /// Something happened on the keyboard.
    Key(KeyEvent),
    /// The pointer or a finger went down then, or came up.
    Touched(Option<Instant>),
    /// A button was tapped that sends this message.
    Tapped(Box<Self>),
    /// The cashier of a demo pressed a key.
    Played(Key),
    /// The customer of a demo does something.
    Patron(Act),
    /// A second of the countdown is over.
    Second,
    /// A frame was drawn by whoever draws without a window.
    Frame,
    /// What is known of the window has changed.
    Sight,
    /// So long the code could not be drawn: the doubt of this number.
    StillUnseen(u32),
    /// The create of this attempt takes long enough to say so.
    Busy(u32),
    /// The sale's head start is over.
    CaughtUp,
    /// Words can be drawn at once.
    Fonts,
    /// The shop's logo can be drawn, or never will be.
    Logo,
    /// The window gets the keyboard.
    Focused,
    /// The window has opened.
    Opened(iced::window::Id),
    /// The screen has this scale factor.
    Rescaled(f32),
}

impl Display {
    /// The display, and what it does first: a sale that is known starts before the window is open.
    pub fn new(setup: Setup) -> (Self, Task<Message>) {
        let (order, cashier, controls) = (
            setup.order.clone(),
            setup.cashier.clone(),
            setup.controls.clone(),
        );
        let mut display = Self::at_rest(setup);
        let first = display.begin(order, cashier);
        let controls = display.listen(&controls);

        (display, Task::batch([first, controls]))
    }

    /// What the till asks for meanwhile.
    fn listen(&self, controls: &Controls) -> Task<Message> {
        self.leash.stream(controls.take().map(Message::Control))
    }

    /// A display that has not been asked for anything yet.
    fn at_rest(setup: Setup) -> Self {
        Self {
            sale: Sale::new(setup.rules, setup.timing),
            now: setup.effects.clock().now(),
            effects: setup.effects,
            create: Create::new(setup.counter),
            ahead: None,
            detour: Detour::default(),
            idle: None,
            stays: false,
            leash: Leash::default(),
            by_hand: None,
            key_guard: KeyGuard::default(),
            key_pause: None,
            face: None,
            appearance: setup.appearance,
            mode: setup.mode,
            scale_factor: None,
            patron: setup.patron,
            cashier_plays: true,
            busy: false,
            watch: seeing::Watch::default(),
        }
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
        let task = Task::batch([self.catch_up_for(&message), self.take(message)]);
        self.look_at_screen();

        task
    }

    fn take(&mut self, message: Message) -> Task<Message> {
        match message {
            Message::Sale(event) => self.handle(event),
            Message::Asked(command) => self.handle(Event::Asked(command)),
            Message::Control(line) => self.control(line),
            Message::Create(message) => {
                self.cashier_plays = false;

                self.create(message)
            }
            Message::ByHand(message) => {
                self.cashier_plays = false;

                self.by_hand(message)
            }
            Message::Key(event) => self.key_event(event),
            Message::Touched(since) => {
                self.key_guard.touches(since);

                Task::none()
            }
            Message::Tapped(message) => self.tapped(*message),
            Message::Played(key) if self.cashier_plays => self.played(key.into()),
            Message::Opened(_) => {
                self.window_appears();

                Task::none()
            }
            Message::Focused => {
                self.keyboard_comes();

                Task::none()
            }
            Message::Played(_) | Message::Fonts | Message::Logo | Message::CaughtUp => Task::none(),
            Message::Patron(act) => {
                if let Some(patron) = &self.patron {
                    patron.act(act);
                }

                Task::none()
            }
            Message::Second => {
                self.now = self.effects.clock().now();
                self.look_again();

                Task::none()
            }
            Message::Frame => self.code_is_shown(),
            Message::Sight => self.look(self.sale.attempt()),
            Message::StillUnseen(number) => self.take_back(number),
            Message::Busy(attempt) => {
                self.busy = attempt == self.sale.attempt();

                Task::none()
            }
            Message::Rescaled(scale_factor) => {
                self.scale_factor = Some(scale_factor);

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
            .map(|work| self.listen_to(stream::once(work)))
            .collect();

        self.after_turn(attempt, Task::batch(tasks))
    }

    /// What the sale waits for, as long as the display is there.
    fn listen_to(&self, events: impl Stream<Item = Event> + Send + 'static) -> Task<Message> {
        let detour = self.detour.clone();
        let events = events.filter_map(move |event| future::ready(detour.pass(event)));

        self.leash.stream(events).map(Message::Sale)
    }

    /// What follows from how the sale stands after a turn; before it was at `attempt`.
    fn after_turn(&mut self, attempt: u32, mut task: Task<Message>) -> Task<Message> {
        if self.sale.attempt() != attempt {
            self.busy = false;
            let started = self.sale.attempt();
            task = Task::batch([
                task,
                self.leash
                    .work(tokio::time::sleep(BUSY_AFTER))
                    .map(move |()| Message::Busy(started)),
            ]);
        }
        if self.effects.exit_code().is_some() && !self.stays {
            task = Task::batch([task, iced::exit()]);
        }
        self.now = self.effects.clock().now();
        if !self.is_unknown() && self.by_hand.take().is_some() {
            self.key_guard.panel_went(Instant::now());
        }

        let looked = self.look(attempt);

        Task::batch([task, looked])
    }

    fn create(&mut self, message: create::Message) -> Task<Message> {
        if !is_entering(&self.sale) {
            return Task::none();
        }
        match self.create.update(message) {
            create::Action::None => Task::none(),
            create::Action::Start(order) => self.handle(Event::Asked(Command::Start(order))),
            create::Action::Close => self.handle(Event::Asked(Command::Close)),
        }
    }

    fn is_unknown(&self) -> bool {
        matches!(
            self.sale.state(),
            State::Ended(ended) if matches!(ended.ending(), Ending::Unknown { .. })
        )
    }

    fn by_hand(&mut self, message: by_hand::Message) -> Task<Message> {
        if !self.is_unknown() {
            return Task::none();
        }
        let operator = self
            .sale
            .order()
            .and_then(|order| order.operator.as_deref());
        let panel = self.by_hand.get_or_insert_with(|| ByHand::new(operator));
        match panel.update(message, self.effects.clock().now()) {
            by_hand::Action::None => {}
            by_hand::Action::Leave => self.by_hand = None,
            by_hand::Action::Close { by, paid } => {
                // It is closed by a decision: the keys after it are meant for what follows.
                self.by_hand = None;

                return self.handle(Event::Asked(Command::CloseByStaff { by, paid }));
            }
        }

        Task::none()
    }
}
