//! The resident display: an idle screen, and one sale after another in the same window.
//!
//! Each sale has its own [`SaleDisplay`], which is dropped with all its tasks when the sale is over. Between sales,
//! another display checks unsettled sales, as the create screen does. If a person must decide about a sale, that
//! display shows the question until someone answers.

mod asked;
mod calling;
pub mod provider;
mod upkeep;

use std::sync::Arc;
use std::time::{Duration, Instant};

use iced::Task;
use iced::task::Handle;
use jiff::Zoned;

use crate::app::display::SaleDisplay;
use crate::app::input::key_guard::KeyGuard;
use crate::app::input::keys::KeyEvent;
use crate::app::message::{AppMessage, Message, ResidentMessage};
use crate::app::platform::screen::Screen;
use crate::app::screens::idle::Idle;
use crate::app::screens::scene::is_entering;
use crate::app::setup::Setup;
use crate::app::task_scope::TaskScope;
use crate::app::window::logo;
use crate::app::window::salvage::{Salvage, TO_READ};
use crate::local_api::{
    CallRefusal, DisplaySide, DisplayState, Reply, SaleFeed, SellReply, SettleReply,
};
use crate::runtime::clock_jumps::clock_jumps;
use crate::runtime::program::Program;
use crate::runtime::service_manager::ServiceManager;
use crate::sale::{Command, Ending};

pub use provider::{Prepared, Provider, ServedSale, Settlement};

/// The time before unsettled sales are checked for the first time. It is longer than the pauses of a till that waits
/// for the display: if the till comes back with its sale, the code returns. A check would void it.
const LOOK_FIRST: Duration = Duration::from_secs(10);
/// The idle time before unsettled sales are checked. It is short, because the next customer may come at once.
const LOOK_SOON: Duration = Duration::from_secs(5);
/// The time between two checks. A check may ask the platform about every sale of the day that ended without money.
const LOOK_EVERY: Duration = Duration::from_secs(10 * 60);
/// The create screen closes after this long without a sale.
const TO_ENTER: Duration = Duration::from_secs(5 * 60);
/// A new screen ignores keys for this long, because such keys were meant for the previous screen.
const TIME_TO_NOTICE: Duration = Duration::from_millis(700);

/// The parameters of a resident display.
#[derive(Debug, Clone)]
pub struct ResidentStart {
    /// Prepares sales.
    pub provider: Arc<dyn Provider>,
    /// The setup of the idle screen, which also checks earlier sales.
    pub idle: ServedSale,
    /// The service that tills call.
    pub service: DisplaySide,
    /// The service manager that started the program.
    pub service_manager: ServiceManager,
    /// The running program; `None` if its file is not known.
    pub program: Option<Program>,
}

/// The resident display.
#[derive(Debug)]
pub(super) struct Resident {
    provider: Arc<dyn Provider>,
    service: DisplaySide,
    service_manager: ServiceManager,
    program: Option<Program>,
    /// The time of the last look for a new version of the program.
    last_version_look: Option<Instant>,
    activity: ResidentActivity,
    /// The number of the current activity. Results of earlier activities are dropped.
    generation: u32,
    /// The tasks of the current activity.
    task_scope: TaskScope,
    /// Checks keys between sales.
    key_guard: KeyGuard,
    /// The task that waits for a pause after a key.
    key_pause: Option<Handle>,
    /// Keys that were typed while the create screen was prepared.
    early_keys: Vec<KeyEvent>,
    idle: ServedSale,
    /// The display that is shown between sales.
    resting: SaleDisplay,
    last_look: Option<Instant>,
    screen: Option<Screen>,
    scale_factor: Option<f32>,
    /// Whether the program ends after the current sale.
    leaving: bool,
}

#[derive(Debug)]
enum ResidentActivity {
    Idle,
    /// Something is being prepared.
    Preparing(Preparation),
    /// Earlier sales are being settled for a client.
    Settling(Reply<SettleReply>),
    /// A sale is on the screen: a till's sale with its feed, or a sale of the cashier.
    Selling(Box<SaleDisplay>, Option<SaleFeed>),
}

/// A preparation under way.
#[derive(Debug)]
enum Preparation {
    /// A sale that the cashier enters.
    ByHand,
    /// A till's sale.
    Sale(SaleFeed, Reply<SellReply>),
    /// The settlement of earlier sales.
    Settlement(Reply<SettleReply>),
}

impl Resident {
    /// Creates the resident display, and its first task.
    pub(super) fn new(start: ResidentStart, screen: Option<Screen>) -> (Self, Task<AppMessage>) {
        let resting = at_rest(&start.idle);
        let mut resident = Self {
            provider: start.provider,
            service: start.service,
            service_manager: start.service_manager,
            program: start.program,
            last_version_look: None,
            activity: ResidentActivity::Idle,
            generation: 0,
            task_scope: TaskScope::default(),
            resting,
            idle: start.idle,
            key_guard: KeyGuard::default(),
            key_pause: None,
            early_keys: Vec::new(),
            last_look: None,
            screen,
            scale_factor: None,
            leaving: false,
        };
        let calls = Task::run(resident.service.calls(), AppMessage::Called);
        let signs = resident.signs_of_life();
        let jumps = Task::run(clock_jumps(), |()| AppMessage::Window(Message::ClockJumped));
        let rest = resident.rest(LOOK_FIRST);

        (resident, Task::batch([calls, signs, jumps, rest]))
    }

    pub(super) fn generation(&self) -> u32 {
        self.generation
    }

    pub(super) fn is_idle(&self) -> bool {
        matches!(self.activity, ResidentActivity::Idle)
    }

    pub(super) fn is_selling(&self) -> bool {
        matches!(self.activity, ResidentActivity::Selling(..))
    }

    pub(super) fn display(&self) -> &SaleDisplay {
        match &self.activity {
            ResidentActivity::Selling(display, _) => display,
            _ => &self.resting,
        }
    }

    pub(super) fn update(&mut self, message: AppMessage) -> Task<AppMessage> {
        match message {
            AppMessage::Window(message) => self.window(message),
            AppMessage::Called(call) => self.called(call),
            AppMessage::Alive => self.alive(),
            AppMessage::Done => iced::exit(),
            AppMessage::Display(generation, _) | AppMessage::Resident(generation, _)
                if generation != self.generation =>
            {
                Task::none()
            }
            AppMessage::Display(_, message) => self.pass_on(message),
            AppMessage::Resident(_, message) => match message {
                ResidentMessage::Prepared(prepared) => self.prepared(prepared),
                ResidentMessage::Rested(idle) => self.rested(idle),
                ResidentMessage::Look => self.look(),
                ResidentMessage::Minute => {
                    Task::batch([self.minute(), self.look_for_version_again()])
                }
                ResidentMessage::Settled(code) => self.settled(code),
                ResidentMessage::Replaced(is_replaced) => self.replaced(is_replaced),
            },
        }
    }

    /// The feed of the sale on the screen, or of the sale that is being prepared.
    fn feed(&self) -> Option<&SaleFeed> {
        match &self.activity {
            ResidentActivity::Selling(_, feed) => feed.as_ref(),
            ResidentActivity::Preparing(Preparation::Sale(feed, _)) => Some(feed),
            _ => None,
        }
    }

    /// Passes a message to the display on the screen.
    fn pass_on(&mut self, message: Message) -> Task<AppMessage> {
        let task = match &mut self.activity {
            ResidentActivity::Selling(display, _) => display.update(message),
            _ => self.resting.update(message),
        };

        Task::batch([self.own(task), self.after()])
    }

    /// Runs `work`, and stops it when the next activity begins.
    fn work<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
        message: impl Fn(T) -> ResidentMessage + Send + 'static,
    ) -> Task<AppMessage> {
        let generation = self.generation;

        self.task_scope
            .work(work)
            .map(move |result| AppMessage::Resident(generation, message(result)))
    }

    /// Runs `work`, which prepares something for the current activity, on a thread that may wait for files.
    fn prepare<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, CallRefusal> + Send + 'static,
        message: fn(Result<T, CallRefusal>) -> ResidentMessage,
    ) -> Task<AppMessage> {
        let prepared = tokio::task::spawn_blocking(work);
        let prepared = async { prepared.await.unwrap_or_else(|e| Err(CallRefusal::of(&e))) };

        self.work(prepared, message)
    }

    /// Checks earlier sales after `time`.
    fn look_after(&self, time: Duration) -> Task<AppMessage> {
        self.work(tokio::time::sleep(time), |()| ResidentMessage::Look)
    }

    /// Marks the messages of `task` as messages for the display on the screen.
    fn own(&self, task: Task<Message>) -> Task<AppMessage> {
        let generation = self.generation;

        task.map(move |message| AppMessage::Display(generation, message))
    }

    /// Handles the end of the display on the screen, if it has ended.
    fn after(&mut self) -> Task<AppMessage> {
        self.call_for_staff();
        let Some(code) = self.display().effects.exit_code() else {
            return self.tell_the_outcome();
        };
        match std::mem::replace(&mut self.activity, ResidentActivity::Idle) {
            ResidentActivity::Selling(display, feed) => self.sold(&display, feed, code),
            // A person answered the question: check for more.
            ResidentActivity::Idle => self.rest(LOOK_EVERY),
            activity => {
                self.activity = activity;

                Task::none()
            }
        }
    }

    pub(super) fn salvage(&self) -> Option<Salvage> {
        match &self.activity {
            ResidentActivity::Selling(display, feed) => display.salvage(feed.clone()),
            _ => None,
        }
    }

    /// Tells the outcome of a sale that stays on the screen, once everything is on disk.
    fn tell_the_outcome(&self) -> Task<AppMessage> {
        let ResidentActivity::Selling(display, Some(feed)) = &self.activity else {
            return Task::none();
        };
        if !feed.has_an_untold_outcome() {
            return Task::none();
        }
        let (written, feed) = (display.effects.finish_sale(), feed.clone());

        Task::future(async move {
            written.await;
            feed.tell_outcome();
        })
        .discard()
    }

    /// Ends a sale. Its clients get the outcome once everything is on disk.
    fn sold(
        &mut self,
        display: &SaleDisplay,
        feed: Option<SaleFeed>,
        code: u8,
    ) -> Task<AppMessage> {
        let is_open = code == Ending::unknown().exit_code();
        let written = display.effects.finish_sale();
        let leaving = self.leaving;
        let told = async move {
            written.await;
            let Some(feed) = feed else {
                return;
            };
            feed.tell_outcome();
            if leaving {
                feed.is_read(TO_READ).await;
            }
        };
        if leaving {
            return Task::perform(told, |()| AppMessage::Done);
        }
        let look = if is_open || !display.sale().late_payments().is_empty() {
            LOOK_SOON
        } else {
            self.next_look()
        };

        Task::batch([
            Task::future(told).discard(),
            self.on_screen(Screen::let_sleep),
            self.rest(look),
        ])
    }

    /// Shows the idle screen, and checks earlier sales after the time `look`.
    fn rest(&mut self, look: Duration) -> Task<AppMessage> {
        self.enter(ResidentActivity::Idle);
        self.renew();

        Task::batch([
            self.look_after(look),
            self.minute(),
            self.look_for_version(),
        ])
    }

    /// Replaces the display between sales with a new one, which has not started anything.
    fn renew(&mut self) {
        self.resting = at_rest(&self.idle);
        if let Some(scale_factor) = self.scale_factor {
            // Rescaling starts no task.
            let _ = self.resting.update(Message::Rescaled(scale_factor));
        }
    }

    /// Tells the service what the display does.
    fn show(&self) {
        let activity = match &self.activity {
            ResidentActivity::Idle => DisplayState::Idle,
            ResidentActivity::Preparing(Preparation::Settlement(_))
            | ResidentActivity::Settling(_) => DisplayState::Settling,
            ResidentActivity::Preparing(_) | ResidentActivity::Selling(..) => DisplayState::Busy,
        };
        self.service_manager.status(match activity {
            DisplayState::Idle => "ready for the next sale",
            DisplayState::Settling => "settling earlier sales",
            DisplayState::Busy => "a sale is on the screen",
        });
        self.service.board.show(activity, self.feed());
        self.call_for_staff();
    }

    /// Tells the service whether the screen waits for a person.
    fn call_for_staff(&self) {
        let needed = self.display().sale().needs_staff();
        self.service.board.call_for_staff(needed);
    }

    /// Starts an activity. Tasks of the previous activity are dropped, as if the program had been killed. What
    /// they recorded stays in the journal.
    fn enter(&mut self, activity: ResidentActivity) {
        self.activity = activity;
        self.show();
        self.generation = self.generation.wrapping_add(1);
        self.task_scope = TaskScope::default();
        self.key_pause = None;
        self.early_keys.clear();
        // Keys of the previous activity do not belong to this one.
        self.key_guard = KeyGuard::default();
        self.key_guard.appears(Instant::now(), TIME_TO_NOTICE);
    }

    fn next_look(&self) -> Duration {
        let due = self.last_look.map_or(Duration::ZERO, |last| {
            LOOK_EVERY.saturating_sub(last.elapsed())
        });

        due.max(LOOK_SOON)
    }

    fn look(&mut self) -> Task<AppMessage> {
        if let ResidentActivity::Selling(display, None) = &self.activity {
            return match is_entering(display.sale()) {
                true => self.rest(self.next_look()),
                false => Task::none(),
            };
        }
        if !is_entering(self.resting.sale()) {
            // A person must answer the question on the screen first, so the check is repeated later.
            return self.look_after(LOOK_EVERY);
        }
        let provider = self.provider.clone();

        self.prepare(move || provider.idle(), ResidentMessage::Rested)
    }

    fn rested(&mut self, idle: Result<ServedSale, CallRefusal>) -> Task<AppMessage> {
        if !self.is_idle() {
            return Task::none();
        }
        self.last_look = Some(Instant::now());
        let again = self.look_after(LOOK_EVERY);
        match idle {
            Ok(idle) => self.idle = idle,
            Err(refusal) => {
                tracing::error!(refusal.sentence, "earlier sales cannot be looked after");

                return again;
            }
        }
        self.renew();
        let clock = self.minute();
        let logo = logo(&self.idle.setup);
        let version = self.look_for_version();
        let opened = self.resting.update(Message::Asked(Command::Open));

        Task::batch([self.own(opened), again, clock, logo, version])
    }

    /// Sets the clock, if the idle screen has one, and waits for the next minute.
    fn minute(&mut self) -> Task<AppMessage> {
        if !self.idle.clock || !self.is_idle() {
            return Task::none();
        }
        self.resting.idle = Some(idle(&self.idle));
        let second = u64::try_from(Zoned::now().second()).unwrap_or_default();
        // The extra 50 ms make sure that the new minute has begun.
        let left = Duration::from_secs(60_u64.saturating_sub(second)) + Duration::from_millis(50);

        self.work(tokio::time::sleep(left), |()| ResidentMessage::Minute)
    }

    /// Runs `work` on the screen, if the display has a screen.
    fn on_screen(&self, work: fn(&Screen)) -> Task<AppMessage> {
        let screen = self.screen.clone();

        Task::future(async move { screen.iter().for_each(work) }).discard()
    }
}

/// Returns the content of the idle screen.
fn idle(served: &ServedSale) -> Idle {
    let counter = &served.setup.counter;
    let merchant = counter.merchants.get(&counter.default_merchant);
    let clock = || Zoned::now().strftime("%H:%M").to_string();

    Idle {
        name: merchant.map_or_else(String::new, |merchant| merchant.name.clone()),
        clock: served.clock.then(clock),
    }
}

/// Creates a display with the idle screen.
fn at_rest(served: &ServedSale) -> SaleDisplay {
    let setup = Setup {
        effects: served.setup.effects.clone().for_next_sale(),
        order: None,
        ..served.setup.clone()
    };
    let mut display = SaleDisplay::at_rest(setup);
    display.idle = Some(idle(served));
    display.stays = true;

    display
}
