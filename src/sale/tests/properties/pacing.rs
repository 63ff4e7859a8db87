//! The pauses of a sale while calls to the platform fail or are throttled.

use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::till::*;
use super::generators::*;
use super::simulation::is_call;
use crate::domain::payment::{Failure, Status};
use crate::properties::generated::tries;
use crate::sale::{Command, Delay, Fact, Job, Mark, Timer};

/// The longest `Retry-After` in milliseconds. The client cuts a longer one to this.
const LONGEST_RETRY_AFTER: u64 = 60_000;
const SECOND: Duration = Duration::from_secs(1);

/// Generates any `Retry-After`, or none.
fn any_retry_after() -> impl Strategy<Value = Option<Duration>> {
    proptest::option::of((0..=LONGEST_RETRY_AFTER).prop_map(Duration::from_millis))
}

/// The answer to a poll.
#[derive(Debug, Clone)]
enum Poll {
    Throttled(Option<Duration>),
    Failed,
    Answered,
}

fn any_poll() -> impl Strategy<Value = Poll> {
    prop_oneof![
        4 => any_retry_after().prop_map(Poll::Throttled),
        1 => Just(Poll::Failed),
        2 => Just(Poll::Answered),
    ]
}

fn polled(till: &mut Till, poll: &Poll) {
    till.wake(Timer::Poll);
    till.jobs.clear();
    till.polled(match poll {
        Poll::Throttled(retry_after) => Err(throttled_for(*retry_after)),
        Poll::Failed => Err(lost()),
        Poll::Answered => Ok(request(Status::New)),
    });
}

/// Returns the length of every wait for the next poll.
fn waits(till: &Till) -> Vec<Delay> {
    till.jobs
        .iter()
        .filter_map(|job| match job {
            Job::Wake {
                timer: Timer::Poll,
                delay,
            } => Some(*delay),
            _ => None,
        })
        .collect()
}

proptest! {
    #![proptest_config(tries())]

    #[test]
    fn f14_one_pause_after_each_failure(
        good in 0..4_usize,
        failures in vec(any::<bool>(), 1..40)
    ) {
        let mut till = Till::presenting();
        for _ in 0..good {
            polled(&mut till, &Poll::Answered);
        }
        for sent in failures {
            till.wake(Timer::Poll);
            till.jobs.clear();
            till.polled(Err(if sent { lost() } else { unsent() }));
            let waits = waits(&till);
            let [Delay::UpTo(longest)] = waits.as_slice() else {
                panic!("{waits:?}");
            };
            prop_assert!(*longest >= SECOND && *longest <= 5 * SECOND, "{longest:?}");
        }
    }

    #[test]
    fn f14_pause_grows_until_an_answer(
        failures in 2..20_usize
    ) {
        let mut till = Till::presenting();
        let mut longest = Duration::ZERO;
        for _ in 0..failures {
            polled(&mut till, &Poll::Failed);
            let Some(Delay::UpTo(pause)) = till.wakes_for(Timer::Poll) else {
                panic!("no pause");
            };
            prop_assert!(pause >= longest);
            longest = pause;
        }
        polled(&mut till, &Poll::Answered);
        polled(&mut till, &Poll::Failed);
        prop_assert_eq!(till.wakes_for(Timer::Poll), Some(Delay::UpTo(2 * SECOND)));
    }

    #[test]
    fn f12_throttled_poll_waits_as_asked(
        polls in vec(any_poll(), 1..40)
    ) {
        let mut till = Till::presenting();
        for poll in polls {
            polled(&mut till, &poll);
            let Poll::Throttled(asked) = poll else {
                continue;
            };
            let waits = waits(&till);
            let [Delay::Between(least, most)] = waits.as_slice() else {
                panic!("{waits:?}");
            };
            prop_assert_eq!(*least, asked.unwrap_or(2 * SECOND).max(SECOND));
            let spread = *most - *least;
            prop_assert!(spread > SECOND && spread <= 10 * SECOND, "{spread:?}");
        }
    }

    #[test]
    fn f12_void_is_sent_at_once(
        polls in vec(any_poll(), 0..40),
        in_flight in any::<bool>()
    ) {
        let mut till = Till::presenting();
        for poll in &polls {
            polled(&mut till, poll);
        }
        if in_flight {
            till.wake(Timer::Poll);
        }
        till.jobs.clear();
        till.ask(Command::Cancel);
        prop_assert!(till.jobs.iter().all(|job| is_record(job, Mark::Voiding)), "{:?}", till.jobs);
        till.recorded(Mark::Voiding);
        prop_assert!(matches!(till.jobs.as_slice(), [Job::Void(_)]), "{:?}", till.jobs);
    }

    #[test]
    fn f12_f36_throttled_void_waits_as_asked(
        polls in vec(any_poll(), 0..20),
        voids in vec(any_retry_after(), 1..9)
    ) {
        let mut till = Till::presenting();
        for poll in &polls {
            polled(&mut till, poll);
        }
        till.ask(Command::Cancel);
        till.recorded(Mark::Voiding);
        for asked in voids {
            till.jobs.clear();
            till.happen(Fact::Voided(Err(throttled_for(asked))));
            let wait = asked.unwrap_or(SECOND).max(SECOND);
            prop_assert_eq!(till.wakes_for(Timer::Revoid), Some(Delay::For(wait)));
            // A poll now would use up a call that the void needs.
            till.wake(Timer::Poll);
            prop_assert!(!till.asked_for(is_call));
            till.wake(Timer::Revoid);
            prop_assert!(till.asked_for(is_void));
        }
    }

    #[test]
    fn f6_f12_throttled_create_waits_as_asked(
        told in vec(any_retry_after(), 1..9)
    ) {
        let mut till = Till::asking();
        for asked in told {
            till.jobs.clear();
            till.created(Err(throttled_for(asked)));
            let least = asked.unwrap_or(SECOND).max(SECOND);
            let waits = till.wakes_for(Timer::Recreate);
            prop_assert!(
                matches!(waits, Some(Delay::Between(from, to)) if from >= least && to > from),
                "{:?} for {:?}", waits, asked
            );
            till.wake(Timer::Recreate);
            prop_assert!(till.asked_for(is_create));
        }
        till.created(Err(throttled_for(None)));
        till.ask(Command::Cancel);
        prop_assert_eq!(till.ending().name(), "cancelled");
    }
}

#[test]
fn failures_are_lost_and_unsent() {
    assert!(matches!(lost(), Failure::Ambiguous(_)));
    assert!(matches!(unsent(), Failure::NotSent(_)));
}
