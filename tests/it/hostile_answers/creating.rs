//! Creates that are lost, late, repeated, refused or throttled.

use std::time::Duration;

use futures_util::future::join_all;
use patron_display::sale::{Command, NewRequest, Pause, State};
use patron_display::sandbox::{ApiCall, Control, Fault, FaultAnswer, RetryAfter, SandboxStatus};
use serde_json::json;

use crate::hostile_answers::{
    ACCOUNT, begun, client, ends, ends_paid, paid, scripted, told, too_long, until_meanwhile,
};
use crate::support::oracle;
use crate::support::scene::Rehearsal;
use crate::support::shop::new_request;

/// Returns faults after which the create has taken effect, but the client has no usable answer.
fn lost() -> Vec<Fault> {
    vec![
        Fault::drop_after(),
        Fault::status(500).after_effect(),
        Fault::refusal(503, "SERVICE_UNAVAILABLE").after_effect(),
        Fault::refusal(408, "REQUEST_TIMEOUT").after_effect(),
        Fault::status(425).after_effect(),
        Fault::html().after_effect(),
        Fault::empty().after_effect(),
        Fault::huge(1).after_effect(),
        too_long(json!({})),
        Fault::truncated(),
        Fault::wrong_content_type("text/plain"),
        Fault::edit(json!({ "id": "../../admin" })),
    ]
}

/// Returns the till's references of the requests at the platform, oldest first.
fn references(sale: &Rehearsal) -> Vec<String> {
    let requests = sale.control().requests();

    requests
        .into_iter()
        .map(|request| request.till_reference().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn f1_lost_create_is_found_and_shown() {
    join_all(lost().into_iter().map(async |fault| {
        let (mut sale, _) = scripted(ACCOUNT, ApiCall::Create, [fault.clone()]).await;
        sale.until_shown().await;
        assert_eq!(references(&sale), ["A1"], "{fault:?}");
        ends_paid(sale).await;
    }))
    .await;
}

#[tokio::test]
async fn f1_lost_create_gets_another_reference() {
    join_all(lost().into_iter().map(async |fault| {
        let (mut sale, _) = scripted("", ApiCall::Create, [fault.clone()]).await;
        sale.until_shown().await;
        assert_eq!(references(&sale), ["A1", "A1-2"], "{fault:?}");
        told(&sale, &["created", "shown"]).await;
        paid(&mut sale).await;
        let first = oracle::entries(sale.directory.path()).remove(0);
        assert!(first.id.is_none() && first.shown_at.is_none());
        assert!(first.closed_at.is_none(), "closed: {first:?}");
        ends(sale, 0).await;
    }))
    .await;
}

#[tokio::test]
async fn f1_lost_create_with_little_time_is_voided() {
    let mut sale = begun(&format!("{ACCOUNT}expiry-seconds = 25\n")).await;
    let control = sale.control();
    control.script(ApiCall::Create, [Fault::drop_after()]);
    sale.until_shown().await;
    assert_eq!(references(&sale), ["A1", "A1-2"]);
    until_meanwhile(&mut sale, |_| {
        control.requests()[0].status == SandboxStatus::Cancelled
    })
    .await;
    ends_paid(sale).await;
}

#[tokio::test]
async fn f1_found_on_other_terms_is_left_alone() {
    let (mut sale, control) = scripted(ACCOUNT, ApiCall::Create, [Fault::drop_after()]).await;
    let other = json!({ "value": { "amount": "125000" } });
    control.script(ApiCall::Read, [Fault::edit(other)]);
    sale.until_shown().await;
    assert_eq!(references(&sale), ["A1", "A1-2"]);
    paid(&mut sale).await;
    assert_eq!(control.requests()[0].status, SandboxStatus::New);
    ends(sale, 0).await;
}

#[tokio::test]
async fn f1_only_lost_creates_end_unreachable() {
    for more in ["", ACCOUNT] {
        let mut sale = begun(more).await;
        let control = sale.control();
        control.script(ApiCall::Create, [Fault::drop_after().forever()]);
        control.script(ApiCall::ByExternalRef, [Fault::status(502).forever()]);
        sale.until_ended("unreachable").await;
        assert_eq!(references(&sale), ["A1", "A1-2", "A1-3"]);
        sale.says("Cannot reach Centrapay").await;
        let told = sale.told.clone();
        let settled = ends(sale, 41).await;
        assert_eq!(told.names(), ["ended", "outcome"]);
        if !more.is_empty() {
            assert_all_voided(&settled.sandbox.control());
        }
    }
}

fn assert_all_voided(control: &Control) {
    let requests = control.requests();
    let voided = requests
        .iter()
        .all(|request| request.status == SandboxStatus::Cancelled);
    assert!(voided, "{requests:?}");
}

#[tokio::test]
async fn f2_one_of_two_creates_is_voided() {
    let (mut sale, control) = scripted(ACCOUNT, ApiCall::Create, [Fault::drop_after()]).await;
    // The look-up waits until the second request exists, which has the same reference and token.
    let later = Duration::from_secs(2);
    control.script(ApiCall::ByExternalRef, [Fault::delay(later)]);
    sale.until(|_| control.requests().len() == 1).await;
    let again = NewRequest {
        external_ref: control.requests().remove(0).external_ref.unwrap(),
        ..new_request()
    };
    let twin = client(sale.sandbox.address()).create(&again).await.unwrap();
    sale.until_shown().await;
    assert_eq!(references(&sale), ["A1", "A1"]);
    let code = sale.read_screen();
    let other = control
        .requests()
        .into_iter()
        .find(|request| !code.ends_with(&request.id))
        .unwrap();
    until_meanwhile(&mut sale, |_| {
        control.request(&other.id).unwrap().status == SandboxStatus::Cancelled
    })
    .await;
    let shown = if other.id == twin.id.as_str() {
        sale.latest()
    } else {
        twin.id.to_string()
    };
    control.pay(&shown).unwrap();
    sale.until_ended("paid").await;
    ends(sale, 0).await;
}

#[tokio::test]
async fn f2_create_found_paid_is_kept_and_unknown() {
    let (mut sale, control) = scripted(ACCOUNT, ApiCall::Create, [Fault::drop_after()]).await;
    let later = Duration::from_secs(1);
    control.script(ApiCall::ByExternalRef, [Fault::delay(later)]);
    sale.until(|_| control.latest().is_some()).await;
    sale.pay();
    sale.until_ended("unknown").await;
    told(&sale, &["ended"]).await;
    assert_eq!(sale.close(), Some(30));
    let entry = oracle::entries(sale.directory.path()).remove(0);
    assert_eq!(entry.id.as_deref(), Some(sale.latest().as_str()));
    assert!(entry.closed_at.is_none(), "a person decides: {entry:?}");
    assert_eq!(control.requests().len(), 1);
    assert_eq!(control.calls(ApiCall::Void), 0);
}

#[tokio::test]
async fn f1_throttled_look_up_is_repeated() {
    let (mut sale, control) = scripted(ACCOUNT, ApiCall::Create, [Fault::drop_after()]).await;
    let throttle = Fault::throttle(RetryAfter::Seconds(1));
    control.script(ApiCall::ByExternalRef, [throttle]);
    sale.until_shown().await;
    assert_eq!(references(&sale), ["A1"]);
    ends_paid(sale).await;
}

#[tokio::test]
async fn f7_create_answered_as_not_new_is_not_shown() {
    for status in ["paid", "cancelled", "settling"] {
        let mut sale = begun("").await;
        let control = sale.control();
        control.script(ApiCall::Create, [Fault::edit(json!({ "status": status }))]);
        sale.until_ended("rejected").await;
        told(&sale, &["waiting", "ended"]).await;
        ends(sale, 40).await;
        let requests = control.requests();
        assert_eq!(requests.len(), 1, "{status}");
        assert_eq!(requests[0].status, SandboxStatus::Cancelled, "{status}");
    }
}

#[tokio::test]
async fn f2_f3_create_that_arrives_late_is_voided() {
    let mut sale = begun(ACCOUNT).await;
    let control = sale.control();
    // The create arrives after the display has given up (8 s), found no request, and paused (at most 1 s).
    let late = Duration::from_millis(10_500);
    control.script(ApiCall::Create, [Fault::delay(late)]);
    sale.until_shown().await;
    assert_eq!(references(&sale), ["A1-2"]);
    assert_eq!(control.calls(ApiCall::ByExternalRef), 1);
    let shown = sale.latest();
    until_meanwhile(&mut sale, |_| control.requests().len() == 2).await;
    control.pay(&shown).unwrap();
    sale.until_ended("paid").await;
    let settled = ends(sale, 0).await;
    let newest = control.latest().unwrap();
    let late = settled.sandbox.control().request(&newest);
    assert_eq!(late.unwrap().status, SandboxStatus::Cancelled);
    assert_eq!(settled.told.last().unwrap()["externalRef"], "A1");
}

#[tokio::test]
async fn f3_look_up_is_repeated_until_the_expiry() {
    for is_over in [false, true] {
        let (mut sale, control) = scripted(ACCOUNT, ApiCall::Create, [Fault::drop_before()]).await;
        sale.until_shown().await;
        assert_eq!(references(&sale), ["A1-2"]);
        assert_eq!(control.calls(ApiCall::ByExternalRef), 1);
        paid(&mut sale).await;
        if is_over {
            let journal = sale.directory.path().join("journal.sqlite3");
            rusqlite::Connection::open(journal)
                .unwrap()
                .execute(
                    "UPDATE attempt SET intended_at = datetime('now', '-10 minutes')
                     WHERE attempt = 1",
                    [],
                )
                .unwrap();
        }
        let settled = ends(sale, 0).await;
        assert_eq!(control.calls(ApiCall::ByExternalRef), 2);
        let entries = oracle::entries(settled.directory.path());
        assert_eq!(entries[0].closed_at.is_some(), is_over, "{entries:?}");
    }
}

#[tokio::test]
async fn f5_refused_create_is_final_and_explained() {
    for (status, code, headline) in [
        (400, "VALIDATION_FAILED", "refused this payment request"),
        (401, "INVALID_KEY", "did not accept this shop’s key"),
        (
            403,
            "NO_AVAILABLE_PAYMENT_OPTIONS",
            "refused this payment request",
        ),
    ] {
        let reason = "as the platform explains it";
        let body = json!({ "statusCode": status, "message": code, "reason": reason });
        let mut sale = begun(ACCOUNT).await;
        let control = sale.control();
        let refusal = FaultAnswer::status(status).body(body);
        control.script(ApiCall::Create, [Fault::answer(refusal).forever()]);
        sale.until_ended("rejected").await;
        for text in [headline, code, reason] {
            sale.says(text).await;
        }
        let told = sale.told.clone();
        ends(sale, 40).await;
        assert_eq!(control.calls(ApiCall::Create), 1);
        assert_eq!(told.names(), ["ended", "outcome"]);
        let why = told.events()[1]["reason"].to_string();
        assert!(why.contains(code) && why.contains(reason), "{why}");
    }
}

/// Waits until the sale pauses before the next create, because the platform throttled it.
async fn until_throttled(sale: &mut Rehearsal) {
    sale.until(|state| {
        matches!(state, State::Creating(creating) if creating.pause() == Some(Pause::Throttled))
    })
    .await;
}

#[tokio::test]
async fn f6_throttled_create_waits_and_is_sent_again() {
    let waits = [
        (Some(RetryAfter::Seconds(3)), 3.0),
        // The date has whole seconds. The platform and the client both round down.
        (Some(RetryAfter::Date { seconds: 3 }), 2.0),
        (Some(RetryAfter::Text("soon".to_owned())), 2.0),
        (None, 2.0),
    ];
    join_all(waits.into_iter().map(async |(retry_after, least)| {
        let mut sale = begun("").await;
        let control = sale.control();
        control.script(ApiCall::Create, [Fault::throttle(retry_after.clone())]);
        until_throttled(&mut sale).await;
        sale.says("Waiting for Centrapay").await;
        sale.until_shown().await;
        let [first, second] = control.call_times(ApiCall::Create)[..] else {
            panic!("{:?}", control.call_times(ApiCall::Create));
        };
        let waited = (second - first).as_secs_f32();
        assert!(
            (least..least + 3.0).contains(&waited),
            "{retry_after:?}: {waited} s"
        );
        assert_eq!(references(&sale), ["A1"]);
        ends_paid(sale).await;
    }))
    .await;
}

#[tokio::test]
async fn f6_throttled_create_can_be_cancelled() {
    let mut sale = begun("").await;
    let control = sale.control();
    let throttle = Fault::throttle(RetryAfter::Seconds(60));
    control.script(ApiCall::Create, [throttle.forever()]);
    until_throttled(&mut sale).await;
    sale.send(Command::Cancel);
    sale.until_ended("cancelled").await;
    assert_eq!(control.calls(ApiCall::Create), 1);
    ends(sale, 21).await;
    assert!(control.requests().is_empty());
}

#[tokio::test]
async fn f9_request_without_time_to_pay_is_replaced() {
    let patches = [
        json!({ "expiresAt": "{createdAt+9s}" }),
        json!({ "expiresAt": "{createdAt}" }),
        json!({ "expiresAt": "{createdAt-5m}" }),
        json!({ "expiresAt": null, "expirySeconds": 9 }),
        json!({ "status": "expired" }),
    ];
    join_all(patches.map(async |patch| {
        let (mut sale, control) = scripted("", ApiCall::Create, [Fault::edit(patch.clone())]).await;
        sale.until_shown().await;
        assert_eq!(references(&sale), ["A1", "A1-2"], "{patch}");
        let first = control.requests().remove(0);
        assert_eq!(first.status, SandboxStatus::Cancelled, "{patch}");
        assert!(sale.read_screen().ends_with(&sale.latest()));
        ends_paid(sale).await;
    }))
    .await;
}

#[tokio::test]
async fn f9_never_any_time_to_pay_ends_rejected() {
    let mut sale = begun("").await;
    let control = sale.control();
    let short = Fault::edit(json!({ "expiresAt": "{createdAt+9s}" }));
    control.script(ApiCall::Create, [short.forever()]);
    sale.until_ended("rejected").await;
    sale.says("left no time to pay").await;
    ends(sale, 40).await;
    assert_eq!(control.requests().len(), 3);
    assert_all_voided(&control);
}

#[tokio::test]
async fn f9_code_with_just_enough_time_is_shown() {
    let sale = Rehearsal::shown("expiry-seconds = 11\n").await;
    assert_eq!(references(&sale), ["A1"]);
}
