//! What can be seen only in the bytes.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::counter::{Counter, length};
use crate::sandbox::{Call, Fault, Status};

#[tokio::test]
async fn f10_drop_before_closes_without_a_byte_and_without_the_effect() {
    let counter = Counter::scripted(Call::Void, [Fault::drop_before()]).await;
    assert_eq!(counter.raw_void().await.until_closed().await, b"");
    assert_eq!(counter.status(), Status::New);
}

#[tokio::test]
async fn f36_drop_after_closes_without_a_byte_after_the_effect() {
    let counter = Counter::scripted(Call::Void, [Fault::drop_after()]).await;
    assert_eq!(counter.raw_void().await.until_closed().await, b"");
    assert_eq!(counter.status(), Status::Cancelled);
}

#[tokio::test]
async fn f15_a_truncated_answer_announces_all_and_brings_half() {
    let counter = Counter::open().await;
    let whole = counter.read().await.text().await.unwrap();
    counter.control.script(Call::Read, [Fault::truncated()]);

    let mut raw = counter.raw_read().await;
    let head = raw.head().await;
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    assert_eq!(length(&head), whole.len());
    let body = raw.until_closed().await;
    assert_eq!(body, &whole.as_bytes()[..whole.len() / 2]);
}

#[tokio::test]
async fn f36_a_truncated_void_has_taken_place() {
    let counter = Counter::scripted(Call::Void, [Fault::truncated()]).await;
    assert!(counter.void().await.text().await.is_err());
    assert_eq!(counter.status(), Status::Cancelled);
}

#[tokio::test]
async fn f17_a_drip_brings_each_byte_after_a_pause() {
    const PAUSE: Duration = Duration::from_millis(20);
    let counter = Counter::scripted(Call::Read, [Fault::drip(PAUSE)]).await;
    let start = Instant::now();
    let mut raw = counter.raw_read().await;
    raw.head().await;
    for (number, expected) in (1..).zip(b"{\"id\"") {
        assert_eq!(raw.byte().await, *expected);
        assert!(start.elapsed() >= PAUSE * number);
    }
}

#[tokio::test]
async fn f17_a_drip_has_everything_in_the_end() {
    let counter = Counter::open().await;
    let whole: Value = counter.read().await.json().await.unwrap();
    let fast = Fault::drip(Duration::from_micros(1));
    counter.control.script(Call::Read, [fast]);
    let dripped: Value = counter.read().await.json().await.unwrap();
    assert_eq!(dripped, whole);
}

#[tokio::test]
async fn f17_a_huge_answer_is_as_large_as_it_says() {
    let counter = Counter::scripted(Call::Read, [Fault::huge(2)]).await;
    let response = counter.read().await;
    assert_eq!(response.headers()["content-type"], "application/json");
    let body = response.bytes().await.unwrap();
    assert!(body.starts_with(b"{\"padding\":\"x"));
    assert!((2 << 20..(2 << 20) + 100).contains(&body.len()));
}
