//! The iced application: one sale, or the resident display with one sale after another.

use std::io;

use iced::{Subscription, Task};
use tokio::runtime::Handle;

use super::display::SaleDisplay;
use super::display::early_start::{self, Executor};
use super::message::{AppMessage, Message};
use super::platform::screen::Screen;
use super::platform::sight;
use super::renderer::Element;
use super::resident::{Resident, ResidentStart};
use super::setup::{Mode, Setup};
use super::theme::look::FONT;
use super::window::salvage::{self, Breakdown, Salvage, Slot};
use super::window::{self, Window, no_pointer};
use crate::runtime::early_start::EarlyStart;
use crate::runtime::timing;
use crate::sale::Sale;

/// Opens the window on `screen` and runs the sale to its end. `keep_awake` keeps the screen on. If the window
/// library gives up, the sale ends without a window. If the window library ends the process, `at_exit` returns the
/// exit code.
///
/// # Errors
///
/// If the window library gave up.
pub fn run_sale(
    setup: Setup,
    screen: &Screen,
    keep_awake: bool,
    at_exit: impl FnOnce(Breakdown) -> u8 + Send + 'static,
) -> Result<(), Breakdown> {
    let mode = setup.mode;
    let window = Window {
        screen: screen.clone(),
        keep_awake,
        slot: Slot::default(),
    };
    let ahead = early_start::begin(&setup);
    // Until the display exists, the slot holds the early start.
    window.slot.put(ahead.clone().map(|ahead| Salvage {
        effects: setup.effects.clone(),
        sale: Sale::new(setup.rules.clone(), setup.timing),
        under_way: None,
        ahead: Some(ahead),
        feed: None,
    }));
    if let Some(ahead) = ahead.clone() {
        salvage::watch(ahead, setup.effects.clone());
    }
    let boot = move |window| App::for_sale(setup.clone(), ahead.clone(), window);

    run(boot, mode, window, at_exit)
}

/// Opens the window on `screen` and runs the resident display until someone closes it. If the window library gives
/// up, the current sale ends without a window. If the window library ends the process, `at_exit` returns the exit
/// code.
///
/// # Errors
///
/// If the window library gave up.
pub fn run_resident(
    start: ResidentStart,
    screen: &Screen,
    at_exit: impl FnOnce(Breakdown) -> u8 + Send + 'static,
) -> Result<(), Breakdown> {
    let mode = start.idle.setup.mode;
    let window = Window {
        screen: screen.clone(),
        // The idle screen may go dark.
        keep_awake: false,
        slot: Slot::default(),
    };

    run(
        move |window| App::resident(start.clone(), window),
        mode,
        window,
        at_exit,
    )
}

/// Returns the runtime of the window, which outlives the window.
///
/// # Errors
///
/// If the system allows no more threads or files.
pub fn runtime() -> io::Result<Handle> {
    Executor::handle()
}

/// Runs `work` on the runtime of the window. Without a runtime nothing happens.
pub fn block_on(work: impl Future<Output = ()>) {
    if let Ok(runtime) = runtime() {
        runtime.block_on(work);
    }
}

fn run(
    boot: impl Fn(Option<Window>) -> (App, Task<AppMessage>) + 'static,
    mode: Mode,
    window: Window,
    at_exit: impl FnOnce(Breakdown) -> u8 + Send + 'static,
) -> Result<(), Breakdown> {
    let settings = window::settings(mode, &window.screen);
    let slot = window.slot.clone();
    let boot = move || boot(Some(window.clone()));

    salvage::run(&slot, at_exit, || {
        iced::application(boot, App::update, App::view)
            .window(settings)
            .default_font(FONT)
            .title("patron-display")
            .scale_factor(|app| app.zoom)
            .subscription(App::subscription)
            .theme(|_: &App| iced::Theme::Light)
            .style(|app, _| app.display().style())
            // The runtime outlives the window, because a caller may still wait for the outcome.
            .executor::<Executor>()
            .run()
    })
}

/// The generation of the display if the application has only one.
const SINGLE: u32 = 0;

/// The iced application for one sale or for the resident display.
#[derive(Debug)]
pub struct App {
    stage: Stage,
    mode: Mode,
    /// The factor by which the application multiplies the system's scale factor.
    zoom: f32,
    /// The window; `None` if the application is drawn without one.
    window: Option<Window>,
}

#[derive(Debug)]
enum Stage {
    /// One sale. The application ends with the sale.
    Sale(Box<SaleDisplay>),
    Resident(Box<Resident>),
}

impl App {
    /// Creates the application for one sale, and its first task. If the order is known, the sale starts before the
    /// window is open; with `early_start`, the sale has already started.
    pub(super) fn for_sale(
        setup: Setup,
        early_start: Option<EarlyStart>,
        window: Option<Window>,
    ) -> (Self, Task<AppMessage>) {
        let mode = setup.mode;
        let logo = window::logo(&setup);
        let (display, first) = match early_start {
            Some(early_start) => SaleDisplay::behind(setup, early_start),
            None => SaleDisplay::new(setup),
        };
        let first = first.map(|message| AppMessage::Display(SINGLE, message));
        let app = Self::new(Stage::Sale(Box::new(display)), mode, window);

        (app, Task::batch([first, logo]))
    }

    /// Creates the resident display, and its first task.
    pub(super) fn resident(
        start: ResidentStart,
        window: Option<Window>,
    ) -> (Self, Task<AppMessage>) {
        let mode = start.idle.setup.mode;
        let logo = window::logo(&start.idle.setup);
        let screen = window.as_ref().map(|window| window.screen.clone());
        let (resident, first) = Resident::new(start, screen);
        let app = Self::new(Stage::Resident(Box::new(resident)), mode, window);

        (app, Task::batch([first, logo]))
    }

    fn new(stage: Stage, mode: Mode, window: Option<Window>) -> Self {
        timing::reached("window library ready");
        let app = Self {
            stage,
            mode,
            zoom: 1.0,
            window,
        };
        app.keep_salvage();

        app
    }

    /// The display on the screen.
    pub fn display(&self) -> &SaleDisplay {
        match &self.stage {
            Stage::Sale(display) => display,
            Stage::Resident(resident) => resident.display(),
        }
    }

    /// Whether this is a resident display without a sale.
    pub fn is_idle(&self) -> bool {
        matches!(&self.stage, Stage::Resident(resident) if resident.is_idle())
    }

    /// Whether a sale or the create screen is on the screen.
    pub fn is_selling(&self) -> bool {
        match &self.stage {
            Stage::Sale(_) => true,
            Stage::Resident(resident) => resident.is_selling(),
        }
    }

    /// The number of the display on the screen.
    pub(super) fn generation(&self) -> u32 {
        match &self.stage {
            Stage::Sale(_) => SINGLE,
            Stage::Resident(resident) => resident.generation(),
        }
    }

    /// Handles a message.
    pub fn update(&mut self, message: AppMessage) -> Task<AppMessage> {
        let mut asked = Task::none();
        let message = match (message, &self.window) {
            (AppMessage::Window(Message::Opened(id)), Some(window)) => {
                asked = window::opened(id, window, self.mode);

                AppMessage::Window(Message::Opened(id))
            }
            (AppMessage::Window(Message::Rescaled(scale_factor)), window) => {
                if let Some(window) = window {
                    self.zoom = window::zoom_on(&window.screen, self.mode, scale_factor);
                }

                AppMessage::Window(Message::Rescaled(scale_factor * self.zoom))
            }
            (message, _) => message,
        };
        let task = Task::batch([self.pass_on(message), asked]);
        self.keep_salvage();

        task
    }

    fn pass_on(&mut self, message: AppMessage) -> Task<AppMessage> {
        match (&mut self.stage, message) {
            (Stage::Resident(resident), message) => resident.update(message),
            (Stage::Sale(display), AppMessage::Window(it) | AppMessage::Display(SINGLE, it)) => {
                let task = display.update(it);

                task.map(|message| AppMessage::Display(SINGLE, message))
            }
            (Stage::Sale(_), _) => Task::none(),
        }
    }

    fn keep_salvage(&self) {
        if let Some(window) = &self.window {
            window.slot.put(match &self.stage {
                Stage::Sale(display) => display.salvage(None),
                Stage::Resident(resident) => resident.salvage(),
            });
        }
    }

    /// Draws the screen. In full screen the pointer is hidden, because it would cover the code.
    pub fn view(&self) -> Element<'_, AppMessage> {
        let generation = self.generation();
        let view = timing::step("view", || self.display().view());
        let view = view.map(move |message| AppMessage::Display(generation, message));

        match self.mode {
            Mode::Fullscreen => no_pointer(view),
            Mode::Windowed(_) => view,
        }
    }

    fn subscription(&self) -> Subscription<AppMessage> {
        let shown = self.display().while_shown().with(self.generation());

        Subscription::batch([
            window::events().map(AppMessage::Window),
            window::signals().map(AppMessage::Window),
            sight::changes().map(|()| AppMessage::Window(Message::Sight)),
            shown.map(|(generation, message)| AppMessage::Display(generation, message)),
        ])
    }
}
