//! Four displays whose key belongs to one account of 200 calls a minute.

use std::time::{Duration, Instant};

use patron_display::display::Message;
use patron_display::sale::Command;
use patron_display::sandbox::{Options, Sandbox, Status};

use crate::scene::Scene;

/// By then the account's calls of the first minute are used up, if they ever are.
const STANDING: Duration = Duration::from_secs(56);

/// What four displays have met with.
#[derive(Debug)]
pub(crate) struct Seen {
    /// Calls that the platform did not take.
    pub(crate) refused: u64,
    /// From the key press to the platform's own word that it is cancelled.
    pub(crate) longest_void: Duration,
    /// From the payment to the screen that says so.
    pub(crate) longest_detection: Duration,
}

/// Each shows its code until the account is busy. Then two customers pay and two sales are cancelled.
pub(crate) async fn four_displays(counters: u32) -> Seen {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let control = sandbox.control();
    let display = |number: u32| {
        let control = control.clone();
        let platform = sandbox.address();
        async move {
            tokio::time::sleep(Duration::from_millis(u64::from(number) * 230)).await;
            let api = format!("counters = {counters}\n");
            let scene = Scene {
                platform: Some(platform),
                api: &api,
                ..Scene::default()
            };
            let mut sale = scene.begin().await;
            sale.until_shown().await;
            let id = sale.shown_id();
            let until = Instant::now() + STANDING;
            sale.until(move |_| Instant::now() >= until).await;
            let acted = Instant::now();
            if number.is_multiple_of(2) {
                sale.display.send(Message::Asked(Command::Cancel));
                sale.until_ended("cancelled").await;
                assert_eq!(sale.close(), Some(21));
                assert_eq!(control.request(&id).unwrap().status, Status::Cancelled);

                (acted.elapsed(), Duration::ZERO)
            } else {
                control.pay(&id).unwrap();
                sale.until_ended("paid").await;
                assert_eq!(sale.close(), Some(0));
                assert_eq!(control.captured_minus_refunded(&id), Some(1250));

                (Duration::ZERO, acted.elapsed())
            }
        }
    };
    let (a, b, c, d) = tokio::join!(display(0), display(1), display(2), display(3));
    let seen = [a, b, c, d];
    let refused = control.refused();
    sandbox.shutdown().await;

    Seen {
        refused,
        longest_void: seen.iter().map(|(void, _)| *void).max().unwrap(),
        longest_detection: seen.iter().map(|(_, detection)| *detection).max().unwrap(),
    }
}
