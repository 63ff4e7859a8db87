//! A client of the local API that writes HTTP by hand, so that a test can also write it wrong.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::Value;

use super::resident::Shop;

/// Who calls, and where.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    pub(crate) address: String,
    /// Further lines of the head: the host, the token and the origin.
    pub(crate) head: Vec<(String, String)>,
}

/// The answer to a call.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Value,
}

/// A stream of events, as far as it was read.
pub(crate) struct Stream {
    connection: TcpStream,
    pub(crate) told: Arc<Mutex<Vec<Told>>>,
    reader: Option<JoinHandle<()>>,
}

/// An event of a stream.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Told {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) data: Value,
}

impl Api {
    /// Calls with the display's own token.
    pub(crate) fn own(shop: &Shop) -> Self {
        let display = fs::read(shop.path("data/display.json")).unwrap();

        Self::of(&serde_json::from_slice(&display).unwrap())
    }

    /// Calls the display of this `display.json` with its own token.
    pub(crate) fn of(display: &Value) -> Self {
        let address = display["address"].as_str().unwrap().to_owned();
        let token = display["token"].as_str().unwrap();

        Self {
            head: vec![("Host".to_owned(), address.clone())],
            address,
        }
        .with("Authorization", &format!("Bearer {token}"))
    }

    /// Replaces a line of the head; an empty value removes it.
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut changed = self.clone();
        changed.head.retain(|(known, _)| known != name);
        if !value.is_empty() {
            changed.head.push((name.to_owned(), value.to_owned()));
        }

        changed
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();

        stream
    }

    fn send(&self, method: &str, path: &str, body: &str) -> TcpStream {
        let mut stream = self.connect();
        let head: String = self
            .head
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\n{head}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        );
        // A display that refuses a call may close before it has read everything.
        let _ = stream.write_all(request.as_bytes());

        stream
    }

    /// Calls, and waits for the answer.
    pub(crate) fn call(&self, method: &str, path: &str, body: &str) -> Answer {
        let mut answer = String::new();
        self.send(method, path, body)
            .read_to_string(&mut answer)
            .unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();

        Answer {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head: head.to_ascii_lowercase(),
            body: serde_json::from_str(body).unwrap_or(Value::Null),
        }
    }

    /// Listens to the events of a sale.
    pub(crate) fn events(&self, reference: &str) -> Stream {
        let connection = self.send("GET", &format!("/v1/sales/{reference}/events"), "");
        let told = Arc::<Mutex<Vec<Told>>>::default();
        let (from, to) = (connection.try_clone().unwrap(), told.clone());
        let reader = thread::spawn(move || {
            let (mut id, mut name) = (0, String::new());
            // The lines with the lengths of chunks have no colon.
            for line in BufReader::new(from).lines().map_while(Result::ok) {
                match line.split_once(": ") {
                    Some(("id", text)) => id = text.parse().unwrap(),
                    Some(("event", text)) => name = text.to_owned(),
                    Some(("data", text)) => to.lock().unwrap().push(Told {
                        id,
                        name: name.clone(),
                        data: serde_json::from_str(text).unwrap(),
                    }),
                    _ => {}
                }
            }
        });

        Stream {
            connection,
            told,
            reader: Some(reader),
        }
    }
}

impl Answer {
    pub(crate) fn reason(&self) -> &str {
        self.body["reason"].as_str().unwrap_or_default()
    }
}

impl Stream {
    pub(crate) fn names(&self) -> Vec<String> {
        let told = self.told.lock().unwrap();

        told.iter().map(|told| told.name.clone()).collect()
    }

    pub(crate) fn has_told(&self, name: &str) -> bool {
        self.names().iter().any(|told| told == name)
    }

    /// Whether the display has ended the stream.
    pub(crate) fn is_over(&self) -> bool {
        self.reader.as_ref().is_none_or(JoinHandle::is_finished)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let _ = self.connection.shutdown(Shutdown::Both);
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
    }
}
