use std::time::Duration;

use crate::payment::{Failure, RequestId};
use crate::sale::{Ask, Delay, Job, Moment, Timer};

/// The platform suggests about one poll a second.
const INTERVAL: Duration = Duration::from_secs(1);
/// The calls that the platform takes from all counters of an account in a minute.
const CALLS_A_MINUTE: u32 = 200;
/// Of a hundred of them, those that polls may use; the others are for creates and voids, which must
/// not wait.
const SHARE_OF_POLLS: u32 = 75;
/// A patron needs longer than this to scan and pay, so an earlier poll would be wasted.
const FIRST: Duration = Duration::from_millis(500);
/// The longest pause after an error.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// A platform that says wait again and again slows the polls of a few counters down to this.
const SLOWEST: Duration = Duration::from_secs(10);
/// A server that says "slow down" without saying for how long.
const THROTTLED_PAUSE: Duration = Duration::from_secs(2);
/// How much of a slowing down each answer takes back. Little, since the platform counts the calls
/// of a whole minute.
const RECOVERY: Duration = Duration::from_millis(4);
/// From this many polls in a row without an answer on, the connection counts as lost.
const LOST_AFTER: u32 = 3;

/// When to poll: on a fixed schedule, never two in flight, slower while errors last, and slower for
/// long where the account's calls do not suffice for all its counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Polls {
    /// The interval that this counter's share of the account's calls allows.
    usual: Duration,
    interval: Duration,
    in_flight: bool,
    /// When the next poll is due; `None` before the first and after one that failed: the next one
    /// begins the schedule.
    due: Option<Moment>,
    failures: u32,
}

impl Polls {
    /// The first poll, of one of so many counters on an account.
    pub(super) fn begin(counters: u32) -> (Self, Job) {
        (Self::of(counters), wake(Delay::For(FIRST)))
    }

    /// The first poll, without a pause.
    pub(super) fn begin_at_once(counters: u32) -> (Self, Job) {
        (Self::of(counters), wake(Delay::For(Duration::ZERO)))
    }

    fn of(counters: u32) -> Self {
        let usual = interval(counters);

        Self {
            usual,
            interval: usual,
            in_flight: false,
            due: None,
            failures: 0,
        }
    }

    /// The timer ran out at `now`: ask, unless an answer is still awaited.
    pub(super) fn ask(&mut self, id: &RequestId, now: Moment) -> Option<Job> {
        if self.in_flight {
            return None;
        }
        self.in_flight = true;
        // A timer that is a little late does not shift what follows; after a pause it starts anew.
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

    /// A poll was answered: the next one is due on schedule.
    pub(super) fn answered(&mut self) -> Job {
        self.in_flight = false;
        self.failures = 0;
        self.interval = self.interval.saturating_sub(RECOVERY).max(self.usual);

        wake(self.due.map_or(Delay::For(self.interval), Delay::Until))
    }

    /// A poll brought no answer: the next one comes later, and at a random time.
    pub(super) fn failed(&mut self, failure: &Failure) -> Job {
        self.in_flight = false;
        // The schedule begins anew after the pause, so that no poll follows close on another.
        self.due = None;
        if let Failure::Throttled { retry_after } = failure {
            // Spread over an interval: behind the voids and creates that were told the same, and not
            // all displays at once.
            self.interval = (self.interval * 3 / 2).min(SLOWEST.max(self.usual));
            let wait = retry_after.unwrap_or(THROTTLED_PAUSE).max(INTERVAL);

            return wake(Delay::Between(wait, wait + self.interval));
        }
        // Counted only as far as it matters, so that a long outage is one state and not thousands.
        self.failures = (self.failures + 1).min(LOST_AFTER);

        wake(Delay::UpTo(
            (INTERVAL * 2_u32.pow(self.failures)).min(LONGEST_PAUSE),
        ))
    }

    /// Whether no poll may fall into a wait as long as this.
    pub(super) fn may_miss(&self, wait: Duration) -> bool {
        self.usual >= wait
    }

    /// Whether so many polls in a row failed that people should know.
    pub(super) fn lost(&self) -> bool {
        self.failures >= LOST_AFTER
    }
}

/// How often each of so many counters may poll, so that together they stay below the account's limit:
/// a whole number of times in any minute, however their polls fall together. Many counters see a payment
/// late; that is still better than being refused.
fn interval(counters: u32) -> Duration {
    let polls_a_minute = CALLS_A_MINUTE * SHARE_OF_POLLS / 100;
    let polls_each = (polls_a_minute / counters.max(1)).max(1);

    (Duration::from_secs(60) / polls_each).max(INTERVAL)
}

fn wake(delay: Delay) -> Job {
    Job::Wake {
        timer: Timer::Poll,
        delay,
    }
}

#[cfg(test)]
mod tests;
