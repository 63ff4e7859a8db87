//! Measures the time from a payment to the tick on the screen. The real program runs on a virtual screen. It polls
//! a platform on loopback once per second.
//!
//! ```text
//! cargo bench --profile dist --bench detection
//! ```

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    dead_code,
    reason = "a measurement that cannot be made has failed, and its helpers serve the tests too"
)]

#[path = "parts/brief.rs"]
mod brief;
#[path = "real_line/frame_buffer.rs"]
mod frame_buffer;
#[path = "real_line/picture.rs"]
mod picture;
#[path = "../tests/screen/process.rs"]
mod process;
#[path = "real_line/screen.rs"]
mod screen;
#[path = "../tests/screen/window/shop.rs"]
mod shop;
#[path = "../tests/screen/xvfb.rs"]
mod xvfb;

use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use patron_display::sandbox::{ApiCall, Options};

use frame_buffer::FrameBuffer;
use process::{PATIENCE, Process};
use screen::Screen;
use shop::{Home, Platform, Settings};

/// The number of payments. Each falls into another hundredth of the second between two polls.
const SALES: u32 = 100;
const SEED: u64 = 1;
/// The time from the code to the start of the second in which the payment is made. The first poll is over then.
const AFTER_THE_CODE: Duration = Duration::from_secs(1);
/// The limits in docs/performance.md for one poll per second.
const MEDIAN: Duration = Duration::from_millis(550);
const P99: Duration = Duration::from_millis(1100);

fn main() {
    if brief::is_asked_for() {
        return;
    }
    let stage = Stage::set_up();
    let mut seen: Vec<Seen> = moments()
        .into_iter()
        .enumerate()
        .map(|(number, moment)| stage.sell(number, moment))
        .collect();
    println!("{SALES} payments, seed {SEED}      median ms     p99     max");
    let until_asked = figures(&mut seen, |seen| seen.until_asked);
    println!("until the next poll came     {until_asked}");
    let until_shown = figures(&mut seen, |seen| seen.until_shown);
    println!("from that poll to the tick   {until_shown}");
    println!(
        "from payment to tick         {}",
        figures(&mut seen, Seen::whole)
    );
    let (median, p99) = (quantile(&seen, 50), quantile(&seen, 99));
    assert!(median <= MEDIAN && p99 <= P99, "{median:?}, {p99:?}");
}

/// Returns the times of the payments after the start of their second, in random order.
fn moments() -> Vec<Duration> {
    let mut random = fastrand::Rng::with_seed(SEED);
    let mut moments: Vec<_> = (0..SALES)
        .map(|hundredth| (f64::from(hundredth) + random.f64()) / f64::from(SALES))
        .map(Duration::from_secs_f64)
        .collect();
    random.shuffle(&mut moments);

    moments
}

/// Time from a payment to its detection.
struct Seen {
    /// The time from the payment to the poll that reported it.
    until_asked: Duration,
    /// The time from that poll to the tick.
    until_shown: Duration,
}

impl Seen {
    fn whole(&self) -> Duration {
        self.until_asked + self.until_shown
    }
}

/// A screen, a platform on loopback, and a home directory with a configuration.
struct Stage {
    home: Home,
    platform: Platform,
    screen: Screen,
}

impl Stage {
    fn set_up() -> Self {
        let platform = Platform::start(Options {
            rate_limit: 10_000,
            ..Options::default()
        });
        let settings = Settings::with(|settings| settings.close_after = "500ms");

        Self {
            home: Home::new(platform.address(), platform.address(), settings),
            platform,
            screen: Screen::start(),
        }
    }

    /// Runs a sale that is paid this long after the start of its second.
    fn sell(&self, number: usize, moment: Duration) -> Seen {
        let executable = Path::new(env!("CARGO_BIN_EXE_patron-display"));
        let mut command = self.home.command(executable, self.screen.xvfb.display());
        command
            .args(["sale", "--amount", "12.50", "--ref", &format!("A{number}")])
            .args(self.home.options())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut sale = Process::start(&mut command, "It should have been built before.");
        self.screen.wait("no code", FrameBuffer::may_show_a_code);
        thread::sleep(AFTER_THE_CODE + moment);

        let control = self.platform.control();
        let id = control.latest().expect("a request");
        let paid = Instant::now();
        control.pay(&id).expect("a payment");
        let shown = self.screen.wait("no tick", FrameBuffer::shows_paid);
        let asked = control
            .call_times(ApiCall::Read)
            .into_iter()
            .find(|read| *read >= paid)
            .expect("a poll that reported it");
        let status = sale.exit(PATIENCE).expect("the sale ends");
        assert!(status.success(), "the sale ended with {status}");

        Seen {
            until_asked: asked - paid,
            until_shown: shown - asked,
        }
    }
}

/// Formats the median, 99th percentile and maximum of `time`. Sorts `seen` by it.
fn figures(seen: &mut [Seen], time: impl Fn(&Seen) -> Duration) -> String {
    seen.sort_by_key(&time);
    let ms = |seen: &Seen| time(seen).as_secs_f64() * 1000.0;
    let at = |percent: usize| ms(&seen[index(seen.len(), percent)]);

    format!("{:>9.1} {:>7.1} {:>7.1}", at(50), at(99), at(100))
}

fn quantile(sorted: &[Seen], percent: usize) -> Duration {
    sorted[index(sorted.len(), percent)].whole()
}

/// Returns the index of a percentile in this many sorted values.
fn index(values: usize, percent: usize) -> usize {
    (values * percent).div_ceil(100).max(1) - 1
}
