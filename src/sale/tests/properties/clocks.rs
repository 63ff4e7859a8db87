//! Clocks that are wrong, and a machine that sleeps.

use std::time::Duration;

use proptest::prelude::*;

use super::super::till::*;
use super::made_up::*;
use super::walk::{Reply, Step, Walk, is_call};
use crate::payment::{PaymentRequest, Status, Text};
use crate::promises::made_up::{share, tries};
use crate::sale::{Announcement, Ask, Delay, Fact, Job, Mark, Moment, State, Timer};

/// What a platform with another clock says in the place of the right dates.
#[derive(Debug, Clone)]
struct Dates {
    expires_at: String,
    age: Option<Duration>,
    time_left: Option<Duration>,
    ahead: i64,
}

fn any_dates() -> impl Strategy<Value = Dates> {
    let span = || proptest::option::of((0..10_000_000_u64).prop_map(Duration::from_secs));

    ("\\PC{0,30}", span(), span(), -1_000_000_i64..1_000_000).prop_map(
        |(expires_at, age, time_left, ahead)| Dates {
            expires_at,
            age,
            time_left,
            ahead,
        },
    )
}

impl Dates {
    /// The same answer, dated otherwise. How long it is valid is a difference of two of the
    /// platform's own dates, and stays.
    fn put_on(&self, request: PaymentRequest) -> PaymentRequest {
        PaymentRequest {
            expires_at: Some(Text::clean(&self.expires_at)),
            age: self.age,
            time_left: self.time_left,
            updated_at: request.updated_at.map(|time| time + self.ahead),
            ..request
        }
    }

    fn put_on_all(&self, course: &[Step]) -> Vec<Step> {
        let dated = |step: &Step| {
            let mut step = step.clone();
            step.reply.answer = step.reply.answer.map(|answer| self.put_on(answer));

            step
        };

        course.iter().map(dated).collect()
    }
}

/// Everything that a sale asks for and tells on its way, without the date that it passes on.
fn traced(course: &[Step]) -> (Vec<Job>, Vec<Announcement>, &'static str) {
    let mut walk = Walk::started(order());
    for step in course {
        walk.take(step, |_| true);
    }
    for told in &mut walk.told {
        if let Announcement::Created { expires_at, .. } = told {
            *expires_at = None;
        }
    }
    let ending = walk.ending().unwrap_or_default();

    (walk.asked_for, walk.told, ending)
}

/// A course that leaves the code on the screen: no verdict comes, and its time is not over.
fn while_the_code_stands(course: &[Step]) -> Walk {
    let mut walk = Walk::presenting();
    for step in course {
        walk.take(step, |job| {
            matches!(
                job,
                Job::Wake {
                    timer: Timer::Poll,
                    ..
                }
            ) || is_poll(job)
        });
    }

    walk
}

fn open() -> impl Strategy<Value = PaymentRequest> {
    Just(request(Status::New))
}

/// The machine was asleep when this timer was to run out.
fn sleeps(walk: &mut Walk, timer: Timer) -> Vec<Job> {
    walk.happen(Fact::Woke {
        timer,
        at: Moment::after_start(Duration::from_secs(1_000)),
        slept: true,
    })
}

proptest! {
    #![proptest_config(tries())]

    #[test]
    fn f27_whatever_dates_the_platform_gives_the_same_is_done_and_told(
        course in any_course(25, any_answer()),
        dates in any_dates()
    ) {
        prop_assert_eq!(traced(&course), traced(&dates.put_on_all(&course)));
    }

    #[test]
    fn f27_the_countdown_is_the_platforms_own_span_from_the_moment_of_sending(
        seconds in 10..100_000_u64,
        sent in 0..100_000_u64,
        dates in any_dates()
    ) {
        let sent_at = Moment::after_start(Duration::from_secs(sent));
        let validity = Duration::from_secs(seconds);
        let mut till = Till::asking();
        till.happen(Fact::Created {
            sent_at,
            at: sent_at,
            answer: Ok(dates.put_on(PaymentRequest {
                validity: Some(validity),
                ..request(Status::New)
            })),
        });
        till.recorded(Mark::Created);
        till.encoded();
        till.recorded(Mark::Shown);
        prop_assert_eq!(
            till.wakes_for(Timer::Deadline),
            Some(Delay::Until(sent_at.plus(validity)))
        );
    }

    #[test]
    fn f28_whenever_it_slept_no_code_stands_and_the_next_call_is_a_read(
        course in any_course(20, open()),
        timer in proptest::sample::select(vec![Timer::Poll, Timer::Deadline, Timer::Denied])
    ) {
        let mut walk = while_the_code_stands(&course);
        prop_assert!(walk.shows_a_code());
        let asked_for = sleeps(&mut walk, timer);
        prop_assert!(!walk.shows_a_code());
        prop_assert!(!asked_for.iter().any(is_call));
        let at_once = |job: &Job| matches!(
            job,
            Job::Wake { timer: Timer::Poll, delay: Delay::For(Duration::ZERO) }
        );
        prop_assert!(asked_for.iter().any(at_once), "{asked_for:?}");
        let woken = walk.position(at_once).unwrap();
        let asked_for = walk.done(woken, &Reply::good(Status::New));
        prop_assert!(
            matches!(asked_for.as_slice(), [Job::Read { id, ask: Ask::Poll }] if id.as_str() == ID),
            "{asked_for:?}"
        );
    }

    #[test]
    fn f28_nothing_that_was_asked_for_before_the_sleep_is_believed_after_it(
        course in any_course(20, open()),
        leftovers in any_course(20, any_answer())
    ) {
        let mut walk = while_the_code_stands(&course);
        let before = walk.sale.round();
        sleeps(&mut walk, Timer::Poll);
        let state = walk.sale.state().clone();
        walk.under_way.retain(|(round, _)| *round == before);
        for step in &leftovers {
            let asked_for = walk.take(step, |_| true);
            prop_assert!(asked_for.is_empty(), "{asked_for:?}");
            prop_assert_eq!(walk.sale.state(), &state);
        }
    }

    #[test]
    fn f28_the_code_comes_back_only_by_the_platforms_word_that_it_can_be_paid_for_long_enough(
        answer in any_answer(),
        left in 0..120_u64
    ) {
        let mut walk = Walk::presenting();
        sleeps(&mut walk, Timer::Poll);
        let answer = PaymentRequest {
            time_left: Some(Duration::from_secs(left)),
            ..answer
        };
        let payable = matches!(answer.status, Status::New | Status::Unknown(_))
            && answer.conditions.is_empty()
            && !answer.has_money(order().amount)
            && left >= 10;
        walk.happen(Fact::Read {
            ask: Ask::Poll,
            at: Moment::after_start(Duration::from_secs(1_001)),
            answer: Ok(answer),
        });
        prop_assert_eq!(matches!(walk.sale.state(), State::Creating(_)), payable);
        prop_assert!(!walk.shows_a_code());
    }
}

#[test]
fn f27_of_the_courses_that_are_tried_many_come_to_an_ending() {
    let ended = share(any_course(25, any_answer()), |course| {
        !traced(&course).2.is_empty()
    });
    assert!((0.2..1.0).contains(&ended), "{ended}");
}
