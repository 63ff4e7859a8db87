//! An X server without a screen, on a display number that nobody else has.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::process::{PATIENCE, Process};

/// A running X server; it ends with its owner.
#[derive(Debug)]
pub(crate) struct Xvfb {
    process: Process,
    display: String,
}

impl Xvfb {
    /// Starts one with a screen of this size in pixels, and waits until it can be used.
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
            // Whoever has stopped waiting does not want to know.
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

    /// What `DISPLAY` has to say.
    pub(crate) fn display(&self) -> &str {
        &self.display
    }

    /// The process, for those who measure or stop it.
    pub(crate) fn process(&self) -> &Process {
        &self.process
    }
}

impl Drop for Xvfb {
    /// Killed outright it would leave its lock and its socket behind.
    fn drop(&mut self) {
        self.process.signal("TERM");
        self.process.exit(Duration::from_secs(2));
    }
}
