//! The bare iced window: the time that it takes for one frame of the whole screen.

use std::env;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use crate::process::Process;
use crate::screen::Screen;
use crate::shop::Home;

/// A running `examples/bare_window.rs` on a screen of its own.
pub(crate) struct BareWindow {
    process: Process,
    stdin: ChildStdin,
    screen: Screen,
}

impl BareWindow {
    pub(crate) fn start(home: &Home) -> Self {
        let screen = Screen::start();
        let mut command: Command = home.command(&executable(), screen.xvfb.display());
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut process = Process::start(&mut command, "Start benches/real-line, which builds it.");
        let stdin = process.child().stdin.take().expect("a pipe");
        screen.until_code();

        Self {
            process,
            stdin,
            screen,
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Lets every pixel change. Returns the time until the last row has changed. Frames are drawn from the top.
    pub(crate) fn draws_a_frame(&mut self) -> Duration {
        let before = self.screen.frame_buffer.last_line();
        let start = Instant::now();
        writeln!(self.stdin).expect("it reads");
        let drawn = self
            .screen
            .wait("no frame", |screen| screen.last_line() != before);

        drawn - start
    }
}

/// Returns the path of the example. It is next to the benchmark's own executable.
fn executable() -> PathBuf {
    let own = env::current_exe().expect("its own path");
    let directory = own.parent().and_then(Path::parent).expect("a directory");
    let path = directory.join("examples/bare_window");
    assert!(
        path.exists(),
        "start benches/real-line, which builds {}",
        path.display()
    );

    path
}
