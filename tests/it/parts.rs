//! Part payments through the whole application without a window: the screens and the events.

use iced::keyboard::{Key, key};
use patron_display::domain::money::{Amount, Currency};
use patron_display::domain::order::Particulars;
use patron_display::sale::{Reason, State};
use patron_display::sandbox::{ApiCall, Fault};
use serde_json::json;

use crate::support::scene::{Rehearsal, Scene};
use crate::support::words;

/// Shows a code for 12.50 of a basket that costs 20.00.
async fn shown() -> Rehearsal {
    let mut sale = Scene {
        particulars: Particulars {
            basket_amount: Some(Amount::from_minor(2000, Currency::NZD)),
            ..Particulars::default()
        },
        ..Scene::default()
    }
    .begin()
    .await;
    sale.until_shown().await;

    sale
}

/// Pays a part in cents. Waits until the display shows what is left.
async fn part_comes_in(sale: &mut Rehearsal, cents: u64, left: u64) {
    sale.sandbox
        .control()
        .add_part(&sale.latest(), cents)
        .unwrap();
    sale.until(|state| {
        matches!(reason(state), Some(Reason::PartPayment { remaining: Some(remaining), .. }) if remaining.minor() == left)
    })
    .await;
}

fn reason(state: &State) -> Option<&Reason> {
    match state {
        State::Waiting(waiting) => Some(waiting.reason()),
        _ => None,
    }
}

/// Ends a sale of 12.50 of which 7.50 is paid.
async fn paid_in_part() -> Rehearsal {
    let mut sale = shown().await;
    sale.sandbox
        .control()
        .pay_part(&sale.latest(), 750)
        .unwrap();
    sale.until_ended("part-paid").await;

    sale
}

async fn words(sale: &Rehearsal) -> String {
    words::on(sale.display.display(), sale.size).await
}

#[tokio::test]
async fn create_has_the_basket_amount() {
    let sale = shown().await;
    let told = sale.sandbox.control().request(&sale.latest()).unwrap().told;
    assert_eq!(told["partialAllowed"], true);
    assert_eq!(told["basketAmount"], "2000");
}

#[tokio::test]
async fn sale_without_a_basket_allows_no_part() {
    let mut sale = Scene::default().begin().await;
    sale.until_shown().await;
    let control = sale.sandbox.control();
    let told = control.request(&sale.latest()).unwrap().told;
    assert!(told.get("partialAllowed").is_none(), "{told}");
    assert!(control.pay_part(&sale.latest(), 100).is_err());
}

#[tokio::test]
async fn rest_is_shown_and_reported() {
    let mut sale = shown().await;
    part_comes_in(&mut sale, 500, 750).await;
    sale.shows_no_code();
    let seen = words(&sale).await;
    for said in [
        "$7.50",
        "Still to be paid",
        "$5.00 of $12.50 has been paid.",
    ] {
        assert!(seen.contains(said), "{said:?} is not in:\n{seen}");
    }
    part_comes_in(&mut sale, 250, 500).await;
    sale.effects.finish();
    let waits: Vec<_> = sale
        .told
        .events()
        .into_iter()
        .filter(|event| event["event"] == "waiting")
        .collect();
    assert_eq!(waits.len(), 2, "{waits:?}");
    assert_eq!(waits[1]["reason"], "part-payment");
    assert_eq!(
        waits[1]["remaining"],
        json!({ "amount": "500", "currency": "NZD" })
    );
    assert_eq!(waits[1]["paidBy"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn bought_items_are_shown_and_reported() {
    let mut sale = shown().await;
    let bought = json!({
        "type": "centrapay.token.main",
        "description": "Coffee Token",
        "total": { "amount": "500", "currency": "NZD" },
        "lineItems": [{ "name": "Coffee Grounds", "qty": "1", "price": "500" }],
    });
    let control = sale.sandbox.control();
    control.script(
        ApiCall::Read,
        [Fault::edit(json!({ "paidBy": { "assetTotals": [bought] } })).forever()],
    );
    part_comes_in(&mut sale, 500, 750).await;
    let seen = words(&sale).await;
    assert!(
        seen.contains("Already paid: 1\u{a0}×\u{a0}Coffee Grounds"),
        "{seen}"
    );
    sale.effects.finish();
    let told = sale.told.events();
    let waiting = told.iter().rfind(|event| event["event"] == "waiting");
    assert_eq!(
        waiting.unwrap()["paidBy"][0]["lineItems"],
        json!([{ "name": "Coffee Grounds", "qty": "1", "price": "500" }])
    );
}

#[tokio::test]
async fn parts_that_make_up_the_whole_are_paid() {
    let mut sale = shown().await;
    part_comes_in(&mut sale, 500, 750).await;
    sale.sandbox.control().pay(&sale.latest()).unwrap();
    sale.until_ended("paid").await;
    assert_eq!(sale.close(), Some(0));
}

#[tokio::test]
async fn f24_part_payment_reports_the_rest() {
    let mut sale = paid_in_part().await;
    assert_eq!(sale.close(), Some(10));
    let outcome = sale.told.events().pop().unwrap();
    assert_eq!(
        outcome["remaining"],
        json!({ "amount": "500", "currency": "NZD" })
    );
}

#[tokio::test]
async fn part_payment_can_be_refunded_by_key() {
    let mut sale = paid_in_part().await;
    let seen = words(&sale).await;
    assert!(seen.contains("Give the money back"), "{seen}");
    sale.display.press(Key::Character("r".into()));
    sale.until(|state| matches!(state, State::Voiding(_))).await;
    sale.until_ended("refund-started").await;
    let control = sale.sandbox.control();
    assert_eq!(control.request(&sale.latest()).unwrap().refunded, 750);
    assert_eq!(sale.close(), Some(22));
}

#[tokio::test]
async fn cancelling_refunds_the_first_part() {
    let mut sale = shown().await;
    part_comes_in(&mut sale, 500, 750).await;
    sale.display.press(Key::Named(key::Named::Escape));
    sale.until_ended("refund-started").await;
    assert_eq!(sale.sandbox.control().calls(ApiCall::Void), 1);
    assert_eq!(sale.close(), Some(22));
}

#[tokio::test]
async fn expiry_after_a_part_is_a_refund() {
    let mut sale = shown().await;
    part_comes_in(&mut sale, 500, 750).await;
    sale.sandbox.control().expire(&sale.latest()).unwrap();
    sale.until_ended("refund-started").await;
    assert_eq!(sale.close(), Some(22));
    let told = sale.told.events();
    assert!(
        told.iter().all(|event| event["outcome"] != "expired"),
        "{told:?}"
    );
}

#[tokio::test]
async fn part_payment_survives_a_restart() {
    let mut sale = shown().await;
    part_comes_in(&mut sale, 500, 750).await;
    let mut sale = sale.launch_again(Some("A1")).await;
    sale.until(|state| matches!(reason(state), Some(Reason::PartPayment { .. })))
        .await;
    sale.sandbox.control().pay(&sale.latest()).unwrap();
    sale.until_ended("paid").await;
}
