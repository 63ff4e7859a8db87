//! Changes the settings of an X server and asks for its state.

use std::thread;
use std::time::Duration;

use x11rb::protocol::randr::{self, ConnectionExt as _};
use x11rb::protocol::screensaver::ConnectionExt as _;
use x11rb::protocol::xfixes::ConnectionExt as _;
use x11rb::protocol::xproto::{
    AtomEnum, Blanking, ConnectionExt as _, Exposures, PropMode, ScreenSaver, Window,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use crate::process::wait_until;
use crate::screen::Screen;
use crate::x11::{Bounds, answer, atom, done};

/// The X server of a screen.
pub(crate) struct Server<'a> {
    connection: &'a RustConnection,
    root: Window,
}

impl<'a> Server<'a> {
    pub(crate) fn of(screen: &'a Screen) -> Self {
        Self {
            connection: screen.connection(),
            root: screen.root(),
        }
    }

    /// Adds a monitor for this part of the screen. The first call gives it the server's own output, which removes
    /// the server's own monitor.
    pub(crate) fn add_monitor(&self, name: &str, (x, y, width, height): Bounds) {
        let resources = answer(
            self.connection
                .randr_get_screen_resources_current(self.root),
        );
        let monitors = answer(self.connection.randr_get_monitors(self.root, true)).monitors;
        let is_first = monitors.iter().all(|monitor| monitor.automatic);
        let monitor = randr::MonitorInfo {
            name: atom(self.connection, name),
            x,
            y,
            width,
            height,
            outputs: if is_first {
                resources.outputs
            } else {
                Vec::new()
            },
            ..randr::MonitorInfo::default()
        };
        done(self.connection.randr_set_monitor(self.root, monitor));
    }

    /// Sets the screen's density in dots per inch; 96 is usual.
    pub(crate) fn set_dpi(&self, dpi: u32) {
        let resources = format!("Xft.dpi:\t{dpi}\n");
        done(self.connection.change_property8(
            PropMode::REPLACE,
            self.root,
            AtomEnum::RESOURCE_MANAGER,
            AtomEnum::STRING,
            resources.as_bytes(),
        ));
    }

    /// Moves the pointer to this place, as a touch may leave it on a button.
    pub(crate) fn move_pointer(&self, x: i16, y: i16) {
        let root = self.root;
        done(
            self.connection
                .warp_pointer(x11rb::NONE, root, 0, 0, 0, 0, x, y),
        );
    }

    pub(crate) fn pointer_is_hidden(&self) -> bool {
        answer(self.connection.xfixes_query_version(5, 0));
        let pointer = answer(self.connection.xfixes_get_cursor_image());

        pointer.cursor_image.iter().all(|argb| argb >> 24 == 0)
    }

    pub(crate) fn sees_no_pointer(&self) {
        wait_until("the pointer stays on the screen", || {
            self.pointer_is_hidden()
        });
    }

    /// Makes the server blank the screen after a second without input.
    pub(crate) fn goes_dark_after_a_second(&self) {
        let (blanking, exposures) = (Blanking::PREFERRED, Exposures::NOT_ALLOWED);
        done(self.connection.set_screen_saver(1, 0, blanking, exposures));
    }

    pub(crate) fn make_dark(&self) {
        done(self.connection.force_screen_saver(ScreenSaver::ACTIVE));
        assert!(self.is_dark());
    }

    pub(crate) fn is_dark(&self) -> bool {
        const ON: u8 = 1;

        answer(self.connection.screensaver_query_info(self.root)).state == ON
    }

    pub(crate) fn sees_darkness(&self) {
        wait_until("the screen stays awake", || self.is_dark());
    }

    /// Checks that the screen stays on for three times the time after which it would be blanked.
    pub(crate) fn stays_awake(&self) {
        for _ in 0..30 {
            assert!(!self.is_dark(), "the screen goes dark");
            thread::sleep(Duration::from_millis(100));
        }
    }
}
