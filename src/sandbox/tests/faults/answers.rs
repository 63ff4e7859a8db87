//! Tests of faulty answers.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::counter::ScriptedSandbox;
use crate::sandbox::tests::shop::{read, refused};
use crate::sandbox::{ApiCall, Fault, FaultAnswer, RetryAfter};

#[tokio::test]
async fn f14_answer_sends_status_headers_and_body() {
    let answer = FaultAnswer::status(503)
        .header("Retry-After", "1")
        .header("Content-Type", "text/html")
        .body("<h1>Service Unavailable</h1>");
    let counter = ScriptedSandbox::scripted(ApiCall::Read, [answer.into()]).await;
    let response = counter.read().await;
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["retry-after"], "1");
    assert_eq!(response.headers()["content-type"], "text/html");
    assert_eq!(
        response.text().await.unwrap(),
        "<h1>Service Unavailable</h1>"
    );
}

#[tokio::test]
async fn f15_body_is_text_or_json() {
    let counter = ScriptedSandbox::scripted(
        ApiCall::Read,
        [
            FaultAnswer::status(200).body("\u{fffd}garbage").into(),
            FaultAnswer::status(200)
                .body(json!({ "status": "paid" }))
                .into(),
            Fault::status(500),
        ],
    )
    .await;
    let garbage = counter.read().await;
    assert_eq!(
        garbage.headers()["content-type"],
        "text/plain; charset=utf-8"
    );
    assert_eq!(garbage.text().await.unwrap(), "\u{fffd}garbage");

    let object = counter.read().await;
    assert_eq!(object.headers()["content-type"], "application/json");
    assert_eq!(object.text().await.unwrap(), r#"{"status":"paid"}"#);

    let nothing = counter.read().await;
    assert_eq!(nothing.headers().get("content-type"), None);
    assert_eq!(nothing.text().await.unwrap(), "");
}

#[tokio::test]
async fn f32_refusal_has_the_platform_form() {
    let counter =
        ScriptedSandbox::scripted(ApiCall::Void, [Fault::refusal(403, "REQUEST_PAID")]).await;
    let answer = read(counter.void().await).await;
    assert_eq!(refused(&answer), (403, "REQUEST_PAID"));
    assert_eq!(answer.1["error"], "Forbidden");
    assert_eq!(answer.1["statusCode"], 403);
}

#[tokio::test]
async fn f15_portal_page_is_html_with_200() {
    let counter = ScriptedSandbox::scripted(ApiCall::Read, [Fault::html()]).await;
    let response = counter.read().await;
    assert_eq!(response.status(), 200);
    assert_eq!(
        response.headers()["content-type"],
        "text/html; charset=utf-8"
    );
    assert!(response.text().await.unwrap().contains("<html"));
}

#[tokio::test]
async fn f15_empty_answer_is_200() {
    let counter = ScriptedSandbox::scripted(ApiCall::Read, [Fault::empty()]).await;
    let response = counter.read().await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.headers()["content-length"], "0");
    assert_eq!(response.text().await.unwrap(), "");
}

#[tokio::test]
async fn f15_wrong_content_type_keeps_content() {
    let counter =
        ScriptedSandbox::scripted(ApiCall::Read, [Fault::wrong_content_type("text/plain")]).await;
    let response = counter.read().await;
    assert_eq!(response.headers()["content-type"], "text/plain");
    let content: Value = response.json().await.unwrap();
    assert_eq!(content, counter.read_json().await.1);
}

#[tokio::test]
async fn f6_f12_throttle_sends_every_retry_after() {
    let counter = ScriptedSandbox::scripted(
        ApiCall::Read,
        [
            Fault::throttle(RetryAfter::Seconds(7)),
            Fault::throttle(RetryAfter::Text("soon".to_owned())),
            Fault::throttle(None),
        ],
    )
    .await;
    for expected in [Some("7"), Some("soon"), None] {
        let response = counter.read().await;
        let wait = response.headers().get("retry-after").cloned();
        assert_eq!(wait.as_ref().map(|wait| wait.to_str().unwrap()), expected);
        assert_eq!(refused(&read(response).await), (429, "RATE_LIMIT_EXCEEDED"));
    }
}

#[tokio::test]
async fn f12_throttle_can_send_a_date() {
    let wait = RetryAfter::Date { seconds: 90 };
    let counter = ScriptedSandbox::scripted(ApiCall::Read, [Fault::throttle(wait)]).await;
    let before = Timestamp::now();
    let response = counter.read().await;
    let date = response.headers()["retry-after"].to_str().unwrap();
    assert!(date.ends_with(" GMT"), "{date}");
    let at = jiff::fmt::rfc2822::parse(date).unwrap().timestamp();
    let wait = at.duration_since(before).as_secs_f64();
    assert!((88.0..100.0).contains(&wait), "{wait}");
}

#[tokio::test]
async fn f16_redirect_has_status_and_location() {
    const ELSEWHERE: &str = "https://elsewhere.example/api";
    let statuses = [301, 302, 303, 307, 308];
    let faults = statuses.map(|status| Fault::redirect(status, ELSEWHERE));
    let counter = ScriptedSandbox::scripted(ApiCall::Read, faults).await;
    for status in statuses {
        let response = counter.read().await;
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()["location"], ELSEWHERE);
    }
}

#[tokio::test]
async fn f7_f8_f54_edit_changes_only_the_answer() {
    let counter = ScriptedSandbox::open().await;
    let (_, truth) = counter.read_json().await;
    let patch = json!({
        "value": { "amount": "1" },
        "url": "https://app.centrapay.com.example/pay/{id}",
        "merchantName": "Caf\u{202e}\u{e9}",
        "status": "on-hold",
        "createdAt": null,
        "updatedAt": "{updatedAt-1h}",
    });
    counter.control.script(ApiCall::Read, [Fault::edit(patch)]);

    let (status, edited) = counter.read_json().await;
    assert_eq!(status, 200);
    assert_eq!(edited["value"], json!({ "amount": "1", "currency": "NZD" }));
    let url = format!("https://app.centrapay.com.example/pay/{}", counter.id);
    assert_eq!(edited["url"], url);
    assert_eq!(edited["merchantName"], "Caf\u{202e}\u{e9}");
    assert_eq!(edited["status"], "on-hold");
    assert_eq!(edited.get("createdAt"), None);
    let time =
        |answer: &Value| -> Timestamp { answer["updatedAt"].as_str().unwrap().parse().unwrap() };
    assert_eq!(time(&edited) + Duration::from_secs(3600), time(&truth));
    assert_eq!(edited["shortCode"], truth["shortCode"]);
    assert_eq!(counter.read_json().await.1, truth, "nothing has changed");
}

#[tokio::test]
async fn f31_edited_void_takes_effect() {
    let patch = json!({ "type": "refund" });
    let counter = ScriptedSandbox::scripted(ApiCall::Void, [Fault::edit(patch)]).await;
    let (status, activity) = read(counter.void().await).await;
    assert_eq!((status, &activity["type"]), (200, &json!("refund")));
    assert_eq!(counter.status(), crate::sandbox::SandboxStatus::Cancelled);
}

#[tokio::test]
async fn impossible_fault_is_500() {
    let counter = ScriptedSandbox::scripted(
        ApiCall::Read,
        [
            Fault::status(1000),
            Fault::redirect(307, "two\nlines"),
            FaultAnswer::status(200).header("no name", "").into(),
        ],
    )
    .await;
    for _ in 0..3 {
        let response = counter.read().await;
        assert_eq!(response.status(), 500);
        let said = response.text().await.unwrap();
        assert!(said.contains("cannot play"), "{said}");
    }
}
