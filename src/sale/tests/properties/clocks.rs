//! Wrong clocks, and a machine that sleeps.

use std::time::Duration;

use proptest::prelude::*;

use super::super::till::*;
use super::generators::*;
use super::simulation::{Reply, Simulation, Step, is_call};
use crate::domain::payment::{PaymentRequest, Status, Text};
use crate::properties::generated::{share, tries};
use crate::sale::{Announcement, Ask, Delay, Fact, Job, Moment, State, Timer, Wakeup};

/// The dates of a platform with a wrong clock.
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
    /// Returns the answer with these dates. Its validity stays the same, since it is the difference between two
    /// dates of the platform.
    fn put_on(&self, request: PaymentRequest) -> PaymentRequest {
        PaymentRequest {
            expires_at: Some(Text::clean(&self.expires_at)),
            age: self.age,
            time_left: self.time_left,
            updated_at: request.updated_at.map(|time| time + self.ahead),
            ..request
        }
    }

    fn put_on_all(&self, steps: &[Step]) -> Vec<Step> {
        let dated = |step: &Step| {
            let mut step = step.clone();
            step.reply.answer = step.reply.answer.map(|answer| self.put_on(answer));

            step
        };

        steps.iter().map(dated).collect()
    }
}

/// Returns the jobs, announcements and ending of a sale. The date that the sale only passes on is left out.
fn traced(steps: &[Step]) -> (Vec<Job>, Vec<Announcement>, &'static str) {
    let mut simulation = Simulation::started(order());
    for step in steps {
        simulation.take(step, |_| true);
    }
    for told in &mut simulation.told {
        if let Announcement::Created { expires_at, .. } = told {
            *expires_at = None;
        }
    }
    let ending = simulation.ending().unwrap_or_default();

    (simulation.asked_for, simulation.told, ending)
}

/// Returns a sale after these steps. Only polls end, so the code stays on the screen.
fn polled_only(steps: &[Step]) -> Simulation {
    let mut simulation = Simulation::presenting();
    for step in steps {
        simulation.take(step, |job| {
            matches!(
                job,
                Job::Wake {
                    timer: Timer::Poll,
                    ..
                }
            ) || is_poll(job)
        });
    }

    simulation
}

fn open() -> impl Strategy<Value = PaymentRequest> {
    Just(request(Status::New))
}

/// Fires this timer as after a sleep of the machine, and returns the new jobs.
fn sleeps(simulation: &mut Simulation, timer: Timer) -> Vec<Job> {
    simulation.happen(Fact::Woke(
        timer,
        Wakeup {
            at: Moment::after_start(Duration::from_secs(1_000)),
            slept: true,
        },
    ))
}

proptest! {
    #![proptest_config(tries())]

    #[test]
    fn f27_platform_dates_change_nothing(
        steps in any_steps(25, any_answer()),
        dates in any_dates()
    ) {
        prop_assert_eq!(traced(&steps), traced(&dates.put_on_all(&steps)));
    }

    #[test]
    fn f27_countdown_is_validity_from_sending(
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
            answer: Ok(dates.put_on(request_with(Status::New, |request| {
                request.validity = Some(validity);
            }))),
        });
        till.make_code_ready();
        prop_assert_eq!(
            till.wakes_for(Timer::Deadline),
            Some(Delay::Until(sent_at.plus(validity)))
        );
    }

    #[test]
    fn f28_sleep_hides_code_and_polls(
        steps in any_steps(20, open()),
        timer in proptest::sample::select(vec![Timer::Poll, Timer::Deadline, Timer::Denied])
    ) {
        let mut simulation = polled_only(&steps);
        prop_assert!(simulation.shows_a_code());
        let asked_for = sleeps(&mut simulation, timer);
        prop_assert!(!simulation.shows_a_code());
        prop_assert!(!asked_for.iter().any(is_call));
        let at_once = |job: &Job| matches!(
            job,
            Job::Wake { timer: Timer::Poll, delay: Delay::For(Duration::ZERO) }
        );
        prop_assert!(asked_for.iter().any(at_once), "{asked_for:?}");
        let woken = simulation.position(at_once).unwrap();
        let asked_for = simulation.done(woken, &Reply::good(Status::New));
        prop_assert!(
            matches!(asked_for.as_slice(), [Job::Read { id, ask: Ask::Poll }] if id.as_str() == ID),
            "{asked_for:?}"
        );
    }

    #[test]
    fn f28_answers_before_sleep_are_dropped(
        steps in any_steps(20, open()),
        leftovers in any_steps(20, any_answer())
    ) {
        let mut simulation = polled_only(&steps);
        let before = simulation.sale.round();
        sleeps(&mut simulation, Timer::Poll);
        let state = simulation.sale.state().clone();
        simulation.in_flight.retain(|(round, _)| *round == before);
        for step in &leftovers {
            let asked_for = simulation.take(step, |_| true);
            prop_assert!(asked_for.is_empty(), "{asked_for:?}");
            prop_assert_eq!(simulation.sale.state(), &state);
        }
    }

    #[test]
    fn f28_only_payable_code_returns(
        answer in any_answer(),
        left in 0..120_u64
    ) {
        let mut simulation = Simulation::presenting();
        sleeps(&mut simulation, Timer::Poll);
        let answer = PaymentRequest {
            time_left: Some(Duration::from_secs(left)),
            ..answer
        };
        let payable = matches!(answer.status, Status::New | Status::Unknown(_))
            && answer.conditions.is_empty()
            && !answer.has_money(order().amount)
            && left >= 10;
        simulation.happen(Fact::Read(Ask::Poll, Moment::after_start(Duration::from_secs(1_001)), Ok(answer)));
        prop_assert_eq!(matches!(simulation.sale.state(), State::Creating(_)), payable);
        prop_assert!(!simulation.shows_a_code());
    }
}

#[test]
fn f27_many_cases_reach_an_ending() {
    let ended = share(any_steps(25, any_answer()), |steps| {
        !traced(&steps).2.is_empty()
    });
    assert!((0.2..1.0).contains(&ended), "{ended}");
}
