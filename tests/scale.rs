//! x
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a simulation that cannot go on has failed"
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

use std::time::{Duration, Instant};

use figures::percentile;
use people::Pace;
use world::Shop;

#[test]
#[ignore = "prints"]
fn table() {
    for pace in [Pace::QUEUE, Pace::CALM] {
    for told in [false, true] {
        for displays in [1usize, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 128, 256, 512, 1000] {
            let shop = Shop {
                displays,
                counters: if told { (displays as u32).min(100) } else { 1 },
                limit: 200,
                pace,
                open_for: Duration::from_secs(3600),
                seed: 1,
            };
            let began = Instant::now();
            let f = shop.day().unwrap();
            let s = |v: &[Duration], p| percentile(v, p).as_secs_f64();
            println!(
                "{} told {told} {displays:5}  detect {:8.2} {:8.2} {:8.2}  codes {:8.2} {:8.2} {:8.2} refused creates {:4.1}%  voids {:7.2} {:7.2} {:7.2}  429 {:7.3}/min  sales {:6.1}/h paid {:6.1}/h  back {} unknown {} {:?}",
                pace.name,
                s(&f.detected, 50), s(&f.detected, 99), s(&f.detected, 100),
                s(&f.codes, 50), s(&f.codes, 99), s(&f.codes, 100),
                f.creates_refused as f64 * 100.0 / f.codes.len().max(1) as f64,
                s(&f.voided, 50), s(&f.voided, 99), s(&f.voided, 100),
                f.refused as f64 / displays as f64 / 60.0,
                f.sales as f64 / displays as f64,
                f.sales_paid as f64 / displays as f64,
                f.given_back_unseen, f.unknown, began.elapsed()
            );
        }
    }
    }
}
