//! A window manager that keeps a window covered or unmapped while a test needs that.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    ChangeWindowAttributesAux, ConfigureWindowAux, ConnectionExt, EventMask, StackMode,
};
use x11rb::rust_connection::RustConnection;

use crate::screen::Screen;
use crate::x11::{connect, done};

/// A window manager that gives windows the size they ask for, and puts them below all other windows.
pub(crate) struct Manager {
    maps: Arc<AtomicBool>,
}

impl Manager {
    /// Manages the windows of this screen and maps them.
    pub(crate) fn of(screen: &Screen) -> Self {
        Self::start(screen, true)
    }

    /// Manages the windows of this screen, but maps none until [`Manager::map`].
    pub(crate) fn that_maps_none(screen: &Screen) -> Self {
        Self::start(screen, false)
    }

    fn start(screen: &Screen, maps: bool) -> Self {
        let (connection, root) = connect(screen.xvfb().display());
        let all = ChangeWindowAttributesAux::new().event_mask(EventMask::SUBSTRUCTURE_REDIRECT);
        done(connection.change_window_attributes(root, &all));
        let maps = Arc::new(AtomicBool::new(maps));
        let may_map = Arc::clone(&maps);
        // The thread ends with the X server.
        thread::spawn(move || while manage(&connection, &may_map).is_some() {});

        Self { maps }
    }

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
