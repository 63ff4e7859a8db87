//! Tests of the bytes on the wire.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::counter::{ScriptedSandbox, length};
use crate::sandbox::{ApiCall, Fault, SandboxStatus};

#[tokio::test]
async fn f10_drop_before_closes_without_effect() {
    let counter = ScriptedSandbox::scripted(ApiCall::Void, [Fault::drop_before()]).await;
    assert_eq!(counter.raw_void().await.until_closed().await, b"");
    assert_eq!(counter.status(), SandboxStatus::New);
}

#[tokio::test]
async fn f36_drop_after_closes_after_effect() {
    let counter = ScriptedSandbox::scripted(ApiCall::Void, [Fault::drop_after()]).await;
    assert_eq!(counter.raw_void().await.until_closed().await, b"");
    assert_eq!(counter.status(), SandboxStatus::Cancelled);
}

#[tokio::test]
async fn f15_truncated_answer_sends_half() {
    let counter = ScriptedSandbox::open().await;
    let whole = counter.read().await.text().await.unwrap();
    counter.control.script(ApiCall::Read, [Fault::truncated()]);

    let mut raw = counter.raw_read().await;
    let head = raw.head().await;
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    assert_eq!(length(&head), whole.len());
    let body = raw.until_closed().await;
    assert_eq!(body, &whole.as_bytes()[..whole.len() / 2]);
}

#[tokio::test]
async fn f36_truncated_void_takes_effect() {
    let counter = ScriptedSandbox::scripted(ApiCall::Void, [Fault::truncated()]).await;
    assert!(counter.void().await.text().await.is_err());
    assert_eq!(counter.status(), SandboxStatus::Cancelled);
}

#[tokio::test]
async fn f17_drip_sends_a_byte_per_pause() {
    const PAUSE: Duration = Duration::from_millis(20);
    let counter = ScriptedSandbox::scripted(ApiCall::Read, [Fault::drip(PAUSE)]).await;
    let start = Instant::now();
    let mut raw = counter.raw_read().await;
    raw.head().await;
    for (number, expected) in (1..).zip(b"{\"con") {
        assert_eq!(raw.byte().await, *expected);
        assert!(start.elapsed() >= PAUSE * number);
    }
}

#[tokio::test]
async fn f17_drip_sends_the_whole_answer() {
    let counter = ScriptedSandbox::open().await;
    let whole: Value = counter.read().await.json().await.unwrap();
    let fast = Fault::drip(Duration::from_micros(1));
    counter.control.script(ApiCall::Read, [fast]);
    let dripped: Value = counter.read().await.json().await.unwrap();
    assert_eq!(dripped, whole);
}

#[tokio::test]
async fn f17_huge_answer_has_its_full_size() {
    let counter = ScriptedSandbox::scripted(ApiCall::Read, [Fault::huge(2)]).await;
    let response = counter.read().await;
    assert_eq!(response.headers()["content-type"], "application/json");
    let body = response.bytes().await.unwrap();
    assert!(body.starts_with(b"{\"padding\":\"x"));
    assert!((2 << 20..(2 << 20) + 100).contains(&body.len()));
}
