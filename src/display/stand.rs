//! A display that stands: an idle screen, and one sale after another in the same window.
//!
//! Each sale has a [`Display`] of its own, which is dropped with everything that is under way for it
//! when the sale is over. While nobody is served another one looks after what earlier sales have left,
//! as the create screen does: what a person has to decide about comes on the screen and stays there.

mod asked;
mod calling;
pub mod offscreen;
mod provider;
mod view;
mod window;

use std::sync::Arc;
use std::time::{Duration, Instant};

use iced::task::Handle;
use iced::{Subscription, Task};

use super::key_guard::KeyGuard;
use super::leash::Leash;
use super::salvage::Salvage;
use super::sight;
use super::view::is_entering;
use super::window::{events, logo, signals};
use super::{Display, KeyEvent, Screen, Setup};
use crate::sale::{Command, Ending};
use crate::stand::{Call, Caller, Calls, Saying, Sayings};

pub use provider::{Errand, Provider, Refusal, Served};
pub use window::run;

/// So long nobody is served before it is looked after what was left: the next customer may come at once.
const LOOK_SOON: Duration = Duration::from_secs(5);
/// How often that is done; each look may ask the platform about every sale of a day that ended without
/// money.
const LOOK_EVERY: Duration = Duration::from_secs(10 * 60);
/// The create screen of a cashier who has gone away stays so long.
const TO_ENTER: Duration = Duration::from_secs(5 * 60);
/// Keys before this were meant for what stood there.
const TIME_TO_NOTICE: Duration = Duration::from_millis(700);
/// So long a caller may take to read how its sale ended where the stand ends itself.
const TO_READ: Duration = Duration::from_secs(2);

/// What a stand is started with.
#[derive(Debug, Clone)]
pub struct Start {
    /// Who prepares sales.
    pub provider: Arc<dyn Provider>,
    /// What the idle screen looks like, and what looks after earlier sales.
    pub idle: Served,
    /// Who calls.
    pub calls: Calls,
}

/// The application.
#[derive(Debug)]
pub struct Stand {
    provider: Arc<dyn Provider>,
    stage: Stage,
    /// Which stage it is, counted: what an earlier one led to is dropped.
    number: u32,
    /// What is under way for the present stage.
    leash: Leash,
    /// Looks at the keys while nobody is served.
    key_guard: KeyGuard,
    /// Waits for a pause after a key.
    key_pause: Option<Handle>,
    /// What was typed while the create screen was prepared.
    early_keys: Vec<KeyEvent>,
    idle: Served,
    /// What is on the screen while nobody is served.
    resting: Display,
    last_look: Option<Instant>,
    screen: Option<Screen>,
    scale_factor: Option<f32>,
    /// Whether it ends when nobody is served any more.
    leaving: bool,
}

/// What it does at present.
#[derive(Debug)]
enum Stage {
    /// Nobody is served.
    Idle,
    /// A sale is being prepared, for a caller or for the cashier.
    Preparing(Option<(Caller, Sayings)>),
    /// What earlier sales have left is being settled for a caller.
    Settling(Caller),
    /// A sale is on the screen.
    Selling(Box<Display>, Option<Caller>),
}

/// What can happen to a stand.
#[derive(Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "there are a few at a time, each moved a few times"
)]
pub enum Message {
    /// Somebody calls.
    Called(Call),
    /// A sale or a settling was prepared in this stage, or cannot be.
    Prepared(u32, Result<Errand, Refusal>),
    /// What looks after earlier sales was prepared.
    Rested(u32, Result<Served, Refusal>),
    /// It is time to look after earlier sales.
    Look(u32),
    /// Another minute.
    Minute(u32),
    /// What earlier sales have left is settled, with this exit code.
    Settled(u32, u8),
    /// The caller says something.
    Said(u32, Saying),
    /// Something happened to the display that is on the screen in this stage.
    Of(u32, super::Message),
    /// Something happened to the window.
    Window(super::Message),
    /// Everybody has been told everything.
    Done,
}

impl Stand {
    /// The stand, and what it does first.
    pub fn new(start: Start) -> (Self, Task<Message>) {
        let resting = at_rest(&start.idle);
        let mut stand = Self {
            provider: start.provider,
            stage: Stage::Idle,
            number: 0,
            leash: Leash::default(),
            resting,
            idle: start.idle,
            key_guard: KeyGuard::default(),
            key_pause: None,
            early_keys: Vec::new(),
            last_look: None,
            screen: None,
            scale_factor: None,
            leaving: false,
        };
        let calls = Task::run(start.calls.take(), Message::Called);
        let rest = stand.rest(Duration::ZERO);

        (stand, Task::batch([calls, rest]))
    }

    /// Whether nobody is served.
    pub fn is_idle(&self) -> bool {
        matches!(self.stage, Stage::Idle)
    }

    /// Whether a sale is on the screen, or the screen to enter one.
    pub fn is_selling(&self) -> bool {
        matches!(self.stage, Stage::Selling(..))
    }

    /// What is on the screen.
    pub fn display(&self) -> &Display {
        match &self.stage {
            Stage::Selling(display, _) => display,
            Stage::Idle | Stage::Preparing(_) | Stage::Settling(_) => &self.resting,
        }
    }

    /// Takes in a message.
    pub fn update(&mut self, message: Message) -> Task<Message> {
        match message {
            Message::Called(call) => self.called(call),
            Message::Prepared(number, errand) if number == self.number => self.prepared(errand),
            Message::Rested(number, idle) if number == self.number => self.rested(idle),
            Message::Look(number) if number == self.number => self.look(),
            Message::Minute(number) if number == self.number => self.minute(),
            Message::Settled(number, code) if number == self.number => self.settled(code),
            Message::Said(number, saying) if number == self.number => self.pass_on(match saying {
                Saying::Control(line) => super::Message::Control(line),
                Saying::Leave => super::Message::Asked(Command::Leave),
            }),
            Message::Of(number, message) if number == self.number => self.pass_on(message),
            Message::Window(message) => self.window(message),
            Message::Done => iced::exit(),
            _ => Task::none(),
        }
    }

    /// The display that is on the screen takes this in.
    fn pass_on(&mut self, message: super::Message) -> Task<Message> {
        let task = match &mut self.stage {
            Stage::Selling(display, _) => display.update(message),
            Stage::Idle | Stage::Preparing(_) | Stage::Settling(_) => self.resting.update(message),
        };

        Task::batch([self.own(task), self.after()])
    }

    /// A task of the display that is on the screen.
    fn own(&self, task: Task<super::Message>) -> Task<Message> {
        let number = self.number;

        task.map(move |message| Message::Of(number, message))
    }

    /// What follows where the display that is on the screen has come to its end.
    fn after(&mut self) -> Task<Message> {
        let Some(code) = self.display().effects.exit_code() else {
            return Task::none();
        };
        match std::mem::replace(&mut self.stage, Stage::Idle) {
            Stage::Selling(display, caller) => self.sold(&display, caller, code),
            // A person has answered what was left: on to whatever else there is.
            stage => {
                self.stage = stage;
                if self.is_idle() {
                    return self.rest(LOOK_EVERY);
                }

                Task::none()
            }
        }
    }

    /// What would be left of the sale that is on the screen.
    fn salvage(&self) -> Option<Salvage> {
        match &self.stage {
            Stage::Selling(display, caller) => display.salvage(caller.clone()),
            Stage::Idle | Stage::Preparing(_) | Stage::Settling(_) => None,
        }
    }

    /// A sale is over: whoever asked for it is told once everything is on disk.
    fn sold(&mut self, display: &Display, caller: Option<Caller>, code: u8) -> Task<Message> {
        let is_open = code == Ending::unknown().exit_code();
        let written = display.effects.hand_back();
        let leaving = self.leaving;
        let told = async move {
            written.await;
            let Some(caller) = caller else {
                return;
            };
            caller.exit(code);
            if leaving {
                caller.has_read(TO_READ).await;
            }
        };
        if leaving {
            return Task::perform(told, |()| Message::Done);
        }
        let look = if is_open || !display.sale().late_payments().is_empty() {
            LOOK_SOON
        } else {
            self.next_look()
        };

        Task::batch([Task::future(told).discard(), self.sleep(), self.rest(look)])
    }

    /// Nobody is served from here on, and it is looked after what was left in so long.
    fn rest(&mut self, look: Duration) -> Task<Message> {
        self.enter(Stage::Idle);
        self.renew();
        let number = self.number;
        let wait = self.leash.work(tokio::time::sleep(look));

        Task::batch([wait.map(move |()| Message::Look(number)), self.minute()])
    }

    /// What is on the screen while nobody is served has not been asked for anything any more.
    fn renew(&mut self) {
        self.resting = at_rest(&self.idle);
        if let Some(scale_factor) = self.scale_factor {
            // Leads to nothing.
            let _ = self.resting.update(super::Message::Rescaled(scale_factor));
        }
    }

    /// Whatever was under way for the stage before is dropped, as if the program had been killed: the
    /// journal has it.
    fn enter(&mut self, stage: Stage) {
        self.stage = stage;
        self.number = self.number.wrapping_add(1);
        self.leash = Leash::default();
        self.key_pause = None;
        self.early_keys.clear();
        // No key of the stage before belongs to a run of this one.
        self.key_guard = KeyGuard::default();
        self.key_guard.appears(Instant::now(), TIME_TO_NOTICE);
    }

    fn next_look(&self) -> Duration {
        let due = self.last_look.map_or(Duration::ZERO, |last| {
            LOOK_EVERY.saturating_sub(last.elapsed())
        });

        due.max(LOOK_SOON)
    }

    fn look(&mut self) -> Task<Message> {
        if let Stage::Selling(display, None) = &self.stage {
            return match is_entering(display.sale()) {
                true => self.rest(self.next_look()),
                false => Task::none(),
            };
        }
        if !is_entering(self.resting.sale()) {
            // Somebody has to answer first; after that it is looked again.
            return self.look_again();
        }
        let (provider, number) = (self.provider.clone(), self.number);
        let prepared = tokio::task::spawn_blocking(move || provider.idle());

        self.leash
            .work(async move {
                prepared
                    .await
                    .unwrap_or_else(|error| Err(Refusal::of(&error)))
            })
            .map(move |idle| Message::Rested(number, idle))
    }

    fn look_again(&self) -> Task<Message> {
        let number = self.number;
        let wait = self.leash.work(tokio::time::sleep(LOOK_EVERY));

        wait.map(move |()| Message::Look(number))
    }

    fn rested(&mut self, idle: Result<Served, Refusal>) -> Task<Message> {
        if !self.is_idle() {
            return Task::none();
        }
        self.last_look = Some(Instant::now());
        let again = self.look_again();
        match idle {
            Ok(idle) => self.idle = idle,
            Err(refusal) => {
                tracing::error!(refusal.sentence, "earlier sales cannot be looked after");

                return again;
            }
        }
        self.renew();
        let clock = self.minute();
        let logo = logo(&self.idle.setup).map(Message::Window);
        let opened = self.resting.update(super::Message::Asked(Command::Open));

        Task::batch([self.own(opened), again, clock, logo])
    }

    /// What the stand listens to: no message without a change.
    pub fn subscription(&self) -> Subscription<Message> {
        let shown = self.display().while_shown().with(self.number);

        Subscription::batch([
            events().map(Message::Window),
            signals().map(Message::Window),
            sight::changes().map(|()| Message::Window(super::Message::Sight)),
            shown.map(|(number, message)| Message::Of(number, message)),
        ])
    }
}

/// A display that shows the idle screen.
fn at_rest(served: &Served) -> Display {
    let setup = Setup {
        effects: served.setup.effects.clone().afresh(),
        order: None,
        ..served.setup.clone()
    };
    let mut display = Display::at_rest(setup);
    display.idle = Some(view::idle(served));
    display.stays = true;

    display
}
