//! Screens that nothing can be shown on, and window libraries that give up: it is found out before anything
//! is created, or what was created is voided.

use std::fs;
use std::io::{Read, Seek};
use std::process::Command;
use std::time::Duration;

use patron_display::sandbox::{Options, Status};
use serde_json::Value;
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{ConnectionExt as _, CreateWindowAux, PropMode, WindowClass};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;
use x11rb::{COPY_DEPTH_FROM_PARENT, COPY_FROM_PARENT, CURRENT_TIME};

use crate::process::{PATIENCE, Process, poll, tested_program};
use crate::program::Program;
use crate::shop::{Home, KEY, Platform, SALE, Settings};
use crate::watchdog::Watchdog;
use crate::xvfb::Xvfb;

const SIZE: (u32, u32) = (1280, 800);

/// A counter whose screen is not as it should be.
pub(crate) struct Counter {
    pub(crate) xvfb: Xvfb,
    pub(crate) platform: Platform,
    pub(crate) home: Home,
}

impl Counter {
    pub(crate) fn with(server: &[&str]) -> Self {
        let platform = Platform::start(Options::default());
        let (api, settings) = (platform.address(), Settings::default());

        Self {
            xvfb: Xvfb::start(SIZE, server),
            home: Home::new(api, api, settings),
            platform,
        }
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.home.command(&tested_program(), self.xvfb.display());
        command.args(arguments).args(self.home.options());

        command
    }

    /// The sale is refused with 69 and a sentence that has `words`, and so are the commands beside it; nothing
    /// was created.
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

    /// The sale shows its code and is paid.
    fn sells(&self, prepare: impl Fn(&mut Command)) -> String {
        let mut command = self.command(&SALE);
        prepare(&mut command);
        let mut sale = Program::start(command, self.home.path().join("sale.txt"));
        let _watchdog = Watchdog::over([sale.process(), self.xvfb.process()]);
        let created = sale.event();
        assert_eq!(sale.event()["event"], "shown");
        let id = created["id"].as_str().expect("an id");
        self.platform.control().pay(id).expect("a payment");
        assert_eq!(sale.event()["event"], "ended");
        assert_eq!(sale.event()["outcome"], "paid");
        assert_eq!(sale.exit_code(), 0);

        sale.log()
    }

    /// Starts a program whose log has this name.
    pub(crate) fn starts(&self, arguments: &[&str], log: &str) -> Program {
        Program::start(self.command(arguments), self.home.path().join(log))
    }

    /// Starts a resident display, and waits until it takes sales.
    pub(crate) fn stands(&self) -> Program {
        let stand = self.starts(&["stand", "-v"], "stand.txt");
        let socket = self.home.path().join("data/stand/socket");
        assert!(poll(PATIENCE, || socket.exists().then_some(())).is_some());

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
        assert_eq!(request.status, Status::Cancelled);
    }
}

/// Everything that it says, and its exit code.
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
fn f58_a_window_larger_than_the_screen_shows_its_code() {
    Counter::with(&[]).sells(|command| {
        command.args(["--windowed", "5000x5000"]);
    });
}

#[test]
fn f60_a_depth_that_cannot_be_shown_is_69() {
    for depth in [8, 15, 16, 30] {
        let screen = format!("1280x800x{depth}");
        let counter = Counter::with(&["-screen", "0", &screen]);
        counter.refuses(&format!("a color depth of {depth}"), |_| {});
    }
}

#[test]
fn f60_windows_without_true_color_are_69() {
    let counter = Counter::with(&["-cc", "5"]);
    counter.refuses("DIRECT_COLOR", |_| {});
}

#[test]
fn f58_check_fails_on_a_screen_too_small_for_the_code() {
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
        // Found first, and it cannot be loaded; nor can what a development package would have.
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
fn f61_a_variable_that_is_no_number_is_69() {
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
fn f61_a_stale_wayland_variable_leads_to_x() {
    let counter = Counter::with(&[]);
    let log = counter.sells(|command| {
        command.env("WAYLAND_DISPLAY", "wayland-9");
    });
    assert!(log.contains("WAYLAND_DISPLAY"), "{log}");
}

#[test]
fn f61_odd_wayland_variables_lead_to_x() {
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
fn f61_variables_about_threads_do_no_harm() {
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

/// A connection to the server, and its root window.
pub(crate) fn connect(xvfb: &Xvfb) -> (RustConnection, u32) {
    let (connection, screen) = x11rb::connect(Some(xvfb.display())).expect("a connection");
    let root = connection.setup().roots[screen].root;

    (connection, root)
}

/// What a desktop tells programs, such as how dense its screen is.
struct Desktop {
    connection: RustConnection,
    root: u32,
    window: u32,
    property: u32,
}

impl Desktop {
    fn on(xvfb: &Xvfb) -> Self {
        let (connection, root) = connect(xvfb);
        let window = connection.generate_id().expect("a number");
        connection
            .create_window(
                COPY_DEPTH_FROM_PARENT,
                window,
                root,
                0,
                0,
                1,
                1,
                0,
                WindowClass::INPUT_OUTPUT,
                COPY_FROM_PARENT,
                &CreateWindowAux::new(),
            )
            .expect("a window");
        let atom = |name: &[u8]| {
            let asked = connection.intern_atom(false, name).expect("a request");

            asked.reply().expect("an atom").atom
        };
        let [settings, property] = [&b"_XSETTINGS_S0"[..], b"_XSETTINGS_SETTINGS"].map(atom);
        let set = connection.set_selection_owner(window, settings, CURRENT_TIME);
        set.expect("a request").check().expect("the selection");
        let desktop = Self {
            connection,
            root,
            window,
            property,
        };
        desktop.says_density(96);

        desktop
    }

    /// Dots an inch; the window library panics over fewer than one.
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
        self.connection
            .change_property8(
                PropMode::REPLACE,
                self.window,
                self.property,
                self.property,
                &bytes,
            )
            .expect("a request")
            .check()
            .expect("a property");
    }
}

#[test]
fn f62_a_panic_voids_the_code_that_stands() {
    let counter = Counter::with(&[]);
    let desktop = Desktop::on(&counter.xvfb);
    let log = counter.home.path().join("sale.txt");
    let mut sale = Program::start(counter.command(&SALE), log);
    let _watchdog = Watchdog::over([sale.process(), counter.xvfb.process()]);
    let created = sale.event();
    assert_eq!(sale.event()["event"], "shown");
    desktop.says_density(0);
    let outcome = poll(PATIENCE, || {
        let event = sale.event();

        (event["event"] == "outcome").then_some(event)
    });
    let outcome = outcome.expect("an outcome");
    assert_eq!(
        (&outcome["outcome"], &outcome["id"]),
        (&"cancelled".into(), &created["id"])
    );
    assert_eq!(sale.exit_code(), 21);
    counter.is_voided(&created["id"]);
    let said = sale.log();
    assert!(said.contains("the window broke down"), "{said}");
    assert!(!said.contains("RUST_BACKTRACE"), "{said}");
}

#[test]
fn f62_a_panic_of_a_resident_display_voids_its_sale() {
    let counter = Counter::with(&[]);
    let desktop = Desktop::on(&counter.xvfb);
    let mut stand = counter.stands();
    let _watchdog = Watchdog::over([stand.process(), counter.xvfb.process()]);
    let mut till = counter.starts(&SALE, "till.txt");
    let created = till.event();
    assert_eq!(till.event()["event"], "shown");
    desktop.says_density(0);
    let outcome = poll(PATIENCE, || {
        let event = till.event();

        (event["event"] == "outcome").then_some(event)
    });
    assert_eq!(outcome.expect("an outcome")["outcome"], "cancelled");
    assert_eq!(till.exit_code(), 21);
    counter.is_voided(&created["id"]);
    assert_eq!(stand.exit_code(), 69);
}

#[test]
fn f62_a_panic_before_anything_is_sent_is_69() {
    let counter = Counter::with(&[]);
    let desktop = Desktop::on(&counter.xvfb);
    desktop.says_density(0);
    let (said, code) = ends(counter.command(&["sale", "--json"]));
    assert_eq!(code, Some(69), "{said}");
    assert!(said.contains("no window could be opened"), "{said}");
    assert!(!said.contains("outcome"), "{said}");
}

#[test]
fn f62_a_panic_during_the_create_voids_it() {
    let counter = Counter::with(&[]);
    counter.delays_creates();
    let desktop = Desktop::on(&counter.xvfb);
    let log = counter.home.path().join("sale.txt");
    let mut sale = Program::start(counter.command(&SALE), log);
    let _watchdog = Watchdog::over([sale.process(), counter.xvfb.process()]);
    let window = poll(PATIENCE, || {
        let tree = desktop.connection.query_tree(desktop.root).ok()?;
        let windows = tree.reply().ok()?.children.len();

        (windows > 1).then_some(())
    });
    assert!(window.is_some(), "no window came");
    // Its first frame is there: the wait for the platform.
    std::thread::sleep(Duration::from_millis(300));
    desktop.says_density(0);
    let outcome = poll(PATIENCE, || {
        let event = sale.event();

        (event["event"] == "outcome").then_some(event)
    });
    assert_eq!(outcome.expect("an outcome")["outcome"], "cancelled");
    assert_eq!(sale.exit_code(), 21);
    let request = counter.platform.control().latest().expect("a request");
    counter.is_voided(&Value::from(request.to_string()));
}
