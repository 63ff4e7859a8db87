//! Payment conditions: the platform's question and the cashier's answer. The application runs without a window.

use std::io::{self, PipeWriter, Write};
use std::time::{Duration, Instant};

use iced::keyboard::Key;
use patron_display::app::{KeyEvent, Message};
use patron_display::runtime::control::Controls;
use patron_display::sale::{Command, Reason, State};
use patron_display::sandbox::{ApiCall, CancelReason, Fault};

use crate::support::scene::{Rehearsal, Scene};

const QUESTION: &str = "Check the customer's card before you accept this payment.";

/// Starts a sale for which the sandbox sets a condition that the cashier can answer.
async fn asked() -> (Rehearsal, PipeWriter) {
    let (input, till) = io::pipe().unwrap();
    let mut sale = Scene {
        reference: "CONDITION-1",
        more: "[terminal]\nconditions = true\n",
        controls: Controls::read(input),
        ..Scene::default()
    }
    .begin()
    .await;
    sale.until(is_question).await;

    (sale, till)
}

fn is_question(state: &State) -> bool {
    matches!(state, State::Waiting(waiting) if matches!(waiting.reason(), Reason::Condition(question) if question.is_for_the_cashier()))
}

fn is_asked(sale: &Rehearsal) -> bool {
    is_question(sale.state())
}

fn press(sale: &mut Rehearsal, key: &str) {
    sale.display.press(Key::Character(key.into()));
}

#[tokio::test]
async fn question_shows_a_key_for_each_answer() {
    let (sale, _till) = asked().await;
    let words = sale.words().await;
    for said in [
        "One question first",
        QUESTION,
        "Accept",
        "Decline",
        "Cancel",
    ] {
        assert!(words.contains(said), "{said:?} is not in:\n{words}");
    }
    let mut lines = words.lines();
    lines.find(|line| *line == "Accept").unwrap();
    assert_eq!(lines.next(), Some("A"));
}

#[tokio::test]
async fn condition_accepted_by_a_key_is_paid() {
    let (mut sale, _till) = asked().await;
    press(&mut sale, "a");
    sale.until_shown().await;
    sale.pay();
    sale.until_ended("paid").await;
    assert_eq!(sale.control().calls(ApiCall::AcceptCondition), 1);
    assert_eq!(sale.close(), Some(0));
    assert_eq!(
        sale.told.names(),
        ["created", "shown", "waiting", "shown", "ended", "outcome"]
    );
}

/// Presses a key after this time.
fn press_after(sale: &mut Rehearsal, key: &str, after: Duration) {
    let at = Instant::now() + after;
    let pressed = KeyEvent::press(Key::Character(key.into()), at);
    let pauses = std::iter::repeat_n(KeyEvent::pause(at), 3);
    for event in std::iter::once(pressed).chain(pauses) {
        sale.display.send(Message::Key(event));
    }
}

#[tokio::test]
async fn f66_answer_to_a_new_question_is_ignored() {
    let (mut sale, _till) = asked().await;
    press_after(&mut sale, "a", Duration::ZERO);
    sale.display
        .send(Message::Tapped(Box::new(Message::Asked(Command::Accept))));
    assert!(is_asked(&sale));
    press_after(&mut sale, "a", Duration::from_millis(300));
    assert!(!is_asked(&sale));
    sale.until_shown().await;
}

#[tokio::test]
async fn f66_key_answers_only_after_a_pause() {
    let (mut sale, _till) = asked().await;
    let at = Instant::now() + Duration::from_secs(1);
    let pressed = KeyEvent::press(Key::Character("a".into()), at);
    sale.display.send(Message::Key(pressed));
    for _ in 0..3 {
        assert!(is_asked(&sale));
        sale.display.send(Message::Key(KeyEvent::pause(at)));
    }
    assert!(!is_asked(&sale));
    sale.until_shown().await;
}

#[tokio::test]
async fn declined_condition_ends_as_cancelled() {
    let (mut sale, mut till) = asked().await;
    till.write_all(b"{\"command\":\"decline\"}\n").unwrap();
    sale.until_ended("cancelled").await;
    let request = sale.request();
    let declined = CancelReason::DeclinedByMerchant;
    assert_eq!(request.cancellation_reason, Some(declined));
    assert_eq!(sale.control().calls(ApiCall::AcceptCondition), 0);
    sale.says("The shop declined this payment.").await;
}

#[tokio::test]
async fn till_accepts_a_condition() {
    let (mut sale, mut till) = asked().await;
    till.write_all(b"{\"command\":\"accept\"}\n").unwrap();
    sale.until_shown().await;
    assert_eq!(sale.control().calls(ApiCall::AcceptCondition), 1);
}

#[tokio::test]
async fn f25_lost_answer_is_asked_for_again() {
    let (mut sale, _till) = asked().await;
    let control = sale.control();
    control.script(ApiCall::AcceptCondition, [Fault::status(503)]);
    press(&mut sale, "a");
    sale.until(|state| {
        matches!(state, State::Waiting(waiting) if matches!(waiting.reason(), Reason::Condition(question) if question.has_lost_an_answer()))
    })
    .await;
    sale.says("Please answer again.").await;
    let polls = control.calls(ApiCall::Read);
    while control.calls(ApiCall::Read) < polls + 2 {
        sale.display.step().await.unwrap();
    }
    assert_eq!(control.calls(ApiCall::AcceptCondition), 1);
    press(&mut sale, "a");
    sale.until_shown().await;
}

#[tokio::test]
async fn shop_without_conditions_gets_none() {
    let mut sale = Scene {
        reference: "CONDITION-1",
        ..Scene::default()
    }
    .begin()
    .await;
    sale.until_shown().await;
    sale.pay();
    sale.until_ended("paid").await;
}
