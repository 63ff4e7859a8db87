//! Measures the time from the start of a process to a readable code, and what the process costs meanwhile.
//!
//! The display is compared with a minimal iced window, a minimal X11 window and a web page in Chromium. All four
//! run in turn.
//!
//! ```text
//! benches/side-by-side
//! ```

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    dead_code,
    reason = "a measurement that cannot be made has failed, and its helpers serve the tests too"
)]

#[path = "../parts/brief.rs"]
mod brief;
mod contenders;
mod cost;
mod frame_buffer;
#[path = "../../tests/screen/process.rs"]
mod process;
mod promised;
#[path = "../../tests/screen/window/shop.rs"]
mod shop;
mod stage;
#[path = "../../tests/screen/xvfb.rs"]
mod xvfb;

use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use contenders::{Contender, Flow};
use cost::Cost;
use process::{PATIENCE, Process, poll};
use stage::Stage;

const WARM_UPS: usize = 2;
const RUNS: usize = 15;

fn main() {
    if brief::is_asked_for() {
        return;
    }
    let stage = Stage::set_up();
    let mut measured: Vec<_> = contenders::all()
        .into_iter()
        .map(|contender| (contender, Measured::default()))
        .collect();
    for run in 0..WARM_UPS + RUNS {
        for (contender, measured) in &mut measured {
            let (took, program) = stage.start(contender, run);
            if run >= WARM_UPS {
                measured.starts.push(took);
            }
            // Measures the cost only once, because that measurement takes seconds.
            if run == WARM_UPS {
                measured.cost = Cost::of(program.id());
            }
            stage.end(contender.flow, program);
        }
    }
    print(&mut measured);
    assert!(promised::holds(&measured), "a promise was missed");
}

/// All measurements of one program.
#[derive(Default)]
struct Measured {
    starts: Vec<Duration>,
    cost: Cost,
}

impl Measured {
    fn median_ms(&self) -> f64 {
        self.starts[self.starts.len() / 2].as_secs_f64() * 1000.0
    }
}

/// Prints a table that compares each program with the first one, which is the display.
fn print(measured: &mut [(Contender, Measured)]) {
    println!("{RUNS} warm starts of each, in turn; \"x\": relative to the display");
    println!(
        "                    start to readable code, ms          PSS MB       CPU %  on disk MB"
    );
    println!("                    median    min    max      x         x");
    for (_, measured) in measured.iter_mut() {
        measured.starts.sort();
    }
    let Some(((_, display), _)) = measured.split_first() else {
        return;
    };
    for (contender, row) in measured.iter() {
        let median = row.median_ms();
        let [min, max] = [row.starts.first(), row.starts.last()]
            .map(|start| start.map_or(f64::NAN, |start| start.as_secs_f64() * 1000.0));
        println!(
            "{:<18} {median:>7.1} {min:>6.1} {max:>6.1} {:>6.2} {:>9.1} {:>6.2} {:>7.2} {:>11.1}",
            contender.name,
            median / display.median_ms(),
            row.cost.pss_mb,
            row.cost.pss_mb / display.cost.pss_mb,
            row.cost.cpu_percent,
            contender.disk_mb,
        );
    }
}

impl Stage {
    /// Starts a program for a sale with a new reference, because a paid sale does not show its code again.
    fn start(&self, contender: &Contender, run: usize) -> (Duration, Process) {
        let mut command = self.home.command(&contender.program, self.xvfb.display());
        let reference = format!("{}-{run}", contender.name);
        contender.arguments(
            &self.home,
            self.platform.address(),
            &reference,
            &mut command,
        );
        let (took, says, program) = self.until_a_code(command);
        if contender.flow != Flow::None {
            let control = self.platform.control();
            let request = control.latest().and_then(|id| control.request(&id));
            assert_eq!(Some(says), request.map(|request| request.url));
        }

        (took, program)
    }

    /// Starts a program and watches the screen. Returns the time until its code was readable, the code's content
    /// and the process.
    fn until_a_code(&self, mut command: Command) -> (Duration, String, Process) {
        const PAUSE: Duration = Duration::from_micros(200);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        let program = Process::start(&mut command, "It should have been built before.");
        loop {
            // Takes the time before it reads the code, because reading takes longer than drawing.
            let may_show_a_code = self.frame_buffer.may_show_a_code();
            let took = start.elapsed();
            if may_show_a_code && let Some(says) = self.frame_buffer.read_code() {
                return (took, says, program);
            }
            assert!(took < PATIENCE, "no code within {PATIENCE:?}");
            thread::sleep(PAUSE);
        }
    }

    /// Ends a program. Pays its sale first, so that the next program has nothing to settle.
    fn end(&self, flow: Flow, mut program: Process) {
        if flow != Flow::None {
            let control = self.platform.control();
            let id = control.latest().expect("a request");
            control.pay(&id).expect("a payment");
        }
        if flow == Flow::Display {
            let status = program.exit(PATIENCE).expect("the sale ends");
            assert!(status.success(), "the sale ended with {status}");
        }
        drop(program);
        let empty = || (!self.frame_buffer.may_show_a_code()).then_some(());
        poll(PATIENCE, empty).expect("an empty screen");
        // Waits until the X server and the browser's processes have finished. Otherwise they could slow the next
        // program.
        thread::sleep(Duration::from_millis(300));
    }
}
