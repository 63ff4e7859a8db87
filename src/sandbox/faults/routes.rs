//! The fault script over HTTP, for whoever sits at this machine.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};

use super::script::Script;
use crate::sandbox::connection::Peer;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::server::Shared;

pub(in crate::sandbox) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/sandbox/faults", get(left).put(set).delete(clear))
        .route_layer(middleware::from_fn(local_only))
}

/// Phones in the shop's network reach the pay pages; the script is none of their business.
async fn local_only(
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    if !peer.is_local() {
        return Err(Refusal::rule(
            "FORBIDDEN",
            "the fault script is for callers on the sandbox's own machine",
        ));
    }

    Ok(next.run(request).await)
}

async fn left(State(shared): State<Arc<Shared>>) -> Json<Script> {
    Json(shared.script().clone())
}

async fn set(State(shared): State<Arc<Shared>>, body: Bytes) -> Result<Json<Script>, Refusal> {
    let script = Script::from_json(&body).map_err(|error| Refusal::misfit(error.to_string()))?;
    *shared.script() = script.clone();

    Ok(Json(script))
}

async fn clear(State(shared): State<Arc<Shared>>) -> StatusCode {
    *shared.script() = Script::default();

    StatusCode::NO_CONTENT
}
