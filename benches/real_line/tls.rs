//! A TLS server in front of the platform. It holds each answer back for the time that a real server takes.

use std::net::{Ipv4Addr, SocketAddr};
use std::thread;
use std::time::{Duration, Instant};

use rustls::ProtocolVersion;
use tokio::io::{self, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::spawn_blocking;
use tokio_rustls::TlsAcceptor;

use crate::creates::Creates;

/// The time from the last byte of a request to the first byte of its answer.
pub(crate) const SERVER_TIME: Duration = Duration::from_millis(60);

/// Starts the server on the current runtime. Returns its address. It runs until the runtime ends.
pub(crate) async fn start(
    acceptor: TlsAcceptor,
    platform: SocketAddr,
    creates: Creates,
) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a port");
    let address = listener.local_addr().expect("its address");
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let (acceptor, creates) = (acceptor.clone(), creates.clone());
            tokio::spawn(async move {
                let connection = client.peer_addr().map_or(0, |line| line.port());
                // Ignores an error: a client may close the connection at any time.
                let _ = serve(client, &acceptor, platform, connection, &creates).await;
                creates.request_begins(connection, false);
            });
        }
    });

    address
}

async fn serve(
    client: TcpStream,
    acceptor: &TlsAcceptor,
    platform: SocketAddr,
    connection: u16,
    creates: &Creates,
) -> io::Result<()> {
    const LARGEST: usize = 64 * 1024;
    client.set_nodelay(true)?;
    let mut client = acceptor.accept(client).await?;
    let version = client.get_ref().1.protocol_version();
    assert_eq!(version, Some(ProtocolVersion::TLSv1_3));
    let mut platform = TcpStream::connect(platform).await?;
    platform.set_nodelay(true)?;

    let mut due = Instant::now();
    let (mut request, mut answer) = (vec![0; LARGEST], vec![0; LARGEST]);
    loop {
        tokio::select! {
            length = client.read(&mut request) => {
                // An error is an end, too: most clients close the connection without a farewell.
                let bytes = &request[..length.unwrap_or(0)];
                if bytes.is_empty() {
                    // Comes before the farewell, which does not belong to the answer.
                    creates.request_begins(connection, false);
                    return client.shutdown().await;
                }
                if bytes.starts_with(b"GET /page.html") {
                    sleep_until(Instant::now() + SERVER_TIME).await;
                    client.write_all(page().as_bytes()).await?;
                    client.flush().await?;
                    continue;
                }
                due = Instant::now() + SERVER_TIME;
                if let Some(is_create) = begun_request(bytes) {
                    creates.request_begins(connection, is_create);
                }
                platform.write_all(bytes).await?;
            }
            length = platform.read(&mut answer) => {
                let bytes = &answer[..length?];
                if bytes.is_empty() {
                    return client.shutdown().await;
                }
                sleep_until(due).await;
                client.write_all(bytes).await?;
                client.flush().await?;
            }
        }
    }
}

/// Returns the answer with the page of the web till.
fn page() -> String {
    const PAGE: &str = include_str!("page.html");

    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nCache-Control: no-cache\r\n\
         Content-Length: {}\r\n\r\n{PAGE}",
        PAGE.len()
    )
}

/// Returns whether a request that begins with these bytes is a create. Returns `None` for the rest of a request.
fn begun_request(bytes: &[u8]) -> Option<bool> {
    let line = bytes.split(|byte| *byte == b'\r').next()?;

    line.ends_with(b" HTTP/1.1")
        .then(|| line == b"POST /api/payment-requests HTTP/1.1")
}

/// Sleeps in a thread, because tokio's timers only count milliseconds.
async fn sleep_until(due: Instant) {
    let sleep = move || thread::sleep(due.saturating_duration_since(Instant::now()));
    spawn_blocking(sleep).await.expect("a thread");
}
