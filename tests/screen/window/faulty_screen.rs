//! Screens that cannot show anything, and window libraries that fail. The program notices the fault before it
//! creates a request, or voids the request.

use std::cell::Cell;
use std::fs;
use std::io::{Read, Seek};
use std::process::Command;
use std::time::Duration;

use patron_display::sandbox::{Options, SandboxStatus};
use serde_json::Value;
use x11rb::CURRENT_TIME;
use x11rb::protocol::xproto::{ConnectionExt as _, CreateWindowAux, PropMode};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use crate::process::{PATIENCE, Process, poll, tested_program};
use crate::program::Program;
use crate::watchdog::Watchdog;
use crate::window::shop::{Home, KEY, Platform, SALE, Settings};
use crate::x11::{atom, connect, create_window, done};
use crate::xvfb::Xvfb;

pub(crate) const SIZE: (u32, u32) = (1280, 800);

/// A counter with an unusual screen.
pub(crate) struct Counter {
    pub(crate) xvfb: Xvfb,
    pub(crate) platform: Platform,
    pub(crate) home: Home,
    watchdogs: Cell<Vec<Watchdog>>,
}

impl Counter {
    pub(crate) fn with(server: &[&str]) -> Self {
        let platform = Platform::start(Options::default());
        let (api, settings) = (platform.address(), Settings::default());

        Self {
            xvfb: Xvfb::start(SIZE, server),
            home: Home::new(api, api, settings),
            platform,
            watchdogs: Cell::default(),
        }
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.home.command(&tested_program(), self.xvfb.display());
        command.args(arguments).args(self.home.options());

        command
    }

    /// Checks that a sale and the other commands end with exit code 69 and a sentence with `words`, and that no
    /// request is created.
    fn refuses(&self, words: &str, prepare: impl Fn(&mut Command)) {
        for arguments in [&SALE[..], &["stand"], &["check"], &["demo"]] {
            let mut command = self.command(arguments);
            prepare(&mut command);
            let (said, code) = ends(command);
            assert_eq!(code, Some(69), "{arguments:?}: {said}");
            assert!(said.contains(words), "{arguments:?}: {said}");
            assert!(!said.contains("panicked"), "{arguments:?}: {said}");
        }
        assert_eq!(self.platform.control().latest(), None);
    }

    /// Checks that the sale shows its code and is paid.
    fn sells(&self, prepare: impl Fn(&mut Command)) -> String {
        let mut command = self.command(&SALE);
        prepare(&mut command);
        let mut sale = self.watch(Program::start(command, self.home.path().join("sale.txt")));
        let id = shown(&sale);
        let id = id.as_str().expect("an id");
        self.platform.control().pay(id).expect("a payment");
        assert_eq!(sale.event()["event"], "ended");
        assert_eq!(sale.event()["outcome"], "paid");
        assert_eq!(sale.exit_code(), 0);

        sale.log()
    }

    /// Starts the program. Its log goes to a file of this name.
    pub(crate) fn starts(&self, arguments: &[&str], log: &str) -> Program {
        self.watch(Program::start(
            self.command(arguments),
            self.home.path().join(log),
        ))
    }

    fn watch(&self, program: Program) -> Program {
        let mut watchdogs = self.watchdogs.take();
        watchdogs.push(Watchdog::over([program.process(), self.xvfb.process()]));
        self.watchdogs.set(watchdogs);

        program
    }

    /// Starts a sale and waits until its code is shown. Returns the program and the request's id.
    pub(crate) fn shows_code(&self) -> (Program, Value) {
        let till = self.starts(&SALE, "sale.txt");
        let id = shown(&till);

        (till, id)
    }

    /// Checks that the till is told that its sale is cancelled, and that the request is voided.
    pub(crate) fn is_cancelled(&self, till: &mut Program, id: &Value) {
        let outcome = till.outcome();
        assert_eq!(
            (&outcome["outcome"], &outcome["id"]),
            (&"cancelled".into(), id)
        );
        assert_eq!(till.exit_code(), 21);
        self.is_voided(id);
    }

    /// Checks that the till is told of a cancelled sale, and that the request of the running create is voided.
    pub(crate) fn create_is_cancelled(&self, till: &mut Program) {
        let outcome = till.outcome();
        assert_eq!(outcome["outcome"], "cancelled");
        assert_eq!(till.exit_code(), 21);
        let request = self.platform.control().latest().expect("a request");
        self.is_voided(&request.into());
    }

    /// Starts a resident display and waits until it takes sales.
    pub(crate) fn stands(&self) -> Program {
        let stand = self.starts(&["stand", "-v"], "stand.txt");
        stand.takes_sales(&self.home.data());

        stand
    }

    pub(crate) fn delays_creates(&self) {
        let script = "[[create]]\nfault = \"delay\"\nmillis = 1500";
        let script = toml::from_str(script).expect("a script");
        self.platform.control().set_script(script);
    }

    pub(crate) fn is_voided(&self, id: &Value) {
        let id = id.as_str().expect("an id");
        let request = self.platform.control().request(id).expect("the request");
        assert_eq!(request.status, SandboxStatus::Cancelled);
    }
}

/// Waits until the till is told `shown`. Returns the request's id.
fn shown(till: &Program) -> Value {
    let created = till.event();
    assert_eq!(till.event()["event"], "shown");

    created["id"].clone()
}

/// Runs the program. Returns its whole output and its exit code.
fn ends(mut command: Command) -> (String, Option<i32>) {
    let mut said = tempfile::tempfile().expect("a file");
    let [stdout, stderr] = [&said; 2].map(|file| file.try_clone().expect("a file"));
    let mut process = Process::start(
        command.stdout(stdout).stderr(stderr),
        "It should have been built beside this test.",
    );
    let status = process.exit(PATIENCE).expect("the program ends");
    let mut text = String::new();
    said.rewind().expect("a file");
    said.read_to_string(&mut text).expect("text");

    (text, status.code())
}

#[test]
fn f58_window_larger_than_screen() {
    Counter::with(&[]).sells(|command| {
        command.args(["--windowed", "5000x5000"]);
    });
}

#[test]
fn f60_unusable_depth_is_69() {
    for depth in [8, 15, 16, 30] {
        let screen = format!("1280x800x{depth}");
        let counter = Counter::with(&["-screen", "0", &screen]);
        counter.refuses(&format!("a color depth of {depth}"), |_| {});
    }
}

#[test]
fn f60_no_true_color_is_69() {
    let counter = Counter::with(&["-cc", "5"]);
    counter.refuses("DIRECT_COLOR", |_| {});
}

#[test]
fn f58_check_on_a_too_small_screen() {
    let counter = Counter::with(&["-screen", "0", "140x140x24"]);
    for arguments in [&SALE[..], &["check"]] {
        let (said, code) = ends(counter.command(arguments));
        assert_eq!(code, Some(40), "{arguments:?}: {said}");
        assert!(said.contains("too small"), "{arguments:?}: {said}");
    }
}

#[test]
fn f61_a_missing_extension_is_69() {
    Counter::with(&["-extension", "RANDR"]).refuses("the extension RANDR", |_| {});
}

#[test]
fn f61_a_missing_library_is_69() {
    let counter = Counter::with(&[]);
    for (library, package) in [
        ("libXcursor.so.1", "libxcursor1"),
        ("libXi.so.6", "libxi6"),
        ("libX11-xcb.so.1", "libx11-xcb1"),
        ("libxcb.so.1", "libxcb1"),
        ("libxkbcommon.so.0", "libxkbcommon0"),
        ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    ] {
        // The loader finds these empty files first and cannot load them. `plain` is the file name from a
        // development package.
        let directory = counter.home.path().join(library);
        fs::create_dir(&directory).expect("a directory");
        let plain = library.split_inclusive(".so").next().expect("a name");
        for name in [library, plain] {
            fs::write(directory.join(name), "").expect("a file");
        }
        counter.refuses(&format!("apt-get install {package})"), |command| {
            command.env("LD_LIBRARY_PATH", &directory);
        });
    }
}

#[test]
fn f61_wrong_number_in_a_variable_is_69() {
    let counter = Counter::with(&[]);
    for factor in ["1,5", "0", "nan", "-1", "inf", "1e9"] {
        counter.refuses("WINIT_X11_SCALE_FACTOR", |command| {
            command.env("WINIT_X11_SCALE_FACTOR", factor);
        });
    }
    counter.refuses("XKB_CONFIG_ROOT", |command| {
        command.env("XKB_CONFIG_ROOT", "/nowhere");
    });
}

#[test]
fn f61_stale_wayland_leads_to_x() {
    let counter = Counter::with(&[]);
    let log = counter.sells(|command| {
        command.env("WAYLAND_DISPLAY", "wayland-9");
    });
    assert!(log.contains("WAYLAND_DISPLAY"), "{log}");
}

#[test]
fn f61_odd_wayland_leads_to_x() {
    let counter = Counter::with(&[]);
    counter.sells(|command| {
        command
            .env("WAYLAND_SOCKET", "abc")
            .env("WAYLAND_DISPLAY", "");
    });
}

#[test]
fn f61_neither_wayland_nor_x_is_69() {
    let counter = Counter::with(&[]);
    counter.refuses("does not answer", |command| {
        command
            .env("WAYLAND_DISPLAY", "wayland-9")
            .env("DISPLAY", ":4094");
    });
}

#[test]
fn f61_too_few_files_is_71() {
    let counter = Counter::with(&[]);
    for arguments in [&SALE[..], &["stand"], &["check"]] {
        let real = counter.command(arguments);
        let mut limited = Command::new("sh");
        limited
            .args(["-c", r#"ulimit -n 16; exec "$0" "$@""#])
            .arg(real.get_program())
            .args(real.get_args())
            .env("DISPLAY", counter.xvfb.display())
            .env("HOME", counter.home.path())
            .env("CENTRAPAY_API_KEY", KEY);
        let (said, code) = ends(limited);
        assert_eq!(code, Some(71), "{said}");
        assert!(said.contains("ulimit -n"), "{said}");
    }
    assert_eq!(counter.platform.control().latest(), None);
}

#[test]
fn f61_thread_variables_do_no_harm() {
    let counter = Counter::with(&[]);
    for arguments in [&SALE[..], &["stand"], &["check"], &["demo"]] {
        let mut command = counter.command(arguments);
        command.env("RUST_MIN_STACK", "1");
        let (said, code) = ends(command);
        assert_eq!(code, Some(71), "{said}");
        assert!(said.contains("RUST_MIN_STACK"), "{said}");
    }
    counter.sells(|command| {
        command.env("TOKIO_WORKER_THREADS", "0");
    });
}

/// The settings that a desktop offers to programs, such as the screen's density.
struct Desktop {
    connection: RustConnection,
    root: u32,
    window: u32,
    property: u32,
}

impl Desktop {
    fn on(xvfb: &Xvfb) -> Self {
        let (connection, root) = connect(xvfb.display());
        let window = create_window(&connection, root, (0, 0, 1, 1), &CreateWindowAux::new());
        let [settings, property] =
            ["_XSETTINGS_S0", "_XSETTINGS_SETTINGS"].map(|name| atom(&connection, name));
        done(connection.set_selection_owner(window, settings, CURRENT_TIME));
        let desktop = Self {
            connection,
            root,
            window,
            property,
        };
        desktop.says_density(96);

        desktop
    }

    /// Sets the density in dots per inch. With less than 1, the window library panics.
    fn says_density(&self, dpi: i32) {
        const NAME: &[u8] = b"Xft/DPI";
        let mut bytes = vec![0, 0, 0, 0];
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend([0, 0]);
        bytes.extend(7_u16.to_le_bytes());
        bytes.extend(NAME);
        bytes.push(0);
        bytes.extend(0_u32.to_le_bytes());
        bytes.extend((dpi * 1024).to_le_bytes());
        let (window, property) = (self.window, self.property);
        let mode = PropMode::REPLACE;
        done(
            self.connection
                .change_property8(mode, window, property, property, &bytes),
        );
    }
}

#[test]
fn f62_panic_voids_the_shown_code() {
    let counter = Counter::with(&[]);
    let desktop = Desktop::on(&counter.xvfb);
    let (mut sale, id) = counter.shows_code();
    desktop.says_density(0);
    counter.is_cancelled(&mut sale, &id);
    let said = sale.log();
    assert!(said.contains("the window failed"), "{said}");
    assert!(!said.contains("RUST_BACKTRACE"), "{said}");
}

#[test]
fn f62_resident_panic_voids_its_sale() {
    let counter = Counter::with(&[]);
    let desktop = Desktop::on(&counter.xvfb);
    let mut resident = counter.stands();
    let (mut till, id) = counter.shows_code();
    desktop.says_density(0);
    counter.is_cancelled(&mut till, &id);
    assert_eq!(resident.exit_code(), 69);
}

#[test]
fn f62_panic_before_the_create_is_69() {
    let counter = Counter::with(&[]);
    let desktop = Desktop::on(&counter.xvfb);
    desktop.says_density(0);
    let (said, code) = ends(counter.command(&["sale", "--json"]));
    assert_eq!(code, Some(69), "{said}");
    assert!(said.contains("the window could not be opened"), "{said}");
    assert!(!said.contains("outcome"), "{said}");
}

#[test]
fn f62_panic_during_the_create_voids_it() {
    let counter = Counter::with(&[]);
    counter.delays_creates();
    let desktop = Desktop::on(&counter.xvfb);
    let mut sale = counter.starts(&SALE, "sale.txt");
    let window = poll(PATIENCE, || {
        let tree = desktop.connection.query_tree(desktop.root).ok()?;
        let windows = tree.reply().ok()?.children.len();

        (windows > 1).then_some(())
    });
    assert!(window.is_some(), "no window came");
    // Gives the window time to draw its first frame, which says that it waits for the platform.
    std::thread::sleep(Duration::from_millis(300));
    desktop.says_density(0);
    counter.create_is_cancelled(&mut sale);
}
