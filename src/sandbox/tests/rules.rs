//! Tests of the rules of payment requests.

use std::time::Duration;

use serde_json::json;

use super::case::{Case, code, payment};
use super::shop::{after, start};
use crate::sandbox::request::{ActivityEvent, CancelReason, SandboxRequest, SandboxStatus};
use crate::sandbox::rules::PatronPayment;

const DAY: u64 = 24 * 60 * 60;

fn types(request: &SandboxRequest) -> Vec<&'static str> {
    request
        .activities
        .iter()
        .map(|activity| activity.event.name())
        .collect()
}

#[test]
fn request_expires_exactly_at_its_expiry() {
    let mut case = Case::new(json!({}));
    let expiry = after(120);

    let just_before = expiry - Duration::from_millis(1);
    assert_eq!(case.at(just_before).status, SandboxStatus::New);
    assert_eq!(case.at(expiry).status, SandboxStatus::Expired);
    assert_eq!(case.at(expiry).updated_at, expiry);
    assert_eq!(types(case.at(expiry)), ["request", "expiry"]);
}

#[test]
fn ended_request_cannot_be_paid() {
    let mut expired = Case::new(json!({}));
    assert_eq!(code(expired.pay(None, after(120))), "REQUEST_EXPIRED");

    let mut cancelled = Case::new(json!({}));
    cancelled.at(start()).void(start()).unwrap();
    assert_eq!(code(cancelled.pay(None, after(1))), "REQUEST_CANCELLED");

    let mut paid = Case::new(json!({}));
    paid.pay(None, after(1)).unwrap();
    assert_eq!(code(paid.pay(None, after(2))), "REQUEST_PAID");
    assert_eq!(paid.at(after(2)).captured(), 10_000);
}

#[test]
fn payment_needs_the_right_asset() {
    let mut case = Case::new(json!({}));
    let wrong = PatronPayment {
        asset_type: "centrapay.nzd.main".to_owned(),
        ..payment(None)
    };
    assert_eq!(
        code(case.at(start()).pay(wrong, start())),
        "INVALID_ASSET_TYPE"
    );
}

#[test]
fn payment_with_same_key_is_made_once() {
    let mut case = Case::new(json!({}));
    let keyed = PatronPayment {
        idempotency_key: Some("one".to_owned()),
        ..payment(None)
    };
    let first = case.at(start()).pay(keyed.clone(), start()).unwrap();
    let second = case.at(after(1)).pay(keyed, after(1)).unwrap();

    assert_eq!(first.number, second.number);
    assert_eq!(case.at(after(1)).captured(), 10_000);
}

#[test]
fn part_payment_ends_the_request() {
    let mut case = Case::new(json!({ "partialAllowed": true }));
    assert_eq!(case.at(start()).remaining(), Some(10_000));

    case.pay(Some(4_000), after(1)).unwrap();
    let request = case.at(after(1));
    assert_eq!(request.status, SandboxStatus::Paid);
    assert_eq!(request.remaining(), Some(6_000));
    assert_eq!(code(case.pay(Some(6_000), after(2))), "REQUEST_PAID");
}

#[test]
fn part_payment_needs_permission() {
    let mut case = Case::new(json!({}));
    assert_eq!(code(case.pay(Some(4_000), after(1))), "INVALID_AMOUNT");
    assert_eq!(case.at(after(1)).remaining(), None);

    case.pay(Some(10_000), after(1)).unwrap();
    assert_eq!(case.at(after(1)).owed(), 0);
    assert_eq!(case.at(after(1)).remaining(), None);
}

#[test]
fn overpayment_is_refused() {
    let mut case = Case::new(json!({ "partialAllowed": true }));
    assert_eq!(code(case.pay(Some(10_001), after(1))), "INVALID_AMOUNT");
}

#[test]
fn void_cancels_a_new_request() {
    let mut case = Case::new(json!({}));
    let activity = case.at(after(1)).void(after(1)).unwrap();

    assert_eq!(activity.event.name(), "cancellation");
    let request = case.at(after(1));
    assert_eq!(request.status, SandboxStatus::Cancelled);
    assert_eq!(
        request.cancellation_reason,
        Some(CancelReason::CancelledByMerchant)
    );
    assert_eq!(code(request.void(after(2))), "REQUEST_CANCELLED");
}

#[test]
fn void_refunds_a_paid_request() {
    let mut case = Case::new(json!({}));
    case.pay(None, after(1)).unwrap();
    let activity = case.at(after(2)).void(after(2)).unwrap();

    assert!(matches!(
        activity.event,
        ActivityEvent::Refund { amount: 10_000, .. }
    ));
    let request = case.at(after(2));
    assert_eq!(request.status, SandboxStatus::Paid);
    assert_eq!(request.kept(), 0);
    assert_eq!(code(request.void(after(3))), "ALREADY_REFUNDED");
}

#[test]
fn void_refunds_the_rest() {
    let mut case = Case::new(json!({}));
    case.pay(None, after(1)).unwrap();
    assert_eq!(case.refund(2_500, "one"), Ok(4));

    let activity = case.at(after(40)).void(after(40)).unwrap();
    assert!(matches!(
        activity.event,
        ActivityEvent::Refund { amount: 7_500, .. }
    ));
}

#[test]
fn void_of_expired_request_is_refused() {
    let mut case = Case::new(json!({}));
    assert_eq!(
        code(case.at(after(120)).void(after(120))),
        "REQUEST_EXPIRED"
    );
}

#[test]
fn void_is_allowed_for_a_day() {
    let mut case = Case::new(json!({}));
    case.pay(None, after(1)).unwrap();
    assert_eq!(
        code(case.at(after(DAY)).void(after(DAY))),
        "VOID_WINDOW_EXCEEDED"
    );

    let last = after(DAY - 1);
    assert!(case.at(last).void(last).is_ok());
}
