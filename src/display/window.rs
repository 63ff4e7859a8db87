//! The window's own affairs: opening, size, keys, signals.

use iced::keyboard::{self, Key};
use iced::window::{self, Id};
use iced::{Element, Event, Subscription, Task, event};

use super::no_pointer::no_pointer;
use super::zoom::zoom;
use super::{Display, Message, Mode, Screen, Setup};
use crate::sale::Command;

/// The name that window managers and kiosk compositors know the window by.
const APPLICATION_ID: &str = "patron-display";

/// Opens the window on `screen` and runs the sale to its end; `keep_awake`: with the screen on.
///
/// # Errors
///
/// When no window can be opened.
pub fn run(setup: Setup, screen: &Screen, keep_awake: bool) -> iced::Result {
    let mode = setup.mode;
    let settings = settings(mode, screen);
    let pixels = screen.size().filter(|_| mode == Mode::Fullscreen);
    let screen = screen.clone();

    iced::application(
        move || Display::new(setup.clone()),
        move |display: &mut Display, message| match message {
            Message::Opened(id) => {
                let opened = opened(id, mode, &screen, keep_awake);

                Task::batch([display.update(message), opened])
            }
            Message::Rescaled(scale_factor) => {
                display.zoom = pixels.map_or(1.0, |pixels| zoom(pixels, scale_factor));

                display.update(Message::Rescaled(scale_factor * display.zoom))
            }
            message => display.update(message),
        },
        view,
    )
    .window(settings)
    .default_font(super::look::FONT)
    .title(Display::title)
    .scale_factor(|display| display.zoom)
    .subscription(Display::subscription)
    .theme(|_: &Display| iced::Theme::Light)
    .style(|display, _| display.style())
    .run()
}

fn settings(mode: Mode, screen: &Screen) -> window::Settings {
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

/// Nobody at a counter points with a mouse, and a pointer over the code would cost reads.
fn view(display: &Display) -> Element<'_, Message> {
    match display.mode {
        Mode::Fullscreen => no_pointer(display.view()),
        Mode::Windowed(_) => display.view(),
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

/// What is asked of the display server once the window is open, so that the first frame need not
/// wait for it. X11 can lose full screen at start-up, so that is asked for here.
fn opened(id: Id, mode: Mode, screen: &Screen, keep_awake: bool) -> Task<Message> {
    let screen = screen.clone();

    window::raw_id::<Message>(id)
        .then(move |window| {
            let screen = screen.clone();

            Task::future(async move {
                if mode == Mode::Fullscreen {
                    screen.fill(window);
                }
                if keep_awake {
                    screen.keep_awake();
                }
            })
        })
        .discard()
}

/// Keys, the scale, and the wish to close: nothing else, since every message costs a redraw.
pub(super) fn events() -> Subscription<Message> {
    event::listen_with(|event, _status, id| match event {
        Event::Keyboard(keyboard::Event::KeyPressed { key, repeat, .. })
            if !repeat || matches!(key, Key::Named(keyboard::key::Named::Backspace)) =>
        {
            Some(Message::Key(key))
        }
        Event::Window(event) => match event {
            window::Event::Opened { .. } => Some(Message::Opened(id)),
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

#[cfg(unix)]
async fn asked_to_end() {
    use tokio::signal::unix::{SignalKind, signal};

    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(error) => {
            tracing::warn!(%error, "SIGTERM will end the program without a void");
            let _ = interrupt.await;
        }
    }
}

#[cfg(not(unix))]
async fn asked_to_end() {
    let _ = tokio::signal::ctrl_c().await;
}
