//! Simulates phone cameras in front of a panel that shows this display's screen, and counts how often two
//! QR libraries can read the code in the camera's frames. docs/scanning.md has the results.
//!
//! The long tests take minutes and are ignored by default:
//!
//! ```text
//! cargo test --release --test it -- --ignored --nocapture scan::
//! ```
//!
//! With `SCAN_TURNS=20` a test takes twenty frames for each distance and disturbance instead of six.

pub(crate) mod camera;
pub(crate) mod counter;
pub(crate) mod disturbance;
mod panel;
mod reader;
mod sensor;
pub(crate) mod tally;

use iced::Size;
use patron_display::logo;
use qrcode::EcLevel;

use camera::Frame;
use counter::{Candidate, panels};
use disturbance::Disturbance;
use tally::{Plan, Row, Tally};

/// The distances from a large and a small panel, in centimetres.
const LARGE: [u32; 6] = [40, 60, 80, 100, 120, 150];
const SMALL: [u32; 6] = [30, 40, 50, 60, 70, 80];

/// A plan with all disturbances, and with the distances for a panel of this size.
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

/// Compares this display's code with the code of a web checkout, on a panel of this size.
async fn beside_a_web_checkout(size: Size<u32>) -> Tally {
    let tally = Tally::of(&panels(size).await, plan(size, turns()));
    print(size, &tally);

    tally
}

fn print(size: Size<u32>, tally: &Tally) {
    let table = tally.table().unwrap();
    println!("\n{}x{}\n{table}", size.width, size.height);
}

#[ignore = "takes minutes"]
#[tokio::test]
async fn read_more_often_on_large_panels() {
    for size in [Size::new(1920, 1080), Size::new(1280, 800)] {
        let tally = beside_a_web_checkout(size).await;
        let behind: Vec<_> = tally.rows().filter(|row| !row.is_ahead()).collect();
        assert!(behind.is_empty(), "{size:?}: {behind:#?}");
    }
}

/// On a small panel, a web checkout's 256 pixels are nearly as large as this display's code, and a lamp's
/// glare misses the smaller code more often. See docs/scanning.md.
#[ignore = "takes minutes"]
#[tokio::test]
async fn read_more_often_on_a_small_panel() {
    /// A difference of two looks, of the 36 that each row of the table counts.
    const LUCK: f64 = 0.06;
    let tally = beside_a_web_checkout(Size::new(800, 480)).await;
    assert!(tally.overall().iter().all(Row::is_ahead));
    let behind: Vec<_> = tally
        .rows()
        .filter(|row| row.name != Disturbance::Glare.name() && row.is_behind_by(LUCK))
        .collect();
    assert!(behind.is_empty(), "{behind:#?}");
}

/// A short form of the other tests: two distances, three disturbances, one frame each.
#[tokio::test]
async fn code_is_read_better_than_a_web_checkouts() {
    let plan = Plan {
        distances: &[60, 80],
        disturbances: &[Disturbance::None, Disturbance::Tilt, Disturbance::Motion],
        turns: 1,
        // The whole code fits into this small frame; a larger frame would take seconds longer.
        frame: Frame {
            width: 360,
            height: 360,
        },
    };
    let tally = Tally::of(&panels(Size::new(800, 480)).await, plan);
    for row in tally.overall() {
        let [plain, with_logo, web] = row.rates[..] else {
            panic!("three panels");
        };
        assert!(plain > web && with_logo > web, "{row:?}");
    }
}

/// Checks that `chosen` is read about as often as every candidate of `others`, and clearly more often than
/// the last one, which has the most robust level.
fn is_well_chosen(chosen: Candidate, others: &[Candidate]) {
    /// The largest difference that small random differences can sum up to.
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

#[ignore = "takes minutes"]
#[test]
fn chosen_level_is_read_best() {
    let others = [EcLevel::M, EcLevel::Q, EcLevel::H].map(|level| Candidate { level, logo: 0 });
    is_well_chosen(Candidate::chosen(None), &others);
}

#[ignore = "takes minutes"]
#[test]
fn chosen_level_and_logo_are_read_best() {
    let others = [
        (EcLevel::L, 5),
        (EcLevel::M, 3),
        (EcLevel::M, 7),
        (EcLevel::Q, 7),
        (EcLevel::H, 7),
    ]
    .map(|(level, logo)| Candidate { level, logo });
    is_well_chosen(Candidate::chosen(Some(logo::mark().unwrap())), &others);
}
