//! What is promised of the display beside the others.

use crate::Measured;
use crate::contenders::{BARE_WINDOW, Contender, DISPLAY, PAGE};

/// A figure, and the most that it may be.
struct Promise {
    what: &'static str,
    figure: f64,
    most: f64,
}

/// Prints what was promised beside what was measured, and says whether all of it holds. What could not be
/// measured, such as memory that may not be looked into, holds.
pub(crate) fn holds(measured: &[(Contender, Measured)]) -> bool {
    let named = |name: &str| {
        let mut rows = measured.iter();

        rows.find_map(|(contender, row)| (contender.name == name).then_some(row))
    };
    let Some(display) = named(DISPLAY) else {
        return false;
    };
    let mut promises = vec![Promise {
        what: "CPU while the code stands, % of a core",
        figure: display.cost.cpu_percent,
        most: 0.5,
    }];
    if let Some(bare) = named(BARE_WINDOW) {
        promises.push(Promise {
            what: "start, times the bare iced window's",
            figure: display.median_ms() / bare.median_ms(),
            most: 1.25,
        });
        promises.push(Promise {
            what: "PSS, times the bare iced window's",
            figure: display.cost.pss_mb / bare.cost.pss_mb,
            most: 1.4,
        });
    }
    if let Some(page) = named(PAGE) {
        promises.push(Promise {
            what: "start, times the Chromium page's",
            figure: display.median_ms() / page.median_ms(),
            most: 1.0 / 6.0,
        });
    }
    for promise in &promises {
        println!(
            "{:<40} {:>5.2}, promised at most {:.2}",
            promise.what, promise.figure, promise.most
        );
    }

    // Not a number is no more than anything.
    !promises.iter().any(|promise| promise.figure > promise.most)
}
