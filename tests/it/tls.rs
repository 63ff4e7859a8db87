//! Trust in the platform: a real TLS server with each kind of wrong certificate, and connections that fail.

mod certificates;

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use patron_display::centrapay::{Client, ClientError};
use patron_display::domain::payment::{Distrust, Failure, RequestId, Unsent};
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::support::recording_server::RecordingServer;
use crate::support::shop::{self, new_request};
use crate::support::silent_address::SilentAddress;
use certificates::{Authority, Leaf};

const KEY: &str = "a-key-for-the-platform-alone";
const BUNDLED: &str = "tls-roots = \"bundled\"";

/// Creates a client of the platform at `base_url`. `api` is lines of `[api]`, with paths relative to `folder`.
fn client(base_url: &str, api: &str, folder: &Path) -> Result<Client, ClientError> {
    shop::client(base_url, api, folder, KEY)
}

/// Returns the error of a create that the client must not send.
async fn not_sent(base_url: &str, api: &str) -> Unsent {
    let folder = tempfile::tempdir().unwrap();
    let client = client(base_url, api, folder.path()).unwrap();
    match client.create(&new_request()).await {
        Err(Failure::NotSent(why)) => why,
        other => panic!("{other:?}"),
    }
}

/// Starts a server with this kind of certificate. Also returns the base URL for a client.
async fn server(leaf: Leaf, trusted: &Authority) -> (RecordingServer, String) {
    let server = RecordingServer::start_tls(leaf.acceptor(trusted)).await;
    let base_url = format!("https://localhost:{}", server.address.port());

    (server, base_url)
}

/// Creates a folder with this authority's root certificate in `roots.pem`.
fn roots(authority: &Authority) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("roots.pem"), authority.pem()).unwrap();

    folder
}

/// Starts a server that a client trusts. Also returns that client, and the folder of its configuration.
pub(crate) async fn trusted_server() -> (RecordingServer, Client, TempDir) {
    let trusted = Authority::new();
    let (server, base_url) = server(Leaf::Valid, &trusted).await;
    let folder = roots(&trusted);
    let client = client(&base_url, ROOTS, folder.path()).unwrap();

    (server, client, folder)
}

const ROOTS: &str = "tls-roots = \"roots.pem\"";

fn id() -> RequestId {
    RequestId::new("MhocUmpxxmgdHjr7DgKoKw").unwrap()
}

/// Returns why a create and a read distrust a server with this kind of certificate.
async fn distrusted(leaf: Leaf) -> Distrust {
    let trusted = Authority::new();
    let (server, base_url) = server(leaf, &trusted).await;
    let folder = roots(&trusted);
    let client = client(&base_url, ROOTS, folder.path()).unwrap();

    let Err(Failure::NotSent(Unsent::Distrusted(why))) = client.create(&new_request()).await else {
        panic!("a create went through, or failed otherwise");
    };
    let read = client.read(&id()).await;
    assert_eq!(read, Err(Failure::NotSent(Unsent::Distrusted(why.clone()))));
    assert_eq!(
        server.heard().concat(),
        "",
        "a distrusted server is told nothing"
    );

    why
}

#[tokio::test]
async fn server_with_configured_root_gets_the_key() {
    let trusted = Authority::new();
    let (server, base_url) = server(Leaf::Valid, &trusted).await;
    let folder = roots(&trusted);
    let client = client(&base_url, ROOTS, folder.path()).unwrap();
    let read = client.read(&id()).await;
    assert!(matches!(read, Err(Failure::Unauthorised(_))), "{read:?}");
    let received = server.heard().concat();
    assert!(received.contains(KEY));
    assert!(received.contains(concat!("patron-display/", env!("CARGO_PKG_VERSION"))));
    assert!(!received.to_lowercase().contains("accept-encoding"));
}

#[tokio::test]
async fn f19_expired_certificate_mentions_the_clock() {
    let why = distrusted(Leaf::Expired).await;
    assert_eq!(why, Distrust::Expired);
    assert!(why.to_string().contains("check the date and the time"));
}

#[tokio::test]
async fn f19_future_certificate_mentions_the_clock() {
    let why = distrusted(Leaf::NotYetValid).await;
    assert_eq!(why, Distrust::NotYetValid);
    assert!(why.to_string().contains("set the date and the time"));
}

#[tokio::test]
async fn f19_other_name_is_refused() {
    assert_eq!(distrusted(Leaf::OtherName).await, Distrust::OtherName);
}

#[tokio::test]
async fn f19_unknown_issuer_mentions_tls_roots() {
    for leaf in [Leaf::OtherIssuer, Leaf::Impostor] {
        let why = distrusted(leaf).await;
        assert_eq!(why, Distrust::UnknownIssuer, "{leaf:?}");
        assert!(why.to_string().contains("tls-roots"));
    }
}

#[tokio::test]
async fn f19_self_signed_certificate_is_refused() {
    assert_eq!(distrusted(Leaf::SelfSigned).await, Distrust::UnknownIssuer);
}

#[tokio::test]
async fn f19_client_certificate_is_refused() {
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
            // An example of a library's name is `CaUsedAsEndEntity`.
            let capitals = word.chars().filter(|letter| letter.is_uppercase()).count();
            assert!(capitals < 2 || word == word.to_uppercase(), "{word}: {why}");
        }
        assert!(why.contains("server"), "{why}");
    }
}

#[tokio::test]
async fn f19_public_roots_distrust_own_authority() {
    let (_server, base_url) = server(Leaf::Valid, &Authority::new()).await;
    let folder = tempfile::tempdir().unwrap();
    for roots in ["bundled", "system"] {
        let api = format!("tls-roots = \"{roots}\"");
        // On a machine without system roots, creating the client fails with a hint.
        let client = match client(&base_url, &api, folder.path()) {
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
async fn bad_root_file_is_named_with_its_key() {
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
async fn f4_server_without_tls_gets_nothing() {
    let server = RecordingServer::start().await;
    let base_url = format!("https://localhost:{}", server.address.port());
    let why = not_sent(&base_url, BUNDLED).await;
    assert!(matches!(why, Unsent::NoTls(_)), "{why:?}");
    assert!(why.to_string().contains("login page"), "{why}");
}

#[tokio::test]
async fn f4_refused_connection_is_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    assert_eq!(create_at(address).await, Unsent::Refused);
}

#[tokio::test]
async fn f4_lost_packets_are_not_sent() {
    let silent = SilentAddress::open(Ipv4Addr::LOCALHOST).await.unwrap();
    assert_eq!(create_at(silent.address).await, Unsent::NoAnswer);
}

#[tokio::test]
async fn f4_unknown_name_is_not_sent() {
    let why = not_sent("https://no-such-platform.invalid", BUNDLED).await;
    assert_eq!(why, Unsent::NoName);
}

async fn create_at(address: SocketAddr) -> Unsent {
    not_sent(&format!("http://{address}"), "").await
}

#[tokio::test]
async fn f18_configured_proxy_never_gets_the_key() {
    let proxy = RecordingServer::start().await;
    let api = format!("{BUNDLED}\nproxy = \"http://{}\"", proxy.address);
    not_sent("https://service.example.nz", &api).await;
    let heard = proxy.heard();
    assert!(
        heard[0].starts_with("CONNECT service.example.nz:443 "),
        "{heard:?}"
    );
    assert!(!heard.concat().contains(KEY), "{heard:?}");
}
