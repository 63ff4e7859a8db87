//! The process: its worker threads, its children, and the signals that ask it to end.

use std::io;
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};

/// Creates a tokio runtime with a thread for each processor.
/// Errors: if the system allows no more threads or files.
pub(crate) fn runtime() -> io::Result<Runtime> {
    let count = thread::available_parallelism().map_or(1, Into::into);

    Builder::new_multi_thread()
        // Without this, tokio panics if TOKIO_WORKER_THREADS is not a number.
        .worker_threads(count)
        .enable_all()
        .build()
}

/// Waits until a child process ends. Kills it after `patience`.
///
/// # Errors
///
/// If it did not end in time, or did not end well.
pub(super) fn wait_for_end(child: &mut Child, patience: Duration) -> Result<(), String> {
    let begun = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(status.to_string()),
            Ok(None) if begun.elapsed() < patience => thread::sleep(Duration::from_millis(20)),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();

                return Err("it did not end in time".to_owned());
            }
            Err(error) => return Err(error.to_string()),
        }
    }
}

/// Waits for a signal that asks the program to end, or for the end of its terminal. A signal that the program inherited as
/// ignored, for example from `nohup`, stays ignored.
#[cfg(unix)]
pub(crate) async fn asked_to_end() {
    use std::future::pending;

    use futures_util::future::select_all;
    use tokio::signal::unix::{SignalKind, signal};

    let ignored = ignored();
    let wanted = [
        SignalKind::interrupt(),
        SignalKind::terminate(),
        SignalKind::hangup(),
    ];
    let mut awaited = Vec::new();
    for kind in wanted {
        if is_in(ignored, kind.as_raw_value()) {
            continue;
        }
        match signal(kind) {
            Ok(mut signal) => awaited.push(Box::pin(async move { signal.recv().await })),
            Err(error) => {
                tracing::warn!(?kind, %error, "cannot handle this signal: it will end the program without a void");
            }
        }
    }
    if awaited.is_empty() {
        return pending().await;
    }
    let _ = select_all(awaited).await;
}

#[cfg(not(unix))]
pub(crate) async fn asked_to_end() {
    let _ = tokio::signal::ctrl_c().await;
}

/// Returns the ignored signals as a set of bits. Only Linux reports them.
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();

    status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok())
        .unwrap_or_default()
}

#[cfg(unix)]
fn is_in(signals: u64, number: i32) -> bool {
    u32::try_from(number - 1).is_ok_and(|bit| signals & 1_u64.checked_shl(bit).unwrap_or(0) != 0)
}
