//! Text that steers a terminal, turns the direction of writing, forges a line of the log, or has no
//! end, in every field of an answer that may be shown, told or written down.

use patron_display::display::Message;
use patron_display::sale::{Command, State};
use patron_display::sandbox::{Answer, Call, Fault};
use serde_json::json;
use tracing::level_filters::LevelFilter;

use crate::book::Book;
use crate::oracle::ends;
use crate::scene::Rehearsal;
use crate::traces::{Trace, kept, logged, steers};
use crate::{SCREEN, begun, paid, shown, told, until_meanwhile, words};

/// The program's own, within a short code, so that no line ends there.
const WORD_JOINER: char = '\u{2060}';

/// A text that begins with `word`. A hundredth of it would be too long.
fn nasty(word: &str) -> String {
    let steering =
        "\u{202e}\u{2066}\u{1b}[31m\u{1b}]0;owned\u{7}\u{0}\u{200b}\u{feff}\u{e001}\u{85}";
    let forged = "\r\n2026-08-17T04:04:27.426Z  INFO forged: paid\u{2028}";

    format!("{word}{steering}{forged}{}", "x".repeat(20_000))
}

/// What is left of it where a name may stand: 40 letters.
fn is_left(word: &str, text: &str) -> bool {
    text.contains(&format!("{word}[31m]0;owned 2026-08"))
}

/// What a sale has left behind by now: everything but the log.
async fn left(sale: &Rehearsal) -> Vec<Trace> {
    let mut left = kept(sale);
    let words = words::on(sale.display.display(), SCREEN).await;
    let words = words.lines().map(|line| line.replace(WORD_JOINER, ""));
    left.extend(words.map(|line| ("screen", line)));

    left
}

/// Nothing of it steers, and nothing is endless. A word that was among it is still there where
/// it may be.
fn assert_clean(left: &[Trace], places: &[(&str, &str)]) {
    for (place, text) in left {
        let start: String = text.chars().take(300).collect();
        assert!(!text.chars().any(steers), "{place}: {start:?}");
        // A line of the log may have several texts in it.
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
async fn f54_a_sale_that_is_paid_leaves_no_text_that_steers() {
    let (book, _guard) = Book::open(LevelFilter::DEBUG);
    let mut sale = begun("").await;
    let control = sale.sandbox.control();
    let named = json!({
        "merchantName": nasty("shop"),
        "shortCode": nasty("code"),
        "expiresAt": nasty("when"),
        "merchantId": nasty("merchant"),
        "paymentOptions": [{ "assetType": nasty("option") }],
    });
    control.script(Call::Create, [Fault::edit(named.clone())]);
    let odd = Fault::edit(json!({ "status": nasty("status"), "merchantName": nasty("shop") }));
    let by = json!({ "paidBy": { "assetTotals": [
        { "type": nasty("kind"), "total": { "amount": "1000", "currency": "NZD" } },
        { "type": "cash", "description": nasty("means") },
        { "type": "cash", "description": "\u{202e}\u{200b}" },
    ] } });
    control.script(Call::Read, [odd.clone(), odd, Fault::edit(by)]);
    sale.until_shown().await;
    told(&sale, &["created", "shown"]).await;
    assert_clean(&left(&sale).await, &[("screen", "code"), ("told", "code")]);
    until_meanwhile(&mut sale, |_| control.calls(Call::Read) >= 2).await;
    paid(&mut sale).await;
    sale.display.send(Message::Asked(Command::Close));
    sale.effects.finish();
    let all = [left(&sale).await, logged(&book)].concat();
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
async fn f54_a_refusal_leaves_no_text_that_steers() {
    let (book, _guard) = Book::open(LevelFilter::DEBUG);
    for status in [400, 401, 403] {
        let mut sale = begun("").await;
        let body = json!({ "message": nasty("code"), "reason": nasty("reason") });
        let refusal = Fault::answer(Answer::status(status).body(body));
        sale.sandbox.control().script(Call::Create, [refusal]);
        sale.until_ended("rejected").await;
        sale.display.send(Message::Asked(Command::Close));
        sale.effects.finish();
        let all = [left(&sale).await, logged(&book)].concat();
        for place in ["told", "screen", "journal"] {
            assert_clean(&all, &[(place, "code"), (place, "reason")]);
        }
        assert_clean(&all, &[("log", "code")]);
        // It may name who pays.
        let reason = |(place, text): &&Trace| *place == "log" && text.contains("reason[31m");
        assert_eq!(all.iter().find(reason), None);
        ends(sale, 40).await;
    }
}

#[tokio::test]
async fn f54_a_condition_and_a_cancellation_leave_no_text_that_steers() {
    let (book, _guard) = Book::open(LevelFilter::DEBUG);
    let mut sale = shown("").await;
    let control = sale.sandbox.control();
    let condition = json!({ "merchantConditions": [{
        "id": nasty("id"),
        "name": nasty("name"),
        "message": nasty("message"),
        "status": "awaiting-merchant",
    }] });
    control.script(Call::Read, [Fault::edit(condition).forever()]);
    sale.until(|state| matches!(state, State::Waiting(_))).await;
    told(&sale, &["created", "shown", "waiting"]).await;
    let places = [("told", "message"), ("screen", "message")];
    assert_clean(&left(&sale).await, &places);

    let why = json!({ "cancellationReason": nasty("why") });
    control.script(Call::Read, [Fault::edit(why).forever()]);
    control.decline(&sale.latest()).unwrap();
    sale.until_ended("cancelled").await;
    sale.display.send(Message::Asked(Command::Close));
    sale.effects.finish();
    let all = [left(&sale).await, logged(&book)].concat();
    let places = [("told", "why"), ("journal", "why"), ("log", "why")];
    assert_clean(&all, &places);
    ends(sale, 21).await;
}

#[tokio::test]
async fn f54_what_a_void_and_the_activities_say_leaves_no_text_that_steers() {
    let (book, _guard) = Book::open(LevelFilter::DEBUG);
    let refusal = json!({ "message": nasty("code"), "reason": nasty("reason") });
    let answers = [
        (
            Fault::edit(json!({ "type": nasty("activity") })),
            "activity",
        ),
        (
            Fault::answer(Answer::status(403).body(refusal)).after_effect(),
            "code",
        ),
    ];
    for (answer, word) in answers {
        let mut sale = shown("").await;
        let control = sale.sandbox.control();
        control.pay(&sale.latest()).unwrap();
        control.script(Call::Void, [answer]);
        let refund = json!({ "type": "refund", "value": { "amount": "1250", "currency": "NZD" } });
        let activities = json!([{ "type": nasty("list") }, refund]);
        let list = Answer::status(200).body(activities);
        control.script(Call::Activities, [Fault::answer(list)]);
        sale.display.send(Message::Asked(Command::Cancel));
        sale.until_ended("refund-started").await;
        sale.display.send(Message::Asked(Command::Close));
        sale.effects.finish();
        let all = [left(&sale).await, logged(&book)].concat();
        assert_clean(&all, &[("log", word), ("log", "list")]);
        ends(sale, 22).await;
    }
}
