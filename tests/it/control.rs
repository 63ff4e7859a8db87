//! Commands of the till on standard input. The application runs without a window.

use std::io::{self, PipeWriter, Write};

use patron_display::app::Message;
use patron_display::runtime::control::{ControlCommand, Controls};
use patron_display::sale::State;
use patron_display::sandbox::SandboxStatus;

use crate::support::scene::{Rehearsal, Scene, is_shown};

/// Starts a sale and waits until its code is shown. Also returns the till's end of its standard input.
async fn shown() -> (Rehearsal, PipeWriter) {
    let (input, till) = io::pipe().unwrap();
    let mut sale = Scene {
        controls: Controls::read(input),
        ..Scene::default()
    }
    .begin()
    .await;
    sale.until_shown().await;

    (sale, till)
}

fn send(sale: &mut Rehearsal, command: ControlCommand) {
    sale.display.send(Message::Control(Ok(command)));
}

#[tokio::test]
async fn till_cancels_and_closes_with_21() {
    let (mut sale, mut till) = shown().await;
    till.write_all(b"{\"command\":\"cancel\"}\n").unwrap();
    sale.until_ended("cancelled").await;
    let request = sale.request();
    assert_eq!(request.status, SandboxStatus::Cancelled);

    till.write_all(b"{\"command\":\"close\"}\n").unwrap();
    sale.until_told("outcome").await;
    assert_eq!(sale.effects.exit_code(), Some(21));
}

#[tokio::test]
async fn till_tries_again_after_an_expiry() {
    let (mut sale, mut till) = shown().await;
    let first = sale.latest();
    sale.control().expire(&first).unwrap();
    sale.until_ended("expired").await;
    till.write_all(b"{\"command\":\"retry\"}\n").unwrap();
    sale.until_shown().await;
    assert_ne!(sale.latest(), first);
}

#[tokio::test]
async fn unknown_line_is_an_error() {
    let (mut sale, mut till) = shown().await;
    till.write_all(b"cancel, please\n").unwrap();
    let error = sale.until_told("error").await;
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("cancel, please"), "{message}");

    sale.pay();
    sale.until_ended("paid").await;
    assert_eq!(sale.close(), Some(0));
}

#[tokio::test]
async fn f70_flood_of_lines_gets_a_few_errors() {
    let (mut sale, mut till) = shown().await;
    let talk = std::thread::spawn(move || {
        for line in 0..20_000 {
            // The sale may end before it has read all lines. Writing then fails.
            if writeln!(till, "nonsense {line}").is_err() {
                return;
            }
        }
        // A valid command after the wrong lines still counts.
        let _ = writeln!(till, "{{\"command\":\"cancel\"}}");
    });
    sale.until_ended("cancelled").await;
    talk.join().unwrap();
    sale.close();
    let told = sale.told.events().into_iter();
    let errors: Vec<_> = told.filter(|event| event["event"] == "error").collect();
    assert!((2..=21).contains(&errors.len()), "{}", errors.len());
    let last = errors.last().unwrap()["message"].as_str().unwrap();
    assert!(last.contains("too many invalid lines"), "{last}");
}

#[tokio::test]
async fn answer_without_a_condition_is_an_error() {
    for command in [ControlCommand::Accept, ControlCommand::Decline] {
        let mut sale = Rehearsal::shown("").await;
        send(&mut sale, command);
        let error = sale.until_told("error").await;
        assert_eq!(error["message"], "there is no condition to answer");
    }
}

#[tokio::test]
async fn end_of_the_input_changes_nothing() {
    let (mut sale, till) = shown().await;
    drop(till);
    sale.pay();
    sale.until_ended("paid").await;
    assert_eq!(sale.close(), Some(0));
    assert_eq!(sale.told.names(), ["created", "shown", "ended", "outcome"]);
}

#[tokio::test]
async fn unfitting_command_is_dropped() {
    let (mut sale, till) = shown().await;
    send(&mut sale, ControlCommand::Retry);
    assert!(is_shown(sale.state()));
    drop(till);

    sale.pay();
    sale.until_ended("paid").await;
    for late in [ControlCommand::Cancel, ControlCommand::Retry] {
        send(&mut sale, late);
    }
    assert_eq!(sale.close(), Some(0));
    assert_eq!(sale.control().requests().len(), 1);
}

#[tokio::test]
async fn f41_till_cannot_decide_an_earlier_sale() {
    let (mut sale, _till) = shown().await;
    sale.pay();
    let first = sale.latest();
    sale = sale.launch_again(Some("B1")).await;
    let waiting = |state: &State| matches!(state, State::Waiting(_));
    sale.until(waiting).await;
    for command in [ControlCommand::Cancel, ControlCommand::Close] {
        send(&mut sale, command);
    }
    let earlier = |state: &State| matches!(state, State::Ended(_));
    sale.until(earlier).await;
    send(&mut sale, ControlCommand::Close);
    assert!(sale.display.display().sale().is_about_an_earlier_sale());
    let error = sale.until_told("error").await;
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("earlier sale"), "{message}");
    assert_eq!(sale.control().captured_minus_refunded(&first), Some(1250));
}
