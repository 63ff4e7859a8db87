//! `settle --part` records the decision about a part payment. No part may go back twice.

use patron_display::domain::payment::{PaidBy, PaidLine, Text};
use patron_display::sale::Ending;
use patron_display::sandbox::ApiCall;
use serde_json::json;

use super::counter::{Counter, nzd};
use crate::support::words::assert_has;

/// Opens a counter where 7.50 of the sale A1 of 12.50 was paid.
fn paid_in_part() -> Counter {
    let counter = Counter::unpaid("A1");
    counter.control().pay_part(&counter.id, 750).unwrap();
    counter.journal("A1", &counter.id, part());

    counter
}

fn part() -> Ending {
    Ending::PartPaid {
        by: vec![PaidBy {
            description: Text::clean("Community Voucher"),
            total: Some(nzd(750)),
            line_items: vec![PaidLine {
                name: Text::clean("Coffee Grounds"),
                sku: Some(Text::clean("GH1234")),
                quantity: Some(Text::clean("1")),
                price: Some(750),
            }],
            ..PaidBy::default()
        }],
        remaining: nzd(500),
    }
}

#[test]
fn confirmed_part_is_kept_and_recorded() {
    let counter = paid_in_part();
    let told = counter.settle_ends(0, &["--part", "CONFIRM"]);
    assert_eq!(
        told.stdout,
        "A1: 7.50 NZD is kept; 5.00 NZD was paid another way\n"
    );
    assert!(told.stderr.is_empty(), "{told:?}");
    assert!(counter.history(&["A1"]).contains("part-confirmed"));
    assert_eq!(counter.refunded(), 0);
}

#[test]
fn refunded_part_goes_back() {
    let counter = paid_in_part();
    let told = counter.settle_ends(0, &["--part", "refund", "--json"]);
    let event = told.event();
    assert_eq!(event["event"], "refund");
    assert_eq!(event["outcome"], "started");
    assert_eq!(event["externalRef"], "A1-part");
    assert_eq!(
        event["amount"],
        json!({ "amount": "750", "currency": "NZD" })
    );
    let code = event["refundCode"].as_str().unwrap();
    assert!(code.starts_with(&counter.short_code), "{code}");
    assert_eq!(counter.refunded(), 750);
}

#[test]
fn part_refunded_twice_goes_back_once() {
    let counter = paid_in_part();
    for _ in 0..2 {
        counter.settle_ends(0, &["--part", "refund", "A1"]);
    }
    assert_eq!(counter.refunded(), 750);
    assert_eq!(counter.control().calls(ApiCall::Refund), 1);
}

#[test]
fn refunded_part_cannot_be_confirmed() {
    let counter = paid_in_part();
    counter.settle(&["--part", "refund"]);
    let told = counter.settle(&["--part", "confirm", "A1"]);
    assert!(told.is_refused_with(64).contains("is already refunded"));
}

#[test]
fn confirmed_part_is_not_refunded() {
    let counter = paid_in_part();
    counter.settle(&["--part", "confirm"]);
    let said = counter.settle_refused(64, &["--part", "refund", "A1"]);
    let way = format!("refund {} --amount 7.50", counter.short_code);
    assert!(said.contains(&way), "{said}");
    assert_eq!(counter.refunded(), 0);
}

#[test]
fn settle_names_undecided_parts() {
    let counter = paid_in_part();
    let told = counter.settle(&[]);
    assert_has(&told.stderr, "part payment A1 needs a decision");
    counter.settle(&["--part", "confirm"]);
    let told = counter.settle(&[]);
    assert!(told.stderr.is_empty(), "{told:?}");
}

#[test]
fn decided_part_needs_no_decision() {
    let counter = paid_in_part();
    counter.settle(&["--part", "confirm"]);
    let said = counter.settle_refused(64, &["--part", "confirm"]);
    assert!(said.contains("no part payment needs a decision"), "{said}");
}

#[test]
fn two_undecided_parts_must_be_named() {
    let counter = paid_in_part();
    let (id, _) = counter.create("A2");
    counter.control().pay_part(&id, 750).unwrap();
    counter.journal("A2", &id, part());
    let said = counter.settle_refused(64, &["--part", "refund"]);
    assert!(said.contains("A1, A2"), "{said}");
    assert_eq!(counter.control().calls(ApiCall::Refund), 0);
}

#[test]
fn full_payment_is_no_part() {
    let counter = Counter::open();
    counter.journal_the_sale();
    let said = counter.settle_refused(64, &["--part", "refund", "A1"]);
    assert!(said.contains("this journal has no part payment"), "{said}");
    assert_eq!(counter.refunded(), 0);
}

#[test]
fn decision_is_told_in_json() {
    let counter = paid_in_part();
    let told = counter.settle(&[&counter.short_code, "--part", "confirm", "--json"]);
    assert_eq!(
        told.event(),
        json!({
            "event": "part",
            "decision": "confirm",
            "id": counter.id,
            "shortCode": counter.short_code,
            "externalRef": "A1",
            "received": { "amount": "750", "currency": "NZD" },
            "remaining": { "amount": "500", "currency": "NZD" },
            "paidBy": [{
                "description": "Community Voucher",
                "total": { "amount": "750", "currency": "NZD" },
                "lineItems": [
                    { "name": "Coffee Grounds", "sku": "GH1234", "qty": "1", "price": "750" },
                ],
            }],
        })
    );
}
