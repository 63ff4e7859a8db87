//! An X server's monitors, and a window that fills one of them with a window manager or without.

mod fitness;
mod scale;

use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use iced::{Point, Size};
use x11rb::connection::Connection;
use x11rb::errors::{ConnectError, ReplyError};
use x11rb::protocol::randr::{self, ConnectionExt as _};
use x11rb::protocol::xproto::{
    self, ClientMessageEvent, ConfigureWindowAux, ConnectionExt as _, EventMask, InputFocus,
};
use x11rb::rust_connection::RustConnection;

use super::{Monitor, NoScreen};

/// The monitors of an X server, one of them chosen.
#[derive(Debug, Clone)]
pub(super) struct Desktop {
    /// Held as long as the window: an X server without clients would reset itself before it opens.
    connection: Arc<RustConnection>,
    root: xproto::Window,
    monitors: Vec<Monitor>,
    chosen: Monitor,
    /// Device pixels to a logical pixel, as far as it can be known before the window opens.
    scale: f32,
}

/// A server whose last client has gone resets itself, and turns away whoever comes in that moment: the
/// next sale, say, right after the last.
fn connect() -> Result<(RustConnection, usize), ConnectError> {
    const TRIES: u32 = 10;
    const PAUSE: Duration = Duration::from_millis(30);
    for _ in 1..TRIES {
        match x11rb::connect(None) {
            Err(ConnectError::IoError(error)) if is_turned_away(&error) => thread::sleep(PAUSE),
            done => return done,
        }
    }

    x11rb::connect(None)
}

fn is_turned_away(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::UnexpectedEof
    )
}

impl Desktop {
    /// The monitor of this name, or the primary one, on the server at `place`, once it is certain that a
    /// window can be opened there.
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
            connection: Arc::new(connection),
            root,
            monitors,
            chosen,
            scale,
        })
    }

    pub(super) fn chosen(&self) -> &Monitor {
        &self.chosen
    }

    pub(super) fn monitors(&self) -> &[Monitor] {
        &self.monitors
    }

    pub(super) fn connection(&self) -> &RustConnection {
        &self.connection
    }

    /// Where the chosen monitor is and how large, in logical pixels.
    pub(super) fn place(&self) -> (Point, Size) {
        let Monitor { position, size, .. } = &self.chosen;
        let logical = |pixels: f32| pixels / self.scale;

        (
            Point::new(logical(position.x.into()), logical(position.y.into())),
            Size::new(logical(size.width.into()), logical(size.height.into())),
        )
    }

    /// Makes `window` fill the chosen monitor. With a window manager it is asked for full screen,
    /// which keeps to the monitor that a window is on. The window library would ask for it too, but
    /// on the monitor that the pointer happens to be on.
    pub(super) fn fill(&self, window: u64) -> Result<(), ReplyError> {
        const ADD: u32 = 1;
        const FROM_AN_APPLICATION: u32 = 1;
        // An X server's numbers have 32 bits.
        let Ok(window) = xproto::Window::try_from(window) else {
            return Ok(());
        };
        let Monitor { position, size, .. } = &self.chosen;
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
        // Without a window manager nobody else gives the window the keyboard. With one this fails
        // where the window is not mapped yet, and then it is the window manager's business.
        self.connection
            .set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME)?
            .ignore_error();
        self.connection.flush()?;

        Ok(())
    }

    fn atom(&self, name: &[u8]) -> Result<xproto::Atom, ReplyError> {
        Ok(self.connection.intern_atom(false, name)?.reply()?.atom)
    }
}

/// What the server says of its monitors; one as large as the whole screen where it says nothing.
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

/// Their names, asked for in one go.
fn names(
    connection: &RustConnection,
    infos: &[randr::MonitorInfo],
) -> Result<Vec<String>, ReplyError> {
    const NAMELESS: &str = "screen";
    let asked = infos
        .iter()
        .map(|info| {
            let is_named = info.name != x11rb::NONE;

            is_named
                .then(|| connection.get_atom_name(info.name))
                .transpose()
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
