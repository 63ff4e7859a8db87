//! Watches a window on an X server.
//!
//! The server reports whether a window is covered wholly, partly or not at all, but not by which window. The
//! covered part may be outside the code, so this module looks up the windows above a partly covered one. With a
//! compositing manager, the server reports every window as uncovered, and only the look-up shows whether it is.

use std::sync::Arc;
use std::thread;

use iced::{Point, Rectangle, Size, Vector};
use x11rb::connection::Connection;
use x11rb::errors::ReplyError;
use x11rb::protocol::xproto::{
    AtomEnum, ChangeWindowAttributesAux, ClientMessageEvent, ConfigureWindowAux, ConnectionExt,
    EventMask, MapState, StackMode, Visibility, Window as XId, WindowClass,
};
use x11rb::protocol::{ErrorKind, Event};
use x11rb::rust_connection::RustConnection;

use super::{WindowPlace, stands};

x11rb::atom_manager! {
    /// The properties and messages of window managers.
    Atoms: AtomsCookie {
        _NET_ACTIVE_WINDOW,
        _NET_CURRENT_DESKTOP,
        _NET_FRAME_EXTENTS,
        _NET_WM_DESKTOP,
        _NET_WM_STATE,
        _NET_WM_STATE_HIDDEN,
    }
}

/// A window that is watched until the process ends.
pub(super) struct Watched {
    server: Arc<WindowServer>,
}

struct WindowServer {
    connection: RustConnection,
    root: XId,
    window: XId,
    atoms: Atoms,
    /// The X selection whose owner is the compositing manager.
    compositing: u32,
}

impl Watched {
    /// Starts to watch `window`. Each client selects its own events, so the window library still gets its events.
    pub(super) fn begin(window: XId) -> Result<Self, Box<dyn std::error::Error>> {
        let (connection, number) = x11rb::connect(None)?;
        let screen = connection.setup().roots.get(number);
        let root = screen.ok_or("there is no such screen")?.root;
        let atoms = Atoms::new(&connection)?.reply()?;
        let compositing = format!("_NET_WM_CM_S{number}");
        let compositing = connection.intern_atom(false, compositing.as_bytes())?;
        let compositing = compositing.reply()?.atom;
        let listen = |window, mask| {
            let events = ChangeWindowAttributesAux::new().event_mask(mask);

            connection
                .change_window_attributes(window, &events)?
                .check()
        };
        listen(
            window,
            EventMask::STRUCTURE_NOTIFY | EventMask::VISIBILITY_CHANGE | EventMask::PROPERTY_CHANGE,
        )?;
        listen(
            root,
            EventMask::SUBSTRUCTURE_NOTIFY | EventMask::PROPERTY_CHANGE,
        )?;
        let server = Arc::new(WindowServer {
            connection,
            root,
            window,
            atoms,
            compositing,
        });
        let watching = Arc::clone(&server);
        thread::Builder::new()
            .name("window on the screen".to_owned())
            .spawn(move || watching.watch())?;

        Ok(Self { server })
    }

    pub(super) fn id(&self) -> XId {
        self.server.window
    }

    /// Maps the window, and moves it to the current workspace, above all others and wholly onto the screen.
    pub(super) fn raise(&self) -> Result<(), ReplyError> {
        const AS_A_PERSON_WOULD: u32 = 2;
        let WindowServer {
            connection,
            root,
            window,
            atoms,
            ..
        } = &*self.server;
        connection.map_window(*window)?.ignore_error();
        let tell = |message, data: [u32; 5]| {
            let event = ClientMessageEvent::new(32, *window, message, data);
            let managers = EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY;

            connection.send_event(false, *root, managers, event)
        };
        if let Some(desktop) = self.server.number(*root, atoms._NET_CURRENT_DESKTOP)? {
            let data = [desktop, AS_A_PERSON_WOULD, 0, 0, 0];
            tell(atoms._NET_WM_DESKTOP, data)?.ignore_error();
        }
        let data = [AS_A_PERSON_WOULD, x11rb::CURRENT_TIME, 0, 0, 0];
        tell(atoms._NET_ACTIVE_WINDOW, data)?.ignore_error();
        // Without a window manager, only this request raises the window.
        let above = ConfigureWindowAux::new().stack_mode(StackMode::ABOVE);
        connection.configure_window(*window, &above)?.ignore_error();
        if let Some(fitting) = self.server.fitting()? {
            connection
                .configure_window(*window, &fitting)?
                .ignore_error();
        }
        connection.flush()?;

        Ok(())
    }
}

impl WindowServer {
    /// Records the window's state after each change, until the window is gone.
    fn watch(&self) {
        let mut visibility = None;
        loop {
            let now = self
                .look(visibility)
                .inspect_err(|error| {
                    tracing::warn!(%error, "whether the window is covered is not known any more");
                })
                .ok();
            let is_over = matches!(now, None | Some(WindowPlace::Gone));
            stands(now.unwrap_or_default());
            if is_over {
                return;
            }
            let mut next = self.connection.wait_for_event().map(Some);
            // One change causes several events; a single look-up covers them all.
            while let Ok(Some(event)) = next {
                match event {
                    Event::VisibilityNotify(event) if event.window == self.window => {
                        visibility = Some(event.state);
                    }
                    Event::UnmapNotify(event) if event.window == self.window => visibility = None,
                    _ => {}
                }
                next = self.connection.poll_for_event();
            }
            if let Err(error) = next {
                tracing::warn!(%error, "whether the window is covered is not known any more");
                stands(WindowPlace::Untold);

                return;
            }
        }
    }

    fn look(&self, visibility: Option<Visibility>) -> Result<WindowPlace, ReplyError> {
        match self.found(visibility) {
            Err(ReplyError::X11Error(error))
                if matches!(error.error_kind, ErrorKind::Window | ErrorKind::Drawable) =>
            {
                // If the window that disappeared is another one, an event about it will follow.
                let is_own = error.bad_value == self.window;

                Ok(if is_own {
                    WindowPlace::Gone
                } else {
                    WindowPlace::Hidden
                })
            }
            found => found,
        }
    }

    fn found(&self, visibility: Option<Visibility>) -> Result<WindowPlace, ReplyError> {
        let attributes = self.connection.get_window_attributes(self.window)?;
        let geometry = self.connection.get_geometry(self.window)?;
        let corner = self
            .connection
            .translate_coordinates(self.window, self.root, 0, 0)?;
        let screen = self.connection.get_geometry(self.root)?;
        let attributes = attributes.reply()?;
        let (geometry, corner, screen) = (geometry.reply()?, corner.reply()?, screen.reply()?);
        if attributes.map_state != MapState::VIEWABLE || self.is_put_away()? {
            return Ok(WindowPlace::Hidden);
        }
        let corner = Vector::new(corner.dst_x.into(), corner.dst_y.into());
        let [whole, screen] = [geometry, screen]
            .map(|it| Rectangle::with_size(Size::new(it.width.into(), it.height.into())));
        let seen = whole.intersection(&(screen - corner)).unwrap_or_default();
        let composited = self
            .connection
            .get_selection_owner(self.compositing)?
            .reply()?
            .owner
            != x11rb::NONE;
        let covers = match visibility.filter(|_| !composited) {
            Some(Visibility::UNOBSCURED) => Vec::new(),
            Some(Visibility::FULLY_OBSCURED) => vec![whole],
            _ => self
                .over(composited)?
                .into_iter()
                .filter_map(|place| whole.intersection(&(place - corner)))
                .collect(),
        };

        Ok(WindowPlace::Mapped { seen, covers })
    }

    /// Whether the window manager reports the window as minimised or on another workspace. A compositing manager
    /// may keep such a window mapped.
    fn is_put_away(&self) -> Result<bool, ReplyError> {
        const ON_ALL: u32 = u32::MAX;
        const MANY: u32 = 64;
        let atoms = &self.atoms;
        let states = self.connection.get_property(
            false,
            self.window,
            atoms._NET_WM_STATE,
            AtomEnum::ATOM,
            0,
            MANY,
        )?;
        let is_minimised = states
            .reply()?
            .value32()
            .is_some_and(|mut states| states.any(|state| state == atoms._NET_WM_STATE_HIDDEN));
        let own = self.number(self.window, atoms._NET_WM_DESKTOP)?;
        let present = self.number(self.root, atoms._NET_CURRENT_DESKTOP)?;
        let is_elsewhere = own
            .filter(|own| *own != ON_ALL)
            .zip(present)
            .is_some_and(|(own, present)| own != present);

        Ok(is_minimised || is_elsewhere)
    }

    /// Returns the change that moves the window and its frame onto the screen; `None` if no part is outside. A
    /// part can be outside because someone moved the window, or because the screen became smaller.
    fn fitting(&self) -> Result<Option<ConfigureWindowAux>, ReplyError> {
        let Self {
            connection,
            root,
            window,
            atoms,
            ..
        } = self;
        let geometry = connection.get_geometry(*window)?;
        let corner = connection.translate_coordinates(*window, *root, 0, 0)?;
        let screen = connection.get_geometry(*root)?;
        let extents = atoms._NET_FRAME_EXTENTS;
        let extents = connection.get_property(false, *window, extents, AtomEnum::CARDINAL, 0, 4)?;
        let (geometry, corner, screen) = (geometry.reply()?, corner.reply()?, screen.reply()?);
        let extents = extents.reply()?;
        let mut extents = extents
            .value32()
            .into_iter()
            .flatten()
            .map(|extent| i32::try_from(extent).unwrap_or_default());
        let [left, right, top, bottom] = [(); 4].map(|()| extents.next().unwrap_or_default());
        let along = |start: i16, length: u16, screen: u16, [before, after]: [i32; 2]| {
            let [start, length, screen] = [start.into(), length.into(), i32::from(screen)];
            let sticks_out = start < 0 || start + length > screen;
            let fitting = length.min(screen - before - after).max(1);
            let last = (screen - before - after - fitting).max(0);
            // The requested position is that of the frame, not of the window in it.
            let start = (start - before).clamp(0, last);

            (sticks_out, start, fitting.unsigned_abs())
        };
        let (too_wide, x, width) = along(corner.dst_x, geometry.width, screen.width, [left, right]);
        let (too_high, y, height) =
            along(corner.dst_y, geometry.height, screen.height, [top, bottom]);
        let fitting = ConfigureWindowAux::new()
            .x(x)
            .y(y)
            .width(width)
            .height(height);

        Ok((too_wide || too_high).then_some(fitting))
    }

    fn number(&self, window: XId, property: u32) -> Result<Option<u32>, ReplyError> {
        let asked =
            self.connection
                .get_property(false, window, property, AtomEnum::CARDINAL, 0, 1)?;

        Ok(asked
            .reply()?
            .value32()
            .and_then(|mut numbers| numbers.next()))
    }

    /// Returns the places of the windows above this one. With a compositing manager, transparent windows do not
    /// count.
    fn over(&self, composited: bool) -> Result<Vec<Rectangle>, ReplyError> {
        const WITH_OPACITY: u8 = 32;
        let mut top = self.window;
        loop {
            let tree = self.connection.query_tree(top)?.reply()?;
            if tree.parent == self.root || tree.parent == x11rb::NONE {
                break;
            }
            top = tree.parent;
        }
        let all = self.connection.query_tree(self.root)?.reply()?.children;
        let above = all.into_iter().skip_while(|window| *window != top).skip(1);
        let asked = above
            .map(|window| {
                Ok((
                    self.connection.get_window_attributes(window)?,
                    self.connection.get_geometry(window)?,
                ))
            })
            .collect::<Result<Vec<_>, ReplyError>>()?;
        let mut places = Vec::new();
        for (attributes, geometry) in asked {
            // A window that has disappeared covers nothing.
            let (Ok(attributes), Ok(geometry)) = (attributes.reply(), geometry.reply()) else {
                continue;
            };
            let is_seen = attributes.map_state == MapState::VIEWABLE
                && attributes.class == WindowClass::INPUT_OUTPUT
                && !(composited && geometry.depth == WITH_OPACITY);
            if is_seen {
                let corner = Point::new(geometry.x.into(), geometry.y.into());
                let size = Size::new(geometry.width.into(), geometry.height.into());
                let border = 2.0 * f32::from(geometry.border_width);
                places.push(Rectangle::new(corner, size + Size::new(border, border)));
            }
        }

        Ok(places)
    }
}
