//! Measures memory and CPU time of a program and its child processes while the code is on the screen.

use std::fs;
use std::thread;
use std::time::Duration;

/// The time for which CPU time is measured.
const MEASURED: Duration = Duration::from_secs(10);

/// The cost of a program while its code is on the screen.
#[derive(Debug, Default)]
pub(crate) struct Cost {
    /// The proportional set size in MB: the size of a shared page is divided among the processes that share it.
    pub(crate) pss_mb: f64,
    /// The user and system time, in percent of one core.
    pub(crate) cpu_percent: f64,
}

impl Cost {
    /// Measures the process with this id and its descendants.
    pub(crate) fn of(id: u32) -> Self {
        thread::sleep(Duration::from_secs(1));
        let before = family(id).into_iter().map(cpu_seconds).sum::<f64>();
        thread::sleep(MEASURED);
        let family = family(id);
        let busy = family.iter().copied().map(cpu_seconds).sum::<f64>() - before;

        Self {
            pss_mb: family.into_iter().map(pss_mb).sum(),
            cpu_percent: busy / MEASURED.as_secs_f64() * 100.0,
        }
    }
}

/// Returns a process and all its descendants.
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

/// Returns NaN if this user may not read the process's memory. The display holds the API key, so only root may.
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

/// Returns the user and system time of all running threads, in seconds. `/proc/PID/stat` is too coarse: it counts
/// hundredths of a second, and a display uses about five of them in ten seconds.
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
