//! How long until the code can be read off the screen, from the start of the process; and what it costs
//! while it stands: the display, and beside it, in the same run and in turn, the least that iced can do,
//! the least that an X server can be asked for, and a web page in Chromium that does the same.
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
#[path = "../../tests/window/frame_buffer.rs"]
mod frame_buffer;
#[path = "../../tests/window/process.rs"]
mod process;
mod promised;
#[path = "../../tests/window/shop.rs"]
mod shop;
mod stage;
#[path = "../../tests/window/xvfb.rs"]
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
            // Once is enough for what is counted over seconds.
            if run == WARM_UPS {
                measured.cost = Cost::of(program.id());
            }
            stage.end(contender.flow, program);
        }
    }
    print(&mut measured);
    assert!(promised::holds(&measured), "a promise was missed");
}

/// What was measured of one program.
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

/// The display's row is the first.
fn print(measured: &mut [(Contender, Measured)]) {
    println!("{RUNS} warm starts of each, in turn; \"x\": so many times the display's own");
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
    /// Each sale with a reference of its own: asked for again, one that is paid has no code.
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

    /// Starts a program and watches the screen: how long until its code could be read, and what the
    /// code says.
    fn until_a_code(&self, mut command: Command) -> (Duration, String, Process) {
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

    /// A sale is paid, so that the next one finds nothing to settle in the journal.
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
        // What the X server and the processes of a browser still have to do after that is not the next
        // program's.
        thread::sleep(Duration::from_millis(300));
    }
}
