//! The edges of what comes after the code: waits, voids, second looks.

use std::time::Duration;

use super::edges::*;
use super::till::*;
use crate::payment::{
    ActivityKind, CancellationReason, Condition, ConditionId, ConditionStatus, PaymentRequest,
    Status, Text,
};
use crate::sale::{
    Announcement, Ask, Command, Delay, Fact, Job, Mark, Progress, Sale, Standing, State, Timer,
    Void,
};

/// An expired attempt that is being looked at once more before the next.
fn rechecking() -> Till {
    let mut till = Till::presenting();
    till.polled(Ok(request(Status::Expired)));
    till.jobs.clear();
    till.ask(Command::Retry);

    till
}

#[test]
fn f21_another_requests_payment_does_not_pay_the_last_attempt() {
    let mut till = rechecking();
    till.read(Ask::Again, Ok(of_another_id(Status::Paid)));
    assert_eq!(till.sale.attempt(), 2);
}

#[test]
fn f22_a_late_payment_of_another_amount_is_not_taken_for_the_sale() {
    let mut till = rechecking();
    till.read(
        Ask::Again,
        Ok(PaymentRequest {
            value: Some(nzd(99)),
            ..request(Status::Paid)
        }),
    );
    assert!(matches!(till.sale.state(), State::Voiding(_)));
    till.happen(Fact::Activities(Ok(Vec::new())));
    assert_eq!(till.ending().name(), "unknown");
}

#[test]
fn f31_after_a_void_a_late_payment_of_the_last_attempt_needs_its_activities() {
    let mut till = Till::voided(Ok(activity(ActivityKind::Cancellation)));
    till.read(
        Ask::Verdict,
        Ok(cancelled_by(CancellationReason::CancelledByMerchant)),
    );
    till.ask(Command::Retry);
    till.read(Ask::Again, Ok(request(Status::Paid)));
    assert!(till.asked_for(|job| matches!(job, Job::ListActivities(_))));
}

#[test]
fn f21_another_requests_answer_settles_no_void() {
    let mut till = Till::voided(Ok(activity(ActivityKind::Cancellation)));
    till.read(Ask::Verdict, Ok(of_another_id(Status::Cancelled)));
    assert!(matches!(till.sale.state(), State::Voiding(_)));
    assert!(till.wakes_for(Timer::Revoid).is_some());
}

#[test]
fn what_happens_short_of_a_verdict_is_written_down() {
    let mut till = Till::presenting();
    till.wake(Timer::Deadline);
    assert_eq!(progress(&till), [Progress::Overdue]);
}

#[test]
fn f42_a_void_counts_as_answered_only_when_none_is_still_on_its_way() {
    let answered = || Ok(activity(ActivityKind::Cancellation));
    let mut till = Till::voiding();
    till.happen(Fact::Voided(answered()));
    assert_eq!(
        progress(&till),
        [Progress::Voided("cancellation".to_owned())]
    );

    let mut till = Till::voided(Err(lost()));
    till.wake(Timer::Revoid);
    till.happen(Fact::Voided(answered()));
    assert_eq!(progress(&till), []);
}

#[test]
fn f31_the_list_of_activities_is_asked_for_three_times() {
    let mut till = Till::voided(Err(refused(403, "REQUEST_PAID")));
    till.read(Ask::Verdict, Ok(request(Status::Paid)));
    for _ in 0..2 {
        till.jobs.clear();
        till.happen(Fact::Activities(Err(lost())));
        assert!(matches!(till.sale.state(), State::Voiding(_)));
        till.wake(Timer::Revoid);
        assert!(till.asked_for(|job| matches!(job, Job::ListActivities(_))));
    }
    till.happen(Fact::Activities(Err(lost())));
    assert_eq!(till.ending().name(), "unknown");
}

#[test]
fn a_counter_that_is_opened_without_a_sale_can_be_closed_again() {
    let mut sale = Sale::new(Till::rules(), Till::timing());
    let effects = sale.handle(crate::sale::Event::Asked(Command::Open));
    assert_eq!(effects.len(), 1);
    assert_eq!(*sale.state(), State::Recalling);
}

/// A shown request of which a condition is open.
fn with_condition(message: &str) -> PaymentRequest {
    PaymentRequest {
        conditions: vec![Condition {
            id: ConditionId::new("c1"),
            message: Text::clean(message),
            status: ConditionStatus::AwaitingMerchant,
        }],
        ..request(Status::New)
    }
}

#[test]
fn f25_a_condition_is_told_once_and_again_when_it_changes() {
    let mut till = Till::presenting();
    for (message, told) in [("Age?", 1), ("Age?", 1), ("Member?", 2)] {
        till.wake(Timer::Poll);
        till.polled(Ok(with_condition(message)));
        let waiting = till
            .told
            .iter()
            .filter(|told| matches!(told, Announcement::Waiting { .. }))
            .count();
        assert_eq!(waiting, told, "{message}");
    }
}

#[test]
fn f29_a_wait_ends_at_the_deadline_and_ten_seconds_later_in_this_order() {
    let mut till = Till::presenting();
    till.wake(Timer::Poll);
    till.polled(Ok(with_condition("Age?")));
    till.jobs.clear();
    till.wake(Timer::Settled);
    assert!(till.jobs.is_empty(), "its time is not over yet");
    till.wake(Timer::Deadline);
    assert_eq!(
        till.wakes_for(Timer::Settled),
        Some(Delay::For(Duration::from_secs(10)))
    );
    till.jobs.clear();
    till.wake(Timer::Deadline);
    assert!(till.jobs.is_empty(), "the ten seconds run once");
    till.wake(Timer::Settled);
    assert_eq!(voided_ids(&till.jobs), [ID]);
}

#[test]
fn a_wait_can_be_cancelled_and_no_other_key_does_that() {
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
fn f40_a_resumed_code_that_was_never_shown_ends_without_a_doubt() {
    for (standing, ending) in [
        (Standing::Created(Void::NotSent), "cancelled"),
        (Standing::Payable(Void::NotSent), "unknown"),
    ] {
        let mut till = Till::new();
        till.start_after(recalled(left(standing)));
        till.ask(Command::Cancel);
        till.void_and_reads_are_lost();
        assert_eq!(till.ending().name(), ending);
        assert_eq!(till.sale.attempt(), 1, "whoever cancels wants no other");
    }
}

#[test]
fn f42_whoever_cancels_while_a_left_void_is_looked_into_wants_no_further_attempt() {
    let mut till = Till::new();
    till.start_after(recalled(left(Standing::Payable(Void::Unanswered))));
    till.ask(Command::Cancel);
    till.read(
        Ask::Verdict,
        Ok(cancelled_by(CancellationReason::CancelledByMerchant)),
    );
    assert_eq!(till.ending().name(), "cancelled");
    assert_eq!(till.sale.attempt(), 1);
}

#[test]
fn f40_a_condition_that_is_open_after_a_crash_is_shown_and_has_its_deadline() {
    let mut till = Till::new();
    till.start_after(recalled(left(Standing::Payable(Void::NotSent))));
    till.wake(Timer::Poll);
    till.polled(Ok(with_condition("Age?")));
    assert!(matches!(till.sale.state(), State::Waiting(_)));
    assert_eq!(
        till.wakes_for(Timer::Deadline),
        Some(Delay::For(Duration::from_secs(100)))
    );
}

#[test]
fn f38_no_key_makes_a_further_attempt_while_a_code_stands() {
    let mut till = Till::presenting();
    till.ask(Command::Retry);
    assert!(till.jobs.is_empty());
    assert_eq!(till.sale.attempt(), 1);
    assert!(matches!(till.sale.state(), State::Presenting(_)));
}

#[test]
fn f4_a_sale_that_could_not_reach_the_platform_can_be_tried_again() {
    let mut till = Till::asking();
    till.created(Err(unsent()));
    for _ in 0..2 {
        till.wake(Timer::Recreate);
        till.created(Err(unsent()));
    }
    assert_eq!(till.ending().name(), "unreachable");
    till.ask(Command::Retry);
    assert_eq!(till.sale.attempt(), 2);
    till.recorded(Mark::Intent);
}

#[test]
fn f28_after_a_sleep_the_code_goes_and_comes_back_only_by_the_platforms_word() {
    let mut till = Till::presenting();
    till.happen(Fact::Woke {
        timer: Timer::Poll,
        at: crate::sale::Moment::default(),
        slept: true,
    });
    assert!(matches!(till.sale.state(), State::Waiting(_)));
    till.wake(Timer::Poll);
    assert!(till.asked_for(is_poll));
    till.polled(Ok(request(Status::New)));
    till.encoded();
    till.recorded(Mark::Shown);
    assert!(matches!(till.sale.state(), State::Presenting(_)));
    assert!(!till.asked_for(is_create));
}
