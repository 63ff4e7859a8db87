//! The program as the till has it: what it says on standard output, and how it ends.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::process::{PATIENCE, Process};

/// The program, running.
#[derive(Debug)]
pub(crate) struct Program {
    process: Process,
    lines: Receiver<String>,
    /// Where the till can write to it.
    stdin: Option<ChildStdin>,
    log: PathBuf,
}

impl Program {
    /// Starts it; what it logs goes to the file `log`.
    pub(crate) fn start(mut command: Command, log: PathBuf) -> Self {
        let file = File::create(&log).expect("a log file");
        let mut process = Process::start(
            command.stdout(Stdio::piped()).stderr(file),
            "It should have been built beside this test.",
        );
        let stdout = process.child().stdout.take().expect("a pipe");
        let stdin = process.child().stdin.take();
        let (tell, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if tell.send(line).is_err() {
                    return;
                }
            }
        });

        Self {
            process,
            lines,
            stdin,
            log,
        }
    }

    /// Writes a line to its standard input.
    pub(crate) fn writes(&self, line: &str) {
        let mut stdin = self.stdin.as_ref().expect("a pipe");
        writeln!(stdin, "{line}").expect("it reads");
    }

    pub(crate) fn process(&self) -> &Process {
        &self.process
    }

    /// The next thing it says.
    pub(crate) fn event(&self) -> Value {
        let line = self
            .lines
            .recv_timeout(PATIENCE)
            .expect("the program says what happens");

        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    /// Insists that it says nothing for this long.
    pub(crate) fn says_nothing_for(&self, time: Duration) {
        if let Ok(line) = self.lines.recv_timeout(time) {
            panic!("it said too early: {line}");
        }
    }

    /// Waits until it ends, and answers with its exit code and all that it has said.
    pub(crate) fn all_it_says(&mut self) -> (i32, Vec<Value>) {
        let status = self.process.exit(PATIENCE).expect("the program ends");
        let said = self.lines.iter().map(|line| {
            serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
        });

        (
            status.code().expect("an exit code, not a signal"),
            said.collect(),
        )
    }

    /// Waits until it ends, and insists that it says nothing more.
    pub(crate) fn exit_code(&mut self) -> i32 {
        let status = self.process.exit(PATIENCE).expect("the program ends");
        let more: Vec<String> = self.lines.iter().collect();
        assert!(more.is_empty(), "it said more than it should: {more:?}");

        status.code().expect("an exit code, not a signal")
    }

    /// What it has logged so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}
