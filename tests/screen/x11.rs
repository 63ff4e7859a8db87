//! Requests to an X server that must succeed.

use x11rb::connection::Connection;
use x11rb::cookie::{Cookie, VoidCookie};
use x11rb::errors::ConnectionError;
use x11rb::protocol::xproto::{ConnectionExt, CreateWindowAux, Window, WindowClass};
use x11rb::rust_connection::RustConnection;
use x11rb::x11_utils::TryParse;
use x11rb::{COPY_DEPTH_FROM_PARENT, COPY_FROM_PARENT};

/// A part of the screen: x, y, width, height.
pub(crate) type Bounds = (i16, i16, u16, u16);

/// Waits until the server has carried out a request.
#[track_caller]
pub(crate) fn done(request: Result<VoidCookie<'_, RustConnection>, ConnectionError>) {
    request.expect("a request").check().expect("no X error");
}

/// Waits for the server's answer.
#[track_caller]
pub(crate) fn answer<R: TryParse>(
    request: Result<Cookie<'_, RustConnection, R>, ConnectionError>,
) -> R {
    request.expect("a request").reply().expect("no X error")
}

/// Connects to this X display. Also returns the display's root window.
pub(crate) fn connect(display: &str) -> (RustConnection, Window) {
    let (connection, screen) = x11rb::connect(Some(display)).expect("an X connection");
    let root = connection.setup().roots[screen].root;

    (connection, root)
}

pub(crate) fn atom(connection: &RustConnection, name: &str) -> u32 {
    answer(connection.intern_atom(false, name.as_bytes())).atom
}

/// Creates a window with these bounds that is not mapped yet.
pub(crate) fn create_window(
    connection: &RustConnection,
    root: Window,
    (x, y, width, height): Bounds,
    attributes: &CreateWindowAux,
) -> Window {
    let window = connection.generate_id().expect("an id");
    done(connection.create_window(
        COPY_DEPTH_FROM_PARENT,
        window,
        root,
        x,
        y,
        width,
        height,
        0,
        WindowClass::INPUT_OUTPUT,
        COPY_FROM_PARENT,
        attributes,
    ));

    window
}

/// A red window that belongs to another program and covers a part of the screen.
pub(crate) struct Cover {
    connection: RustConnection,
    window: Window,
}

impl Cover {
    pub(crate) fn over(display: &str, bounds: Bounds) -> Self {
        let (connection, root) = connect(display);
        let red = CreateWindowAux::new()
            .background_pixel(0x00ff_0000)
            .override_redirect(1);
        let window = create_window(&connection, root, bounds, &red);
        done(connection.map_window(window));

        Self { connection, window }
    }

    pub(crate) fn goes(self) {
        done(self.connection.destroy_window(self.window));
    }
}
