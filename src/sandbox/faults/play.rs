//! Plays the fault script. Every merchant's call passes here after the check of its key.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use tokio::sync::oneshot;
use tokio::time::sleep;

use super::answers::{self, FaultResponse};
use super::behaviour::{FaultKind, LONGEST};
use super::fault::Fault;
use crate::sandbox::call::ApiCall;
use crate::sandbox::connection::Peer;
use crate::sandbox::refusal::SandboxRefusal;
use crate::sandbox::state::SandboxState;

/// Limit of the body of a scripted call, in bytes.
const BODY_LIMIT: usize = 2 * 1024 * 1024;

/// Passes a call on, unless the script has a fault for it.
pub(in crate::sandbox) async fn play(
    State((shared, call)): State<(Arc<SandboxState>, ApiCall)>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
    next: Next,
) -> Response {
    let Some(fault) = shared.script().next(call) else {
        return next.run(request).await;
    };
    tracing::info!(?call, ?fault, "sandbox fault");

    // The connection can be cut cleanly only after the whole request is read.
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        return SandboxRefusal::misfit("the body is too long").into_response();
    };
    let request = Request::from_parts(parts, Body::from(body));

    happen(&shared, fault, peer, next.run(request)).await
}

/// Plays one fault. Awaiting `real` carries the call out and returns its real answer.
async fn happen(
    shared: &SandboxState,
    fault: Fault,
    peer: Peer,
    real: impl Future<Output = Response> + Send + 'static,
) -> Response {
    let first = fault.after_effect;
    let made = match fault.behaviour {
        FaultKind::Pass {} => Ok(real.await),
        FaultKind::Delay { millis } if first => {
            let answer = real.await;
            sleep(wait(millis)).await;

            Ok(answer)
        }
        FaultKind::Delay { millis } => Ok(late(shared, wait(millis), real, &peer).await),
        FaultKind::DropBefore {} => Ok(cut(&peer)),
        FaultKind::DropAfter {} => {
            real.await;

            Ok(cut(&peer))
        }
        FaultKind::WrongContentType { content_type } => {
            answers::with_content_type(real.await, &content_type)
        }
        FaultKind::Truncated {} => Ok(answers::truncated(real.await, peer).await),
        FaultKind::Drip { millis } => Ok(answers::drip(real.await, wait(millis)).await),
        FaultKind::Edit { patch, remove } => Ok(answers::edited(real.await, &patch, &remove).await),
        replacing => {
            if first {
                real.await;
            }
            instead(replacing, &peer).await
        }
    };

    made.unwrap_or_else(|error| answers::impossible(&error))
}

/// Makes an answer that replaces the real one.
async fn instead(fault: FaultKind, peer: &Peer) -> FaultResponse {
    match fault {
        FaultKind::Answer(answer) => answers::answer(&answer),
        FaultKind::Html {} => Ok(Html(answers::PORTAL).into_response()),
        FaultKind::Empty {} => Ok(answers::empty()),
        FaultKind::Huge { mebibytes } => Ok(answers::huge(mebibytes)),
        FaultKind::Throttle { retry_after } => answers::throttle(retry_after.as_ref()),
        FaultKind::Redirect { status, location } => answers::redirect(status, &location),
        FaultKind::Never { millis } => {
            sleep(wait(millis)).await;

            Ok(cut(peer))
        }
        _ => Ok(cut(peer)),
    }
}

/// Carries the call out later, even if the caller has gone.
async fn late(
    shared: &SandboxState,
    wait: Duration,
    real: impl Future<Output = Response> + Send + 'static,
    peer: &Peer,
) -> Response {
    let (answer, answered) = oneshot::channel();
    shared.late(async move {
        sleep(wait).await;
        // A failure means that no caller waits any more.
        let _ = answer.send(real.await);
    });

    answered.await.unwrap_or_else(|_| cut(peer))
}

/// Cuts the connection. The returned response is never sent.
fn cut(peer: &Peer) -> Response {
    peer.cut();

    Response::default()
}

fn wait(millis: u64) -> Duration {
    Duration::from_millis(millis.min(LONGEST))
}
