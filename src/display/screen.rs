//! The screen, looked for before a window is opened: without one the window library would end the
//! program with a panic, and with its size known the first frame already fits.

use iced::Size;
use thiserror::Error;

/// A screen that a window can be opened on.
#[derive(Debug)]
pub struct Screen {
    size: Option<Size>,
    /// Held until the window is there: an X server without clients would reset itself between.
    #[cfg(target_os = "linux")]
    _connection: Option<x11rb::rust_connection::RustConnection>,
}

/// Why there is no screen.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoScreen {
    /// Nothing says where a screen would be.
    #[error(
        "there is no screen: neither WAYLAND_DISPLAY nor DISPLAY is set; start it in a graphical \
         session, or see the demo without one: patron-display demo --headless"
    )]
    Nowhere,
    /// The display server does not answer.
    #[error(
        "the display server at {place} does not answer ({cause}); check that it runs and lets \
         this user in"
    )]
    Unreachable {
        /// Where it should be.
        place: String,
        /// Why it does not answer.
        cause: String,
    },
}

impl Screen {
    /// The primary monitor's size in device pixels, where the display server says so beforehand.
    pub fn size(&self) -> Option<Size> {
        self.size
    }

    /// Looks for a screen.
    ///
    /// # Errors
    ///
    /// When there is none, or its server does not answer.
    #[cfg(target_os = "linux")]
    pub fn find() -> Result<Self, NoScreen> {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        if set("WAYLAND_SOCKET").is_some() || set("WAYLAND_DISPLAY").is_some() {
            // A Wayland compositor sizes a full-screen window itself.
            return Ok(Self {
                size: None,
                _connection: None,
            });
        }
        let Some(place) = set("DISPLAY") else {
            return Err(NoScreen::Nowhere);
        };
        let (connection, screen) = x11rb::connect(None).map_err(|error| NoScreen::Unreachable {
            place: place.to_string_lossy().into_owned(),
            cause: error.to_string(),
        })?;

        Ok(Self {
            size: primary_monitor(&connection, screen),
            _connection: Some(connection),
        })
    }

    /// Looks for a screen.
    ///
    /// # Errors
    ///
    /// Never here: only where screens are optional there may be none.
    #[cfg(not(target_os = "linux"))]
    pub fn find() -> Result<Self, NoScreen> {
        Ok(Self { size: None })
    }
}

#[cfg(target_os = "linux")]
fn primary_monitor(connection: &impl x11rb::connection::Connection, screen: usize) -> Option<Size> {
    use x11rb::protocol::randr::ConnectionExt;

    let screen = connection.setup().roots.get(screen)?;
    let monitors = connection
        .randr_get_monitors(screen.root, true)
        .ok()
        .and_then(|cookie| cookie.reply().ok())
        .map(|reply| reply.monitors)
        .unwrap_or_default();
    let primary = monitors
        .iter()
        .find(|monitor| monitor.primary)
        .or(monitors.first());
    let (width, height) = primary.map_or(
        (screen.width_in_pixels, screen.height_in_pixels),
        |monitor| (monitor.width, monitor.height),
    );

    Some(Size::new(f32::from(width), f32::from(height)))
}
