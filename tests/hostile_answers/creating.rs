//! Creates that are lost, late, done twice, refused or throttled.

use std::time::Duration;

use futures_util::future::join_all;
use patron_display::display::Message;
use patron_display::sale::{Command, NewRequest, Pause, State};
use patron_display::sandbox::{Answer, Call, Fault, RetryAfter, Status};
use serde_json::json;

use crate::oracle::{self, ends};
use crate::scene::Rehearsal;
use crate::{
    ACCOUNT, SCREEN, begun, client, first_create, paid, shown, told, too_long, until_meanwhile,
    words,
};

/// Each way in which a create takes place and its answer is of no use.
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

/// The till's references of what is at the platform, oldest first.
fn references(sale: &Rehearsal) -> Vec<String> {
    let requests = sale.sandbox.control().requests();

    requests
        .into_iter()
        .map(|request| request.till_reference().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn f1_a_lost_create_is_found_by_its_reference_and_shown_where_the_account_is_known() {
    join_all(lost().into_iter().map(async |fault| {
        let mut sale = begun(ACCOUNT).await;
        sale.sandbox.control().script(Call::Create, [fault.clone()]);
        sale.until_shown().await;
        assert_eq!(references(&sale), ["A1"], "{fault:?}");
        paid(&mut sale).await;
        ends(sale, 0).await;
    }))
    .await;
}

#[tokio::test]
async fn f1_a_lost_create_is_followed_by_another_reference_where_the_account_is_not_known() {
    join_all(lost().into_iter().map(async |fault| {
        let mut sale = begun("").await;
        sale.sandbox.control().script(Call::Create, [fault.clone()]);
        sale.until_shown().await;
        assert_eq!(references(&sale), ["A1", "A1-2"], "{fault:?}");
        told(&sale, &["created", "shown"]).await;
        paid(&mut sale).await;
        let first = oracle::entries(&sale).remove(0);
        assert!(first.id.is_none() && first.shown_at.is_none());
        assert!(first.closed_at.is_none(), "it is open: {first:?}");
        ends(sale, 0).await;
    }))
    .await;
}

#[tokio::test]
async fn f1_a_lost_create_with_too_little_time_left_is_voided_and_not_shown() {
    let mut sale = begun(&format!("{ACCOUNT}expiry-seconds = 25\n")).await;
    let control = sale.sandbox.control();
    control.script(Call::Create, [Fault::drop_after()]);
    sale.until_shown().await;
    assert_eq!(references(&sale), ["A1", "A1-2"]);
    until_meanwhile(&mut sale, |_| {
        control.requests()[0].status == Status::Cancelled
    })
    .await;
    paid(&mut sale).await;
    ends(sale, 0).await;
}

#[tokio::test]
async fn f1_what_is_found_on_other_terms_is_somebody_elses_and_is_left_alone() {
    let mut sale = begun(ACCOUNT).await;
    let control = sale.sandbox.control();
    control.script(Call::Create, [Fault::drop_after()]);
    control.script(
        Call::Read,
        [Fault::edit(json!({ "value": { "amount": "125000" } }))],
    );
    sale.until_shown().await;
    assert_eq!(references(&sale), ["A1", "A1-2"]);
    paid(&mut sale).await;
    let first = control.requests().remove(0);
    assert_eq!(first.status, Status::New);
    ends(sale, 0).await;
}

#[tokio::test]
async fn f1_creates_that_are_all_lost_end_unreachable_and_nothing_was_shown() {
    for more in ["", ACCOUNT] {
        let mut sale = begun(more).await;
        let control = sale.sandbox.control();
        control.script(Call::Create, [Fault::drop_after().forever()]);
        control.script(Call::ByExternalRef, [Fault::status(502).forever()]);
        sale.until_ended("unreachable").await;
        assert_eq!(references(&sale), ["A1", "A1-2", "A1-3"]);
        let words = words::on(sale.display.display(), SCREEN).await;
        assert!(words.contains("Cannot reach Centrapay"), "{words}");
        let told = sale.told.clone();
        let settled = ends(sale, 41).await;
        assert_eq!(told.names(), ["ended", "outcome"]);
        if !more.is_empty() {
            let voided = |request: &_| matches!(request, Status::Cancelled);
            let requests = settled.sandbox.control().requests();
            let all = requests.iter().all(|request| voided(&request.status));
            assert!(all, "what can be found is voided: {requests:?}");
        }
    }
}

#[tokio::test]
async fn f2_of_a_create_that_was_done_twice_one_is_shown_and_the_other_voided() {
    let mut sale = begun(ACCOUNT).await;
    let control = sale.sandbox.control();
    control.script(Call::Create, [Fault::drop_after()]);
    // The twin has the same reference, token included, and is there when the counter looks.
    let later = Duration::from_secs(2);
    control.script(Call::ByExternalRef, [Fault::delay(later)]);
    sale.until(|_| control.requests().len() == 1).await;
    let again = NewRequest {
        external_ref: control.requests().remove(0).external_ref.unwrap(),
        ..first_create()
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
        control.request(&other.id).unwrap().status == Status::Cancelled
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
async fn f2_a_create_that_is_found_paid_is_not_given_back_and_no_other_code_is_shown() {
    let mut sale = begun(ACCOUNT).await;
    let control = sale.sandbox.control();
    control.script(Call::Create, [Fault::drop_after()]);
    control.script(Call::ByExternalRef, [Fault::delay(Duration::from_secs(1))]);
    sale.until(|_| control.latest().is_some()).await;
    control.pay(&sale.latest()).unwrap();
    sale.until_ended("unknown").await;
    told(&sale, &["ended"]).await;
    assert_eq!(sale.close(), Some(30));
    let entry = oracle::entries(&sale).remove(0);
    assert_eq!(entry.id.as_deref(), Some(sale.latest().as_str()));
    assert!(
        entry.closed_at.is_none(),
        "a person has to decide: {entry:?}"
    );
    assert_eq!(control.requests().len(), 1);
    assert_eq!(control.calls(Call::Void), 0);
}

#[tokio::test]
async fn f1_a_look_up_that_is_throttled_is_repeated_and_finds_the_lost_create() {
    let mut sale = begun(ACCOUNT).await;
    let control = sale.sandbox.control();
    control.script(Call::Create, [Fault::drop_after()]);
    control.script(
        Call::ByExternalRef,
        [Fault::throttle(RetryAfter::Seconds(1))],
    );
    sale.until_shown().await;
    assert_eq!(references(&sale), ["A1"]);
    paid(&mut sale).await;
    ends(sale, 0).await;
}

#[tokio::test]
async fn f7_a_create_that_is_answered_as_something_else_than_new_is_never_shown() {
    for status in ["paid", "cancelled", "settling"] {
        let mut sale = begun("").await;
        let control = sale.sandbox.control();
        control.script(Call::Create, [Fault::edit(json!({ "status": status }))]);
        sale.until_ended("rejected").await;
        told(&sale, &["waiting", "ended"]).await;
        ends(sale, 40).await;
        let requests = control.requests();
        assert_eq!(requests.len(), 1, "{status}");
        assert_eq!(requests[0].status, Status::Cancelled, "{status}");
    }
}

#[tokio::test]
async fn f2_f3_a_create_that_arrives_late_is_never_shown_and_voided_when_it_is_found() {
    let mut sale = begun(ACCOUNT).await;
    let control = sale.sandbox.control();
    // The counter gives up after 8 s, finds nothing then, and pauses for a second at most.
    let late = Duration::from_millis(10_500);
    control.script(Call::Create, [Fault::delay(late)]);
    sale.until_shown().await;
    assert_eq!(references(&sale), ["A1-2"]);
    assert_eq!(control.calls(Call::ByExternalRef), 1);
    let shown = sale.latest();
    until_meanwhile(&mut sale, |_| control.requests().len() == 2).await;
    control.pay(&shown).unwrap();
    sale.until_ended("paid").await;
    let settled = ends(sale, 0).await;
    let newest = control.latest().unwrap();
    let late = settled.sandbox.control().request(&newest);
    assert_eq!(late.unwrap().status, Status::Cancelled);
    assert_eq!(settled.told.last().unwrap()["externalRef"], "A1");
}

#[tokio::test]
async fn f3_a_look_up_that_finds_nothing_is_repeated_until_the_requests_time_is_over() {
    for is_over in [false, true] {
        let mut sale = begun(ACCOUNT).await;
        let control = sale.sandbox.control();
        control.script(Call::Create, [Fault::drop_before()]);
        sale.until_shown().await;
        assert_eq!(references(&sale), ["A1-2"]);
        assert_eq!(control.calls(Call::ByExternalRef), 1);
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
        assert_eq!(control.calls(Call::ByExternalRef), 2);
        let entries = oracle::entries_in(settled.directory.path());
        assert_eq!(entries[0].closed_at.is_some(), is_over, "{entries:?}");
    }
}

#[tokio::test]
async fn f5_a_create_that_is_refused_is_not_tried_again_and_the_cashier_reads_why() {
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
        let control = sale.sandbox.control();
        let refusal = Answer::status(status).body(body);
        control.script(Call::Create, [Fault::answer(refusal).forever()]);
        sale.until_ended("rejected").await;
        let words = words::on(sale.display.display(), SCREEN).await;
        for said in [headline, code, reason] {
            assert!(words.contains(said), "{said}: {words}");
        }
        let told = sale.told.clone();
        ends(sale, 40).await;
        assert_eq!(control.calls(Call::Create), 1);
        assert_eq!(told.names(), ["ended", "outcome"]);
        let why = told.events()[1]["reason"].to_string();
        assert!(why.contains(code) && why.contains(reason), "{why}");
    }
}

/// Until the create waits because the platform asked for patience.
async fn until_throttled(sale: &mut Rehearsal) {
    sale.until(|state| {
        matches!(state, State::Creating(creating) if creating.pause() == Some(Pause::Throttled))
    })
    .await;
}

#[tokio::test]
async fn f6_a_create_that_is_throttled_waits_in_sight_and_is_sent_again_as_the_same_attempt() {
    let waits = [
        (Some(RetryAfter::Seconds(3)), 3.0),
        // A date has whole seconds, rounded down on both ends.
        (Some(RetryAfter::Date { seconds: 3 }), 2.0),
        (Some(RetryAfter::Text("soon".to_owned())), 2.0),
        (None, 2.0),
    ];
    join_all(waits.into_iter().map(async |(retry_after, least)| {
        let mut sale = begun("").await;
        let control = sale.sandbox.control();
        control.script(Call::Create, [Fault::throttle(retry_after.clone())]);
        until_throttled(&mut sale).await;
        let words = words::on(sale.display.display(), SCREEN).await;
        assert!(words.contains("Waiting for Centrapay"), "{words}");
        sale.until_shown().await;
        let [first, second] = control.call_times(Call::Create)[..] else {
            panic!("{:?}", control.call_times(Call::Create));
        };
        let waited = (second - first).as_secs_f32();
        assert!(
            (least..least + 3.0).contains(&waited),
            "{retry_after:?}: {waited} s"
        );
        assert_eq!(references(&sale), ["A1"]);
        paid(&mut sale).await;
        ends(sale, 0).await;
    }))
    .await;
}

#[tokio::test]
async fn f6_a_create_that_is_throttled_can_be_cancelled_while_it_waits() {
    let mut sale = begun("").await;
    let control = sale.sandbox.control();
    let patience = Fault::throttle(RetryAfter::Seconds(60));
    control.script(Call::Create, [patience.forever()]);
    until_throttled(&mut sale).await;
    sale.display.send(Message::Asked(Command::Cancel));
    sale.until_ended("cancelled").await;
    assert_eq!(control.calls(Call::Create), 1);
    ends(sale, 21).await;
    assert!(control.requests().is_empty());
}

#[tokio::test]
async fn f9_a_request_that_leaves_no_time_to_pay_is_voided_and_followed_by_another() {
    let patches = [
        json!({ "expiresAt": "{createdAt+9s}" }),
        json!({ "expiresAt": "{createdAt}" }),
        json!({ "expiresAt": "{createdAt-5m}" }),
        json!({ "expiresAt": null, "expirySeconds": 9 }),
        json!({ "status": "expired" }),
    ];
    join_all(patches.map(async |patch| {
        let mut sale = begun("").await;
        let control = sale.sandbox.control();
        control.script(Call::Create, [Fault::edit(patch.clone())]);
        sale.until_shown().await;
        assert_eq!(references(&sale), ["A1", "A1-2"], "{patch}");
        let first = control.requests().remove(0);
        assert_eq!(first.status, Status::Cancelled, "{patch}");
        assert!(sale.read_screen().ends_with(&sale.latest()));
        paid(&mut sale).await;
        ends(sale, 0).await;
    }))
    .await;
}

#[tokio::test]
async fn f9_a_platform_that_never_leaves_time_to_pay_ends_in_a_refusal_that_says_so() {
    let mut sale = begun("").await;
    let control = sale.sandbox.control();
    let short = Fault::edit(json!({ "expiresAt": "{createdAt+9s}" }));
    control.script(Call::Create, [short.forever()]);
    sale.until_ended("rejected").await;
    let words = words::on(sale.display.display(), SCREEN).await;
    assert!(words.contains("left no time to pay"), "{words}");
    ends(sale, 40).await;
    let requests = control.requests();
    assert_eq!(requests.len(), 3);
    let voided = requests.iter().all(|one| one.status == Status::Cancelled);
    assert!(voided, "{requests:?}");
}

#[tokio::test]
async fn f9_a_code_with_just_enough_time_is_shown() {
    let sale = shown("expiry-seconds = 11\n").await;
    assert_eq!(references(&sale), ["A1"]);
}
