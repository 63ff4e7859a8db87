//! Measures how long a customer waits for the code on a line with a real round trip, and what the display costs
//! while the code is shown.
//!
//! The platform is on loopback, behind TLS 1.3 and a delay line. In each round the display sells by its own
//! process and by the resident display. A bare HTTP client, a bare iced window and a web page in Chromium take
//! turns with it. The benchmark fails if the display misses a promise.
//!
//! ```text
//! benches/real-line
//! ```

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    dead_code,
    reason = "a measurement that cannot be made has failed, and its helpers serve the tests too"
)]

mod bare_window;
#[path = "../parts/brief.rs"]
mod brief;
#[path = "../../tests/it/tls/certificates.rs"]
mod certificates;
mod contenders;
mod cost;
mod creates;
mod frame_buffer;
mod http_client;
mod line;
mod network;
mod options;
mod picture;
#[path = "../../tests/screen/process.rs"]
mod process;
#[path = "../../tests/screen/program.rs"]
mod program;
mod promises;
mod results;
mod screen;
#[path = "../../tests/screen/window/shop.rs"]
mod shop;
mod tls;
#[path = "../../tests/screen/xvfb.rs"]
mod xvfb;

use bare_window::BareWindow;
use contenders::{Page, Resident, Sale};
use cost::Cost;
use http_client::HttpClient;
use network::Network;
use options::{COSTS_AT_MS, Options, RoundTrip};
use results::{AtRoundTrip, Costs, Results};
use screen::Screen;
use shop::Home;

/// The measured rounds with the page. Chromium starts slowly.
const PAGE_ROUNDS: usize = 4;

fn main() {
    if brief::is_asked_for() {
        return;
    }
    let options = Options::read();
    let mut results = Results::new();
    let page = Page::installed();
    if page.is_none() {
        println!("no chromium on PATH: the page is left out (apt-get install chromium)");
    }
    println!(
        "{}: {} rounds at each round trip, {PAGE_ROUNDS} with the page, after a warm-up",
        process::tested_program().display(),
        options.rounds
    );
    for round_trip in options.round_trips {
        let mut counter = Counter::open(round_trip);
        let mut times = AtRoundTrip::new(round_trip, &counter.network);
        // The first round is the warm-up.
        for round in 0..=options.rounds {
            let page = page.as_ref().filter(|_| round <= PAGE_ROUNDS);
            counter.play(round, page, &mut times, &mut results);
        }
        if round_trip.ms == COSTS_AT_MS {
            results.costs = counter.costs();
        }
        times.print();
        results.round_trips.push(times);
    }
    results.print();
    let missed = promises::missed(&results);
    assert!(missed == 0, "{missed} promises were missed");
}

/// A network with one round trip, and all that is measured on it.
struct Counter {
    bare_window: BareWindow,
    resident: Resident,
    client: HttpClient,
    screen: Screen,
    home: Home,
    network: Network,
}

impl Counter {
    fn open(round_trip: RoundTrip) -> Self {
        let network = Network::start(round_trip.duration());
        let home = network.home();

        Self {
            bare_window: BareWindow::start(&home),
            resident: Resident::start(&network),
            client: HttpClient::new(&network),
            screen: Screen::start(),
            home,
            network,
        }
    }

    /// Lets all take their turn once. The round 0 is a warm-up, which does not count.
    fn play(
        &mut self,
        round: usize,
        page: Option<&Page>,
        times: &mut AtRoundTrip,
        results: &mut Results,
    ) {
        let reference = format!("A{round}");
        let resident = self.resident.sell(&self.network, &reference);
        self.resident.end(&self.network);
        let (sale, shown) = Sale::start(&self.screen, &self.network, &self.home, &reference);
        sale.end(&self.screen, &self.network);
        let new_connection = self.client.create_on_new_connection();
        let open_connection = self.client.create_on_open_connection();
        let frame = self.bare_window.draws_a_frame();
        let page =
            page.map(|page| page.shows_a_code(&self.screen, &self.network, &self.home, &reference));
        if round == 0 {
            return;
        }

        times.resident.add(resident.wait);
        results.resident.add(&resident);
        times.sale.add(shown.wait);
        results.sale.add(&shown);
        times.new_connection.add(new_connection);
        times.open_connection.add(open_connection);
        results.frames.add(frame);
        if let Some(page) = page {
            times.page.add(page);
        }
    }

    /// Measures the costs of all programs at the same time, while both displays show a code.
    fn costs(&mut self) -> Costs {
        const REFERENCE: &str = "costs";
        self.resident.sell(&self.network, REFERENCE);
        let (sale, _) = Sale::start(&self.screen, &self.network, &self.home, REFERENCE);
        let [sale, resident, bare_window] =
            Cost::of([sale.id(), self.resident.id(), self.bare_window.id()]);

        Costs {
            sale,
            resident,
            bare_window,
        }
    }
}
