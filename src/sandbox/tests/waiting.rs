//! Tests of the automatic patron and of conditions.

use serde_json::json;

use super::case::{Case, code};
use super::shop::{after, start};
use crate::domain::payment::Decision;
use crate::sandbox::request::{CancelReason, MerchantConditionStatus, SandboxStatus};

#[test]
fn automatic_patron_pays_after_first_poll() {
    let mut case = Case::paying_after(5, json!({}));
    assert_eq!(
        case.at(after(60)).status,
        SandboxStatus::New,
        "not polled yet"
    );

    case.at(after(60)).poll(after(60));
    case.at(after(64)).poll(after(64));
    assert_eq!(case.at(after(64)).status, SandboxStatus::New);

    let request = case.at(after(90));
    assert_eq!(request.status, SandboxStatus::Paid);
    assert_eq!(request.updated_at, after(65), "paid at the due time");
}

#[test]
fn automatic_patron_pays_no_expired_request() {
    let mut case = Case::paying_after(60, json!({}));
    case.at(after(60)).poll(after(60));
    assert_eq!(case.at(after(200)).status, SandboxStatus::Expired);
}

#[test]
fn void_refunds_a_payment_just_before_it() {
    let mut case = Case::paying_after(5, json!({}));
    case.at(start()).poll(start());
    let activity = case.at(after(6)).void(after(6)).unwrap();
    assert_eq!(activity.event.name(), "refund");
}

#[test]
fn condition_appears_at_first_poll_and_blocks() {
    let mut case = Case::paying_after(
        5,
        json!({ "conditionsEnabled": true, "externalRef": "CONDITION-1" }),
    );
    assert!(case.at(start()).conditions.is_empty());
    case.at(start()).poll(start());
    assert_eq!(
        case.at(start()).conditions[0].status,
        MerchantConditionStatus::AwaitingMerchant
    );
    assert_eq!(code(case.pay(None, after(20))), "PAYMENT_UNCONFIRMED");

    let answered = after(30);
    let activity = case
        .at(answered)
        .answer_condition("1", Decision::Accept, answered);
    assert_eq!(activity.unwrap().event.name(), "accept-condition");
    assert_eq!(
        case.at(answered).status,
        SandboxStatus::Paid,
        "the patron waited for the answer"
    );
}

#[test]
fn declined_condition_cancels_the_request() {
    let mut case = Case::new(json!({
        "conditionsEnabled": true,
        "lineItems": [{ "name": "CONDITION beer", "qty": 1, "price": "10000" }],
    }));
    case.at(start()).poll(start());
    let activity = case
        .at(after(1))
        .answer_condition("1", Decision::Decline, after(1));
    assert_eq!(activity.unwrap().event.name(), "decline-condition");

    let request = case.at(after(1));
    assert_eq!(
        request.conditions[0].status,
        MerchantConditionStatus::Declined
    );
    assert_eq!(
        request.cancellation_reason,
        Some(CancelReason::DeclinedByMerchant)
    );
    assert_eq!(
        code(request.answer_condition("1", Decision::Accept, after(2))),
        "CONDITION_ALREADY_SET"
    );
    assert_eq!(
        code(request.answer_condition("2", Decision::Accept, after(2))),
        "FORBIDDEN"
    );
}

#[test]
fn condition_without_answers_cancels() {
    for enabled in [json!(null), json!(false)] {
        let mut case = Case::paying_after(
            5,
            json!({ "externalRef": "CONDITION-1", "conditionsEnabled": enabled }),
        );
        assert_eq!(case.at(start()).status, SandboxStatus::New);
        case.at(start()).poll(start());

        let request = case.at(after(90));
        assert!(request.conditions.is_empty());
        assert_eq!(request.status, SandboxStatus::Cancelled);
        assert_eq!(
            request.cancellation_reason,
            Some(CancelReason::DeclinedByMerchant)
        );
        assert_eq!(request.updated_at, start());
        assert_eq!(code(case.pay(None, after(91))), "REQUEST_CANCELLED");
    }

    let mut other = Case::new(json!({ "externalRef": "A1" }));
    other.at(start()).poll(start());
    assert_eq!(other.at(after(1)).status, SandboxStatus::New);
}

#[test]
fn open_condition_ends_void() {
    let mut case = Case::new(json!({ "conditionsEnabled": true, "externalRef": "CONDITION" }));
    case.at(start()).poll(start());
    let request = case.at(after(120));
    assert_eq!(request.conditions[0].status, MerchantConditionStatus::Void);
}
