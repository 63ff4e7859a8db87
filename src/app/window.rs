//! The window: opening, size, keys and signals.

mod no_pointer;
pub(super) mod salvage;

use std::sync::Arc;
use std::time::Instant;

use iced::window::{self, Id};
use iced::{Event, Size, Subscription, Task, event, mouse, touch};

use crate::app::input::keys::KeyEvent;
use crate::app::message::{AppMessage, Message};
use crate::app::platform::screen::Screen;
use crate::app::setup::{Mode, Setup};
use crate::qr::Logo;
use crate::runtime::process::asked_to_end;
use crate::runtime::timing;
use crate::sale::Command;
pub(super) use no_pointer::no_pointer;
use salvage::Slot;

/// The application's window.
#[derive(Debug, Clone)]
pub(super) struct Window {
    pub(super) screen: Screen,
    /// Whether the screen stays on once the window is open.
    pub(super) keep_awake: bool,
    /// Keeps a copy of the sale, in case the window library panics or ends the process.
    pub(super) slot: Slot,
}

/// Waits until the shop's logo is drawn, because no other event would redraw the screen then.
pub(super) fn logo(setup: &Setup) -> Task<AppMessage> {
    let unready = |logo: &Arc<Logo>| !logo.is_ready();
    let Some(logo) = setup.appearance.shop_logo.clone().filter(unready) else {
        return Task::none();
    };

    Task::future(async move { logo.settled().await }).map(|()| AppMessage::Window(Message::Logo))
}

/// Returns the display's own part of the scale factor. Only in full screen it differs from 1.
pub(super) fn zoom_on(screen: &Screen, mode: Mode, scale_factor: f32) -> f32 {
    let room = screen.size().filter(|_| mode == Mode::Fullscreen);

    room.map_or(1.0, |room| zoom(room, scale_factor))
}

/// Asks the display server for what the first frame need not wait for. X11 can lose full screen at start-up, so
/// full screen is requested here.
pub(super) fn opened(id: Id, window: &Window, mode: Mode) -> Task<AppMessage> {
    timing::reached("window opened");
    let (screen, keep_awake) = (window.screen.clone(), window.keep_awake);
    let fills = mode == Mode::Fullscreen;
    let asked = window::raw_id::<AppMessage>(id)
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
        .discard();
    let scale = window::scale_factor(id)
        .map(|scale_factor| AppMessage::Window(Message::Rescaled(scale_factor)));

    Task::batch([scale, asked])
}

pub(super) fn settings(mode: Mode, screen: &Screen) -> window::Settings {
    let mut settings = window::Settings {
        // Closing the window does not cancel the payment, so the sale decides first.
        exit_on_close_request: false,
        decorations: mode != Mode::Fullscreen,
        ..window::Settings::default()
    };
    // Window managers and kiosk compositors know the window by this name.
    #[cfg(target_os = "linux")]
    "patron-display".clone_into(&mut settings.platform_specific.application_id);
    match (mode, screen.place()) {
        // Without a window manager, the window keeps the size with which it opens.
        (Mode::Fullscreen, Some(place)) => {
            settings.position = window::Position::Specific(place.position());
            settings.size = place.size();
        }
        (Mode::Fullscreen, None) => settings.fullscreen = true,
        (Mode::Windowed(size), _) => settings.size = size,
    }

    settings
}

/// The events that the application uses: keys, taps, the scale, focus, and requests to close. Other events are
/// left out, because every message costs a redraw.
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

/// Requests of the system to end the program.
pub(super) fn signals() -> Subscription<Message> {
    Subscription::run(|| iced::futures::stream::once(asked_to_end()))
        .map(|()| Message::Asked(Command::Leave))
}

/// The smallest screen for which the layouts are made, in logical pixels.
const SMALLEST: Size = Size::new(800.0, 480.0);

/// Returns a factor, 1 at most, that shrinks the layout to fit a screen of `pixels` device pixels. The display
/// server derives `scale_factor` from the density, even if that leaves too few logical pixels. With the factor, a
/// logical pixel is never smaller than a device pixel.
fn zoom(pixels: Size, scale_factor: f32) -> f32 {
    let long = pixels.width.max(pixels.height);
    let short = pixels.width.min(pixels.height);
    let largest = (long / SMALLEST.width).min(short / SMALLEST.height);

    (largest.max(1.0) / scale_factor).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_factor(pixels: (f32, f32), scale_factor: f32, left: f32) {
        let pixels = Size::new(pixels.0, pixels.1);
        let found = scale_factor * zoom(pixels, scale_factor);
        assert!((found - left).abs() < 1e-4, "{found}, not {left}");
    }

    #[test]
    fn roomy_screen_keeps_its_scale_factor() {
        assert_factor((1920.0, 1080.0), 1.0, 1.0);
        assert_factor((1920.0, 1080.0), 2.0, 2.0);
        assert_factor((1080.0, 1920.0), 2.0, 2.0);
        assert_factor((3840.0, 2160.0), 3.5, 3.5);
    }

    #[test]
    fn small_dense_screen_keeps_enough_room() {
        assert_factor((800.0, 480.0), 1.417, 1.0);
        assert_factor((480.0, 800.0), 2.0, 1.0);
        assert_factor((1024.0, 600.0), 2.0, 1.25);
        assert_factor((1280.0, 800.0), 2.0, 1.6);
    }

    #[test]
    fn even_smaller_screen_is_not_shrunk() {
        assert_factor((640.0, 480.0), 1.0, 1.0);
        assert_factor((640.0, 480.0), 1.5, 1.0);
    }
}
