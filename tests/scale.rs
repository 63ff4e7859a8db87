//! From one display to a thousand on one account, in simulated time: the real state machine at every
//! counter, the sandbox's own limit at the platform, and people who take their time. What comes of it
//! is in docs/scale.md; all of it is printed by cargo test --test scale -- --ignored --nocapture
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a simulation that cannot go on has failed; its figures are small, and are printed"
)]

#[path = "scale/display.rs"]
mod display;
#[path = "scale/figures.rs"]
mod figures;
#[path = "scale/journal.rs"]
mod journal;
#[path = "scale/oracle.rs"]
mod oracle;
#[path = "scale/people.rs"]
mod people;
#[path = "scale/platform.rs"]
mod platform;
#[path = "scale/world.rs"]
mod world;

use std::time::Duration;

use figures::Figures;
use people::Pace;
use world::Shop;

const HOUR: Duration = Duration::from_secs(3600);
/// What is printed: the calls that the account has in a minute, and how busy the counters are.
const PACES: [(u32, Pace); 4] = [
    (200, Pace::QUEUE),
    (200, Pace::CALM),
    (400, Pace::QUEUE),
    (1000, Pace::QUEUE),
];

/// So many displays with a queue at each of them, on an account of 200 calls a minute.
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
fn one_display_sees_half_of_the_payments_within_half_a_second_and_is_never_refused() {
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
fn f51_up_to_eight_displays_that_are_told_of_each_other_are_never_refused_and_no_code_waits() {
    for (displays, longest) in [(2, 1.1), (3, 1.3), (4, 1.7), (6, 2.5), (8, 3.5)] {
        let day = day(busy(displays, true));
        assert_eq!(day.refused, 0, "{displays} displays");
        assert!(day.seen.longest() <= seconds(longest), "{}", day.seen);
        assert!(day.codes.longest() <= seconds(0.1), "{}", day.codes);
    }
}

#[test]
fn f12_f51_displays_that_are_not_told_of_each_other_are_refused_and_still_sell() {
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
fn f6_f12_f36_a_thousand_displays_on_one_account_charge_nobody_twice_and_every_sale_comes_to_an_end()
 {
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
fn the_same_seed_gives_the_same_day_and_another_seed_another_one() {
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
