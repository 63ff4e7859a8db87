//! The platform's calls. What they mean is in `store.rs` and `rules.rs`.

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

use super::activity::Activity;
use super::call::{self, Call};
use super::condition::Answer;
use super::create::CreateBody;
use super::line_item::LineItem;
use super::money::LooseMoney;
use super::refund::RefundBody;
use super::refusal::Refusal;
use super::request::PaymentRequest;
use super::rules::Payment;
use super::server::Shared;
use super::wire::{ActivityView, ListedView, Page, RequestView};
use super::{faults, guard, pay_page};

type Answered<T> = Result<Json<T>, Refusal>;
type Sandbox = State<Arc<Shared>>;

/// Every route of the sandbox.
pub(super) fn router(shared: Arc<Shared>) -> Router {
    let requests = "/api/payment-requests";
    let request = format!("{requests}/{{id}}");
    let condition = format!("{request}/conditions/{{condition}}");
    let merchant = |call, route| merchants(&shared, call, route);
    let merchant = Router::new()
        .route(requests, merchant(Call::Create, post(create)))
        .route(&request, merchant(Call::Read, get(poll)))
        .route(
            &format!("{requests}/short-code/{{code}}"),
            merchant(Call::ByShortCode, get(by_short_code)),
        )
        .route(
            &format!("{requests}/external-ref/{{reference}}"),
            merchant(Call::ByExternalRef, get(by_external_ref)),
        )
        .route(&format!("{request}/void"), merchant(Call::Void, post(void)))
        .route(
            &format!("{request}/refund"),
            merchant(Call::Refund, post(refund)),
        )
        .route(
            &format!("{request}/activities"),
            merchant(Call::Activities, get(activities)),
        )
        .route(
            &format!("{condition}/accept"),
            merchant(Call::AcceptCondition, post(accept)),
        )
        .route(
            &format!("{condition}/decline"),
            merchant(Call::DeclineCondition, post(decline)),
        );
    // The patron pays, and has no key of the merchant's.
    let patron = Router::new()
        .route(&format!("{request}/pay"), post(pay).get(pay_page::open))
        .merge(pay_page::router());

    merchant
        .merge(patron)
        .merge(faults::router())
        .method_not_allowed_fallback(no_route)
        .fallback(no_route)
        .layer(middleware::from_fn(guard::log))
        .with_state(shared)
}

/// A call of the merchant's: it is counted, its key is checked, and then the script is played.
fn merchants(
    shared: &Arc<Shared>,
    call: Call,
    route: MethodRouter<Arc<Shared>>,
) -> MethodRouter<Arc<Shared>> {
    let shared = || Arc::clone(shared);

    // The last layer is the first that a call passes.
    route
        .route_layer(middleware::from_fn_with_state(
            (shared(), call),
            faults::play,
        ))
        .route_layer(middleware::from_fn_with_state(
            shared(),
            guard::merchant_only,
        ))
        .route_layer(middleware::from_fn_with_state(
            (shared(), call),
            call::count,
        ))
}

async fn no_route() -> Refusal {
    Refusal::no_route()
}

async fn create(
    State(shared): Sandbox,
    JsonBody(body): JsonBody<CreateBody>,
) -> Answered<RequestView> {
    let mut store = shared.store();
    let request = store.create(body, Timestamp::now())?;

    tracing::info!(id = request.id, "sandbox request created");
    Ok(Json(RequestView::created(
        &request,
        store.options(),
        shared.public_base(),
    )))
}

async fn poll(State(shared): Sandbox, Path(id): Path<String>) -> Answered<RequestView> {
    let now = Timestamp::now();
    let mut store = shared.store();
    let request = store.request(&id, now)?;
    request.poll(now);

    let request = request.clone();
    Ok(Json(shared.view(&request, store.options())))
}

async fn by_short_code(State(shared): Sandbox, Path(code): Path<String>) -> Answered<RequestView> {
    let mut store = shared.store();
    let request = store.by_short_code(&code, Timestamp::now())?.clone();

    Ok(Json(shared.view(&request, store.options())))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LookUp {
    merchant_account_id: String,
    page_key: Option<String>,
    pagination_limit: Option<NonZeroUsize>,
}

async fn by_external_ref(
    State(shared): Sandbox,
    Path(reference): Path<String>,
    query: Result<Query<LookUp>, QueryRejection>,
) -> Answered<Page<ListedView>> {
    let Query(look_up) = query.map_err(|rejection| Refusal::misfit(rejection.body_text()))?;
    if look_up.merchant_account_id.is_empty() {
        return Err(Refusal::misfit("merchantAccountId must not be empty"));
    }

    let mut store = shared.store();
    let options = store.options().clone();
    let found = store.by_external_ref(
        &reference,
        look_up.page_key.as_deref(),
        look_up.pagination_limit,
        Timestamp::now(),
    )?;
    Ok(Json(Page::of_requests(
        found,
        &options,
        shared.public_base(),
    )))
}

async fn activities(
    State(shared): Sandbox,
    Path(id): Path<String>,
) -> Answered<Page<ActivityView>> {
    let mut store = shared.store();
    let request = store.request(&id, Timestamp::now())?.clone();

    Ok(Json(Page::of_activities(&request, store.options())))
}

async fn void(State(shared): Sandbox, Path(id): Path<String>) -> Answered<ActivityView> {
    act(&shared, &id, PaymentRequest::void)
}

async fn refund(
    State(shared): Sandbox,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<RefundBody>,
) -> Answered<ActivityView> {
    body.check()?;
    shared
        .store()
        .check_refund_reference(&id, &body.external_ref)?;

    act(&shared, &id, |request, now| request.refund(body, now))
}

async fn accept(
    State(shared): Sandbox,
    Path((id, condition)): Path<(String, String)>,
) -> Answered<ActivityView> {
    act(&shared, &id, |request, now| {
        request.answer_condition(&condition, Answer::Accept, now)
    })
}

async fn decline(
    State(shared): Sandbox,
    Path((id, condition)): Path<(String, String)>,
) -> Answered<ActivityView> {
    act(&shared, &id, |request, now| {
        request.answer_condition(&condition, Answer::Decline, now)
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PayBody {
    asset_type: String,
    asset_id: Option<String>,
    transaction_id: Option<String>,
    authorization: Option<Value>,
    idempotency_key: Option<String>,
    /// The platform documents it as `amount`. `value` is the sandbox's own.
    #[serde(alias = "amount")]
    value: Option<LooseMoney>,
    /// The sandbox's own: the request stays open for further parts.
    #[serde(default)]
    more_follow: bool,
    /// The sandbox's own: the line items that the payment buys.
    #[serde(default)]
    line_items: Vec<LineItem>,
}

impl PayBody {
    /// # Errors
    /// 400 where it does not say what pays, 403 `INVALID_AMOUNT` for another currency.
    fn check(self, currency: &str) -> Result<Payment, Refusal> {
        let names_asset = self.asset_id.is_some()
            || self.transaction_id.is_some()
            || self.authorization.is_some();
        if !names_asset {
            return Err(Refusal::misfit(
                "one of assetId, transactionId and authorization is needed",
            ));
        }

        let amount = match self.value {
            Some(value) => Some(value.in_currency(currency).ok_or_else(|| {
                Refusal::rule("INVALID_AMOUNT", format!("this is paid in {currency}"))
            })?),
            None => None,
        };
        Ok(Payment {
            asset_type: self.asset_type,
            amount,
            idempotency_key: self.idempotency_key,
            more_follow: self.more_follow,
            line_items: self.line_items,
        })
    }
}

async fn pay(
    State(shared): Sandbox,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<PayBody>,
) -> Answered<ActivityView> {
    act(&shared, &id, |request, now| {
        let payment = body.check(&request.value.currency)?;
        request.pay(payment, now)
    })
}

/// Does something to a request and answers with the activity it led to.
fn act(
    shared: &Shared,
    id: &str,
    verb: impl FnOnce(&mut PaymentRequest, Timestamp) -> Result<Activity, Refusal>,
) -> Answered<ActivityView> {
    let now = Timestamp::now();
    let mut store = shared.store();
    let request = store.request(id, now)?;
    let activity = verb(request, now)?;

    tracing::info!(id, activity = ?activity.event.activity_type(), "sandbox request changed");
    let request = request.clone();
    Ok(Json(ActivityView::new(
        &activity,
        &request,
        store.options(),
    )))
}

/// A JSON body whose errors look like the platform's. The content type is not asked for.
struct JsonBody<T>(T);

impl<S, T> FromRequest<S> for JsonBody<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| Refusal::misfit(rejection.body_text()))?;

        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|error| Refusal::misfit(error.to_string()))
    }
}
