//! The figures of a simulated day, and the tables that print them.

use std::fmt;
use std::time::Duration;

use crate::scale::people::Pace;
use crate::scale::world::Shop;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    /// The durations from a payment at the platform to the PAID screen.
    pub(crate) seen: Durations,
    /// The durations from the start of a sale to its code.
    pub(crate) codes: Durations,
    /// The durations from the cancel key to the ending.
    pub(crate) cancelled: Durations,
    /// The number of sales whose create was refused at least once.
    pub(crate) creates_refused: u64,
    /// The number of calls that the rate limit refused while the shop was open.
    pub(crate) refused: u64,
    /// The number of sales that ended as paid while the shop was open.
    pub(crate) paid: u64,
    /// The number of payments that the display refunded although no one cancelled: no answer came in time.
    pub(crate) taken_back: u64,
    /// The number of displays whose last sale has not ended hours after closing time.
    pub(crate) unfinished: usize,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Durations(Vec<Duration>);

impl Durations {
    pub(crate) fn push(&mut self, duration: Duration) {
        self.0.push(duration);
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// Returns a percentile, or zero if there are no durations.
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let place = (sorted.len() * percent).div_ceil(100);

        sorted
            .get(place.saturating_sub(1))
            .copied()
            .unwrap_or_default()
    }

    pub(crate) fn longest(&self) -> Duration {
        self.percentile(100)
    }
}

impl fmt::Display for Durations {
    /// Writes median, 99th percentile and maximum in seconds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [median, most, longest] = [50, 99, 100].map(|percent| self.percentile(percent));

        write!(f, "{}, {}, {}", short(median), short(most), short(longest))
    }
}

fn short(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 10.0 {
        format!("{seconds:.2}")
    } else {
        format!("{seconds:.0}")
    }
}

impl Figures {
    fn row(&self, shop: &Shop) -> String {
        let hours = shop.open_for.as_secs_f64() / 3600.0;
        let refused_per_minute = self.refused as f64 / hours / 60.0 / shop.displays as f64;
        let sales = self.codes.count().max(1) as f64;

        format!(
            "| {} | {refused_per_minute:.2} | {} | {} | {:.0} % | {} | {:.0} | {} |",
            shop.displays,
            self.seen,
            self.codes,
            100.0 * self.creates_refused as f64 / sales,
            self.cancelled,
            self.paid as f64 / hours / shop.displays as f64,
            self.taken_back,
        )
    }
}

/// Prints a table with one row for each number of displays. Each row is a simulated day.
pub(crate) fn print(limit: u32, pace: Pace, told: bool, displays: &[usize]) {
    let knows = if told {
        "told how many they are"
    } else {
        "each believes to be alone"
    };
    println!("\n{limit} calls a minute, {}, {knows}\n", pace.name);
    println!(
        "| displays | refused | payment seen after, s | code after, s | creates refused | cancelled after, s | paid | taken back |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for &displays in displays {
        let shop = Shop::half_a_day(displays, limit, pace, told);
        let figures = shop.day().unwrap();
        println!("{}", figures.row(&shop));
    }
}

/// Prints, for each condition, the largest number of displays with which it holds.
pub(crate) fn print_bounds(limit: u32, pace: Pace, told: bool) {
    let holds: [fn(&Figures) -> bool; 3] = [
        |day| day.refused == 0,
        |day| day.seen.percentile(99) <= Duration::from_secs(2),
        |day| day.seen.percentile(99).max(day.codes.percentile(99)) <= Duration::from_secs(5),
    ];
    let mut most = [None; 3];
    for displays in 1.. {
        let day = Shop::half_a_day(displays, limit, pace, told).day().unwrap();
        for (most, holds) in most.iter_mut().zip(holds) {
            if most.is_none() && !holds(&day) {
                *most = Some(displays - 1);
            }
        }
        if most.iter().all(Option::is_some) {
            break;
        }
    }
    let [refused, two, five] = most.map(Option::unwrap_or_default);
    println!(
        "| {limit} | {} | {} | {refused} | {two} | {five} |",
        pace.name,
        if told { "told" } else { "alone" },
    );
}
