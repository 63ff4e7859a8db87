//! A platform that says exactly what it was told to say, one answer a connection.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// How long a connection may keep the server waiting.
const PATIENCE: Duration = Duration::from_secs(10);

/// Gives these answers, as they stand here, to the connections that come, and ends.
pub(crate) fn answers(answers: Vec<String>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for answer in answers {
            let Ok((connection, _)) = listener.accept() else {
                return;
            };
            serve(connection, &answer);
        }
    });

    address
}

fn serve(mut connection: TcpStream, answer: &str) {
    connection.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut asked = Vec::new();
    let mut some = [0; 1024];
    while !asked.ends_with(b"\r\n\r\n") {
        match connection.read(&mut some) {
            Ok(0) | Err(_) => return,
            Ok(read) => asked.extend_from_slice(&some[..read]),
        }
    }
    // A client that has gone has its own failure to tell.
    let _ = connection.write_all(answer.as_bytes());
}

/// An answer of this body, with more headers.
pub(crate) fn answer(headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    )
}
