//! Plays the script: each call of the merchant's passes here, behind the check of its key.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::oneshot;
use tokio::time::sleep;

use super::answers;
use super::behaviour::{Behaviour, LONGEST};
use super::fault::Fault;
use crate::sandbox::call::Call;
use crate::sandbox::connection::Peer;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::server::Shared;

/// The longest body that a scripted call may have.
const BODY_LIMIT: usize = 2 * 1024 * 1024;

/// Lets a call through, unless the script has something else for it.
pub(in crate::sandbox) async fn play(
    State((shared, call)): State<(Arc<Shared>, Call)>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
    next: Next,
) -> Response {
    let Some(fault) = shared.script().next(call) else {
        return next.run(request).await;
    };
    tracing::info!(?call, ?fault, "sandbox fault");

    // A call that is read to its end can be cut off cleanly.
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        return Refusal::misfit("the body is too long").into_response();
    };
    let request = Request::from_parts(parts, Body::from(body));

    happen(&shared, fault, peer, next.run(request)).await
}

/// `real` does what was asked for, once it is awaited, and is the real answer.
async fn happen(
    shared: &Shared,
    fault: Fault,
    peer: Peer,
    real: impl Future<Output = Response> + Send + 'static,
) -> Response {
    let first = fault.after_effect;
    let made = match fault.behaviour {
        Behaviour::Pass {} => Ok(real.await),
        Behaviour::Delay { millis } if first => {
            let answer = real.await;
            sleep(wait(millis)).await;

            Ok(answer)
        }
        Behaviour::Delay { millis } => Ok(late(shared, wait(millis), real, &peer).await),
        Behaviour::DropBefore {} => Ok(cut(&peer)),
        Behaviour::DropAfter {} => {
            effect(real, true).await;

            Ok(cut(&peer))
        }
        Behaviour::Answer(answer) => {
            effect(real, first).await;

            answers::answer(&answer)
        }
        Behaviour::Html {} => {
            effect(real, first).await;

            Ok(answers::html())
        }
        Behaviour::Empty {} => {
            effect(real, first).await;

            Ok(answers::empty())
        }
        Behaviour::Huge { mebibytes } => {
            effect(real, first).await;

            Ok(answers::huge(mebibytes))
        }
        Behaviour::Throttle { retry_after } => {
            effect(real, first).await;

            answers::throttle(retry_after.as_ref())
        }
        Behaviour::Redirect { status, location } => {
            effect(real, first).await;

            answers::redirect(status, &location)
        }
        Behaviour::Never { millis } => {
            effect(real, first).await;
            sleep(wait(millis)).await;

            Ok(cut(&peer))
        }
        Behaviour::WrongContentType { content_type } => {
            answers::with_content_type(real.await, &content_type)
        }
        Behaviour::Truncated {} => Ok(answers::truncated(real.await, peer).await),
        Behaviour::Drip { millis } => Ok(answers::drip(real.await, wait(millis)).await),
        Behaviour::Edit { patch, remove } => Ok(answers::edited(real.await, &patch, &remove).await),
    };

    made.unwrap_or_else(|error| answers::impossible(&error))
}

/// Lets what was asked for take place, where it is to.
async fn effect(real: impl Future<Output = Response>, takes_place: bool) {
    if takes_place {
        real.await;
    }
}

/// What was asked for takes place later, whether or not somebody still waits for the answer.
async fn late(
    shared: &Shared,
    wait: Duration,
    real: impl Future<Output = Response> + Send + 'static,
    peer: &Peer,
) -> Response {
    let (answer, answered) = oneshot::channel();
    shared.late(async move {
        sleep(wait).await;
        // Nobody waits any more where this fails.
        let _ = answer.send(real.await);
    });

    answered.await.unwrap_or_else(|_| cut(peer))
}

/// Cuts the connection. What is returned never gets onto it.
fn cut(peer: &Peer) -> Response {
    peer.cut();

    Response::default()
}

fn wait(millis: u64) -> Duration {
    Duration::from_millis(millis.min(LONGEST))
}
