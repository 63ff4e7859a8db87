//! The pauses of a sale that the platform throttles.

use std::time::Duration;

use super::till::*;
use crate::domain::payment::{Failure, Status};
use crate::sale::{Ask, Command, Delay, Ending, Fact, Mark, Sale, State, Timer, Timing};

#[test]
fn f12_throttled_poll_waits_as_asked() {
    let mut till = Till::presenting();
    for _ in 0..5 {
        till.wake(Timer::Poll);
        till.jobs.clear();
        till.polled(Err(throttled(4)));
        let Some(Delay::Between(least, most)) = till.wakes_for(Timer::Poll) else {
            panic!("no wait");
        };
        assert_eq!(least, Duration::from_secs(4));
        // The pause leaves time for more urgent calls of other counters.
        assert!(most > least);
    }
    assert!(till.told.is_empty());
    assert!(matches!(till.sale.state(), State::Presenting(_)));
}

#[test]
fn f12_throttled_poll_waits_two_seconds() {
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
fn f12_f36_throttled_void_goes_on() {
    let mut till = Till::voiding();
    for _ in 0..8 {
        assert!(till.take_jobs().iter().any(is_void));
        till.happen(Fact::Voided(Err(throttled(7))));
        let wait = Delay::For(Duration::from_secs(7));
        assert_eq!(till.wakes_for(Timer::Revoid), Some(wait));
        till.jobs.clear();
        till.wake(Timer::Revoid);
    }
}

#[test]
fn f12_endless_throttling_ends_unknown() {
    let mut till = Till::voiding();
    let mut tries = 0;
    while !matches!(till.sale.state(), State::Ended(_)) {
        tries += 1;
        assert!(tries < 100, "the sale never ends");
        let jobs = till.take_jobs();
        if jobs.iter().any(is_void) {
            till.happen(Fact::Voided(Err(throttled(1))));
        } else if jobs.iter().any(is_read) {
            till.read(Ask::Verdict, Err(throttled(1)));
        } else {
            till.wake(Timer::Revoid);
        }
    }
    assert_eq!(till.ending().exit_code(), 30);
}

/// Returns a sale whose voids were answered like this. Then the request is paid, and no refund is listed.
fn paid_after(answers: &[Failure]) -> Till {
    let mut till = Till::voiding();
    for answer in answers {
        assert!(till.take_jobs().iter().any(is_void));
        till.happen(Fact::Voided(Err(answer.clone())));
        till.wake(Timer::Revoid);
    }
    till.read(Ask::Verdict, Ok(request(Status::Paid)));
    till.listed(&[]);

    till
}

#[test]
fn f12_f34_throttled_voids_keep_payment() {
    let till = paid_after(&vec![throttled(1); 10]);
    assert!(matches!(till.ending(), Ending::Paid { kept: true, .. }));
}

#[test]
fn f36_unsent_voids_keep_payment() {
    let till = paid_after(&[unsent(), unsent(), unsent()]);
    assert!(matches!(till.ending(), Ending::Paid { kept: true, .. }));
}

#[test]
fn f36_f42_unsent_voids_are_journaled() {
    let mut till = Till::voiding();
    for _ in 0..3 {
        assert!(!till.records(Mark::Progress));
        till.happen(Fact::Voided(Err(unsent())));
        till.wake(Timer::Revoid);
    }
    assert!(till.records(Mark::Progress));
}

#[test]
fn f12_f36_one_lost_void_is_unknown() {
    let mut among_throttled = vec![throttled(1); 11];
    among_throttled[1] = lost();
    for answers in [&[lost(), unsent(), unsent()][..], &among_throttled] {
        let till = paid_after(answers);
        assert_eq!(till.ending().name(), "unknown", "{answers:?}");
    }
}

#[test]
fn f12_throttled_recheck_waits_as_asked() {
    let mut till = Till::unknown();
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
fn f12_no_poll_while_void_waits() {
    let mut till = Till::presenting();
    till.wake(Timer::Poll);
    till.polled(Ok(request(Status::New)));
    till.ask(Command::Cancel);
    till.jobs.clear();
    till.wake(Timer::Poll);
    assert!(!till.asked_for(is_poll));
}

#[test]
fn f29_f51_last_ten_seconds_have_a_poll() {
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
        till.show_code();
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
