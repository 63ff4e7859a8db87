//! The limits of the display.

use crate::results::{Results, figure};

/// A measured figure and its limit. A figure that could not be measured is NaN.
struct Promise {
    what: String,
    figure: f64,
    limit: Limit,
}

#[derive(Debug, Clone, Copy)]
enum Limit {
    AtMost(f64),
    AtLeast(f64),
}

impl Promise {
    fn at_most(what: impl Into<String>, figure: f64, limit: f64) -> Self {
        Self {
            what: what.into(),
            figure,
            limit: Limit::AtMost(limit),
        }
    }

    /// Whether the promise is missed. A figure that could not be measured misses nothing.
    fn is_missed(&self) -> bool {
        match self.limit {
            Limit::AtMost(limit) => self.figure > limit,
            Limit::AtLeast(limit) => self.figure < limit,
        }
    }

    fn print(&self) {
        let limit = match self.limit {
            Limit::AtMost(limit) => format!("at most  {limit:.2}"),
            Limit::AtLeast(limit) => format!("at least {limit:.2}"),
        };
        let verdict = if self.figure.is_nan() {
            "not measured"
        } else if self.is_missed() {
            "MISSED"
        } else {
            "kept"
        };
        let figure = figure(self.figure, 2);
        println!("{:<64} {figure:>6}  {limit}  {verdict}", self.what);
    }
}

/// Prints the figures with their limits. Returns the number of missed promises.
pub(crate) fn missed(results: &Results) -> usize {
    println!("\npromises");
    let promises = of(results);
    promises.iter().for_each(Promise::print);

    promises
        .iter()
        .filter(|promise| promise.is_missed())
        .count()
}

fn of(results: &Results) -> Vec<Promise> {
    const LEAST_PAGE: f64 = 2.0;
    const MOST_FRAMES: f64 = 1.3;
    const MOST_CPU_PERCENT: f64 = 0.5;
    const MOST_PSS: f64 = 2.0;
    let mut promises = Vec::new();
    for at in &results.round_trips {
        let ms = at.round_trip.ms;
        promises.push(Promise::at_most(
            format!("{ms} ms: sale, times a create on a new connection"),
            at.sale.median() / at.new_connection.median(),
            at.round_trip.launch_limit,
        ));
        promises.push(Promise::at_most(
            format!("{ms} ms: stand, times a create on an open connection"),
            at.resident.median() / at.open_connection.median(),
            at.round_trip.resident_limit,
        ));
        promises.push(Promise {
            what: format!("{ms} ms: Chromium page, times a sale"),
            figure: at.page.median() / at.sale.median(),
            limit: Limit::AtLeast(LEAST_PAGE),
        });
    }
    for (name, codes) in [("sale", &results.sale), ("stand", &results.resident)] {
        promises.push(Promise::at_most(
            format!("{name}: answer to code, times one frame of the bare window"),
            codes.since_answer.median() / results.frames.median(),
            MOST_FRAMES,
        ));
        promises.push(Promise::at_most(
            format!("{name}: codes before their words"),
            f64::from(codes.before_words),
            0.0,
        ));
    }
    let costs = results.costs;
    promises.push(Promise::at_most(
        "sale: CPU while the code is shown, % of a core",
        costs.sale.cpu_percent,
        MOST_CPU_PERCENT,
    ));
    promises.push(Promise::at_most(
        "sale: PSS, times the bare window's",
        costs.sale.pss_mb / costs.bare_window.pss_mb,
        MOST_PSS,
    ));

    promises
}
