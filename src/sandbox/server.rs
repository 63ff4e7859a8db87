use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};
use url::Url;

use super::api;
use super::call::CallLog;
use super::connection::{Connections, Listener, Peer};
use super::control::Control;
use super::faults::Script;
use super::options::Options;
use super::rate_limit::RateLimit;
use super::request::PaymentRequest;
use super::store::Store;
use super::wire::RequestView;

/// How long a shutdown waits for calls that are under way.
const SHUTDOWN_PATIENCE: Duration = Duration::from_secs(2);

/// A sandbox that is being served. Dropping it stops the server at once and cuts its connections.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    shared: Arc<Shared>,
    connections: Connections,
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

        let connections = Connections::default();
        let listener = Listener::new(listener, connections.clone());
        let service =
            api::router(Arc::clone(&shared)).into_make_service_with_connect_info::<Peer>();
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(async move {
            let served = axum::serve(listener, service).with_graceful_shutdown(async {
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
            connections,
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
        self.connections.close();
        // What was still to take place is aborted with it.
        drop(lock(&self.shared.late).take());
    }
}

/// What every call and every [`Control`] acts on.
#[derive(Debug)]
pub(super) struct Shared {
    store: Mutex<Store>,
    rate_limit: Mutex<RateLimit>,
    script: Mutex<Script>,
    calls: Mutex<CallLog>,
    /// What takes place later, by the script. `None` once the sandbox has stopped.
    late: Mutex<Option<JoinSet<()>>>,
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
            script: Mutex::default(),
            calls: Mutex::default(),
            late: Mutex::new(Some(JoinSet::new())),
            api_key: ApiKey(options.api_key.clone()),
            public_base,
            store: Mutex::new(Store::new(options)),
        })
    }

    pub(super) fn store(&self) -> MutexGuard<'_, Store> {
        lock(&self.store)
    }

    /// What is left of the fault script.
    pub(super) fn script(&self) -> MutexGuard<'_, Script> {
        lock(&self.script)
    }

    pub(super) fn calls(&self) -> MutexGuard<'_, CallLog> {
        lock(&self.calls)
    }

    /// Does something that no caller may have to wait for, unless the sandbox stops before.
    pub(super) fn late(&self, work: impl Future<Output = ()> + Send + 'static) {
        if let Some(late) = lock(&self.late).as_mut() {
            while late.try_join_next().is_some() {}
            late.spawn(work);
        }
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

    /// How many calls were refused because their key had used its calls up.
    pub(super) fn refused(&self) -> u64 {
        lock(&self.rate_limit).refused()
    }

    /// The answer to a read of this request.
    pub(super) fn view(&self, request: &PaymentRequest, options: &Options) -> RequestView {
        RequestView::read(request, options, &self.public_base)
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
