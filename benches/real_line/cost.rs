//! Measures memory and CPU time of programs and their child processes while a code is on the screen.

use std::array;
use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

/// The time for which CPU time is measured.
const MEASURED: Duration = Duration::from_secs(10);
/// The time between two readings of the CPU time.
const PAUSE: Duration = Duration::from_millis(100);

/// The cost of a program. A figure that cannot be measured is NaN.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// The proportional set size in MB: the size of a shared page is divided among the processes that share it.
    pub(crate) pss_mb: f64,
    /// The user and system time, in percent of one core.
    pub(crate) cpu_percent: f64,
}

impl Cost {
    pub(crate) const UNKNOWN: Self = Self {
        pss_mb: f64::NAN,
        cpu_percent: f64::NAN,
    };

    /// Measures the processes with these ids, each with its descendants, at the same time.
    pub(crate) fn of<const N: usize>(ids: [u32; N]) -> [Self; N] {
        thread::sleep(Duration::from_secs(1));
        let mut times = ids.map(CpuTime::start);
        let start = Instant::now();
        while start.elapsed() < MEASURED {
            thread::sleep(PAUSE);
            times.iter_mut().for_each(CpuTime::read);
        }
        let measured = start.elapsed().as_secs_f64();

        array::from_fn(|index| Self {
            pss_mb: family(ids[index]).into_iter().map(pss_mb).sum(),
            cpu_percent: times[index].busy_seconds() / measured * 100.0,
        })
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
    let smaps = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).unwrap_or_default();
    let kilobytes = smaps
        .lines()
        .find_map(|line| line.strip_prefix("Pss:")?.trim().strip_suffix(" kB"))
        .and_then(|kilobytes| kilobytes.parse::<f64>().ok());

    kilobytes.map_or(f64::NAN, |kilobytes| kilobytes / 1024.0)
}

/// The user and system time of a process and its descendants, in seconds for each thread.
///
/// `/proc/PID/stat` is too coarse: it counts hundredths of a second, and a display uses about five of them in ten
/// seconds. The precise time of a thread is gone when the thread ends, so it is read often and its last reading kept.
#[derive(Debug)]
struct CpuTime {
    id: u32,
    first: HashMap<PathBuf, f64>,
    last: HashMap<PathBuf, f64>,
}

impl CpuTime {
    fn start(id: u32) -> Self {
        let mut time = Self {
            id,
            first: HashMap::new(),
            last: HashMap::new(),
        };
        time.read();
        time.first.clone_from(&time.last);

        time
    }

    fn read(&mut self) {
        for id in family(self.id) {
            let threads = fs::read_dir(format!("/proc/{id}/task"));
            for thread in threads.into_iter().flatten().flatten() {
                let path = thread.path();
                if let Some(seconds) = fs::read_to_string(path.join("schedstat"))
                    .ok()
                    .and_then(|stat| stat.split_whitespace().next()?.parse::<f64>().ok())
                {
                    self.last.insert(path, seconds / 1e9);
                }
            }
        }
    }

    /// Returns the time since the start, or NaN if the kernel does not count the time of threads.
    fn busy_seconds(&self) -> f64 {
        if self.last.is_empty() {
            return f64::NAN;
        }
        let sum = |readings: &HashMap<PathBuf, f64>| readings.values().sum::<f64>();

        sum(&self.last) - sum(&self.first)
    }
}
