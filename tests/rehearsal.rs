//! The whole application without a window, against the embedded platform: the display's own update
//! and view, real effects, a real journal and real HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    reason = "a test that cannot set its scene has failed; not every test needs all of the scene"
)]

#[path = "rehearsal/scene.rs"]
mod scene;

use std::time::Duration;

use iced::Size;
use iced::keyboard::{Key, key};
use patron_display::display::Message;
use patron_display::sale::{Command, Reason, State};
use patron_display::sandbox::{Options, Status};

use scene::{KEY, Rehearsal};

const SCREENS: [Size<u32>; 6] = [
    Size::new(1920, 1080),
    Size::new(1080, 1920),
    Size::new(1280, 800),
    Size::new(1024, 600),
    Size::new(800, 480),
    Size::new(480, 800),
];

#[tokio::test]
async fn a_customer_pays_and_the_till_is_told_in_order() {
    let mut sale = Rehearsal::begin(SCREENS[0], "").await;
    sale.until_shown().await;
    sale.sandbox.control().pay(&sale.latest()).unwrap();
    sale.until_ended("paid").await;
    assert_eq!(sale.close(), Some(0));
    assert_eq!(sale.told.names(), ["created", "shown", "ended", "outcome"]);
    let outcome = sale.told.events().pop().unwrap();
    assert_eq!(outcome["paidBy"][0]["description"], "Centrapay NZD");
    assert_eq!(
        sale.sandbox
            .control()
            .captured_minus_refunded(&sale.latest()),
        Some(1250)
    );
}

#[tokio::test]
async fn the_code_on_every_screen_says_exactly_the_requests_url() {
    for size in SCREENS {
        let mut sale = Rehearsal::begin(size, "").await;
        sale.until_shown().await;
        let url = sale.sandbox.control().request(&sale.latest()).unwrap().url;
        assert_eq!(sale.read_screen(), url, "{size:?}");
    }
}

#[tokio::test]
async fn the_code_with_a_logo_says_the_url_on_every_screen_too() {
    for size in SCREENS {
        let mut sale = Rehearsal::begin(size, "[qr]\nlogo = \"mark\"\n").await;
        sale.until_shown().await;
        let State::Presenting(shown) = sale.display.display().sale().state() else {
            panic!("no code is shown");
        };
        assert!(shown.code().clearing().is_some(), "{size:?}");
        let url = sale.sandbox.control().request(&sale.latest()).unwrap().url;
        assert_eq!(sale.read_screen(), url, "{size:?}");
    }
}

#[tokio::test]
async fn the_code_says_the_older_form_where_that_is_configured() {
    let mut sale = Rehearsal::begin(SCREENS[4], "[qr]\ncontent = \"pay-endpoint\"\n").await;
    sale.until_shown().await;
    let form = format!(
        "{}/api/payment-requests/{}/pay",
        sale.sandbox.base_url(),
        sale.latest()
    );
    assert_eq!(sale.read_screen(), form);
}

#[tokio::test]
async fn an_expired_request_can_be_tried_again_and_paid() {
    let mut sale = Rehearsal::begin(SCREENS[3], "").await;
    sale.until_shown().await;
    let first = sale.latest();
    sale.sandbox.control().expire(&first).unwrap();
    sale.until_ended("expired").await;
    sale.display.send(Message::Asked(Command::Retry));
    sale.until_shown().await;
    assert_ne!(sale.latest(), first);
    sale.sandbox.control().pay(&sale.latest()).unwrap();
    sale.until_ended("paid").await;
    assert_eq!(sale.close(), Some(0));
    let references: Vec<_> = sale
        .sandbox
        .control()
        .requests()
        .into_iter()
        .map(|request| request.till_reference().unwrap().to_owned())
        .collect();
    assert_eq!(references, ["A1", "A1-2"]);
}

#[tokio::test]
async fn a_cancelled_sale_is_void_at_the_platform() {
    let mut sale = Rehearsal::begin(SCREENS[4], "").await;
    sale.until_shown().await;
    sale.display.send(Message::Asked(Command::Cancel));
    sale.until_ended("cancelled").await;
    assert_eq!(sale.close(), Some(21));
    let request = sale.sandbox.control().request(&sale.latest()).unwrap();
    assert_eq!(request.status, Status::Cancelled);
    assert_eq!(
        sale.told.names(),
        ["created", "shown", "waiting", "ended", "outcome"]
    );
}

#[tokio::test]
async fn f31_a_payment_that_the_cancellation_overtakes_is_a_refund_and_never_paid() {
    let mut sale = Rehearsal::begin(SCREENS[4], "").await;
    sale.until_shown().await;
    sale.sandbox.control().pay(&sale.latest()).unwrap();
    sale.display.send(Message::Asked(Command::Cancel));
    sale.until_ended("refund-started").await;
    assert_eq!(sale.close(), Some(22));
    assert_eq!(
        sale.sandbox
            .control()
            .captured_minus_refunded(&sale.latest()),
        Some(0)
    );
}

#[tokio::test]
async fn a_customer_who_declines_is_told_so_and_the_till_gets_the_platforms_reason() {
    let mut sale = Rehearsal::begin(SCREENS[4], "").await;
    sale.until_shown().await;
    sale.sandbox.control().decline(&sale.latest()).unwrap();
    sale.until_ended("cancelled").await;
    assert_eq!(sale.close(), Some(21));
    let outcome = sale.told.events().pop().unwrap();
    assert_eq!(outcome["reason"], "DECLINED_BY_PATRON");
}

#[tokio::test]
async fn f4_a_platform_that_is_down_ends_unreachable_with_nothing_created() {
    let mut sale = Rehearsal::begin(SCREENS[4], "").await;
    sale.until_shown().await;
    sale.sandbox.control().expire(&sale.latest()).unwrap();
    sale.until_ended("expired").await;
    let control = sale.sandbox.control();
    let Rehearsal {
        sandbox,
        mut display,
        effects,
        told,
        ..
    } = sale;
    sandbox.shutdown().await;
    display.send(Message::Asked(Command::Retry));
    let ended = |state: &State| matches!(state, State::Ended(_));
    assert!(display.run_until(ended).await.unwrap());
    display.send(Message::Asked(Command::Close));
    effects.finish();
    assert_eq!(effects.exit_code(), Some(41));
    assert_eq!(control.requests().len(), 1);
    assert_eq!(told.events().pop().unwrap()["outcome"], "unreachable");
}

#[tokio::test]
async fn f48_a_key_that_was_replaced_is_used_for_the_next_attempt() {
    let only = Options {
        api_key: Some("the-new-key".to_owned()),
        ..Options::default()
    };
    let mut sale = Rehearsal::begin_at(only, SCREENS[4], "").await;
    sale.until_ended("rejected").await;
    assert!(sale.sandbox.control().requests().is_empty());
    sale.replace_key("the-new-key");
    sale.display.send(Message::Asked(Command::Retry));
    sale.until_shown().await;
    sale.sandbox.control().pay(&sale.latest()).unwrap();
    sale.until_ended("paid").await;
    assert_eq!(sale.close(), Some(0));
}

#[tokio::test]
async fn f48_an_attempt_keeps_the_key_that_it_began_with() {
    let only = Options {
        api_key: Some(KEY.to_owned()),
        ..Options::default()
    };
    let mut sale = Rehearsal::begin_at(only, SCREENS[4], "").await;
    sale.until_shown().await;
    sale.replace_key("another-key");
    sale.sandbox.control().pay(&sale.latest()).unwrap();
    sale.until_ended("paid").await;
    assert_eq!(sale.close(), Some(0));
}

/// The keys of a scanner that has read these digits.
fn scan(sale: &mut Rehearsal, digits: &str) {
    let digits = digits
        .chars()
        .map(|digit| Key::Character(digit.to_string().into()));
    sale.display
        .scan(digits.chain([Key::Named(key::Named::Enter)]));
}

#[tokio::test]
async fn a_code_that_is_scanned_at_the_entry_is_sent_along_and_confirmed_on_the_phone() {
    let mut sale = Rehearsal::begin(SCREENS[4], "").await;
    sale.until_shown().await;
    sale.sandbox.control().pay(&sale.latest()).unwrap();
    sale.until_ended("paid").await;
    sale.close();

    let mut sale = sale.launch_again(None).await;
    sale.until(|state| *state == State::Entry).await;
    for character in "12.50".chars() {
        let key = Key::Character(character.to_string().into());
        sale.display.press(key);
    }
    scan(&mut sale, "9990001234567890");
    sale.until(
        |state| matches!(state, State::Waiting(waiting) if *waiting.reason() == Reason::Barcode),
    )
    .await;
    sale.shows_no_code();
    let request = sale.sandbox.control().request(&sale.latest()).unwrap();
    assert_eq!(request.amount, 1250);
    assert_eq!(request.told["barcode"], "9990001234567890");
    sale.sandbox.control().pay(&request.id).unwrap();
    sale.until_ended("paid").await;
    assert_eq!(sale.close(), Some(0));
}

#[tokio::test]
async fn what_is_scanned_anywhere_else_answers_nothing() {
    let mut sale = Rehearsal::begin(SCREENS[4], "").await;
    sale.until_shown().await;
    sale.sandbox.control().expire(&sale.latest()).unwrap();
    sale.until_ended("expired").await;
    scan(&mut sale, "9412345678901");
    tokio::time::sleep(Duration::from_millis(400)).await;
    sale.until_ended("expired").await;
    assert_eq!(sale.sandbox.control().requests().len(), 1);
    sale.display.press(Key::Named(key::Named::Enter));
    sale.until_shown().await;
}
