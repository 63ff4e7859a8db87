//! The monitors of an X server, and a window that fills one of them, with or without a window manager.

mod fitness;
mod scale;

use std::io::ErrorKind::{BrokenPipe, ConnectionReset, UnexpectedEof};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use iced::{Point, Size};
use x11rb::connection::{Connection, RequestConnection};
use x11rb::errors::{ConnectError, ReplyError};
use x11rb::protocol::dpms::{self, ConnectionExt as _, DPMSMode};
use x11rb::protocol::randr::{self, ConnectionExt as _};
use x11rb::protocol::screensaver::{self, ConnectionExt as _};
use x11rb::protocol::xproto::{
    self, ClientMessageEvent, ConfigureWindowAux, ConnectionExt as _, EventMask, InputFocus,
    ScreenSaver,
};
use x11rb::rust_connection::RustConnection;

use super::{Desktop, Monitor, NoScreen};

#[derive(Debug, Clone)]
pub(super) struct Server {
    /// The connection is held as long as the window. Without a client, the X server would reset itself before the
    /// window opens.
    connection: Arc<RustConnection>,
    root: xproto::Window,
}

/// Connects to the X server. After its last client has gone, a server resets itself, and meanwhile refuses
/// clients. This can happen between two sales.
fn connect() -> Result<(RustConnection, usize), ConnectError> {
    const TRIES: u32 = 10;
    const PAUSE: Duration = Duration::from_millis(30);
    let turned_away = [ConnectionReset, BrokenPipe, UnexpectedEof];
    for _ in 1..TRIES {
        match x11rb::connect(None) {
            Err(ConnectError::IoError(error)) if turned_away.contains(&error.kind()) => {
                thread::sleep(PAUSE);
            }
            done => return done,
        }
    }

    x11rb::connect(None)
}

impl Desktop {
    /// Finds the monitor named `wanted`, or the primary one, on the server at `place`. Checks that a window can be
    /// opened there.
    pub(super) fn find(wanted: Option<&str>, place: &str) -> Result<Self, NoScreen> {
        let unreachable = |cause: String| NoScreen::Unreachable {
            place: place.to_owned(),
            cause,
        };
        let (connection, screen) = connect().map_err(|error| unreachable(error.to_string()))?;
        let Some(screen) = connection.setup().roots.get(screen) else {
            return Err(unreachable("it has no such screen".to_owned()));
        };
        fitness::check(&connection, screen, place)?;
        let root = screen.root;
        let infos = infos(&connection, screen);
        let names = names(&connection, &infos).map_err(|error| unreachable(error.to_string()))?;
        let scale = scale::of(&connection, root, &infos)?;
        let primary = infos.iter().position(|info| info.primary).unwrap_or(0);
        let monitors: Vec<_> = infos
            .into_iter()
            .zip(names)
            .map(|(info, name)| Monitor {
                name,
                position: Point::new(info.x, info.y),
                size: Size::new(info.width, info.height),
            })
            .collect();
        let chosen = match wanted {
            Some(wanted) => monitors.iter().find(|monitor| monitor.name == wanted),
            None => monitors.get(primary),
        };
        let Some(chosen) = chosen.cloned() else {
            return Err(NoScreen::NoSuchMonitor {
                wanted: wanted.unwrap_or_default().to_owned(),
                monitors,
            });
        };

        Ok(Self {
            monitors,
            chosen,
            scale,
            server: Server {
                connection: Arc::new(connection),
                root,
            },
        })
    }
}

impl Server {
    /// Makes `window` fill the monitor. Asks the window manager for full screen, which uses the monitor on which
    /// the window is; the window library's full screen would use the monitor of the pointer.
    pub(super) fn fill(&self, window: u64, monitor: &Monitor) -> Result<(), ReplyError> {
        const ADD: u32 = 1;
        const FROM_AN_APPLICATION: u32 = 1;
        // X numbers have 32 bits.
        let Ok(window) = xproto::Window::try_from(window) else {
            return Ok(());
        };
        let Monitor { position, size, .. } = monitor;
        let bounds = ConfigureWindowAux::new()
            .x(i32::from(position.x))
            .y(i32::from(position.y))
            .width(u32::from(size.width))
            .height(u32::from(size.height));
        self.connection.configure_window(window, &bounds)?;

        let state = self.atom(b"_NET_WM_STATE")?;
        let full_screen = self.atom(b"_NET_WM_STATE_FULLSCREEN")?;
        let data = [ADD, full_screen, 0, FROM_AN_APPLICATION, 0];
        self.connection.send_event(
            false,
            self.root,
            EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY,
            ClientMessageEvent::new(32, window, state, data),
        )?;
        // Without a window manager, only this request gives the window the keyboard. With a window manager, the
        // request fails if the window is not mapped yet; then the window manager decides.
        self.connection
            .set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME)?
            .ignore_error();
        self.connection.flush()?;

        Ok(())
    }

    /// Wakes the screen, and keeps it on while the connection is open. If the connection ends, even after a crash,
    /// the server goes back to its settings.
    pub(super) fn keep_awake(&self) -> Result<(), ReplyError> {
        let connection = &self.connection;
        connection.force_screen_saver(ScreenSaver::RESET)?.check()?;
        if self.has(dpms::X11_EXTENSION_NAME)? {
            let power = connection.dpms_info()?.reply()?;
            if power.state && power.power_level != DPMSMode::ON {
                connection.dpms_force_level(DPMSMode::ON)?.check()?;
            }
        }
        if self.has(screensaver::X11_EXTENSION_NAME)? {
            // This request also keeps the monitor from being switched off.
            connection.screensaver_suspend(1)?.check()?;
        } else {
            tracing::info!("this X server cannot be asked to keep the screen awake");
        }

        Ok(())
    }

    /// Lets the screen go dark again, by the settings of the server.
    pub(super) fn let_sleep(&self) -> Result<(), ReplyError> {
        if self.has(screensaver::X11_EXTENSION_NAME)? {
            self.connection.screensaver_suspend(0)?.check()?;
        }

        Ok(())
    }

    fn has(&self, extension: &'static str) -> Result<bool, ReplyError> {
        Ok(self.connection.extension_information(extension)?.is_some())
    }

    fn atom(&self, name: &[u8]) -> Result<xproto::Atom, ReplyError> {
        Ok(self.connection.intern_atom(false, name)?.reply()?.atom)
    }
}

/// Returns the server's monitors. If the server has none, returns one monitor as large as the whole screen.
fn infos(connection: &RustConnection, screen: &xproto::Screen) -> Vec<randr::MonitorInfo> {
    const ACTIVE: bool = true;
    let monitors = connection
        .randr_get_monitors(screen.root, ACTIVE)
        .ok()
        .and_then(|cookie| cookie.reply().ok())
        .map(|reply| reply.monitors)
        .unwrap_or_default();
    if !monitors.is_empty() {
        return monitors;
    }

    vec![randr::MonitorInfo {
        width: screen.width_in_pixels,
        height: screen.height_in_pixels,
        width_in_millimeters: screen.width_in_millimeters.into(),
        height_in_millimeters: screen.height_in_millimeters.into(),
        ..randr::MonitorInfo::default()
    }]
}

/// Returns the names of the monitors. All requests are sent before the first answer is read.
fn names(
    connection: &RustConnection,
    infos: &[randr::MonitorInfo],
) -> Result<Vec<String>, ReplyError> {
    const NAMELESS: &str = "screen";
    let asked = infos
        .iter()
        .map(|info| match info.name {
            x11rb::NONE => Ok(None),
            name => connection.get_atom_name(name).map(Some),
        })
        .collect::<Result<Vec<_>, _>>()?;

    asked
        .into_iter()
        .map(|asked| match asked {
            Some(cookie) => Ok(String::from_utf8_lossy(&cookie.reply()?.name).into_owned()),
            None => Ok(NAMELESS.to_owned()),
        })
        .collect()
}
