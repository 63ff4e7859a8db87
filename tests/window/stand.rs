//! A display that stands, in a real window, and the till's program that hands its sales to it.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use patron_display::sandbox::Options;
use serde_json::{Value, json};

use crate::drawing::Drawing;
use crate::keyboard::{BY_HAND, BY_SCANNER, types};
use crate::picture::{self, Ground};
use crate::process::{PATIENCE, poll, tested_program};
use crate::program::Program;
use crate::screen::Screen;
use crate::server::Server;
use crate::shop::{Home, Platform, Settings};
use crate::watchdog::Watchdog;

struct Standing {
    _watchdog: Watchdog,
    stand: Program,
    screen: Screen,
    home: Home,
    platform: Platform,
}

impl Standing {
    fn start() -> Self {
        Self::on(Screen::start((1280, 800)))
    }

    fn on(screen: Screen) -> Self {
        Self::started_on(screen, command)
    }

    fn start_with(program: impl Fn(&Home, &Screen) -> Command) -> Self {
        Self::started_on(Screen::start((1280, 800)), program)
    }

    /// Started as `program` starts the program.
    fn started_on(screen: Screen, program: impl Fn(&Home, &Screen) -> Command) -> Self {
        let platform = Platform::start(Options::default());
        let home = Home::new(
            platform.address(),
            platform.address(),
            Settings {
                close_after: "1s",
                ..Settings::default()
            },
        );
        let mut command = program(&home, &screen);
        command.arg("-v").arg("stand").args(home.options());
        let stand = Program::start(command, home.path().join("stand.txt"));
        let standing = Self {
            _watchdog: Watchdog::over([stand.process(), screen.xvfb().process()]),
            stand,
            screen,
            home,
            platform,
        };
        let socket = standing.home.path().join("data/stand/socket");
        assert!(poll(PATIENCE, || socket.exists().then_some(())).is_some());
        // Its window covers the screen.
        standing.sees_no_code();

        standing
    }

    /// The sale of 12.50, at the till.
    fn sells(&self) -> Program {
        self.sells_as("A1")
    }

    fn sells_as(&self, reference: &str) -> Program {
        let mut command = command(&self.home, &self.screen);
        command
            .args(["sale", "--amount", "12.50", "--json", "--ref", reference])
            .args(self.home.options());

        Program::start(command, self.home.path().join("till.txt"))
    }

    /// Follows a sale until its code can be read off the screen.
    fn shows(&self, till: &Program) -> Value {
        let created = till.event();
        assert_eq!(created["event"], "created");
        assert_eq!(till.event()["event"], "shown");
        let read = picture::read(&self.screen.grab());
        assert_eq!(read.as_deref(), created["url"].as_str());

        created
    }

    fn pays(&self, created: &Value) {
        let id = created["id"].as_str().expect("an id");
        self.platform.control().pay(id).expect("a payment");
    }

    /// Follows a sale from its payment to its end.
    fn ends_paid(&self, mut till: Program) {
        assert_eq!(till.event()["event"], "ended");
        assert_eq!(till.event()["outcome"], "paid");
        assert_eq!(till.exit_code(), 0);
        self.sees_no_code();
    }

    fn sees_no_code(&self) {
        let calm = poll(PATIENCE, || {
            (Ground::Calm.share(&self.screen.grab()) > 0.8).then_some(())
        });
        assert!(calm.is_some(), "the idle screen does not come");
    }
}

fn command(home: &Home, screen: &Screen) -> Command {
    home.command(&tested_program(), screen.xvfb().display())
}

#[test]
fn sales_one_after_another_are_shown_in_the_one_window_and_a_signal_ends_the_stand_with_0() {
    let mut standing = Standing::start();
    let window = standing.screen.window();
    for reference in ["A1", "A2"] {
        let till = standing.sells_as(reference);
        let created = standing.shows(&till);
        standing.pays(&created);
        standing.ends_paid(till);
        assert_eq!(standing.screen.window(), window);
    }
    standing.stand.process().signal("TERM");
    assert_eq!(standing.stand.exit_code(), 0);
}

#[test]
fn f73_hangup_that_was_ignored_does_not_end_the_stand() {
    let mut standing = Standing::start_with(|home, screen| {
        let mut command = home.command(Path::new("sh"), screen.xvfb().display());
        command
            .args(["-c", "trap '' HUP; exec \"$0\" \"$@\""])
            .arg(tested_program());

        command
    });
    standing.stand.process().signal("HUP");
    let till = standing.sells();
    let created = standing.shows(&till);
    standing.pays(&created);
    standing.ends_paid(till);
    standing.stand.process().signal("TERM");
    assert_eq!(standing.stand.exit_code(), 0);
}

#[test]
fn f65_scan_on_the_idle_screen_starts_no_sale() {
    let standing = Standing::start();
    let screen = &standing.screen;
    screen.has_given_the_keyboard();
    std::thread::sleep(Duration::from_secs(1));
    for code in ["SKU-N12\n", "N\n", "\n\n", "12N"] {
        types(screen, code, BY_SCANNER);
        std::thread::sleep(Duration::from_millis(500));
    }
    standing.sees_no_code();
    // The create screen, where digits are an amount.
    types(screen, "n", BY_HAND);
    std::thread::sleep(Duration::from_secs(1));
    types(screen, "7\n", BY_HAND);
    let started = poll(PATIENCE, || {
        let control = standing.platform.control();

        control.request(&control.latest()?)
    });
    assert_eq!(started.map(|request| request.amount), Some(700));
}

#[test]
fn while_nobody_is_served_nothing_is_drawn() {
    let standing = Standing::start();
    let drawing = Drawing::into(standing.screen.window(), standing.screen.xvfb().display());
    assert!(drawing.settles(Duration::from_secs(10)));
    let drawn = drawing.during(Duration::from_secs(8));
    assert!(drawn.is_empty(), "{drawn:?}");
}

#[test]
fn a_stand_that_is_killed_in_a_sale_leaves_the_till_an_unknown_outcome_and_the_next_sale_a_window()
{
    let standing = Standing::start();
    let mut till = standing.sells();
    let created = standing.shows(&till);
    standing.stand.process().signal("KILL");
    let outcome = till.event();
    assert_eq!(outcome["event"], "outcome");
    assert_eq!(
        (&outcome["outcome"], &outcome["id"]),
        (&json!("unknown"), &created["id"])
    );
    assert_eq!(till.exit_code(), 30);

    // The same sale again is that sale.
    standing.pays(&created);
    let mut again = standing.sells();
    let told = poll(PATIENCE, || {
        (again.event()["event"] == "outcome").then_some(())
    });
    assert!(told.is_some());
    assert_eq!(again.exit_code(), 0);
}

#[test]
fn f57_minimised_stand_is_on_the_screen_for_sale() {
    let standing = Standing::start();
    standing.screen.unmap_window();
    let till = standing.sells();
    let created = standing.shows(&till);
    standing.pays(&created);
    standing.ends_paid(till);
}

#[test]
fn f57_destroyed_stand_ends_its_sale_and_itself() {
    let mut standing = Standing::start();
    let mut till = standing.sells();
    standing.shows(&till);
    standing.screen.destroy_window();
    assert_eq!(till.event()["reason"], "voiding");
    assert_eq!(till.event()["outcome"], "cancelled");
    assert_eq!(till.event()["outcome"], "cancelled");
    assert_eq!(till.exit_code(), 21);
    assert_eq!(standing.stand.exit_code(), 69);
    let log = standing.stand.log();
    assert!(log.contains("the window is gone"), "{log}");
}

#[test]
fn f57_destroyed_idle_stand_ends() {
    let mut standing = Standing::start();
    standing.screen.destroy_window();
    assert_eq!(standing.stand.exit_code(), 69);
}

#[test]
fn a_screen_that_is_dark_between_sales_wakes_for_one_and_goes_dark_after_it() {
    let screen = Screen::start((1280, 800));
    let server = Server::of(&screen);
    server.goes_dark_after_a_second();
    let standing = Standing::on(screen);
    let server = Server::of(&standing.screen);
    server.sees_darkness();
    let till = standing.sells();
    let created = standing.shows(&till);
    server.stays_awake();
    standing.pays(&created);
    standing.ends_paid(till);
    server.sees_darkness();
}
