//! Tests of faults that hold a call.

use std::time::Duration;

use reqwest::Client;
use tokio::io::AsyncReadExt;
use tokio::time::timeout;

use super::counter::{PATIENCE, RawCall, ScriptedSandbox, VERY_LONG, tasks, until};
use crate::sandbox::{ApiCall, Fault, SandboxStatus, Script};

const A_WHILE: Duration = Duration::from_millis(100);

/// Faults that last longer than a test.
fn endless() -> [Fault; 4] {
    [
        Fault::never(),
        Fault::drip(VERY_LONG),
        Fault::huge(1024),
        Fault::delay(VERY_LONG).after_effect(),
    ]
}

/// A read that this fault holds.
async fn held(counter: &ScriptedSandbox, fault: Fault) -> RawCall {
    counter.control.script(ApiCall::Read, [fault]);
    let raw = counter.raw_read().await;
    until("the fault is played", || {
        counter.control.script_left().is_empty()
    })
    .await;

    raw
}

#[tokio::test]
async fn f11_never_sends_nothing_without_effect() {
    let counter = ScriptedSandbox::scripted(ApiCall::Void, [Fault::never()]).await;
    let mut raw = counter.raw_void().await;
    until("the fault is played", || {
        counter.control.script_left().is_empty()
    })
    .await;
    assert!(raw.is_silent_for(A_WHILE).await);
    assert_eq!(counter.status(), SandboxStatus::New);
}

#[tokio::test]
async fn f36_never_after_effect_sends_nothing() {
    let counter = ScriptedSandbox::scripted(ApiCall::Void, [Fault::never().after_effect()]).await;
    let mut raw = counter.raw_void().await;
    until("it is voided", || {
        counter.status() == SandboxStatus::Cancelled
    })
    .await;
    assert!(raw.is_silent_for(A_WHILE).await);
}

#[tokio::test]
async fn never_ends_without_an_answer() {
    let counter = ScriptedSandbox::open().await;
    let script = br#"{ "read": [{ "fault": "never", "millis": 20 }] }"#;
    counter
        .control
        .set_script(Script::from_json(script).unwrap());
    assert_eq!(counter.raw_read().await.until_closed().await, b"");
}

#[tokio::test]
async fn held_call_ends_when_caller_closes() {
    for fault in endless() {
        let mut counter = ScriptedSandbox::open().await;
        counter.shop.client = Client::builder().no_proxy().build().unwrap();
        let idle = counter.idle;
        until("the shop's connection has ended", || tasks() == idle).await;

        let raw = held(&counter, fault).await;
        assert_eq!(tasks(), idle + 1, "the connection");
        drop(raw);
        until("the connection has ended", || tasks() == idle).await;
    }
}

#[tokio::test]
async fn held_call_ends_with_the_sandbox() {
    for fault in endless().into_iter().chain([Fault::delay(VERY_LONG)]) {
        let counter = ScriptedSandbox::open().await;
        let mut raw = held(&counter, fault.clone()).await;
        drop(counter);
        // A reset counts as an end too.
        let mut rest = Vec::new();
        let end = timeout(PATIENCE, raw.stream.read_to_end(&mut rest)).await;
        assert!(end.is_ok(), "still open: {fault:?}");
        until("every task has ended", || tasks() == 0).await;
    }
}

#[tokio::test]
async fn shutdown_does_not_wait_for_held_calls() {
    let counter = ScriptedSandbox::open().await;
    let mut raw = held(&counter, Fault::never()).await;
    timeout(PATIENCE, counter.shop.sandbox.shutdown())
        .await
        .unwrap();
    assert_eq!(raw.until_closed().await, b"");
}
