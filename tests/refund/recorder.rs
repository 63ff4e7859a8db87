//! A relay before the platform that keeps what the program sends.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde::Deserialize;
use serde_json::Value;

/// The relay; its threads end with the connections.
pub(crate) struct Recorder {
    pub(crate) address: SocketAddr,
    sent: Arc<Mutex<Vec<u8>>>,
}

impl Recorder {
    /// Relays to the platform at this address.
    pub(crate) fn before(platform: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let recorder = Self {
            address: listener.local_addr().unwrap(),
            sent: Arc::default(),
        };
        let sent = Arc::clone(&recorder.sent);
        thread::spawn(move || {
            for client in listener.incoming() {
                let client = client.unwrap();
                let server = TcpStream::connect(platform).unwrap();
                let back = (server.try_clone().unwrap(), client.try_clone().unwrap());
                let sent = Arc::clone(&sent);
                thread::spawn(move || relay(client, server, Some(&sent)));
                thread::spawn(move || relay(back.0, back.1, None));
            }
        });

        recorder
    }

    /// The body of the last refund that was sent.
    pub(crate) fn last_refund(&self) -> Value {
        let sent = String::from_utf8(self.sent.lock().unwrap().clone()).unwrap();
        let (_, last) = sent.rsplit_once("/refund HTTP/1.1\r\n").unwrap();
        let (_, body) = last.split_once("\r\n\r\n").unwrap();

        Value::deserialize(&mut serde_json::Deserializer::from_str(body)).unwrap()
    }
}

/// Copies one direction of a connection until it ends.
fn relay(mut from: TcpStream, mut to: TcpStream, sent: Option<&Mutex<Vec<u8>>>) {
    let mut buffer = [0; 4096];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        if let Some(sent) = sent {
            sent.lock().unwrap().extend_from_slice(&buffer[..read]);
        }
        if to.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}
