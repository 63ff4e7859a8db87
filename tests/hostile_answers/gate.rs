//! A gate in front of the sandbox that misbehaves below HTTP: byte by byte, or by hanging up.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::{JoinSet, yield_now};
use tokio::time::{sleep, timeout};

/// No connection lasts longer.
const LONGEST: Duration = Duration::from_secs(40);
/// What an endless answer ends with all the same.
const MOST: usize = 64 * 1024 * 1024;
/// How much of what is sent the system may keep for a caller that does not read it.
const SEND_BUFFER: u32 = 64 * 1024;

/// What a caller wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    Create,
    Read,
    Void,
    Other,
}

impl Call {
    fn of(head: &str) -> Self {
        let line = head.lines().next().unwrap_or_default();
        let path = line.split(' ').nth(1).unwrap_or_default();
        let below = path.strip_prefix("/api/payment-requests");
        match (line.starts_with("POST "), below) {
            (true, Some("")) => Self::Create,
            (true, Some(below)) if below.ends_with("/void") => Self::Void,
            (false, Some(below)) if below.matches('/').count() == 1 => Self::Read,
            _ => Self::Other,
        }
    }
}

/// What a call gets in the place of an answer: some bytes, then the same again and again.
#[derive(Debug, Clone)]
pub(crate) struct Foul {
    first: Vec<u8>,
    again: Vec<u8>,
    pause: Duration,
    takes_effect: bool,
}

impl Foul {
    /// These bytes, and the connection closes.
    pub(crate) fn bytes(first: impl Into<Vec<u8>>) -> Self {
        Self {
            first: first.into(),
            again: Vec::new(),
            pause: Duration::ZERO,
            takes_effect: false,
        }
    }

    /// These, and then for ever these, as fast as the caller takes them.
    pub(crate) fn flood(first: impl Into<Vec<u8>>, again: impl Into<Vec<u8>>) -> Self {
        Self {
            again: again.into(),
            ..Self::bytes(first)
        }
    }

    /// The same, slowly.
    pub(crate) fn drip(first: impl Into<Vec<u8>>, again: impl Into<Vec<u8>>) -> Self {
        Self {
            pause: Duration::from_millis(50),
            ..Self::flood(first, again)
        }
    }

    /// Nothing at all, for as long as the caller waits.
    pub(crate) fn silence() -> Self {
        Self {
            pause: LONGEST,
            ..Self::flood("", " ")
        }
    }

    /// The call takes effect, and its answer is lost.
    pub(crate) fn after_effect(self) -> Self {
        Self {
            takes_effect: true,
            ..self
        }
    }
}

/// What a caller took of an answer without an end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken {
    pub(crate) bytes: usize,
    /// From the call to its hanging up.
    pub(crate) held: Duration,
}

/// The gate. It closes when it is dropped.
pub(crate) struct Gate {
    pub(crate) address: SocketAddr,
    behind: SocketAddr,
    book: Arc<Mutex<Book>>,
    connections: JoinSet<()>,
    /// Keeps the address while nobody listens there.
    kept: Option<TcpSocket>,
}

#[derive(Default)]
struct Book {
    script: VecDeque<(Call, Foul)>,
    calls: Vec<(Call, Instant)>,
    /// Answers without an end that are still being sent.
    flowing: usize,
    taken: Vec<Taken>,
}

impl Gate {
    /// A gate through which everything gets to the server at `behind`.
    pub(crate) fn open(behind: SocketAddr) -> Self {
        let mut gate = Self {
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            behind,
            book: Arc::default(),
            connections: JoinSet::new(),
            kept: None,
        };
        gate.open_again();

        gate
    }

    /// Listens again at the same address.
    pub(crate) fn open_again(&mut self) {
        let socket = self.socket();
        self.kept = None;
        let listener = socket.listen(16).unwrap();
        self.address = listener.local_addr().unwrap();
        self.connections
            .spawn(serve(listener, self.behind, Arc::clone(&self.book)));
    }

    /// Hangs up on everybody, and is not there any more.
    pub(crate) async fn close(&mut self) {
        self.connections.shutdown().await;
        self.kept = Some(self.socket());
    }

    /// A socket at this address that does not listen yet.
    fn socket(&self) -> TcpSocket {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        socket.set_send_buffer_size(SEND_BUFFER).unwrap();
        socket.bind(self.address).unwrap();

        socket
    }

    /// The next calls of this kind get these.
    pub(crate) fn script(&self, call: Call, fouls: impl IntoIterator<Item = Foul>) {
        let fouls = fouls.into_iter().map(|foul| (call, foul));
        self.book().script.extend(fouls);
    }

    /// Whether everything that was scripted has happened.
    pub(crate) fn is_done(&self) -> bool {
        self.book().script.is_empty()
    }

    /// When the calls of this kind came.
    pub(crate) fn call_times(&self, wanted: Call) -> Vec<Instant> {
        let calls = self.book().calls.clone();

        calls
            .into_iter()
            .filter_map(|(call, at)| (call == wanted).then_some(at))
            .collect()
    }

    /// What each caller took of what had no end, once all of them have hung up.
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

async fn serve(listener: TcpListener, behind: SocketAddr, book: Arc<Mutex<Book>>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let call = answer(stream, behind, Arc::clone(&book));
        connections.spawn(timeout(LONGEST, call));
    }
}

async fn answer(mut stream: TcpStream, behind: SocketAddr, book: Arc<Mutex<Book>>) {
    let Some((head, body)) = request(&mut stream).await else {
        return;
    };
    let (call, at) = (Call::of(&head), Instant::now());
    let foul = {
        let mut book = book.lock().unwrap();
        book.calls.push((call, at));
        let due = book.script.iter().position(|(kind, _)| *kind == call);

        due.and_then(|due| book.script.remove(due))
    };
    let Some((_, foul)) = foul else {
        let answer = forward(behind, &head, &body).await;
        let _ = stream.write_all(&answer).await;
        return;
    };
    if foul.takes_effect {
        forward(behind, &head, &body).await;
    }
    if foul.again.is_empty() {
        let _ = stream.write_all(&foul.first).await;
        return;
    }
    book.lock().unwrap().flowing += 1;
    let bytes = play(&mut stream, &foul).await;
    let held = at.elapsed();
    let mut book = book.lock().unwrap();
    book.flowing -= 1;
    book.taken.push(Taken { bytes, held });
}

/// How many bytes were taken before the caller hung up.
async fn play(stream: &mut TcpStream, foul: &Foul) -> usize {
    let (mut from, mut to) = stream.split();
    let mut sent = foul.first.len();
    let flow = async {
        if to.write_all(&foul.first).await.is_err() {
            return;
        }
        while sent < MOST {
            if !foul.pause.is_zero() {
                sleep(foul.pause).await;
            }
            match to.write(&foul.again).await {
                Ok(written) => sent += written,
                Err(_) => return,
            }
        }
    };
    // A caller that is gone says so by closing, even where nothing is sent.
    let gone = async { while matches!(from.read(&mut [0; 64]).await, Ok(1..)) {} };
    tokio::select! {
        () = flow => {}
        () = gone => {}
    }

    sent
}

/// The answer of the server behind, which is asked to hang up after it.
async fn forward(behind: SocketAddr, head: &str, body: &[u8]) -> Vec<u8> {
    let mut answer = Vec::new();
    let Ok(mut server) = TcpStream::connect(behind).await else {
        return answer;
    };
    let asked = head.replacen("\r\n", "\r\nConnection: close\r\n", 1);
    let sent = server.write_all(&[asked.as_bytes(), body].concat()).await;
    if sent.is_ok() {
        let _ = server.read_to_end(&mut answer).await;
    }

    answer
}

async fn request(stream: &mut (impl AsyncRead + Unpin)) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let mut body = bytes.split_off(end);
    let length = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, length)| length.trim().parse().unwrap_or(0));
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }

    Some((head, body))
}
