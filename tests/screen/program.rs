//! The program as a till starts it: its events, its exit code, and ways to kill it.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::Value;

use crate::process::{PATIENCE, Process, poll};

/// The events that all launches at a counter told the till.
#[derive(Debug, Clone, Default)]
pub(crate) struct Till(Arc<Mutex<Vec<Value>>>);

impl Till {
    pub(crate) fn told(&self) -> Vec<Value> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn hears(&self, event: Value) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(event);
    }
}

#[derive(Debug)]
pub(crate) struct Program {
    process: Process,
    events: Receiver<Value>,
    reader: Option<JoinHandle<()>>,
    /// The pipe for the till's commands.
    stdin: Option<ChildStdin>,
    log: PathBuf,
}

impl Program {
    /// Starts the program. Its log goes to the file `log`.
    pub(crate) fn start(command: Command, log: PathBuf) -> Self {
        Self::start_for(&Till::default(), command, log)
    }

    /// Starts the program. Its log goes to the file `log`, its events to the till.
    pub(crate) fn start_for(till: &Till, mut command: Command, log: PathBuf) -> Self {
        let file = File::create(&log).expect("a log file");
        let mut process = Process::start(
            command.stdout(Stdio::piped()).stderr(file),
            "It should have been built beside this test.",
        );
        let stdout = process.child().stdout.take().expect("a pipe");
        let stdin = process.child().stdin.take();
        let (tell, events) = mpsc::channel();
        let till = till.clone();
        let reader = thread::spawn(move || {
            let lines = BufReader::new(stdout).lines().map_while(Result::ok);
            for line in lines {
                // A program that is killed may leave an incomplete line.
                let event = serde_json::from_str(&line).unwrap_or(Value::String(line));
                if event.is_object() {
                    till.hears(event.clone());
                }
                // Ignores an error: the test may have stopped reading, but the till's list must still grow.
                let _ = tell.send(event);
            }
        });

        Self {
            process,
            events,
            reader: Some(reader),
            stdin,
            log,
        }
    }

    pub(crate) fn process(&self) -> &Process {
        &self.process
    }

    /// Writes a line to standard input.
    pub(crate) fn writes(&self, line: &str) {
        let mut stdin = self.stdin.as_ref().expect("a pipe");
        writeln!(stdin, "{line}").expect("it reads");
    }

    /// Waits until this resident display takes sales. Returns its `display.json`.
    pub(crate) fn takes_sales(&self, data: &Path) -> Value {
        let display = poll(PATIENCE, || display_file(data, self.process.id()));

        display.unwrap_or_else(|| panic!("no resident display comes\n{}", self.log()))
    }

    pub(crate) fn event(&self) -> Value {
        let event = self.next(PATIENCE).expect("the program says what happens");
        assert!(event.is_object(), "{event}");

        event
    }

    /// Returns the outcome event of the sale. Skips the events before it.
    pub(crate) fn outcome(&self) -> Value {
        loop {
            let event = self.event();
            if event["event"] == "outcome" {
                return event;
            }
        }
    }

    /// Checks that the program sends no event for this long.
    pub(crate) fn says_nothing_for(&self, time: Duration) {
        if let Some(event) = self.next(time) {
            panic!("it said too early: {event}");
        }
    }

    /// Returns the next event, or `None` if the program has ended or sends none for this long.
    pub(crate) fn next(&self, patience: Duration) -> Option<Value> {
        self.events.recv_timeout(patience).ok()
    }

    /// Waits for the event of this name. `what` is its outcome, reason or state, or empty.
    pub(crate) fn says(&self, event: &str, what: &str) -> Value {
        let mut said = Vec::new();
        while let Some(next) = self.next(PATIENCE) {
            if name(&next) == (event, what) {
                return next;
            }
            said.push(next.to_string());
        }

        panic!(
            "it never said {event} {what}, but:\n{}\n{}",
            said.join("\n"),
            self.log()
        )
    }

    /// Kills the program with SIGKILL, as the system does when memory runs out.
    pub(crate) fn kill(&mut self) {
        self.process.child().kill().expect("a signal");
        self.was_killed();
    }

    /// Simulates a power cut, in which unsynced data is lost.
    pub(crate) fn cut_power(&mut self) {
        self.process.signal("USR2");
        self.was_killed();
    }

    /// Sends this signal, unless the program has already ended well.
    pub(crate) fn kill_at_its_end(&mut self, signal: &str) {
        self.process.signal(signal);
        let status = self.ended();
        assert!(status.signal().is_some() || status.success(), "{status}");
    }

    /// Whether the program has ended and all its events are read.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.process.exit(Duration::ZERO).is_some()
    }

    /// Waits until the program was killed. Fails if it ended by itself.
    pub(crate) fn was_killed(&mut self) {
        const SIGKILL: i32 = 9;
        let status = self.ended();
        assert_eq!(
            status.signal(),
            Some(SIGKILL),
            "it was to be killed, but ended with {status}\n{}",
            self.log()
        );
    }

    /// Waits until the program ends by itself. Returns its exit code and the events that no one has read yet.
    pub(crate) fn all_it_says(&mut self) -> (i32, Vec<Value>) {
        let code = self.code();
        let said: Vec<_> = self.events.try_iter().collect();
        assert!(said.iter().all(Value::is_object), "{said:?}");

        (code, said)
    }

    /// Waits until the program ends by itself. Returns its exit code. Its events can still be read.
    pub(crate) fn code(&mut self) -> i32 {
        let status = self.ended();
        let code = status.code();

        code.unwrap_or_else(|| panic!("it was to end by itself: {status}\n{}", self.log()))
    }

    /// Waits until the program ends by itself, and checks that it sent no more events. Returns its exit code.
    pub(crate) fn exit_code(&mut self) -> i32 {
        let (code, more) = self.all_it_says();
        assert!(more.is_empty(), "it said more than it should: {more:?}");

        code
    }

    fn ended(&mut self) -> ExitStatus {
        let status = self.process.exit(PATIENCE);
        let status = status.unwrap_or_else(|| panic!("it does not end\n{}", self.log()));
        if let Some(reader) = self.reader.take() {
            reader.join().expect("what it said");
        }

        status
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}

/// Returns the event's name, and the field that tells it from others of this name.
pub(crate) fn name(event: &Value) -> (&str, &str) {
    let what = ["outcome", "reason", "state"]
        .into_iter()
        .find_map(|field| event[field].as_str());

    (
        event["event"].as_str().unwrap_or_default(),
        what.unwrap_or_default(),
    )
}

/// Returns the `display.json` of the resident display with this process id. The file of a killed display has
/// another id.
pub(crate) fn display_file(data: &Path, id: u32) -> Option<Value> {
    let display = fs::read(data.join("display.json")).ok()?;
    let display: Value = serde_json::from_slice(&display).ok()?;

    (display["pid"] == id).then_some(display)
}
