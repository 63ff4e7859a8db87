//! A time limit for waits that have none of their own, such as a wait for a hung X server.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use crate::process::{Process, send};

/// Longer than any test takes.
const LIMIT: Duration = Duration::from_secs(120);

/// Kills processes at the time limit, unless it is dropped before. The test's wait for them then fails.
#[derive(Debug)]
pub(crate) struct Watchdog {
    _called_off: Sender<()>,
}

impl Watchdog {
    pub(crate) fn over(processes: [&Process; 2]) -> Self {
        let (called_off, wait) = mpsc::channel();
        let ids = processes.map(Process::id);
        thread::spawn(move || {
            if wait.recv_timeout(LIMIT) == Err(RecvTimeoutError::Timeout) {
                ids.into_iter().for_each(|id| send("KILL", id));
            }
        });

        Self {
            _called_off: called_off,
        }
    }
}
