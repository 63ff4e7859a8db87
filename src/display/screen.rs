//! The screen, looked for before a window is opened: without one the window library would end the
//! program with a panic, and with its size known the first frame already fits.

#[cfg(target_os = "linux")]
mod awake;
#[cfg(target_os = "linux")]
mod libraries;
mod monitor;
#[cfg(target_os = "linux")]
mod wayland;
#[cfg(target_os = "linux")]
mod x11;

#[cfg(target_os = "linux")]
use std::{sync::mpsc, thread, time::Duration};

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
    /// The Wayland compositor cannot be used.
    #[error(
        "{variable} is {value:?}, and no Wayland compositor can be used there ({cause}); start it within \
         the session, or correct or remove the variable"
    )]
    Compositor {
        /// The variable that leads there.
        variable: &'static str,
        /// What it says.
        value: String,
        /// Why it cannot be used.
        cause: String,
    },
    /// A library that is opened at run time cannot be.
    #[error(
        "the window needs {library}, which cannot be loaded ({cause}); install it (Debian: \
         apt-get install {package})"
    )]
    Library {
        /// Its name.
        library: &'static str,
        /// The Debian package that has it.
        package: &'static str,
        /// Why it cannot be loaded.
        cause: String,
    },
    /// The X server lacks an extension.
    #[error(
        "the X server at {place} does not have the extension {extension}, which the window needs; start \
         the server without an option that switches it off, or use a newer one"
    )]
    Extension {
        /// Where the server is.
        place: String,
        /// The extension's name, with the oldest version that will do.
        extension: &'static str,
    },
    /// The pixels of the screen are not those of a frame.
    #[error(
        "the X server at {place} has {has}, and nothing can be shown on it; start it with a color depth of \
         24 (Xorg: DefaultDepth 24; Xvfb: -screen 0 1280x800x24)"
    )]
    Pixels {
        /// Where the server is.
        place: String,
        /// What it has.
        has: String,
    },
    /// A setting that the window library reads, and would panic over.
    #[error("{name} is {value:?}; write {wanted}, or remove it")]
    Setting {
        /// The variable, or the resource.
        name: &'static str,
        /// What it says.
        value: String,
        /// What it may say.
        wanted: &'static str,
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

    /// The width and height of all monitors together, in logical pixels, where the display server says so
    /// beforehand.
    pub fn whole(&self) -> Option<Size> {
        let monitors = self.monitors().iter();
        let (right, bottom) = monitors
            .map(|monitor| {
                let Monitor { position, size, .. } = monitor;

                (
                    f32::from(position.x) + f32::from(size.width),
                    f32::from(position.y) + f32::from(size.height),
                )
            })
            .reduce(|a, b| (a.0.max(b.0), a.1.max(b.1)))?;
        let scale = self.scale()?;

        Some(Size::new(right / scale, bottom / scale))
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
        if wayland::is_asked_for() {
            wayland::check()?;
            if let Some(wanted) = wanted {
                tracing::warn!(wanted, "the Wayland compositor chooses the monitor");
            }

            return Ok(Self { desktop: None });
        }
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let Some(place) = set("DISPLAY") else {
            return Err(NoScreen::Nowhere);
        };
        let place = place.to_string_lossy().into_owned();
        let unreachable = |cause: &str| NoScreen::Unreachable {
            place: place.clone(),
            cause: cause.to_owned(),
        };
        libraries::for_x11()?;
        let (wanted, at) = (wanted.map(str::to_owned), place.clone());
        let desktop = within(move || x11::Desktop::find(wanted.as_deref(), &at))
            .unwrap_or_else(|| Err(unreachable("it took no notice for three seconds")))?;

        Ok(Self {
            desktop: Some(desktop),
        })
    }

    /// The variables that would lead the window library to a Wayland compositor that cannot be used, where
    /// there may be an X server that can be; with the reason. It cannot be told in any other way, so the
    /// program has to be started without them.
    pub(crate) fn misleading_variables() -> Vec<(&'static str, NoScreen)> {
        wayland::misleading()
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

/// Does it on a thread of its own, so that a display server that hangs does not hang the program; `None`
/// where it takes too long.
#[cfg(target_os = "linux")]
fn within<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    const PATIENCE: Duration = Duration::from_secs(3);
    let (tell, told) = mpsc::channel();
    let thread = thread::Builder::new().name("screen".to_owned());
    let spawned = thread.spawn(move || {
        // Where nobody waits any more, the program is about to end.
        let _ = tell.send(work());
    });
    spawned.ok()?;

    told.recv_timeout(PATIENCE).ok()
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
