//! Counts and logs oddities of the platform's answers.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use jiff::{SignedDuration, Timestamp};

/// The largest tolerated difference of the clocks. A larger one misleads a person who compares the journal with
/// the platform.
const APART: SignedDuration = SignedDuration::from_secs(60);

/// Whether the clocks differ too much. `ahead`: the local clock minus the platform's clock, possibly negative.
pub(crate) fn clocks_disagree(ahead: SignedDuration) -> bool {
    ahead.abs() > APART
}

/// Oddities of the answers, for the log only. No decision depends on them.
#[derive(Debug, Default)]
pub(super) struct Diagnostics {
    unreadable: AtomicU32,
    clock_is_logged: AtomicBool,
}

impl Diagnostics {
    pub(super) fn unreadable(&self) {
        self.unreadable.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn unreadable_answers(&self) -> u32 {
        self.unreadable.load(Ordering::Relaxed)
    }

    /// Logs once if the local clock is far from `platform`, the platform's clock.
    pub(super) fn date(&self, platform: Timestamp) {
        self.date_at(Timestamp::now(), platform);
    }

    fn date_at(&self, here: Timestamp, platform: Timestamp) {
        let ahead = here.duration_since(platform);
        if clocks_disagree(ahead) && !self.clock_is_logged.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                %here,
                %platform,
                ahead_s = ahead.as_secs(),
                "this machine's clock and the platform's clock differ; set this machine's clock"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f27_clock_off_by_over_a_minute_is_logged() {
        for (seconds, is_noticed) in [(0, false), (59, false), (60, false), (61, true)] {
            for ahead in [seconds, -seconds] {
                let here = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_600_000_000);
                let diagnostics = Diagnostics::default();
                diagnostics.date_at(here, here - SignedDuration::from_secs(ahead));
                let told = diagnostics.clock_is_logged.load(Ordering::Relaxed);
                assert_eq!(told, is_noticed, "{ahead} s ahead");
            }
        }
    }
}
