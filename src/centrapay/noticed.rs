use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use jiff::{SignedDuration, Timestamp};

/// Clocks that are further apart than this mislead whoever compares the journal with the platform.
const APART: SignedDuration = SignedDuration::from_secs(60);

/// Whether a clock here that is `ahead` of the platform's, or behind it, is worth a word.
pub(crate) fn are_apart(ahead: SignedDuration) -> bool {
    ahead.abs() > APART
}

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
        self.date_at(Timestamp::now(), platform);
    }

    fn date_at(&self, here: Timestamp, platform: Timestamp) {
        let ahead = here.duration_since(platform);
        if are_apart(ahead) && !self.clock_was_told.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                %here,
                %platform,
                ahead_s = ahead.as_secs(),
                "the clocks here and at the platform are apart; set this machine's"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f27_the_platforms_date_is_noticed_from_more_than_a_minute_off_in_either_direction() {
        for (seconds, is_noticed) in [(0, false), (59, false), (60, false), (61, true)] {
            for ahead in [seconds, -seconds] {
                let here = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_600_000_000);
                let noticed = Noticed::default();
                noticed.date_at(here, here - SignedDuration::from_secs(ahead));
                let told = noticed.clock_was_told.load(Ordering::Relaxed);
                assert_eq!(told, is_noticed, "{ahead} s ahead");
            }
        }
    }
}
