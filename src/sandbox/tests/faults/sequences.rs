//! Tests of the order of faults.

use reqwest::Method;
use serde_json::json;

use super::counter::ScriptedSandbox;
use crate::sandbox::tests::shop::refused;
use crate::sandbox::{ApiCall, Fault, Options, Script};

async fn statuses<const N: usize>(counter: &ScriptedSandbox) -> [u16; N] {
    let mut statuses = [0; N];
    for status in &mut statuses {
        *status = counter.read_status().await;
    }

    statuses
}

#[tokio::test]
async fn faults_apply_in_order_then_calls_succeed() {
    let faults = [
        Fault::status(501),
        Fault::pass(),
        Fault::status(502).times(2),
        Fault::status(503),
    ];
    let counter = ScriptedSandbox::scripted(ApiCall::Read, faults).await;
    assert_eq!(
        statuses(&counter).await,
        [501, 200, 502, 502, 503, 200, 200]
    );
}

#[tokio::test]
async fn forever_lasts_until_cleared() {
    let faults = [Fault::pass(), Fault::status(503).forever()];
    let counter = ScriptedSandbox::scripted(ApiCall::Read, faults).await;
    assert_eq!(statuses(&counter).await, [200, 503, 503, 503]);
    counter.control.clear_script();
    assert_eq!(statuses(&counter).await, [200]);
}

#[tokio::test]
async fn fault_for_zero_calls_is_ignored() {
    let faults = [Fault::status(501).times(0), Fault::status(502)];
    let counter = ScriptedSandbox::scripted(ApiCall::Read, faults).await;
    assert_eq!(statuses(&counter).await, [502, 200]);
}

#[tokio::test]
async fn new_sequence_replaces_only_its_kind() {
    let counter = ScriptedSandbox::scripted(ApiCall::Read, [Fault::status(501).forever()]).await;
    counter.control.script(ApiCall::Void, [Fault::status(502)]);
    counter.control.script(ApiCall::Read, []);
    assert_eq!(statuses(&counter).await, [200]);
    assert_eq!(counter.void().await.status(), 502);
}

#[tokio::test]
async fn own_faults_go_before_any() {
    let counter = ScriptedSandbox::scripted(ApiCall::Read, [Fault::status(501)]).await;
    counter
        .control
        .script(ApiCall::Any, [Fault::status(502).times(2)]);
    assert_eq!(statuses(&counter).await, [501, 502]);
    assert_eq!(counter.void().await.status(), 502);
    assert_eq!(statuses(&counter).await, [200]);
}

#[tokio::test]
async fn each_kind_has_its_own_sequence_and_count() {
    let counter = ScriptedSandbox::open().await;
    let id = &counter.id;
    let calls = [
        (ApiCall::Create, Method::POST, String::new()),
        (ApiCall::Read, Method::GET, format!("/{id}")),
        (
            ApiCall::ByExternalRef,
            Method::GET,
            "/external-ref/A1?merchantAccountId=a".to_owned(),
        ),
        (
            ApiCall::ByShortCode,
            Method::GET,
            "/short-code/CP-C7F-ZS5".to_owned(),
        ),
        (ApiCall::Void, Method::POST, format!("/{id}/void")),
        (ApiCall::Refund, Method::POST, format!("/{id}/refund")),
        (
            ApiCall::Activities,
            Method::GET,
            format!("/{id}/activities"),
        ),
        (
            ApiCall::AcceptCondition,
            Method::POST,
            format!("/{id}/conditions/1/accept"),
        ),
        (
            ApiCall::DeclineCondition,
            Method::POST,
            format!("/{id}/conditions/1/decline"),
        ),
    ];
    for (call, method, path) in calls {
        let before = counter.control.calls(call);
        counter
            .control
            .set_script(Script::default().on(call, [Fault::status(599)]));
        let path = format!("/api/payment-requests{path}");
        let answer = counter.shop.send(method, &path, Some("key"), None).await;
        assert_eq!(answer.status(), 599, "{call:?}");
        assert_eq!(counter.control.calls(call), before + 1, "{call:?}");
    }
    assert_eq!(counter.control.calls(ApiCall::Any), 10);
}

#[tokio::test]
async fn calls_are_counted_and_timed() {
    let counter = ScriptedSandbox::open().await;
    assert_eq!(counter.control.calls(ApiCall::Read), 0);
    let before = std::time::Instant::now();
    counter.read().await;
    let between = std::time::Instant::now();
    counter.control.script(ApiCall::Read, [Fault::status(500)]);
    counter.read().await;

    assert_eq!(counter.control.calls(ApiCall::Read), 2);
    let times = counter.control.call_times(ApiCall::Read);
    assert_eq!(times.len(), 2);
    assert!(before <= times[0] && times[0] <= between);
    assert!(between <= times[1] && times[1] <= std::time::Instant::now());
    assert_eq!(counter.control.call_times(ApiCall::Any)[1..], times);
}

#[tokio::test]
async fn f51_scripted_call_counts_for_the_limit() {
    let counter = ScriptedSandbox::with(Options {
        rate_limit: 3,
        ..Options::default()
    })
    .await;
    let faults = [Fault::status(500).times(2), Fault::html()];
    counter.control.script(ApiCall::Read, faults);
    assert_eq!(statuses(&counter).await, [500, 500, 429]);
}

#[tokio::test]
async fn unauthorised_call_uses_no_fault() {
    let counter = ScriptedSandbox::scripted(ApiCall::Read, [Fault::status(500)]).await;
    let path = counter.path();
    let answer = counter.shop.send(Method::GET, &path, None, None).await;
    assert_eq!(answer.status(), 401);
    assert_eq!(counter.control.calls(ApiCall::Read), 1, "it came in");
    assert_eq!(statuses(&counter).await, [500, 200]);
}

#[tokio::test]
async fn passed_call_is_refused_as_usual() {
    let counter = ScriptedSandbox::scripted(ApiCall::Create, [Fault::pass()]).await;
    let answer = counter
        .shop
        .post("/api/payment-requests", json!({ "configId": "a1" }))
        .await;
    assert_eq!(refused(&answer), (400, "BAD_REQUEST"));
}
