//! A resident display in a real window, and tills whose program hands sales over to it.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use patron_display::sandbox::Options;
use serde_json::{Value, json};

use crate::process::{PATIENCE, poll, tested_program, wait_until};
use crate::program::Program;
use crate::screen::Screen;
use crate::support::api::Api;
use crate::watchdog::Watchdog;
use crate::window::drawing::Drawing;
use crate::window::keyboard::{BY_HAND, BY_SCANNER, types};
use crate::window::picture::{self, Ground};
use crate::window::server::Server;
use crate::window::shop::{Home, Platform, Settings};

/// A resident display that runs in a window of its own screen.
pub(crate) struct Resident {
    _watchdog: Watchdog,
    pub(crate) program: Program,
    pub(crate) screen: Screen,
    pub(crate) home: Home,
    pub(crate) platform: Platform,
}

impl Resident {
    pub(crate) fn start() -> Self {
        Self::on(Screen::start((1280, 800)))
    }

    fn on(screen: Screen) -> Self {
        Self::started_on(screen, command)
    }

    pub(crate) fn start_with(program: impl FnOnce(&Home, &Screen) -> Command) -> Self {
        Self::started_on(Screen::start((1280, 800)), program)
    }

    /// Starts the display on this screen, with the command that `program` returns.
    fn started_on(screen: Screen, program: impl FnOnce(&Home, &Screen) -> Command) -> Self {
        let platform = Platform::start(Options::default());
        let home = Home::new(
            platform.address(),
            platform.address(),
            Settings::with(|settings| settings.close_after = "1s"),
        );
        let mut command = program(&home, &screen);
        command.arg("-v").arg("stand").args(home.options());
        let program = Program::start(command, home.path().join("stand.txt"));
        let resident = Self {
            _watchdog: Watchdog::over([program.process(), screen.xvfb().process()]),
            program,
            screen,
            home,
            platform,
        };
        resident.program.takes_sales(&resident.home.data());
        // Waits until the display's window covers the screen.
        resident.sees_no_code();

        resident
    }

    /// Calls the local API as the program's own commands do.
    pub(crate) fn api(&self) -> Api {
        Api::of(&self.program.takes_sales(&self.home.data()))
    }

    fn sells(&self) -> Program {
        self.sells_as("A1")
    }

    pub(crate) fn sells_as(&self, reference: &str) -> Program {
        let mut command = command(&self.home, &self.screen);
        command
            .args(["sale", "--amount", "12.50", "--json", "--ref", reference])
            .args(self.home.options());

        Program::start(command, self.home.path().join("till.txt"))
    }

    /// Follows a sale until its code is shown. Returns the `created` event.
    pub(crate) fn shows(&self, till: &Program) -> Value {
        let created = till.event();
        assert_eq!(created["event"], "created");
        assert_eq!(till.event()["event"], "shown");
        let read = picture::read(&self.screen.grab());
        assert_eq!(read.as_deref(), created["url"].as_str());

        created
    }

    pub(crate) fn pays(&self, created: &Value) {
        let id = created["id"].as_str().expect("an id");
        self.platform.control().pay(id).expect("a payment");
    }

    /// Pays a sale, and follows the till's program to its end.
    pub(crate) fn is_paid(&self, created: &Value, mut till: Program) {
        self.pays(created);
        assert_eq!(till.event()["event"], "ended");
        assert_eq!(till.event()["outcome"], "paid");
        assert_eq!(till.exit_code(), 0);
        self.sees_no_code();
    }

    /// Makes a sale, pays it, and follows it to its end.
    fn sells_well(&self) {
        let till = self.sells();
        let created = self.shows(&till);
        self.is_paid(&created, till);
    }

    pub(crate) fn sees_no_code(&self) {
        wait_until("the idle screen does not come", || {
            Ground::Calm.share(&self.screen.grab()) > 0.8
        });
    }
}

pub(crate) fn command(home: &Home, screen: &Screen) -> Command {
    home.command(&tested_program(), screen.xvfb().display())
}

#[test]
fn sales_share_a_window_until_a_signal() {
    let mut resident = Resident::start();
    let window = resident.screen.window();
    for reference in ["A1", "A2"] {
        let till = resident.sells_as(reference);
        let created = resident.shows(&till);
        resident.is_paid(&created, till);
        assert_eq!(resident.screen.window(), window);
    }
    resident.program.process().signal("TERM");
    assert_eq!(resident.program.exit_code(), 0);
}

#[test]
fn f73_ignored_hangup_ends_nothing() {
    let mut resident = Resident::start_with(|home, screen| {
        let mut command = home.command(Path::new("sh"), screen.xvfb().display());
        command
            .args(["-c", "trap '' HUP; exec \"$0\" \"$@\""])
            .arg(tested_program());

        command
    });
    resident.program.process().signal("HUP");
    resident.sells_well();
    resident.program.process().signal("TERM");
    assert_eq!(resident.program.exit_code(), 0);
}

#[test]
fn f65_scan_on_the_idle_screen() {
    let resident = Resident::start();
    let screen = &resident.screen;
    screen.has_given_the_keyboard();
    std::thread::sleep(Duration::from_secs(1));
    for code in ["SKU-N12\n", "N\n", "\n\n", "12N"] {
        types(screen, code, BY_SCANNER);
        std::thread::sleep(Duration::from_millis(500));
    }
    resident.sees_no_code();
    // `n` opens the create screen, which takes digits as an amount.
    types(screen, "n", BY_HAND);
    std::thread::sleep(Duration::from_secs(1));
    types(screen, "7\n", BY_HAND);
    let started = poll(PATIENCE, || {
        let control = resident.platform.control();

        control.request(&control.latest()?)
    });
    assert_eq!(started.map(|request| request.amount), Some(700));
}

#[test]
fn idle_screen_draws_nothing() {
    let resident = Resident::start();
    let drawing = Drawing::into(resident.screen.window(), resident.screen.xvfb().display());
    assert!(drawing.settles(Duration::from_secs(10)));
    let drawn = drawing.during(Duration::from_secs(8));
    assert!(drawn.is_empty(), "{drawn:?}");
}

#[test]
fn killed_display_leaves_unknown() {
    let resident = Resident::start();
    let mut till = resident.sells();
    let created = resident.shows(&till);
    resident.program.process().signal("KILL");
    let outcome = till.event();
    assert_eq!(outcome["event"], "outcome");
    assert_eq!(
        (&outcome["outcome"], &outcome["id"]),
        (&json!("unknown"), &created["id"])
    );
    assert_eq!(till.exit_code(), 30);

    // The till sells the same sale again and is told the outcome of the first.
    resident.pays(&created);
    let mut again = resident.sells();
    let told = poll(PATIENCE, || {
        (again.event()["event"] == "outcome").then_some(())
    });
    assert!(told.is_some());
    assert_eq!(again.exit_code(), 0);
}

#[test]
fn f57_minimised_display_returns() {
    let resident = Resident::start();
    resident.screen.unmap_window();
    resident.sells_well();
}

#[test]
fn f57_destroyed_display_ends_its_sale() {
    let mut resident = Resident::start();
    let mut till = resident.sells();
    resident.shows(&till);
    resident.screen.destroy_window();
    assert_eq!(till.event()["reason"], "voiding");
    assert_eq!(till.event()["outcome"], "cancelled");
    assert_eq!(till.event()["outcome"], "cancelled");
    assert_eq!(till.exit_code(), 21);
    assert_eq!(resident.program.exit_code(), 69);
    let log = resident.program.log();
    assert!(log.contains("the window is gone"), "{log}");
}

#[test]
fn f57_destroyed_idle_display_ends() {
    let mut resident = Resident::start();
    resident.screen.destroy_window();
    assert_eq!(resident.program.exit_code(), 69);
}

#[test]
fn dark_screen_wakes_between_sales() {
    let screen = Screen::start((1280, 800));
    let server = Server::of(&screen);
    server.goes_dark_after_a_second();
    let resident = Resident::on(screen);
    let server = Server::of(&resident.screen);
    server.sees_darkness();
    let till = resident.sells();
    let created = resident.shows(&till);
    server.stays_awake();
    resident.is_paid(&created, till);
    server.sees_darkness();
}
