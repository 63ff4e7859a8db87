//! Whether a window may have lost what was drawn into it.

use iced_runtime::window::raw_window_handle::{HasWindowHandle, RawWindowHandle};

#[cfg(target_os = "linux")]
use super::exposures::{Exposures, XId};
#[cfg(target_os = "linux")]
use super::plain::Filled;
#[cfg(target_os = "linux")]
use crate::timing;

/// What the display server does with the content of a window.
#[derive(Debug)]
pub(super) enum Losses {
    /// It keeps it.
    Never,
    /// It may lose it at any time: everything has to be drawn again whenever it asks for a frame.
    Unknown,
    /// It tells when it has lost it.
    #[cfg(target_os = "linux")]
    Told(Box<Exposures>),
}

impl Losses {
    /// Has the display server fill what is plain, where it can; whatever becomes of that, the frame has to
    /// follow.
    #[cfg(target_os = "linux")]
    pub(super) fn fill(&self, all: &[Filled]) {
        let Self::Told(server) = self else {
            return;
        };
        match server.fill(all) {
            Ok(()) => timing::reached("filled by the server"),
            Err(error) => tracing::warn!(%error, "the code comes with its frame"),
        }
    }

    pub(super) fn of(window: &impl HasWindowHandle) -> Self {
        match window.window_handle().map(|handle| handle.as_raw()) {
            Ok(RawWindowHandle::Wayland(_)) => Self::Never,
            #[cfg(target_os = "linux")]
            Ok(RawWindowHandle::Xlib(handle)) => {
                u32::try_from(handle.window).map_or(Self::Unknown, told)
            }
            #[cfg(target_os = "linux")]
            Ok(RawWindowHandle::Xcb(handle)) => told(handle.window.get()),
            _ => Self::Unknown,
        }
    }

    /// Whether anything may have been lost since this was last asked.
    pub(super) fn any(&mut self) -> bool {
        match self {
            Self::Never => false,
            Self::Unknown => true,
            #[cfg(target_os = "linux")]
            Self::Told(exposures) => exposures.any().unwrap_or_else(|error| {
                *self = unknown(error);

                true
            }),
        }
    }
}

#[cfg(target_os = "linux")]
fn told(window: XId) -> Losses {
    Exposures::of(window).map_or_else(unknown, |told| Losses::Told(Box::new(told)))
}

#[cfg(target_os = "linux")]
fn unknown(error: impl std::fmt::Display) -> Losses {
    tracing::warn!(%error, "the X server does not say what it has lost: every frame is drawn whole");

    Losses::Unknown
}
