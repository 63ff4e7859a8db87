//! What tests/scan.rs shows at length, at a glance: from a few places, a phone reads the code of this
//! display's screen where it does not read a web checkout's.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot set its scene has failed"
)]

#[path = "scan/mod.rs"]
mod scan;

use iced::Size;

use scan::camera::Frame;
use scan::counter::panels;
use scan::disturbance::Disturbance;
use scan::tally::{Plan, Tally};

#[tokio::test]
async fn a_phone_reads_the_code_where_it_does_not_read_a_web_checkouts() {
    let plan = Plan {
        distances: &[60, 80],
        disturbances: &[Disturbance::None, Disturbance::Tilt, Disturbance::Motion],
        turns: 1,
        // The middle of the preview has all of the code in it, and takes seconds less.
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
