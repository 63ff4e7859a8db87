//! How long from a payment to the tick on the screen: the real program on a virtual screen, its platform
//! on loopback, polled once a second.
//!
//! ```text
//! cargo bench --bench detection
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
#[path = "../tests/window/frame_buffer.rs"]
mod frame_buffer;
#[path = "../tests/window/process.rs"]
mod process;
#[path = "../tests/window/shop.rs"]
mod shop;
#[path = "side_by_side/stage.rs"]
mod stage;
#[path = "../tests/window/xvfb.rs"]
mod xvfb;

use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use patron_display::sandbox::Call;

use frame_buffer::FrameBuffer;
use process::{PATIENCE, Process};
use stage::Stage;

/// A payment in each hundredth of the second between two polls.
const SALES: u32 = 100;
const SEED: u64 = 1;
/// From the code to the second in which it is paid: the first poll is over.
const AFTER_THE_CODE: Duration = Duration::from_secs(1);
/// What is promised with one poll a second.
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

/// When in its second each payment comes: somewhere in each hundredth, in any order.
fn moments() -> Vec<Duration> {
    let mut random = fastrand::Rng::with_seed(SEED);
    let mut moments: Vec<_> = (0..SALES)
        .map(|hundredth| (f64::from(hundredth) + random.f64()) / f64::from(SALES))
        .map(Duration::from_secs_f64)
        .collect();
    random.shuffle(&mut moments);

    moments
}

/// What became of a payment.
struct Seen {
    /// From the payment to the poll that brought it.
    until_asked: Duration,
    /// From that poll to the tick.
    until_shown: Duration,
}

impl Seen {
    fn whole(&self) -> Duration {
        self.until_asked + self.until_shown
    }
}

impl Stage {
    /// A sale that is paid at this moment of the second.
    fn sell(&self, number: usize, moment: Duration) -> Seen {
        let executable = Path::new(env!("CARGO_BIN_EXE_patron-display"));
        let mut command = self.home.command(executable, self.xvfb.display());
        command
            .args(["sale", "--amount", "12.50", "--ref", &format!("A{number}")])
            .args(self.home.options())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut sale = Process::start(&mut command, "It should have been built before.");
        self.wait(FrameBuffer::may_show_a_code, "no code");
        thread::sleep(AFTER_THE_CODE + moment);

        let control = self.platform.control();
        let id = control.latest().expect("a request");
        let paid = Instant::now();
        control.pay(&id).expect("a payment");
        let shown = self.wait(FrameBuffer::shows_paid, "no tick");
        let asked = control
            .call_times(Call::Read)
            .into_iter()
            .find(|read| *read >= paid)
            .expect("a poll that brought it");
        let status = sale.exit(PATIENCE).expect("the sale ends");
        assert!(status.success(), "the sale ended with {status}");

        Seen {
            until_asked: asked - paid,
            until_shown: shown - asked,
        }
    }

    /// When this was first seen on the screen.
    fn wait(&self, sees: impl Fn(&FrameBuffer) -> bool, otherwise: &str) -> Instant {
        const PAUSE: Duration = Duration::from_micros(500);
        let begun = Instant::now();
        while !sees(&self.frame_buffer) {
            assert!(begun.elapsed() < PATIENCE, "{otherwise} in {PATIENCE:?}");
            thread::sleep(PAUSE);
        }

        Instant::now()
    }
}

/// Median, 99th of a hundred and longest. Leaves `seen` in the order of `time`.
fn figures(seen: &mut [Seen], time: impl Fn(&Seen) -> Duration) -> String {
    seen.sort_by_key(&time);
    let ms = |seen: &Seen| time(seen).as_secs_f64() * 1000.0;
    let at = |percent: usize| ms(&seen[index(seen.len(), percent)]);

    format!("{:>9.1} {:>7.1} {:>7.1}", at(50), at(99), at(100))
}

fn quantile(sorted: &[Seen], percent: usize) -> Duration {
    sorted[index(sorted.len(), percent)].whole()
}

/// Of the smallest value that so many of a hundred do not exceed.
fn index(values: usize, percent: usize) -> usize {
    (values * percent).div_ceil(100).max(1) - 1
}
