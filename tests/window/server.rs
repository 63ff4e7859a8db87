//! What an X server is told before the program starts, and asked while it runs.

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

use crate::process::{PATIENCE, poll};
use crate::screen::Screen;

/// A part of the screen: x, y, width, height.
pub(crate) type Bounds = (i16, i16, u16, u16);

/// An X server, beside what a person sees of it.
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

    /// Adds a monitor that shows this part of the screen. The first one takes the server's own
    /// output, so that its own monitor goes.
    pub(crate) fn add_monitor(&self, name: &str, (x, y, width, height): Bounds) {
        let resources = self
            .connection
            .randr_get_screen_resources_current(self.root)
            .expect("a request")
            .reply()
            .expect("the server's outputs");
        let monitors = self
            .connection
            .randr_get_monitors(self.root, true)
            .expect("a request")
            .reply()
            .expect("the monitors there are")
            .monitors;
        let is_first = monitors.iter().all(|monitor| monitor.automatic);
        let monitor = randr::MonitorInfo {
            name: self.atom(name),
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
        self.connection
            .randr_set_monitor(self.root, monitor)
            .expect("a request")
            .check()
            .expect("another monitor");
    }

    /// Sets the density that programs are to draw for; 96 is the usual one.
    pub(crate) fn set_dpi(&self, dpi: u32) {
        let resources = format!("Xft.dpi:\t{dpi}\n");
        self.connection
            .change_property8(
                PropMode::REPLACE,
                self.root,
                AtomEnum::RESOURCE_MANAGER,
                AtomEnum::STRING,
                resources.as_bytes(),
            )
            .expect("a request")
            .check()
            .expect("the resources");
    }

    /// Moves the pointer, as a stale one is left on a button by a touch.
    pub(crate) fn move_pointer(&self, x: i16, y: i16) {
        self.connection
            .warp_pointer(x11rb::NONE, self.root, 0, 0, 0, 0, x, y)
            .expect("a request")
            .check()
            .expect("the pointer elsewhere");
    }

    /// Whether nothing of the pointer can be seen.
    pub(crate) fn pointer_is_hidden(&self) -> bool {
        const VERSION: (u32, u32) = (5, 0);
        self.connection
            .xfixes_query_version(VERSION.0, VERSION.1)
            .expect("a request")
            .reply()
            .expect("XFixes");
        let pointer = self
            .connection
            .xfixes_get_cursor_image()
            .expect("a request")
            .reply()
            .expect("the pointer's picture");

        pointer.cursor_image.iter().all(|argb| argb >> 24 == 0)
    }

    /// Waits until nothing of the pointer can be seen.
    pub(crate) fn sees_no_pointer(&self) {
        let hidden = poll(PATIENCE, || self.pointer_is_hidden().then_some(()));
        assert!(hidden.is_some(), "the pointer stays on the screen");
    }

    /// Has the screen go dark after a second without a key or a movement.
    pub(crate) fn goes_dark_after_a_second(&self) {
        self.connection
            .set_screen_saver(1, 0, Blanking::PREFERRED, Exposures::NOT_ALLOWED)
            .expect("a request")
            .check()
            .expect("a screen saver");
    }

    /// Makes the screen dark at once.
    pub(crate) fn make_dark(&self) {
        self.connection
            .force_screen_saver(ScreenSaver::ACTIVE)
            .expect("a request")
            .check()
            .expect("a dark screen");
        assert!(self.is_dark());
    }

    pub(crate) fn is_dark(&self) -> bool {
        const ON: u8 = 1;
        let saver = self
            .connection
            .screensaver_query_info(self.root)
            .expect("a request")
            .reply()
            .expect("the screen saver's state");

        saver.state == ON
    }

    /// Waits until the screen is dark.
    pub(crate) fn sees_darkness(&self) {
        let dark = poll(PATIENCE, || self.is_dark().then_some(()));
        assert!(dark.is_some(), "the screen stays awake");
    }

    /// Looks for three times as long as it takes to go dark.
    pub(crate) fn stays_awake(&self) {
        for _ in 0..30 {
            assert!(!self.is_dark(), "the screen goes dark");
            thread::sleep(Duration::from_millis(100));
        }
    }

    fn atom(&self, name: &str) -> u32 {
        self.connection
            .intern_atom(false, name.as_bytes())
            .expect("a request")
            .reply()
            .expect("an atom")
            .atom
    }
}
