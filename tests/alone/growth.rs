//! The cost of a launch must not grow with the number of sales in its journal.

mod long_journal;

use std::path::Path;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::RwLockWriteGuard;

use crate::ALONE;

/// The number of sales in some months at a busy counter.
const LONG: u32 = 100_000;

/// An empty and a long journal. Only one test at a time has them, because the tests measure their process.
struct Journals {
    none: TempDir,
    many: TempDir,
    runtime: Runtime,
    _alone: RwLockWriteGuard<'static, ()>,
}

impl Journals {
    fn new() -> Self {
        let alone = ALONE.blocking_write();
        let directory = || TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
        let (none, many) = (directory(), directory());
        let runtime = Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(long_journal::write(many.path(), LONG));

        Self {
            none,
            many,
            runtime,
            _alone: alone,
        }
    }

    fn launch(&self, directory: &Path, number: u32) {
        let reference = format!("B{number}");
        self.runtime
            .block_on(long_journal::launch(directory, &reference));
    }
}

#[test]
fn launch_time_does_not_grow() {
    const LAUNCHES: u32 = 41;
    let journals = Journals::new();
    let (mut after_none, mut after_many) = (Vec::new(), Vec::new());
    for number in 0..LAUNCHES {
        // The two journals take turns, so that other work on the machine slows both equally.
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
fn launch_reads_at_most_a_hundredth() {
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

/// Returns the number of bytes that this process has read, from the disk or from the system's cache.
#[cfg(target_os = "linux")]
fn bytes_read() -> u64 {
    let io = std::fs::read_to_string("/proc/self/io").expect("what the process has read");
    let read = io.lines().find_map(|line| line.strip_prefix("rchar: "));

    read.and_then(|bytes| bytes.parse().ok())
        .expect("a number of bytes")
}
