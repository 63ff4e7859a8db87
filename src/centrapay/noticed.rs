use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use jiff::{SignedDuration, Timestamp};

/// Clocks that are further apart than this are worth a line in the log.
const APART: SignedDuration = SignedDuration::from_secs(60);

/// What the answers show beside what they say. It is for the log: nothing is decided by it.
#[derive(Debug, Default)]
pub(super) struct Noticed {
    unreadable: AtomicU32,
    clock_was_told: AtomicBool,
}

impl Noticed {
    /// An answer came that nobody can read.
    pub(super) fn unreadable(&self) {
        self.unreadable.fetch_add(1, Ordering::Relaxed);
    }

    /// How many answers came that nobody can read.
    pub(super) fn unreadable_answers(&self) -> u32 {
        self.unreadable.load(Ordering::Relaxed)
    }

    /// An answer was given at `platform` by the platform's clock. One that is far from the clock
    /// here is logged once.
    pub(super) fn date(&self, platform: Timestamp) {
        let here = Timestamp::now();
        let ahead = here.duration_since(platform);
        if ahead.abs() > APART && !self.clock_was_told.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                %here,
                %platform,
                ahead_s = ahead.as_secs(),
                "the clocks here and at the platform are apart; set this machine's"
            );
        }
    }
}
