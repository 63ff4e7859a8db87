//! The script over HTTP.

use reqwest::Method;
use serde_json::{Value, json};

use super::counter::Counter;
use crate::sandbox::tests::shop::{read, refused};
use crate::sandbox::{Call, Fault};

const PATH: &str = "/sandbox/faults";

impl Counter {
    async fn put(&self, script: Value) -> (u16, Value) {
        read(self.shop.send(Method::PUT, PATH, None, Some(script)).await).await
    }

    async fn left(&self) -> Value {
        let (status, left) = read(self.shop.send(Method::GET, PATH, None, None).await).await;
        assert_eq!(status, 200);

        left
    }
}

#[tokio::test]
async fn a_script_that_is_put_is_played_without_a_key_being_asked_for() {
    let counter = Counter::open().await;
    let script = json!({
        "read": [{ "fault": "answer", "status": 500, "times": 2 }, { "fault": "html" }],
    });
    assert_eq!(counter.put(script.clone()).await, (200, script));
    for expected in [500, 500, 200] {
        assert_eq!(counter.read_status().await, expected);
    }
}

#[tokio::test]
async fn what_is_left_is_told_as_it_would_be_put() {
    let counter = Counter::open().await;
    assert_eq!(counter.left().await, json!({}));
    let script = json!({
        "read": [{ "fault": "answer", "status": 500, "times": 3 }, { "fault": "pass" }],
        "by-short-code": [{ "fault": "empty", "after-effect": true, "forever": true }],
    });
    counter.put(script).await;
    counter.read().await;

    let left = json!({
        "read": [{ "fault": "answer", "status": 500, "times": 2 }, { "fault": "pass" }],
        "by-short-code": [{ "fault": "empty", "after-effect": true, "forever": true }],
    });
    assert_eq!(counter.left().await, left);
    assert_eq!(counter.put(left.clone()).await, (200, left));
}

#[tokio::test]
async fn a_script_replaces_the_whole_of_the_one_before() {
    let counter = Counter::scripted(Call::Read, [Fault::status(500)]).await;
    counter.put(json!({ "void": [{ "fault": "html" }] })).await;
    assert_eq!(
        counter.left().await,
        json!({ "void": [{ "fault": "html" }] })
    );
}

#[tokio::test]
async fn after_a_delete_everything_goes_well() {
    let counter = Counter::scripted(Call::Read, [Fault::status(500).forever()]).await;
    let answer = counter.shop.send(Method::DELETE, PATH, None, None).await;
    assert_eq!(answer.status(), 204);
    assert_eq!(counter.left().await, json!({}));
    assert_eq!(counter.read_status().await, 200);
}

#[tokio::test]
async fn a_script_that_makes_no_sense_is_refused_and_the_old_one_stays() {
    let counter = Counter::scripted(Call::Read, [Fault::status(500)]).await;
    let answer = counter
        .put(json!({ "read": [{ "fault": "pass" }, { "fault": "pass", "tims": 3 }] }))
        .await;
    assert_eq!(refused(&answer), (400, "BAD_REQUEST"));
    let reason = answer.1["reason"].as_str().unwrap();
    assert!(
        reason.contains("read[1]") && reason.contains("`tims`"),
        "{reason}"
    );
    assert_eq!(counter.read_status().await, 500);
}
