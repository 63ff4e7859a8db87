//! What happens by itself or waits for somebody: the sandbox's own patron, and conditions.

use serde_json::json;

use super::case::{Case, code};
use super::shop::{after, start};
use crate::sandbox::activity::ActivityType;
use crate::sandbox::cancellation::CancellationReason;
use crate::sandbox::condition::{Answer, ConditionStatus};
use crate::sandbox::request::Status;

#[test]
fn the_patron_pays_so_long_after_the_first_poll() {
    let mut case = Case::paying_after(5, json!({}));
    assert_eq!(case.at(after(60)).status, Status::New, "nobody has polled");

    case.at(after(60)).poll(after(60));
    case.at(after(64)).poll(after(64));
    assert_eq!(case.at(after(64)).status, Status::New);

    let request = case.at(after(90));
    assert_eq!(request.status, Status::Paid);
    assert_eq!(request.updated_at, after(65), "it was paid when it was due");
}

#[test]
fn the_patron_does_not_pay_what_expired_first() {
    let mut case = Case::paying_after(60, json!({}));
    case.at(after(60)).poll(after(60));
    assert_eq!(case.at(after(200)).status, Status::Expired);
}

#[test]
fn the_patron_who_paid_just_before_the_void_gets_it_back() {
    let mut case = Case::paying_after(5, json!({}));
    case.at(start()).poll(start());
    let activity = case.at(after(6)).void(after(6)).unwrap();
    assert_eq!(activity.event.activity_type(), ActivityType::Refund);
}

#[test]
fn a_condition_appears_at_the_first_poll_and_holds_the_payment_back() {
    let mut case = Case::paying_after(
        5,
        json!({ "conditionsEnabled": true, "externalRef": "CONDITION-1" }),
    );
    assert!(case.at(start()).conditions.is_empty());
    case.at(start()).poll(start());
    assert_eq!(
        case.at(start()).conditions[0].status,
        ConditionStatus::AwaitingMerchant
    );
    assert_eq!(code(case.pay(None, after(20))), "PAYMENT_UNCONFIRMED");

    let answered = after(30);
    let activity = case
        .at(answered)
        .answer_condition("1", Answer::Accept, answered);
    assert_eq!(
        activity.unwrap().event.activity_type(),
        ActivityType::AcceptCondition
    );
    assert_eq!(
        case.at(answered).status,
        Status::Paid,
        "the patron had waited for it"
    );
}

#[test]
fn declining_a_condition_cancels_the_request() {
    let mut case = Case::new(json!({
        "conditionsEnabled": true,
        "lineItems": [{ "name": "CONDITION beer", "qty": 1, "price": "10000" }],
    }));
    case.at(start()).poll(start());
    let activity = case
        .at(after(1))
        .answer_condition("1", Answer::Decline, after(1));
    assert_eq!(
        activity.unwrap().event.activity_type(),
        ActivityType::DeclineCondition
    );

    let request = case.at(after(1));
    assert_eq!(request.conditions[0].status, ConditionStatus::Declined);
    assert_eq!(
        request.cancellation_reason,
        Some(CancellationReason::DeclinedByMerchant)
    );
    assert_eq!(
        code(request.answer_condition("1", Answer::Accept, after(2))),
        "CONDITION_ALREADY_SET"
    );
    assert_eq!(
        code(request.answer_condition("2", Answer::Accept, after(2))),
        "FORBIDDEN"
    );
}

#[test]
fn a_condition_nobody_can_answer_cancels() {
    for enabled in [json!(null), json!(false)] {
        let mut case = Case::paying_after(
            5,
            json!({ "externalRef": "CONDITION-1", "conditionsEnabled": enabled }),
        );
        assert_eq!(case.at(start()).status, Status::New);
        case.at(start()).poll(start());

        let request = case.at(after(90));
        assert!(request.conditions.is_empty());
        assert_eq!(request.status, Status::Cancelled);
        assert_eq!(
            request.cancellation_reason,
            Some(CancellationReason::DeclinedByMerchant)
        );
        assert_eq!(request.updated_at, start());
        assert_eq!(code(case.pay(None, after(91))), "REQUEST_CANCELLED");
    }

    let mut other = Case::new(json!({ "externalRef": "A1" }));
    other.at(start()).poll(start());
    assert_eq!(other.at(after(1)).status, Status::New);
}

#[test]
fn an_unanswered_condition_is_void_once_the_request_has_ended() {
    let mut case = Case::new(json!({ "conditionsEnabled": true, "externalRef": "CONDITION" }));
    case.at(start()).poll(start());
    let request = case.at(after(120));
    assert_eq!(request.conditions[0].status, ConditionStatus::Void);
}
