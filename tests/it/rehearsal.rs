//! Whole sales without a window, at the sandbox. The display's own update and view, its effects, the journal and
//! HTTP are real.

use std::time::Duration;

use iced::Size;
use iced::keyboard::{Key, key};
use patron_display::app::Message;
use patron_display::sale::{Command, Reason, State};
use patron_display::sandbox::{Options, SandboxStatus};

use crate::support::scene::{KEY, Rehearsal};

const SCREENS: [Size<u32>; 6] = [
    Size::new(1920, 1080),
    Size::new(1080, 1920),
    Size::new(1280, 800),
    Size::new(1024, 600),
    Size::new(800, 480),
    Size::new(480, 800),
];

/// Starts a sale and waits until its code is on the screen.
async fn shown(size: Size<u32>, more: &str) -> Rehearsal {
    let mut sale = Rehearsal::begin(size, more).await;
    sale.until_shown().await;

    sale
}

async fn is_paid_and_closes(sale: &mut Rehearsal) {
    sale.sandbox.control().pay(&sale.latest()).unwrap();
    sale.until_ended("paid").await;
    assert_eq!(sale.close(), Some(0));
}

/// Returns the amount that the platform received and did not refund.
fn charged(sale: &Rehearsal) -> Option<u64> {
    let control = sale.sandbox.control();

    control.captured_minus_refunded(&sale.latest())
}

#[tokio::test]
async fn events_of_a_paid_sale_come_in_order() {
    let mut sale = shown(SCREENS[0], "").await;
    is_paid_and_closes(&mut sale).await;
    assert_eq!(sale.told.names(), ["created", "shown", "ended", "outcome"]);
    let outcome = sale.told.events().pop().unwrap();
    assert_eq!(outcome["paidBy"][0]["description"], "Centrapay NZD");
    assert_eq!(charged(&sale), Some(1250));
}

#[tokio::test]
async fn code_has_the_url_on_every_screen() {
    for (more, has_logo) in [("", false), ("[qr]\nlogo = \"mark\"\n", true)] {
        for size in SCREENS {
            let mut sale = shown(size, more).await;
            let State::Presenting(shown) = sale.display.display().sale().state() else {
                panic!("no code is shown");
            };
            assert_eq!(shown.code().clearing().is_some(), has_logo, "{size:?}");
            let url = sale.sandbox.control().request(&sale.latest()).unwrap().url;
            assert_eq!(sale.read_screen(), url, "{size:?}, {more}");
        }
    }
}

#[tokio::test]
async fn code_has_the_configured_older_form() {
    let mut sale = shown(SCREENS[4], "[qr]\ncontent = \"pay-endpoint\"\n").await;
    let form = format!(
        "{}/api/payment-requests/{}/pay",
        sale.sandbox.base_url(),
        sale.latest()
    );
    assert_eq!(sale.read_screen(), form);
}

#[tokio::test]
async fn expired_sale_can_be_tried_again() {
    let mut sale = shown(SCREENS[3], "").await;
    let first = sale.latest();
    sale.sandbox.control().expire(&first).unwrap();
    sale.until_ended("expired").await;
    sale.display.send(Message::Asked(Command::Retry));
    sale.until_shown().await;
    assert_ne!(sale.latest(), first);
    is_paid_and_closes(&mut sale).await;
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
async fn cancelled_sale_is_voided() {
    let mut sale = shown(SCREENS[4], "").await;
    sale.display.send(Message::Asked(Command::Cancel));
    sale.until_ended("cancelled").await;
    assert_eq!(sale.close(), Some(21));
    let request = sale.sandbox.control().request(&sale.latest()).unwrap();
    assert_eq!(request.status, SandboxStatus::Cancelled);
    assert_eq!(
        sale.told.names(),
        ["created", "shown", "waiting", "ended", "outcome"]
    );
}

#[tokio::test]
async fn f31_payment_before_the_void_is_refunded() {
    let mut sale = shown(SCREENS[4], "").await;
    sale.sandbox.control().pay(&sale.latest()).unwrap();
    sale.display.send(Message::Asked(Command::Cancel));
    sale.until_ended("refund-started").await;
    assert_eq!(sale.close(), Some(22));
    assert_eq!(charged(&sale), Some(0));
}

#[tokio::test]
async fn declined_sale_has_the_platforms_reason() {
    let mut sale = shown(SCREENS[4], "").await;
    sale.sandbox.control().decline(&sale.latest()).unwrap();
    sale.until_ended("cancelled").await;
    assert_eq!(sale.close(), Some(21));
    let outcome = sale.told.events().pop().unwrap();
    assert_eq!(outcome["reason"], "DECLINED_BY_PATRON");
}

#[tokio::test]
async fn f4_stopped_platform_is_unreachable() {
    let mut sale = shown(SCREENS[4], "").await;
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
async fn f48_next_attempt_uses_the_new_key() {
    let only = Options {
        api_key: Some("the-new-key".into()),
        ..Options::default()
    };
    let mut sale = Rehearsal::begin_at(only, SCREENS[4], "").await;
    sale.until_ended("rejected").await;
    assert!(sale.sandbox.control().requests().is_empty());
    sale.replace_key("the-new-key");
    sale.display.send(Message::Asked(Command::Retry));
    sale.until_shown().await;
    is_paid_and_closes(&mut sale).await;
}

#[tokio::test]
async fn f48_attempt_keeps_its_key() {
    let only = Options {
        api_key: Some(KEY.into()),
        ..Options::default()
    };
    let mut sale = Rehearsal::begin_at(only, SCREENS[4], "").await;
    sale.until_shown().await;
    sale.replace_key("another-key");
    is_paid_and_closes(&mut sale).await;
}

/// Types these digits as fast as a scanner.
fn scan(sale: &mut Rehearsal, digits: &str) {
    let digits = digits
        .chars()
        .map(|digit| Key::Character(digit.to_string().into()));
    sale.display
        .scan(digits.chain([Key::Named(key::Named::Enter)]));
}

#[tokio::test]
async fn scanned_code_is_sent_to_the_platform() {
    let mut sale = shown(SCREENS[4], "").await;
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
async fn scan_on_another_screen_is_ignored() {
    let mut sale = shown(SCREENS[4], "").await;
    sale.sandbox.control().expire(&sale.latest()).unwrap();
    sale.until_ended("expired").await;
    scan(&mut sale, "9412345678901");
    tokio::time::sleep(Duration::from_millis(400)).await;
    sale.until_ended("expired").await;
    assert_eq!(sale.sandbox.control().requests().len(), 1);
    sale.display.press(Key::Named(key::Named::Enter));
    sale.until_shown().await;
}
