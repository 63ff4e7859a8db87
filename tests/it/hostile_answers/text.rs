//! Hostile text in each field of an answer that may be shown, told or logged. The text controls a terminal,
//! changes the direction of writing, forges a log line, or is very long.

use patron_display::sale::{Command, State};
use patron_display::sandbox::{ApiCall, Fault, FaultAnswer};
use serde_json::json;
use tracing::level_filters::LevelFilter;

use crate::hostile_answers::traces::{Trace, is_control, kept, logged};
use crate::hostile_answers::{begun, ends, paid, told, until_meanwhile};
use crate::logs::captured::CapturedLog;
use crate::support::scene::Rehearsal;

/// The program inserts this character into a short code to prevent a line break.
const WORD_JOINER: char = '\u{2060}';

/// Returns a hostile text that begins with `word`. Even a hundredth of it would be too long to show.
fn nasty(word: &str) -> String {
    let steering =
        "\u{202e}\u{2066}\u{1b}[31m\u{1b}]0;owned\u{7}\u{0}\u{200b}\u{feff}\u{e001}\u{85}";
    let forged = "\r\n2026-08-17T04:04:27.426Z  INFO forged: paid\u{2028}";

    format!("{word}{steering}{forged}{}", "x".repeat(20_000))
}

/// Whether the text contains the hostile text that begins with `word`, cleaned and cut to 40 letters.
fn is_left(word: &str, text: &str) -> bool {
    text.contains(&format!("{word}[31m]0;owned 2026-08"))
}

/// Returns every text that was told, journaled or shown until now.
async fn left(sale: &Rehearsal) -> Vec<Trace> {
    let mut left = kept(sale);
    let words = sale.words().await;
    let words = words.lines().map(|line| line.replace(WORD_JOINER, ""));
    left.extend(words.map(|line| ("screen", line)));

    left
}

/// Insists that the texts have no control characters and are short. Each of `places` must still have its word.
fn assert_clean(left: &[Trace], places: &[(&str, &str)]) {
    for (place, text) in left {
        let start: String = text.chars().take(300).collect();
        assert!(!text.chars().any(is_control), "{place}: {start:?}");
        // A log line may contain several texts.
        let most = if *place == "log" { 1200 } else { 400 };
        assert!(text.chars().count() < most, "{place}: {start:?}");
        assert!(!text.starts_with("2026-08-17T04:04:27"), "{place}: {start}");
    }
    for (place, word) in places {
        let found = left
            .iter()
            .any(|(at, text)| at == place && is_left(word, text));
        assert!(found, "{word} is not {place}: {left:#?}");
    }
}

#[tokio::test]
async fn f54_paid_sale_has_clean_texts() {
    let (captured, _guard) = CapturedLog::open(LevelFilter::DEBUG);
    let mut sale = begun("").await;
    let control = sale.control();
    let named = json!({
        "merchantName": nasty("shop"),
        "shortCode": nasty("code"),
        "expiresAt": nasty("when"),
        "merchantId": nasty("merchant"),
        "paymentOptions": [{ "assetType": nasty("option") }],
    });
    control.script(ApiCall::Create, [Fault::edit(named.clone())]);
    let odd = Fault::edit(json!({ "status": nasty("status"), "merchantName": nasty("shop") }));
    let by = json!({ "paidBy": { "assetTotals": [
        { "type": nasty("kind"), "total": { "amount": "1000", "currency": "NZD" } },
        { "type": "cash", "description": nasty("means") },
        { "type": "cash", "description": "\u{202e}\u{200b}" },
    ] } });
    control.script(ApiCall::Read, [odd.clone(), odd, Fault::edit(by)]);
    sale.until_shown().await;
    told(&sale, &["created", "shown"]).await;
    assert_clean(&left(&sale).await, &[("screen", "code"), ("told", "code")]);
    until_meanwhile(&mut sale, |_| control.calls(ApiCall::Read) >= 2).await;
    paid(&mut sale).await;
    sale.close();
    let all = [left(&sale).await, logged(&captured)].concat();
    let places = [
        ("told", "means"),
        ("told", "kind"),
        ("screen", "means"),
        ("journal", "code"),
        ("log", "code"),
        ("log", "status"),
    ];
    assert_clean(&all, &places);
    ends(sale, 0).await;
}

#[tokio::test]
async fn f54_refusal_has_clean_texts() {
    let (captured, _guard) = CapturedLog::open(LevelFilter::DEBUG);
    for status in [400, 401, 403] {
        let mut sale = begun("").await;
        let body = json!({ "message": nasty("code"), "reason": nasty("reason") });
        let refusal = Fault::answer(FaultAnswer::status(status).body(body));
        sale.script(ApiCall::Create, [refusal]);
        sale.until_ended("rejected").await;
        sale.close();
        let all = [left(&sale).await, logged(&captured)].concat();
        for place in ["told", "screen", "journal"] {
            assert_clean(&all, &[(place, "code"), (place, "reason")]);
        }
        assert_clean(&all, &[("log", "code")]);
        // The log must not contain the reason, because the reason may name the patron.
        let reason = |(place, text): &&Trace| *place == "log" && text.contains("reason[31m");
        assert_eq!(all.iter().find(reason), None);
        ends(sale, 40).await;
    }
}

#[tokio::test]
async fn f54_condition_and_cancel_have_clean_texts() {
    let (captured, _guard) = CapturedLog::open(LevelFilter::DEBUG);
    let mut sale = Rehearsal::shown("").await;
    let control = sale.control();
    let condition = json!({ "merchantConditions": [{
        "id": nasty("id"),
        "name": nasty("name"),
        "message": nasty("message"),
        "status": "awaiting-merchant",
    }] });
    control.script(ApiCall::Read, [Fault::edit(condition).forever()]);
    sale.until(|state| matches!(state, State::Waiting(_))).await;
    told(&sale, &["created", "shown", "waiting"]).await;
    let places = [("told", "message"), ("screen", "message")];
    assert_clean(&left(&sale).await, &places);

    let why = json!({ "cancellationReason": nasty("why") });
    control.script(ApiCall::Read, [Fault::edit(why).forever()]);
    control.decline(&sale.latest()).unwrap();
    sale.until_ended("cancelled").await;
    sale.close();
    let all = [left(&sale).await, logged(&captured)].concat();
    let places = [("told", "why"), ("journal", "why"), ("log", "why")];
    assert_clean(&all, &places);
    ends(sale, 21).await;
}

#[tokio::test]
async fn f54_void_and_activities_have_clean_texts() {
    let (captured, _guard) = CapturedLog::open(LevelFilter::DEBUG);
    let refusal = json!({ "message": nasty("code"), "reason": nasty("reason") });
    let answers = [
        (
            Fault::edit(json!({ "type": nasty("activity") })),
            "activity",
        ),
        (
            Fault::answer(FaultAnswer::status(403).body(refusal)).after_effect(),
            "code",
        ),
    ];
    for (answer, word) in answers {
        let mut sale = Rehearsal::shown("").await;
        let control = sale.control();
        sale.pay();
        control.script(ApiCall::Void, [answer]);
        let refund = json!({ "type": "refund", "value": { "amount": "1250", "currency": "NZD" } });
        let activities = json!([{ "type": nasty("list") }, refund]);
        let list = FaultAnswer::status(200).body(activities);
        control.script(ApiCall::Activities, [Fault::answer(list)]);
        sale.send(Command::Cancel);
        sale.until_ended("refund-started").await;
        sale.close();
        let all = [left(&sale).await, logged(&captured)].concat();
        assert_clean(&all, &[("log", word), ("log", "list")]);
        ends(sale, 22).await;
    }
}
