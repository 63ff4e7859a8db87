//! The streams of events, as Server-Sent Events. Their number is bounded for each till.

use std::convert::Infallible;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, StreamExt};

use super::feed::SaleFeed;
use super::gate::Caller;
use super::problem::{Problem, ProblemReason};
use super::shared::Shared;
use super::tills::Right;

/// The interval of the comments that keep an idle stream alive, and find out that its client is gone.
const KEEP_ALIVE: Duration = Duration::from_secs(10);
/// The most streams of a till at a time.
const MOST_STREAMS: usize = 16;

pub(super) async fn events(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path(reference): Path<String>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    caller.may(Right::Sell)?;
    let feed = shared.sale(&reference)?;
    let after = headers
        .get("last-event-id")
        .map(|id| id.to_str().ok().and_then(|id| id.trim().parse().ok()))
        .map_or(Ok(0), |id| {
            id.ok_or_else(|| {
                Problem::new(
                    ProblemReason::Invalid,
                    "Last-Event-ID is not a number; send the id of the last event, or leave it out",
                )
            })
        })?;
    let held = StreamPlace::of(&shared, &caller)?;

    Ok((
        [(header::CACHE_CONTROL, "no-store")],
        Sse::new(event_stream(&feed, after, held)).keep_alive(
            KeepAlive::new()
                .interval(KEEP_ALIVE)
                .text("the sale goes on"),
        ),
    ))
}

fn event_stream(
    feed: &SaleFeed,
    after: u64,
    held: StreamPlace,
) -> impl Stream<Item = Result<Event, Infallible>> + Send + use<> {
    feed.events(after).map(move |event| {
        let _ = &held;

        Ok(Event::default()
            .id(event.id.to_string())
            .event(event.name)
            .data(&*event.json))
    })
}

/// One of the streams of a client.
struct StreamPlace {
    shared: Arc<Shared>,
    caller: String,
}

impl StreamPlace {
    fn of(shared: &Arc<Shared>, caller: &Caller) -> Result<Self, Problem> {
        let name = caller.name().to_owned();
        let mut streams = shared
            .streams
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let open = streams.entry(name.clone()).or_default();
        if *open >= MOST_STREAMS && *caller != Caller::Own {
            return Err(Problem::new(
                ProblemReason::TooMany,
                format!(
                    "{name} already reads {MOST_STREAMS} streams; close those that nobody needs"
                ),
            ));
        }
        *open += 1;
        drop(streams);

        Ok(Self {
            shared: shared.clone(),
            caller: name,
        })
    }
}

impl Drop for StreamPlace {
    fn drop(&mut self) {
        let streams = self.shared.streams.lock();
        let mut streams = streams.unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = streams.get_mut(&self.caller) {
            *open = open.saturating_sub(1);
        }
    }
}
