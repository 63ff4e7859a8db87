//! A window manager that does as it is told, so that a window stays covered or unmapped for as long as a test
//! needs it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use x11rb::COPY_DEPTH_FROM_PARENT;
use x11rb::COPY_FROM_PARENT;
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    ChangeWindowAttributesAux, ConfigureWindowAux, ConnectionExt, CreateWindowAux, EventMask,
    StackMode, Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;

use crate::screen::Screen;

/// Lets windows have the size that they want, and puts them below all others.
pub(crate) struct Manager {
    maps: Arc<AtomicBool>,
}

impl Manager {
    /// Manages the windows of this screen, and maps those that want to be.
    pub(crate) fn of(screen: &Screen) -> Self {
        Self::start(screen, true)
    }

    /// The same, but no window gets on the screen.
    pub(crate) fn that_maps_none(screen: &Screen) -> Self {
        Self::start(screen, false)
    }

    fn start(screen: &Screen, maps: bool) -> Self {
        let (connection, _) =
            x11rb::connect(Some(screen.xvfb().display())).expect("an X connection");
        let all = ChangeWindowAttributesAux::new().event_mask(EventMask::SUBSTRUCTURE_REDIRECT);
        connection
            .change_window_attributes(screen.root(), &all)
            .expect("a request")
            .check()
            .expect("no other window manager");
        let maps = Arc::new(AtomicBool::new(maps));
        let may_map = Arc::clone(&maps);
        // It ends with the X server.
        thread::spawn(move || while manage(&connection, &may_map).is_some() {});

        Self { maps }
    }

    /// Maps windows from now on, as often as they want to be.
    pub(crate) fn map(&self) {
        self.maps.store(true, Ordering::Relaxed);
    }
}

fn manage(connection: &RustConnection, maps: &AtomicBool) -> Option<()> {
    match connection.wait_for_event().ok()? {
        Event::MapRequest(wish) if maps.load(Ordering::Relaxed) => {
            let below = ConfigureWindowAux::new().stack_mode(StackMode::BELOW);
            connection
                .configure_window(wish.window, &below)
                .ok()?
                .ignore_error();
            connection.map_window(wish.window).ok()?.ignore_error();
        }
        Event::ConfigureRequest(wish) => {
            let mut granted = ConfigureWindowAux::from_configure_request(&wish);
            granted.stack_mode = None;
            granted.sibling = None;
            connection
                .configure_window(wish.window, &granted)
                .ok()?
                .ignore_error();
        }
        _ => {}
    }
    connection.flush().ok()
}

/// A window of another program.
pub(crate) struct Cover {
    connection: RustConnection,
    window: Window,
}

impl Cover {
    /// Puts one over all others, at this place: x, y, width, height.
    pub(crate) fn over(screen: &Screen, (x, y, width, height): (i16, i16, u16, u16)) -> Self {
        let (connection, _) =
            x11rb::connect(Some(screen.xvfb().display())).expect("an X connection");
        let window = connection.generate_id().expect("an id");
        let red = CreateWindowAux::new()
            .background_pixel(0x00ff_0000)
            .override_redirect(1);
        connection
            .create_window(
                COPY_DEPTH_FROM_PARENT,
                window,
                screen.root(),
                x,
                y,
                width,
                height,
                0,
                WindowClass::INPUT_OUTPUT,
                COPY_FROM_PARENT,
                &red,
            )
            .expect("a request")
            .check()
            .expect("a window");
        let map = connection.map_window(window).expect("a request");
        map.check().expect("a window on the screen");

        Self { connection, window }
    }

    /// Takes it away.
    pub(crate) fn goes(self) {
        let gone = self.connection.destroy_window(self.window);
        gone.expect("a request").check().expect("no window");
    }
}
