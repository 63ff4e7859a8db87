//! Polls that bring no answer, or one that nobody understands.

use futures_util::future::join_all;
use patron_display::sale::{Link, State};
use patron_display::sandbox::{Answer, Call, Fault};
use serde_json::{Value, json};
use tracing::level_filters::LevelFilter;

use crate::book::Book;
use crate::gate::{self, Foul};
use crate::oracle::ends;
use crate::scene::Rehearsal;
use crate::{
    CAP, SCREEN, begun, behind_a_gate, paid, shown, told, too_long, until_meanwhile, words,
};

fn link(sale: &Rehearsal) -> Option<Link> {
    match sale.display.display().sale().state() {
        State::Presenting(presenting) => Some(presenting.link()),
        _ => None,
    }
}

/// An answer as JSON that is this.
fn json_that_is(body: impl Into<Value>) -> Fault {
    Answer::status(200)
        .header("Content-Type", "application/json")
        .body(body)
        .into()
}

/// Each answer that looks like one and cannot be read.
fn unreadable() -> Vec<Fault> {
    vec![
        Fault::html(),
        Fault::empty(),
        Fault::truncated(),
        Fault::wrong_content_type("text/html; charset=utf-8"),
        Fault::huge(1),
        too_long(json!({ "status": "paid" })),
        json_that_is("{\"id\": \"x\", \"status\": \"paid\""),
        json_that_is("[".repeat(100_000)),
        json_that_is("\u{feff}\u{0}"),
        json_that_is(Value::Null),
        json_that_is(json!([])),
        json_that_is(json!({ "status": "paid" })),
        Fault::edit(json!({ "id": null, "status": "paid" })),
        Fault::edit(json!({ "id": "a/../b", "status": "paid" })),
        Fault::edit(json!({ "status": null })),
        Fault::edit(json!({ "status": "paid", "value": { "amount": 12.5 } })),
        Fault::edit(json!({ "status": "paid", "remainingAmount": "-1" })),
        Fault::edit(json!({ "status": "paid", "paidBy": "everybody" })),
    ]
}

#[tokio::test]
async fn f15_an_answer_that_cannot_be_read_is_no_verdict_and_counted_apart() {
    let (book, _guard) = Book::open(LevelFilter::INFO);
    let count = unreadable().len();
    join_all(unreadable().into_iter().map(async |fault| {
        let mut sale = shown("").await;
        let control = sale.sandbox.control();
        control.script(Call::Read, [fault.clone()]);
        until_meanwhile(&mut sale, |_| control.calls(Call::Read) >= 2).await;
        told(&sale, &["created", "shown"]).await;
        paid(&mut sale).await;
        ends(sale, 0).await;
    }))
    .await;
    let counted = book.lines(&["not read", "unreadable=1"]);
    assert_eq!(counted.len(), count, "{}", book.text());
}

#[tokio::test]
async fn f17_a_payment_in_a_long_answer_is_believed_and_in_one_that_is_too_long_it_is_not() {
    let mut sale = shown("").await;
    let control = sale.sandbox.control();
    control.pay(&sale.latest()).unwrap();
    control.script(
        Call::Read,
        [too_long(json!({})).times(2), nearly_too_long()],
    );
    until_meanwhile(&mut sale, |_| control.calls(Call::Read) >= 2).await;
    told(&sale, &["created", "shown"]).await;
    sale.until_ended("paid").await;
    assert_eq!(control.calls(Call::Read), 3);
    ends(sale, 0).await;
}

/// The real answer, made as long as it may be.
fn nearly_too_long() -> Fault {
    const REST: usize = 4 * 1024;

    Fault::edit(json!({ "padding": "x".repeat(CAP - REST) }))
}

/// The code stands while polls fail; from the third on, people can see that. `restore` makes them go
/// well again, and then nobody sees it any more.
async fn loses_the_link_and_finds_it_again(mut sale: Rehearsal, restore: impl FnOnce()) {
    until_meanwhile(&mut sale, |sale| link(sale) == Some(Link::Lost)).await;
    let words = words::on(sale.display.display(), SCREEN).await;
    assert!(words.contains("Reconnecting"), "{words}");
    let code = sale.read_screen();
    assert!(code.ends_with(&sale.latest()), "{code}");
    restore();
    until_meanwhile(&mut sale, |sale| link(sale) == Some(Link::Up)).await;
    told(&sale, &["created", "shown", "link", "link"]).await;
    let states: Vec<_> = sale.told.events().split_off(2);
    assert_eq!(states[0]["state"], "lost");
    assert_eq!(states[1]["state"], "restored");
    paid(&mut sale).await;
    ends(sale, 0).await;
}

#[tokio::test]
async fn f10_f15_the_code_stays_while_polls_fail_and_a_lost_link_is_shown_and_told() {
    let unreadable = async {
        let sale = shown("").await;
        let three = [Fault::html(), Fault::empty(), Fault::truncated()];
        sale.sandbox.control().script(Call::Read, three);
        loses_the_link_and_finds_it_again(sale, || {}).await;
    };
    let away = async {
        let (mut sale, mut gate) = behind_a_gate("").await;
        sale.until_shown().await;
        until_meanwhile(&mut sale, |_| !gate.call_times(gate::Call::Read).is_empty()).await;
        gate.close().await;
        loses_the_link_and_finds_it_again(sale, || gate.open_again()).await;
    };
    let silent = async {
        let (mut sale, gate) = behind_a_gate("").await;
        sale.until_shown().await;
        let fouls = [Foul::silence(), Foul::bytes(""), Foul::bytes("")];
        gate.script(gate::Call::Read, fouls);
        loses_the_link_and_finds_it_again(sale, || {}).await;
        let polls = gate.call_times(gate::Call::Read);
        // Four seconds, and a pause of at most two more.
        let between = (polls[1] - polls[0]).as_secs_f32();
        assert!((4.0..7.0).contains(&between), "{between} s");
    };
    tokio::join!(unreadable, away, silent);
}

#[tokio::test]
async fn f20_a_status_that_nobody_knows_is_no_verdict_before_or_after_the_deadline() {
    let (book, _guard) = Book::open(LevelFilter::INFO);
    let words = ["PAID", "paid ", "pa\u{200b}id", "", "completed", "refunded"];
    tokio::join!(
        join_all(words.map(paid_after_an_odd_word)),
        odd_to_the_deadline()
    );
    let logged = book.lines(&["status=Unknown", "pending-review"]);
    assert!(!logged.is_empty(), "{}", book.text());
}

/// It is forgotten when a known one follows.
async fn paid_after_an_odd_word(word: &str) {
    let mut sale = shown("").await;
    let control = sale.sandbox.control();
    control.script(Call::Read, [Fault::edit(json!({ "status": word }))]);
    until_meanwhile(&mut sale, |_| control.calls(Call::Read) >= 2).await;
    told(&sale, &["created", "shown"]).await;
    paid(&mut sale).await;
    ends(sale, 0).await;
}

/// It is asked about until the time is over, and ten seconds more; then nobody knows.
async fn odd_to_the_deadline() {
    let mut sale = begun("expiry-seconds = 11\n").await;
    let control = sale.sandbox.control();
    let pending = Fault::edit(json!({ "status": "pending-review" }));
    control.script(Call::Read, [pending.forever()]);
    sale.until_shown().await;
    sale.until(|state| !matches!(state, State::Presenting(_)))
        .await;
    let polls = control.calls(Call::Read);
    assert!(polls >= 8, "{polls}");
    assert_eq!(control.calls(Call::Void), 0);
    let settling = words::on(sale.display.display(), SCREEN).await;
    assert!(settling.contains("do not pay again"), "{settling}");
    sale.until_ended("unknown").await;
    assert_eq!(control.calls(Call::Void), 1);
    let words = words::on(sale.display.display(), SCREEN).await;
    assert!(words.contains("Do not charge again"), "{words}");
    ends(sale, 30).await;
}
