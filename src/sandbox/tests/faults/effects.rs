//! Tests of the effect of a call with a fault.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;

use super::counter::{ScriptedSandbox, VERY_LONG, until};
use crate::sandbox::tests::shop::body;
use crate::sandbox::{ApiCall, Fault, RetryAfter, SandboxStatus};

/// Faults that replace the answer to a void, and their status.
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
async fn replaced_answer_has_no_effect() {
    for (status, fault) in replacing() {
        let counter = ScriptedSandbox::scripted(ApiCall::Void, [fault.clone()]).await;
        assert_eq!(counter.void().await.status(), status);
        assert_eq!(counter.status(), SandboxStatus::New, "{fault:?}");
    }
}

#[tokio::test]
async fn f36_effect_stays_after_faulty_answer() {
    for (status, fault) in replacing() {
        let fault = fault.after_effect();
        let counter = ScriptedSandbox::scripted(ApiCall::Void, [fault.clone()]).await;
        assert_eq!(counter.void().await.status(), status);
        assert_eq!(counter.status(), SandboxStatus::Cancelled, "{fault:?}");
    }
}

#[tokio::test]
async fn f1_create_with_lost_answer_has_created() {
    let counter =
        ScriptedSandbox::scripted(ApiCall::Create, [Fault::drop_after(), Fault::drop_before()])
            .await;
    let url = counter.shop.sandbox.base_url() + "/api/payment-requests";
    for _ in 0..2 {
        let create = counter.shop.client.post(&url).header("X-Api-Key", "key");
        let sent = create.json(&body(json!({}))).send().await;
        assert!(sent.is_err(), "there is no answer");
    }
    assert_eq!(counter.control.requests().len(), 2, "one was there before");
}

#[tokio::test]
async fn delayed_call_takes_effect_late() {
    const LATE: Duration = Duration::from_millis(40);
    let counter = ScriptedSandbox::scripted(ApiCall::Void, [Fault::delay(LATE)]).await;
    let start = Instant::now();
    assert_eq!(counter.void().await.status(), 200);
    assert!(start.elapsed() >= LATE);
    assert_eq!(counter.status(), SandboxStatus::Cancelled);
}

#[tokio::test]
async fn delayed_call_has_no_early_effect() {
    let counter = ScriptedSandbox::scripted(ApiCall::Void, [Fault::delay(VERY_LONG)]).await;
    let mut raw = counter.raw_void().await;
    until("the fault is played", || {
        counter.control.script_left().is_empty()
    })
    .await;
    assert!(raw.is_silent_for(Duration::from_millis(50)).await);
    assert_eq!(counter.status(), SandboxStatus::New);
}

#[tokio::test]
async fn f2_delayed_create_outlives_its_caller() {
    const LATE: Duration = Duration::from_millis(400);
    let counter = ScriptedSandbox::scripted(ApiCall::Create, [Fault::delay(LATE)]).await;
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
async fn delay_after_effect_only_delays_answer() {
    let late = Fault::delay(VERY_LONG).after_effect();
    let counter = ScriptedSandbox::scripted(ApiCall::Void, [late]).await;
    let mut raw = counter.raw_void().await;
    until("it is voided", || {
        counter.status() == SandboxStatus::Cancelled
    })
    .await;
    assert!(raw.is_silent_for(Duration::from_millis(50)).await);

    let soon = Fault::delay(Duration::from_millis(10)).after_effect();
    counter.control.script(ApiCall::Read, [soon]);
    assert_eq!(counter.read_json().await.1["status"], "cancelled");
}

#[tokio::test]
async fn patron_pays_despite_the_script() {
    let counter = ScriptedSandbox::scripted(ApiCall::Any, [Fault::status(500).forever()]).await;
    let page = format!("/pay/{}", counter.id);
    let page = counter.shop.send(Method::GET, &page, None, None).await;
    assert_eq!(page.status(), 200);

    let path = counter.path() + "/pay";
    let paid = json!({ "assetType": "centrapay.nzd.test", "assetId": "a" });
    let paid = counter.shop.send(Method::POST, &path, None, Some(paid));
    assert_eq!(paid.await.status(), 200);
    assert_eq!(counter.status(), SandboxStatus::Paid);
}
