//! Finds out whether a window may have lost its content.
//!
//! A window that was covered or not mapped comes back empty, and the X server asks the program to draw it again
//! with an `Expose` event. The window library turns the event into a request for a frame that looks like any
//! other. So a second connection receives these events, too.

use iced_runtime::window::raw_window_handle::{HasWindowHandle, RawWindowHandle};
#[cfg(target_os = "linux")]
use x11rb::{
    connection::Connection,
    errors::ReplyError,
    protocol::Event,
    protocol::xproto::{ChangeWindowAttributesAux, ConnectionExt, EventMask},
    rust_connection::RustConnection,
};

/// Reports whether the display server has lost the content of a window.
pub(super) enum LostFrames {
    /// The server keeps the content.
    Never,
    /// The server may lose the content at any time, so every frame is drawn whole.
    Unknown,
    /// The X server reports lost content on this connection.
    #[cfg(target_os = "linux")]
    Told(Box<RustConnection>),
}

impl LostFrames {
    pub(super) fn of(window: &impl HasWindowHandle) -> Self {
        #[cfg(target_os = "linux")]
        if let Some(window) = crate::app::platform::sight::x11_number(window) {
            return listen(window).map_or_else(unknown, |told| Self::Told(Box::new(told)));
        }
        match window.window_handle().map(|handle| handle.as_raw()) {
            Ok(RawWindowHandle::Wayland(_)) => Self::Never,
            _ => Self::Unknown,
        }
    }

    /// Whether the window may have lost content since the last call.
    pub(super) fn any(&mut self) -> bool {
        match self {
            Self::Never => false,
            Self::Unknown => true,
            #[cfg(target_os = "linux")]
            Self::Told(connection) => any_exposed(connection).unwrap_or_else(|error| {
                *self = unknown(error);

                true
            }),
        }
    }
}

/// Listens for the expose events of `window`. Each client selects its own events, so the window library still gets
/// its events.
#[cfg(target_os = "linux")]
fn listen(window: u32) -> Result<RustConnection, Box<dyn std::error::Error>> {
    let (connection, _) = x11rb::connect(None)?;
    let exposures = ChangeWindowAttributesAux::new().event_mask(EventMask::EXPOSURE);
    connection
        .change_window_attributes(window, &exposures)?
        .check()?;

    Ok(connection)
}

/// Whether there were expose events since the last call. The server answers a request after all earlier events, so
/// every event that the window library has seen by now is counted.
#[cfg(target_os = "linux")]
fn any_exposed(connection: &RustConnection) -> Result<bool, ReplyError> {
    connection.get_input_focus()?.reply()?;
    let mut any = false;
    while let Some(event) = connection.poll_for_event()? {
        any |= matches!(event, Event::Expose(_));
    }

    Ok(any)
}

#[cfg(target_os = "linux")]
fn unknown(error: impl std::fmt::Display) -> LostFrames {
    tracing::warn!(%error, "the X server does not say what it has lost: every frame is drawn whole");

    LostFrames::Unknown
}
