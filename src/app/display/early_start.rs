//! The early start of a sale, beside the work of the window. The window takes the sale over when there is something
//! to show.

use std::io;
use std::sync::OnceLock;
use std::time::Duration;

use iced::Task;
use iced::futures::future::BoxFuture;
use iced::futures::{FutureExt, StreamExt, stream};
use iced::keyboard::Key;
use tokio::runtime::{Handle, Runtime};
use tokio::time::timeout;

use crate::app::demo;
use crate::app::display::SaleDisplay;
use crate::app::display::visibility::is_window_gone;
use crate::app::message::Message;
use crate::app::setup::Setup;
use crate::domain::order::Order;
use crate::runtime::early_start::{EarlyStart, StartedSale};
use crate::runtime::process::{self, asked_to_end};
use crate::sale::{Command, Event, Sale};

/// The window waits this long for a sale that has nothing to show yet. Then the window takes the sale over and
/// shows its progress.
const PATIENCE: Duration = Duration::from_millis(60);

/// The runtime of the window and of the early start. They share one runtime, so that requests and connections
/// survive the takeover. The runtime never shuts down, because a running name lookup would delay the end of the
/// program.
pub(crate) struct Executor(&'static Runtime);

impl Executor {
    fn shared() -> io::Result<Self> {
        static RUNTIME: OnceLock<Runtime> = OnceLock::new();
        if let Some(runtime) = RUNTIME.get() {
            return Ok(Self(runtime));
        }
        let new = process::runtime()?;

        Ok(Self(RUNTIME.get_or_init(|| new)))
    }

    pub(crate) fn handle() -> io::Result<Handle> {
        Ok(Self::shared()?.0.handle().clone())
    }
}

impl iced::Executor for Executor {
    fn new() -> io::Result<Self> {
        Self::shared()
    }

    fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        drop(self.0.spawn(future));
    }

    fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.0.block_on(future)
    }

    fn enter<R>(&self, work: impl FnOnce() -> R) -> R {
        let _context = self.0.enter();

        work()
    }
}

/// Starts the sale of this setup before the window opens; `None` if the cashier enters the sale, or if there is no
/// runtime.
pub(crate) fn begin(setup: &Setup) -> Option<EarlyStart> {
    let runtime = Executor::handle().ok()?;

    begin_on(&runtime, setup, Some(asked_to_end().boxed()))
}

/// Starts the sale of this setup while an open window draws its first frame. Call it on a thread of a runtime.
pub(crate) fn begin_beside_window(setup: &Setup) -> Option<EarlyStart> {
    begin_on(&Handle::try_current().ok()?, setup, None)
}

fn begin_on(
    runtime: &Handle,
    setup: &Setup,
    asked_to_end: Option<BoxFuture<'static, ()>>,
) -> Option<EarlyStart> {
    let order = setup.order.clone()?;
    let sale = Sale::new(setup.rules.clone(), setup.timing);

    Some(EarlyStart::of(
        sale,
        Command::Start(order),
        setup.effects.clone(),
        asked_to_end,
        runtime,
    ))
}

impl SaleDisplay {
    /// Starts the sale of `order`, or opens the create screen. Used without an early start.
    pub(crate) fn begin(&mut self, order: Option<Order>, cashier: Vec<Key>) -> Task<Message> {
        match order {
            Some(order) => self.handle(Event::Asked(Command::Start(order))),
            None => Task::batch([
                self.handle(Event::Asked(Command::Open)),
                self.task_scope
                    .stream(demo::play(cashier).map(Message::Played)),
            ]),
        }
    }

    /// Creates the display of a sale that has already started. Until the takeover, the display shows the sale's
    /// first state.
    pub(crate) fn behind(setup: Setup, ahead: EarlyStart) -> (Self, Task<Message>) {
        let mut display = Self::at_rest(setup.clone());
        if let Some(order) = setup.order {
            // The state machine is pure, and the early start already runs these effects.
            let _ = display.sale.handle(Event::Asked(Command::Start(order)));
        }
        // The first frame takes equally long with and without the code, so wait for the code.
        display.ahead = Some(ahead.clone());
        let caught_up = if ahead.shows() {
            display.catch_up()
        } else {
            Task::future(timeout(PATIENCE, ahead.wait_until_shown())).map(|_| Message::CaughtUp)
        };
        let controls = display.listen(&setup.controls);

        (display, Task::batch([caught_up, controls]))
    }

    /// Takes the sale over, unless the message concerns only the window.
    pub(crate) fn catch_up_for(&mut self, message: &Message) -> Task<Message> {
        match message {
            Message::Opened(_)
            | Message::Focused
            | Message::Rescaled(_)
            | Message::Logo
            | Message::Key(_) => Task::none(),
            Message::Sight if !is_window_gone() => Task::none(),
            _ => self.catch_up(),
        }
    }

    /// Takes the sale over from its early start, if it has one.
    fn catch_up(&mut self) -> Task<Message> {
        let Some(StartedSale { sale, events }) =
            self.ahead.take().and_then(|ahead| ahead.take_over())
        else {
            return Task::none();
        };
        let attempt = self.sale.attempt();
        self.sale = sale;
        let events = stream::unfold(events, async |mut events| {
            let event = events.recv().await?;

            Some((event, events))
        });
        let under_way = self.listen_to(Box::pin(events));

        self.after_turn(attempt, under_way)
    }
}
