//! Payments in parts, through the whole application without a window: what the customer sees while
//! parts come in, and what the till is told.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    reason = "a test that cannot set its scene has failed; not every test needs all of the scene"
)]

#[path = "rehearsal/scene.rs"]
mod scene;
#[path = "rehearsal/words.rs"]
mod words;

use iced::keyboard::Key;
use patron_display::money::{Amount, Currency};
use patron_display::sale::{Particulars, Reason, State};
use patron_display::sandbox::{Call, Fault};
use serde_json::json;

use scene::{Rehearsal, Scene};

/// A code over 12.50 of a basket that costs 20.00.
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

/// The customer adds a means that pays so many cents, and the display has noticed.
async fn part_comes_in(sale: &mut Rehearsal, cents: u64, left: u64) {
    sale.sandbox
        .control()
        .add_part(&sale.latest(), cents)
        .unwrap();
    sale.until(|state| {
        let State::Waiting(waiting) = state else {
            return false;
        };

        matches!(waiting.reason(), Reason::PartPayment { remaining: Some(remaining), .. } if remaining.minor() == left)
    })
    .await;
}

/// A sale that ended with 7.50 of 12.50.
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
async fn the_platform_is_told_the_whole_basket_and_that_a_part_may_be_paid() {
    let sale = shown().await;
    let told = sale.sandbox.control().request(&sale.latest()).unwrap().told;
    assert_eq!(told["partialAllowed"], true);
    assert_eq!(told["basketAmount"], "2000");
}

#[tokio::test]
async fn a_sale_without_a_basket_allows_no_part() {
    let mut sale = Scene::default().begin().await;
    sale.until_shown().await;
    let control = sale.sandbox.control();
    let told = control.request(&sale.latest()).unwrap().told;
    assert!(told.get("partialAllowed").is_none(), "{told}");
    assert!(control.pay_part(&sale.latest(), 100).is_err());
}

#[tokio::test]
async fn while_parts_come_in_what_is_left_is_shown_and_told() {
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
async fn bought_items_are_shown_and_told() {
    let mut sale = shown().await;
    let bought = json!({
        "type": "centrapay.token.main",
        "description": "Coffee Token",
        "total": { "amount": "500", "currency": "NZD" },
        "lineItems": [{ "name": "Coffee Grounds", "qty": "1", "price": "500" }],
    });
    let control = sale.sandbox.control();
    control.script(
        Call::Read,
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
async fn f24_a_part_is_no_payment_and_says_what_is_owed() {
    let mut sale = paid_in_part().await;
    assert_eq!(sale.close(), Some(10));
    let outcome = sale.told.events().pop().unwrap();
    assert_eq!(
        outcome["remaining"],
        json!({ "amount": "500", "currency": "NZD" })
    );
}

#[tokio::test]
async fn a_part_can_be_given_back_by_its_key_where_the_rest_is_not_paid() {
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
async fn cancelling_between_two_parts_gives_the_first_back_and_says_so() {
    let mut sale = shown().await;
    part_comes_in(&mut sale, 500, 750).await;
    sale.display
        .press(Key::Named(iced::keyboard::key::Named::Escape));
    sale.until_ended("refund-started").await;
    assert_eq!(sale.sandbox.control().calls(Call::Void), 1);
    assert_eq!(sale.close(), Some(22));
}

#[tokio::test]
async fn a_time_that_runs_out_between_two_parts_is_not_called_not_charged() {
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
async fn a_part_payment_survives_the_program() {
    let mut sale = shown().await;
    part_comes_in(&mut sale, 500, 750).await;
    let mut sale = sale.launch_again(Some("A1")).await;
    sale.until(|state| {
        matches!(state, State::Waiting(waiting) if matches!(waiting.reason(), Reason::PartPayment { .. }))
    })
    .await;
    sale.sandbox.control().pay(&sale.latest()).unwrap();
    sale.until_ended("paid").await;
}
