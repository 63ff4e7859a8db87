//! How often the platform is asked when it asks for patience.

use std::time::Duration;

use super::till::*;
use crate::payment::{Failure, Status};
use crate::sale::{Ask, Command, Delay, Ending, Fact, Job, Mark, Sale, State, Timer, Timing};

fn throttled(seconds: u64) -> Failure {
    Failure::Throttled {
        retry_after: Some(Duration::from_secs(seconds)),
    }
}

#[test]
fn f12_a_throttled_poll_waits_as_long_as_it_was_asked_to_and_alarms_nobody() {
    let mut till = Till::presenting();
    for _ in 0..5 {
        till.wake(Timer::Poll);
        till.jobs.clear();
        till.polled(Err(throttled(4)));
        let Some(Delay::Between(least, most)) = till.wakes_for(Timer::Poll) else {
            panic!("no wait");
        };
        assert_eq!(least, Duration::from_secs(4));
        // Behind whoever was told the same and has something more urgent to say.
        assert!(most > least);
    }
    assert!(till.told.is_empty());
    assert!(matches!(till.sale.state(), State::Presenting(_)));
}

#[test]
fn f12_a_platform_that_does_not_say_how_long_is_given_two_seconds() {
    let mut till = Till::presenting();
    till.wake(Timer::Poll);
    till.jobs.clear();
    till.polled(Err(Failure::Throttled { retry_after: None }));
    assert!(matches!(
        till.wakes_for(Timer::Poll),
        Some(Delay::Between(least, _)) if least == Duration::from_secs(2)
    ));
}

#[test]
fn f12_f36_a_throttled_void_goes_out_the_moment_it_may_and_is_not_given_up_after_three_tries() {
    let mut till = Till::voiding();
    for _ in 0..8 {
        assert!(till.take_jobs().iter().any(is_void));
        till.happen(Fact::Voided(Err(throttled(7))));
        assert_eq!(
            till.wakes_for(Timer::Revoid),
            Some(Delay::For(Duration::from_secs(7)))
        );
        till.jobs.clear();
        till.wake(Timer::Revoid);
    }
}

#[test]
fn f12_a_platform_that_throttles_without_end_does_not_keep_the_counter_without_end() {
    let mut till = Till::voiding();
    let mut tries = 0;
    while !matches!(till.sale.state(), State::Ended(_)) {
        tries += 1;
        assert!(tries < 100, "it goes on and on");
        let jobs = till.take_jobs();
        if jobs.iter().any(is_void) {
            till.happen(Fact::Voided(Err(throttled(1))));
        } else if jobs.iter().any(|job| matches!(job, Job::Read { .. })) {
            till.read(Ask::Verdict, Err(throttled(1)));
        } else {
            till.wake(Timer::Revoid);
        }
    }
    assert_eq!(till.ending().exit_code(), 30);
}

/// A void that was answered so each time, and the request turns out paid, with no refund listed.
fn paid_after(answers: impl Iterator<Item = Failure>) -> Till {
    let mut till = Till::voiding();
    for answer in answers {
        assert!(till.take_jobs().iter().any(is_void));
        till.happen(Fact::Voided(Err(answer)));
        till.wake(Timer::Revoid);
    }
    till.read(Ask::Verdict, Ok(request(Status::Paid)));
    till.happen(Fact::Activities(Ok(Vec::new())));

    till
}

#[test]
fn f12_f34_a_payment_stands_where_the_platform_had_no_time_for_any_void() {
    let till = paid_after((0..10).map(|_| throttled(1)));
    assert!(matches!(till.ending(), Ending::Paid { kept: true, .. }));
}

/// The shop's network was gone when the code was cancelled, and is back.
#[test]
fn f36_a_payment_stands_where_no_void_has_left_this_machine() {
    let till = paid_after((0..3).map(|_| unsent()));
    assert!(matches!(till.ending(), Ending::Paid { kept: true, .. }));
}

#[test]
fn f36_f42_that_no_void_has_left_this_machine_is_journaled_for_the_launch_after_this_one() {
    let mut till = Till::voiding();
    for _ in 0..3 {
        assert!(!till.asked_for(|job| is_record(job, Mark::Progress)));
        till.happen(Fact::Voided(Err(unsent())));
        till.wake(Timer::Revoid);
    }
    assert!(till.asked_for(|job| is_record(job, Mark::Progress)));
}

#[test]
fn f36_a_payment_is_unknown_where_one_void_was_lost_before_the_network_was_gone() {
    let till = paid_after([lost(), unsent(), unsent()].into_iter());
    assert_eq!(till.ending().name(), "unknown");
}

#[test]
fn f12_f36_a_payment_is_unknown_where_one_void_was_lost_among_those_that_found_no_time() {
    let answers = [throttled(1), lost()];
    let till = paid_after(answers.into_iter().chain((0..9).map(|_| throttled(1))));
    assert_eq!(till.ending().name(), "unknown");
}

#[test]
fn f12_an_unknown_outcome_is_not_asked_about_before_the_platform_has_time() {
    let mut till = Till::presenting();
    till.ask(Command::Cancel);
    till.void_and_reads_are_lost();
    for (asked_for, least) in [(30, 30), (1, 5)] {
        till.jobs.clear();
        till.wake(Timer::Recheck);
        till.read(Ask::Again, Err(throttled(asked_for)));
        let least = Duration::from_secs(least);
        let most = least + Duration::from_secs(5);
        let wait = till.wakes_for(Timer::Recheck);
        assert_eq!(wait, Some(Delay::Between(least, most)));
    }
}

#[test]
fn f12_no_poll_is_sent_while_a_void_waits() {
    let mut till = Till::presenting();
    till.wake(Timer::Poll);
    till.polled(Ok(request(Status::New)));
    till.ask(Command::Cancel);
    till.jobs.clear();
    till.wake(Timer::Poll);
    assert!(!till.asked_for(is_poll));
}

#[test]
fn f29_f51_however_many_counters_there_are_the_last_ten_seconds_have_a_poll() {
    for (counters, asks_once_more) in [(1, false), (21, false), (25, true), (100, true)] {
        let mut till = Till::new();
        till.sale = Sale::new(
            Till::rules(),
            Timing {
                counters,
                ..Till::timing()
            },
        );
        till.start();
        till.recorded(Mark::Intent);
        till.created(Ok(request(Status::New)));
        till.recorded(Mark::Created);
        till.encoded();
        till.recorded(Mark::Shown);
        till.happen(Fact::Shown);
        till.jobs.clear();
        till.wake(Timer::Deadline);
        let once_more = Delay::For(Duration::from_secs(5));
        let asked = till.wakes_for(Timer::Poll) == Some(once_more);
        assert_eq!(asked, asks_once_more, "{counters}");
        till.jobs.clear();
        till.wake(Timer::Poll);
        assert!(till.asked_for(is_poll));
    }
}
