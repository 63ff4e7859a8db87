//! One launch of the program: what it says, how it is killed, and how it ends.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::Value;

use crate::process::{PATIENCE, Process};

/// Everything the till was told, through all launches.
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

/// The program, running.
#[derive(Debug)]
pub(crate) struct Launch {
    process: Process,
    events: Receiver<Value>,
    reader: Option<JoinHandle<()>>,
    log: PathBuf,
}

impl Launch {
    /// Starts it; what it logs goes to the file `log`, what it says to the till.
    pub(crate) fn start(mut command: Command, log: PathBuf, till: &Till) -> Self {
        let file = File::create(&log).expect("a log file");
        let mut process = Process::start(
            command.stdout(Stdio::piped()).stderr(file),
            "It should have been built beside this test.",
        );
        let stdout = process.child().stdout.take().expect("a pipe");
        let (tell, events) = mpsc::channel();
        let till = till.clone();
        let reader = thread::spawn(move || {
            let lines = BufReader::new(stdout).lines().map_while(Result::ok);
            for event in lines.map_while(|line| serde_json::from_str::<Value>(&line).ok()) {
                till.hears(event.clone());
                // The test may have stopped listening; the till has not.
                let _ = tell.send(event);
            }
        });

        Self {
            process,
            events,
            reader: Some(reader),
            log,
        }
    }

    pub(crate) fn process(&self) -> &Process {
        &self.process
    }

    /// The next thing it says; `None` where it says nothing for so long, or has ended.
    pub(crate) fn next(&self, patience: Duration) -> Option<Value> {
        self.events.recv_timeout(patience).ok()
    }

    /// Waits until it says this, by the name of the event and, where it has one, its outcome,
    /// reason or state.
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

    /// Kills it, as the system does when it is out of memory.
    pub(crate) fn kill(&mut self) {
        self.process.child().kill().expect("a signal");
        self.was_killed();
    }

    /// Takes the power away.
    pub(crate) fn cut_power(&mut self) {
        self.process.signal("USR2");
        self.was_killed();
    }

    /// Kills it where it has not come to its own end meanwhile, which is a good one.
    pub(crate) fn kill_at_its_end(&mut self, signal: &str) {
        self.process.signal(signal);
        let status = self.ended();
        assert!(status.signal().is_some() || status.success(), "{status}");
    }

    /// Whether it has ended and said all it had to say.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.process.exit(Duration::ZERO).is_some()
    }

    /// Waits until it has been killed, and insists that it did not end by itself.
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

    /// Waits until it ends by itself, and answers with its exit code.
    pub(crate) fn exit_code(&mut self) -> i32 {
        let status = self.ended();

        status
            .code()
            .unwrap_or_else(|| panic!("it was to end by itself, but: {status}\n{}", self.log()))
    }

    fn ended(&mut self) -> ExitStatus {
        let status = self.process.exit(PATIENCE);
        let status = status.unwrap_or_else(|| panic!("it does not end\n{}", self.log()));
        if let Some(reader) = self.reader.take() {
            reader.join().expect("what it said");
        }

        status
    }

    /// What it has logged so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}

/// An event by its name and by what tells it from others of that name.
pub(crate) fn name(event: &Value) -> (&str, &str) {
    let what = ["outcome", "reason", "state"]
        .into_iter()
        .find_map(|field| event[field].as_str());

    (
        event["event"].as_str().unwrap_or_default(),
        what.unwrap_or_default(),
    )
}
