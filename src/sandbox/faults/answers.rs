//! Makes the faulty answers of a script.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::response::Parts;
use axum::http::{self, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream, StreamExt};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use serde_json::Value;

use super::behaviour::{FaultAnswer, RetryAfter};
use super::edit;
use crate::sandbox::connection::Peer;
use crate::sandbox::refusal::SandboxRefusal;

const JSON: &str = "application/json";
const CHUNK: usize = 64 * 1024;
pub(super) const PORTAL: &str = "<!doctype html><html lang=\"en\"><title>Welcome</title>\
    <h1>Welcome to our free WLAN</h1>\
    <form method=\"post\"><button>Accept and connect</button></form></html>";

/// A faulty answer. An error means that HTTP cannot express it.
pub(super) type FaultResponse = Result<Response, http::Error>;

pub(super) fn answer(answer: &FaultAnswer) -> FaultResponse {
    let mut builder = http::Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        builder = builder.header(name, value);
    }
    let (body, content_type) = match &answer.body {
        None => return builder.body(Body::empty()),
        Some(Value::String(text)) => (Body::from(text.clone()), "text/plain; charset=utf-8"),
        Some(json) => (Body::from(json.to_string()), JSON),
    };
    let mut response = builder.body(body)?;
    response
        .headers_mut()
        .entry(header::CONTENT_TYPE)
        .or_insert(HeaderValue::from_static(content_type));

    Ok(response)
}

pub(super) fn empty() -> Response {
    ([(header::CONTENT_TYPE, JSON)], Body::empty()).into_response()
}

/// Sends a body of this size that is only the beginning of a JSON text.
pub(super) fn huge(mebibytes: u32) -> Response {
    const CHUNKS_IN_MEBIBYTE: usize = 1024 * 1024 / CHUNK;
    let mebibytes = usize::try_from(mebibytes).unwrap_or(usize::MAX);
    let first = Bytes::from_static(b"{\"padding\":\"");
    let rest = Bytes::from(vec![b'x'; CHUNK]);
    let chunks = stream::iter([first])
        .chain(stream::repeat(rest).take(mebibytes.saturating_mul(CHUNKS_IN_MEBIBYTE)))
        .map(Ok::<_, io::Error>);

    ([(header::CONTENT_TYPE, JSON)], Body::from_stream(chunks)).into_response()
}

pub(super) fn throttle(retry_after: Option<&RetryAfter>) -> FaultResponse {
    let value = match retry_after {
        None => None,
        Some(RetryAfter::Seconds(seconds)) => Some(HeaderValue::from(*seconds)),
        Some(RetryAfter::Date { seconds }) => Some(date_in(*seconds)?),
        Some(RetryAfter::Text(text)) => Some(HeaderValue::try_from(text)?),
    };
    let mut response = SandboxRefusal::rate_limited(0).into_response();
    let headers = response.headers_mut();
    headers.remove(header::RETRY_AFTER);
    if let Some(value) = value {
        headers.insert(header::RETRY_AFTER, value);
    }

    Ok(response)
}

fn date_in(seconds: u32) -> Result<HeaderValue, http::Error> {
    let wait = Duration::from_secs(seconds.into());
    let at = Timestamp::now().checked_add(wait).unwrap_or(Timestamp::MAX);
    let text = DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&at)
        .unwrap_or_default();

    Ok(HeaderValue::try_from(text)?)
}

pub(super) fn redirect(status: u16, location: &str) -> FaultResponse {
    http::Response::builder()
        .status(status)
        .header(header::LOCATION, location)
        .body(Body::empty())
}

pub(super) fn with_content_type(mut real: Response, content_type: &str) -> FaultResponse {
    let value = HeaderValue::try_from(content_type)?;
    real.headers_mut().insert(header::CONTENT_TYPE, value);

    Ok(real)
}

/// Sends the first half and cuts the connection. The header `Content-Length` has the length of the whole answer.
pub(super) async fn truncated(real: Response, peer: Peer) -> Response {
    let (parts, body) = whole(real).await;
    let half = body.slice(..body.len() / 2);
    let cut = stream::once(async move {
        // The half must be sent before the connection closes.
        tokio::task::yield_now().await;
        peer.cut();

        Err(io::ErrorKind::ConnectionAborted.into())
    });

    streamed(parts, body.len(), stream::iter([Ok(half)]).chain(cut))
}

pub(super) async fn drip(real: Response, pause: Duration) -> Response {
    let (parts, body) = whole(real).await;
    let length = body.len();
    let drops = stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(pause).await;
        let drop = rest.split_to(1);

        Some((Ok(drop), rest))
    });

    streamed(parts, length, drops)
}

/// Edits the real answer. An answer that is not JSON stays as it is.
pub(super) async fn edited(real: Response, patch: &Value, remove: &[String]) -> Response {
    let (mut parts, body) = whole(real).await;
    let Ok(mut content) = serde_json::from_slice(&body) else {
        return Response::from_parts(parts, Body::from(body));
    };
    edit::edit(&mut content, patch, remove, Timestamp::now());
    parts.headers.remove(header::CONTENT_LENGTH);

    Response::from_parts(parts, Body::from(content.to_string()))
}

/// The answer for a fault that HTTP cannot express.
pub(super) fn impossible(error: &http::Error) -> Response {
    tracing::error!(%error, "cannot play this fault");

    (
        StatusCode::INTERNAL_SERVER_ERROR,
        format!("cannot play this fault: {error}"),
    )
        .into_response()
}

/// Returns the head and the whole body. The sandbox's answers are already in memory, so no limit is needed.
async fn whole(real: Response) -> (Parts, Bytes) {
    let (parts, body) = real.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();

    (parts, body)
}

fn streamed(
    mut parts: Parts,
    length: usize,
    stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
) -> Response {
    parts
        .headers
        .insert(header::CONTENT_LENGTH, HeaderValue::from(length));

    Response::from_parts(parts, Body::from_stream(stream))
}
