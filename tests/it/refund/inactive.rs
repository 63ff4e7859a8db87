//! `INACTIVE_ASSET` may mean that the payment was already refunded. The cashier must not pay the money back again.

use patron_display::sandbox::{ApiCall, Fault};
use serde_json::json;

use crate::refund::counter::Counter;
use crate::support::words::assert_has;

const PORTAL: &str = "look at the payment in the Centrapay portal before giving money back";
const ANOTHER_WAY: &str = "give the money back in another way";

fn inactive() -> Fault {
    Fault::refusal(403, "INACTIVE_ASSET")
}

/// Opens a counter whose refund is refused as inactive. The platform lists these refunds of the payment.
fn refused_with(refunds: &[u64]) -> Counter {
    let counter = Counter::open();
    counter.script(ApiCall::Refund, inactive().forever());
    counter.list_refunds(refunds);

    counter
}

#[test]
fn refunded_payment_stays_refunded() {
    for refunds in [&[1250][..], &[750, 500]] {
        let counter = refused_with(refunds);
        let said = counter.refund_refused(40, &[&counter.id, "--ref", "R1"]);
        assert_has(
            &said,
            "everything that was paid was given back already: give nothing back again",
        );
        assert!(!said.contains("in another way"), "{said}");

        let told = counter.refund_ends(40, &[&counter.id, "--ref", "R2", "--json"]);
        assert_eq!(told.event()["reason"], "ALREADY_REFUNDED");
    }
}

#[test]
fn complete_list_allows_another_way() {
    let counter = refused_with(&[]);
    assert_has(
        &counter.refund_refused(40, &[&counter.id, "--ref", "R1"]),
        ANOTHER_WAY,
    );
}

#[test]
fn unclear_list_names_the_portal() {
    let refund = json!({ "type": "refund", "value": { "amount": "5", "currency": "NZD" } });
    let without_amount = json!({ "type": "refund" });
    let elsewhere = json!({
        "type": "refund", "paymentRequestId": "another",
        "value": { "amount": "1250", "currency": "NZD" },
    });
    for fault in [
        Fault::refusal(403, "FORBIDDEN"),
        Fault::edit(json!({ "pageKey": "next" })),
        Fault::edit(json!({ "items": [] })),
        Fault::edit(json!({ "items": [refund] })),
        Fault::edit(json!({ "items": [without_amount] })),
        Fault::edit(json!({ "items": [elsewhere] })),
        Fault::edit(json!({ "items": [{ "activityNumber": "1" }] })),
    ] {
        let counter = Counter::open();
        counter.script(ApiCall::Refund, inactive());
        counter.script(ApiCall::Activities, fault.clone().forever());
        let said = counter.refund_refused(40, &[&counter.id, "--ref", "R1"]);
        assert!(said.contains(PORTAL), "{fault:?}: {said}");
        assert!(!said.contains(ANOTHER_WAY), "{fault:?}: {said}");
    }
}

#[test]
fn lost_refund_is_unknown() {
    let counter = Counter::open();
    counter
        .control()
        .script(ApiCall::Refund, [Fault::drop_after(), inactive()]);
    counter.list_refunds(&[1250]);
    let said = counter.refund_refused(30, &[&counter.id, "--ref", "R1"]);
    assert!(said.contains("give nothing back in another way"), "{said}");
    let told = counter.refund_ends(0, &[&counter.id, "--ref", "R1", "--json"]);
    assert_eq!(told.event()["repeated"], true);
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn lost_refund_of_ours_is_started() {
    let counter = Counter::open();
    counter
        .control()
        .script(ApiCall::Refund, [Fault::drop_after(), inactive()]);
    counter.list_refund_named("R1", 1250);
    let told = counter.refund_ends(0, &[&counter.id, "--ref", "R1", "--json"]);
    assert_eq!(told.event()["refundCode"], "CP-C7F-ZS5-032");
}
