//! Processes that end with their test, and waits with a time limit.

use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Once;
use std::thread;
use std::time::{Duration, Instant};

use tokio::signal::unix::SignalKind;

/// The longest time that a test waits before it fails. A wait this long means that something is stuck.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Returns the tested program: the one that `TESTED_PROGRAM` names, such as a release, or cargo's build.
pub(crate) fn tested_program() -> PathBuf {
    std::env::var_os("TESTED_PROGRAM").map_or_else(
        || PathBuf::from(env!("CARGO_BIN_EXE_patron-display")),
        PathBuf::from,
    )
}

/// A child process that ends with its owner, also after a panic.
#[derive(Debug)]
pub(crate) struct Process(Child);

impl Process {
    /// Starts `command`.
    ///
    /// # Panics
    /// If `command` cannot be started. The message contains `remedy`.
    pub(crate) fn start(command: &mut Command, remedy: &str) -> Self {
        stop_ignoring_signals();
        match command.spawn() {
            Ok(child) => Self(child),
            Err(error) => {
                let name = command.get_program().to_string_lossy();
                panic!("{name} cannot be started: {error}. {remedy}")
            }
        }
    }

    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.0
    }

    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// Returns the exit status, or `None` if the process still runs after `patience`.
    pub(crate) fn exit(&mut self, patience: Duration) -> Option<ExitStatus> {
        poll(patience, || {
            self.0.try_wait().expect("the state of a process")
        })
    }

    /// Sends a signal, such as `TERM`.
    pub(crate) fn signal(&self, signal: &str) {
        send(signal, self.id());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Ignores errors: both calls fail only if the process has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Listens to the signals that this process ignores. A shell starts background jobs with SIGINT ignored, and
/// `nohup` ignores SIGHUP. The tested programs would inherit an ignored signal, but not a listener: they get
/// the signal's default action.
fn stop_ignoring_signals() {
    static ONCE: Once = Once::new();
    let listen = || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let _context = runtime.enter();
        for (signal, kind) in [(1, SignalKind::hangup()), (2, SignalKind::interrupt())] {
            if is_ignored(signal) {
                drop(tokio::signal::unix::signal(kind).expect("a listener"));
            }
        }
    };
    // The thread of an asynchronous test must not drop a runtime.
    ONCE.call_once(|| thread::spawn(listen).join().expect("listeners"));
}

fn is_ignored(signal: u32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());

    ignored.is_some_and(|mask| mask & (1 << (signal - 1)) != 0)
}

/// Sends a signal to a process by `kill`, because the standard library has no call for it.
pub(crate) fn send(signal: &str, id: u32) {
    // Ignores errors, because the process may have ended already.
    let _ = Command::new("sh")
        .args(["-c", &format!("kill -{signal} {id}")])
        .stderr(Stdio::null())
        .status();
}

/// Waits until `holds` returns true. Fails with `failure` if it never does.
#[track_caller]
pub(crate) fn wait_until(failure: &str, mut holds: impl FnMut() -> bool) {
    let held = poll(PATIENCE, || holds().then_some(()));
    assert!(held.is_some(), "{failure}");
}

/// Calls `ask` until it returns an answer. Returns `None` after `patience`.
pub(crate) fn poll<T>(patience: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    const PAUSE: Duration = Duration::from_millis(10);
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return Some(answer);
        }
        if start.elapsed() > patience {
            return None;
        }
        thread::sleep(PAUSE);
    }
}
