use std::time::Duration;

use crate::payment::{Failure, RequestId};
use crate::sale::{Ask, Delay, Job, Moment, Timer};

/// The platform suggests about one poll a second.
const INTERVAL: Duration = Duration::from_secs(1);
/// A patron needs longer than this to scan and pay, so an earlier poll would be wasted.
const FIRST: Duration = Duration::from_millis(500);
/// The longest pause between two polls, unless the platform asks for a longer one.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// A server that says "slow down" without saying for how long.
const THROTTLED_PAUSE: Duration = Duration::from_secs(2);
/// From this many polls in a row without an answer on, the connection counts as lost.
const LOST_AFTER: u32 = 3;

/// When to poll: on a fixed schedule, never two in flight, slower while errors last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) struct Polls {
    in_flight: bool,
    /// When the next poll is due; `None` before the first, which begins the schedule.
    due: Option<Moment>,
    failures: u32,
}

impl Polls {
    /// The first poll.
    pub(super) fn begin() -> (Self, Job) {
        (Self::default(), wake(Delay::For(FIRST)))
    }

    /// The first poll, without a pause.
    pub(super) fn begin_at_once() -> (Self, Job) {
        (Self::default(), wake(Delay::For(Duration::ZERO)))
    }

    /// The timer ran out at `now`: ask, unless an answer is still awaited.
    pub(super) fn ask(&mut self, id: &RequestId, now: Moment) -> Option<Job> {
        if self.in_flight {
            return None;
        }
        self.in_flight = true;
        // A timer that is a little late does not shift what follows; after a pause it starts anew.
        let in_an_interval = now.plus(INTERVAL);
        let due = self
            .due
            .map(|due| due.plus(INTERVAL))
            .filter(|due| *due > now)
            .map_or(in_an_interval, |due| due.min(in_an_interval));
        self.due = Some(due);

        Some(Job::Read {
            id: id.clone(),
            ask: Ask::Poll,
        })
    }

    /// A poll was answered: the next one is due on schedule.
    pub(super) fn answered(&mut self) -> Job {
        self.in_flight = false;
        self.failures = 0;

        wake(self.due.map_or(Delay::For(INTERVAL), Delay::Until))
    }

    /// A poll brought no answer: the next one comes later, and at a random time.
    pub(super) fn failed(&mut self, failure: &Failure) -> Job {
        self.in_flight = false;
        if let Failure::Throttled { retry_after } = failure {
            return wake(Delay::For(
                retry_after.unwrap_or(THROTTLED_PAUSE).max(INTERVAL),
            ));
        }
        // Counted only as far as it matters, so that a long outage is one state and not thousands.
        self.failures = (self.failures + 1).min(LOST_AFTER);

        wake(Delay::UpTo(
            (INTERVAL * 2_u32.pow(self.failures)).min(LONGEST_PAUSE),
        ))
    }

    /// Whether so many polls in a row failed that people should know.
    pub(super) fn lost(&self) -> bool {
        self.failures >= LOST_AFTER
    }
}

fn wake(delay: Delay) -> Job {
    Job::Wake {
        timer: Timer::Poll,
        delay,
    }
}
