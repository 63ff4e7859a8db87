//! Answers of the sandbox in the platform's form. A field without a value is left out.

use jiff::Timestamp;
use json_patch::merge;
use serde_json::{Value, json};

use super::request::{ActivityEvent, ActivityRecord, SandboxRequest};
use super::state::SandboxState;

/// The sandbox's merchant and users. Their names have the form of the platform's samples.
const MERCHANT_ID: &str = "26d3Cp3rJmbMHnuNJmks2N";
const MERCHANT_ACCOUNT_ID: &str = "C4QnjXvj8At6SMsEN4LRi9";
const MERCHANT_USER: &str = "crn::user:sandbox-merchant";
const PATRON_USER: &str = "crn::user:sandbox-patron";
const PLATFORM_USER: &str = "crn::user:sandbox-platform";

/// Returns those fields of a payment request that lists also contain.
pub(super) fn listed(request: &SandboxRequest, shared: &SandboxState) -> Value {
    json!({
        "id": request.id,
        "url": format!("{}/pay/{}", shared.public_base, request.id),
        "value": request.value,
        "status": request.status,
        "liveness": shared.options.liveness_word(),
        "merchantName": shared.options.merchant_name,
        "paymentOptions": [{
            "amount": request.value.amount.to_string(),
            "assetType": request.asset_type,
        }],
        "createdAt": iso(request.created_at),
        "expiresAt": iso(request.expires_at),
    })
}

/// Returns the answer to a create. It always has `remainingAmount`.
pub(super) fn created(request: &SandboxRequest, shared: &SandboxState) -> Value {
    let mut answer = read(request, shared);
    answer["remainingAmount"] = request.owed().to_string().into();

    answer
}

/// Returns the answer to a read. It has `remainingAmount` if the request allows part payments and is not paid in
/// full. No documented answer of a paid request has this field.
pub(super) fn read(request: &SandboxRequest, shared: &SandboxState) -> Value {
    let mut answer = listed(request, shared);
    let more = json!({
        "shortCode": request.short_code,
        "configId": request.config_id,
        "merchantId": MERCHANT_ID,
        "updatedAt": iso(request.updated_at),
        "expirySeconds": request.expiry_seconds,
        "remainingAmount": request.remaining().map(|amount| amount.to_string()),
        "basketAmount": request.basket_amount.as_ref().map(|basket| basket.amount.to_string()),
        "cancellationReason": request.cancellation_reason,
        "merchantConditions": request.conditions,
        "paidBy": paid_by(request),
    });
    merge(&mut answer, &more);
    merge(&mut answer, &json!(request.details.repeated()));

    answer
}

/// Returns the payments; `None` before the first one.
fn paid_by(request: &SandboxRequest) -> Option<Value> {
    let currency = &request.value.currency;
    let total = |activity: &ActivityRecord| {
        let ActivityEvent::Payment {
            amount,
            asset_type,
            line_items,
            ..
        } = &activity.event
        else {
            return None;
        };
        let mut total = json!({
            "type": asset_type,
            "description": format!("Centrapay {currency}"),
            "settlementDate": iso(activity.at),
            "total": { "amount": amount.to_string(), "currency": currency },
        });
        if !line_items.is_empty() {
            total["lineItems"] = json!(line_items);
        }

        Some(total)
    };
    let totals: Vec<_> = request.activities.iter().filter_map(total).collect();

    (!totals.is_empty()).then(|| json!({ "assetTotals": totals }))
}

/// Returns an activity. Its amount is text; only in the answer to a condition is it a number, as in the platform's
/// samples.
pub(super) fn activity(
    activity: &ActivityRecord,
    request: &SandboxRequest,
    shared: &SandboxState,
) -> Value {
    let mut answer = json!({
        "activityNumber": activity.number.to_string(),
        "type": activity.event.name(),
        "createdAt": iso(activity.at),
        "createdBy": MERCHANT_USER,
        "paymentRequestId": request.id,
        "paymentRequestCreatedBy": MERCHANT_USER,
        "merchantAccountId": MERCHANT_ACCOUNT_ID,
        "merchantConfigId": request.config_id,
        "merchantId": MERCHANT_ID,
        "merchantName": shared.options.merchant_name,
        "shortCode": short_code_of(activity, request),
        "value": request.value,
    });
    let more = match &activity.event {
        ActivityEvent::Payment {
            amount, asset_type, ..
        } => json!({
            "createdBy": PATRON_USER,
            "value": { "amount": amount.to_string() },
            "assetType": asset_type,
        }),
        ActivityEvent::Refund {
            amount,
            invoice_ref,
            line_items,
            ..
        } => json!({
            "value": { "amount": amount.to_string() },
            "assetType": request.asset_type,
            // For a refund without an invoice number, the documented answer has the number of the request.
            "invoiceRef": invoice_ref.as_ref().or(request.details.invoice_ref.as_ref()),
            "lineItems": (!line_items.is_empty()).then_some(line_items),
        }),
        ActivityEvent::AcceptCondition { condition_id }
        | ActivityEvent::DeclineCondition { condition_id } => json!({
            "shortCode": null,
            "value": { "amount": request.value.amount },
            "conditionId": condition_id,
        }),
        ActivityEvent::Paid | ActivityEvent::Expiry => json!({ "createdBy": PLATFORM_USER }),
        ActivityEvent::Request | ActivityEvent::Cancellation => json!({}),
    };
    merge(&mut answer, &more);

    answer
}

/// The short code of an activity: the request's short code, the number of activities before this one, and the
/// request's check character again, as in the platform's `CP-C7F-ZS5-015`.
fn short_code_of(activity: &ActivityRecord, request: &SandboxRequest) -> String {
    let code = &request.short_code;
    let check = code.chars().next_back().unwrap_or_default();

    format!("{code}-{:02}{check}", activity.number.saturating_sub(1))
}

pub(super) fn page(items: impl Iterator<Item = Value>, next: Option<String>) -> Value {
    let mut page = json!({ "items": items.collect::<Vec<_>>() });
    if let Some(key) = next {
        page["pageKey"] = key.into();
    }

    page
}

pub(super) fn iso(at: Timestamp) -> String {
    format!("{at:.3}")
}
