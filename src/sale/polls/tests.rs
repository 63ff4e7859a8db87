//! Counters that share an account, in simulated time: each polls by its own [`Polls`], the platform
//! counts the calls of the last minute.

mod properties;

use std::collections::VecDeque;

use super::*;
use crate::payment::Text;

const ANSWER_TIME: Duration = Duration::from_millis(50);

/// The platform's limit: so many calls in any 60 seconds.
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

/// A counter whose code stands, and when its poll timer runs out.
struct Counter {
    polls: Polls,
    wakes_at: Moment,
    gaps: Vec<Duration>,
    last_answer: Moment,
}

fn at(milliseconds: u64) -> Moment {
    Moment::after_start(Duration::from_millis(milliseconds))
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

/// Lets so many counters stand for ten minutes; each is told, or not, how many they are. A void or a
/// create of one of them is sent every two seconds.
fn stand(counters: u32, told: u32) -> (Account, Vec<Counter>, usize) {
    let mut account = Account::default();
    let mut random = fastrand::Rng::with_seed(u64::from(counters));
    let mut standing: Vec<_> = (0..counters)
        .map(|number| {
            let (polls, first) = Polls::begin(told);
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
        for counter in standing
            .iter_mut()
            .filter(|counter| counter.wakes_at <= now)
        {
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

    (account, standing, writes_refused)
}

#[test]
fn f51_counters_that_know_of_each_other_are_never_refused_and_keep_a_reserve_for_voids() {
    for counters in (1..=25).chain([26, 49, 50, 76, 100]) {
        let (account, _, writes_refused) = stand(counters, counters);
        assert_eq!(account.refused, 0, "{counters} counters");
        assert_eq!(writes_refused, 0, "{counters} counters");
    }
}

#[test]
fn f51_one_or_two_counters_ask_every_second_and_more_of_them_less_often() {
    let seconds = |counters| (interval(counters).as_secs_f64() * 10.0).round() / 10.0;
    assert_eq!((seconds(1), seconds(2)), (1.0, 1.0));
    assert_eq!((seconds(3), seconds(4)), (1.2, 1.6));
    assert_eq!((seconds(10), seconds(25), seconds(100)), (4.0, 10.0, 60.0));
}

#[test]
fn f51_counters_that_do_not_know_of_each_other_settle_below_the_limit_by_themselves() {
    let (account, standing, _) = stand(4, 1);
    let asked = account.calls.len();
    assert!(asked <= CALLS_A_MINUTE as usize);
    // Of some 2000 polls in ten minutes few are refused.
    assert!(account.refused < 100, "{}", account.refused);
    // The first minute's calls are used up after 50 s; what the platform then asks for is the only
    // wait of many seconds.
    for counter in &standing {
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
fn f12_f14_no_poll_follows_close_on_the_one_that_ends_a_pause() {
    let id = RequestId::new("a").expect("an id");
    let lost = Failure::Ambiguous(Text::clean("no answer in time"));
    for (failure, interval) in [
        (Failure::Throttled { retry_after: None }, 1_500),
        (lost, 1_000),
    ] {
        let (mut polls, _) = Polls::begin(1);
        polls.ask(&id, at(500));
        polls.failed(&failure);
        polls.ask(&id, at(2_300));
        let next = wake_time(&polls.answered(), at(2_350), 0.0);
        assert_eq!(next, at(2_300 + interval), "after {failure}");
    }
}

#[test]
fn f51_a_counter_that_was_slowed_down_is_back_at_its_pace_after_three_minutes() {
    let (mut polls, _) = Polls::begin(1);
    let id = RequestId::new("a").expect("an id");
    let mut now = at(500);
    polls.ask(&id, now);
    polls.failed(&Failure::Throttled { retry_after: None });
    assert!(polls.interval > INTERVAL);
    let slowed = now;
    while polls.interval > INTERVAL {
        now = now.plus(polls.interval);
        polls.ask(&id, now);
        polls.answered();
    }
    let took = now.since(slowed);
    assert!(took > Duration::from_secs(60), "{took:?}");
    assert!(took < Duration::from_secs(180), "{took:?}");
}
