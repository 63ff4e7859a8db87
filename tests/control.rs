//! What the till asks for on standard input, through the whole application without a window.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    reason = "a test that cannot set its scene has failed; not every test needs all of the scene"
)]

#[path = "rehearsal/scene.rs"]
mod scene;

use std::io::{self, PipeWriter, Write};
use std::time::Duration;

use iced::Size;
use patron_display::control::{ControlCommand, Controls};
use patron_display::display::Message;
use patron_display::sale::State;
use patron_display::sandbox::Status;
use serde_json::Value;
use tokio::time::timeout;

use scene::Rehearsal;

const SCREEN: Size<u32> = Size::new(800, 480);
/// How long anything may take. Nothing does on a machine that is not stuck.
const PATIENCE: Duration = Duration::from_secs(20);

/// A sale whose code stands on the screen, and the till's end of its standard input.
async fn shown() -> (Rehearsal, PipeWriter) {
    let (input, till) = io::pipe().unwrap();
    let mut sale = Rehearsal::begin_with(SCREEN, "", Controls::read(input)).await;
    sale.until_shown().await;

    (sale, till)
}

/// Goes on until the till is told something of this name.
async fn until_told(sale: &mut Rehearsal, name: &str) -> Value {
    let told = async {
        loop {
            let told = sale.told.events().into_iter();
            if let Some(event) = told.rev().find(|event| event["event"] == name) {
                return event;
            }
            sale.display.step().await.unwrap();
            tokio::task::yield_now().await;
        }
    };

    timeout(PATIENCE, told).await.unwrap()
}

async fn ends(sale: &mut Rehearsal, outcome: &str) {
    timeout(PATIENCE, sale.until_ended(outcome)).await.unwrap();
}

#[tokio::test]
async fn a_till_that_cancels_and_closes_ends_the_sale_with_21() {
    let (mut sale, mut till) = shown().await;
    till.write_all(b"{\"command\":\"cancel\"}\n").unwrap();
    ends(&mut sale, "cancelled").await;
    let request = sale.sandbox.control().request(&sale.latest()).unwrap();
    assert_eq!(request.status, Status::Cancelled);

    till.write_all(b"{\"command\":\"close\"}\n").unwrap();
    until_told(&mut sale, "outcome").await;
    assert_eq!(sale.effects.exit_code(), Some(21));
}

#[tokio::test]
async fn a_till_can_try_again_after_an_expiry() {
    let (mut sale, mut till) = shown().await;
    let first = sale.latest();
    sale.sandbox.control().expire(&first).unwrap();
    ends(&mut sale, "expired").await;
    till.write_all(b"{\"command\":\"retry\"}\n").unwrap();
    timeout(PATIENCE, sale.until_shown()).await.unwrap();
    assert_ne!(sale.latest(), first);
}

#[tokio::test]
async fn what_cannot_be_understood_is_answered_by_an_error_and_the_sale_goes_on() {
    let (mut sale, mut till) = shown().await;
    till.write_all(b"cancel, please\n").unwrap();
    let error = until_told(&mut sale, "error").await;
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("cancel, please"), "{message}");

    sale.sandbox.control().pay(&sale.latest()).unwrap();
    ends(&mut sale, "paid").await;
    assert_eq!(sale.close(), Some(0));
}

#[tokio::test]
async fn f70_till_that_talks_without_end_is_answered_a_few_times() {
    let (mut sale, mut till) = shown().await;
    let talk = std::thread::spawn(move || {
        for line in 0..20_000 {
            // The sale may be over before all is read.
            if writeln!(till, "nonsense {line}").is_err() {
                return;
            }
        }
        // Behind all that it is still heard.
        let _ = writeln!(till, "{{\"command\":\"cancel\"}}");
    });
    ends(&mut sale, "cancelled").await;
    talk.join().unwrap();
    sale.close();
    let told = sale.told.events().into_iter();
    let errors: Vec<_> = told.filter(|event| event["event"] == "error").collect();
    assert!((2..=21).contains(&errors.len()), "{}", errors.len());
    let last = errors.last().unwrap()["message"].as_str().unwrap();
    assert!(last.contains("too fast"), "{last}");
}

#[tokio::test]
async fn an_answer_to_a_condition_that_is_not_there_is_an_error() {
    for command in [ControlCommand::Accept, ControlCommand::Decline] {
        let mut sale = Rehearsal::begin(SCREEN, "").await;
        sale.until_shown().await;
        sale.display.send(Message::Control(Ok(command)));
        let error = until_told(&mut sale, "error").await;
        assert_eq!(error["message"], "there is no condition to answer");
    }
}

#[tokio::test]
async fn the_end_of_the_input_changes_nothing() {
    let (mut sale, till) = shown().await;
    drop(till);
    sale.sandbox.control().pay(&sale.latest()).unwrap();
    ends(&mut sale, "paid").await;
    assert_eq!(sale.close(), Some(0));
    assert_eq!(sale.told.names(), ["created", "shown", "ended", "outcome"]);
}

#[tokio::test]
async fn a_command_that_does_not_fit_is_dropped_as_a_key_is() {
    let (mut sale, till) = shown().await;
    sale.display
        .send(Message::Control(Ok(ControlCommand::Retry)));
    let shown = |state: &State| matches!(state, State::Presenting(_));
    assert!(shown(sale.display.display().sale().state()));
    drop(till);

    sale.sandbox.control().pay(&sale.latest()).unwrap();
    ends(&mut sale, "paid").await;
    for late in [ControlCommand::Cancel, ControlCommand::Retry] {
        sale.display.send(Message::Control(Ok(late)));
    }
    assert_eq!(sale.close(), Some(0));
    assert_eq!(sale.sandbox.control().requests().len(), 1);
}

#[tokio::test]
async fn f41_a_till_cannot_take_note_of_an_earlier_payment_or_cancel_it() {
    let (mut sale, _till) = shown().await;
    sale.sandbox.control().pay(&sale.latest()).unwrap();
    let first = sale.latest();
    sale = sale.launch_again(Some("B1")).await;
    let waiting = |state: &State| matches!(state, State::Waiting(_));
    timeout(PATIENCE, sale.until(waiting)).await.unwrap();
    for command in [ControlCommand::Cancel, ControlCommand::Close] {
        sale.display.send(Message::Control(Ok(command)));
    }
    let earlier = |state: &State| matches!(state, State::Ended(_));
    let reached = timeout(PATIENCE, sale.display.run_until(earlier)).await;
    assert!(reached.unwrap().unwrap());
    sale.display
        .send(Message::Control(Ok(ControlCommand::Close)));
    assert!(sale.display.display().sale().is_about_an_earlier_sale());
    let error = until_told(&mut sale, "error").await;
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("earlier sale"), "{message}");
    assert_eq!(
        sale.sandbox.control().captured_minus_refunded(&first),
        Some(1250)
    );
}
