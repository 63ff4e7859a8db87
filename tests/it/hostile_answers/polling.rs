//! Polls with an answer that is unreadable or too long, or that has an unknown status.

use futures_util::future::join_all;
use patron_display::sale::State;
use patron_display::sandbox::{ApiCall, Fault, FaultAnswer};
use serde_json::{Value, json};
use tracing::level_filters::LevelFilter;

use crate::hostile_answers::{CAP, begun, ends, ends_paid, told, too_long, until_meanwhile};
use crate::logs::captured::CapturedLog;
use crate::support::scene::Rehearsal;

fn json_answer(body: impl Into<Value>) -> Fault {
    FaultAnswer::status(200)
        .header("Content-Type", "application/json")
        .body(body)
        .into()
}

/// Returns answers that look right at first but cannot be read.
fn unreadable() -> Vec<Fault> {
    vec![
        Fault::html(),
        Fault::empty(),
        Fault::truncated(),
        Fault::wrong_content_type("text/html; charset=utf-8"),
        Fault::huge(1),
        too_long(json!({ "status": "paid" })),
        json_answer("{\"id\": \"x\", \"status\": \"paid\""),
        json_answer("[".repeat(100_000)),
        json_answer("\u{feff}\u{0}"),
        json_answer(Value::Null),
        json_answer(json!([])),
        json_answer(json!({ "status": "paid" })),
        Fault::edit(json!({ "id": null, "status": "paid" })),
        Fault::edit(json!({ "id": "a/../b", "status": "paid" })),
        Fault::edit(json!({ "status": null })),
        Fault::edit(json!({ "status": "paid", "value": { "amount": 12.5 } })),
        Fault::edit(json!({ "status": "paid", "remainingAmount": "-1" })),
        Fault::edit(json!({ "status": "paid", "paidBy": "everybody" })),
    ]
}

#[tokio::test]
async fn f15_unreadable_answer_is_no_verdict() {
    let (captured, _guard) = CapturedLog::open(LevelFilter::INFO);
    let count = unreadable().len();
    join_all(unreadable().into_iter().map(async |fault| {
        let mut sale = Rehearsal::shown("").await;
        let control = sale.control();
        control.script(ApiCall::Read, [fault.clone()]);
        until_meanwhile(&mut sale, |_| control.calls(ApiCall::Read) >= 2).await;
        told(&sale, &["created", "shown"]).await;
        ends_paid(sale).await;
    }))
    .await;
    let counted = captured.lines(&["not read", "unreadable=1"]);
    assert_eq!(counted.len(), count, "{}", captured.text());
}

#[tokio::test]
async fn f17_payment_in_a_too_long_answer_is_ignored() {
    let mut sale = Rehearsal::shown("").await;
    let control = sale.control();
    sale.pay();
    control.script(
        ApiCall::Read,
        [too_long(json!({})).times(2), nearly_too_long()],
    );
    until_meanwhile(&mut sale, |_| control.calls(ApiCall::Read) >= 2).await;
    told(&sale, &["created", "shown"]).await;
    sale.until_ended("paid").await;
    assert_eq!(control.calls(ApiCall::Read), 3);
    ends(sale, 0).await;
}

/// The real answer, with nearly the largest size that the client reads.
fn nearly_too_long() -> Fault {
    const REST: usize = 4 * 1024;

    Fault::edit(json!({ "padding": "x".repeat(CAP - REST) }))
}

#[tokio::test]
async fn f20_unknown_status_is_no_verdict() {
    let (captured, _guard) = CapturedLog::open(LevelFilter::INFO);
    let words = ["PAID", "paid ", "pa\u{200b}id", "", "completed", "refunded"];
    tokio::join!(
        join_all(words.map(paid_after_unknown_status)),
        unknown_status_to_the_deadline()
    );
    let logged = captured.lines(&["status=Unknown", "pending-review"]);
    assert!(!logged.is_empty(), "{}", captured.text());
}

/// The polls report this unknown status first, and then that the request is paid.
async fn paid_after_unknown_status(word: &str) {
    let mut sale = Rehearsal::shown("").await;
    let control = sale.control();
    control.script(ApiCall::Read, [Fault::edit(json!({ "status": word }))]);
    until_meanwhile(&mut sale, |_| control.calls(ApiCall::Read) >= 2).await;
    told(&sale, &["created", "shown"]).await;
    ends_paid(sale).await;
}

/// Polls report an unknown status until ten seconds after the deadline. Then the outcome is unknown.
async fn unknown_status_to_the_deadline() {
    let mut sale = begun("expiry-seconds = 11\n").await;
    let control = sale.control();
    let pending = Fault::edit(json!({ "status": "pending-review" }));
    control.script(ApiCall::Read, [pending.forever()]);
    sale.until_shown().await;
    sale.until(|state| !matches!(state, State::Presenting(_)))
        .await;
    let polls = control.calls(ApiCall::Read);
    assert!(polls >= 8, "{polls}");
    assert_eq!(control.calls(ApiCall::Void), 0);
    let settling = sale.words().await;
    assert!(settling.contains("do not pay again"), "{settling}");
    sale.until_ended("unknown").await;
    assert_eq!(control.calls(ApiCall::Void), 1);
    sale.says("Do not charge again").await;
    ends(sale, 30).await;
}
