//! How long until the code can be read off the screen, from the start of the process; and what it
//! costs while it stands. Beside it, in the same run and in turn, a bare iced window with a code.
//!
//! ```text
//! cargo build --release --examples && cargo bench --bench first_code
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
#[path = "../tests/window/xvfb.rs"]
mod xvfb;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use patron_display::sandbox::Options;

use frame_buffer::FrameBuffer;
use process::{PATIENCE, Process, poll};
use shop::{Home, Platform, Settings};
use xvfb::Xvfb;

const SCREEN: (u32, u32) = (1920, 1080);
const WARM_UPS: usize = 2;
const RUNS: usize = 15;
/// How long CPU time is counted while the code stands.
const STANDING: Duration = Duration::from_secs(10);

fn main() {
    if brief::is_asked_for() {
        return;
    }
    let bench = Bench::set_up();
    let (mut display, mut bare) = (Measured::default(), Measured::default());
    for run in 0..WARM_UPS + RUNS {
        let stands = run == WARM_UPS;
        let (took, sale) = bench.start_sale(run);
        display.take(took, &sale, run, stands);
        bench.end_sale(sale);

        let (took, window) = bench.start_bare_window();
        bare.take(took, &window, run, stands);
        bench.wait_for_empty_screen(window);
    }

    println!("start to readable code, {RUNS} warm starts of each in turn; cost while it stands");
    println!("                 median ms     min     max   PSS MB    CPU %");
    println!("patron-display   {}", display.figures());
    println!("bare iced window {}", bare.figures());
    println!(
        "ratio            {:>9.2}                 {:>8.2}",
        display.median() / bare.median(),
        display.pss_mb / bare.pss_mb,
    );
}

/// What the measured programs run on.
struct Bench {
    home: Home,
    platform: Platform,
    bare_window: PathBuf,
    frame_buffer: FrameBuffer,
    xvfb: Xvfb,
    _directory: tempfile::TempDir,
}

impl Bench {
    fn set_up() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let xvfb = Xvfb::start(SCREEN, &["-fbdir".as_ref(), directory.path().as_os_str()]);
        let platform = Platform::start(Options {
            rate_limit: 10_000,
            ..Options::default()
        });
        let settings = Settings {
            close_after: "500ms",
            ..Settings::default()
        };

        Self {
            home: Home::new(platform.address(), platform.address(), settings),
            platform,
            bare_window: bare_window(),
            frame_buffer: FrameBuffer::open(directory.path(), SCREEN),
            xvfb,
            _directory: directory,
        }
    }

    /// Each with a reference of its own: asked for again, a sale that is paid has no code.
    fn start_sale(&self, run: usize) -> (Duration, Process) {
        let executable = Path::new(env!("CARGO_BIN_EXE_patron-display"));
        let mut command = self.home.command(executable, self.xvfb.display());
        let reference = format!("A{run}");
        command.args(["sale", "--amount", "12.50", "--ref", &reference]);
        command.args(self.home.options());
        let (took, says, sale) = self.start(command);
        let control = self.platform.control();
        let request = control.latest().and_then(|id| control.request(&id));
        assert_eq!(Some(says), request.map(|request| request.url));

        (took, sale)
    }

    /// Paid, so that the next sale finds nothing to settle in the journal.
    fn end_sale(&self, mut sale: Process) {
        let control = self.platform.control();
        let id = control.latest().expect("a request");
        control.pay(&id).expect("a payment");
        let status = sale.exit(PATIENCE).expect("the sale ends");
        assert!(status.success(), "the sale ended with {status}");

        self.wait_for_empty_screen(sale);
    }

    fn start_bare_window(&self) -> (Duration, Process) {
        let command = self.home.command(&self.bare_window, self.xvfb.display());
        let (took, _, window) = self.start(command);

        (took, window)
    }

    /// Starts a program and watches the screen: how long until its code could be read, and what
    /// the code says.
    fn start(&self, mut command: Command) -> (Duration, String, Process) {
        const PAUSE: Duration = Duration::from_micros(200);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        let program = Process::start(&mut command, "It should have been built before.");
        loop {
            // The time counts from before the reading, which takes longer than the drawing.
            let may_show_a_code = self.frame_buffer.may_show_a_code();
            let took = start.elapsed();
            if may_show_a_code && let Some(says) = self.frame_buffer.read_code() {
                return (took, says, program);
            }
            assert!(took < PATIENCE, "no code within {PATIENCE:?}");
            thread::sleep(PAUSE);
        }
    }

    fn wait_for_empty_screen(&self, program: Process) {
        drop(program);
        let empty = || (!self.frame_buffer.may_show_a_code()).then_some(());
        poll(PATIENCE, empty).expect("an empty screen");
        // What the X server still has to do after that is not the next program's.
        thread::sleep(Duration::from_millis(200));
    }
}

/// What was measured of one program.
#[derive(Default)]
struct Measured {
    starts: Vec<Duration>,
    pss_mb: f64,
    cpu_percent: f64,
}

impl Measured {
    /// Takes in a start, unless it was to warm up; and where the program shall stand for a while,
    /// what that costs.
    fn take(&mut self, took: Duration, program: &Process, run: usize, stands: bool) {
        if run >= WARM_UPS {
            self.starts.push(took);
        }
        if stands {
            thread::sleep(Duration::from_secs(1));
            let before = cpu_seconds(program.id());
            thread::sleep(STANDING);
            let busy = cpu_seconds(program.id()) - before;
            self.cpu_percent = busy / STANDING.as_secs_f64() * 100.0;
            self.pss_mb = pss_mb(program.id());
        }
    }

    fn sorted_ms(&self) -> Vec<f64> {
        let mut starts = self.starts.clone();
        starts.sort();

        starts
            .into_iter()
            .map(|start| start.as_secs_f64() * 1000.0)
            .collect()
    }

    fn median(&self) -> f64 {
        self.sorted_ms()[self.starts.len() / 2]
    }

    fn figures(&self) -> String {
        let starts = self.sorted_ms();
        let (min, max) = (starts[0], starts[starts.len() - 1]);
        let (median, pss_mb, cpu_percent) = (self.median(), self.pss_mb, self.cpu_percent);

        format!("{median:>9.1} {min:>7.1} {max:>7.1} {pss_mb:>8.1} {cpu_percent:>8.1}")
    }
}

/// Its share of all memory in use, with shared pages divided among those who share them. A program
/// that holds the key lets nobody look into its memory but root: for others it is not a number.
fn pss_mb(id: u32) -> f64 {
    let Ok(smaps) = fs::read_to_string(format!("/proc/{id}/smaps_rollup")) else {
        return f64::NAN;
    };
    let kilobytes = smaps
        .lines()
        .find_map(|line| line.strip_prefix("Pss:")?.trim().strip_suffix(" kB"))
        .and_then(|kilobytes| kilobytes.parse::<f64>().ok());

    kilobytes.expect("its PSS") / 1024.0
}

/// User and system time so far.
fn cpu_seconds(id: u32) -> f64 {
    const TICKS_A_SECOND: f64 = 100.0;
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).expect("its times");
    // The name in parentheses may have spaces in it; user and system time are the 12th and 13th
    // after it.
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: Vec<f64> = after_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse().ok())
        .collect();
    assert_eq!(ticks.len(), 2, "no times in {stat}");

    ticks.iter().sum::<f64>() / TICKS_A_SECOND
}

/// The example beside this benchmark's own executable.
fn bare_window() -> PathBuf {
    let own = std::env::current_exe().expect("its own path");
    let path = own
        .parent()
        .and_then(Path::parent)
        .expect("a directory")
        .join("examples/bare_window");
    assert!(path.exists(), "first: cargo build --release --examples");

    path
}
