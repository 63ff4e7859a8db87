//! A log that a test reads.

use std::sync::LazyLock;

use tracing::Dispatch;
use tracing::level_filters::LevelFilter;
use tracing::subscriber::DefaultGuard;

use crate::support::scene::Told;

/// A log that is always active. Without it, if a thread without a log reaches a log line first, tracing disables
/// that line for all threads.
static ANOTHER: LazyLock<Dispatch> =
    LazyLock::new(|| Dispatch::new(tracing_subscriber::registry()));

/// The log lines of this thread.
#[derive(Clone, Default)]
pub(crate) struct CapturedLog(Told);

impl CapturedLog {
    /// Captures the log lines of this thread, also from libraries, until the guard is dropped.
    pub(crate) fn open(level: LevelFilter) -> (Self, DefaultGuard) {
        LazyLock::force(&ANOTHER);
        let captured = Self::default();
        let writer = captured.0.clone();
        let lines = tracing_subscriber::fmt()
            .with_max_level(level)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();

        (captured, tracing::subscriber::set_default(lines))
    }

    pub(crate) fn text(&self) -> String {
        self.0.text()
    }

    /// Returns the lines that contain all these words.
    pub(crate) fn lines(&self, says: &[&str]) -> Vec<String> {
        self.text()
            .lines()
            .filter(|line| says.iter().all(|word| line.contains(word)))
            .map(str::to_owned)
            .collect()
    }
}
