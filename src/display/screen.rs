//! The screen, looked for before a window is opened: without one the window library would end the
//! program with a panic, and with its size known the first frame already fits.

#[cfg(target_os = "linux")]
mod awake;
mod monitor;
#[cfg(target_os = "linux")]
mod x11;

use iced::{Point, Size};
use thiserror::Error;

pub use monitor::Monitor;

/// A screen that a window can be opened on.
#[derive(Debug, Clone)]
pub struct Screen {
    /// Where the display server lets a program place its windows.
    #[cfg(target_os = "linux")]
    desktop: Option<x11::Desktop>,
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
    /// The monitor that was asked for is not there.
    #[error(
        "there is no monitor {wanted:?}, which \"monitor\" under [display] asks for; there is {}; \
         plug it in, name another one, or remove the line to fill the primary one",
        monitor::list(.monitors)
    )]
    NoSuchMonitor {
        /// What was asked for.
        wanted: String,
        /// Those there are.
        monitors: Vec<Monitor>,
    },
}

impl Screen {
    /// The width and height of the monitor that is filled, in device pixels, where the display
    /// server says so beforehand.
    pub fn size(&self) -> Option<Size> {
        let Size { width, height } = self.monitor()?.size;

        Some(Size::new(width.into(), height.into()))
    }

    /// Device pixels to a logical one, where the display server says so beforehand.
    pub fn scale(&self) -> Option<f32> {
        let (pixels, (_, logical)) = self.size().zip(self.place())?;

        (logical.width > 0.0).then(|| pixels.width / logical.width)
    }
}

#[cfg(target_os = "linux")]
impl Screen {
    /// Looks for a screen. With `wanted` it is the monitor of that name, otherwise the primary one.
    ///
    /// # Errors
    ///
    /// When there is none, its server does not answer, or no monitor has that name. A Wayland
    /// compositor is never asked for one: there, windows are placed by it alone.
    pub fn find(wanted: Option<&str>) -> Result<Self, NoScreen> {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        if set("WAYLAND_SOCKET").is_some() || set("WAYLAND_DISPLAY").is_some() {
            if let Some(wanted) = wanted {
                tracing::warn!(wanted, "the Wayland compositor chooses the monitor");
            }

            return Ok(Self { desktop: None });
        }
        let Some(place) = set("DISPLAY") else {
            return Err(NoScreen::Nowhere);
        };
        let unreachable = |cause: String| NoScreen::Unreachable {
            place: place.to_string_lossy().into_owned(),
            cause,
        };

        x11::Desktop::find(wanted, unreachable).map(|desktop| Self {
            desktop: Some(desktop),
        })
    }

    /// The monitor that is filled, where it can be chosen.
    pub fn monitor(&self) -> Option<&Monitor> {
        self.desktop.as_ref().map(x11::Desktop::chosen)
    }

    /// The monitors that can be chosen from; empty where the compositor chooses.
    pub fn monitors(&self) -> &[Monitor] {
        self.desktop.as_ref().map_or(&[], x11::Desktop::monitors)
    }

    /// Where a window has to open to fill the monitor, in logical pixels; `None` where it cannot
    /// say.
    pub(super) fn place(&self) -> Option<(Point, Size)> {
        self.desktop.as_ref().map(x11::Desktop::place)
    }

    /// Makes the open window, by the display server's number for it, fill the monitor.
    pub(super) fn fill(&self, window: u64) {
        let Some(desktop) = &self.desktop else {
            return;
        };
        if let Err(error) = desktop.fill(window) {
            tracing::warn!(%error, "the window may not fill the screen");
        }
    }

    /// Wakes the screen, and keeps it from going dark as long as this screen or a clone of it is
    /// held. A Wayland compositor is left to its own configuration.
    pub(super) fn keep_awake(&self) {
        let Some(desktop) = &self.desktop else {
            return;
        };
        if let Err(error) = awake::keep(desktop.connection()) {
            tracing::warn!(%error, "the screen may go dark");
        }
    }

    /// Lets the screen go dark again.
    pub(super) fn let_sleep(&self) {
        let Some(desktop) = &self.desktop else {
            return;
        };
        if let Err(error) = awake::release(desktop.connection()) {
            tracing::warn!(%error, "the screen may stay awake");
        }
    }
}

#[cfg(not(target_os = "linux"))]
impl Screen {
    /// Looks for a screen.
    ///
    /// # Errors
    ///
    /// Never here: only where screens are optional there may be none.
    pub fn find(wanted: Option<&str>) -> Result<Self, NoScreen> {
        if let Some(wanted) = wanted {
            tracing::warn!(wanted, "the monitor cannot be chosen on this system");
        }

        Ok(Self {})
    }

    /// The monitor that is filled, where it can be chosen.
    pub fn monitor(&self) -> Option<&Monitor> {
        None
    }

    /// The monitors that can be chosen from; empty where the system chooses.
    pub fn monitors(&self) -> &[Monitor] {
        &[]
    }

    /// Where a window has to open to fill the monitor: not known here.
    pub(super) fn place(&self) -> Option<(Point, Size)> {
        None
    }

    /// Full screen is left to the window library.
    pub(super) fn fill(&self, _window: u64) {}

    /// Left to the settings of the system.
    pub(super) fn keep_awake(&self) {}

    /// Left to the settings of the system.
    pub(super) fn let_sleep(&self) {}
}
