//! Starts and stops a sandbox.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use url::Url;

use super::api;
use super::connection::{Connections, Listener, Peer};
use super::control::Control;
use super::options::Options;
use super::state::SandboxState;

const SHUTDOWN_PATIENCE: Duration = Duration::from_secs(2);

/// A running sandbox. Dropping it stops the server at once and cuts its connections.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    shared: Arc<SandboxState>,
    connections: Connections,
    /// When dropped, the server and its connections finish.
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
}

/// Error of starting a sandbox.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StartError {
    /// The address is in use, or not an address of this machine.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The requested address.
        address: SocketAddr,
        /// The system's error.
        source: Arc<io::Error>,
    },
    /// The public URL cannot have a path appended.
    #[error("{0} cannot be the base of pay pages; give an http or https URL without a query")]
    PublicUrl(Url),
}

impl Sandbox {
    /// Starts a server on a task of the current tokio runtime.
    ///
    /// # Errors
    /// [`StartError`]: it cannot listen, or the public URL is not a base.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let failed = |source| StartError::Listen {
            address: options.listen,
            source: Arc::new(source),
        };
        let listener = TcpListener::bind(options.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let public_base = match &options.public_url {
            Some(url) => base_of(url)?,
            None => local_base(address),
        };
        let shared = Arc::new(SandboxState::new(options, public_base));

        let connections = Connections::default();
        let listener = Listener {
            inner: listener,
            connections: connections.clone(),
        };
        let service =
            api::router(Arc::clone(&shared)).into_make_service_with_connect_info::<Peer>();
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(async move {
            let served = axum::serve(listener, service).with_graceful_shutdown(async {
                // An error means that the sandbox was dropped, which also stops the server.
                let _ = stopped.await;
            });
            if let Err(error) = served.await {
                tracing::error!(%error, "the sandbox stopped");
            }
        });

        tracing::info!(%address, "the sandbox is listening");
        Ok(Self {
            address,
            shared,
            connections,
            stop: Some(stop),
            server,
        })
    }

    /// The address with the actual port.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Base URL of the API for callers on this machine, such as `http://127.0.0.1:8787`.
    #[must_use]
    pub fn base_url(&self) -> String {
        local_base(self.address)
    }

    /// Returns a handle to the payment requests.
    #[must_use]
    pub fn control(&self) -> Control {
        Control::new(Arc::clone(&self.shared))
    }

    /// Stops listening and waits up to two seconds for open calls.
    pub async fn shutdown(mut self) {
        drop(self.stop.take());
        let finished = tokio::time::timeout(SHUTDOWN_PATIENCE, &mut self.server).await;
        if finished.is_err() {
            tracing::warn!("the sandbox stopped with calls still open");
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.server.abort();
        self.connections.close();
        self.shared.stop();
    }
}

fn base_of(url: &Url) -> Result<String, StartError> {
    let is_base = matches!(url.scheme(), "http" | "https")
        && url.query().is_none()
        && url.fragment().is_none();
    if is_base {
        Ok(url.as_str().trim_end_matches('/').to_owned())
    } else {
        Err(StartError::PublicUrl(url.clone()))
    }
}

/// The base URL on this machine. A server that listens on all addresses is reached on loopback.
fn local_base(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };

    format!("http://{}", SocketAddr::new(ip, address.port()))
}
