//! What earlier sales have left, while a display stands.

use std::time::{Duration, Instant};

use iced::keyboard::{Key, key};
use patron_display::display::stand::Message;
use patron_display::display::stand::offscreen::Offscreen;
use patron_display::display::{self, KeyEvent};
use patron_display::sale::{Command, State};
use patron_display::sandbox::{Call, Fault};

use crate::counter::Counter;

fn has_ended(stand: &Offscreen) -> bool {
    matches!(stand.stand().display().sale().state(), State::Ended(_))
}

/// A sale that its till has cancelled, and that is paid all the same.
async fn paid_late() -> Counter {
    let mut counter = Counter::open().await;
    let mut till = counter.sells();
    counter.until_shown(&till).await;
    till.signal("TERM");
    assert_eq!(counter.until_ended(&mut till).await, 21);
    counter.control().pay_late(&counter.latest()).unwrap();

    counter
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settling_is_handed_over_and_tells_what_it_tells_alone() {
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
async fn f30_a_late_payment_is_on_the_idle_screen_until_somebody_has_taken_note_of_it() {
    let mut counter = paid_late().await;
    let mut settled = counter.shop.starts(&["settle", "--json"]);
    counter.until_ended(&mut settled).await;
    counter.until(has_ended).await;
    assert!(counter.stand.stand().is_idle());
    let words = counter.words().await;
    assert!(
        words.contains("LATE PAYMENT") && words.contains("12.50"),
        "{words}"
    );

    let taken_note = display::Message::Asked(Command::Close);
    counter.stand.send_to_display(taken_note);
    counter
        .until(|stand| matches!(stand.stand().display().sale().state(), State::Entry))
        .await;
    assert!(counter.words().await.contains("Welcome"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sale_does_not_wait_for_a_settling_and_is_never_told_that_the_counter_is_taken() {
    let mut counter = paid_late().await;
    // The platform takes its time.
    let slow = Fault::delay(Duration::from_secs(20));
    counter.control().script(Call::Read, [slow]);
    let mut settled = counter.shop.starts(&["settle"]);
    let control = counter.control();
    let reads = control.calls(Call::Read);
    counter.until(|_| control.calls(Call::Read) > reads).await;
    let begun = Instant::now();
    let till = counter.sells_as("A2");
    counter.until_shown(&till).await;
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!(counter.until_ended(&mut settled).await, 75);
    assert!(
        settled.said().contains("a sale came in between"),
        "{}",
        settled.said()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cashier_begins_a_sale_by_hand_and_a_till_takes_the_empty_screen_from_it() {
    let mut counter = Counter::open().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let enter = Key::Named(key::Named::Enter);
    let at = Instant::now();
    let pauses = std::iter::repeat_n(KeyEvent::pause(at), 3);
    for event in std::iter::once(KeyEvent::press(enter, at)).chain(pauses) {
        let event = display::Message::Key(event);
        counter.stand.send(Message::Window(event));
    }
    counter.until(|stand| !stand.stand().is_idle()).await;
    counter.until(|stand| stand.stand().is_selling()).await;
    assert!(counter.words().await.contains("Show QR"));
    let till = counter.sells();
    counter.until_shown(&till).await;
}
