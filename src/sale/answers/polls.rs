use std::time::Duration;

use crate::domain::payment::{Failure, RequestId};
use crate::sale::{Ask, Delay, Job, Moment, Timer, Timing};

/// The shortest pause that a throttled poll gets, and the unit of the pauses after other errors.
const PAUSE: Duration = Duration::from_secs(1);
/// The calls that the platform allows all counters of an account in a minute.
const CALLS_A_MINUTE: u32 = 200;
/// The percentage of these calls that polls may use. The rest is for creates and voids, which must not wait.
const SHARE_OF_POLLS: u32 = 75;
/// The pause before the first poll. A patron needs longer to scan and pay.
pub(crate) const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest pause after an error.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// The longest interval after repeated requests to wait, unless many counters need a longer one.
const SLOWEST: Duration = Duration::from_secs(10);
/// The pause if the platform asks to wait but names no time.
const THROTTLED_PAUSE: Duration = Duration::from_secs(2);
/// How much each answer shortens an interval that was made longer. The step is small, since the platform counts
/// the calls of a whole minute.
const RECOVERY: Duration = Duration::from_millis(4);
/// The number of failed polls in a row after which the connection counts as lost.
const LOST_AFTER: u32 = 3;

/// The schedule of polls. Two polls are never in flight at once. Errors slow polls down for a short time, and an
/// exceeded limit of the account for a long time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Polls {
    /// The interval without throttling.
    usual: Duration,
    interval: Duration,
    in_flight: bool,
    /// The time of the next poll. `None` before the first poll and after a failed one: the next poll then begins a
    /// new schedule.
    due: Option<Moment>,
    failures: u32,
}

impl Polls {
    /// Returns the schedule of polls at the interval of `timing`, and the first poll.
    pub(crate) fn begin(timing: &Timing, pause: Duration) -> (Self, Job) {
        let usual = interval(timing);
        let polls = Self {
            usual,
            interval: usual,
            in_flight: false,
            due: None,
            failures: 0,
        };

        (polls, wake(Delay::For(pause)))
    }

    /// Returns a poll for `now`, unless the answer to an earlier poll is awaited.
    pub(crate) fn ask(&mut self, id: &RequestId, now: Moment) -> Option<Job> {
        if self.in_flight {
            return None;
        }
        self.in_flight = true;
        // A timer that fires late does not move the schedule.
        let in_an_interval = now.plus(self.interval);
        let due = self
            .due
            .map(|due| due.plus(self.interval))
            .filter(|due| *due > now)
            .map_or(in_an_interval, |due| due.min(in_an_interval));
        self.due = Some(due);

        Some(Job::Read {
            id: id.clone(),
            ask: Ask::Poll,
        })
    }

    /// Handles an answered poll: the next poll comes on schedule.
    pub(crate) fn answered(&mut self) -> Job {
        self.in_flight = false;
        self.failures = 0;
        self.interval = self.interval.saturating_sub(RECOVERY).max(self.usual);

        wake(self.due.map_or(Delay::For(self.interval), Delay::Until))
    }

    /// Handles a failed poll: the next poll comes later, at a random time.
    pub(crate) fn failed(&mut self, failure: &Failure) -> Job {
        self.in_flight = false;
        // The next poll begins a new schedule, so that two polls never follow closely.
        self.due = None;
        if let Failure::Throttled { retry_after } = failure {
            // The random delay lets voids and creates go first, and spreads the polls of the displays.
            self.interval = (self.interval * 3 / 2).min(SLOWEST.max(self.usual));
            let wait = retry_after.unwrap_or(THROTTLED_PAUSE).max(PAUSE);

            return wake(Delay::Between(wait, wait + self.interval));
        }
        // The count stops at the limit, so that the model checker sees one state for a long outage.
        self.failures = (self.failures + 1).min(LOST_AFTER);

        wake(Delay::UpTo(
            (PAUSE * 2_u32.pow(self.failures)).min(LONGEST_PAUSE),
        ))
    }

    /// Whether a wait of this length may end without a poll.
    pub(crate) fn may_miss(&self, wait: Duration) -> bool {
        self.usual >= wait
    }

    /// Whether enough polls in a row have failed to call the connection lost.
    pub(crate) fn lost(&self) -> bool {
        self.failures >= LOST_AFTER
    }
}

/// Returns the shortest interval of polls at which `counters` together stay below the account's limit. A minute holds
/// a whole number of intervals. With many counters a payment is seen late, which is better than a refusal.
pub fn shortest_poll_interval(counters: u32) -> Duration {
    let polls_a_minute = CALLS_A_MINUTE * SHARE_OF_POLLS / 100;
    let polls_each = (polls_a_minute / counters.max(1)).max(1);

    Duration::from_secs(60) / polls_each
}

fn interval(timing: &Timing) -> Duration {
    timing
        .poll_every
        .max(shortest_poll_interval(timing.counters))
}

fn wake(delay: Delay) -> Job {
    Job::Wake {
        timer: Timer::Poll,
        delay,
    }
}

#[cfg(test)]
mod tests;
