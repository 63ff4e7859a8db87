//! The addresses of the platform: one that does not answer, and one that changes.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use patron_display::centrapay::Client;
use patron_display::config::key::Credential;
use patron_display::domain::payment::{Failure, Status};
use patron_display::sandbox::{ApiCall, Options, Sandbox};
use reqwest::dns::{Name, Resolve, Resolving};
use secrecy::SecretString;

use crate::support::gate::Gate;
use crate::support::shop::{client_config, new_request};
use crate::support::silent_address::SilentAddress;

const V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);
/// The head start of the first address over those of the other family (hyper-util's default).
const HAPPY_EYEBALLS: Duration = Duration::from_millis(300);
/// The time limit to connect. The addresses of one family share it.
const CONNECT: Duration = Duration::from_secs(3);
/// The longest delay of a busy machine that the tests allow. It is shorter than the time limit to connect.
const LATE: Duration = Duration::from_secs(1);

/// A name server for the platform's name.
#[derive(Clone, Default)]
struct NameServer(Arc<Mutex<Records>>);

#[derive(Default)]
struct Records {
    addresses: Vec<SocketAddr>,
    asked: usize,
}

impl NameServer {
    fn set(&self, addresses: impl Into<Vec<SocketAddr>>) {
        self.0.lock().unwrap().addresses = addresses.into();
    }

    fn asked(&self) -> usize {
        self.0.lock().unwrap().asked
    }

    /// Creates a client that asks this server for the address of its platform.
    fn client(&self) -> Client {
        // The port comes from the resolver, since the address has none.
        let config = client_config("http://localhost", "", Path::new("/"));
        let credential = Credential::ApiKey(SecretString::from("a-key"));
        let resolver: Arc<dyn Resolve> = Arc::new(self.clone());

        Client::with_resolver(&config.api, &credential, config.terminal, &resolver).unwrap()
    }
}

impl Resolve for NameServer {
    fn resolve(&self, name: Name) -> Resolving {
        assert_eq!(name.as_str(), "localhost");
        let mut records = self.0.lock().unwrap();
        records.asked += 1;
        let addresses = records.addresses.clone();

        Box::pin(async move { Ok(Box::new(addresses.into_iter()) as _) })
    }
}

/// Returns this address of the machine with a silent port. Returns `None`, and says so, if the machine has no IPv6.
async fn silent(address: IpAddr) -> Option<SilentAddress> {
    let silent = SilentAddress::open(address).await;
    if silent.is_none() {
        eprintln!("not tested: this machine has no {address}");
    }

    silent
}

/// Asserts that a silent address before one that answers costs this time, once for each new connection.
async fn silent_address_costs(silent_at: IpAddr, answers_at: IpAddr, cost: Duration) {
    let Some(silent) = silent(silent_at).await else {
        return;
    };
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let gate = Gate::open_on(answers_at, sandbox.address());
    let names = NameServer::default();
    names.set([silent.address, gate.address]);
    let client = names.client();
    let costs = |begun: Instant, cost: Duration| {
        let took = begun.elapsed();
        assert!(took >= cost && took < cost + LATE, "{took:?}");
    };

    let begun = Instant::now();
    let request = client.create(&new_request()).await.unwrap();
    costs(begun, cost);
    let begun = Instant::now();
    client.read(&request.id).await.unwrap();
    costs(begun, cost);
    for _ in 0..3 {
        let begun = Instant::now();
        client.read(&request.id).await.unwrap();
        costs(begun, Duration::ZERO);
    }
    assert_eq!(names.asked(), 2, "the create, and all reads");
    sandbox.shutdown().await;
}

#[tokio::test]
async fn f4_silent_ipv6_costs_300_ms() {
    silent_address_costs(V6, V4, HAPPY_EYEBALLS).await;
}

#[tokio::test]
async fn f4_silent_ipv4_costs_300_ms() {
    silent_address_costs(V4, V6, HAPPY_EYEBALLS).await;
}

#[tokio::test]
async fn f4_silent_address_of_two_costs_half() {
    silent_address_costs(V4, V4, CONNECT / 2).await;
}

/// The platform moves to another address during a sale. The display is not started again.
#[tokio::test]
async fn f10_new_connection_finds_new_address() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let names = NameServer::default();
    let client = names.client();
    let mut old = Gate::open_on(V4, sandbox.address());
    names.set([old.address]);
    let request = client.create(&new_request()).await.unwrap();
    client.read(&request.id).await.unwrap();
    client.read(&request.id).await.unwrap();
    assert_eq!(names.asked(), 2);

    let moved = if silent(V6).await.is_some() { V6 } else { V4 };
    let new = Gate::open_on(moved, sandbox.address());
    names.set([new.address]);
    // The connection still works, so no name is resolved.
    client.read(&request.id).await.unwrap();
    assert_eq!(
        (names.asked(), new.connections(ApiCall::Read).len()),
        (2, 0)
    );

    old.close().await;
    let read = match client.read(&request.id).await {
        // The client may notice the closed connection only when it uses it.
        Err(Failure::Ambiguous(_)) => client.read(&request.id).await,
        read => read,
    };
    assert_eq!(read.unwrap().status, Status::New);
    assert_eq!(names.asked(), 3);
    client.void(&request.id).await.unwrap();
    assert_eq!(names.asked(), 4);
    assert_eq!(new.connections(ApiCall::Void).len(), 1);
    sandbox.shutdown().await;
}

/// The name has no address that answers, and then has one again.
#[tokio::test]
async fn f4_name_is_resolved_again_after_failure() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let names = NameServer::default();
    let client = names.client();
    let mut gate = Gate::open(sandbox.address());
    let gone = gate.address;
    gate.close().await;
    for addresses in [vec![], vec![gone]] {
        names.set(addresses);
        let created = client.create(&new_request()).await;
        assert!(matches!(created, Err(Failure::NotSent(_))), "{created:?}");
    }
    // A refused connection costs no time. The next address answers.
    names.set([gone, sandbox.address()]);
    let begun = Instant::now();
    client.create(&new_request()).await.unwrap();
    assert!(begun.elapsed() < LATE, "{:?}", begun.elapsed());
    sandbox.shutdown().await;
}
