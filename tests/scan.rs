//! Whether phones read the code: a camera is simulated in front of a panel that shows this display's
//! own screen, and two libraries look for the code in what it sees. docs/scanning.md has the results.
//!
//! Takes minutes, so it is not among the tests that run everywhere:
//!
//! ```text
//! cargo test --release --test scan -- --nocapture
//! ```
//!
//! `SCAN_TURNS=10` looks ten times at each instead of three times.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
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
use scan::tally::{Plan, Tally};

fn plan() -> Plan<'static> {
    Plan {
        distances: &[40, 60, 80, 100, 120, 150],
        disturbances: &Disturbance::ALL,
        turns: std::env::var("SCAN_TURNS").map_or(3, |turns| turns.parse().unwrap()),
        frame: Frame::FINDER,
    }
}

async fn is_ahead(size: Size<u32>) {
    let tally = Tally::of(&panels(size).await, plan());
    println!(
        "\n{}x{}\n{}",
        size.width,
        size.height,
        tally.table().unwrap()
    );
    let rows = tally.by_distance().into_iter();
    for row in rows.chain(tally.by_disturbance()) {
        let [plain, with_logo, web] = row.rates[..] else {
            panic!("three panels");
        };
        for ours in [plain, with_logo] {
            let both_all_or_nothing = ours == web && (web == 0.0 || web == 1.0);
            assert!(ours > web || both_all_or_nothing, "{row:?}");
        }
    }
}

#[tokio::test]
async fn at_1920x1080_the_code_is_read_more_often_than_a_web_checkouts() {
    is_ahead(Size::new(1920, 1080)).await;
}

#[tokio::test]
async fn at_1280x800_the_code_is_read_more_often_than_a_web_checkouts() {
    is_ahead(Size::new(1280, 800)).await;
}

#[tokio::test]
async fn at_800x480_the_code_is_read_more_often_than_a_web_checkouts() {
    is_ahead(Size::new(800, 480)).await;
}

#[tokio::test]
async fn at_1080x1920_the_code_is_read_more_often_than_a_web_checkouts() {
    is_ahead(Size::new(1080, 1920)).await;
}

/// What several small differences in luck come to.
const LUCK: f64 = 0.03;

/// Looks at what is chosen and at what else there could be. The most robust level comes last, and reads
/// clearly less often.
fn is_well_chosen(chosen: Candidate, others: &[Candidate]) {
    let sizes = [Size::new(1920, 1080), Size::new(800, 480)];
    let mut means = vec![0.0; others.len() + 1];
    for size in sizes {
        let all = [chosen].into_iter().chain(others.iter().copied());
        let shown: Vec<_> = all.map(|candidate| candidate.shown(size)).collect();
        let tally = Tally::of(&shown, plan());
        println!(
            "\n{}x{}\n{}",
            size.width,
            size.height,
            tally.table().unwrap()
        );
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
