//! The stand in a window.

use iced::Task;

use super::{Message, Stand, Start};
use crate::display::ahead::Executor;
use crate::display::salvage::{self, Breakdown, Slot};
use crate::display::window::{logo, no_pointer, opened, settings, zoom_on};
use crate::display::{self, Element, Mode, Screen};

/// Opens the window on `screen` and stands until somebody closes it. Where the window library gives up, the
/// sale that it shows is ended without a window; where it ends the process, `at_exit` answers with the exit
/// code.
///
/// # Errors
///
/// Why the window library gave up.
pub fn run(
    start: Start,
    screen: &Screen,
    at_exit: impl FnOnce(Breakdown) -> u8 + Send + 'static,
) -> Result<(), Breakdown> {
    let mode = start.idle.setup.mode;
    let settings = settings(mode, screen);
    let screen = screen.clone();
    let slot = Slot::default();
    let left = slot.clone();
    let boot = move || Shown::new(start.clone(), screen.clone(), slot.clone());

    salvage::run(&left, at_exit, || open(boot, settings))
}

fn open(
    boot: impl Fn() -> (Shown, Task<Message>) + 'static,
    settings: iced::window::Settings,
) -> iced::Result {
    iced::application(boot, Shown::update, Shown::view)
        .window(settings)
        .default_font(display::look::FONT)
        .title(|shown: &Shown| shown.stand.title())
        .scale_factor(|shown| shown.zoom)
        .subscription(|shown| shown.stand.subscription())
        .theme(|_: &Shown| iced::Theme::Light)
        .style(|shown, _| shown.stand.style())
        // It is there after the window, for a caller who has to be told how the sale ended.
        .executor::<Executor>()
        .run()
}

/// The stand on its screen.
#[derive(Debug)]
struct Shown {
    stand: Stand,
    screen: Screen,
    mode: Mode,
    /// The part of the scale factor that is the display's own.
    zoom: f32,
    /// Where a sale is left if the window goes before it has ended.
    slot: Slot,
}

impl Shown {
    fn new(start: Start, screen: Screen, slot: Slot) -> (Self, Task<Message>) {
        let mode = start.idle.setup.mode;
        let logo = logo(&start.idle.setup).map(Message::Window);
        let (mut stand, first) = Stand::new(start);
        stand.screen = Some(screen.clone());
        let shown = Self {
            stand,
            screen,
            mode,
            zoom: 1.0,
            slot,
        };

        (shown, Task::batch([first, logo]))
    }

    fn update(&mut self, message: Message) -> Task<Message> {
        let task = self.take(message);
        self.slot.put(self.stand.salvage());

        task
    }

    fn take(&mut self, message: Message) -> Task<Message> {
        match message {
            Message::Window(display::Message::Opened(id)) => Task::batch([
                iced::window::scale_factor(id)
                    .map(|scale_factor| Message::Window(display::Message::Rescaled(scale_factor))),
                // Nobody looks at it yet.
                opened(id, &self.screen, self.mode, false),
            ]),
            Message::Window(display::Message::Rescaled(scale_factor)) => {
                self.zoom = zoom_on(&self.screen, self.mode, scale_factor);

                self.stand
                    .update(Message::Window(display::Message::Rescaled(
                        scale_factor * self.zoom,
                    )))
            }
            message => self.stand.update(message),
        }
    }

    fn view(&self) -> Element<'_, Message> {
        match self.mode {
            Mode::Fullscreen => no_pointer(self.stand.view()),
            Mode::Windowed(_) => self.stand.view(),
        }
    }
}
