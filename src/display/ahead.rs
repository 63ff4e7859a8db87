//! The sale's head start: it begins before the window is there, and the window takes it over with
//! the first thing that happens to it.

use std::io;
use std::sync::OnceLock;
use std::time::Duration;

use iced::Task;
use iced::futures::{StreamExt, stream};
use iced::keyboard::Key;
use tokio::runtime::{Handle, Runtime};
use tokio::time::timeout;

use super::{Display, Message, Setup, band};
use crate::effects::{Begun, HeadStart};
use crate::sale::{Command, Event, Order, Sale, State};
use crate::signals::asked_to_end;
use crate::workers;

/// A sale that has nothing to show by now is taken over all the same, to show what it waits for.
const PATIENCE: Duration = Duration::from_millis(60);

/// What the window's work is done on, and what was begun before: the same runtime, so that work and
/// its connections go on when the window takes over. It is never ended; looking up a name cannot be
/// given up, and nobody waits for that at the end.
pub(super) struct Executor(&'static Runtime);

impl Executor {
    fn shared() -> io::Result<Self> {
        static RUNTIME: OnceLock<Runtime> = OnceLock::new();
        if let Some(runtime) = RUNTIME.get() {
            return Ok(Self(runtime));
        }
        let new = workers::runtime()?;

        Ok(Self(RUNTIME.get_or_init(|| new)))
    }

    pub(super) fn handle() -> io::Result<Handle> {
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

/// Begins the sale that is to be started with, if there is one.
pub(super) fn begin(setup: &Setup) -> Option<HeadStart> {
    let order = setup.order.clone()?;
    let runtime = Executor::handle().ok()?;
    let sale = Sale::new(setup.rules.clone(), setup.timing);

    Some(HeadStart::of(
        sale,
        Command::Start(order),
        setup.effects.clone(),
        asked_to_end(),
        &runtime,
    ))
}

impl Display {
    /// Begins a sale, or to enter one, without a head start.
    pub(super) fn begin(&mut self, order: Option<Order>, cashier: Vec<Key>) -> Task<Message> {
        match order {
            Some(order) => self.handle(Event::Asked(Command::Start(order))),
            None => Task::batch([
                self.handle(Event::Asked(Command::Open)),
                self.leash.stream(band::play(cashier).map(Message::Played)),
            ]),
        }
    }

    /// The display of a sale that has begun. Until it is taken over, what is shown is how it stood at
    /// its first moment.
    pub(super) fn behind(setup: Setup, ahead: HeadStart) -> (Self, Task<Message>) {
        let controls = setup.controls.clone();
        let order = setup.order.clone();
        let mut display = Self::at_rest(setup);
        if let Some(order) = order {
            // The same turn of a machine that is pure: its effects are under way already.
            let _ = display.sale.handle(Event::Asked(Command::Start(order)));
        }
        // The first frame takes as long as any: it had better be the one with the code.
        display.ahead = Some(ahead.clone());
        let caught_up = if ahead.shows() {
            display.catch_up()
        } else {
            Task::future(timeout(PATIENCE, ahead.until_it_shows())).map(|_| Message::CaughtUp)
        };
        let controls = display.listen(&controls);

        (display, Task::batch([caught_up, controls]))
    }

    /// Whether a code is on its way to the screen that nothing else should hold up.
    pub(super) fn hurries(&self) -> bool {
        match self.sale.state() {
            State::Presenting(presenting) => !presenting.is_on_screen(),
            _ => self.ahead.is_some(),
        }
    }

    /// What the window alone is about does not call the sale back from its head start.
    pub(super) fn catch_up_for(&mut self, message: &Message) -> Task<Message> {
        match message {
            Message::Opened(_)
            | Message::Focused
            | Message::Rescaled(_)
            | Message::Fonts
            | Message::Logo
            | Message::Key(_) => Task::none(),
            Message::Sight if !super::seeing::is_window_gone() => Task::none(),
            _ => self.catch_up(),
        }
    }

    /// Takes the sale over from its head start, where that has not been done.
    fn catch_up(&mut self) -> Task<Message> {
        let Some(Begun { sale, events }) = self.ahead.take().and_then(|ahead| ahead.take_over())
        else {
            return Task::none();
        };
        let attempt = self.sale.attempt();
        self.sale = sale;
        let events = stream::unfold(events, async |mut events| {
            let event = events.next().await?;

            Some((event, events))
        });
        let under_way = self.listen_to(Box::pin(events));

        self.after_turn(attempt, under_way)
    }
}
