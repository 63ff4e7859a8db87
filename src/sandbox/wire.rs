//! What the sandbox answers, as the platform writes it.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use super::activity::{Activity, ActivityType, Event};
use super::cancellation::CancellationReason;
use super::condition::{Condition, ConditionStatus};
use super::create::Details;
use super::line_item::LineItem;
use super::money::{Money, amount_as_text};
use super::options::{Liveness, Options};
use super::request::{PaymentRequest, Status};
use super::store::Found;

/// The one merchant and the two users of a sandbox. The platform's own sample names them so.
const MERCHANT_ID: &str = "26d3Cp3rJmbMHnuNJmks2N";
const MERCHANT_ACCOUNT_ID: &str = "C4QnjXvj8At6SMsEN4LRi9";
const MERCHANT_USER: &str = "crn::user:sandbox-merchant";
const PATRON_USER: &str = "crn::user:sandbox-patron";
const PLATFORM_USER: &str = "crn::user:sandbox-platform";

/// The fields of a payment request in every answer and in lists.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListedView {
    id: String,
    url: String,
    value: Money,
    status: Status,
    liveness: Liveness,
    merchant_name: String,
    payment_options: [PaymentOption; 1],
    created_at: String,
    expires_at: String,
}

/// A payment request in an answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RequestView {
    #[serde(flatten)]
    listed: ListedView,
    short_code: String,
    config_id: String,
    merchant_id: &'static str,
    updated_at: String,
    expiry_seconds: u32,
    /// Text, like every amount. The documented create has it, and so has a read of a request that may be paid in parts.
    /// No documented answer of a paid request has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    remaining_amount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    basket_amount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancellation_reason: Option<CancellationReason>,
    merchant_conditions: Vec<ConditionView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paid_by: Option<PaidBy>,
    #[serde(flatten)]
    details: Details,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PaymentOption {
    #[serde(serialize_with = "amount_as_text")]
    amount: u64,
    asset_type: String,
}

#[derive(Debug, Serialize)]
struct ConditionView {
    id: String,
    name: &'static str,
    message: &'static str,
    status: ConditionStatus,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PaidBy {
    asset_totals: Vec<AssetTotal>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AssetTotal {
    #[serde(rename = "type")]
    asset_type: String,
    /// The payment method in words that a customer knows.
    description: String,
    settlement_date: String,
    total: Money,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    line_items: Vec<LineItem>,
}

impl ListedView {
    fn new(request: &PaymentRequest, options: &Options, base: &str) -> Self {
        Self {
            id: request.id.clone(),
            url: format!("{base}/pay/{}", request.id),
            value: request.value.clone(),
            status: request.status,
            liveness: options.liveness,
            merchant_name: options.merchant_name.clone(),
            payment_options: [PaymentOption {
                amount: request.value.amount,
                asset_type: request.asset_type.clone(),
            }],
            created_at: iso(request.created_at),
            expires_at: iso(request.expires_at),
        }
    }
}

impl RequestView {
    /// Returns the answer to a create; `base` is the public address without a trailing slash.
    pub(super) fn created(request: &PaymentRequest, options: &Options, base: &str) -> Self {
        Self {
            remaining_amount: Some(request.owed().to_string()),
            ..Self::read(request, options, base)
        }
    }

    /// Returns the answer to a read.
    pub(super) fn read(request: &PaymentRequest, options: &Options, base: &str) -> Self {
        Self {
            listed: ListedView::new(request, options, base),
            short_code: request.short_code.clone(),
            config_id: request.config_id.clone(),
            merchant_id: MERCHANT_ID,
            updated_at: iso(request.updated_at),
            expiry_seconds: request.expiry_seconds,
            remaining_amount: request.remaining().map(|amount| amount.to_string()),
            basket_amount: request
                .basket_amount
                .as_ref()
                .map(|basket| basket.amount.to_string()),
            cancellation_reason: request.cancellation_reason,
            merchant_conditions: request.conditions.iter().map(ConditionView::new).collect(),
            paid_by: PaidBy::new(request),
            details: request.details.repeated(),
        }
    }
}

impl ConditionView {
    fn new(condition: &Condition) -> Self {
        Self {
            id: condition.id.clone(),
            name: condition.name,
            message: condition.message,
            status: condition.status,
        }
    }
}

impl PaidBy {
    /// `None` before the first payment.
    fn new(request: &PaymentRequest) -> Option<Self> {
        let currency = &request.value.currency;
        let total = |activity: &Activity| match &activity.event {
            Event::Payment {
                amount,
                asset_type,
                line_items,
                ..
            } => Some(AssetTotal {
                asset_type: asset_type.clone(),
                description: format!("Centrapay {currency}"),
                settlement_date: iso(activity.at),
                line_items: line_items.clone(),
                total: Money {
                    amount: *amount,
                    currency: currency.clone(),
                },
            }),
            _ => None,
        };
        let asset_totals: Vec<_> = request.activities.iter().filter_map(total).collect();

        (!asset_totals.is_empty()).then_some(Self { asset_totals })
    }
}

/// An activity in an answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ActivityView {
    /// Text, as in the platform's sample.
    activity_number: String,
    #[serde(rename = "type")]
    activity_type: ActivityType,
    created_at: String,
    created_by: &'static str,
    payment_request_id: String,
    payment_request_created_by: &'static str,
    merchant_account_id: &'static str,
    merchant_config_id: String,
    merchant_id: &'static str,
    merchant_name: String,
    /// Left out of the answer to a condition.
    #[serde(skip_serializing_if = "Option::is_none")]
    short_code: Option<String>,
    /// The amount is text, and a number in the answer to a condition, as in the platform's samples.
    value: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    asset_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice_ref: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    line_items: Vec<LineItem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition_id: Option<String>,
}

impl ActivityView {
    pub(super) fn new(activity: &Activity, request: &PaymentRequest, options: &Options) -> Self {
        let mut view = Self {
            activity_number: activity.number.to_string(),
            activity_type: activity.event.activity_type(),
            created_at: iso(activity.at),
            created_by: MERCHANT_USER,
            payment_request_id: request.id.clone(),
            payment_request_created_by: MERCHANT_USER,
            merchant_account_id: MERCHANT_ACCOUNT_ID,
            merchant_config_id: request.config_id.clone(),
            merchant_id: MERCHANT_ID,
            merchant_name: options.merchant_name.clone(),
            short_code: Some(short_code_of(activity, request)),
            value: value(request, request.value.amount.to_string()),
            asset_type: None,
            invoice_ref: None,
            line_items: Vec::new(),
            condition_id: None,
        };
        view.add_details(&activity.event, request);
        view
    }

    fn add_details(&mut self, event: &Event, request: &PaymentRequest) {
        match event {
            Event::Payment {
                amount, asset_type, ..
            } => {
                self.created_by = PATRON_USER;
                self.value = value(request, amount.to_string());
                self.asset_type = Some(asset_type.clone());
            }
            Event::Refund {
                amount,
                invoice_ref,
                line_items,
                ..
            } => {
                let invoice_ref = invoice_ref.as_ref();
                self.value = value(request, amount.to_string());
                self.asset_type = Some(request.asset_type.clone());
                // A documented refund that names no invoice answers with one: the request's own.
                self.invoice_ref = invoice_ref
                    .or(request.details.invoice_ref.as_ref())
                    .cloned();
                self.line_items.clone_from(line_items);
            }
            Event::AcceptCondition { condition_id } | Event::DeclineCondition { condition_id } => {
                self.short_code = None;
                self.value = value(request, request.value.amount);
                self.condition_id = Some(condition_id.clone());
            }
            Event::Paid | Event::Expiry => self.created_by = PLATFORM_USER,
            Event::Request | Event::Cancellation => {}
        }
    }
}

fn value(request: &PaymentRequest, amount: impl Into<Value>) -> Value {
    let amount: Value = amount.into();

    json!({ "amount": amount, "currency": request.value.currency })
}

/// An activity's own short code: the request's, the number of activities before this one, and the
/// request's check character again, as in the platform's `CP-C7F-ZS5-015`.
fn short_code_of(activity: &Activity, request: &PaymentRequest) -> String {
    let code = &request.short_code;
    let check = code.chars().next_back().unwrap_or_default();

    format!("{code}-{:02}{check}", activity.number.saturating_sub(1))
}

/// A list in an answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page<T> {
    items: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page_key: Option<String>,
}

impl Page<ListedView> {
    pub(super) fn of_requests(found: Found<'_>, options: &Options, base: &str) -> Self {
        Self {
            items: found
                .requests
                .into_iter()
                .map(|request| ListedView::new(request, options, base))
                .collect(),
            page_key: found.page_key,
        }
    }
}

impl Page<ActivityView> {
    /// Newest first.
    pub(super) fn of_activities(request: &PaymentRequest, options: &Options) -> Self {
        Self {
            items: request
                .activities
                .iter()
                .rev()
                .map(|activity| ActivityView::new(activity, request, options))
                .collect(),
            page_key: None,
        }
    }
}

fn iso(at: Timestamp) -> String {
    format!("{at:.3}")
}
