//! `settle --part`: what becomes of a part payment, and that no part goes back twice.

use patron_display::payment::{PaidBy, PaidLine, Text};
use patron_display::sale::Ending;
use patron_display::sandbox::Call;
use serde_json::json;

use super::counter::{Counter, nzd};

/// A counter where 7.50 of 12.50 was paid for the sale A1.
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
fn a_part_that_is_confirmed_stays_and_that_is_written_down() {
    let counter = paid_in_part();
    let told = counter.settle(&["--part", "CONFIRM"]);
    assert_eq!(told.exit_code, Some(0), "{told:?}");
    assert_eq!(
        told.stdout,
        "A1: 7.50 NZD is kept; 5.00 NZD was paid another way\n"
    );
    assert!(told.stderr.is_empty(), "{told:?}");
    assert!(counter.history(&["A1"]).contains("part-confirmed"));
    assert_eq!(counter.refunded(), 0);
}

#[test]
fn a_part_that_is_refunded_goes_back_and_no_more() {
    let counter = paid_in_part();
    let told = counter.settle(&["--part", "refund", "--json"]);
    assert_eq!(told.exit_code, Some(0), "{told:?}");
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
fn a_part_that_is_refunded_twice_goes_back_once() {
    let counter = paid_in_part();
    for _ in 0..2 {
        let told = counter.settle(&["--part", "refund", "A1"]);
        assert_eq!(told.exit_code, Some(0), "{told:?}");
    }
    assert_eq!(counter.refunded(), 750);
    assert_eq!(counter.control().calls(Call::Refund), 1);
}

#[test]
fn a_part_that_was_given_back_cannot_be_confirmed_any_more() {
    let counter = paid_in_part();
    counter.settle(&["--part", "refund"]);
    let told = counter.settle(&["--part", "confirm", "A1"]);
    assert!(told.is_refused_with(64).contains("was given back already"));
}

#[test]
fn a_part_that_was_confirmed_is_given_back_only_by_a_refund_that_says_so() {
    let counter = paid_in_part();
    counter.settle(&["--part", "confirm"]);
    let told = counter.settle(&["--part", "refund", "A1"]);
    let said = told.is_refused_with(64);
    let way = format!("refund {} --amount 7.50", counter.short_code);
    assert!(said.contains(&way), "{said}");
    assert_eq!(counter.refunded(), 0);
}

#[test]
fn settling_names_the_parts_that_nobody_has_decided_about() {
    let counter = paid_in_part();
    let told = counter.settle(&[]);
    assert!(told.stderr.contains("the part payment of A1"), "{told:?}");
    counter.settle(&["--part", "confirm"]);
    let told = counter.settle(&[]);
    assert!(told.stderr.is_empty(), "{told:?}");
}

#[test]
fn without_a_name_the_only_part_that_waits_is_meant() {
    let counter = paid_in_part();
    counter.settle(&["--part", "confirm"]);
    let told = counter.settle(&["--part", "confirm"]);
    let said = told.is_refused_with(64);
    assert!(
        said.contains("no part payment waits for a decision"),
        "{said}"
    );
}

#[test]
fn where_two_parts_wait_each_is_named_and_none_is_touched() {
    let counter = paid_in_part();
    let (id, _) = counter.create("A2");
    counter.control().pay_part(&id, 750).unwrap();
    counter.journal("A2", &id, part());
    let told = counter.settle(&["--part", "refund"]);
    let said = told.is_refused_with(64);
    assert!(said.contains("A1, A2"), "{said}");
    assert_eq!(counter.control().calls(Call::Refund), 0);
}

#[test]
fn a_sale_that_was_paid_in_full_is_no_part() {
    let counter = Counter::open();
    counter.journal_the_sale();
    let told = counter.settle(&["--part", "refund", "A1"]);
    let said = told.is_refused_with(64);
    assert!(said.contains("no sale of this journal"), "{said}");
    assert_eq!(counter.refunded(), 0);
}

#[test]
fn the_decision_is_told_in_json() {
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
