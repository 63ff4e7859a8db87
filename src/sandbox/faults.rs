//! The fault script: which calls fail, how, and how often. See `docs/sandbox.md`.

mod answers;
mod behaviour;
mod edit;
mod fault;
mod play;
pub(super) mod script;
mod words;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};

use super::connection::Peer;
use super::refusal::SandboxRefusal;
use super::state::SandboxState;

pub use behaviour::{FaultAnswer, RetryAfter};
pub use fault::Fault;
pub(super) use play::play;
use script::Script;

pub(super) fn router() -> Router<Arc<SandboxState>> {
    Router::new()
        .route("/sandbox/faults", get(left).put(set).delete(clear))
        .route_layer(middleware::from_fn(local_only))
}

/// Refuses callers from other machines. Phones in the shop's network may reach the pay pages, but not the fault
/// script.
async fn local_only(
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
    next: Next,
) -> Result<Response, SandboxRefusal> {
    if !peer.is_local() {
        return Err(SandboxRefusal::rule(
            "FORBIDDEN",
            "only callers on the sandbox's own machine may use the fault script",
        ));
    }

    Ok(next.run(request).await)
}

async fn left(State(shared): State<Arc<SandboxState>>) -> Json<Script> {
    Json(shared.script().clone())
}

async fn set(
    State(shared): State<Arc<SandboxState>>,
    body: Bytes,
) -> Result<Json<Script>, SandboxRefusal> {
    let script =
        Script::from_json(&body).map_err(|error| SandboxRefusal::misfit(error.to_string()))?;
    *shared.script() = script.clone();

    Ok(Json(script))
}

async fn clear(State(shared): State<Arc<SandboxState>>) -> StatusCode {
    *shared.script() = Script::default();

    StatusCode::NO_CONTENT
}
