//! What a program costs while its code stands, with all processes that it has started.

use std::fs;
use std::thread;
use std::time::Duration;

/// How long CPU time is counted.
const STANDING: Duration = Duration::from_secs(10);

/// What a program costs.
#[derive(Debug, Default)]
pub(crate) struct Cost {
    /// Its share of all memory in use, with shared pages divided among those who share them.
    pub(crate) pss_mb: f64,
    /// User and system time, as a part of one core.
    pub(crate) cpu_percent: f64,
}

impl Cost {
    /// Watches the process `id` for a while.
    pub(crate) fn of(id: u32) -> Self {
        thread::sleep(Duration::from_secs(1));
        let before = family(id).into_iter().map(cpu_seconds).sum::<f64>();
        thread::sleep(STANDING);
        let family = family(id);
        let busy = family.iter().copied().map(cpu_seconds).sum::<f64>() - before;

        Self {
            pss_mb: family.into_iter().map(pss_mb).sum(),
            cpu_percent: busy / STANDING.as_secs_f64() * 100.0,
        }
    }
}

/// A process, its children, and theirs.
fn family(id: u32) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{id}/task"));
    let children = threads.into_iter().flatten().flatten().flat_map(|thread| {
        let children = fs::read_to_string(thread.path().join("children")).unwrap_or_default();

        children
            .split_whitespace()
            .filter_map(|child| child.parse().ok())
            .collect::<Vec<u32>>()
    });

    children.flat_map(family).chain([id]).collect()
}

/// A program that holds the key lets nobody look into its memory but root: for others it is not a number.
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

/// User and system time so far, of all threads that are still there. `/proc/PID/stat` would only tell it in
/// hundredths of a second, of which a display uses five in ten seconds.
fn cpu_seconds(id: u32) -> f64 {
    let threads = fs::read_dir(format!("/proc/{id}/task"));
    let nanoseconds = threads
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|thread| {
            let stat = fs::read_to_string(thread.path().join("schedstat")).ok()?;

            stat.split_whitespace().next()?.parse::<f64>().ok()
        });

    nanoseconds.sum::<f64>() / 1e9
}
