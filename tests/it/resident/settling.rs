//! Earlier sales at a resident display.

use std::time::{Duration, Instant};

use iced::keyboard::{Key, key};
use patron_display::app::KeyEvent;
use patron_display::app::Message;
use patron_display::app::offscreen::Offscreen;
use patron_display::sale::{Command, State};
use patron_display::sandbox::{ApiCall, Fault};

use crate::support::resident::Counter;
use crate::support::words::assert_has;

fn has_ended(display: &Offscreen) -> bool {
    matches!(display.app().display().sale().state(), State::Ended(_))
}

/// Opens a counter with a sale that its till cancelled and that was paid late.
async fn paid_late() -> Counter {
    let mut counter = Counter::open().await;
    let mut till = counter.shows_code().await;
    counter.is_terminated(&mut till).await;
    counter.control().pay_late(&counter.latest()).unwrap();

    counter
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settle_is_handed_over() {
    let mut counter = paid_late().await;
    let mut settled = counter.shop.starts(&["settle", "--json"]);
    assert_eq!(counter.until_ended(&mut settled).await, 0);
    let events = settled.events();
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(events[0]["event"], "earlier");
    assert_eq!(events[0]["outcome"], "paid");
    assert_eq!(events[0]["late"], true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f30_late_payment_on_idle_screen() {
    let mut counter = paid_late().await;
    let mut settled = counter.shop.starts(&["settle", "--json"]);
    counter.until_ended(&mut settled).await;
    counter.until(has_ended).await;
    assert!(counter.display.app().is_idle());
    let words = counter.words().await;
    assert!(
        words.contains("LATE PAYMENT") && words.contains("12.50"),
        "{words}"
    );

    let taken_note = Message::Asked(Command::Close);
    counter.display.send_to_display(taken_note);
    counter
        .until(|display| matches!(display.app().display().sale().state(), State::Entry))
        .await;
    assert!(counter.words().await.contains("Welcome"));
}

/// The next check by the clock would come after ten minutes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f28_resumed_display_looks_at_once() {
    let mut counter = Counter::open().await;
    // The first check comes after ten seconds, and soon after a sale if it has not come yet.
    counter.turns_for(Duration::from_secs(11)).await;
    let mut till = counter.shows_code().await;
    counter.is_terminated(&mut till).await;
    // A check that is due soon after the sale is over then.
    counter.turns_for(Duration::from_secs(8)).await;
    counter.control().pay_late(&counter.latest()).unwrap();
    counter.display.send(Message::ClockJumped);
    counter.until(has_ended).await;
    assert_has(&counter.words().await, "LATE PAYMENT");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sale_does_not_wait_for_a_settle() {
    let mut counter = paid_late().await;
    // The platform answers so slowly that the check is still under way when the sale comes.
    let slow = Fault::delay(Duration::from_secs(20));
    counter.control().script(ApiCall::Read, [slow]);
    let mut settled = counter.shop.starts(&["settle"]);
    let control = counter.control();
    let reads = control.calls(ApiCall::Read);
    counter
        .until(|_| control.calls(ApiCall::Read) > reads)
        .await;
    let begun = Instant::now();
    let till = counter.sells_as("A2");
    counter.until_shown(&till).await;
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!(counter.until_ended(&mut settled).await, 75);
    assert_has(&settled.said(), "a sale came in between");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn till_takes_the_empty_create_screen() {
    let mut counter = Counter::open().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let enter = Key::Named(key::Named::Enter);
    let at = Instant::now();
    let pauses = std::iter::repeat_n(KeyEvent::pause(at), 3);
    for event in std::iter::once(KeyEvent::press(enter, at)).chain(pauses) {
        let event = Message::Key(event);
        counter.display.send(event);
    }
    counter.until(|display| !display.app().is_idle()).await;
    counter.until(|display| display.app().is_selling()).await;
    assert!(counter.words().await.contains("Show QR"));
    let _till = counter.shows_code().await;
}
