//! A code on the screen: polls, their answers, and the deadline.

use std::time::Duration;

use super::till::*;
use crate::domain::payment::{
    ActivityKind, CancellationReason, PaidBy, PaymentRequest, Status, Text,
};
use crate::sale::{
    Announcement, Ask, Command, Delay, Ending, Fact, Job, Link, Mark, Moment, Progress, Reason,
    State, Timer,
};

const TEN_SECONDS: Delay = Delay::For(Duration::from_secs(10));

fn refused_poll(till: &mut Till) {
    till.polled(Err(refused(403, "X")));
}

/// Answers the next poll with a request that has this condition.
fn asked(till: &mut Till, message: &str) {
    till.wake(Timer::Poll);
    till.polled(Ok(request_with(Status::New, |request| {
        request.conditions = vec![condition(message)];
    })));
}

/// Returns an open request that was changed at this time and has this condition.
fn dated(updated_at: i64, message: &str) -> PaymentRequest {
    request_with(Status::New, |request| {
        request.updated_at = Some(updated_at);
        request.conditions = vec![condition(message)];
    })
}

#[test]
fn paid_closes_after_configured_time() {
    let mut till = Till::after_poll(request(Status::Paid));
    assert!(matches!(till.ending(), Ending::Paid { kept: false, .. }));
    assert!(till.records(Mark::Verdict));
    let configured = Delay::For(Duration::from_secs(8));
    assert_eq!(till.wakes_for(Timer::LeaveEnding), Some(configured));
    till.wake(Timer::LeaveEnding);
    assert_eq!(till.exits, [0]);
}

#[test]
fn one_poll_at_a_time_from_half_a_second() {
    let mut till = Till::ready();
    let half_a_second = Delay::For(Duration::from_millis(500));
    assert_eq!(till.wakes_for(Timer::Poll), Some(half_a_second));
    till.jobs.clear();
    till.wake(Timer::Poll);
    till.wake(Timer::Poll);
    let polls = till.take_jobs().iter().filter(|job| is_poll(job)).count();
    assert_eq!(polls, 1);
    till.polled(Ok(request(Status::New)));
    assert!(till.wakes_for(Timer::Poll).is_some());
}

#[test]
fn slow_answers_keep_poll_schedule() {
    let on_time = [(0.6, 1.6), (1.604, 2.6), (2.607, 3.6), (9.0, 10.0)];
    let late = [(0.0, 1.0), (2.0, 3.0)];
    let second = |seconds: f64| Moment::after_start(Duration::from_secs_f64(seconds));
    for polls in [&on_time[..], &late] {
        let mut till = Till::presenting();
        for &(woken, due) in polls {
            till.wake_at(Timer::Poll, second(woken));
            till.jobs.clear();
            till.polled(Ok(request(Status::New)));
            let next = Delay::Until(second(due));
            assert_eq!(till.wakes_for(Timer::Poll), Some(next), "after {woken}");
        }
    }
}

#[test]
fn f10_three_lost_polls_report_link_lost() {
    let mut till = Till::presenting();
    for _ in 0..5 {
        till.wake(Timer::Poll);
        till.polled(Err(lost()));
    }
    let lost = Announcement::Link { state: Link::Lost };
    assert_eq!(till.told.as_slice(), std::slice::from_ref(&lost));
    assert!(matches!(till.sale.state(), State::Presenting(_)));
    till.wake(Timer::Poll);
    till.polled(Ok(request(Status::New)));
    assert_eq!(till.told, [lost, Announcement::Link { state: Link::Up }]);
}

#[test]
fn f11_no_answer_at_deadline_ends_unknown() {
    let mut till = Till::presenting();
    till.wake(Timer::Deadline);
    assert!(matches!(till.sale.state(), State::Waiting(_)));
    assert_eq!(till.progress(), [&Progress::Overdue]);
    assert_eq!(till.wakes_for(Timer::Settled), Some(TEN_SECONDS));
    till.wake(Timer::Settled);
    till.void_and_reads_are_lost();
    assert_eq!(till.ending().exit_code(), 30);
    assert_eq!(till.ending().name(), "unknown");
}

#[test]
fn f13_refused_polls_are_no_verdict() {
    for status in [401, 403, 404] {
        let mut till = Till::presenting();
        till.polled(Err(refused(status, "X")));
        assert!(matches!(till.sale.state(), State::Presenting(_)));
        assert_eq!(till.wakes_for(Timer::Denied), Some(TEN_SECONDS));
        till.wake_at(Timer::Denied, second(10));
        assert!(matches!(till.sale.state(), State::Voiding(_)));
    }
}

#[test]
fn f13_new_refusal_restarts_time() {
    let poll = |at, answer| Fact::Read(Ask::Poll, second(at), answer);
    let mut till = Till::presenting();
    till.happen(poll(1, Err(refused(403, "X"))));
    till.happen(poll(2, Ok(request(Status::New))));
    till.happen(poll(10, Err(refused(403, "X"))));
    till.wake_at(Timer::Denied, second(11));
    assert!(matches!(till.sale.state(), State::Presenting(_)));
    till.wake_at(Timer::Denied, second(20));
    assert!(matches!(till.sale.state(), State::Voiding(_)));
}

#[test]
fn f13_passed_refusal_keeps_code() {
    let mut till = Till::presenting();
    refused_poll(&mut till);
    till.polled(Ok(request(Status::New)));
    till.wake_at(Timer::Denied, second(10));
    assert!(matches!(till.sale.state(), State::Presenting(_)));
}

#[test]
fn f13_repeated_refusals_share_one_timer() {
    let is_denied = |job: &&Job| {
        matches!(
            job,
            Job::Wake {
                timer: Timer::Denied,
                ..
            }
        )
    };
    let mut till = Till::presenting();
    for _ in 0..2 {
        till.wake(Timer::Poll);
        refused_poll(&mut till);
        assert_eq!(till.jobs.iter().filter(is_denied).count(), 1);
    }
    let mut till = Till::presenting();
    till.wake(Timer::Poll);
    till.polled(Err(lost()));
    assert_eq!(till.wakes_for(Timer::Denied), None);
}

#[test]
fn f14_pause_after_errors_is_random() {
    let mut till = Till::presenting();
    for longest in [2, 4, 5, 5] {
        till.jobs.clear();
        till.polled(Err(lost()));
        let pause = Delay::UpTo(Duration::from_secs(longest));
        assert_eq!(till.wakes_for(Timer::Poll), Some(pause));
    }
}

#[test]
fn f20_unknown_status_is_no_verdict() {
    let till = Till::after_poll(request(Status::Unknown(Text::clean("pondering"))));
    assert!(matches!(till.sale.state(), State::Presenting(_)));
}

#[test]
fn f21_third_foreign_answer_voids() {
    let mut till = Till::presenting();
    for _ in 0..2 {
        till.polled(Ok(of_other_request(Status::Paid)));
        assert!(matches!(till.sale.state(), State::Presenting(_)));
    }
    till.polled(Ok(of_other_request(Status::Paid)));
    assert_eq!(voided_ids(&till.jobs), [ID]);
}

#[test]
fn f22_payment_of_other_amount_voids() {
    let till = Till::after_poll(of_value(Status::Paid, 1));
    assert_eq!(voided_ids(&till.jobs), [ID]);
    assert!(matches!(till.sale.state(), State::Voiding(_)));
}

#[test]
fn f23_old_open_answer_is_dropped() {
    let at =
        |updated_at, status| request_with(status, |request| request.updated_at = Some(updated_at));
    let mut till = Till::asking();
    till.created(Ok(at(15, Status::New)));
    till.make_code_ready();
    let mut old = at(10, Status::New);
    old.conditions = vec![condition("Is the customer over 18?")];
    till.polled(Ok(old));
    till.polled(Ok(at(20, Status::New)));
    assert!(matches!(till.sale.state(), State::Presenting(_)));
    till.polled(Ok(at(30, Status::Paid)));
    assert!(matches!(till.ending(), Ending::Paid { .. }));
    till.polled(Ok(at(40, Status::New)));
    assert!(matches!(till.ending(), Ending::Paid { .. }));
}

#[test]
fn f23_answer_as_old_as_last_one_counts() {
    let mut till = Till::presenting();
    till.polled(Ok(dated(20, "Age?")));
    till.polled(Ok(dated(20, "Member?")));
    let question = till.waiting_state().question().expect("a question");
    assert_eq!(*question.condition(), condition("Member?"));
}

#[test]
fn f23_verdict_counts_whatever_its_age() {
    for (updated_at, status, ending) in [
        (10, Status::Paid, "paid"),
        (10, Status::Expired, "expired"),
        (10, Status::Cancelled, "cancelled"),
        (20, Status::Paid, "paid"),
    ] {
        let mut till = Till::presenting();
        for (updated_at, status) in [(20, Status::New), (updated_at, status)] {
            till.wake(Timer::Poll);
            till.polled(Ok(request_with(status, |request| {
                request.updated_at = Some(updated_at);
            })));
        }
        assert_eq!(till.ending().name(), ending);
    }
}

#[test]
fn f24_paid_with_remaining_is_part_paid() {
    let mut till = Till::after_poll(request_with(Status::Paid, |request| {
        request.remaining = Some(nzd(250));
    }));
    assert!(matches!(till.ending(), Ending::PartPaid { remaining, .. } if *remaining == nzd(250)));
    till.ask(Command::Close);
    assert_eq!(till.exits, [10]);

    let till = Till::after_poll(request_with(Status::Paid, |request| {
        request.remaining = Some(nzd(0));
    }));
    assert_eq!(till.ending().name(), "paid");
}

#[test]
fn f25_condition_is_shown_with_message() {
    let age = "Is the customer over 18?";
    let mut till = Till::presenting();
    asked(&mut till, age);
    let waiting = till.waiting_state();
    let Reason::Condition(question) = waiting.reason() else {
        panic!("{:?}", waiting.reason());
    };
    assert_eq!(*question.condition(), condition(age));
    till.polled(Ok(request(Status::Paid)));
    assert!(matches!(till.ending(), Ending::Paid { .. }));
}

#[test]
fn f25_changed_condition_is_announced() {
    let mut till = Till::presenting();
    for (message, times) in [("Age?", 1), ("Age?", 1), ("Member?", 2)] {
        asked(&mut till, message);
        let told = till.count_told(|told| matches!(told, Announcement::Waiting { .. }));
        assert_eq!(told, times, "{message}");
    }
}

#[test]
fn f26_every_cancel_reason_ends_cancelled() {
    for (_, reason) in CancellationReason::ALL {
        let till = Till::after_poll(cancelled_by(reason.clone()));
        let reason = Some(reason);
        assert_eq!(*till.ending(), Ending::Cancelled { reason });
        assert_eq!(till.ending().exit_code(), 21);
    }
}

#[test]
fn f27_countdown_starts_when_sent() {
    let mut till = Till::asking();
    till.happen(Fact::Created {
        sent_at: second(5),
        at: second(6),
        answer: Ok(request(Status::New)),
    });
    till.make_code_ready();
    let deadline = Delay::Until(second(125));
    assert_eq!(till.wakes_for(Timer::Deadline), Some(deadline));
}

#[test]
fn f28_code_returns_after_sleep_and_poll() {
    let mut till = Till::presenting();
    till.sleep();
    assert!(matches!(till.sale.state(), State::Waiting(_)));
    till.wake(Timer::Poll);
    assert!(till.asked_for(is_poll));
    till.polled(Ok(request(Status::New)));
    till.encoded();
    till.recorded(Mark::Shown);
    assert!(matches!(till.sale.state(), State::Presenting(_)));
    assert!(!till.asked_for(is_create));
}

#[test]
fn f29_payment_after_deadline_is_found() {
    let mut till = Till::presenting();
    till.wake(Timer::Deadline);
    till.wake(Timer::Poll);
    till.polled(Ok(request(Status::Paid)));
    assert!(matches!(till.ending(), Ending::Paid { .. }));
}

#[test]
fn f29_wait_ends_after_ten_seconds() {
    let mut till = Till::presenting();
    asked(&mut till, "Age?");
    till.jobs.clear();
    till.wake(Timer::Settled);
    assert!(till.jobs.is_empty(), "its time is not over yet");
    till.wake(Timer::Deadline);
    assert_eq!(till.wakes_for(Timer::Settled), Some(TEN_SECONDS));
    till.jobs.clear();
    till.wake(Timer::Deadline);
    assert!(till.jobs.is_empty(), "the ten seconds run once");
    till.wake(Timer::Settled);
    assert_eq!(voided_ids(&till.jobs), [ID]);
}

#[test]
fn wait_is_cancelled_by_cancel_and_close() {
    for cancel in [Command::Cancel, Command::Close] {
        let mut till = Till::presenting();
        till.wake(Timer::Deadline);
        till.jobs.clear();
        till.ask(Command::Retry);
        assert!(till.jobs.is_empty());
        assert!(matches!(till.sale.state(), State::Waiting(_)));
        till.ask(cancel);
        assert_eq!(voided_ids(&till.jobs), [ID]);
    }
}

#[test]
fn countdown_is_no_verdict() {
    let mut till = Till::presenting();
    till.wake(Timer::Deadline);
    till.wake(Timer::Deadline);
    assert!(matches!(till.sale.state(), State::Waiting(_)));
    till.polled(Ok(request(Status::Expired)));
    assert_eq!(*till.ending(), Ending::Expired);
}

#[test]
fn repeated_part_is_announced_once() {
    let mut till = Till::presenting();
    for _ in 0..2 {
        till.polled(Ok(request_with(Status::New, |request| {
            request.paid_by = vec![PaidBy {
                description: Text::clean("Voucher"),
                total: Some(nzd(250)),
                ..PaidBy::default()
            }];
        })));
    }
    assert_eq!(till.told.len(), 1);
    assert!(matches!(till.sale.state(), State::Waiting(_)));
}

#[test]
fn old_poll_answer_is_no_void_verdict() {
    let mut till = Till::voided(Ok(activity(ActivityKind::Cancellation)));
    till.polled(Ok(request(Status::Paid)));
    assert!(matches!(till.sale.state(), State::Voiding(_)));
}
