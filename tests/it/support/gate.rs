//! A gate before the sandbox with faults below HTTP: it loses answers, sends wrong bytes, or does not listen.

use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use patron_display::sandbox::ApiCall;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::{JoinSet, yield_now};
use tokio::time::{sleep, timeout};

/// The longest time that a connection lasts.
const LONGEST: Duration = Duration::from_secs(90);
/// An endless answer ends after this many bytes.
const MOST_BYTES: usize = 64 * 1024 * 1024;
/// The bytes that the system buffers for a caller that does not read.
const SEND_BUFFER: u32 = 64 * 1024;
const END_OF_HEAD: &[u8] = b"\r\n\r\n";
/// The answer that `Half` cuts off if the call did not reach the platform.
const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
    Content-Length: 40\r\n\r\n{\"type\":\"cancellation\",\"status\":\"cancelled";

/// A bad answer that the caller gets instead of the platform's answer.
#[derive(Debug, Clone)]
pub(crate) struct WireFault {
    answer: BadAnswer,
    reaches_platform: bool,
}

#[derive(Debug, Clone)]
enum BadAnswer {
    Reset,
    /// The whole answer. The connection closes after it.
    Last,
    /// A part of the answer. The connection closes in the middle of the body.
    Half,
    /// Sends these bytes and closes the connection.
    Bytes(Vec<u8>),
    /// Sends `first`, then `again` without end.
    Endless {
        first: Vec<u8>,
        again: Vec<u8>,
        pause: Duration,
    },
}

impl WireFault {
    fn new(answer: BadAnswer) -> Self {
        Self {
            answer,
            reaches_platform: false,
        }
    }

    pub(crate) fn reset() -> Self {
        Self::new(BadAnswer::Reset)
    }

    /// Passes the platform's answer, and then closes the connection.
    pub(crate) fn last() -> Self {
        Self::new(BadAnswer::Last).after_effect()
    }

    pub(crate) fn half() -> Self {
        Self::new(BadAnswer::Half)
    }

    pub(crate) fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self::new(BadAnswer::Bytes(bytes.into()))
    }

    /// Sends `first`, then `again` without end, as fast as the caller reads.
    pub(crate) fn flood(first: impl Into<Vec<u8>>, again: impl Into<Vec<u8>>) -> Self {
        Self::endless(first, again, Duration::ZERO)
    }

    /// Sends `first`, then `again` without end, slowly.
    pub(crate) fn drip(first: impl Into<Vec<u8>>, again: impl Into<Vec<u8>>) -> Self {
        Self::endless(first, again, Duration::from_millis(50))
    }

    /// Sends nothing, and keeps the connection open.
    pub(crate) fn silence() -> Self {
        Self::endless("", " ", LONGEST)
    }

    fn endless(first: impl Into<Vec<u8>>, again: impl Into<Vec<u8>>, pause: Duration) -> Self {
        let (first, again) = (first.into(), again.into());

        Self::new(BadAnswer::Endless {
            first,
            again,
            pause,
        })
    }

    /// Passes the call to the platform first, so that only the answer is lost.
    pub(crate) fn after_effect(self) -> Self {
        Self {
            reaches_platform: true,
            ..self
        }
    }
}

/// The amount of an endless answer that a caller read, and the time that it took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken {
    pub(crate) bytes: usize,
    /// The time from the call until the caller hung up.
    pub(crate) held: Duration,
}

/// A running gate. It closes when it is dropped.
pub(crate) struct Gate {
    pub(crate) address: SocketAddr,
    platform: SocketAddr,
    book: Arc<Mutex<Book>>,
    connections: JoinSet<()>,
    /// A socket that keeps the address while the gate is closed.
    reserved: Option<TcpSocket>,
}

struct Call {
    kind: ApiCall,
    /// The number of the connection, in the order in which the gate accepted them.
    connection: usize,
    at: Instant,
    request: Vec<u8>,
}

#[derive(Default)]
struct Book {
    script: VecDeque<(ApiCall, WireFault)>,
    /// The text to replace in each request, and its replacement.
    replaced: Option<(&'static str, &'static str)>,
    calls: Vec<Call>,
    accepted: usize,
    /// The number of endless answers that are being sent now.
    flowing: usize,
    taken: Vec<Taken>,
}

impl Gate {
    /// Opens a gate that lets every call through to `platform`.
    pub(crate) fn open(platform: SocketAddr) -> Self {
        Self::open_on(Ipv4Addr::LOCALHOST.into(), platform)
    }

    /// Opens a gate on this address of the machine.
    pub(crate) fn open_on(address: IpAddr, platform: SocketAddr) -> Self {
        let mut gate = Self {
            address: SocketAddr::from((address, 0)),
            platform,
            book: Arc::default(),
            connections: JoinSet::new(),
            reserved: None,
        };
        gate.open_again();

        gate
    }

    /// Listens again at the same address.
    pub(crate) fn open_again(&mut self) {
        let socket = self.socket();
        self.reserved = None;
        let listener = socket.listen(16).unwrap();
        self.address = listener.local_addr().unwrap();
        let book = Arc::clone(&self.book);
        self.connections
            .spawn(listen(listener, self.platform, book));
    }

    /// Cuts every connection and stops listening.
    pub(crate) async fn close(&mut self) {
        self.connections.shutdown().await;
        self.reserved = Some(self.socket());
    }

    /// Returns a socket with the gate's address. It does not listen yet.
    fn socket(&self) -> TcpSocket {
        let socket = match self.address {
            SocketAddr::V4(_) => TcpSocket::new_v4(),
            SocketAddr::V6(_) => TcpSocket::new_v6(),
        }
        .unwrap();
        socket.set_reuseaddr(true).unwrap();
        socket.set_send_buffer_size(SEND_BUFFER).unwrap();
        socket.bind(self.address).unwrap();

        socket
    }

    /// Gives these faults to the next calls of this kind.
    pub(crate) fn script(&self, call: ApiCall, faults: impl IntoIterator<Item = WireFault>) {
        let faults = faults.into_iter().map(|fault| (call, fault));
        self.book().script.extend(faults);
    }

    /// Replaces `this` by `that` in each request. Both must have the same length.
    pub(crate) fn replace(&self, this: &'static str, that: &'static str) {
        assert_eq!(this.len(), that.len());
        self.book().replaced = Some((this, that));
    }

    /// Whether every scripted fault has happened.
    pub(crate) fn is_done(&self) -> bool {
        self.book().script.is_empty()
    }

    pub(crate) fn call_times(&self, wanted: ApiCall) -> Vec<Instant> {
        let book = self.book();
        let calls = book.calls.iter().filter(|call| call.kind == wanted);

        calls.map(|call| call.at).collect()
    }

    /// Returns the number of the connection of each call of this kind.
    pub(crate) fn connections(&self, wanted: ApiCall) -> Vec<usize> {
        let book = self.book();
        let calls = book.calls.iter().filter(|call| call.kind == wanted);

        calls.map(|call| call.connection).collect()
    }

    /// Returns the body of the last call of this kind.
    pub(crate) fn last_body(&self, wanted: ApiCall) -> Value {
        let book = self.book();
        let last = book.calls.iter().rfind(|call| call.kind == wanted);
        let request = &last.unwrap().request;

        serde_json::from_slice(&request[end_of_head(request).unwrap()..]).unwrap()
    }

    /// Waits until every caller of an endless answer has hung up. Returns what each has read.
    pub(crate) async fn taken(&self) -> Vec<Taken> {
        while self.book().flowing > 0 {
            yield_now().await;
        }

        self.book().taken.clone()
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap()
    }
}

impl Book {
    /// Records a call and takes its fault out of the script.
    fn note(&mut self, request: &[u8], connection: usize, at: Instant) -> Option<WireFault> {
        let kind = kind(request);
        self.calls.push(Call {
            kind,
            connection,
            at,
            request: request.to_vec(),
        });
        let due = self.script.iter().position(|(call, _)| *call == kind)?;

        self.script.remove(due).map(|(_, fault)| fault)
    }
}

/// Accepts connections. They close when this task ends.
async fn listen(listener: TcpListener, platform: SocketAddr, book: Arc<Mutex<Book>>) {
    let mut connections = JoinSet::new();
    while let Ok((caller, _)) = listener.accept().await {
        let book = Arc::clone(&book);
        let number = {
            let mut book = book.lock().unwrap();
            book.accepted += 1;

            book.accepted
        };
        connections.spawn(timeout(LONGEST, async move {
            // Ignores a broken connection, because the caller reports it.
            let _ = serve(caller, number, platform, &book).await;
        }));
    }
}

/// Answers the calls on a connection, one after another.
async fn serve(
    mut caller: TcpStream,
    number: usize,
    platform: SocketAddr,
    book: &Mutex<Book>,
) -> io::Result<()> {
    while let Some(request) = message(&mut caller).await? {
        let at = Instant::now();
        let (fault, request) = {
            let mut book = book.lock().unwrap();

            (
                book.note(&request, number, at),
                replaced(request, book.replaced),
            )
        };
        let Some(fault) = fault else {
            let answer = forward(platform, &request).await?;
            caller.write_all(&answer).await?;
            continue;
        };
        let answer = if fault.reaches_platform {
            forward(platform, &request).await?
        } else {
            ANSWER.to_vec()
        };
        return match fault.answer {
            BadAnswer::Reset => caller.set_zero_linger(),
            BadAnswer::Last => {
                caller.write_all(&answer).await?;
                caller.shutdown().await
            }
            BadAnswer::Half => {
                let half = usize::midpoint(end_of_head(&answer).unwrap(), answer.len());
                caller.write_all(&answer[..half]).await?;
                caller.shutdown().await
            }
            BadAnswer::Bytes(bytes) => caller.write_all(&bytes).await,
            BadAnswer::Endless {
                first,
                again,
                pause,
            } => {
                book.lock().unwrap().flowing += 1;
                let bytes = flow(&mut caller, &first, &again, pause).await;
                let held = at.elapsed();
                let mut book = book.lock().unwrap();
                book.flowing -= 1;
                book.taken.push(Taken { bytes, held });

                Ok(())
            }
        };
    }

    Ok(())
}

/// Sends an endless answer until the caller hangs up. Returns how many bytes the caller took.
async fn flow(caller: &mut TcpStream, first: &[u8], again: &[u8], pause: Duration) -> usize {
    let (mut from, mut to) = caller.split();
    let mut sent = first.len();
    let sending = async {
        if to.write_all(first).await.is_err() {
            return;
        }
        while sent < MOST_BYTES {
            if !pause.is_zero() {
                sleep(pause).await;
            }
            match to.write(again).await {
                Ok(written) => sent += written,
                Err(_) => return,
            }
        }
    };
    // Reads, because a closed connection may be noticed only by reading when nothing is sent.
    let hung_up = async { while matches!(from.read(&mut [0; 64]).await, Ok(1..)) {} };
    tokio::select! {
        () = sending => {}
        () = hung_up => {}
    }

    sent
}

async fn forward(platform: SocketAddr, request: &[u8]) -> io::Result<Vec<u8>> {
    let mut platform = TcpStream::connect(platform).await?;
    platform.write_all(request).await?;

    message(&mut platform)
        .await?
        .ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

/// Reads a whole request or answer. Returns `None` if the connection ends before.
async fn message(from: &mut TcpStream) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let mut whole = None;
    while whole.is_none_or(|whole| bytes.len() < whole) {
        if from.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
        if let (None, Some(head)) = (whole, end_of_head(&bytes)) {
            whole = Some(head + content_length(&bytes[..head]));
        }
    }

    Ok(Some(bytes))
}

pub(crate) fn end_of_head(bytes: &[u8]) -> Option<usize> {
    let start = bytes
        .windows(END_OF_HEAD.len())
        .position(|part| part == END_OF_HEAD)?;

    Some(start + END_OF_HEAD.len())
}

pub(crate) fn content_length(head: &[u8]) -> usize {
    String::from_utf8_lossy(head)
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, length)| length.trim().parse().unwrap())
}

fn replaced(request: Vec<u8>, replaced: Option<(&str, &str)>) -> Vec<u8> {
    match replaced {
        Some((this, that)) => String::from_utf8_lossy(&request)
            .replace(this, that)
            .into_bytes(),
        None => request,
    }
}

pub(crate) fn kind(request: &[u8]) -> ApiCall {
    let line = request.split(|byte| *byte == b'\r').next().unwrap();
    let line = String::from_utf8_lossy(line);
    let path = line.split(' ').nth(1).unwrap_or_default();
    match line {
        _ if path.ends_with("/void") => ApiCall::Void,
        _ if path.ends_with("/refund") => ApiCall::Refund,
        _ if path.ends_with("/activities") => ApiCall::Activities,
        _ if path.contains("/external-ref/") => ApiCall::ByExternalRef,
        _ if line.starts_with("POST ") => ApiCall::Create,
        _ => ApiCall::Read,
    }
}
