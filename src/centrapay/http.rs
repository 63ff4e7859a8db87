//! Sends requests, reads answers and sorts failures.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use jiff::Timestamp;
use reqwest::dns::Resolve;
use reqwest::header::HeaderMap;
use reqwest::{
    Client, ClientBuilder, Proxy, RequestBuilder, Response, StatusCode, redirect, retry,
};
use rustls::ClientConfig;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use tokio::time::sleep;
use url::Url;

use super::diagnostics::Diagnostics;
use super::headers::{is_json, platform_date, retry_after};
use super::waiting_connection::{Role, Wait, WaitEnd, WaitingLayer};
use super::{network_error, redact, refusal};
use crate::domain::payment::{Failure, Text};

/// Limit of an answer in bytes. The platform's answers have about a hundredth of this size.
const BODY_LIMIT: usize = 256 * 1024;
/// Time limit of a create or a void.
const WRITE_TIMEOUT: Duration = Duration::from_secs(8);
/// Time limit of a poll.
const READ_TIMEOUT: Duration = Duration::from_secs(4);
/// Time limit to connect. A call that exceeds this limit was provably not sent.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// The shortest and the longest pause before the waiting connection is opened again.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// A connection that ends sooner counts as refused.
const USUAL_WAIT: Duration = Duration::from_secs(4);

/// Whether a call changes something at the platform.
#[derive(Debug, Clone, Copy)]
pub(super) enum CallKind {
    /// Only reads. The connections are reused.
    Read,
    /// Changes something. Each call uses a connection on which nothing was sent before, so that a failure to
    /// connect proves that nothing was sent.
    Write,
}

#[derive(Debug)]
pub(super) struct ApiAnswer<T> {
    /// The platform's clock, or the local clock if the answer has no date.
    pub(super) date: Timestamp,
    pub(super) body: T,
}

/// Result of checking the connection and the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionCheck {
    /// The platform's clock.
    pub date: Option<Timestamp>,
    /// Success if the platform accepts calls with this credential.
    pub answer: Result<(), Failure>,
}

/// The HTTP clients of one platform.
#[derive(Debug, Clone)]
pub(super) struct Clients {
    pub(super) reads: Client,
    pub(super) writes: Client,
    /// Opens the waiting connection, and sends nothing.
    opens: Client,
    waiting: Arc<dyn Wait>,
}

impl Clients {
    /// Builds the clients. Without a `resolver`, the system resolves names.
    pub(super) fn new(
        base_url: &Url,
        proxy: Option<&Url>,
        tls: &ClientConfig,
        resolver: Option<&Arc<dyn Resolve>>,
    ) -> reqwest::Result<Self> {
        let builder = |kind| {
            let builder = client(kind, base_url, proxy, tls.clone())?;

            Ok(match resolver {
                Some(resolver) => builder.dns_resolver(Arc::clone(resolver)),
                None => builder,
            })
        };
        let waiting = Arc::default();
        let layer = |role| WaitingLayer {
            role,
            waiting: Arc::clone(&waiting),
        };
        let write = |role| {
            let builder = builder(CallKind::Write)?;

            builder.connector_layer(layer(role)).build()
        };

        Ok(Self {
            reads: builder(CallKind::Read)?.build()?,
            writes: write(Role::Uses)?,
            opens: write(Role::Opens)?,
            waiting,
        })
    }

    /// Opens the waiting connection to `base_url`, unless it waits already. Sends no request.
    pub(super) async fn open(&self, base_url: &Url) -> reqwest::Result<()> {
        let open = async {
            match self.opens.head(base_url.clone()).send().await {
                Err(error) if !network_error::is_open(&error) => Err(error),
                _ => Ok(()),
            }
        };

        self.waiting.open(open.boxed()).await
    }

    /// Keeps a connection waiting for as long as it is polled.
    pub(super) async fn keep_open(&self, base_url: &Url) {
        let mut pause = SHORTEST_PAUSE;
        loop {
            let opened = Instant::now();
            let end = match self.open(base_url).await {
                Ok(()) => self.waiting.until_gone().await,
                Err(error) => {
                    tracing::debug!(%error, ?pause, "no connection waits for the next sale");

                    WaitEnd::Broken
                }
            };
            match end {
                WaitEnd::TooOld => pause = SHORTEST_PAUSE,
                // The sale needs the processor for its code more than the next sale needs a connection.
                WaitEnd::Taken => {
                    pause = SHORTEST_PAUSE;
                    sleep(pause).await;
                }
                WaitEnd::Broken => {
                    // This server only closes idle connections sooner than others do.
                    if opened.elapsed() >= USUAL_WAIT {
                        pause = SHORTEST_PAUSE;
                    }
                    sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }
}

/// Prepares an HTTP client. It follows no redirect, because a redirect could send the key elsewhere. It uses only a
/// configured proxy, allows plain http only for a sandbox on this machine, and never retries.
fn client(
    kind: CallKind,
    base_url: &Url,
    proxy: Option<&Url>,
    tls: ClientConfig,
) -> reqwest::Result<ClientBuilder> {
    let builder = Client::builder()
        .user_agent(concat!("patron-display/", env!("CARGO_PKG_VERSION")))
        .tls_backend_preconfigured(tls)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .no_proxy()
        .connect_timeout(CONNECT_TIMEOUT)
        .https_only(base_url.scheme() == "https");
    // Only https calls use the proxy. It could read plain http, which only a local sandbox uses.
    let builder = match proxy {
        Some(proxy) => builder.proxy(Proxy::https(proxy.clone())?),
        None => builder,
    };

    Ok(match kind {
        CallKind::Read => builder.timeout(READ_TIMEOUT),
        CallKind::Write => noticing_dead_lines(builder)
            .timeout(WRITE_TIMEOUT)
            .pool_max_idle_per_host(0),
    })
}

/// Lets the system probe a connection that waits, so that a line that has died ends it within about ten seconds. A
/// create over such a connection would be lost, and the customer would wait for a second one.
fn noticing_dead_lines(builder: ClientBuilder) -> ClientBuilder {
    const PROBE_EVERY: Duration = Duration::from_secs(5);
    let builder = builder
        .tcp_keepalive(PROBE_EVERY)
        .tcp_keepalive_interval(PROBE_EVERY)
        .tcp_keepalive_retries(1);
    #[cfg(target_os = "linux")]
    let builder = builder.tcp_user_timeout(Duration::from_secs(6));

    builder
}

/// Sends a request and reads its answer as JSON.
/// Errors: see [`Failure`].
pub(super) async fn call<T: DeserializeOwned>(
    request: RequestBuilder,
    credential: &HeaderMap,
    diagnostics: &Diagnostics,
) -> Result<ApiAnswer<T>, Failure> {
    let response = request.send().await.map_err(|error| sort(&error))?;
    let response = accepted(response, credential).await?;
    let date = platform_date(response.headers()).unwrap_or_else(Timestamp::now);
    diagnostics.date(date);
    let body = json(response, credential)
        .await
        .inspect_err(|_| diagnostics.unreadable())?;

    Ok(ApiAnswer { date, body })
}

async fn json<T: DeserializeOwned>(
    response: Response,
    credential: &HeaderMap,
) -> Result<T, Failure> {
    if !is_json(response.headers()) {
        return Err(unusable("the answer is not JSON"));
    }
    let body = body(response).await?;

    // The message never quotes the answer.
    parse(&body, credential).map_err(|error| {
        unusable(match error.classify() {
            Category::Eof => "the answer breaks off",
            Category::Syntax | Category::Io => "the answer is not JSON",
            Category::Data => "the answer is JSON, but not the expected kind",
        })
    })
}

/// Parses an answer after removing `credential` from it.
fn parse<T: DeserializeOwned>(body: &[u8], credential: &HeaderMap) -> serde_json::Result<T> {
    let whole = serde_json::from_slice(body)?;

    redact::redacted(credential, body).map_or(Ok(whole), serde_json::from_value)
}

/// Sends `request` and reports whether the platform accepts it.
pub(super) async fn greet(request: RequestBuilder, credential: &HeaderMap) -> ConnectionCheck {
    let response = match request.send().await {
        Ok(response) => response,
        Err(error) => {
            let answer = Err(sort(&error));
            return ConnectionCheck { date: None, answer };
        }
    };
    let date = platform_date(response.headers());
    let answer = match accepted(response, credential).await {
        Ok(response) if !is_json(response.headers()) => Err(unusable("the answer is not JSON")),
        Ok(_) => Ok(()),
        Err(failure) => Err(failure),
    };

    ConnectionCheck { date, answer }
}

async fn accepted(response: Response, credential: &HeaderMap) -> Result<Response, Failure> {
    let status = response.status();
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Err(Failure::Throttled {
            retry_after: retry_after(response.headers()),
        });
    }
    // A proxy or gateway gave up waiting. The platform may have carried the call out.
    let is_from_gateway = matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY);
    if status.is_client_error() && !is_from_gateway {
        let body = body(response).await.unwrap_or_default();

        return Err(refusal(status, &body, credential));
    }
    if !status.is_success() {
        let what = if status.is_redirection() {
            "a redirect, which is never followed"
        } else {
            "no usable status"
        };

        return Err(unusable(&format!("HTTP {}: {what}", status.as_u16())));
    }

    Ok(response)
}

/// Sorts a failed exchange. Writes use unused connections only, so a failure to connect proves that nothing was
/// sent.
fn sort(error: &reqwest::Error) -> Failure {
    match network_error::not_sent(error) {
        Some(unsent) => Failure::NotSent(unsent),
        None if error.is_timeout() => unusable("no answer in time"),
        None => unusable(network_error::interruption(error)),
    }
}

fn unusable(why: &str) -> Failure {
    Failure::Ambiguous(Text::sentence(why))
}

async fn body(mut response: Response) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > BODY_LIMIT => {
                return Err(unusable("the answer is too long"));
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) => return Err(sort(&error)),
        }
    }
}

fn refusal(status: StatusCode, body: &[u8], credential: &HeaderMap) -> Failure {
    let emptied = redact::redacted(credential, body).map(|said| said.to_string().into_bytes());
    let refusal = refusal::read(status.as_u16(), emptied.as_deref().unwrap_or(body));

    if status == StatusCode::UNAUTHORIZED {
        Failure::Unauthorised(refusal)
    } else {
        Failure::Refused(refusal)
    }
}
