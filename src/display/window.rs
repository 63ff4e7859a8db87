//! The window's own affairs: opening, size, keys, signals.

use iced::keyboard::{self, Key};
use iced::window::{self, Id};
use iced::{Event, Point, Subscription, Task, event};

use super::{Display, Message, Mode, Screen, Setup};
use crate::sale::Command;

/// The name that window managers and kiosk compositors know the window by.
const APPLICATION_ID: &str = "patron-display";

/// Opens the window on `screen` and runs the sale to its end.
///
/// # Errors
///
/// When no window can be opened.
pub fn run(setup: Setup, screen: &Screen) -> iced::Result {
    let mode = setup.mode;

    iced::application(
        move || Display::new(setup.clone()),
        Display::update,
        Display::view,
    )
    .window(settings(mode, screen))
    .default_font(super::look::FONT)
    .title(Display::title)
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

    match mode {
        Mode::Fullscreen => window::Settings {
            fullscreen: true,
            decorations: false,
            // Without a window manager nobody makes the window larger than it opens.
            size: screen.size().unwrap_or(settings.size),
            position: window::Position::Specific(Point::ORIGIN),
            ..settings
        },
        Mode::Windowed(size) => window::Settings { size, ..settings },
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

/// What to do once the window is open. X11 can lose full screen at start-up, so it is asked for
/// again; without a window manager the window is stretched over the monitor instead.
pub(super) fn opened(id: Id, mode: Mode) -> Task<Message> {
    let scale = window::scale_factor(id).map(Message::Rescaled);
    if mode != Mode::Fullscreen {
        return scale;
    }
    let stretch = window::monitor_size(id).and_then(move |monitor| {
        window::size(id).then(move |size| {
            if size == monitor {
                return Task::none();
            }

            Task::batch([
                window::move_to(id, Point::ORIGIN),
                window::resize(id, monitor),
            ])
        })
    });

    Task::batch([
        scale,
        window::set_mode(id, window::Mode::Fullscreen),
        stretch,
    ])
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
