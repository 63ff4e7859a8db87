//! Payment conditions, from the platform's question to the cashier's answer, through the whole
//! application without a window.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    reason = "a test that cannot set its scene has failed; not every test needs all of the scene"
)]

#[path = "rehearsal/scene.rs"]
mod scene;
#[path = "rehearsal/words.rs"]
mod words;

use std::io::{self, PipeWriter, Write};
use std::time::{Duration, Instant};

use iced::keyboard::Key;
use patron_display::control::Controls;
use patron_display::display::{KeyEvent, Message};
use patron_display::sale::{Command, Reason, State};
use patron_display::sandbox::{Call, CancellationReason, Fault};
use tokio::time::timeout;

use scene::{Rehearsal, Scene};

/// How long anything may take. Nothing does on a machine that is not stuck.
const PATIENCE: Duration = Duration::from_secs(20);
const QUESTION: &str = "Check the customer's card before you accept this payment.";

/// A sale that the sandbox sets a condition for, where a cashier can answer it.
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
    is_asked(&mut sale).await;

    (sale, till)
}

async fn is_asked(sale: &mut Rehearsal) {
    until(sale, |state| {
        matches!(state, State::Waiting(waiting) if matches!(waiting.reason(), Reason::Condition(question) if question.is_for_the_cashier()))
    })
    .await;
}

async fn until(sale: &mut Rehearsal, reached: impl Fn(&State) -> bool) {
    let steps = async {
        while !reached(sale.display.display().sale().state()) {
            sale.display.step().await.unwrap();
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, steps).await.unwrap();
}

async fn words(sale: &Rehearsal) -> String {
    words::on(sale.display.display(), sale.size).await
}

async fn shows_its_code(sale: &mut Rehearsal) {
    timeout(PATIENCE, sale.until_shown()).await.unwrap();
}

fn press(sale: &mut Rehearsal, key: &str) {
    sale.display.press(Key::Character(key.into()));
}

#[tokio::test]
async fn the_platforms_message_stands_on_the_screen_with_a_key_for_each_answer() {
    let (sale, _till) = asked().await;
    let words = words(&sale).await;
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
async fn a_condition_that_is_accepted_by_a_key_brings_the_code_back_and_it_is_paid() {
    let (mut sale, _till) = asked().await;
    press(&mut sale, "a");
    shows_its_code(&mut sale).await;
    sale.sandbox.control().pay(&sale.latest()).unwrap();
    timeout(PATIENCE, sale.until_ended("paid")).await.unwrap();
    assert_eq!(sale.sandbox.control().calls(Call::AcceptCondition), 1);
    assert_eq!(sale.close(), Some(0));
    assert_eq!(
        sale.told.names(),
        ["created", "shown", "waiting", "shown", "ended", "outcome"]
    );
}

/// Presses a key so long after now, without another key after it.
fn presses_in(sale: &mut Rehearsal, key: &str, after: Duration) {
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
    presses_in(&mut sale, "a", Duration::ZERO);
    sale.display
        .send(Message::Tapped(Box::new(Message::Asked(Command::Accept))));
    assert!(is_still_asked(&sale));
    presses_in(&mut sale, "a", Duration::from_millis(300));
    assert!(!is_still_asked(&sale));
    shows_its_code(&mut sale).await;
}

fn is_still_asked(sale: &Rehearsal) -> bool {
    matches!(
        sale.display.display().sale().state(),
        State::Waiting(waiting) if matches!(waiting.reason(), Reason::Condition(question) if question.is_for_the_cashier())
    )
}

#[tokio::test]
async fn f66_key_answers_only_after_a_pause() {
    let (mut sale, _till) = asked().await;
    let at = Instant::now() + Duration::from_secs(1);
    let pressed = KeyEvent::press(Key::Character("a".into()), at);
    sale.display.send(Message::Key(pressed));
    for _ in 0..3 {
        assert!(is_still_asked(&sale));
        sale.display.send(Message::Key(KeyEvent::pause(at)));
    }
    assert!(!is_still_asked(&sale));
    shows_its_code(&mut sale).await;
}

#[tokio::test]
async fn a_condition_that_is_declined_ends_as_cancelled_with_the_platforms_reason() {
    let (mut sale, mut till) = asked().await;
    till.write_all(b"{\"command\":\"decline\"}\n").unwrap();
    timeout(PATIENCE, sale.until_ended("cancelled"))
        .await
        .unwrap();
    let request = sale.sandbox.control().request(&sale.latest()).unwrap();
    let declined = CancellationReason::DeclinedByMerchant;
    assert_eq!(request.cancellation_reason, Some(declined));
    assert_eq!(sale.sandbox.control().calls(Call::AcceptCondition), 0);
    assert!(
        words(&sale)
            .await
            .contains("The shop declined this payment.")
    );
}

#[tokio::test]
async fn a_till_accepts_a_condition_on_standard_input() {
    let (mut sale, mut till) = asked().await;
    till.write_all(b"{\"command\":\"accept\"}\n").unwrap();
    shows_its_code(&mut sale).await;
    assert_eq!(sale.sandbox.control().calls(Call::AcceptCondition), 1);
}

#[tokio::test]
async fn f25_an_answer_that_does_not_arrive_is_asked_for_again_and_never_repeated_by_itself() {
    let (mut sale, _till) = asked().await;
    let control = sale.sandbox.control();
    control.script(Call::AcceptCondition, [Fault::status(503)]);
    press(&mut sale, "a");
    until(&mut sale, |state| {
        matches!(state, State::Waiting(waiting) if matches!(waiting.reason(), Reason::Condition(question) if question.has_lost_an_answer()))
    })
    .await;
    let words = words(&sale).await;
    assert!(words.contains("Please answer again."), "{words}");
    let polls = control.calls(Call::Read);
    while control.calls(Call::Read) < polls + 2 {
        sale.display.step().await.unwrap();
    }
    assert_eq!(control.calls(Call::AcceptCondition), 1);
    press(&mut sale, "a");
    shows_its_code(&mut sale).await;
}

#[tokio::test]
async fn without_a_cashier_who_answers_the_platform_is_not_asked_for_conditions() {
    let mut sale = Scene {
        reference: "CONDITION-1",
        ..Scene::default()
    }
    .begin()
    .await;
    shows_its_code(&mut sale).await;
    sale.sandbox.control().pay(&sale.latest()).unwrap();
    timeout(PATIENCE, sale.until_ended("paid")).await.unwrap();
}
