//! Who may call, and how often.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;

use super::refusal::Refusal;
use super::server::Shared;

const API_KEY: &str = "x-api-key";

/// Lets a merchant's call through when its key is right and has calls left.
pub(super) async fn merchant_only(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    let key = key_of(request.headers()).ok_or_else(Refusal::unauthorized)?;
    if !shared.accepts_key(key) {
        return Err(Refusal::unauthorized());
    }
    shared
        .admit(key, Instant::now())
        .map_err(Refusal::rate_limited)?;

    Ok(next.run(request).await)
}

/// Logs each call by its route: an id in a path is no secret, a key in a header is.
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

/// The merchant's key or, for organisations, its token.
fn key_of(headers: &HeaderMap) -> Option<&str> {
    [API_KEY, header::AUTHORIZATION.as_str()]
        .into_iter()
        .filter_map(|name| headers.get(name)?.to_str().ok())
        .find(|value| !value.trim().is_empty())
}
