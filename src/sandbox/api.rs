//! Routes and handlers of the platform's calls. The rules are in `store.rs` and `rules.rs`.

use std::num::NonZeroUsize;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequest, Path, Query, Request, State};
use axum::routing::{MethodRouter, get, post};
use axum::{Json, Router, middleware};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::call::ApiCall;
use super::create::CreateInput;
use super::money::{LooseMoney, SandboxLineItem};
use super::refund::RefundInput;
use super::refusal::SandboxRefusal;
use super::request::{ActivityRecord, SandboxRequest};
use super::rules::PatronPayment;
use super::state::SandboxState;
use super::{faults, guard, pay_page, wire};
use crate::domain::payment::Decision;

type Answer = Result<Json<Value>, SandboxRefusal>;
type SharedState = State<Arc<SandboxState>>;

pub(super) fn router(shared: Arc<SandboxState>) -> Router {
    let routes = [
        ("", ApiCall::Create, post(create)),
        ("/{id}", ApiCall::Read, get(poll)),
        (
            "/short-code/{code}",
            ApiCall::ByShortCode,
            get(by_short_code),
        ),
        (
            "/external-ref/{reference}",
            ApiCall::ByExternalRef,
            get(by_external_ref),
        ),
        ("/{id}/void", ApiCall::Void, post(void)),
        ("/{id}/refund", ApiCall::Refund, post(refund)),
        ("/{id}/activities", ApiCall::Activities, get(activities)),
        (
            "/{id}/conditions/{condition}/accept",
            ApiCall::AcceptCondition,
            post(accept),
        ),
        (
            "/{id}/conditions/{condition}/decline",
            ApiCall::DeclineCondition,
            post(decline),
        ),
    ];
    let mut merchant = Router::new();
    for (below, call, route) in routes {
        let path = format!("/api/payment-requests{below}");
        merchant = merchant.route(&path, merchants(&shared, call, route));
    }
    // The patron has no key of the merchant.
    let pay_call = post(pay).get(pay_page::open);
    let patron = pay_page::router().route("/api/payment-requests/{id}/pay", pay_call);

    merchant
        .merge(patron)
        .merge(faults::router())
        .method_not_allowed_fallback(no_route)
        .fallback(no_route)
        .layer(middleware::from_fn(guard::log))
        .with_state(shared)
}

/// Adds the layers of a merchant's call: it is counted, then its key is checked, then the fault script applies.
fn merchants(
    shared: &Arc<SandboxState>,
    call: ApiCall,
    route: MethodRouter<Arc<SandboxState>>,
) -> MethodRouter<Arc<SandboxState>> {
    let state = (Arc::clone(shared), call);

    // The last layer runs first.
    route
        .route_layer(middleware::from_fn_with_state(state.clone(), faults::play))
        .route_layer(middleware::from_fn_with_state(state, guard::merchant_only))
}

async fn no_route() -> SandboxRefusal {
    SandboxRefusal::no_route()
}

async fn create(State(shared): SharedState, JsonBody(body): JsonBody<CreateInput>) -> Answer {
    let request = shared.store().create(body, Timestamp::now())?;

    tracing::info!(id = request.id, "sandbox request created");
    Ok(Json(wire::created(&request, &shared)))
}

async fn poll(State(shared): SharedState, Path(id): Path<String>) -> Answer {
    let now = Timestamp::now();
    let mut store = shared.store();
    let request = store.request(&id, now)?;
    request.poll(now);

    Ok(Json(wire::read(request, &shared)))
}

async fn by_short_code(State(shared): SharedState, Path(code): Path<String>) -> Answer {
    let mut store = shared.store();
    let request = store.by_short_code(&code, Timestamp::now())?;

    Ok(Json(wire::read(request, &shared)))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LookUp {
    merchant_account_id: String,
    page_key: Option<String>,
    pagination_limit: Option<NonZeroUsize>,
}

async fn by_external_ref(
    State(shared): SharedState,
    Path(reference): Path<String>,
    query: Result<Query<LookUp>, QueryRejection>,
) -> Answer {
    let Query(look_up) =
        query.map_err(|rejection| SandboxRefusal::misfit(rejection.body_text()))?;
    if look_up.merchant_account_id.is_empty() {
        return Err(SandboxRefusal::misfit(
            "merchantAccountId must not be empty",
        ));
    }

    let mut store = shared.store();
    let (found, next) = store.by_external_ref(
        &reference,
        look_up.page_key.as_deref(),
        look_up.pagination_limit,
        Timestamp::now(),
    )?;
    let items = found
        .into_iter()
        .map(|request| wire::listed(request, &shared));
    Ok(Json(wire::page(items, next)))
}

async fn activities(State(shared): SharedState, Path(id): Path<String>) -> Answer {
    let mut store = shared.store();
    let request = store.request(&id, Timestamp::now())?;
    let newest_first = request.activities.iter().rev();
    let items = newest_first.map(|activity| wire::activity(activity, request, &shared));

    Ok(Json(wire::page(items, None)))
}

async fn void(State(shared): SharedState, Path(id): Path<String>) -> Answer {
    act(&shared, &id, SandboxRequest::void)
}

async fn refund(
    State(shared): SharedState,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<RefundInput>,
) -> Answer {
    body.check()?;
    shared
        .store()
        .check_refund_reference(&id, &body.external_ref)?;

    act(&shared, &id, |request, now| request.refund(body, now))
}

async fn accept(shared: SharedState, condition: Path<(String, String)>) -> Answer {
    answer_condition(shared, condition, Decision::Accept)
}

async fn decline(shared: SharedState, condition: Path<(String, String)>) -> Answer {
    answer_condition(shared, condition, Decision::Decline)
}

fn answer_condition(
    State(shared): SharedState,
    Path((id, condition)): Path<(String, String)>,
    decision: Decision,
) -> Answer {
    act(&shared, &id, |request, now| {
        request.answer_condition(&condition, decision, now)
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PayInput {
    asset_type: String,
    asset_id: Option<String>,
    transaction_id: Option<String>,
    authorization: Option<Value>,
    idempotency_key: Option<String>,
    /// The platform documents `amount`; `value` is the sandbox's own name for it.
    #[serde(alias = "amount")]
    value: Option<LooseMoney>,
    /// The sandbox's own field: after this part, the request stays open for further parts.
    #[serde(default)]
    more_follow: bool,
    /// The sandbox's own field: the line items that the payment buys.
    #[serde(default)]
    line_items: Vec<SandboxLineItem>,
}

impl PayInput {
    /// Errors: 400 if no asset is named, 403 `INVALID_AMOUNT` for another currency.
    fn check(self, currency: &str) -> Result<PatronPayment, SandboxRefusal> {
        let names_asset = self.asset_id.is_some()
            || self.transaction_id.is_some()
            || self.authorization.is_some();
        if !names_asset {
            return Err(SandboxRefusal::misfit(
                "one of assetId, transactionId and authorization is required",
            ));
        }

        let in_currency = |value: LooseMoney| {
            value.in_currency(currency).ok_or_else(|| {
                let reason = format!("the currency of this request is {currency}");
                SandboxRefusal::rule("INVALID_AMOUNT", reason)
            })
        };
        Ok(PatronPayment {
            asset_type: self.asset_type,
            amount: self.value.map(in_currency).transpose()?,
            idempotency_key: self.idempotency_key,
            more_follow: self.more_follow,
            line_items: self.line_items,
        })
    }
}

async fn pay(
    State(shared): SharedState,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<PayInput>,
) -> Answer {
    act(&shared, &id, |request, now| {
        let payment = body.check(&request.value.currency)?;
        request.pay(payment, now)
    })
}

/// Changes a request and answers with the new activity.
fn act(
    shared: &SandboxState,
    id: &str,
    verb: impl FnOnce(&mut SandboxRequest, Timestamp) -> Result<ActivityRecord, SandboxRefusal>,
) -> Answer {
    let now = Timestamp::now();
    let mut store = shared.store();
    let request = store.request(id, now)?;
    let activity = verb(request, now)?;

    tracing::info!(
        id,
        activity = activity.event.name(),
        "sandbox request changed"
    );
    Ok(Json(wire::activity(&activity, request, shared)))
}

/// A JSON body. A refused body gets the platform's form of errors. The content type is not checked.
struct JsonBody<T>(T);

impl<S, T> FromRequest<S> for JsonBody<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = SandboxRefusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, SandboxRefusal> {
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| SandboxRefusal::misfit(rejection.body_text()))?;

        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|error| SandboxRefusal::misfit(error.to_string()))
    }
}
