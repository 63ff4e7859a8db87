//! Whether what was asked for takes place, and when.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;

use super::counter::{Counter, VERY_LONG, until};
use crate::sandbox::tests::shop::body;
use crate::sandbox::{Call, Fault, RetryAfter, Status};

/// Faults that come instead of a void, or in the place of its answer.
fn replacing() -> Vec<(u16, Fault)> {
    vec![
        (500, Fault::status(500)),
        (403, Fault::refusal(403, "REQUEST_PAID")),
        (200, Fault::html()),
        (200, Fault::empty()),
        (200, Fault::huge(1)),
        (429, Fault::throttle(RetryAfter::Seconds(1))),
        (307, Fault::redirect(307, "/elsewhere")),
    ]
}

#[tokio::test]
async fn what_comes_instead_of_an_answer_leaves_the_effect_out() {
    for (status, fault) in replacing() {
        let counter = Counter::scripted(Call::Void, [fault.clone()]).await;
        assert_eq!(counter.void().await.status(), status);
        assert_eq!(counter.status(), Status::New, "{fault:?}");
    }
}

#[tokio::test]
async fn f36_what_comes_after_the_effect_says_nothing_of_it() {
    for (status, fault) in replacing() {
        let fault = fault.after_effect();
        let counter = Counter::scripted(Call::Void, [fault.clone()]).await;
        assert_eq!(counter.void().await.status(), status);
        assert_eq!(counter.status(), Status::Cancelled, "{fault:?}");
    }
}

#[tokio::test]
async fn f1_a_create_whose_answer_is_lost_has_created() {
    let counter =
        Counter::scripted(Call::Create, [Fault::drop_after(), Fault::drop_before()]).await;
    let url = counter.shop.sandbox.base_url() + "/api/payment-requests";
    for _ in 0..2 {
        let create = counter.shop.client.post(&url).header("X-Api-Key", "key");
        let sent = create.json(&body(json!({}))).send().await;
        assert!(sent.is_err(), "there is no answer");
    }
    assert_eq!(counter.control.requests().len(), 2, "one was there before");
}

#[tokio::test]
async fn a_delayed_call_takes_place_late_and_is_answered_properly() {
    const LATE: Duration = Duration::from_millis(40);
    let counter = Counter::scripted(Call::Void, [Fault::delay(LATE)]).await;
    let start = Instant::now();
    assert_eq!(counter.void().await.status(), 200);
    assert!(start.elapsed() >= LATE);
    assert_eq!(counter.status(), Status::Cancelled);
}

#[tokio::test]
async fn a_delayed_call_has_no_effect_before_its_time() {
    let counter = Counter::scripted(Call::Void, [Fault::delay(VERY_LONG)]).await;
    let mut raw = counter.raw_void().await;
    until("the fault is played", || {
        counter.control.script_left().is_empty()
    })
    .await;
    assert!(raw.is_silent_for(Duration::from_millis(50)).await);
    assert_eq!(counter.status(), Status::New);
}

#[tokio::test]
async fn f2_a_delayed_create_takes_place_although_the_caller_has_gone() {
    const LATE: Duration = Duration::from_millis(400);
    let counter = Counter::scripted(Call::Create, [Fault::delay(LATE)]).await;
    let url = counter.shop.sandbox.base_url() + "/api/payment-requests";
    let create = counter
        .shop
        .client
        .post(&url)
        .header("X-Api-Key", "key")
        .json(&body(json!({})))
        .timeout(Duration::from_millis(30));
    assert!(create.send().await.unwrap_err().is_timeout());
    until("the second request is there", || {
        counter.control.requests().len() == 2
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_is_delayed_after_the_effect_is_only_late() {
    let late = Fault::delay(VERY_LONG).after_effect();
    let counter = Counter::scripted(Call::Void, [late]).await;
    let mut raw = counter.raw_void().await;
    until("it is voided", || counter.status() == Status::Cancelled).await;
    assert!(raw.is_silent_for(Duration::from_millis(50)).await);

    let soon = Fault::delay(Duration::from_millis(10)).after_effect();
    counter.control.script(Call::Read, [soon]);
    assert_eq!(counter.read_json().await.1["status"], "cancelled");
}

#[tokio::test]
async fn the_patron_pays_whatever_the_script_says() {
    let counter = Counter::scripted(Call::Any, [Fault::status(500).forever()]).await;
    let page = format!("/pay/{}", counter.id);
    let page = counter.shop.send(Method::GET, &page, None, None).await;
    assert_eq!(page.status(), 200);

    let path = counter.path() + "/pay";
    let paid = json!({ "assetType": "centrapay.nzd.test", "assetId": "a" });
    let paid = counter.shop.send(Method::POST, &path, None, Some(paid));
    assert_eq!(paid.await.status(), 200);
    assert_eq!(counter.status(), Status::Paid);
}
