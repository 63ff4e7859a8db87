//! The memory of the test process.

use std::alloc::System;
use std::fmt;
use std::time::Duration;

use stats_alloc::StatsAlloc;
use tokio::runtime::Handle;

/// The memory that the process uses at one moment, in bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    pub(crate) heap: usize,
    /// The bytes that the process has from the system. Only a part of freed memory goes back to the system.
    pub(crate) resident: usize,
}

impl Memory {
    pub(crate) fn of(allocator: &StatsAlloc<System>) -> Self {
        let stats = allocator.stats();

        Self {
            heap: stats.bytes_allocated - stats.bytes_deallocated,
            resident: resident().unwrap_or_default(),
        }
    }

    /// Insists that the heap has grown by less than `most` bytes since `first`.
    pub(crate) fn is_flat_since(self, first: Self, most: usize) {
        let grown = self.heap.saturating_sub(first.heap);
        assert!(grown < most, "{first}, then {self}");
    }

    /// Waits until every task of the runtime has ended, at most five seconds, and then measures.
    pub(crate) async fn when_quiet(allocator: &StatsAlloc<System>) -> Self {
        let handle = Handle::current();
        for _ in 0..500 {
            if handle.metrics().num_alive_tasks() == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }

        Self::of(allocator)
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} kB allocated, {} kB resident",
            self.heap / 1024,
            self.resident / 1024
        )
    }
}

#[cfg(target_os = "linux")]
fn resident() -> Option<usize> {
    const PAGE: usize = 4096;
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;

    Some(statm.split(' ').nth(1)?.parse::<usize>().ok()? * PAGE)
}

#[cfg(not(target_os = "linux"))]
fn resident() -> Option<usize> {
    None
}
