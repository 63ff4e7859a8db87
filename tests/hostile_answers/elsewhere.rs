//! A place on this machine where nobody has any business: it keeps what it is told by whoever comes.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Callers that it hears.
const MOST_CALLERS: usize = 64;
/// How long a caller may take to say something.
const PATIENCE: Duration = Duration::from_secs(5);

/// A server that nobody should call. It ends when it is dropped.
pub(crate) struct Elsewhere {
    pub(crate) address: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
    listening: JoinHandle<()>,
}

impl Elsewhere {
    pub(crate) async fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::<Mutex<Vec<String>>>::default();
        let told = Arc::clone(&heard);
        let listening = tokio::spawn(async move {
            for caller in 0..MOST_CALLERS {
                let Ok((stream, _)) = listener.accept().await else {
                    return;
                };
                // That somebody came is written down before anything is said.
                told.lock().unwrap().push(String::new());
                let told = Arc::clone(&told);
                tokio::spawn(async move {
                    if let Ok(said) = timeout(PATIENCE, hear(stream)).await {
                        told.lock().unwrap()[caller] = said;
                    }
                });
            }
        });

        Self {
            address,
            heard,
            listening,
        }
    }

    /// What each caller said.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn hear(mut stream: TcpStream) -> String {
    let mut said = [0; 16 * 1024];
    let length = stream.read(&mut said).await.unwrap_or_default();
    // So that whoever came does not wait for an answer.
    let _ = stream
        .write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
        .await;

    String::from_utf8_lossy(&said[..length]).into_owned()
}
