//! The clock of a sale, and whether the machine has slept.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use crate::sale::Moment;

/// The monotonic clock, as [`Moment`]s. A test may let it run faster.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    start: Instant,
    speed: u32,
}

impl Clock {
    /// Starts a clock.
    pub fn start() -> Self {
        Self::start_at_speed(1)
    }

    pub(super) fn start_at_speed(speed: u32) -> Self {
        Self {
            start: Instant::now(),
            speed: speed.max(1),
        }
    }

    pub(super) fn restarted(self) -> Self {
        Self::start_at_speed(self.speed)
    }

    /// Returns the current moment.
    pub fn now(&self) -> Moment {
        Moment::after_start(self.start.elapsed() * self.speed)
    }

    /// Returns the real time since the start, also if this clock runs faster.
    pub(super) fn awake(&self) -> Moment {
        Moment::after_start(self.start.elapsed())
    }

    /// Converts a pause of this clock to real time.
    pub(super) fn real(&self, pause: Duration) -> Duration {
        pause / self.speed
    }
}

/// On an awake machine, the two clocks differ by less than this between two polls.
const TOLERANCE: Duration = Duration::from_secs(2);

/// Detects that the machine has slept. The wall clock runs during sleep, and the monotonic clock does not. Setting
/// the wall clock looks like sleep, and then costs one extra read.
#[derive(Debug, Clone, Default)]
pub(super) struct SleepDetector {
    last_look: Arc<Mutex<Option<(Moment, SystemTime)>>>,
}

impl SleepDetector {
    /// Whether the machine has slept since the last call on any clone.
    pub(super) fn has_slept(&self, now: Moment) -> bool {
        self.has_slept_at(now, SystemTime::now())
    }

    fn has_slept_at(&self, now: Moment, by_wall: SystemTime) -> bool {
        let mut last_look = self
            .last_look
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let Some((then, then_by_wall)) = last_look.replace((now, by_wall)) else {
            return false;
        };
        let awake = now.since(then);

        by_wall
            .duration_since(then_by_wall)
            .map_or(true, |elapsed| elapsed.abs_diff(awake) > TOLERANCE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(monotonic: u64, wall: u64) -> (Moment, SystemTime) {
        (
            Moment::after_start(Duration::from_secs(monotonic)),
            SystemTime::UNIX_EPOCH + Duration::from_secs(wall),
        )
    }

    fn results(times: &[(u64, u64)]) -> Vec<bool> {
        let detector = SleepDetector::default();

        times
            .iter()
            .map(|&(monotonic, wall)| {
                let (now, by_wall) = second(monotonic, wall);

                detector.has_slept_at(now, by_wall)
            })
            .collect()
    }

    #[test]
    fn f28_clocks_two_seconds_apart_mean_sleep() {
        assert_eq!(
            results(&[(0, 1000), (1, 1001), (2, 1004), (3, 1600), (4, 1601)]),
            [false, false, false, true, false]
        );
    }

    #[test]
    fn f27_wall_clock_set_back_counts_once() {
        assert_eq!(
            results(&[(0, 1000), (1, 900), (2, 901)]),
            [false, true, false]
        );
    }
}
