//! Whom the client trusts with the key: a real TLS server with every kind of wrong certificate, and
//! the ways in which no connection comes about.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot set its scene has failed"
)]

#[path = "tls/server.rs"]
mod server;

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use patron_display::centrapay::{Client, ClientError};
use patron_display::config::Config;
use patron_display::config::key::Credential;
use patron_display::money::{Amount, Currency};
use patron_display::payment::{Distrust, Failure, RequestId, Unsent};
use patron_display::sale::NewRequest;
use secrecy::SecretString;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use server::{Authority, Leaf, Server};

const KEY: &str = "a-key-that-nobody-may-get";

/// A client whose platform is at `base_url`, with these lines in `[api]`, the folder of the
/// configuration being `folder`.
fn client(base_url: &str, api: &str, folder: &Path) -> Result<Client, ClientError> {
    let text = format!(
        "[api]\nbase-url = \"{base_url}\"\n{api}\n[merchants.cafe]\n\
         config-id = \"5ee168e8597be5002af7b454\"\nname = \"Café\"\n"
    );
    let config = Config::from_str(&text, &folder.join("config.toml")).unwrap();
    let credential = Credential::ApiKey(SecretString::from(KEY));

    Client::new(&config.api, &credential, config.terminal)
}

/// A folder with the roots that this authority stands for.
fn roots(authority: &Authority) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("roots.pem"), authority.pem()).unwrap();

    folder
}

const ROOTS: &str = "tls-roots = \"roots.pem\"";

fn new_request() -> NewRequest {
    NewRequest {
        base_url: String::new(),
        config_id: "5ee168e8597be5002af7b454".to_owned(),
        amount: Amount::from_minor(1250, Currency::NZD),
        external_ref: "A1".to_owned(),
        expiry_seconds: 120,
        operator: None,
        particulars: patron_display::sale::Particulars::default().into(),
        barcode: None,
    }
}

fn id() -> RequestId {
    RequestId::new("MhocUmpxxmgdHjr7DgKoKw").unwrap()
}

/// What a create and a read say of a server with this certificate.
async fn distrusted(leaf: Leaf) -> Distrust {
    let trusted = Authority::new();
    let server = Server::start(&leaf.issued(&trusted)).await;
    let folder = roots(&trusted);
    let client = client(&server.base_url(), ROOTS, folder.path()).unwrap();

    let Err(Failure::NotSent(Unsent::Distrusted(why))) = client.create(&new_request()).await else {
        panic!("a create went through, or failed otherwise");
    };
    let read = client.read(&id()).await;
    assert_eq!(read, Err(Failure::NotSent(Unsent::Distrusted(why.clone()))));
    assert_eq!(server.received(), "", "nothing is said to a stranger");

    why
}

#[tokio::test]
async fn a_certificate_of_the_configured_roots_is_believed_and_gets_the_key() {
    let trusted = Authority::new();
    let server = Server::start(&Leaf::Right.issued(&trusted)).await;
    let folder = roots(&trusted);
    let client = client(&server.base_url(), ROOTS, folder.path()).unwrap();
    let read = client.read(&id()).await;
    assert!(matches!(read, Err(Failure::Unauthorised(_))), "{read:?}");
    let received = server.received();
    assert!(received.contains(KEY));
    assert!(received.contains(concat!("patron-display/", env!("CARGO_PKG_VERSION"))));
    assert!(!received.to_lowercase().contains("accept-encoding"));
}

#[tokio::test]
async fn f19_an_expired_certificate_is_refused_with_a_word_about_the_clock() {
    let why = distrusted(Leaf::Expired).await;
    assert_eq!(why, Distrust::Expired);
    assert!(why.to_string().contains("check the date and the time"));
}

#[tokio::test]
async fn f19_a_certificate_of_the_future_is_refused_with_a_word_about_the_clock() {
    let why = distrusted(Leaf::NotYetValid).await;
    assert_eq!(why, Distrust::NotYetValid);
    assert!(why.to_string().contains("set the date and the time"));
}

#[tokio::test]
async fn f19_a_certificate_for_another_name_is_refused() {
    assert_eq!(distrusted(Leaf::OtherName).await, Distrust::OtherName);
}

#[tokio::test]
async fn f19_a_certificate_of_an_unknown_issuer_is_refused_with_what_can_be_done() {
    for leaf in [Leaf::OtherIssuer, Leaf::Impostor] {
        let why = distrusted(leaf).await;
        assert_eq!(why, Distrust::UnknownIssuer, "{leaf:?}");
        assert!(why.to_string().contains("tls-roots"));
    }
}

#[tokio::test]
async fn f19_a_certificate_that_vouches_for_itself_is_refused() {
    assert_eq!(distrusted(Leaf::SelfSigned).await, Distrust::UnknownIssuer);
}

#[tokio::test]
async fn f19_a_certificate_for_clients_is_refused() {
    assert!(matches!(
        distrusted(Leaf::ForClients).await,
        Distrust::Unusable(_)
    ));
}

#[tokio::test]
async fn f75_cashier_reads_no_library_names() {
    for leaf in [Leaf::Authority, Leaf::ForClients] {
        let why = distrusted(leaf).await.to_string();
        let words = why.split(|character: char| !character.is_alphanumeric());
        for word in words {
            // Such as `CaUsedAsEndEntity`.
            let capitals = word.chars().filter(|letter| letter.is_uppercase()).count();
            assert!(capitals < 2 || word == word.to_uppercase(), "{word}: {why}");
        }
        assert!(why.contains("server"), "{why}");
    }
}

#[tokio::test]
async fn f19_the_bundled_roots_and_the_systems_do_not_know_a_shops_own_authority() {
    let server = Server::start(&Leaf::Right.issued(&Authority::new())).await;
    let folder = tempfile::tempdir().unwrap();
    for roots in ["bundled", "system"] {
        let api = format!("tls-roots = \"{roots}\"");
        // A machine without roots of its own says so at once.
        let client = match client(&server.base_url(), &api, folder.path()) {
            Ok(client) => client,
            Err(error) => {
                assert!(error.to_string().contains("ca-certificates"), "{error}");
                continue;
            }
        };
        assert_eq!(
            client.read(&id()).await,
            Err(Failure::NotSent(Unsent::Distrusted(
                Distrust::UnknownIssuer
            ))),
            "{roots}"
        );
    }
}

#[tokio::test]
async fn root_certificates_that_are_none_are_refused_with_the_file_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("empty.pem"), "").unwrap();
    fs::write(
        folder.path().join("text.pem"),
        "-----BEGIN CERTIFICATE-----\n!\n",
    )
    .unwrap();
    let garbage = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    fs::write(folder.path().join("garbage.pem"), garbage).unwrap();
    for file in ["missing.pem", "empty.pem", "text.pem", "garbage.pem"] {
        let api = format!("tls-roots = \"{file}\"");
        let error = client("https://localhost:1", &api, folder.path()).unwrap_err();
        let sentence = error.to_string();
        assert!(sentence.contains(file), "{sentence}");
        assert!(
            sentence.contains("correct tls-roots in [api]"),
            "{sentence}"
        );
    }
}

#[tokio::test]
async fn f4_a_server_that_does_not_speak_tls_gets_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        for _ in 0..4 {
            let (stream, _) = listener.accept().await.unwrap();
            stream.readable().await.unwrap();
            let _ = stream.try_write(b"HTTP/1.1 302 Found\r\nLocation: http://login/\r\n\r\n");
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let client = client(
        &format!("https://localhost:{port}"),
        "tls-roots = \"bundled\"",
        folder.path(),
    )
    .unwrap();
    let Err(Failure::NotSent(why)) = client.create(&new_request()).await else {
        panic!("sent");
    };
    assert!(matches!(why, Unsent::NoTls(_)), "{why:?}");
    assert!(why.to_string().contains("login page"), "{why}");
}

#[tokio::test]
async fn f4_a_refused_connection_is_provably_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    assert_eq!(create_at(address).await, Unsent::Refused);
}

#[tokio::test]
async fn f4_packets_that_get_lost_are_provably_not_sent() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    // What waits to be accepted fills the queue; from then on the system drops who knocks.
    let mut waiting = Vec::new();
    for _ in 0..8 {
        let knock = TcpStream::connect(address);
        waiting.extend(
            tokio::time::timeout(std::time::Duration::from_millis(200), knock)
                .await
                .ok(),
        );
    }
    assert_eq!(create_at(address).await, Unsent::NoAnswer);
}

#[tokio::test]
async fn f4_a_name_that_is_not_found_is_provably_not_sent() {
    let folder = tempfile::tempdir().unwrap();
    let client = client(
        "https://no-such-platform.invalid",
        "tls-roots = \"bundled\"",
        folder.path(),
    )
    .unwrap();
    assert_eq!(
        client.create(&new_request()).await,
        Err(Failure::NotSent(Unsent::NoName))
    );
}

async fn create_at(address: SocketAddr) -> Unsent {
    let folder = tempfile::tempdir().unwrap();
    let client = client(&format!("http://{address}"), "", folder.path()).unwrap();
    match client.create(&new_request()).await {
        Err(Failure::NotSent(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn f18_a_configured_proxy_is_asked_for_a_tunnel_and_never_gets_the_key() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = listener.local_addr().unwrap();
    let asked = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        stream.readable().await.unwrap();
        let mut bytes = vec![0; 4096];
        let length = stream.try_read(&mut bytes).unwrap();
        let _ = stream.try_write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");

        String::from_utf8_lossy(&bytes[..length]).into_owned()
    });
    let folder = tempfile::tempdir().unwrap();
    let api = format!("tls-roots = \"bundled\"\nproxy = \"http://{proxy}\"");
    let client = client("https://service.example.nz", &api, folder.path()).unwrap();
    let Err(Failure::NotSent(_)) = client.create(&new_request()).await else {
        panic!("sent");
    };
    let asked = asked.await.unwrap();
    assert!(
        asked.starts_with("CONNECT service.example.nz:443 "),
        "{asked}"
    );
    assert!(!asked.contains(KEY), "{asked}");
}
