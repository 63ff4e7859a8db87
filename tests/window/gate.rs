//! A gate in front of the platform that can hold back a void, so that a test can look at the
//! screen while the platform has not answered yet.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::process::PATIENCE;

/// Where the program calls instead of the platform.
#[derive(Debug)]
pub(crate) struct Gate {
    address: SocketAddr,
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    voids: Mutex<Voids>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Voids {
    arrived: bool,
    held: bool,
}

impl Gate {
    /// Opens a gate in front of `platform`. It lets everything through until it is told to hold.
    pub(crate) fn open(platform: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::<State>::default();
        let shared = Arc::clone(&state);
        // Both threads end with the test's process; what they hold then is a socket.
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

    /// Holds the next voids back.
    pub(crate) fn hold_voids(&self) {
        self.state.lock().held = true;
    }

    /// Waits until a void has come; `false` where none does.
    pub(crate) fn void_has_come(&self) -> bool {
        let (voids, _) = self
            .state
            .changed
            .wait_timeout_while(self.state.lock(), PATIENCE, |voids| !voids.arrived)
            .unwrap_or_else(PoisonError::into_inner);

        voids.arrived
    }

    /// Lets what was held back go on.
    pub(crate) fn let_through(&self) {
        self.state.lock().held = false;
        self.state.changed.notify_all();
    }
}

impl State {
    fn lock(&self) -> MutexGuard<'_, Voids> {
        self.voids.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn void_arrives(&self) {
        let mut voids = self.lock();
        voids.arrived = true;
        self.changed.notify_all();
        drop(
            self.changed
                .wait_timeout_while(voids, PATIENCE, |voids| voids.held),
        );
    }
}

/// Passes a connection on. A void comes over a connection of its own, so its first bytes tell.
fn pass(mut caller: TcpStream, platform: SocketAddr, state: &State) -> io::Result<()> {
    let mut first = [0; 4096];
    let length = caller.read(&mut first)?;
    let line = first.split(|&byte| byte == b'\r').next();
    let is_void = line.is_some_and(|line| {
        line.starts_with(b"POST ") && line.windows(6).any(|word| word == b"/void ")
    });
    if is_void {
        state.void_arrives();
    }
    let mut answerer = TcpStream::connect(platform)?;
    answerer.write_all(&first[..length])?;
    let (mut more, mut onward) = (caller.try_clone()?, answerer.try_clone()?);
    thread::spawn(move || {
        let _ = io::copy(&mut more, &mut onward);
        onward.shutdown(Shutdown::Write)
    });
    io::copy(&mut answerer, &mut caller)?;

    caller.shutdown(Shutdown::Write)
}
