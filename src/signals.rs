//! How the system, or somebody at a terminal, asks the program to end.

/// Waits until the program is asked to end, also by the closing of its terminal. A signal that was ignored when the program was
/// started, as by `nohup` or for what a shell starts in the background, stays ignored.
#[cfg(unix)]
pub async fn asked_to_end() {
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
                tracing::warn!(?kind, %error, "this signal will end the program without a void");
            }
        }
    }
    if awaited.is_empty() {
        return pending().await;
    }
    let _ = select_all(awaited).await;
}

/// Waits until somebody at a terminal asks the program to end.
#[cfg(not(unix))]
pub async fn asked_to_end() {
    let _ = tokio::signal::ctrl_c().await;
}

/// The signals that this process ignores, as a set of bits. Linux alone says so; elsewhere none is.
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
