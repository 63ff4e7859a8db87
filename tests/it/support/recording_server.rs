//! A server that records the first bytes of each caller, with or without TLS, and answers 401.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

const MOST_CALLERS: usize = 64;
/// The longest time that a caller has for its first bytes.
const PATIENCE: Duration = Duration::from_secs(5);

/// A running server. It stops when it is dropped.
pub(crate) struct RecordingServer {
    pub(crate) address: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
    listening: JoinHandle<()>,
}

impl RecordingServer {
    pub(crate) async fn start() -> Self {
        Self::listen(None).await
    }

    pub(crate) async fn start_tls(acceptor: TlsAcceptor) -> Self {
        Self::listen(Some(acceptor)).await
    }

    async fn listen(acceptor: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::<Mutex<Vec<String>>>::default();
        let book = Arc::clone(&heard);
        let listening = tokio::spawn(async move {
            for caller in 0..MOST_CALLERS {
                let (stream, _) = listener.accept().await.unwrap();
                // Records the caller now, so that it counts even if it sends nothing.
                book.lock().unwrap().push(String::new());
                let (book, acceptor) = (Arc::clone(&book), acceptor.clone());
                let record = move |text| book.lock().unwrap()[caller] = text;
                tokio::spawn(timeout(PATIENCE, async move {
                    match acceptor {
                        None => hear(stream, record).await,
                        Some(acceptor) => {
                            if let Ok(stream) = acceptor.accept(stream).await {
                                hear(stream, record).await;
                            }
                        }
                    }
                }));
            }
        });

        Self {
            address,
            heard,
            listening,
        }
    }

    /// Returns the first bytes of each caller as text, after the TLS handshake if there is one.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

impl Drop for RecordingServer {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn hear(mut stream: impl AsyncRead + AsyncWrite + Unpin, record: impl FnOnce(String)) {
    let mut bytes = [0; 16 * 1024];
    let length = stream.read(&mut bytes).await.unwrap_or_default();
    record(String::from_utf8_lossy(&bytes[..length]).into_owned());
    let answer = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";
    if stream.write_all(answer).await.is_ok() {
        let _ = stream.shutdown().await;
    }
}
