//! The display of one sale: owns the sale, draws it, and passes its effects on.
//!
//! Data flows one way. A message becomes an event of the sale, its effects become tasks, and their results come
//! back as messages. This module speaks no HTTP and opens no file.

pub(super) mod early_start;
mod input;
pub(super) mod visibility;

use std::mem::Discriminant;
use std::sync::Arc;
use std::time::{Duration, Instant};

use iced::futures::{Stream, StreamExt, future, stream};
use iced::task::Handle;
use iced::{Subscription, Task, theme};

use crate::app::choice::Choice;
use crate::app::demo::Patron;
use crate::app::input::key_guard::KeyGuard;
use crate::app::message::Message;
use crate::app::renderer::Element;
use crate::app::screens::create::{self, Create, Entering};
use crate::app::screens::idle::Idle;
use crate::app::screens::manual_settlement::{self, ManualSettlement};
use crate::app::screens::scene::{Scene, is_entering};
use crate::app::setup::Setup;
use crate::app::task_scope::TaskScope;
use crate::app::theme::look::Appearance;
use crate::runtime::control::Controls;
use crate::runtime::early_start::EarlyStart;
use crate::runtime::effects::{Effects, EventRedirect};
use crate::sale::{Command, Ending, Event, Generation, Moment, Question, Reason, Sale, State};

/// A create that takes longer than this is reported on the screen.
const BUSY_AFTER: Duration = Duration::from_millis(300);

/// The display of one sale.
#[derive(Debug)]
pub struct SaleDisplay {
    pub(super) sale: Sale,
    pub(super) effects: Effects,
    pub(super) create: Create,
    /// The early start that runs the sale until the window takes the sale over.
    pub(super) ahead: Option<EarlyStart>,
    /// Receives the sale's events if the display no longer exists.
    pub(super) detour: EventRedirect,
    /// Replaces the create screen on a resident display without a sale.
    pub(super) idle: Option<Idle>,
    /// Whether the window stays open after the sale.
    pub(super) stays: bool,
    pub(super) task_scope: TaskScope,
    /// The panel that is open while staff close a sale whose outcome is unknown.
    pub(super) manual_settlement: Option<ManualSettlement>,
    pub(super) key_guard: KeyGuard,
    /// The task that waits for a pause after a key.
    pub(super) key_pause: Option<Handle>,
    /// The current screen, with everything that decides what its keys do.
    pub(super) face: Option<Face>,
    pub(super) appearance: Appearance,
    /// The scale factor; known once the window is open.
    pub(super) scale_factor: Option<f32>,
    pub(super) patron: Option<Arc<dyn Patron>>,
    pub(super) cashier_plays: bool,
    pub(super) now: Moment,
    pub(super) busy: bool,
    pub(super) watch: Watch,
}

/// Everything that decides what keys and buttons do. If any of it changes, the screen counts as a new one.
#[derive(Debug, PartialEq)]
pub(super) struct Face {
    /// `None` while the amount is entered.
    state: Option<Discriminant<State>>,
    entering: Entering,
    attempt: u32,
    choices: Vec<Choice>,
    /// The question that a cashier can answer.
    question: Option<Question>,
    /// `None` if the settlement panel is closed; else whether it asks if the sale was paid.
    panel: Option<bool>,
    /// Set if the screen shows the ending of an earlier sale.
    earlier: Option<Generation>,
}

/// The known reason why a code is not visible.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// The number of the current wait for a code that cannot be drawn; `None` if the code can be drawn.
    doubt: Option<u32>,
    doubts: u32,
    last_raise: Option<Moment>,
    /// Whether the code was withdrawn. The screens after it may be invisible, too.
    is_taken_back: bool,
    is_gone: bool,
}

impl SaleDisplay {
    /// Creates the display and its first task. A known sale starts before the window is open.
    pub fn new(setup: Setup) -> (Self, Task<Message>) {
        let mut display = Self::at_rest(setup.clone());
        let first = display.begin(setup.order, setup.cashier);
        let controls = display.listen(&setup.controls);

        (display, Task::batch([first, controls]))
    }

    /// Receives commands from the till.
    pub(super) fn listen(&self, controls: &Controls) -> Task<Message> {
        self.task_scope
            .stream(controls.take().map(Message::Control))
    }

    /// Creates a display that has not started anything.
    pub(super) fn at_rest(setup: Setup) -> Self {
        Self {
            sale: Sale::new(setup.rules, setup.timing),
            now: setup.effects.clock().now(),
            effects: setup.effects,
            create: Create::new(setup.counter),
            ahead: None,
            detour: EventRedirect::default(),
            idle: None,
            stays: false,
            task_scope: TaskScope::default(),
            manual_settlement: None,
            key_guard: KeyGuard::default(),
            key_pause: None,
            face: None,
            appearance: setup.appearance,
            scale_factor: None,
            patron: setup.patron,
            cashier_plays: true,
            busy: false,
            watch: Watch::default(),
        }
    }

    /// The sale that this display owns.
    pub fn sale(&self) -> &Sale {
        &self.sale
    }

    /// Handles a message.
    pub fn update(&mut self, message: Message) -> Task<Message> {
        let task = Task::batch([self.catch_up_for(&message), self.take(message)]);
        self.look_at_screen();

        task
    }

    pub(super) fn take(&mut self, message: Message) -> Task<Message> {
        match message {
            Message::Sale(event) => return self.handle(event),
            Message::Asked(command) => return self.handle(Event::Asked(command)),
            Message::Control(line) => return self.control(line),
            Message::Create(message) => {
                self.cashier_plays = false;

                return self.create(message);
            }
            Message::ManualSettlement(message) => {
                self.cashier_plays = false;

                return self.settle_manually(message);
            }
            Message::Key(event) => return self.key_event(event),
            Message::Tapped(message) => return self.tapped(*message),
            Message::Played(key) if self.cashier_plays => return self.played(key.into()),
            Message::Frame => return self.code_is_shown(),
            Message::Sight => return self.look(self.sale.attempt()),
            Message::StillUnseen(number) => return self.take_back(number),
            Message::Touched(since) => self.key_guard.touches(since),
            Message::Opened(_) => self.window_appears(),
            Message::Focused => self.keyboard_comes(),
            Message::Patron(act) => {
                if let Some(patron) = &self.patron {
                    patron.act(act);
                }
            }
            Message::Second => {
                self.now = self.effects.clock().now();
                self.look_again();
            }
            Message::Busy(attempt) => self.busy = attempt == self.sale.attempt(),
            Message::Rescaled(scale_factor) => self.scale_factor = Some(scale_factor),
            // A sale notices by its polls that the machine has slept.
            Message::Played(_) | Message::Logo | Message::CaughtUp | Message::ClockJumped => {}
        }

        Task::none()
    }

    pub(super) fn handle(&mut self, event: Event) -> Task<Message> {
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

    /// Receives events for the sale, for as long as the display lives.
    pub(super) fn listen_to(
        &self,
        events: impl Stream<Item = Event> + Send + 'static,
    ) -> Task<Message> {
        let detour = self.detour.clone();
        let events = events.filter_map(move |event| future::ready(detour.pass(event)));

        self.task_scope.stream(events).map(Message::Sale)
    }

    /// Handles what follows an event of the sale, which was at `attempt` before the event.
    pub(super) fn after_turn(&mut self, attempt: u32, mut task: Task<Message>) -> Task<Message> {
        if self.sale.attempt() != attempt {
            self.busy = false;
            let started = self.sale.attempt();
            let busy = self.task_scope.work(tokio::time::sleep(BUSY_AFTER));
            task = Task::batch([task, busy.map(move |()| Message::Busy(started))]);
        }
        if self.effects.exit_code().is_some() && !self.stays {
            task = Task::batch([task, iced::exit()]);
        }
        self.now = self.effects.clock().now();
        if !self.is_unknown() && self.manual_settlement.take().is_some() {
            self.key_guard.panel_went(Instant::now());
        }

        let looked = self.look(attempt);

        Task::batch([task, looked])
    }

    pub(super) fn create(&mut self, message: create::EntryMessage) -> Task<Message> {
        if !is_entering(&self.sale) {
            return Task::none();
        }
        match self.create.update(message) {
            create::EntryAction::None => Task::none(),
            create::EntryAction::Start(order) => self.handle(Event::Asked(Command::Start(order))),
            create::EntryAction::Close => self.handle(Event::Asked(Command::Close)),
        }
    }

    pub(super) fn is_unknown(&self) -> bool {
        matches!(
            self.sale.state(),
            State::Ended(ended) if matches!(ended.ending(), Ending::Unknown { .. })
        )
    }

    pub(super) fn settle_manually(
        &mut self,
        message: manual_settlement::SettlementMessage,
    ) -> Task<Message> {
        if !self.is_unknown() {
            return Task::none();
        }
        let order = self.sale.order();
        let operator = order.and_then(|order| order.operator.as_deref());
        let panel = self
            .manual_settlement
            .get_or_insert_with(|| ManualSettlement::new(operator));
        match panel.update(message, self.effects.clock().now()) {
            manual_settlement::SettlementAction::None => {}
            manual_settlement::SettlementAction::Leave => self.manual_settlement = None,
            manual_settlement::SettlementAction::Close { by, paid } => {
                // The decision closes the panel. Later keys belong to the next screen.
                self.manual_settlement = None;

                return self.handle(Event::Asked(Command::CloseByStaff { by, paid }));
            }
        }

        Task::none()
    }

    /// Draws the state of the sale.
    pub fn view(&self) -> Element<'_, Message> {
        self.scene()
            .view()
            .map(|message| Message::Tapped(Box::new(message)))
    }

    fn scene(&self) -> Scene<'_> {
        Scene {
            sale: &self.sale,
            create: &self.create,
            idle: self.idle.as_ref(),
            manual_settlement: self.manual_settlement.as_ref(),
            appearance: &self.appearance,
            now: self.now,
            busy: self.busy,
            demo: self.patron.is_some(),
            scale_factor: self.scale_factor.unwrap_or(1.0),
        }
    }

    /// The background of the window. It never changes while the window is open.
    pub(super) fn style(&self) -> theme::Style {
        self.appearance.style()
    }

    /// Whether the screen shows the time left to pay.
    fn counts_down(&self) -> bool {
        match self.sale.state() {
            State::Presenting(_) => true,
            State::Waiting(waiting) => *waiting.reason() == Reason::Barcode,
            _ => false,
        }
    }

    /// Ticks each second while the countdown is on the screen. At other times a tick would redraw the screen
    /// without a change.
    pub(super) fn while_shown(&self) -> Subscription<Message> {
        if !self.counts_down() {
            return Subscription::none();
        }

        iced::time::every(Duration::from_secs(1)).map(|_| Message::Second)
    }
}
