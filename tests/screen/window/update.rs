//! The program of a resident display is replaced on disk. The display starts the new version between two sales.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

use crate::process::{PATIENCE, poll, tested_program, wait_until};
use crate::program::{Program, display_file};
use crate::screen::Key;
use crate::window::keyboard::{BY_HAND, types};
use crate::window::resident::Resident;
use crate::window::service_manager::{ALIVE, READY, STOPPING, ServiceManager, notify};
use crate::window::shop::Home;

/// Longer than the display takes to notice a new version and to try it.
const TO_NOTICE: Duration = Duration::from_secs(5);

/// A display whose program is a copy in its home.
struct Installed {
    resident: Resident,
    manager: ServiceManager,
}

impl Installed {
    fn start() -> Self {
        let mut manager = None;
        let resident = Resident::start_with(|home, screen| {
            install(home);
            let mut command = home.command(&program(home), screen.xvfb().display());
            manager = Some(ServiceManager::listen(home));
            notify(&mut command, home, Some(Duration::from_secs(1)));

            command
        });

        Self {
            resident,
            manager: manager.expect("the display was started"),
        }
    }

    fn display(&self) -> Option<Value> {
        let (home, program) = (&self.resident.home, &self.resident.program);

        display_file(&home.data(), program.process().id())
    }

    fn token(&self) -> String {
        let display = self.display().expect("a display");

        display["token"].as_str().expect("a token").to_owned()
    }

    /// Waits until the display with this token was replaced, in the same process.
    fn is_replaced(&self, old: &str) {
        let replaced = poll(PATIENCE, || {
            self.display().filter(|new| new["token"] != old)
        });
        assert!(
            replaced.is_some(),
            "no new version\n{}",
            self.resident.program.log()
        );
    }

    /// Makes a sale, and pays it.
    fn sells(&self, reference: &str) {
        let till = self.resident.sells_as(reference);
        let created = self.resident.shows(&till);
        self.resident.is_paid(&created, till);
    }
}

fn program(home: &Home) -> PathBuf {
    home.path().join("bin/patron-display")
}

/// Puts the program into the home by renaming, as a package manager does.
fn install(home: &Home) {
    let path = program(home);
    fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
    let new = path.with_extension("new");
    fs::copy(tested_program(), &new).expect("a copy");
    fs::rename(new, path).expect("a new version");
}

/// The files that the process has open, without the journal and connections, which come and go.
fn open_files(program: &Program) -> Vec<PathBuf> {
    let files = fs::read_dir(format!("/proc/{}/fd", program.process().id()));
    let open = files.into_iter().flatten().flatten();
    let comes_and_goes = |path: &PathBuf| {
        let path = path.to_string_lossy();

        path.starts_with("socket:") || path.contains("journal.sqlite3")
    };

    open.filter_map(|file| fs::read_link(file.path()).ok())
        .filter(|path| !comes_and_goes(path))
        .collect()
}

#[test]
fn f48_new_version_starts_after_a_sale() {
    let installed = Installed::start();
    installed.manager.hears(READY);
    let old = installed.token();
    let files = open_files(&installed.resident.program);
    installed.sells("A1");
    install(&installed.resident.home);
    installed.sells("A2");
    installed.is_replaced(&old);

    // For the service manager, the same service goes on.
    let before = installed.manager.hears(READY);
    assert!(
        !before.iter().any(|message| message == STOPPING),
        "{before:?}"
    );
    installed.manager.hears(ALIVE);
    // The old version leaves no open file to the new one.
    let left = open_files(&installed.resident.program);
    assert!(left.len() <= files.len(), "{files:?}, then {left:?}");
    installed.sells("A3");
    let new = installed.token();
    sleep(TO_NOTICE);
    assert_eq!(
        installed.token(),
        new,
        "the new version does not start again"
    );

    let mut resident = installed.resident;
    resident.program.process().signal("TERM");
    assert_eq!(resident.program.exit_code(), 0);
}

#[test]
fn f48_new_version_waits_for_the_sale() {
    let installed = Installed::start();
    let old = installed.token();
    let resident = &installed.resident;
    let till = resident.sells_as("A1");
    let created = resident.shows(&till);
    install(&resident.home);
    sleep(TO_NOTICE);
    assert_eq!(installed.token(), old);
    assert!(!resident.program.log().contains("was replaced"));
    resident.is_paid(&created, till);
    installed.is_replaced(&old);
    installed.sells("A2");
}

#[test]
fn f48_new_version_waits_for_the_cashier() {
    let installed = Installed::start();
    let old = installed.token();
    let screen = &installed.resident.screen;
    screen.has_given_the_keyboard();
    let api = installed.resident.api();
    let is_entering = || api.call("GET", "/v1/status", "").body["state"] == "busy";
    // `n` opens the create screen, where the cashier types an amount. A busy machine may take the key for a scanner's.
    wait_until("no create screen comes", || {
        sleep(Duration::from_secs(1));
        if !is_entering() {
            types(screen, "n", BY_HAND);
        }

        is_entering()
    });
    types(screen, "7", BY_HAND);
    install(&installed.resident.home);
    sleep(TO_NOTICE);
    assert_eq!(installed.token(), old);
    wait_until("the create screen does not close", || {
        if installed.token() == old {
            screen.press(Key::Escape);
            sleep(TO_NOTICE);
        }

        installed.token() != old
    });
}

/// The till finds no display for a moment. It must not open a window of its own.
#[test]
fn f48_sale_waits_for_the_new_version() {
    let installed = Installed::start();
    let resident = &installed.resident;
    let old = installed.token();
    install(&resident.home);
    installed.sells("A1");
    let restarts = poll(PATIENCE, || {
        let display = installed.display()?;

        display.get("restarting").map(|_| ())
    });
    assert!(restarts.is_some(), "{}", resident.program.log());
    let mut command = resident.home.command(Path::new(&tested_program()), "");
    command
        .args(["sale", "--amount", "12.50", "--json", "--ref", "A2"])
        .args(resident.home.options());
    let till = Program::start(command, resident.home.path().join("till.txt"));
    let created = resident.shows(&till);
    assert_ne!(installed.token(), old);
    resident.is_paid(&created, till);
}

#[test]
fn f48_version_that_does_not_start() {
    let installed = Installed::start();
    let old = installed.token();
    let home = &installed.resident.home;
    let broken = program(home).with_extension("broken");
    fs::write(&broken, "no program").expect("a file");
    fs::rename(broken, program(home)).expect("a file");
    installed.sells("A1");
    let log = || installed.resident.program.log();
    let said = poll(PATIENCE, || log().contains("does not start").then_some(()));
    assert!(said.is_some(), "{}", log());
    installed.sells("A2");
    assert_eq!(installed.token(), old);
}
