use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use crate::sale::Moment;

/// More than the clocks of a machine that is awake differ by from one poll to the next.
const TOLERANCE: Duration = Duration::from_secs(2);

/// Whether the machine has slept: the wall clock goes on meanwhile, the monotonic one does not. A
/// wall clock that was set looks the same, and costs no more than a read.
#[derive(Debug, Clone, Default)]
pub(super) struct Wakefulness {
    last_look: Arc<Mutex<Option<(Moment, SystemTime)>>>,
}

impl Wakefulness {
    /// Whether it has slept since the last look, whoever looked.
    pub(super) fn look(&self, now: Moment) -> bool {
        self.look_at(now, SystemTime::now())
    }

    fn look_at(&self, now: Moment, by_wall: SystemTime) -> bool {
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

    fn looks(times: &[(u64, u64)]) -> Vec<bool> {
        let wakefulness = Wakefulness::default();

        times
            .iter()
            .map(|&(monotonic, wall)| {
                let (now, by_wall) = second(monotonic, wall);

                wakefulness.look_at(now, by_wall)
            })
            .collect()
    }

    #[test]
    fn f28_clocks_that_go_apart_by_more_than_two_seconds_mean_a_sleep() {
        assert_eq!(
            looks(&[(0, 1000), (1, 1001), (2, 1004), (3, 1600), (4, 1601)]),
            [false, false, false, true, false]
        );
    }

    #[test]
    fn f27_a_wall_clock_that_is_set_back_is_looked_into_once() {
        assert_eq!(
            looks(&[(0, 1000), (1, 900), (2, 901)]),
            [false, true, false]
        );
    }
}
