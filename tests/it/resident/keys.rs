//! Keys and taps around the create screen of a resident display.

use std::time::{Duration, Instant};

use iced::keyboard::{Key, key};
use patron_display::app::Message;
use patron_display::app::{KeyEvent, create};

use crate::support::resident::Counter;

/// A key or tap within this time of a new screen counts for the screen before.
const TIME_TO_SEE: Duration = Duration::from_millis(400);

impl Counter {
    fn key(&mut self, event: KeyEvent) {
        self.display.send(Message::Key(event));
    }

    fn presses(&mut self, text: &str) {
        self.key(KeyEvent::press(Key::Character(text.into()), Instant::now()));
    }

    fn pauses(&mut self) {
        for _ in 0..3 {
            self.key(KeyEvent::pause(Instant::now()));
        }
    }

    /// Opens the create screen with Enter, as the cashier does.
    fn begins_by_hand(&mut self) {
        let enter = Key::Named(key::Named::Enter);
        self.key(KeyEvent::press(enter, Instant::now()));
        self.pauses();
        assert!(!self.display.app().is_idle() && !self.display.app().is_selling());
    }

    /// Taps "Show QR".
    fn taps(&mut self) {
        let tapped = Message::Create(create::EntryMessage::Confirmed);
        self.display
            .send_to_display(Message::Tapped(Box::new(tapped)));
    }

    async fn is_created(&mut self) -> u64 {
        let control = self.control();
        self.until(|_| control.latest().is_some()).await;

        control
            .request(&self.latest())
            .map_or(0, |request| request.amount)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f66_early_digit_is_kept() {
    let mut counter = Counter::open().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    counter.begins_by_hand();
    counter.presses("1");
    counter.until(|display| display.app().is_selling()).await;
    counter.turns_for(TIME_TO_SEE).await;
    counter.presses("2");
    counter.turns_for(TIME_TO_SEE).await;
    counter.taps();
    assert_eq!(counter.is_created().await, 1200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f66_tap_does_not_overtake_a_digit() {
    let mut counter = Counter::open().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    counter.begins_by_hand();
    counter.until(|display| display.app().is_selling()).await;
    counter.turns_for(TIME_TO_SEE).await;
    counter.presses("1");
    counter.turns_for(TIME_TO_SEE).await;
    counter.presses("2");
    counter.taps();
    counter.turns_for(TIME_TO_SEE).await;
    counter.taps();
    assert_eq!(counter.is_created().await, 1200);
}

/// Someone presses a key just before the till's sale appears.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f66_key_before_a_sale_hides_none() {
    let mut counter = Counter::open().await;
    counter.presses("x");
    let mut till = counter.shows_code().await;
    let latest = counter.latest();
    counter.control().pay(&latest).expect("a payment");
    counter.until_ended(&mut till).await;
    counter.until_idle().await;
    counter.turns_for(2 * TIME_TO_SEE).await;
    counter.begins_by_hand();
}
