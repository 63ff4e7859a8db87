//! The stand in a window.

use iced::Task;

use super::{Message, Stand, Start};
use crate::display::window::{logo, no_pointer, opened, settings, zoom_on};
use crate::display::{self, Element, Mode, Screen};

/// Opens the window on `screen` and stands until somebody closes it.
///
/// # Errors
///
/// When no window can be opened.
pub fn run(start: Start, screen: &Screen) -> iced::Result {
    let mode = start.idle.setup.mode;
    let settings = settings(mode, screen);
    let screen = screen.clone();

    iced::application(
        move || Shown::new(start.clone(), screen.clone()),
        Shown::update,
        Shown::view,
    )
    .window(settings)
    .default_font(display::look::FONT)
    .title(|shown: &Shown| shown.stand.title())
    .scale_factor(|shown| shown.zoom)
    .subscription(|shown| shown.stand.subscription())
    .theme(|_: &Shown| iced::Theme::Light)
    .style(|shown, _| shown.stand.style())
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
}

impl Shown {
    fn new(start: Start, screen: Screen) -> (Self, Task<Message>) {
        let mode = start.idle.setup.mode;
        let logo = logo(&start.idle.setup).map(Message::Window);
        let (mut stand, first) = Stand::new(start);
        stand.screen = Some(screen.clone());
        let shown = Self {
            stand,
            screen,
            mode,
            zoom: 1.0,
        };

        (shown, Task::batch([first, logo]))
    }

    fn update(&mut self, message: Message) -> Task<Message> {
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
