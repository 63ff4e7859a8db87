//! A till that starts the real program for each sale and reads its output.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

/// A run of the program for one sale of a till.
pub(crate) struct Till {
    child: Child,
    stdin: Option<ChildStdin>,
    told: Arc<Mutex<Vec<String>>>,
    said: Arc<Mutex<Vec<String>>>,
    readers: Vec<thread::JoinHandle<()>>,
}

impl Till {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (told, said) = (Arc::default(), Arc::default());
        let readers = vec![
            read(child.stdout.take().unwrap(), &told),
            read(child.stderr.take().unwrap(), &said),
        ];

        Self {
            stdin: child.stdin.take(),
            child,
            told,
            said,
            readers,
        }
    }

    pub(crate) fn events(&self) -> Vec<Value> {
        let told = self.told.lock().unwrap();
        let events = told.iter().map(|line| serde_json::from_str(line).unwrap());

        events.collect()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let events = self.events().into_iter();

        events
            .map(|event| event["event"].as_str().unwrap().to_owned())
            .collect()
    }

    pub(crate) fn has_told(&self, name: &str) -> bool {
        self.names().iter().any(|told| told == name)
    }

    /// Returns the text on standard error.
    pub(crate) fn said(&self) -> String {
        self.said.lock().unwrap().join("\n")
    }

    /// Returns the exit code if the program has ended. All its output has been read then.
    pub(crate) fn code(&mut self) -> Option<i32> {
        let status = self.child.try_wait().unwrap()?;
        for reader in self.readers.drain(..) {
            reader.join().unwrap();
        }

        status.code()
    }

    pub(crate) fn writes(&mut self, line: &str) {
        let stdin = self.stdin.as_mut().unwrap();
        writeln!(stdin, "{line}").unwrap();
    }

    pub(crate) fn closes_its_end(&mut self) {
        self.stdin = None;
    }

    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &pid]).status();
        assert!(sent.unwrap().success());
    }
}

impl Drop for Till {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(
    from: impl Read + Send + 'static,
    lines: &Arc<Mutex<Vec<String>>>,
) -> thread::JoinHandle<()> {
    let lines = lines.clone();

    thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            lines.lock().unwrap().push(line);
        }
    })
}
