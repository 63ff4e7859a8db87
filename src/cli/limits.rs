//! Checks the system's limits on files, threads and memory.
//!
//! Some libraries panic or abort if a limit is reached. So the limits are checked before a sale starts.

use std::env;
use std::fs::File;
use std::io;
use std::ops::RangeInclusive;
use std::sync::mpsc;
use std::thread;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::failure::CommandError;

/// Open files, sockets and pipes: more than twice what a sale was measured to need.
const FILES: u64 = 64;
/// Threads in addition to one for each processor: twice what a sale was measured to need.
const THREADS: usize = 12;
/// If a user may have at least this many processes, threads are not tested.
const ENOUGH_PROCESSES: u64 = 1024;
/// Bytes of address space. A sale on a screen of 1920x1080 was measured to need 100 MiB.
const MEMORY: u64 = 160 * 1024 * 1024;

/// Raises the limit on open files, and fails for the first limit that is too low.
pub(super) fn check() -> Result<(), CommandError> {
    check_stack_size()?;
    raise_file_limit();
    let too_low = |what, option| {
        move |cause| CommandError::Limit {
            what,
            option,
            cause,
        }
    };
    files().map_err(too_low(format!("{FILES} files"), "-n"))?;
    if limit(Resource::Nproc).is_some_and(|processes| processes < ENOUGH_PROCESSES) {
        let count = THREADS + thread::available_parallelism().map_or(1, Into::into);
        threads(count).map_err(too_low(format!("{count} threads"), "-u"))?;
    }
    if limit(Resource::As).is_some_and(|bytes| bytes < MEMORY) {
        let what = format!("{} MiB of address space", MEMORY / 1024 / 1024);

        return Err(too_low(what, "-v")(io::ErrorKind::OutOfMemory.into()));
    }

    Ok(())
}

/// Checks that `RUST_MIN_STACK` lets threads run.
fn check_stack_size() -> Result<(), CommandError> {
    /// The smallest size was tested. At the largest size, many stacks still fit into the address space.
    const USABLE: RangeInclusive<usize> = 512 * 1024..=64 * 1024 * 1024;
    const NAME: &str = "RUST_MIN_STACK";
    let value = env::var(NAME).unwrap_or_default();
    // The standard library ignores a value that is not a number.
    match value.parse::<usize>() {
        Ok(bytes) if !USABLE.contains(&bytes) => Err(CommandError::Variable {
            name: NAME,
            value,
            wanted: "a number of bytes from 524288 to 67108864",
        }),
        _ => Ok(()),
    }
}

/// Returns the current limit; `None` if the system sets none.
fn limit(resource: Resource) -> Option<u64> {
    getrlimit(resource).current
}

/// Raises the soft limit on open files towards the hard limit.
fn raise_file_limit() {
    const ENOUGH: u64 = 1024;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.map_or(ENOUGH, |maximum| maximum.min(ENOUGH));
    if current.is_some_and(|current| current < wanted) {
        let raised = Rlimit {
            current: Some(wanted),
            maximum,
        };
        // A failure does not matter, because the test of open files follows.
        let _ = setrlimit(Resource::Nofile, raised);
    }
}

fn files() -> io::Result<()> {
    let first = File::open("/dev/null")?;
    let others: io::Result<Vec<_>> = (1..FILES).map(|_| first.try_clone()).collect();

    others.map(drop)
}

fn threads(count: usize) -> io::Result<()> {
    let started: io::Result<Vec<_>> = (0..count)
        .map(|_| {
            let (go, wait) = mpsc::channel::<()>();
            // The thread ends when `go` is dropped.
            let thread = thread::Builder::new().spawn(move || wait.recv())?;

            Ok((go, thread))
        })
        .collect();
    for (go, thread) in started? {
        drop(go);
        let _ = thread.join();
    }

    Ok(())
}
