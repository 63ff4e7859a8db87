//! `INACTIVE_ASSET`, which may mean that the payment was given back already: nobody is told to pay twice.

use patron_display::sandbox::{Call, Fault};
use serde_json::json;

use crate::counter::Counter;

const PORTAL: &str = "look at the payment in the Centrapay portal before giving money back";
const ANOTHER_WAY: &str = "give the money back in another way";

fn inactive() -> Fault {
    Fault::refusal(403, "INACTIVE_ASSET")
}

/// A paid request that is refused as inactive, with these refunds in the platform's list.
fn refused_with(refunds: &[u64]) -> Counter {
    let counter = Counter::open();
    counter.script(Call::Refund, inactive().forever());
    counter.list_refunds(refunds);

    counter
}

#[test]
fn payment_given_back_is_not_given_back_again() {
    for refunds in [&[1250][..], &[750, 500]] {
        let counter = refused_with(refunds);
        let told = counter.refund(&[&counter.id, "--ref", "R1"]);
        let said = told.is_refused_with(40);
        assert!(
            said.contains(
                "everything that was paid was given back already: give nothing back again"
            ),
            "{said}"
        );
        assert!(!said.contains("in another way"), "{said}");

        let told = counter.refund(&[&counter.id, "--ref", "R2", "--json"]);
        assert_eq!(told.exit_code, Some(40));
        assert_eq!(told.event()["reason"], "ALREADY_REFUNDED");
    }
}

#[test]
fn complete_list_without_refund_allows_another_way() {
    let counter = refused_with(&[]);
    let told = counter.refund(&[&counter.id, "--ref", "R1"]);
    let said = told.is_refused_with(40);
    assert!(said.contains(ANOTHER_WAY), "{said}");
}

#[test]
fn unclear_list_sends_staff_to_the_portal() {
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
        counter.script(Call::Refund, inactive());
        counter.script(Call::Activities, fault.clone().forever());
        let told = counter.refund(&[&counter.id, "--ref", "R1"]);
        let said = told.is_refused_with(40);
        assert!(said.contains(PORTAL), "{fault:?}: {said}");
        assert!(!said.contains(ANOTHER_WAY), "{fault:?}: {said}");
    }
}

#[test]
fn lost_refund_of_ours_stays_unknown_until_repeated() {
    let counter = Counter::open();
    counter
        .control()
        .script(Call::Refund, [Fault::drop_after(), inactive()]);
    counter.list_refunds(&[1250]);
    let told = counter.refund(&[&counter.id, "--ref", "R1"]);
    let said = told.is_refused_with(30);
    assert!(said.contains("give nothing back in another way"), "{said}");
    let told = counter.refund(&[&counter.id, "--ref", "R1", "--json"]);
    assert_eq!(told.exit_code, Some(0), "{told:?}");
    assert_eq!(told.event()["repeated"], true);
    assert_eq!(counter.refunded(), 1250);
}

#[test]
fn lost_refund_with_our_reference_is_started() {
    let counter = Counter::open();
    counter
        .control()
        .script(Call::Refund, [Fault::drop_after(), inactive()]);
    counter.list_refund_named("R1", 1250);
    let told = counter.refund(&[&counter.id, "--ref", "R1", "--json"]);
    assert_eq!(told.exit_code, Some(0), "{told:?}");
    assert_eq!(told.event()["refundCode"], "CP-C7F-ZS5-032");
}
