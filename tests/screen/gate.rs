//! A gate before the platform that can hold or lose calls and their answers.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use patron_display::sandbox::ApiCall;

use crate::process::PATIENCE;
use crate::support::gate::{content_length, end_of_head, kind};

/// A call that is held this long is lost. No test holds a call so long.
const HELD: Duration = Duration::from_secs(60);

/// The treatment of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The call waits before the platform until [`Gate::lift`].
    HeldBefore,
    /// The call takes effect. Its answer waits until [`Gate::lift`].
    HeldAfter,
    /// The call takes effect. Its answer is lost.
    Unanswered,
    /// The call takes effect. Its answer is unreadable.
    Garbled,
    /// The call takes effect. Its answer is a server error.
    Failed,
    /// The call never reaches the platform, and its connection closes.
    Lost,
}

/// The treatment of the next call of a kind, or to all calls of this kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) call: ApiCall,
    pub(crate) fate: Fate,
    pub(crate) lasts: bool,
}

impl Rule {
    pub(crate) fn next(call: ApiCall, fate: Fate) -> Self {
        Self {
            call,
            fate,
            lasts: false,
        }
    }

    pub(crate) fn all(call: ApiCall, fate: Fate) -> Self {
        Self {
            call,
            fate,
            lasts: true,
        }
    }
}

/// A server before the platform. The program calls this server instead of the platform.
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
    calls: Vec<ApiCall>,
    /// The calls to which a rule was applied.
    stopped: Vec<ApiCall>,
    /// The kinds of calls that are no longer held.
    released: Vec<ApiCall>,
    /// Grows with each new set of rules. A call that was held under an earlier edition is lost.
    edition: u32,
}

impl Gate {
    /// Opens a gate before `platform` that lets every call through.
    pub(crate) fn open(platform: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::<State>::default();
        let shared = Arc::clone(&state);
        // The threads end with the test's process.
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

    /// Replaces the rules and resets the counts. Calls that are held now are lost.
    pub(crate) fn obey(&self, rules: &[Rule]) {
        let mut book = self.state.lock();
        *book = Book {
            rules: rules.to_vec(),
            edition: book.edition + 1,
            ..Book::default()
        };
        self.state.changed.notify_all();
    }

    /// Adds these rules. Held calls stay held.
    pub(crate) fn also(&self, rules: &[Rule]) {
        let mut book = self.state.lock();
        book.rules.extend_from_slice(rules);
        book.stopped.clear();
        book.released.clear();
    }

    /// Lets all calls of this kind go on, held ones and later ones.
    pub(crate) fn lift(&self, call: ApiCall) {
        let mut book = self.state.lock();
        book.rules.retain(|rule| rule.call != call);
        book.released.push(call);
        self.state.changed.notify_all();
    }

    /// Waits until a rule is applied to a call of this kind.
    pub(crate) fn stops(&self, call: ApiCall) {
        let (book, _) = self
            .state
            .changed
            .wait_timeout_while(self.state.lock(), PATIENCE, |book| {
                !book.stopped.contains(&call)
            })
            .unwrap_or_else(PoisonError::into_inner);
        assert!(book.stopped.contains(&call), "no {call:?} came");
    }

    pub(crate) fn count(&self, call: ApiCall) -> usize {
        let book = self.state.lock();

        book.calls.iter().filter(|&&other| other == call).count()
    }
}

impl State {
    fn lock(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a call. Returns what must happen to it, if a rule applies.
    fn arrives(&self, call: ApiCall) -> Option<Fate> {
        let mut book = self.lock();
        book.calls.push(call);
        let place = book.rules.iter().position(|rule| rule.call == call)?;
        let rule = book.rules[place];
        if !rule.lasts {
            book.rules.remove(place);
        }

        Some(rule.fate)
    }

    fn stopped(&self, call: ApiCall) {
        self.lock().stopped.push(call);
        self.changed.notify_all();
    }

    /// Records a call as stopped, and waits until it may go on. Returns `false` if it is lost.
    fn hold(&self, call: ApiCall) -> bool {
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

/// Passes a call on. Each call has its own connection, so that a lost connection affects no other call.
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

/// Reads one whole request, and makes it ask for the connection to close. Returns `None` if no request came.
fn read_request(caller: &mut TcpStream) -> io::Result<Option<(ApiCall, Vec<u8>)>> {
    caller.set_read_timeout(Some(HELD))?;
    let mut bytes = Vec::new();
    let mut head = None;
    while head.is_none_or(|head| bytes.len() < head + content_length(&bytes[..head])) {
        let mut more = [0; 4096];
        match caller.read(&mut more)? {
            0 => return Ok(None),
            length => bytes.extend_from_slice(&more[..length]),
        }
        head = end_of_head(&bytes);
    }
    let call = kind(&bytes);
    if let Some(head) = head {
        let empty_line = head - 2;
        bytes.splice(empty_line..empty_line, *b"Connection: close\r\n");
    }

    Ok(Some((call, bytes)))
}
