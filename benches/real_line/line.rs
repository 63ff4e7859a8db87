//! A delay line: a TCP relay that gives loopback the round trip of a real line.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use crate::creates::Creates;

/// Starts a line to the server at `to`. Returns the address where it takes connections. It runs until the
/// benchmark ends.
///
/// The line holds back all bytes by half a round trip in each direction. It holds back the first bytes of a client
/// by one more round trip: that is the TCP handshake, which takes no time on loopback.
///
/// Threads sleep more precisely than tokio's timers, which count milliseconds.
pub(crate) fn start(round_trip: Duration, to: SocketAddr, creates: Creates) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let address = listener.local_addr().expect("its address");
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let server = TcpStream::connect(to).expect("the server");
            connect(round_trip, client, server, &creates);
        }
    });

    address
}

/// Relays both directions of a connection until each has ended.
fn connect(round_trip: Duration, client: TcpStream, server: TcpStream, creates: &Creates) {
    let connection = server.local_addr().expect("its address").port();
    for stream in [&client, &server] {
        stream.set_nodelay(true).expect("no delay by the system");
    }
    let [from_client, to_client] = both(client);
    let [from_server, to_server] = both(server);

    let half = round_trip / 2;
    relay(from_client, to_server, [half + round_trip, half], None);
    let answers = Some((creates.clone(), connection));
    relay(from_server, to_client, [half, half], answers);
}

fn both(stream: TcpStream) -> [TcpStream; 2] {
    [stream.try_clone().expect("a handle"), stream]
}

/// Bytes on the line. No bytes mean the end of the stream.
struct Parcel {
    due: Instant,
    bytes: Vec<u8>,
    /// Whether the bytes belong to the answer to a create.
    answers_create: bool,
}

/// Relays one direction. `delays` are the delay of the first bytes and of all later ones. `answers` is `None` for
/// the direction to the server; otherwise it has the number of the connection.
fn relay(from: TcpStream, to: TcpStream, delays: [Duration; 2], answers: Option<(Creates, u16)>) {
    let (tell, told) = mpsc::channel();
    let notes = answers.clone();
    thread::spawn(move || take_up(from, delays, notes.as_ref(), &tell));
    thread::spawn(move || deliver(to, &told, answers.as_ref()));
}

fn take_up(
    mut from: TcpStream,
    [first, later]: [Duration; 2],
    answers: Option<&(Creates, u16)>,
    tell: &Sender<Parcel>,
) {
    const LARGEST: usize = 64 * 1024;
    let mut buffer = vec![0; LARGEST];
    let mut delay = first;
    let mut last_due = Instant::now();
    loop {
        // A broken connection ends the stream.
        let length = from.read(&mut buffer).unwrap_or(0);
        // Bytes never overtake those before them.
        last_due = last_due.max(Instant::now() + delay);
        delay = later;
        let parcel = Parcel {
            due: last_due,
            bytes: buffer[..length].to_vec(),
            answers_create: answers
                .is_some_and(|(creates, connection)| creates.is_being_answered(*connection)),
        };
        if tell.send(parcel).is_err() || length == 0 {
            return;
        }
    }
}

fn deliver(mut to: TcpStream, told: &Receiver<Parcel>, answers: Option<&(Creates, u16)>) {
    for parcel in told {
        thread::sleep(parcel.due.saturating_duration_since(Instant::now()));
        let now = Instant::now();
        if parcel.bytes.is_empty() || to.write_all(&parcel.bytes).is_err() {
            break;
        }
        if let Some((creates, _)) = answers
            && parcel.answers_create
        {
            creates.delivered_at(now);
        }
    }
    // Ignores an error, because the receiver may have closed the connection.
    let _ = to.shutdown(Shutdown::Write);
}
