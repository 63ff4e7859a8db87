//! A gate in front of the platform that stops a call before it takes effect, or its answer after.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::process::PATIENCE;

/// Longer than any test holds anything.
const HELD: Duration = Duration::from_secs(60);

/// What the program can ask the platform for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    Create,
    LookUp,
    Read,
    Void,
    Activities,
}

/// What happens to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It waits in front of the platform until [`Gate::lift`].
    HeldBefore,
    /// It takes effect, and its answer waits until [`Gate::lift`].
    HeldAfter,
    /// It takes effect, and its answer is lost.
    Unanswered,
    /// It takes effect, and is answered with what nobody can read.
    Garbled,
    /// It takes effect, and is answered with an error of the server.
    Failed,
    /// It is lost on its way, and so is the connection.
    Lost,
}

/// What shall happen to the next call of a kind, or to all that come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) call: Call,
    pub(crate) fate: Fate,
    pub(crate) lasts: bool,
}

impl Rule {
    pub(crate) fn next(call: Call, fate: Fate) -> Self {
        Self {
            call,
            fate,
            lasts: false,
        }
    }

    pub(crate) fn all(call: Call, fate: Fate) -> Self {
        Self {
            call,
            fate,
            lasts: true,
        }
    }
}

/// Where the program calls instead of the platform.
#[derive(Debug)]
pub(crate) struct Gate {
    address: SocketAddr,
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    book: Mutex<Book>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Book {
    rules: Vec<Rule>,
    calls: Vec<Call>,
    /// Calls that are where a rule wanted to have them.
    stopped: Vec<Call>,
    /// What is held may go on.
    released: Vec<Call>,
    /// What was held before this was raised is lost.
    edition: u32,
}

impl Gate {
    /// Opens a gate in front of `platform` that lets everything through.
    pub(crate) fn open(platform: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::<State>::default();
        let shared = Arc::clone(&state);
        // The threads end with the test's process; what they hold then is a socket.
        thread::spawn(move || {
            for caller in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                thread::spawn(move || pass(caller, platform, &state));
            }
        });

        Self { address, state }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on these rules hold, and calls are counted anew. What is held is lost.
    pub(crate) fn obey(&self, rules: &[Rule]) {
        let mut book = self.state.lock();
        *book = Book {
            rules: rules.to_vec(),
            edition: book.edition + 1,
            ..Book::default()
        };
        self.state.changed.notify_all();
    }

    /// From now on these rules hold as well. What is held stays held.
    pub(crate) fn also(&self, rules: &[Rule]) {
        let mut book = self.state.lock();
        book.rules.extend_from_slice(rules);
        book.stopped.clear();
        book.released.clear();
    }

    /// Lets such calls go on, those that are held and those that come.
    pub(crate) fn lift(&self, call: Call) {
        let mut book = self.state.lock();
        book.rules.retain(|rule| rule.call != call);
        book.released.push(call);
        self.state.changed.notify_all();
    }

    /// Waits until a rule has been applied to such a call.
    pub(crate) fn has_stopped(&self, call: Call) -> bool {
        let (book, _) = self
            .state
            .changed
            .wait_timeout_while(self.state.lock(), PATIENCE, |book| {
                !book.stopped.contains(&call)
            })
            .unwrap_or_else(PoisonError::into_inner);

        book.stopped.contains(&call)
    }

    /// How many of these calls have come.
    pub(crate) fn count(&self, call: Call) -> usize {
        let book = self.state.lock();

        book.calls.iter().filter(|&&other| other == call).count()
    }
}

impl State {
    fn lock(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a call and says what shall happen to it.
    fn arrives(&self, call: Call) -> Option<Fate> {
        let mut book = self.lock();
        book.calls.push(call);
        let place = book.rules.iter().position(|rule| rule.call == call)?;
        let rule = book.rules[place];
        if !rule.lasts {
            book.rules.remove(place);
        }

        Some(rule.fate)
    }

    fn stopped(&self, call: Call) {
        self.lock().stopped.push(call);
        self.changed.notify_all();
    }

    /// Notes a call as stopped, and waits until it may go on; `false` where it never may.
    fn hold(&self, call: Call) -> bool {
        self.stopped(call);
        let book = self.lock();
        let edition = book.edition;
        let (book, _) = self
            .changed
            .wait_timeout_while(book, HELD, |book| {
                book.edition == edition && !book.released.contains(&call)
            })
            .unwrap_or_else(PoisonError::into_inner);

        book.edition == edition && book.released.contains(&call)
    }
}

/// Passes calls on, each over a connection of its own, so that a lost one takes no other with it.
fn pass(mut caller: TcpStream, platform: SocketAddr, state: &State) -> io::Result<()> {
    caller.set_nodelay(true)?;
    let Some((call, request)) = read_request(&mut caller)? else {
        return Ok(());
    };
    let fate = state.arrives(call);
    match fate {
        Some(Fate::Lost) => {
            state.stopped(call);
            return Ok(());
        }
        Some(Fate::HeldBefore) if !state.hold(call) => return Ok(()),
        _ => {}
    }
    let mut answerer = TcpStream::connect(platform)?;
    answerer.set_read_timeout(Some(PATIENCE))?;
    answerer.write_all(&request)?;
    let mut answer = Vec::new();
    answerer.read_to_end(&mut answer)?;
    match fate {
        Some(Fate::Unanswered) => {
            state.stopped(call);
            return Ok(());
        }
        Some(Fate::Garbled) => {
            answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
                Content-Length: 9\r\nConnection: close\r\n\r\n{\"id\": \"x"
                .to_vec();
            state.stopped(call);
        }
        Some(Fate::Failed) => {
            answer =
                b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec();
            state.stopped(call);
        }
        Some(Fate::HeldAfter) if !state.hold(call) => return Ok(()),
        _ => {}
    }

    caller.write_all(&answer)
}

/// One whole request, which asks for its connection to be closed; `None` where none came.
fn read_request(caller: &mut TcpStream) -> io::Result<Option<(Call, Vec<u8>)>> {
    const END: &[u8] = b"\r\n\r\n";
    caller.set_read_timeout(Some(Duration::from_secs(60)))?;
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(END.len()).position(|part| part == END) {
            break end;
        }
        let mut more = [0; 4096];
        match caller.read(&mut more)? {
            0 => return Ok(None),
            length => bytes.extend_from_slice(&more[..length]),
        }
    };
    let text = String::from_utf8_lossy(&bytes[..head]).into_owned();
    let length = text
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, length)| length.trim().parse().ok())
        .unwrap_or(0);
    let mut body = bytes.split_off(head + END.len());
    let already = body.len();
    body.resize(length, 0);
    caller.read_exact(&mut body[already.min(length)..])?;
    let mut request = format!("{text}\r\nConnection: close\r\n\r\n").into_bytes();
    request.append(&mut body);

    Ok(Some((
        call(text.lines().next().unwrap_or_default()),
        request,
    )))
}

fn call(line: &str) -> Call {
    let path = line.split(' ').nth(1).unwrap_or_default();
    match line {
        _ if path.contains("/external-ref/") => Call::LookUp,
        _ if path.ends_with("/void") => Call::Void,
        _ if path.ends_with("/activities") => Call::Activities,
        _ if line.starts_with("POST ") => Call::Create,
        _ => Call::Read,
    }
}
