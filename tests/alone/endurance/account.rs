//! Four displays whose keys belong to one account with 200 calls per minute.

use std::time::{Duration, Instant};

use patron_display::app::Message;
use patron_display::sale::Command;
use patron_display::sandbox::{Options, Sandbox, SandboxStatus};

use crate::support::scene::Scene;

/// The time for which the codes are shown. Displays that poll too often have used up the first minute's calls by then.
const STANDING: Duration = Duration::from_secs(56);

/// The measurements at the four displays.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) refused: u64,
    /// The longest time from the cancel key until the platform reports the request as cancelled.
    pub(crate) longest_void: Duration,
    /// The longest time from a payment until the screen shows it.
    pub(crate) longest_detection: Duration,
}

/// Shows four codes for a minute. Then two customers pay, and two sales are cancelled.
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
                assert_eq!(
                    control.request(&id).unwrap().status,
                    SandboxStatus::Cancelled
                );

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
