//! Processes that never outlive the test that started them, and waits that always end.

use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Once;
use std::thread;
use std::time::{Duration, Instant};

use tokio::signal::unix::SignalKind;

/// How long anything may take. Nothing does on a machine that is not stuck.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// The program that is tested: cargo's own, or the one that the environment variable `TESTED_PROGRAM`
/// names, such as the release that is given to others.
pub(crate) fn tested_program() -> PathBuf {
    std::env::var_os("TESTED_PROGRAM").map_or_else(
        || PathBuf::from(env!("CARGO_BIN_EXE_patron-display")),
        PathBuf::from,
    )
}

/// A child that is ended when its owner goes, also by a panic.
#[derive(Debug)]
pub(crate) struct Process(Child);

impl Process {
    /// Starts `command`.
    ///
    /// # Panics
    /// Where it cannot be started, with `remedy` as what to do about it.
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

    /// How it ended; `None` where it has not after `patience`.
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
        // Both fail only where it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A shell starts what it has in the background with SIGINT ignored, and `nohup` without SIGHUP. Programs that this one
/// starts would ignore them as well. What listens to a signal ignores it no longer, and nobody inherits a listener.
fn stop_ignoring_signals() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
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
    });
}

fn is_ignored(signal: u32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());

    ignored.is_some_and(|mask| mask & (1 << (signal - 1)) != 0)
}

/// Sends a signal to a process. The standard library has no call for it.
pub(crate) fn send(signal: &str, id: u32) {
    // What no longer runs needs no signal.
    let _ = Command::new("sh")
        .args(["-c", &format!("kill -{signal} {id}")])
        .stderr(Stdio::null())
        .status();
}

/// Asks until there is an answer; `None` where there is none after `patience`.
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
