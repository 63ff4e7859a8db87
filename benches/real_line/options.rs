//! The options of the benchmark.

use std::env;
use std::time::Duration;

/// A round trip and its limits, as multiples of a bare HTTP client's time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct RoundTrip {
    pub(crate) ms: u64,
    /// The limit of a sale, from its start to the code.
    pub(crate) launch_limit: f64,
    /// The limit of the resident display, from the till's call to the code.
    pub(crate) resident_limit: f64,
}

impl RoundTrip {
    pub(crate) fn duration(self) -> Duration {
        Duration::from_millis(self.ms)
    }
}

/// The cost is measured at this round trip.
pub(crate) const COSTS_AT_MS: u64 = 40;

const ROUND_TRIPS: [RoundTrip; 3] = [
    RoundTrip {
        ms: 10,
        launch_limit: 1.5,
        resident_limit: 1.8,
    },
    RoundTrip {
        ms: COSTS_AT_MS,
        launch_limit: 1.2,
        resident_limit: 1.35,
    },
    RoundTrip {
        ms: 120,
        launch_limit: 1.1,
        resident_limit: 1.15,
    },
];

/// The options of a measurement.
#[derive(Debug)]
pub(crate) struct Options {
    /// The measured rounds at each round trip. A warm-up comes before them.
    pub(crate) rounds: usize,
    pub(crate) round_trips: Vec<RoundTrip>,
}

impl Options {
    /// Reads `--rounds N` and `--rtt MS` from the command line.
    ///
    /// # Panics
    /// If one of them is wrong.
    pub(crate) fn read() -> Self {
        const ROUNDS: usize = 9;
        let rounds = option("--rounds").map_or(ROUNDS, |rounds| rounds as usize);
        assert!(rounds > 0, "--rounds must be at least 1");
        let ms = option("--rtt");
        let chosen = ROUND_TRIPS
            .into_iter()
            .filter(|round_trip| ms.is_none_or(|ms| round_trip.ms == ms));
        let round_trips: Vec<_> = chosen.collect();
        assert!(!round_trips.is_empty(), "--rtt must be 10, 40 or 120");

        Self {
            rounds,
            round_trips,
        }
    }
}

/// Returns the number after the option of this name.
fn option(name: &str) -> Option<u64> {
    let mut arguments = env::args().skip_while(|argument| argument != name);
    arguments.next()?;
    let value = arguments.next().and_then(|value| value.parse().ok());

    Some(value.unwrap_or_else(|| panic!("{name} needs a number")))
}
