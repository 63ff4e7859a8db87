//! The addresses of the local API. `docs/local-api.md` describes them.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, State, rejection::QueryRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router, middleware};
use serde::Deserialize;
use tokio::time::timeout;

use super::body::JsonBody;
use super::calls::{
    Call, CallSender, CommandReply, EarlierEvents, Reply, SellCall, SellReply, SettleCall,
    SettleReply,
};
use super::display_file::proof;
use super::feed::SaleFeed;
use super::gate::{self, Caller};
use super::problem::{Problem, ProblemReason};
use super::protocol::{
    DisplayStatus, Done, Hello, History, HistoryFilter, NewSale, RefundInput, SaleCommand,
    SaleState, SaleStatus, SettleOrder, Settled, encoded,
};
use super::shared::Shared;
use super::streams::events;
use super::tills::Right;
use crate::domain::outcome::Outcome;

/// The longest wait for the display to begin a sale. It reads files and logos before that.
const DISPLAY_PATIENCE: Duration = Duration::from_secs(10);
/// The longest wait for the `sale` command to listen to the sale that it has started.
const LISTEN_PATIENCE: Duration = Duration::from_secs(5);
/// The exit code of a command that finds another sale on the display, by sysexits.
const TEMPORARY: u8 = 75;

pub(super) fn router(shared: Arc<Shared>) -> Router {
    let closed = Router::new()
        .route("/v1/sales", post(sell))
        .route("/v1/sales/{ref}", get(sale).delete(leave))
        .route("/v1/sales/{ref}/events", get(events))
        .route("/v1/sales/{ref}/commands", post(command))
        .route("/v1/refunds", post(refund))
        .route("/v1/history", get(history))
        .route("/v1/settle", post(settle))
        .route("/v1/status", get(status))
        .route("/v1/openapi.json", get(openapi))
        .fallback(not_found)
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn_with_state(shared.clone(), gate::token));

    Router::new()
        .route("/v1/hello", get(hello))
        .merge(closed)
        .layer(gate::cors(&shared))
        .layer(middleware::from_fn_with_state(shared.clone(), gate::host))
        .with_state(shared)
}

#[derive(Debug, Deserialize)]
struct HelloQuery {
    nonce: String,
}

async fn hello(
    State(shared): State<Arc<Shared>>,
    query: Result<Query<HelloQuery>, QueryRejection>,
) -> Result<Json<Hello>, Problem> {
    let Query(HelloQuery { nonce }) = query.map_err(|error| wrong_query(&error))?;

    Ok(Json(Hello {
        proof: proof(&shared.token, &nonce),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }))
}

async fn sell(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    JsonBody(sale): JsonBody<NewSale>,
) -> Result<Response, Problem> {
    caller.may(Right::Sell)?;
    let is_launch = sale.launch.is_some();
    if is_launch && caller != Caller::Own {
        return Err(Problem::new(
            ProblemReason::Forbidden,
            "launch is for the program's own sale command; leave it out",
        ));
    }
    let reference = sale.reference.clone();
    let (sale, checked) = shared
        .blocking(move |desk| desk.terms(&sale).map(|checked| (sale, checked)))
        .await?
        .map_err(|refusal| shown_to(&caller, refusal.into()))?;
    tracing::info!(caller = caller.name(), ?reference, "a client wants to sell");
    let feed = SaleFeed::new(reference, checked.terms);
    let (reply, answer) = Reply::new();
    let call = SellCall {
        sale,
        feed: feed.clone(),
        reply,
    };
    shared.calls.send(Call::Sell(call)).await;
    match within_patience(answer).await? {
        SellReply::Begun => {
            if is_launch {
                tokio::spawn(end_with_client(shared.calls.clone(), feed.clone()));
            }
            let status = match checked.is_known {
                true => StatusCode::OK,
                false => StatusCode::CREATED,
            };

            Ok(sale_answer(status, &feed))
        }
        SellReply::Same(current) if current.terms() == feed.terms() => {
            Ok(sale_answer(StatusCode::OK, &current))
        }
        SellReply::Same(current) => {
            let mut problem = Problem::new(
                ProblemReason::OtherTerms,
                "a sale with this reference and another amount or merchant has the display; end it first, or use another \
                 reference",
            )
            .with_exit_code(TEMPORARY);
            problem.reference = Some(current.reference().to_owned());

            Err(problem)
        }
        SellReply::Busy(reference) => Err(busy(&caller, reference)),
        SellReply::Refused(refusal) => Err(shown_to(&caller, refusal.into())),
        SellReply::Leaving => Err(Problem::leaving()),
    }
}

fn sale_answer(status: StatusCode, feed: &SaleFeed) -> Response {
    let mut response = (status, Json(feed.status())).into_response();
    let location = format!("/v1/sales/{}", encoded(feed.reference()));
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }

    response
}

/// Ends the sale early if its client listens no more. The `sale` command does not come back.
async fn end_with_client(calls: CallSender, feed: SaleFeed) {
    feed.is_abandoned(LISTEN_PATIENCE).await;
    if !feed.is_over() {
        tracing::info!(sale = feed.reference(), "the client of the sale is gone");
        calls.send(Call::Leave(feed)).await;
    }
}

async fn sale(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path(reference): Path<String>,
) -> Result<Json<SaleStatus>, Problem> {
    caller.may(Right::Sell)?;
    let seen = shared.board.status_of(&reference);
    // The outcome of a sale that is over may have changed since, by a late payment or when it was settled.
    let is_final = |status: &SaleStatus| {
        status.state != SaleState::Over || status.outcome.is_some_and(|outcome| outcome.is_money())
    };
    if let Some(status) = seen.clone().filter(is_final) {
        return Ok(Json(status));
    }
    let asked = reference.clone();
    let recorded = shared
        .blocking(move |desk| desk.recorded(&asked))
        .await?
        .map_err(Problem::from)?;
    match (recorded, seen) {
        // The journal has no reason and no advice.
        (Some(recorded), Some(seen))
            if recorded.state != SaleState::Over || recorded.outcome == seen.outcome =>
        {
            Ok(Json(seen))
        }
        (Some(recorded), seen) => Ok(Json(SaleStatus {
            last_event_id: seen.and_then(|seen| seen.last_event_id),
            ..recorded
        })),
        (None, Some(seen)) => Ok(Json(seen)),
        (None, None) => Err(Problem::new(
            ProblemReason::NoSuchSale,
            format!("neither the display nor its journal has a sale {reference:?}"),
        )),
    }
}

async fn leave(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path(reference): Path<String>,
) -> Result<StatusCode, Problem> {
    caller.may(Right::Sell)?;
    let feed = shared.sale(&reference)?;
    match feed.is_over() {
        true => shared.close(reference).await,
        false => shared.calls.send(Call::Leave(feed)).await,
    }

    Ok(StatusCode::ACCEPTED)
}

async fn command(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path(reference): Path<String>,
    JsonBody(SaleCommand { command, attempt }): JsonBody<SaleCommand>,
) -> Result<StatusCode, Problem> {
    caller.may(Right::Sell)?;
    let feed = shared.sale(&reference)?;
    if !feed.may_be_commanded() {
        return Err(Problem::new(
            ProblemReason::TooMany,
            "too many commands for this sale; send at most two a second",
        ));
    }
    let (reply, answer) = Reply::new();
    let call = Call::Command {
        reference,
        command,
        attempt,
        reply,
    };
    shared.calls.send(call).await;
    match within_patience(answer).await? {
        CommandReply::Passed => Ok(StatusCode::ACCEPTED),
        CommandReply::NotNow => Err(Problem::new(
            ProblemReason::NotNow,
            "this sale is over, another attempt of it is under way, or another sale is on the screen",
        )),
    }
}

async fn refund(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    JsonBody(refund): JsonBody<RefundInput>,
) -> Result<Json<Done>, Problem> {
    caller.may(Right::Refund)?;
    let done = shared.desk.refund(refund).await;

    done.map(Json)
        .map_err(|refusal| shown_to(&caller, refusal.into()))
}

async fn history(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    query: Result<Query<HistoryFilter>, QueryRejection>,
) -> Result<Json<History>, Problem> {
    caller.may(Right::History)?;
    let Query(filter) = query.map_err(|error| wrong_query(&error))?;
    let sales = shared
        .blocking(move |desk| desk.history(&filter))
        .await?
        .map_err(|refusal| shown_to(&caller, refusal.into()))?;

    Ok(Json(History { sales }))
}

async fn settle(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    JsonBody(order): JsonBody<SettleOrder>,
) -> Result<Response, Problem> {
    caller.may(Right::Settle)?;
    if order.config.is_some() && caller != Caller::Own {
        return Err(Problem::new(
            ProblemReason::Forbidden,
            "config is for the program's own settle command; leave it out",
        ));
    }
    if let Some(decision) = order.part {
        let done = shared.desk.decide(decision, order.name).await;
        let done = done.map_err(|refusal| shown_to(&caller, refusal.into()))?;
        close_decided(&shared, &done).await;

        return Ok(Json(done).into_response());
    }
    let earlier = EarlierEvents::default();
    let (reply, answer) = Reply::new();
    let call = SettleCall {
        config: order.config,
        earlier: earlier.clone(),
        reply,
    };
    shared.calls.send(Call::Settle(call)).await;
    match answer.await.map_err(|_| Problem::leaving())? {
        SettleReply::Settled(exit_code) => Ok(Json(Settled {
            exit_code,
            earlier: earlier.take(),
        })
        .into_response()),
        SettleReply::Busy(reference) => Err(busy(&caller, reference)),
        SettleReply::Refused(refusal) => Err(refusal.into()),
        SettleReply::Leaving => Err(Problem::leaving()),
    }
}

/// Closes the part payment on the screen, if it was just decided about.
async fn close_decided(shared: &Shared, done: &Done) {
    let Some(feed) = shared.board.current() else {
        return;
    };
    let sale = feed.status();
    let is_this = sale.id.is_some() && sale.id.as_deref() == done.event["id"].as_str();
    if done.exit_code == 0 && is_this && sale.ended == Some(Outcome::PartPaid) {
        shared.close(sale.reference).await;
    }
}

async fn status(State(shared): State<Arc<Shared>>) -> Result<Json<DisplayStatus>, Problem> {
    let (unsettled, late_payments) = shared
        .blocking(|desk| desk.counts())
        .await?
        .map_err(Problem::from)?;

    Ok(Json(DisplayStatus {
        state: shared.board.activity(),
        sale: shared
            .board
            .current()
            .map(|feed| feed.reference().to_owned()),
        version: env!("CARGO_PKG_VERSION"),
        attention: shared.board.needs_attention(),
        link: shared.board.link(),
        unsettled,
        late_payments,
    }))
}

async fn openapi() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "application/json")],
        super::openapi::text(),
    )
}

async fn not_found() -> Problem {
    Problem::new(
        ProblemReason::NotFound,
        "there is no such address; GET /v1/openapi.json lists them all",
    )
}

async fn wrong_method() -> Problem {
    Problem::new(
        ProblemReason::WrongMethod,
        "this address takes another method; GET /v1/openapi.json lists them all",
    )
}

/// Waits for the display's answer. A display that does not answer starts nothing later: it drops calls that nobody waits for.
async fn within_patience<T>(answer: tokio::sync::oneshot::Receiver<T>) -> Result<T, Problem> {
    match timeout(DISPLAY_PATIENCE, answer).await {
        Ok(answered) => answered.map_err(|_| Problem::leaving()),
        Err(_) => Err(Problem::new(
            ProblemReason::Unavailable,
            "the display does not answer; nothing was started; look at its screen and its log",
        )
        .with_exit_code(TEMPORARY)),
    }
}

fn busy(caller: &Caller, reference: Option<String>) -> Problem {
    let what = match &reference {
        Some(reference) => format!("the sale {reference}"),
        None => "a sale of the cashier".to_owned(),
    };
    let who = match caller {
        Caller::Own => "another display has this counter, with",
        Caller::Till { .. } => "the display is busy with",
    };
    let mut problem = Problem::new(
        ProblemReason::Busy,
        format!("{who} {what} on its screen; end it first, or wait"),
    )
    .with_exit_code(TEMPORARY);
    problem.reference = reference;

    problem
}

fn wrong_query(error: &QueryRejection) -> Problem {
    Problem::new(ProblemReason::Invalid, error.body_text()).with_exit_code(64)
}

/// A till of the API knows keys, not the options of the command line.
fn shown_to(caller: &Caller, problem: Problem) -> Problem {
    if *caller == Caller::Own {
        return problem;
    }
    let detail = problem.detail.replace("--items items:", "items:");
    let words = detail.split(' ');
    let detail = words.map(|word| word.strip_prefix("--").unwrap_or(word));

    Problem {
        detail: detail.collect::<Vec<_>>().join(" "),
        ..problem
    }
}
