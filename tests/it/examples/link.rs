//! The connection between a till and its display. It can lose one answer, and lead to another display.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A proxy. Clones are the same proxy.
#[derive(Clone)]
pub(super) struct Link {
    own: SocketAddr,
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    display: SocketAddr,
    /// The beginning of the request whose answer gets lost.
    lost: Option<&'static str>,
}

impl Link {
    pub(super) fn to(display: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let link = Self {
            own: listener.local_addr().unwrap(),
            shared: Arc::new(Mutex::new(Shared {
                display,
                lost: None,
            })),
        };
        let serving = link.clone();
        thread::spawn(move || {
            for till in listener.incoming().map_while(Result::ok) {
                let link = serving.clone();
                thread::spawn(move || link.serve(&till));
            }
        });

        link
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.own)
    }

    pub(super) fn leads_to(&self, display: SocketAddr) {
        self.shared.lock().unwrap().display = display;
    }

    /// Loses the answer to the next request that begins with this text.
    pub(super) fn loses(&self, request: &'static str) {
        self.shared.lock().unwrap().lost = Some(request);
    }

    fn serve(&self, till: &TcpStream) {
        let address = self.shared.lock().unwrap().display;
        if let Ok(display) = TcpStream::connect(address) {
            let is_lost = Arc::<Mutex<bool>>::default();
            thread::scope(|scope| {
                scope.spawn(|| {
                    self.pass_on(till, &display, address, &is_lost);
                    close(till, &display);
                });
                passes_back(&display, till, &is_lost);
                close(till, &display);
            });
        }
        let _ = till.shutdown(Shutdown::Both);
    }

    /// Passes requests on. The display must see its own address in the head.
    fn pass_on(
        &self,
        mut till: &TcpStream,
        mut display: &TcpStream,
        address: SocketAddr,
        is_lost: &Mutex<bool>,
    ) {
        let mut bytes = [0; 64 * 1024];
        while let Ok(length @ 1..) = till.read(&mut bytes) {
            let text = String::from_utf8_lossy(&bytes[..length]);
            let mut shared = self.shared.lock().unwrap();
            if shared.lost.is_some_and(|lost| text.starts_with(lost)) {
                shared.lost = None;
                *is_lost.lock().unwrap() = true;
            }
            drop(shared);
            let text = text.replace(&self.own.to_string(), &address.to_string());
            if display.write_all(text.as_bytes()).is_err() {
                return;
            }
        }
    }
}

fn passes_back(mut display: &TcpStream, mut till: &TcpStream, is_lost: &Mutex<bool>) {
    let mut bytes = [0; 64 * 1024];
    while let Ok(length @ 1..) = display.read(&mut bytes) {
        if *is_lost.lock().unwrap() || till.write_all(&bytes[..length]).is_err() {
            return;
        }
    }
}

fn close(till: &TcpStream, display: &TcpStream) {
    let _ = till.shutdown(Shutdown::Both);
    let _ = display.shutdown(Shutdown::Both);
}
