//! The limits for the display in docs/performance.md.

use crate::Measured;
use crate::contenders::{BARE_WINDOW, Contender, DISPLAY, PAGE};

/// A measured figure and its limit.
struct Promise {
    what: &'static str,
    figure: f64,
    most: f64,
}

/// Prints the figures with their limits. Returns whether all limits hold. The limit of a figure that could not be
/// measured counts as held.
pub(crate) fn holds(measured: &[(Contender, Measured)]) -> bool {
    let named = |name: &str| {
        let mut rows = measured.iter();

        rows.find_map(|(contender, row)| (contender.name == name).then_some(row))
    };
    let Some(display) = named(DISPLAY) else {
        return false;
    };
    let mut promises = vec![Promise {
        what: "CPU while the code is shown, % of a core",
        figure: display.cost.cpu_percent,
        most: 0.5,
    }];
    if let Some(bare) = named(BARE_WINDOW) {
        promises.push(Promise {
            what: "PSS, times the bare iced window's",
            figure: display.cost.pss_mb / bare.cost.pss_mb,
            most: 2.0,
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

    // A figure that was not measured is NaN, which is never above a limit.
    !promises.iter().any(|promise| promise.figure > promise.most)
}
