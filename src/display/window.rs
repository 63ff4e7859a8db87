//! The window's own affairs: opening, size, keys, signals.

mod no_pointer;
mod zoom;

use std::sync::Arc;
use std::time::Instant;

use iced::window::{self, Id};
use iced::{Event, Subscription, Task, event, mouse, touch};

use super::ahead::{self, Executor};
use super::salvage::{self, Breakdown, Salvage, Slot};
use super::{Display, Element, KeyEvent, Message, Mode, Screen, Setup, fonts};
use crate::effects::HeadStart;
use crate::logo::Logo;
use crate::sale::{Command, Sale};
use crate::signals::asked_to_end;
use crate::timing;
pub(super) use no_pointer::no_pointer;
use zoom::zoom;

/// The name that window managers and kiosk compositors know the window by.
const APPLICATION_ID: &str = "patron-display";

/// Opens the window on `screen` and runs the sale to its end; `keep_awake`: with the screen on. Where the
/// window library gives up, the sale is ended without a window; where it ends the process, `at_exit` answers
/// with the exit code.
///
/// # Errors
///
/// Why the window library gave up.
pub fn run(
    setup: Setup,
    screen: &Screen,
    keep_awake: bool,
    at_exit: impl FnOnce(Breakdown) -> u8 + Send + 'static,
) -> Result<(), Breakdown> {
    let settings = settings(setup.mode, screen);
    let screen = screen.clone();
    let ahead = ahead::begin(&setup);
    let slot = Slot::default();
    // Until there is a display that could leave it.
    slot.put(ahead.clone().map(|ahead| Salvage {
        effects: setup.effects.clone(),
        sale: Sale::new(setup.rules.clone(), setup.timing),
        under_way: None,
        ahead: Some(ahead),
        caller: None,
    }));
    if let Some(ahead) = ahead.clone() {
        salvage::watch(ahead, setup.effects.clone());
    }
    let left = slot.clone();
    let boot = move || {
        Shown::new(
            setup.clone(),
            ahead.clone(),
            screen.clone(),
            keep_awake,
            slot.clone(),
        )
    };

    salvage::run(&left, at_exit, || open(boot, settings))
}

fn open(
    boot: impl Fn() -> (Shown, Task<Message>) + 'static,
    settings: window::Settings,
) -> iced::Result {
    iced::application(boot, Shown::update, Shown::view)
        .window(settings)
        .default_font(super::look::FONT)
        .title(|shown: &Shown| shown.display.title())
        .scale_factor(|shown| shown.zoom)
        .subscription(|shown| shown.display.subscription())
        .theme(|_: &Shown| iced::Theme::Light)
        .style(|shown, _| shown.display.style())
        .executor::<Executor>()
        .run()
}

/// The display on its screen.
#[derive(Debug)]
struct Shown {
    display: Display,
    screen: Screen,
    keep_awake: bool,
    /// The part of the scale factor that is the display's own.
    zoom: f32,
    /// Whether words can be drawn at once.
    has_fonts: bool,
    /// Whether words have been drawn. Until then a code does not wait for them.
    has_words: bool,
    /// Where the sale is left if the window goes before it has ended.
    slot: Slot,
}

impl Shown {
    fn new(
        setup: Setup,
        ahead: Option<HeadStart>,
        screen: Screen,
        keep_awake: bool,
        slot: Slot,
    ) -> (Self, Task<Message>) {
        timing::reached("window library ready");
        let logo = logo(&setup);
        let (display, first) = match ahead {
            Some(ahead) => Display::behind(setup, ahead),
            None => Display::new(setup),
        };
        let mut shown = Self {
            display,
            screen,
            keep_awake,
            zoom: 1.0,
            has_fonts: false,
            has_words: false,
            slot,
        };
        shown.look_for_words();
        shown.slot.put(shown.display.salvage(None));
        let fonts = Task::future(fonts::looked_through()).map(|()| Message::Fonts);

        (shown, Task::batch([first, fonts, logo]))
    }

    fn update(&mut self, message: Message) -> Task<Message> {
        self.has_fonts |= matches!(message, Message::Fonts);
        let task = self.take(message);
        self.slot.put(self.display.salvage(None));
        self.look_for_words();

        task
    }

    /// Words come when they can be drawn and do not hold up a code.
    fn look_for_words(&mut self) {
        if !self.display.hurries() {
            fonts::look();
            self.has_words |= self.has_fonts;
        }
    }

    fn take(&mut self, message: Message) -> Task<Message> {
        match message {
            Message::Opened(id) => {
                timing::reached("window opened");

                Task::batch([
                    self.display.update(Message::Opened(id)),
                    window::scale_factor(id).map(Message::Rescaled),
                    opened(id, &self.screen, self.display.mode, self.keep_awake),
                ])
            }
            Message::Rescaled(scale_factor) => {
                self.zoom = zoom_on(&self.screen, self.display.mode, scale_factor);

                self.display
                    .update(Message::Rescaled(scale_factor * self.zoom))
            }
            message => self.display.update(message),
        }
    }

    /// Nobody at a counter points with a mouse, and a pointer over the code would cost reads.
    fn view(&self) -> Element<'_, Message> {
        let view = || {
            if self.has_words {
                self.display.view()
            } else {
                self.display.view_without_words()
            }
        };

        timing::step("view", || match self.display.mode {
            Mode::Fullscreen => no_pointer(view()),
            Mode::Windowed(_) => view(),
        })
    }
}

/// Waits for the shop's logo where that is not drawn yet: nothing else may make the screen look again.
pub(super) fn logo(setup: &Setup) -> Task<Message> {
    let unready = |logo: &Arc<Logo>| !logo.is_ready();
    let Some(logo) = setup.appearance.shop_logo.clone().filter(unready) else {
        return Task::none();
    };

    Task::future(async move { logo.settled().await }).map(|()| Message::Logo)
}

/// What the display's own part of the scale factor is on this screen, by the device pixels that are
/// filled. A window of its own size has what it was given.
pub(super) fn zoom_on(screen: &Screen, mode: Mode, scale_factor: f32) -> f32 {
    let room = screen.size().filter(|_| mode == Mode::Fullscreen);

    room.map_or(1.0, |room| zoom(room, scale_factor))
}

/// What is asked of the display server once the window is open, so that the first frame need
/// not wait for it. X11 can lose full screen at start-up, so that is asked for here.
pub(super) fn opened<M: Send + 'static>(
    id: Id,
    screen: &Screen,
    mode: Mode,
    keep_awake: bool,
) -> Task<M> {
    let screen = screen.clone();
    let fills = mode == Mode::Fullscreen;

    window::raw_id::<M>(id)
        .then(move |window| {
            let screen = screen.clone();

            Task::future(async move {
                if fills {
                    screen.fill(window);
                }
                if keep_awake {
                    screen.keep_awake();
                }
            })
        })
        .discard()
}

pub(super) fn settings(mode: Mode, screen: &Screen) -> window::Settings {
    let settings = window::Settings {
        // A closed window is not a cancelled payment: the sale is asked first.
        exit_on_close_request: false,
        platform_specific: platform(),
        ..window::Settings::default()
    };

    match (mode, screen.place()) {
        // Without a window manager nobody makes the window larger than it opens.
        (Mode::Fullscreen, Some((position, size))) => window::Settings {
            decorations: false,
            position: window::Position::Specific(position),
            size,
            ..settings
        },
        (Mode::Fullscreen, None) => window::Settings {
            decorations: false,
            fullscreen: true,
            ..settings
        },
        (Mode::Windowed(size), _) => window::Settings { size, ..settings },
    }
}

#[cfg(target_os = "linux")]
fn platform() -> window::settings::PlatformSpecific {
    window::settings::PlatformSpecific {
        application_id: APPLICATION_ID.to_owned(),
        ..window::settings::PlatformSpecific::default()
    }
}

#[cfg(not(target_os = "linux"))]
fn platform() -> window::settings::PlatformSpecific {
    window::settings::PlatformSpecific::default()
}

/// Keys, taps, the scale, and the wish to close: nothing else, since every message costs a redraw.
pub(super) fn events() -> Subscription<Message> {
    event::listen_with(|event, _status, id| match event {
        Event::Keyboard(event) => KeyEvent::read(event, Instant::now()).map(Message::Key),
        Event::InputMethod(event) => KeyEvent::committed(event, Instant::now()).map(Message::Key),
        Event::Mouse(mouse::Event::ButtonPressed(mouse::Button::Left))
        | Event::Touch(touch::Event::FingerPressed { .. }) => {
            Some(Message::Touched(Some(Instant::now())))
        }
        Event::Mouse(mouse::Event::ButtonReleased(mouse::Button::Left))
        | Event::Touch(touch::Event::FingerLifted { .. } | touch::Event::FingerLost { .. }) => {
            Some(Message::Touched(None))
        }
        Event::Window(event) => match event {
            window::Event::Opened { .. } => Some(Message::Opened(id)),
            window::Event::Focused => Some(Message::Focused),
            window::Event::Rescaled(scale_factor) => Some(Message::Rescaled(scale_factor)),
            window::Event::CloseRequested => Some(Message::Asked(Command::Leave)),
            _ => None,
        },
        _ => None,
    })
}

/// The system asks the program to end.
pub(super) fn signals() -> Subscription<Message> {
    Subscription::run(|| iced::futures::stream::once(asked_to_end()))
        .map(|()| Message::Asked(Command::Leave))
}
