//! Which call meets with which fault.

use reqwest::Method;
use serde_json::json;

use super::counter::Counter;
use crate::sandbox::tests::shop::refused;
use crate::sandbox::{Call, Fault, Options, Script};

async fn statuses<const N: usize>(counter: &Counter) -> [u16; N] {
    let mut statuses = [0; N];
    for status in &mut statuses {
        *status = counter.read_status().await;
    }

    statuses
}

#[tokio::test]
async fn faults_come_in_their_order_and_then_everything_goes_well() {
    let faults = [
        Fault::status(501),
        Fault::pass(),
        Fault::status(502).times(2),
        Fault::status(503),
    ];
    let counter = Counter::scripted(Call::Read, faults).await;
    assert_eq!(
        statuses(&counter).await,
        [501, 200, 502, 502, 503, 200, 200]
    );
}

#[tokio::test]
async fn a_fault_can_last_until_the_script_is_cleared() {
    let faults = [Fault::pass(), Fault::status(503).forever()];
    let counter = Counter::scripted(Call::Read, faults).await;
    assert_eq!(statuses(&counter).await, [200, 503, 503, 503]);
    counter.control.clear_script();
    assert_eq!(statuses(&counter).await, [200]);
}

#[tokio::test]
async fn a_fault_for_no_call_is_none() {
    let faults = [Fault::status(501).times(0), Fault::status(502)];
    let counter = Counter::scripted(Call::Read, faults).await;
    assert_eq!(statuses(&counter).await, [502, 200]);
}

#[tokio::test]
async fn a_new_sequence_replaces_the_old_one_of_its_kind_alone() {
    let counter = Counter::scripted(Call::Read, [Fault::status(501).forever()]).await;
    counter.control.script(Call::Void, [Fault::status(502)]);
    counter.control.script(Call::Read, []);
    assert_eq!(statuses(&counter).await, [200]);
    assert_eq!(counter.void().await.status(), 502);
}

#[tokio::test]
async fn a_kinds_own_faults_go_before_those_of_any() {
    let counter = Counter::scripted(Call::Read, [Fault::status(501)]).await;
    counter
        .control
        .script(Call::Any, [Fault::status(502).times(2)]);
    assert_eq!(statuses(&counter).await, [501, 502]);
    assert_eq!(counter.void().await.status(), 502);
    assert_eq!(statuses(&counter).await, [200]);
}

#[tokio::test]
async fn every_kind_of_call_has_its_own_sequence_and_its_own_count() {
    let counter = Counter::open().await;
    let id = &counter.id;
    let calls = [
        (Call::Create, Method::POST, String::new()),
        (Call::Read, Method::GET, format!("/{id}")),
        (
            Call::ByExternalRef,
            Method::GET,
            "/external-ref/A1?merchantAccountId=a".to_owned(),
        ),
        (
            Call::ByShortCode,
            Method::GET,
            "/short-code/CP-C7F-ZS5".to_owned(),
        ),
        (Call::Void, Method::POST, format!("/{id}/void")),
        (Call::Refund, Method::POST, format!("/{id}/refund")),
        (Call::Activities, Method::GET, format!("/{id}/activities")),
        (
            Call::AcceptCondition,
            Method::POST,
            format!("/{id}/conditions/1/accept"),
        ),
        (
            Call::DeclineCondition,
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
    assert_eq!(counter.control.calls(Call::Any), 10);
}

#[tokio::test]
async fn calls_are_known_by_their_number_and_by_their_times() {
    let counter = Counter::open().await;
    assert_eq!(counter.control.calls(Call::Read), 0);
    let before = std::time::Instant::now();
    counter.read().await;
    let between = std::time::Instant::now();
    counter.control.script(Call::Read, [Fault::status(500)]);
    counter.read().await;

    assert_eq!(counter.control.calls(Call::Read), 2);
    let times = counter.control.call_times(Call::Read);
    assert_eq!(times.len(), 2);
    assert!(before <= times[0] && times[0] <= between);
    assert!(between <= times[1] && times[1] <= std::time::Instant::now());
    assert_eq!(counter.control.call_times(Call::Any)[1..], times);
}

#[tokio::test]
async fn f51_a_scripted_call_counts_for_the_keys_limit() {
    let counter = Counter::with(Options {
        rate_limit: 3,
        ..Options::default()
    })
    .await;
    let faults = [Fault::status(500).times(2), Fault::html()];
    counter.control.script(Call::Read, faults);
    assert_eq!(statuses(&counter).await, [500, 500, 429]);
}

#[tokio::test]
async fn a_call_that_is_refused_at_the_door_leaves_the_script_alone() {
    let counter = Counter::scripted(Call::Read, [Fault::status(500)]).await;
    let path = counter.path();
    let answer = counter.shop.send(Method::GET, &path, None, None).await;
    assert_eq!(answer.status(), 401);
    assert_eq!(counter.control.calls(Call::Read), 1, "it came in");
    assert_eq!(statuses(&counter).await, [500, 200]);
}

#[tokio::test]
async fn what_passes_is_refused_as_ever() {
    let counter = Counter::scripted(Call::Create, [Fault::pass()]).await;
    let answer = counter
        .shop
        .post("/api/payment-requests", json!({ "configId": "a1" }))
        .await;
    assert_eq!(refused(&answer), (400, "BAD_REQUEST"));
}
