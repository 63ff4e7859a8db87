//! What a launch asks of its journal does not grow with the sales in it.
#![allow(
    clippy::expect_used,
    reason = "a test that cannot set its scene has failed"
)]

#[path = "growth/book.rs"]
mod book;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

/// The sales of some months at a busy counter.
const LONG: u32 = 100_000;

/// A journal of no sale and one of many, for one test at a time: what is measured is the process.
struct Journals {
    none: TempDir,
    many: TempDir,
    runtime: Runtime,
    _alone: MutexGuard<'static, ()>,
}

impl Journals {
    fn new() -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let directory = || TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
        let (none, many) = (directory(), directory());
        let runtime = Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(book::write(many.path(), LONG));

        Self {
            none,
            many,
            runtime,
            _alone: alone,
        }
    }

    fn launch(&self, directory: &Path, number: u32) {
        let reference = format!("B{number}");
        self.runtime.block_on(book::launch(directory, &reference));
    }
}

#[test]
fn a_launch_after_a_hundred_thousand_sales_takes_as_long_as_after_none() {
    const LAUNCHES: u32 = 41;
    let journals = Journals::new();
    let (mut after_none, mut after_many) = (Vec::new(), Vec::new());
    for number in 0..LAUNCHES {
        // In turn, so that whatever else the machine has to do comes between both.
        for (directory, times) in [
            (&journals.none, &mut after_none),
            (&journals.many, &mut after_many),
        ] {
            let begun = Instant::now();
            journals.launch(directory.path(), number);
            times.push(begun.elapsed());
        }
    }
    let (none, many) = (median(after_none), median(after_many));
    assert!(many < none * 2, "{none:?} after none, {many:?} after many");
}

#[cfg(target_os = "linux")]
#[test]
fn a_launch_reads_a_hundredth_of_a_long_journal_at_most() {
    let journals = Journals::new();
    let file = journals.many.path().join("journal.sqlite3");
    let size = std::fs::metadata(file).expect("a file").len();
    let before = bytes_read();
    journals.launch(journals.many.path(), 0);
    let read = bytes_read() - before;
    assert!(read < size / 100, "{read} bytes of {size}");
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();

    times[times.len() / 2]
}

/// By this process, from the disk or from what the system keeps of it.
#[cfg(target_os = "linux")]
fn bytes_read() -> u64 {
    let io = std::fs::read_to_string("/proc/self/io").expect("what the process has read");
    let read = io.lines().find_map(|line| line.strip_prefix("rchar: "));

    read.and_then(|bytes| bytes.parse().ok())
        .expect("a number of bytes")
}
