//! How requests are sent, how much of an answer is believed, and what each kind of failure means.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::HeaderMap;
use reqwest::{Client, Proxy, RequestBuilder, Response, StatusCode, redirect, retry};
use rustls::ClientConfig;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use url::Url;

use super::headers::{date, is_json, platform_date, retry_after};
use super::noticed::Noticed;
use super::{echo, refusal, unsent};
use crate::payment::{Failure, Text};

/// The most of an answer that is read; the platform's own are a hundredth of it.
const BODY_LIMIT: usize = 256 * 1024;
/// A create or a void may take this long in all.
const WRITE_TIMEOUT: Duration = Duration::from_secs(8);
/// A poll may take this long in all.
const READ_TIMEOUT: Duration = Duration::from_secs(4);
/// A connection that takes longer will not come; what failed by it was provably not sent.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Whether a call changes something at the platform.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// It only reads: connections are kept and used again.
    Read,
    /// It changes something: each goes over a fresh connection, so that a failure to connect
    /// proves that nothing was sent.
    Write,
}

/// A usable answer.
#[derive(Debug)]
pub(super) struct Answer<T> {
    /// When it was given, by the platform's clock; by the one here where it does not say.
    pub(super) date: Timestamp,
    pub(super) body: T,
}

/// What came of a call that changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Greeting {
    /// When it was answered, by the platform's clock.
    pub date: Option<Timestamp>,
    /// Whether the platform takes calls with this credential; the failure otherwise.
    pub answer: Result<(), Failure>,
}

/// A client that never follows a redirect (it would carry the key away), uses no proxy that was not
/// configured, takes no plain http but to a rehearsal on this machine, and repeats nothing by itself.
pub(super) fn client(
    kind: Kind,
    base_url: &Url,
    proxy: Option<&Url>,
    tls: ClientConfig,
) -> reqwest::Result<Client> {
    let builder = Client::builder()
        .user_agent(concat!("patron-display/", env!("CARGO_PKG_VERSION")))
        .tls_backend_preconfigured(tls)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .no_proxy()
        .connect_timeout(CONNECT_TIMEOUT)
        .https_only(base_url.scheme() == "https");
    // Only what is encrypted: a rehearsal on this machine needs none, and a proxy could read it.
    let builder = match proxy {
        Some(proxy) => builder.proxy(Proxy::https(proxy.clone())?),
        None => builder,
    };
    let builder = match kind {
        Kind::Read => builder.timeout(READ_TIMEOUT),
        Kind::Write => builder.timeout(WRITE_TIMEOUT).pool_max_idle_per_host(0),
    };

    builder.build()
}

/// Sends a request that was made with `credential` and reads its answer as JSON.
///
/// # Errors
///
/// Sorted by what may be done about it, see [`Failure`].
pub(super) async fn call<T: DeserializeOwned>(
    request: RequestBuilder,
    credential: &HeaderMap,
    noticed: &Noticed,
) -> Result<Answer<T>, Failure> {
    let response = request.send().await.map_err(|error| sort(&error))?;
    let response = accepted(response, credential).await?;
    let date = date(response.headers());
    noticed.date(date);
    let body = json(response, credential)
        .await
        .inspect_err(|_| noticed.unreadable())?;

    Ok(Answer { date, body })
}

async fn json<T: DeserializeOwned>(
    response: Response,
    credential: &HeaderMap,
) -> Result<T, Failure> {
    if !is_json(response.headers()) {
        return Err(unusable("the answer is not JSON"));
    }
    let body = body(response).await?;

    parse(&body, credential).map_err(|error| unreadable(error.classify()))
}

/// What an answer says, apart from what it repeats of the credential.
fn parse<T: DeserializeOwned>(body: &[u8], credential: &HeaderMap) -> serde_json::Result<T> {
    let whole = serde_json::from_slice(body)?;

    echo::emptied(credential, body).map_or(Ok(whole), serde_json::from_value)
}

/// Whether the platform carries `request` out, and when it answered by its own clock.
pub(super) async fn greet(request: RequestBuilder, credential: &HeaderMap) -> Greeting {
    let response = match request.send().await {
        Ok(response) => response,
        Err(error) => {
            return Greeting {
                date: None,
                answer: Err(sort(&error)),
            };
        }
    };
    let date = platform_date(response.headers());
    let answer = match accepted(response, credential).await {
        Ok(response) if !is_json(response.headers()) => Err(unusable("the answer is not JSON")),
        Ok(_) => Ok(()),
        Err(failure) => Err(failure),
    };

    Greeting { date, answer }
}

/// The answer, if its status says that the call was carried out.
async fn accepted(response: Response, credential: &HeaderMap) -> Result<Response, Failure> {
    let status = response.status();
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Err(Failure::Throttled {
            retry_after: retry_after(response.headers()),
        });
    }
    if status.is_client_error() && !is_about_the_way(status) {
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

/// Whether a status tells of the way here and not of the call: something between here and the
/// platform gave up waiting, and the platform may have carried it out.
fn is_about_the_way(status: StatusCode) -> bool {
    matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY)
}

/// What a failed exchange means. Writes go over fresh connections only, so that a failure to connect
/// proves that nothing was sent; for a read it does not matter.
fn sort(error: &reqwest::Error) -> Failure {
    match unsent::why(error) {
        Some(unsent) => Failure::NotSent(unsent),
        None if error.is_timeout() => unusable("no answer in time"),
        None => unusable(unsent::broken_off(error)),
    }
}

fn unusable(why: &str) -> Failure {
    Failure::Ambiguous(Text::sentence(why))
}

/// An answer that is not what it should be. What is said of it has nothing of it inside.
fn unreadable(category: Category) -> Failure {
    unusable(match category {
        Category::Eof => "the answer breaks off",
        Category::Syntax | Category::Io => "the answer is not JSON",
        Category::Data => "the answer is JSON of another kind",
    })
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
    let emptied = echo::emptied(credential, body).map(|said| said.to_string().into_bytes());
    let refusal = refusal::read(status.as_u16(), emptied.as_deref().unwrap_or(body));

    if status == StatusCode::UNAUTHORIZED {
        Failure::Unauthorised(refusal)
    } else {
        Failure::Refused(refusal)
    }
}
