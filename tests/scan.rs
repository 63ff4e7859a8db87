//! Whether phones read the code: a camera is simulated in front of a panel that shows this display's
//! own screen, and two libraries look for the code in what it sees. docs/scanning.md has the results.
//!
//! Takes minutes, so it is not among the tests that run everywhere:
//!
//! ```text
//! cargo test --release --test scan -- --nocapture
//! ```
//!
//! `SCAN_TURNS=20` looks twenty times in each situation instead of six times.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test says what went wrong by failing"
)]

#[path = "scan/mod.rs"]
mod scan;

use iced::Size;
use patron_display::logo::Logo;
use qrcode::EcLevel;

use scan::camera::Frame;
use scan::counter::{Candidate, panels};
use scan::disturbance::Disturbance;
use scan::tally::{Plan, Row, Tally};

/// From where a large and a small panel are looked at, in centimetres.
const LARGE: [u32; 6] = [40, 60, 80, 100, 120, 150];
const SMALL: [u32; 6] = [30, 40, 50, 60, 70, 80];

/// All disturbances at the distances that fit the panel.
fn plan(size: Size<u32>, turns: u64) -> Plan<'static> {
    Plan {
        distances: if size.height < 600 { &SMALL } else { &LARGE },
        disturbances: &Disturbance::ALL,
        turns,
        frame: Frame::FINDER,
    }
}

fn turns() -> u64 {
    std::env::var("SCAN_TURNS").map_or(6, |turns| turns.parse().unwrap())
}

/// This display's code beside a web checkout's on a panel of this size.
async fn beside_a_web_checkout(size: Size<u32>) -> Tally {
    let tally = Tally::of(&panels(size).await, plan(size, turns()));
    print(size, &tally);

    tally
}

fn print(size: Size<u32>, tally: &Tally) {
    let table = tally.table().unwrap();
    println!("\n{}x{}\n{table}", size.width, size.height);
}

async fn is_ahead_in_every_row(size: Size<u32>) {
    let tally = beside_a_web_checkout(size).await;
    let behind: Vec<_> = tally.rows().filter(|row| !row.is_ahead()).collect();
    assert!(behind.is_empty(), "{behind:#?}");
}

#[tokio::test]
async fn at_1920x1080_the_code_is_read_more_often_than_a_web_checkouts() {
    is_ahead_in_every_row(Size::new(1920, 1080)).await;
}

#[tokio::test]
async fn at_1280x800_the_code_is_read_more_often_than_a_web_checkouts() {
    is_ahead_in_every_row(Size::new(1280, 800)).await;
}

/// Here a web checkout's 256 pixels are not much less than all there is, and a lamp's glare misses the
/// smaller code more often. docs/scanning.md says more.
#[tokio::test]
async fn at_800x480_the_code_is_read_more_often_and_only_glare_makes_it_less() {
    /// Two looks of the 36 in a row.
    const LUCK: f64 = 0.06;
    let tally = beside_a_web_checkout(Size::new(800, 480)).await;
    assert!(tally.overall().iter().all(Row::is_ahead));
    let behind: Vec<_> = tally
        .rows()
        .filter(|row| row.name != Disturbance::Glare.name() && row.is_behind_by(LUCK))
        .collect();
    assert!(behind.is_empty(), "{behind:#?}");
}

/// Looks at what is chosen and at what else there could be. The most robust level comes last, and reads
/// clearly less often.
fn is_well_chosen(chosen: Candidate, others: &[Candidate]) {
    /// What several small differences in luck come to.
    const LUCK: f64 = 0.03;
    let sizes = [Size::new(1920, 1080), Size::new(800, 480)];
    let mut means = vec![0.0; others.len() + 1];
    for size in sizes {
        let all = [chosen].into_iter().chain(others.iter().copied());
        let shown: Vec<_> = all.map(|candidate| candidate.shown(size)).collect();
        let tally = Tally::of(&shown, plan(size, turns().div_ceil(3)));
        print(size, &tally);
        for (sum, mean) in means.iter_mut().zip(tally.means()) {
            *sum += mean / sizes.len() as f64;
        }
    }
    println!("\nboth sizes, both readers: {means:.3?}");
    assert!(means.iter().all(|mean| means[0] + LUCK >= *mean));
    assert!(means.last().is_some_and(|most| means[0] > most + LUCK));
}

#[test]
fn no_other_level_of_a_plain_code_would_be_read_more_often() {
    let others = [EcLevel::M, EcLevel::Q, EcLevel::H].map(|level| Candidate { level, logo: 0 });
    is_well_chosen(Candidate::chosen(None), &others);
}

#[test]
fn no_other_level_and_no_smaller_logo_would_be_read_more_often() {
    let others = [
        (EcLevel::L, 5),
        (EcLevel::M, 3),
        (EcLevel::M, 7),
        (EcLevel::Q, 7),
        (EcLevel::H, 7),
    ]
    .map(|(level, logo)| Candidate { level, logo });
    is_well_chosen(Candidate::chosen(Some(Logo::mark().unwrap())), &others);
}
