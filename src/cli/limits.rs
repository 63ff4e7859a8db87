//! What the system lets one program have: files, threads and memory.
//!
//! The libraries below give up by a panic, or by ending the program, where one of these runs out: in the middle
//! of a sale. So it is looked at before anything is begun.

use std::env;
use std::fs::File;
use std::io;
use std::ops::RangeInclusive;
use std::sync::mpsc;
use std::thread;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::Failure;

/// Files that are open at once, sockets and pipes among them: more than twice as many as were counted in a
/// sale.
const FILES: u64 = 64;
/// Threads that run at once, beside one for each processor: twice as many as were counted in a sale.
const THREADS: usize = 12;
/// So many processes of a user that threads are not counted where so many are allowed.
const MANY: u64 = 1024;
/// Bytes of address space; 100 MiB were counted in a sale on a screen of 1920x1080.
const MEMORY: u64 = 160 * 1024 * 1024;

/// Takes what may be taken, and checks that it is enough.
///
/// # Errors
///
/// [`Failure::Limit`] for the first thing that there is too little of, [`Failure::Variable`] for threads that
/// could not run.
pub(super) fn check() -> Result<(), Failure> {
    stacks()?;
    take_files();
    files().map_err(|cause| Failure::Limit {
        what: format!("{FILES} files"),
        option: "-n",
        cause,
    })?;
    if limit(Resource::Nproc).is_some_and(|processes| processes < MANY) {
        let count = THREADS + thread::available_parallelism().map_or(1, Into::into);
        threads(count).map_err(|cause| Failure::Limit {
            what: format!("{count} threads"),
            option: "-u",
            cause,
        })?;
    }
    if limit(Resource::As).is_some_and(|bytes| bytes < MEMORY) {
        return Err(Failure::Limit {
            what: format!("{} MiB of address space", MEMORY / 1024 / 1024),
            option: "-v",
            cause: io::ErrorKind::OutOfMemory.into(),
        });
    }

    Ok(())
}

/// What is said of the stacks of threads lets them run.
fn stacks() -> Result<(), Failure> {
    /// So many bytes have been enough; many stacks of the most still fit into the address space.
    const USABLE: RangeInclusive<usize> = 512 * 1024..=64 * 1024 * 1024;
    const NAME: &str = "RUST_MIN_STACK";
    let value = env::var(NAME).unwrap_or_default();
    // What is no number counts for nothing.
    match value.parse::<usize>() {
        Ok(bytes) if !USABLE.contains(&bytes) => Err(Failure::Variable {
            name: NAME,
            value,
            wanted: "a number of bytes from 524288 to 67108864",
        }),
        _ => Ok(()),
    }
}

/// The present limit; `None` where there is none.
fn limit(resource: Resource) -> Option<u64> {
    getrlimit(resource).current
}

/// A program may open more files than it was given to begin with, up to a limit that is not its own.
fn take_files() {
    const ENOUGH: u64 = 1024;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.map_or(ENOUGH, |maximum| maximum.min(ENOUGH));
    if current.is_some_and(|current| current < wanted) {
        let raised = Rlimit {
            current: Some(wanted),
            maximum,
        };
        // Whether there are enough is seen next.
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
            let thread = thread::Builder::new().spawn(move || {
                // It ends when `go` is dropped.
                let _ = wait.recv();
            })?;

            Ok((go, thread))
        })
        .collect();
    for (go, thread) in started? {
        drop(go);
        let _ = thread.join();
    }

    Ok(())
}
