//! How requests are sent, how much of an answer is believed, and what each kind of failure means.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response, StatusCode, redirect, retry};
use rustls::ClientConfig;
use serde::de::DeserializeOwned;
use url::Url;

use super::wire::ErrorIn;
use crate::payment::{Failure, Refusal, Text};

/// The most of an answer that is read; the platform's own are a hundredth of it.
const BODY_LIMIT: usize = 256 * 1024;
/// A create or a void may take this long in all.
const WRITE_TIMEOUT: Duration = Duration::from_secs(8);
/// A poll may take this long in all.
const READ_TIMEOUT: Duration = Duration::from_secs(4);
/// Longer than this a platform may not make the counter wait.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60);

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

/// A client that never follows a redirect (it would carry the key away), uses no proxy, takes no
/// plain http but to a rehearsal on this machine, and repeats nothing by itself.
pub(super) fn client(
    kind: Kind,
    base_url: &Url,
    headers: HeaderMap,
    tls: ClientConfig,
) -> reqwest::Result<Client> {
    let builder = Client::builder()
        .user_agent(concat!("patron-display/", env!("CARGO_PKG_VERSION")))
        .tls_backend_preconfigured(tls)
        .default_headers(headers)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .no_proxy()
        .https_only(base_url.scheme() == "https");
    let builder = match kind {
        Kind::Read => builder.timeout(READ_TIMEOUT),
        Kind::Write => builder.timeout(WRITE_TIMEOUT).pool_max_idle_per_host(0),
    };

    builder.build()
}

/// Sends a request and reads its answer as JSON.
///
/// # Errors
///
/// Sorted by what may be done about it, see [`Failure`].
pub(super) async fn call<T: DeserializeOwned>(
    kind: Kind,
    request: RequestBuilder,
) -> Result<Answer<T>, Failure> {
    let response = request.send().await.map_err(|error| sort(kind, &error))?;
    let status = response.status();
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Err(Failure::Throttled {
            retry_after: retry_after(response.headers()),
        });
    }
    if status.is_client_error() {
        let body = body(response).await.unwrap_or_default();

        return Err(refusal(status, &body));
    }
    if !status.is_success() {
        return Err(Failure::Ambiguous(format!("HTTP {}", status.as_u16())));
    }
    if !is_json(response.headers()) {
        return Err(Failure::Ambiguous("the answer is not JSON".to_owned()));
    }
    let date = date(response.headers());
    let body = body(response).await?;

    serde_json::from_slice(&body)
        .map(|body| Answer { date, body })
        .map_err(|error| Failure::Ambiguous(format!("the answer cannot be read: {error}")))
}

/// What a failed exchange means. Only on a fresh connection is a failure to connect a proof that
/// nothing was sent.
fn sort(kind: Kind, error: &reqwest::Error) -> Failure {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    // The innermost cause says what happened and never carries a header.
    let why = if error.is_timeout() {
        "no answer in time".to_owned()
    } else {
        Text::clean(&cause.to_string()).to_string()
    };
    let unsent = error.is_builder() || (error.is_connect() && matches!(kind, Kind::Write));

    if unsent {
        Failure::NotSent(why)
    } else {
        Failure::Ambiguous(why)
    }
}

async fn body(mut response: Response) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > BODY_LIMIT => {
                return Err(Failure::Ambiguous("the answer is too long".to_owned()));
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) => return Err(sort(Kind::Read, &error)),
        }
    }
}

fn refusal(status: StatusCode, body: &[u8]) -> Failure {
    let error = serde_json::from_slice::<ErrorIn>(body).unwrap_or_default();
    let code = error.message.as_deref().map_or_else(
        || Text::clean(&format!("HTTP_{}", status.as_u16())),
        Text::clean,
    );
    let refusal = Refusal {
        status: status.as_u16(),
        code,
        reason: error.reason.as_deref().map(Text::clean),
    };

    if status == StatusCode::UNAUTHORIZED {
        Failure::Unauthorised(refusal)
    } else {
        Failure::Refused(refusal)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| {
            let kind = kind.trim().to_ascii_lowercase();

            kind == "application/json"
                || (kind.starts_with("application/") && kind.ends_with("+json"))
        })
}

fn date(headers: &HeaderMap) -> Timestamp {
    headers
        .get(DATE)
        .and_then(|date| date.to_str().ok())
        .and_then(|date| jiff::fmt::rfc2822::parse(date).ok())
        .map_or_else(Timestamp::now, |date| date.timestamp())
}

/// `Retry-After` in seconds, as the platform sends it.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;

    Some(Duration::from_secs(seconds).min(LONGEST_RETRY_AFTER))
}
