//! A resident display that a service manager such as systemd has started. The service manager is a socket.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::process::{PATIENCE, poll, send};
use crate::screen::Screen;
use crate::window::resident::{Resident, command};
use crate::window::shop::Home;

/// The interval in which the service manager wants a sign of life.
const WATCHDOG: Duration = Duration::from_millis(600);

pub(crate) const READY: &str = "READY=1";
pub(crate) const ALIVE: &str = "WATCHDOG=1";
pub(crate) const STOPPING: &str = "STOPPING=1";
const SELLING: &str = "STATUS=a sale is on the screen";

/// The socket of the service manager, in a display's home.
pub(crate) struct ServiceManager(UnixDatagram);

impl ServiceManager {
    /// Starts a display under a service manager that wants signs of life, or none.
    fn starts(watchdog: Option<Duration>) -> (Resident, Self) {
        let mut listening = None;
        let resident = Resident::start_with(|home, screen| {
            listening = Some(Self::listen(home));

            watched(home, screen, watchdog)
        });

        (resident, listening.expect("the display was started"))
    }

    pub(crate) fn listen(home: &Home) -> Self {
        let socket = UnixDatagram::bind(socket(home.path())).expect("a socket");
        socket.set_nonblocking(true).expect("a socket");

        Self(socket)
    }

    /// Returns the next message; `None` if there is none.
    fn next(&self) -> Option<String> {
        let mut bytes = [0; 1024];
        match self.0.recv(&mut bytes) {
            Ok(length) => Some(String::from_utf8_lossy(&bytes[..length]).trim().to_owned()),
            Err(error) if error.kind() == ErrorKind::WouldBlock => None,
            Err(error) => panic!("{error}"),
        }
    }

    /// Waits for this message. Returns the messages before it.
    pub(crate) fn hears(&self, message: &str) -> Vec<String> {
        let mut before = Vec::new();
        let heard = poll(PATIENCE, || {
            while let Some(next) = self.next() {
                if next == message {
                    return Some(());
                }
                before.push(next);
            }

            None
        });
        assert!(heard.is_some(), "no {message} after {before:?}");

        before
    }

    /// Returns all messages of this time.
    fn hears_for(&self, time: Duration) -> Vec<String> {
        let begun = Instant::now();
        let mut heard = Vec::new();
        while begun.elapsed() < time {
            heard.extend(self.next());
            sleep(Duration::from_millis(5));
        }

        heard
    }
}

fn socket(home: &Path) -> PathBuf {
    home.join("notify")
}

fn watched(home: &Home, screen: &Screen, watchdog: Option<Duration>) -> Command {
    let mut command = command(home, screen);
    notify(&mut command, home, watchdog);

    command
}

/// Names the socket to a program, and the interval of the signs of life.
pub(crate) fn notify(command: &mut Command, home: &Home, watchdog: Option<Duration>) {
    command.env("NOTIFY_SOCKET", socket(home.path()));
    if let Some(interval) = watchdog {
        command.env("WATCHDOG_USEC", interval.as_micros().to_string());
    }
}

#[test]
fn service_manager_follows_the_display() {
    let (mut resident, manager) = ServiceManager::starts(Some(WATCHDOG));
    let before = manager.hears(READY);
    assert!(!before.iter().any(|message| message == READY));
    // What was promised holds at once: there is a window, and the service answers.
    resident.screen.window();
    assert_eq!(resident.api().call("GET", "/v1/status", "").status, 200);

    let till = resident.sells_as("A1");
    let created = resident.shows(&till);
    manager.hears(SELLING);
    manager.hears_for(Duration::from_millis(100));
    let signs = manager.hears_for(WATCHDOG * 4);
    assert!(signs.iter().all(|message| message == ALIVE), "{signs:?}");
    // Two in each interval; a few less if the machine is busy.
    assert!((5..=11).contains(&signs.len()), "{signs:?}");
    resident.is_paid(&created, till);
    manager.hears("STATUS=ready for the next sale");
    manager.hears(ALIVE);

    resident.program.process().signal("TERM");
    assert_eq!(resident.program.exit_code(), 0);
    let before = manager.hears(STOPPING);
    assert!(before.iter().all(|message| message == ALIVE), "{before:?}");
    assert_eq!(manager.next(), None);
}

#[test]
fn f49_hung_window_gives_no_sign_of_life() {
    let (resident, manager) = ServiceManager::starts(Some(WATCHDOG));
    manager.hears(ALIVE);
    let api = resident.api();
    // The window hangs while it waits for the X server. The other threads go on.
    let xvfb = resident.screen.xvfb().process().id();
    send("STOP", xvfb);
    let sale = json!({"ref": "A1", "amount": "12.50"}).to_string();
    let till = api.clone();
    let selling = thread::spawn(move || till.call("POST", "/v1/sales", &sale));
    let silent = poll(PATIENCE, || {
        let signs = manager.hears_for(WATCHDOG * 4);

        signs.is_empty().then_some(())
    });
    assert!(silent.is_some(), "a hung window gives signs of life");
    assert_eq!(api.call("GET", "/v1/status", "").status, 200);

    send("CONT", xvfb);
    manager.hears(ALIVE);
    selling.join().expect("an answer");
}

#[test]
fn display_without_watchdog_sleeps() {
    let (resident, manager) = ServiceManager::starts(None);
    manager.hears(READY);
    // The first check of earlier sales comes soon, and its threads end some seconds later.
    sleep(Duration::from_secs(17));
    let before = wake_ups(&resident);
    sleep(Duration::from_secs(8));
    let woken: u64 = wake_ups(&resident)
        .into_iter()
        .map(|(thread, count)| count - before.get(&thread).unwrap_or(&0))
        .sum();
    eprintln!("{woken} wake-ups in 8 s");
    assert!(woken < 10, "{woken} wake-ups");
    let heard = manager.hears_for(Duration::from_millis(100));
    assert!(!heard.iter().any(|message| message == ALIVE), "{heard:?}");
}

/// Returns how often each thread of the display has waited and gone on.
fn wake_ups(resident: &Resident) -> HashMap<OsString, u64> {
    let threads = format!("/proc/{}/task", resident.program.process().id());
    let of_thread = |thread: fs::DirEntry| {
        let status = fs::read_to_string(thread.path().join("status")).ok()?;
        let count = status
            .lines()
            .find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))?;

        Some((thread.file_name(), count.trim().parse().ok()?))
    };
    let threads = fs::read_dir(threads).expect("threads").flatten();

    threads.filter_map(of_thread).collect()
}
