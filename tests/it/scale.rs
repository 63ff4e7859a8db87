//! Simulates one to a thousand displays on one account: each counter has the real state machine and slow
//! people, and the sandbox's rate limit applies. Time is simulated, too.
//!
//! docs/scale.md has the results. This command prints them:
//!
//! ```text
//! cargo test --test it -- --ignored --nocapture scale::all
//! ```
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a simulation that cannot go on has failed; its figures are small, and are printed"
)]

mod display;
mod figures;
mod journal;
mod oracle;
mod people;
mod platform;
mod world;

use std::time::Duration;

use figures::Figures;
use people::Pace;
use world::Shop;

const HOUR: Duration = Duration::from_secs(3600);
/// The printed cases. Each has the account's calls per minute, and how busy the counters are.
const PACES: [(u32, Pace); 4] = [
    (200, Pace::QUEUE),
    (200, Pace::CALM),
    (400, Pace::QUEUE),
    (1000, Pace::QUEUE),
];

/// A shop where each display has a queue of customers, on an account with 200 calls per minute.
fn busy(displays: usize, told: bool) -> Shop {
    Shop::half_a_day(displays, 200, Pace::QUEUE, told)
}

fn day(shop: Shop) -> Figures {
    shop.day().unwrap()
}

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

#[test]
fn one_display_sees_payments_quickly() {
    let day = day(Shop {
        open_for: 24 * HOUR,
        ..busy(1, false)
    });
    assert!(day.seen.count() > 1_500, "{}", day.seen.count());
    assert!(day.seen.percentile(50) <= seconds(0.55), "{}", day.seen);
    assert!(day.seen.percentile(99) <= seconds(1.1), "{}", day.seen);
    assert_eq!(day.refused, 0);
}

#[test]
fn f51_up_to_eight_told_displays_never_refused() {
    for (displays, longest) in [(2, 1.1), (3, 1.3), (4, 1.7), (6, 2.5), (8, 3.5)] {
        let day = day(busy(displays, true));
        assert_eq!(day.refused, 0, "{displays} displays");
        assert!(day.seen.longest() <= seconds(longest), "{}", day.seen);
        assert!(day.codes.longest() <= seconds(0.1), "{}", day.codes);
    }
}

#[test]
fn f12_f51_untold_displays_still_sell() {
    let (alone, told) = (day(busy(6, false)), day(busy(6, true)));
    assert!(alone.refused > 1_000, "{}", alone.refused);
    assert!(
        alone.paid * 100 > told.paid * 95,
        "{} {}",
        alone.paid,
        told.paid
    );
    assert_eq!(alone.taken_back, 0);
}

#[test]
#[ignore = "a long day: .ci/run"]
fn f6_f12_f36_thousand_displays_charge_once() {
    for told in [false, true] {
        let day = day(Shop {
            open_for: HOUR / 4,
            ..busy(1000, told)
        });
        assert!(day.refused > 10_000, "{}", day.refused);
        assert!(day.codes.count() >= 1_000, "{}", day.codes.count());
        assert!(day.cancelled.count() > 20, "{}", day.cancelled.count());
        assert_eq!(day.unfinished, 0);
    }
}

#[test]
fn seed_determines_the_day() {
    let shop = Shop {
        open_for: HOUR,
        ..busy(8, false)
    };
    let (once, again) = (day(shop), day(shop));
    let other = day(Shop { seed: 2, ..shop });
    assert!(once == again);
    assert!(once != other);
}

#[test]
#[ignore = "a minute or two; it only prints"]
fn all_figures() {
    const DISPLAYS: [usize; 15] = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 128, 256, 512, 1000];
    for (limit, pace) in PACES {
        for told in [false, true] {
            figures::print(limit, pace, told, &DISPLAYS);
        }
    }
}

#[test]
#[ignore = "a minute or two; it only prints"]
fn all_bounds() {
    println!("\n| calls a minute | pace | displays are | never refused | 2 s | 5 s |");
    println!("|---|---|---|---|---|---|");
    for (limit, pace) in PACES {
        for told in [false, true] {
            figures::print_bounds(limit, pace, told);
        }
    }
}
