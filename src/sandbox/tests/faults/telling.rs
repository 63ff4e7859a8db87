//! Tests of the script over HTTP.

use reqwest::Method;
use serde_json::{Value, json};

use super::counter::ScriptedSandbox;
use crate::sandbox::tests::shop::{read, refused};
use crate::sandbox::{ApiCall, Fault};

const PATH: &str = "/sandbox/faults";

impl ScriptedSandbox {
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
async fn put_script_needs_no_key() {
    let counter = ScriptedSandbox::open().await;
    let script = json!({
        "read": [{ "fault": "answer", "status": 500, "times": 2 }, { "fault": "html" }],
    });
    assert_eq!(counter.put(script.clone()).await, (200, script));
    for expected in [500, 500, 200] {
        assert_eq!(counter.read_status().await, expected);
    }
}

#[tokio::test]
async fn get_returns_the_unused_script() {
    let counter = ScriptedSandbox::open().await;
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
async fn put_replaces_the_whole_script() {
    let counter = ScriptedSandbox::scripted(ApiCall::Read, [Fault::status(500)]).await;
    counter.put(json!({ "void": [{ "fault": "html" }] })).await;
    assert_eq!(
        counter.left().await,
        json!({ "void": [{ "fault": "html" }] })
    );
}

#[tokio::test]
async fn delete_clears_the_script() {
    let counter = ScriptedSandbox::scripted(ApiCall::Read, [Fault::status(500).forever()]).await;
    let answer = counter.shop.send(Method::DELETE, PATH, None, None).await;
    assert_eq!(answer.status(), 204);
    assert_eq!(counter.left().await, json!({}));
    assert_eq!(counter.read_status().await, 200);
}

#[tokio::test]
async fn invalid_script_leaves_the_old_one() {
    let counter = ScriptedSandbox::scripted(ApiCall::Read, [Fault::status(500)]).await;
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
