//! The connection that waits for the next create or void: a call over it is like a call over a fresh connection.

use std::time::Duration;

use patron_display::centrapay::Client;
use patron_display::domain::payment::{Failure, RequestId};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

use crate::support::recording_server::RecordingServer;
use crate::support::shop::{self, new_request};
use crate::tls;

fn client_of(address: std::net::SocketAddr) -> Client {
    let folder = tempfile::tempdir().unwrap();

    shop::client(&format!("http://{address}"), "", folder.path(), "a-key").unwrap()
}

/// Waits until the server has this many callers.
async fn until_callers(server: &RecordingServer, count: usize) {
    let enough = async {
        while server.heard().len() < count {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(5), enough).await.unwrap();
}

/// Creates a request at a server that does `with_first` to its first caller, and answers 401 to the second.
async fn create_after<F: Future<Output = ()> + Send>(
    with_first: impl FnOnce(TcpStream) -> F + Send + 'static,
) -> Failure {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = client_of(listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (first, _) = listener.accept().await.unwrap();
        with_first(first).await;
        let (mut second, _) = listener.accept().await.unwrap();
        let mut bytes = [0; 16 * 1024];
        let _ = second.read(&mut bytes).await.unwrap();
        let answer = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";
        second.write_all(answer).await.unwrap();
    });
    client.open_connection().await;
    // The server's end of the connection takes a moment to arrive.
    sleep(Duration::from_millis(100)).await;
    let created = client.create(&new_request()).await.unwrap_err();
    server.abort();

    created
}

#[tokio::test]
async fn open_connection_sends_nothing_before_a_call() {
    let (server, client, _folder) = tls::trusted_server().await;
    client.open_connection().await;
    client.open_connection().await;
    assert_eq!(server.heard(), [""]);
    let created = client.create(&new_request()).await;
    assert!(
        matches!(created, Err(Failure::Unauthorised(_))),
        "{created:?}"
    );
    let heard = server.heard();
    assert!(
        matches!(&heard[..], [only] if only.starts_with("POST ")),
        "{heard:?}"
    );
}

#[tokio::test]
async fn create_waits_for_opening_connection() {
    let (server, client, _folder) = tls::trusted_server().await;
    let request = new_request();
    let ((), created) = tokio::join!(biased; client.open_connection(), client.create(&request));
    assert!(
        matches!(created, Err(Failure::Unauthorised(_))),
        "{created:?}"
    );
    assert_eq!(server.heard().len(), 1);
}

#[tokio::test]
async fn f89_closed_connection_is_not_used() {
    let created = create_after(async |first| drop(first)).await;
    assert!(matches!(created, Failure::Unauthorised(_)), "{created:?}");
}

#[tokio::test]
async fn f89_unasked_answer_is_no_answer() {
    let created = create_after(async |mut first: TcpStream| {
        let unasked = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
        first.write_all(unasked).await.unwrap();
        tokio::spawn(async move {
            sleep(Duration::from_secs(5)).await;
            drop(first);
        });
    })
    .await;
    assert!(matches!(created, Failure::Unauthorised(_)), "{created:?}");
}

#[tokio::test]
async fn f89_call_that_breaks_off_is_ambiguous() {
    let created = create_after(async |mut first: TcpStream| {
        let mut bytes = [0; 16 * 1024];
        let _ = first.read(&mut bytes).await.unwrap();
    })
    .await;
    assert!(matches!(created, Failure::Ambiguous(_)), "{created:?}");
}

#[tokio::test]
async fn one_connection_waits_at_a_time() {
    let (server, client, _folder) = tls::trusted_server().await;
    let keeper = tokio::spawn({
        let client = client.clone();
        async move { client.keep_connection_open().await }
    });
    until_callers(&server, 1).await;
    sleep(Duration::from_millis(200)).await;
    assert_eq!(server.heard(), [""]);
    let _ = client.create(&new_request()).await;
    until_callers(&server, 2).await;
    sleep(Duration::from_millis(200)).await;
    let id = RequestId::new("MhocUmpxxmgdHjr7DgKoKw").unwrap();
    let _ = client.void(&id).await;
    keeper.abort();
    let heard = server.heard();
    assert!(
        heard[0].starts_with("POST /api/payment-requests "),
        "{heard:?}"
    );
    assert!(heard[1].contains("/void "), "{heard:?}");
    assert_eq!(heard.len(), 2);
}

#[tokio::test]
async fn server_that_closes_is_not_called_all_the_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = client_of(listener.local_addr().unwrap());
    let keeper = tokio::spawn(async move { client.keep_connection_open().await });
    let calls = async {
        for call in 1.. {
            drop(listener.accept().await.unwrap());
            // The pauses are one and two seconds.
            assert!(call <= 3, "{call} calls");
        }
    };
    let in_time = timeout(Duration::from_millis(3500), calls).await;
    assert!(in_time.is_err());
    keeper.abort();
}
