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
    missing_docs,
    reason = "a measurement that cannot be made has failed, and its helpers serve the tests too"
)]

#[path = "../tests/window/process.rs"]
mod process;
#[path = "../tests/window/shop.rs"]
mod shop;
#[path = "../tests/window/xvfb.rs"]
mod xvfb;

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use image::{GrayImage, Luma};
use patron_display::qr;
use patron_display::sandbox::Options;

use process::Process;
use shop::{Home, Platform, SALE, Settings};
use xvfb::Xvfb;

const SCREEN: (u32, u32) = (1920, 1080);
const WARM_UPS: usize = 2;
const RUNS: usize = 15;
/// How long CPU time is counted while the code stands.
const STANDING: Duration = Duration::from_secs(10);
const BOUND: Duration = Duration::from_secs(10);

/// The X server's frame buffer, as a file.
struct FrameBuffer {
    file: File,
    pixels_at: u64,
    bytes_a_line: u64,
}

impl FrameBuffer {
    fn open(directory: &Path) -> Self {
        let file = File::open(directory.join("Xvfb_screen0")).expect("the frame buffer");
        let word = |index: u64| {
            let mut bytes = [0; 4];
            file.read_exact_at(&mut bytes, index * 4).expect("a header");

            u64::from(u32::from_be_bytes(bytes))
        };
        // An XWD file: header size, …, bytes a line, …, colours of 12 bytes each, pixels.
        let (pixels_at, bytes_a_line) = (word(0) + word(19) * 12, word(12));

        Self {
            file,
            pixels_at,
            bytes_a_line,
        }
    }

    /// A line of the screen, one byte of grey a pixel.
    fn line(&self, y: u32) -> Vec<u8> {
        let mut line = vec![0; SCREEN.0 as usize * 4];
        let at = self.pixels_at + u64::from(y) * self.bytes_a_line;
        self.file.read_exact_at(&mut line, at).expect("pixels");

        line.chunks_exact(4).map(|pixel| pixel[1]).collect()
    }

    /// Cheap enough to ask all the time: a line through the middle changes between black and white
    /// as often as a code's does.
    fn may_show_a_code(&self) -> bool {
        let line = self.line(SCREEN.1 / 2);
        let changes = line
            .windows(2)
            .filter(|pair| pair[0].abs_diff(pair[1]) == u8::MAX)
            .count();

        changes >= 6
    }

    fn read_code(&self) -> Option<String> {
        let lines: Vec<_> = (0..SCREEN.1).map(|y| self.line(y)).collect();
        let picture = GrayImage::from_fn(SCREEN.0, SCREEN.1, |x, y| {
            Luma([lines[y as usize][x as usize]])
        });

        qr::read(&picture).ok()
    }
}

/// What one start took, and the program that still stands.
fn start(
    home: &Home,
    display: &str,
    executable: &Path,
    sale: bool,
    frame_buffer: &FrameBuffer,
) -> (Duration, Process) {
    let mut command = home.command(executable, display);
    if sale {
        command.args(SALE).args(home.options());
    }
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let began = Instant::now();
    let program = Process::start(&mut command, "Build it with --release first.");
    loop {
        let now = began.elapsed();
        assert!(now < BOUND, "no code within {BOUND:?}");
        // The time counts from before the reading, which takes longer than the drawing.
        if frame_buffer.may_show_a_code() && frame_buffer.read_code().is_some() {
            return (now, program);
        }
        thread::sleep(Duration::from_micros(300));
    }
}

/// Ends a program and waits until the screen is empty again.
fn stop(program: Process, frame_buffer: &FrameBuffer) {
    drop(program);
    let gone = process::poll(BOUND, || (!frame_buffer.may_show_a_code()).then_some(()));
    assert!(gone.is_some(), "the window stays");
}

fn pss_kb(id: u32) -> u64 {
    let smaps = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).expect("its memory");

    smaps
        .lines()
        .find_map(|line| {
            line.strip_prefix("Pss:")?
                .trim()
                .strip_suffix(" kB")?
                .parse()
                .ok()
        })
        .expect("its PSS")
}

/// User and system time so far, in clock ticks of 10 ms.
fn cpu_ticks(id: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).expect("its times");
    let fields: Vec<_> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split(' ')
        .collect();

    [12, 13]
        .into_iter()
        .filter_map(|field: usize| fields.get(field)?.parse::<u64>().ok())
        .sum()
}

#[derive(Default)]
struct Measured {
    starts: Vec<Duration>,
    pss_kb: u64,
    cpu_percent: f64,
}

impl Measured {
    fn standing(&mut self, program: &Process) {
        thread::sleep(Duration::from_secs(1));
        let before = cpu_ticks(program.id());
        thread::sleep(STANDING);
        let ticks = cpu_ticks(program.id()) - before;
        self.pss_kb = pss_kb(program.id());
        #[allow(clippy::cast_precision_loss)]
        let busy = ticks as f64 * 0.01;
        self.cpu_percent = busy / STANDING.as_secs_f64() * 100.0;
    }

    fn median_ms(&mut self) -> f64 {
        self.starts.sort();

        self.starts[self.starts.len() / 2].as_secs_f64() * 1000.0
    }

    fn row(&mut self, name: &str) {
        let median = self.median_ms();
        let ends = [self.starts.first(), self.starts.last()]
            .map(|end| end.map_or(0.0, |end| end.as_secs_f64() * 1000.0));
        println!(
            "{name:<16} {median:>9.1} {:>7.1} {:>7.1} {:>9.1} {:>7.2}",
            ends[0],
            ends[1],
            self.pss_kb / 1024,
            self.cpu_percent
        );
    }
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

fn main() {
    // `cargo test --benches` asks every benchmark to be quick.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let programs = [
        (PathBuf::from(env!("CARGO_BIN_EXE_patron-display")), true),
        (bare_window(), false),
    ];
    let directory = tempfile::tempdir().expect("a directory");
    let xvfb = Xvfb::start(SCREEN, &["-fbdir".as_ref(), directory.path().as_os_str()]);
    let frame_buffer = FrameBuffer::open(directory.path());
    let platform = Platform::start(Options {
        rate_limit: 10_000,
        ..Options::default()
    });
    let home = Home::new(platform.address(), platform.address(), Settings::default());
    let mut measured = [Measured::default(), Measured::default()];

    for run in 0..WARM_UPS + RUNS {
        for ((executable, sale), measured) in programs.iter().zip(&mut measured) {
            let (took, program) = start(&home, xvfb.display(), executable, *sale, &frame_buffer);
            if run >= WARM_UPS {
                measured.starts.push(took);
            }
            if run == WARM_UPS {
                measured.standing(&program);
            }
            stop(program, &frame_buffer);
        }
    }

    println!(
        "start to readable code in ms, {RUNS} starts each in turn; memory and CPU while it stands"
    );
    println!(
        "{:<16} {:>9} {:>7} {:>7} {:>9} {:>7}",
        "", "median", "min", "max", "PSS MB", "CPU %"
    );
    let [mut display, mut bare] = measured;
    display.row("patron-display");
    bare.row("bare window");
    println!(
        "ratio of the medians: {:.2}",
        display.median_ms() / bare.median_ms()
    );
}
