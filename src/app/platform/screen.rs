//! Looks for a screen before the window opens, because the window library panics without one. The first frame fits
//! if the size of the screen is known by then.

#[cfg(target_os = "linux")]
mod libraries;
#[cfg(target_os = "linux")]
mod wayland;
#[cfg(target_os = "linux")]
mod x11;

#[cfg(target_os = "linux")]
use std::{sync::mpsc, thread, time::Duration};

use std::fmt;

use iced::{Point, Rectangle, Size};
use thiserror::Error;
#[cfg(target_os = "linux")]
use x11rb::errors::ReplyError;

/// A screen on which a window can be opened.
#[derive(Debug, Clone)]
pub struct Screen {
    /// The X server's monitors; `None` if the display server places the windows itself.
    desktop: Option<Desktop>,
}

/// The monitors of an X server, and the chosen one.
#[derive(Debug, Clone)]
#[cfg_attr(not(target_os = "linux"), allow(dead_code))]
struct Desktop {
    monitors: Vec<Monitor>,
    chosen: Monitor,
    /// The number of device pixels in a logical one, as predicted before the window opens.
    scale: f32,
    #[cfg(target_os = "linux")]
    server: x11::Server,
}

/// A monitor, in device pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Monitor {
    /// The system's name for the monitor, such as `HDMI-1`.
    pub name: String,
    /// The position of its left upper corner on the screen that all monitors form together.
    pub position: Point<i16>,
    /// The width and height of the monitor.
    pub size: Size<u16>,
}

impl Monitor {
    fn place(&self) -> Rectangle {
        let Size { width, height } = self.size;

        Rectangle {
            x: self.position.x.into(),
            y: self.position.y.into(),
            width: width.into(),
            height: height.into(),
        }
    }
}

impl fmt::Display for Monitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Size { width, height } = self.size;

        write!(f, "{:?} ({width}x{height})", self.name)
    }
}

/// The reason why a window cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoScreen {
    /// No variable names a display server.
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
        /// The address of the server.
        place: String,
        /// The reason why the server does not answer.
        cause: String,
    },
    /// The Wayland compositor cannot be used.
    #[error(
        "{variable} is {value:?}, and no Wayland compositor can be used there ({cause}); start it within \
         the session, or correct or remove the variable"
    )]
    Compositor {
        /// The variable that names the compositor.
        variable: &'static str,
        /// The value of the variable.
        value: String,
        /// The reason why the compositor cannot be used.
        cause: String,
    },
    /// A shared library cannot be loaded.
    #[error(
        "the window needs {library}, which cannot be loaded ({cause}); install it (Debian: \
         apt-get install {package})"
    )]
    Library {
        /// The file name of the library.
        library: &'static str,
        /// The Debian package of the library.
        package: &'static str,
        /// The reason why the library cannot be loaded.
        cause: String,
    },
    /// The X server lacks an extension.
    #[error(
        "the X server at {place} does not have the extension {extension}, which the window needs; start \
         the server without an option that switches it off, or use a newer one"
    )]
    Extension {
        /// The address of the server.
        place: String,
        /// The extension's name, with the oldest sufficient version.
        extension: &'static str,
    },
    /// The pixel format of the screen differs from that of a frame.
    #[error(
        "the X server at {place} has {has}, and nothing can be shown on it; start it with a color depth of \
         24 (Xorg: DefaultDepth 24; Xvfb: -screen 0 1280x800x24)"
    )]
    Pixels {
        /// The address of the server.
        place: String,
        /// The format that the screen has.
        has: String,
    },
    /// A setting would make the window library panic.
    #[error("{name} is {value:?}; write {wanted}, or remove it")]
    Setting {
        /// The variable or X resource.
        name: &'static str,
        /// The current value.
        value: String,
        /// A description of valid values.
        wanted: &'static str,
    },
    /// No monitor has the configured name.
    #[error(
        "there is no monitor {wanted:?}, which \"monitor\" under [display] asks for; there is {}; \
         plug it in, name another one, or remove the line to fill the primary one",
        list(.monitors)
    )]
    NoSuchMonitor {
        /// The configured name.
        wanted: String,
        /// The available monitors.
        monitors: Vec<Monitor>,
    },
}

impl Screen {
    /// Returns the size of the chosen monitor in device pixels, if the display server reports it before a window
    /// opens.
    pub fn size(&self) -> Option<Size> {
        let Size { width, height } = self.monitor()?.size;

        Some(Size::new(width.into(), height.into()))
    }

    /// Returns the size of all monitors together in logical pixels, if the display server reports it before a
    /// window opens.
    pub fn whole(&self) -> Option<Size> {
        let desktop = self.desktop.as_ref()?;
        let monitors = desktop.monitors.iter();
        let whole = monitors.map(Monitor::place).reduce(|a, b| a.union(&b))?;

        Some(Size::new(
            (whole.x + whole.width) / desktop.scale,
            (whole.y + whole.height) / desktop.scale,
        ))
    }

    /// Returns the number of device pixels in a logical one, if the display server reports it before a window
    /// opens.
    pub fn scale(&self) -> Option<f32> {
        self.desktop.as_ref().map(|desktop| desktop.scale)
    }

    /// Returns the chosen monitor, if the display server allows a choice.
    pub fn monitor(&self) -> Option<&Monitor> {
        self.desktop.as_ref().map(|desktop| &desktop.chosen)
    }

    /// Returns the monitors to choose from; empty if the system chooses.
    pub fn monitors(&self) -> &[Monitor] {
        self.desktop
            .as_ref()
            .map_or(&[], |desktop| &desktop.monitors)
    }

    /// Returns the place of a window that fills the monitor, in logical pixels; `None` if the display server
    /// places the window.
    pub(in crate::app) fn place(&self) -> Option<Rectangle> {
        let desktop = self.desktop.as_ref()?;

        Some(desktop.chosen.place() * (1.0 / desktop.scale))
    }
}

#[cfg(target_os = "linux")]
impl Screen {
    /// Looks for a screen: the monitor named `wanted`, or the primary one. A Wayland compositor places windows
    /// itself, so there `wanted` is ignored.
    ///
    /// # Errors
    ///
    /// If there is no screen, its server does not answer, a setting or library is unusable, or no monitor has that
    /// name.
    pub fn find(wanted: Option<&str>) -> Result<Self, NoScreen> {
        if wayland::is_asked_for() {
            wayland::check()?;
            if let Some(wanted) = wanted {
                tracing::warn!(wanted, "the Wayland compositor chooses the monitor");
            }

            return Ok(Self { desktop: None });
        }
        let place = std::env::var_os("DISPLAY").filter(|place| !place.is_empty());
        let place = place
            .ok_or(NoScreen::Nowhere)?
            .to_string_lossy()
            .into_owned();
        libraries::for_x11()?;
        let (wanted, at) = (wanted.map(str::to_owned), place.clone());
        let found = within(move || Desktop::find(wanted.as_deref(), &at));
        let desktop = found.unwrap_or_else(|| {
            let cause = "it took no notice for three seconds".to_owned();

            Err(NoScreen::Unreachable { place, cause })
        });

        Ok(Self {
            desktop: Some(desktop?),
        })
    }

    /// Returns the variables that would lead the window library to an unusable Wayland compositor, with the
    /// reasons. The list is empty if there is no X server to use instead. Only the variables decide which server
    /// the window library uses, so the program must start again without them.
    pub(crate) fn misleading_variables() -> Vec<(&'static str, NoScreen)> {
        wayland::misleading()
    }

    /// Makes the open window with the number `window` fill the monitor.
    pub(in crate::app) fn fill(&self, window: u64) {
        self.ask("the window may not fill the screen", |desktop| {
            desktop.server.fill(window, &desktop.chosen)
        });
    }

    /// Wakes the screen, and keeps it on until this value and its clones are dropped. A Wayland compositor follows
    /// its own settings instead.
    pub(in crate::app) fn keep_awake(&self) {
        self.ask("the screen may go dark", |desktop| {
            desktop.server.keep_awake()
        });
    }

    /// Lets the screen go dark again.
    pub(in crate::app) fn let_sleep(&self) {
        self.ask("the screen may stay awake", |desktop| {
            desktop.server.let_sleep()
        });
    }

    /// Sends a request to the X server, if there is one. Logs `consequence` if the server refuses.
    fn ask(&self, consequence: &str, request: impl FnOnce(&Desktop) -> Result<(), ReplyError>) {
        if let Some(Err(error)) = self.desktop.as_ref().map(request) {
            tracing::warn!(%error, "{consequence}");
        }
    }
}

/// Runs `work` on its own thread, so that a hanging display server does not hang the program. Returns `None` after
/// a timeout.
#[cfg(target_os = "linux")]
fn within<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    const PATIENCE: Duration = Duration::from_secs(3);
    let (tell, told) = mpsc::channel();
    let thread = thread::Builder::new().name("screen".to_owned());
    let spawned = thread.spawn(move || {
        // Sending fails only if there is no receiver, and then the program is about to end.
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
    /// Never on this system.
    pub fn find(wanted: Option<&str>) -> Result<Self, NoScreen> {
        if let Some(wanted) = wanted {
            tracing::warn!(wanted, "the monitor cannot be chosen on this system");
        }

        Ok(Self { desktop: None })
    }

    /// Does nothing: the window library makes the window full screen.
    pub(in crate::app) fn fill(&self, _window: u64) {}

    /// Does nothing: the settings of the system decide whether the screen stays on.
    pub(in crate::app) fn keep_awake(&self) {}

    pub(in crate::app) fn let_sleep(&self) {}
}

/// Returns a sentence with the names of the monitors.
fn list(monitors: &[Monitor]) -> String {
    let names: Vec<_> = monitors.iter().map(Monitor::to_string).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => "none".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn monitors_are_listed_in_a_sentence() {
        let monitor = |name: &str, width, height| Monitor {
            name: name.to_owned(),
            position: Point::new(0, 0),
            size: Size::new(width, height),
        };
        let monitors = [
            monitor("eDP-1", 1280, 800),
            monitor("HDMI-1", 1920, 1080),
            monitor("DP-2", 1080, 1920),
        ];
        assert_eq!(list(&[]), "none");
        assert_eq!(list(&monitors[..1]), r#""eDP-1" (1280x800)"#);
        assert_eq!(
            list(&monitors),
            r#""eDP-1" (1280x800), "HDMI-1" (1920x1080) and "DP-2" (1080x1920)"#
        );
    }
}
