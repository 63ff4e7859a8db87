//! A virtual X server with a display number of its own.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::process::{PATIENCE, Process};

/// A running X server. It ends when its owner is dropped.
#[derive(Debug)]
pub(crate) struct Xvfb {
    process: Process,
    display: String,
}

impl Xvfb {
    /// Starts a server with a screen of this size in pixels, and waits until it is ready.
    pub(crate) fn start<S: AsRef<OsStr>>((width, height): (u32, u32), more: &[S]) -> Self {
        let screen = format!("{width}x{height}x24");
        let mut process = Process::start(
            Command::new("Xvfb")
                .args(["-displayfd", "1", "-screen", "0", &screen])
                .args(["-nolisten", "tcp", "-noreset"])
                .args(more)
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::null()),
            "This needs a real X server; on Debian: apt-get install xvfb",
        );
        let stdout = process.child().stdout.take().expect("a pipe");
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            let mut number = String::new();
            let read = BufReader::new(stdout).read_line(&mut number);
            // Ignores an error, because the receiver may have stopped waiting.
            let _ = tell.send(read.map(|_| number));
        });
        let number = told
            .recv_timeout(PATIENCE)
            .expect("Xvfb did not start in time")
            .expect("Xvfb said no display number");
        let number = number.trim();
        assert!(!number.is_empty(), "Xvfb ended before it had a display");

        Self {
            display: format!(":{number}"),
            process,
        }
    }

    pub(crate) fn display(&self) -> &str {
        &self.display
    }

    pub(crate) fn process(&self) -> &Process {
        &self.process
    }
}

impl Drop for Xvfb {
    /// Terminates the server. If it were killed, its lock and socket files would stay.
    fn drop(&mut self) {
        self.process.signal("TERM");
        self.process.exit(Duration::from_secs(2));
    }
}
