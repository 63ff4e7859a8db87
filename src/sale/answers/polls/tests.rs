//! Simulates counters that share an account. Each counter has its own [`Polls`]. The platform counts the calls of
//! the last minute.

mod properties;

use std::collections::VecDeque;

use super::*;
use crate::domain::payment::Text;
use crate::sale::{Delay, Job, Moment};

/// The default of `poll-every`.
const USUAL: Duration = Duration::from_secs(1);
const ANSWER_TIME: Duration = Duration::from_millis(50);

/// An account whose calls in any 60 seconds are limited.
#[derive(Default)]
struct Account {
    calls: VecDeque<Moment>,
    refused: usize,
}

impl Account {
    fn call(&mut self, now: Moment) -> Result<(), Duration> {
        const MINUTE: Duration = Duration::from_secs(60);
        while self
            .calls
            .front()
            .is_some_and(|call| now.since(*call) >= MINUTE)
        {
            self.calls.pop_front();
        }
        match self.calls.front() {
            Some(oldest) if self.calls.len() >= CALLS_A_MINUTE as usize => {
                self.refused += 1;

                Err(MINUTE - now.since(*oldest))
            }
            _ => {
                self.calls.push_back(now);

                Ok(())
            }
        }
    }
}

/// A counter with a code on its screen.
struct Counter {
    polls: Polls,
    wakes_at: Moment,
    gaps: Vec<Duration>,
    last_answer: Moment,
}

fn at(milliseconds: u64) -> Moment {
    Moment::after_start(Duration::from_millis(milliseconds))
}

fn timing(poll_every: Duration, counters: u32) -> Timing {
    Timing {
        close_after: Duration::from_secs(8),
        leave_after: None,
        poll_every,
        counters,
        reference_lifetime: Duration::from_secs(86_400),
        outcome_at_once: false,
    }
}

fn wake_time(job: &Job, now: Moment, random: f64) -> Moment {
    let Job::Wake { delay, .. } = job else {
        panic!("no wait: {job:?}");
    };
    match *delay {
        Delay::For(pause) => now.plus(pause),
        Delay::Until(moment) => moment.max(now),
        Delay::UpTo(longest) => now.plus(longest.mul_f64(random)),
        Delay::Between(least, most) => now.plus(least + (most - least).mul_f64(random)),
    }
}

/// Simulates ten minutes of counters with these settings. One counter sends a void or a create every two seconds.
fn simulate(counters: u32, told: &Timing) -> (Account, Vec<Counter>, usize) {
    let mut account = Account::default();
    let mut random = fastrand::Rng::with_seed(u64::from(counters));
    let mut all: Vec<_> = (0..counters)
        .map(|number| {
            let (polls, first) = Polls::begin(told, FIRST_PAUSE);
            let begin = at(u64::from(number) * 137);

            Counter {
                polls,
                wakes_at: wake_time(&first, begin, 0.0),
                gaps: Vec::new(),
                last_answer: begin,
            }
        })
        .collect();
    let mut writes_refused = 0;
    for now in (0..600_000).step_by(10).map(at) {
        if now.since(Moment::default()).as_millis() % 2_000 == 1_990 {
            writes_refused += usize::from(account.call(now).is_err());
        }
        for counter in all.iter_mut().filter(|counter| counter.wakes_at <= now) {
            let id = RequestId::new("a").expect("an id");
            counter.polls.ask(&id, now).expect("no poll is in flight");
            let answered = now.plus(ANSWER_TIME);
            let next = match account.call(now) {
                Ok(()) => {
                    counter.gaps.push(now.since(counter.last_answer));
                    counter.last_answer = now;

                    counter.polls.answered()
                }
                Err(wait) => counter.polls.failed(&Failure::Throttled {
                    // Whole seconds, as in the header.
                    retry_after: Some(Duration::from_secs(wait.as_secs() + 1)),
                }),
            };
            counter.wakes_at = wake_time(&next, answered, random.f64());
        }
    }

    (account, all, writes_refused)
}

#[test]
fn f51_known_counters_are_never_refused() {
    for counters in (1..=25).chain([26, 49, 50, 76, 100]) {
        let (account, _, writes_refused) = simulate(counters, &timing(USUAL, counters));
        assert_eq!(account.refused, 0, "{counters} counters");
        assert_eq!(writes_refused, 0, "{counters} counters");
    }
}

#[test]
fn f51_more_counters_poll_less_often() {
    let seconds = |counters| {
        let interval = interval(&timing(USUAL, counters));

        (interval.as_secs_f64() * 10.0).round() / 10.0
    };
    assert_eq!((seconds(1), seconds(2)), (1.0, 1.0));
    assert_eq!((seconds(3), seconds(4)), (1.2, 1.6));
    assert_eq!((seconds(10), seconds(25), seconds(100)), (4.0, 10.0, 60.0));
}

#[test]
fn shortest_interval_follows_the_counters() {
    let shortest = |counters| shortest_poll_interval(counters).as_millis();
    assert_eq!((shortest(1), shortest(2), shortest(3)), (400, 800, 1_200));
    assert_eq!((shortest(7), shortest(26)), (2_857, 12_000));
}

#[test]
fn f51_poll_every_keeps_to_the_limit() {
    for (milliseconds, counters, polls) in [
        (500, 1, 1_200),
        (500, 2, 1_500),
        (800, 2, 1_500),
        (2_000, 3, 900),
        (10_000, 1, 60),
    ] {
        let told = timing(Duration::from_millis(milliseconds), counters);
        let (account, all, writes_refused) = simulate(counters, &told);
        let polled: usize = all.iter().map(|counter| counter.gaps.len()).sum();
        assert_eq!((account.refused, writes_refused), (0, 0), "{told:?}");
        assert!(polled.abs_diff(polls) <= 3, "{polled} polls: {told:?}");
    }
}

#[test]
fn f51_unknown_counters_stay_below_limit() {
    let (account, all, _) = simulate(4, &timing(USUAL, 1));
    let asked = account.calls.len();
    assert!(asked <= CALLS_A_MINUTE as usize);
    // Only a small share of the about 2000 polls in ten minutes is refused.
    assert!(account.refused < 100, "{}", account.refused);
    // The first minute's calls are used up after 50 s. The wait that follows is the only long one.
    for counter in &all {
        let long = |gap: &&Duration| **gap > Duration::from_secs(12);
        assert_eq!(
            counter.gaps.iter().filter(long).count(),
            1,
            "{:?}",
            counter.gaps
        );
        let longest = counter.gaps.iter().max().expect("answers");
        assert!(*longest < Duration::from_secs(20), "{longest:?}");
    }
}

#[test]
fn f12_f14_full_interval_after_a_pause() {
    let id = RequestId::new("a").expect("an id");
    let lost = Failure::Ambiguous(Text::clean("no answer in time"));
    for (failure, interval) in [
        (Failure::Throttled { retry_after: None }, 1_500),
        (lost, 1_000),
    ] {
        let (mut polls, _) = Polls::begin(&timing(USUAL, 1), FIRST_PAUSE);
        polls.ask(&id, at(500));
        polls.failed(&failure);
        polls.ask(&id, at(2_300));
        let next = wake_time(&polls.answered(), at(2_350), 0.0);
        assert_eq!(next, at(2_300 + interval), "after {failure}");
    }
}

#[test]
fn f51_slowed_counter_recovers() {
    let (mut polls, _) = Polls::begin(&timing(USUAL, 1), FIRST_PAUSE);
    let id = RequestId::new("a").expect("an id");
    let mut now = at(500);
    polls.ask(&id, now);
    polls.failed(&Failure::Throttled { retry_after: None });
    assert!(polls.interval > USUAL);
    let slowed = now;
    while polls.interval > USUAL {
        now = now.plus(polls.interval);
        polls.ask(&id, now);
        polls.answered();
    }
    let took = now.since(slowed);
    assert!(took > Duration::from_secs(60), "{took:?}");
    assert!(took < Duration::from_secs(180), "{took:?}");
}
