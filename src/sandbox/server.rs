use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use url::Url;

use super::api;
use super::control::Control;
use super::options::Options;
use super::rate_limit::RateLimit;
use super::request::PaymentRequest;
use super::store::Store;
use super::wire::RequestView;

/// How long a shutdown waits for calls that are under way.
const SHUTDOWN_PATIENCE: Duration = Duration::from_secs(2);

/// A sandbox that is being served. Dropping it stops the server at once.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    shared: Arc<Shared>,
    /// Dropped or used, it makes the server and its connections finish.
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
}

/// Why a sandbox could not start.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StartError {
    /// The address is taken, or not this machine's.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system says.
        source: Arc<io::Error>,
    },
    /// Nothing can be appended to the public URL.
    #[error("{0} cannot be the base of pay pages: an http or https URL without a query is needed")]
    PublicUrl(Url),
}

impl Sandbox {
    /// Listens and serves, on a task of the current tokio runtime.
    ///
    /// # Errors
    /// [`StartError`] where it cannot listen or the public URL cannot be a base.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let failed = |source| StartError::Listen {
            address: options.listen,
            source: Arc::new(source),
        };
        let listener = TcpListener::bind(options.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let shared = Arc::new(Shared::new(options, address)?);

        let router = api::router(Arc::clone(&shared));
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(async move {
            let served = axum::serve(listener, router).with_graceful_shutdown(async {
                // An error means the sandbox was dropped, which stops it as well.
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
            stop: Some(stop),
            server,
        })
    }

    /// Where it listens, with the port that it got.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The API's base for callers on this machine, such as `http://127.0.0.1:8787`.
    #[must_use]
    pub fn base_url(&self) -> String {
        local_base(self.address)
    }

    /// A handle on the payment requests.
    #[must_use]
    pub fn control(&self) -> Control {
        Control::new(Arc::clone(&self.shared))
    }

    /// Stops listening and lets calls that are under way finish, for two seconds at most.
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
    }
}

/// What every call and every [`Control`] acts on.
#[derive(Debug)]
pub(super) struct Shared {
    store: Mutex<Store>,
    rate_limit: Mutex<RateLimit>,
    api_key: ApiKey,
    public_base: String,
}

/// The only key that is accepted, if only one is. Its Debug does not show it.
struct ApiKey(Option<String>);

impl std::fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() { "one" } else { "any" })
    }
}

impl Shared {
    fn new(options: Options, address: SocketAddr) -> Result<Self, StartError> {
        let public_base = match &options.public_url {
            Some(url) => base_of(url)?,
            None => local_base(address),
        };

        Ok(Self {
            rate_limit: Mutex::new(RateLimit::new(options.rate_limit)),
            api_key: ApiKey(options.api_key.clone()),
            public_base,
            store: Mutex::new(Store::new(options)),
        })
    }

    pub(super) fn store(&self) -> MutexGuard<'_, Store> {
        lock(&self.store)
    }

    /// The base of pay pages, without a trailing slash.
    pub(super) fn public_base(&self) -> &str {
        &self.public_base
    }

    pub(super) fn accepts_key(&self, key: &str) -> bool {
        self.api_key.0.as_deref().is_none_or(|only| only == key)
    }

    /// Counts a call against the key's limit.
    ///
    /// # Errors
    /// The seconds to wait where it is used up.
    pub(super) fn admit(&self, key: &str, now: Instant) -> Result<(), u64> {
        lock(&self.rate_limit).admit(key, now)
    }

    pub(super) fn view(&self, request: &PaymentRequest, options: &Options) -> RequestView {
        RequestView::full(request, options, &self.public_base)
    }
}

/// A panic elsewhere leaves the requests as they were, so the lock is taken all the same.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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

/// A server that listens on every address is reached on loopback.
fn local_base(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };

    format!("http://{}", SocketAddr::new(ip, address.port()))
}
