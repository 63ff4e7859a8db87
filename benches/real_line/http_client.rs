//! A bare HTTP client: what a create takes without a display.

use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use rustls::client::Resumption;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio::runtime::{Builder, Runtime};

use crate::network::Network;
use crate::shop::KEY;

/// The body of a create for 12.50.
const BODY: &str = r#"{"configId":"5ee168e8597be5002af7b454","value":{"amount":"1250","currency":"NZD"},"externalRef":"bare","expirySeconds":120}"#;

/// A client that trusts the network's authority.
pub(crate) struct HttpClient {
    /// Keeps its connection open.
    client: Client,
    tls: ClientConfig,
    payment_requests: String,
    runtime: Runtime,
}

impl HttpClient {
    pub(crate) fn new(network: &Network) -> Self {
        let tls = tls(&network.authority());

        Self {
            client: client(&tls),
            tls,
            payment_requests: format!("{}/api/payment-requests", network.base_url()),
            runtime: Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime"),
        }
    }

    /// Creates a payment request on a new connection. Returns the time until the last byte of the answer. Setting
    /// the client up does not count.
    pub(crate) fn create_on_new_connection(&self) -> Duration {
        let client = client(&self.tls);

        self.runtime.block_on(self.create(&client))
    }

    /// Creates a payment request on a connection that was used before. Returns the time until the last byte of the
    /// answer.
    pub(crate) fn create_on_open_connection(&self) -> Duration {
        self.runtime.block_on(async {
            // Opens the connection if the server has closed it.
            self.create(&self.client).await;

            self.create(&self.client).await
        })
    }

    async fn create(&self, client: &Client) -> Duration {
        let request = client
            .post(&self.payment_requests)
            .header("x-api-key", KEY)
            .header(CONTENT_TYPE, "application/json")
            .body(BODY);
        let start = Instant::now();
        let answer = request.send().await.expect("an answer");
        assert!(answer.status().is_success(), "{}", answer.status());
        answer.bytes().await.expect("the whole answer");

        start.elapsed()
    }
}

fn client(tls: &ClientConfig) -> Client {
    Client::builder()
        .tls_backend_preconfigured(tls.clone())
        .no_proxy()
        .build()
        .expect("a client")
}

/// Returns a configuration that never resumes a session, so that every new connection has a whole handshake.
fn tls(authority: &str) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    let certificate = CertificateDer::from_pem_slice(authority.as_bytes()).expect("a certificate");
    roots.add(certificate).expect("an authority");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the versions of TLS")
        .with_root_certificates(roots)
        .with_no_client_auth();
    tls.resumption = Resumption::disabled();

    tls
}
