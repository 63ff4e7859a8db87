//! The measurements and their tables.

use std::time::Duration;

use crate::contenders::Shown;
use crate::cost::Cost;
use crate::network::Network;
use crate::options::RoundTrip;
use crate::tls::SERVER_TIME;

/// More than this share of the words' ink must not be missing when the code is readable. The text and the bar of the
/// countdown may change by a second meanwhile.
const MOST_MISSING_WORDS: f64 = 0.02;

/// Times of one kind.
#[derive(Debug, Default)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    pub(crate) fn add(&mut self, time: Duration) {
        self.0.push(time);
        self.0.sort();
    }

    /// The median in milliseconds, or NaN if nothing was measured.
    pub(crate) fn median(&self) -> f64 {
        ms(self.0.get(self.0.len() / 2))
    }

    fn least(&self) -> f64 {
        ms(self.0.first())
    }

    fn most(&self) -> f64 {
        ms(self.0.last())
    }
}

fn ms(time: Option<&Duration>) -> f64 {
    time.map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
}

/// The times at one round trip.
#[derive(Debug)]
pub(crate) struct AtRoundTrip {
    pub(crate) round_trip: RoundTrip,
    launch_floor: Duration,
    open_floor: Duration,
    pub(crate) new_connection: Times,
    pub(crate) open_connection: Times,
    pub(crate) sale: Times,
    pub(crate) resident: Times,
    pub(crate) page: Times,
}

impl AtRoundTrip {
    pub(crate) fn new(round_trip: RoundTrip, network: &Network) -> Self {
        Self {
            round_trip,
            launch_floor: network.launch_floor(),
            open_floor: network.open_floor(),
            new_connection: Times::default(),
            open_connection: Times::default(),
            sale: Times::default(),
            resident: Times::default(),
            page: Times::default(),
        }
    }

    /// Prints a table. The floor of a row is the time that the line and the server alone take.
    pub(crate) fn print(&self) {
        let title = format!(
            "round trip {} ms, server {} ms",
            self.round_trip.ms,
            SERVER_TIME.as_millis()
        );
        println!("\n{title:<36} median ms    least     most   x floor  floor ms");
        let rows = [
            (
                "create on a new connection",
                &self.new_connection,
                self.launch_floor,
            ),
            (
                "patron-display sale, from its start",
                &self.sale,
                self.launch_floor,
            ),
            (
                "Chromium page, from its start",
                &self.page,
                self.launch_floor,
            ),
            (
                "create on an open connection",
                &self.open_connection,
                self.open_floor,
            ),
            (
                "patron-display stand, from the call",
                &self.resident,
                self.open_floor,
            ),
        ];
        for (name, times, floor) in rows {
            let floor = ms(Some(&floor));
            print_row(name, times);
            let ratio = figure(times.median() / floor, 2);
            println!(" {ratio:>9} {floor:>9.0}");
        }
    }
}

fn print_row(name: &str, times: &Times) {
    let [median, least, most] =
        [times.median(), times.least(), times.most()].map(|time| figure(time, 1));
    print!("{name:<36} {median:>9} {least:>8} {most:>8}");
}

/// Formats a figure with this many decimals. A figure that could not be measured becomes a dash.
pub(crate) fn figure(value: f64, decimals: usize) -> String {
    if value.is_nan() {
        "-".to_owned()
    } else {
        format!("{value:.decimals$}")
    }
}

/// The codes of one program at all round trips.
#[derive(Debug, Default)]
pub(crate) struct Codes {
    pub(crate) since_answer: Times,
    shown: u32,
    /// The codes that came before their words.
    pub(crate) before_words: u32,
    /// The codes that were seen before their last rows were there.
    in_pieces: u32,
    /// The largest share of the words' ink that was missing when a code was readable.
    missing_words: f64,
}

impl Codes {
    pub(crate) fn add(&mut self, shown: &Shown) {
        self.since_answer.add(shown.since_answer);
        self.shown += 1;
        self.before_words += u32::from(shown.missing_words > MOST_MISSING_WORDS);
        self.in_pieces += u32::from(!shown.is_whole);
        self.missing_words = self.missing_words.max(shown.missing_words);
    }

    fn print(&self, name: &str) {
        println!(
            "{name:<36} {:>2} of {} codes before their words (most ink missing: {:.1} %), {} in pieces",
            self.before_words,
            self.shown,
            self.missing_words * 100.0,
            self.in_pieces
        );
    }
}

/// The costs while the code is shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Costs {
    pub(crate) sale: Cost,
    pub(crate) resident: Cost,
    pub(crate) bare_window: Cost,
}

/// All measurements.
#[derive(Debug)]
pub(crate) struct Results {
    pub(crate) round_trips: Vec<AtRoundTrip>,
    pub(crate) sale: Codes,
    pub(crate) resident: Codes,
    pub(crate) frames: Times,
    pub(crate) costs: Costs,
}

impl Results {
    pub(crate) fn new() -> Self {
        Self {
            round_trips: Vec::new(),
            sale: Codes::default(),
            resident: Codes::default(),
            frames: Times::default(),
            costs: Costs {
                sale: Cost::UNKNOWN,
                resident: Cost::UNKNOWN,
                bare_window: Cost::UNKNOWN,
            },
        }
    }

    /// Prints the tables that do not depend on the round trip.
    pub(crate) fn print(&self) {
        let title = "at all round trips";
        println!("\n{title:<36} median ms    least     most");
        for (name, times) in [
            ("answer to code, sale", &self.sale.since_answer),
            ("answer to code, stand", &self.resident.since_answer),
            ("bare iced window, one whole frame", &self.frames),
        ] {
            print_row(name, times);
            println!();
        }
        self.sale.print("words, sale");
        self.resident.print("words, stand");

        let title = "while the code is shown";
        println!("\n{title:<36}     CPU %   PSS MB");
        for (name, cost) in [
            ("patron-display sale", self.costs.sale),
            ("patron-display stand", self.costs.resident),
            ("bare iced window", self.costs.bare_window),
        ] {
            let (cpu, pss) = (figure(cost.cpu_percent, 2), figure(cost.pss_mb, 1));
            println!("{name:<36} {cpu:>9} {pss:>8}");
        }
    }
}
