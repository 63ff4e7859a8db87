//! Chromium without a window, with a profile of its own.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tempfile::TempDir;

use crate::process::{Process, poll};

/// A running browser. It ends with its owner, with all its processes.
#[derive(Debug)]
pub(crate) struct Browser {
    process: Process,
    profile: TempDir,
}

impl Browser {
    /// Opens a page. `more` are further options of Chromium.
    ///
    /// # Panics
    /// If Chromium is not installed.
    pub(crate) fn open(url: &str, more: &[&str]) -> Self {
        let profile = tempfile::tempdir().expect("a directory");
        let log = File::create(profile.path().join("log.txt")).expect("a log file");
        let mut command = Command::new("chromium");
        command
            .args(["--headless=new", "--no-sandbox", "--disable-gpu"])
            .args(["--no-first-run", "--no-default-browser-check"])
            // Nothing but the test may be slowed down by the network.
            .args([
                "--disable-background-networking",
                "--disable-component-update",
            ])
            .args([
                "--disable-sync",
                "--disable-extensions",
                "--disable-breakpad",
            ])
            // A container may have little shared memory.
            .args(["--no-proxy-server", "--disable-dev-shm-usage"])
            .arg(format!(
                "--user-data-dir={}",
                profile.path().join("profile").display()
            ))
            .args(more)
            .arg(url)
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .env("HOME", profile.path())
            .env("TMPDIR", profile.path())
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);

        Self {
            process: Process::start(
                &mut command,
                "This needs a real browser; on Debian: apt-get install chromium",
            ),
            profile,
        }
    }

    /// Kills all processes of the browser at once, as a power cut of the till would.
    pub(crate) fn kill(&mut self) {
        // Ignores an error: the browser may have ended already.
        let _ = kill_process_group(Pid::from_child(self.process.child()), Signal::KILL);
        self.process.exit(Duration::from_secs(5));
    }

    /// Returns what the browser logged.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.profile.path().join("log.txt")).unwrap_or_default()
    }
}

impl Drop for Browser {
    /// Kills the browser, and removes its profile once nothing writes to it any more.
    fn drop(&mut self) {
        self.kill();
        poll(Duration::from_secs(2), || {
            fs::remove_dir_all(self.profile.path().join("profile")).ok()
        });
    }
}
