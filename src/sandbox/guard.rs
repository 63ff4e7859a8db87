//! Steps before a call's handler: count, API key, rate limit, log.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use secrecy::ExposeSecret;

use super::call::ApiCall;
use super::refusal::SandboxRefusal;
use super::state::SandboxState;

const API_KEY: &str = "x-api-key";

/// Counts a merchant's call. Accepts the call if its key is valid and the key's rate limit is not reached.
pub(super) async fn merchant_only(
    State((shared, call)): State<(Arc<SandboxState>, ApiCall)>,
    request: Request,
    next: Next,
) -> Result<Response, SandboxRefusal> {
    let now = Instant::now();
    shared.calls().add(call, now);
    let only = shared.options.api_key.as_ref();
    let key = key_of(request.headers())
        .filter(|key| only.is_none_or(|only| only.expose_secret() == *key))
        .ok_or_else(SandboxRefusal::unauthorized)?;
    shared
        .rate_limit()
        .admit(key, now)
        .map_err(SandboxRefusal::rate_limited)?;

    Ok(next.run(request).await)
}

/// Logs each call by its route. An id in a path is not secret; a key in a header is.
pub(super) async fn log(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;

    tracing::debug!(
        %method,
        route = route.as_ref().map_or("none", MatchedPath::as_str),
        status = response.status().as_u16(),
        "sandbox call"
    );
    response
}

/// The merchant's key or an organisation's token.
fn key_of(headers: &HeaderMap) -> Option<&str> {
    [API_KEY, header::AUTHORIZATION.as_str()]
        .into_iter()
        .filter_map(|name| headers.get(name)?.to_str().ok())
        .find(|value| !value.trim().is_empty())
}
