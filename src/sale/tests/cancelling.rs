//! Voids and their answers, the reads after voids, and leaving.

use std::time::Duration;

use super::till::*;
use crate::domain::payment::{ActivityKind, CancellationReason, PaymentRequest, Status, Text};
use crate::sale::{Ask, Command, Delay, Ending, Fact, Job, Mark, Progress, State, Timer};

fn by_merchant() -> PaymentRequest {
    cancelled_by(CancellationReason::CancelledByMerchant)
}

fn cancellation_confirmed() -> Till {
    Till::voided(Ok(activity(ActivityKind::Cancellation)))
}

#[test]
fn void_answer_is_no_verdict() {
    let mut till = cancellation_confirmed();
    assert!(matches!(till.sale.state(), State::Voiding(_)));
    till.read(Ask::Verdict, Ok(by_merchant()));
    assert_eq!(till.ending().exit_code(), 21);
}

#[test]
fn cancel_removes_code_at_once() {
    let mut till = Till::presenting();
    till.ask(Command::Cancel);
    assert!(matches!(till.sale.state(), State::Voiding(_)));
    assert!(!till.asked_for(is_void), "the void waits for its record");
    till.recorded(Mark::Voiding);
    assert!(till.asked_for(is_void));
}

#[test]
fn unjournaled_void_is_sent() {
    let mut till = Till::presenting();
    till.ask(Command::Cancel);
    till.not_recorded(Mark::Voiding);
    assert!(till.asked_for(is_void));
}

#[test]
fn f21_other_request_settles_no_void() {
    let mut till = cancellation_confirmed();
    till.read(Ask::Verdict, Ok(of_other_request(Status::Cancelled)));
    assert!(matches!(till.sale.state(), State::Voiding(_)));
    assert!(till.wakes_for(Timer::Revoid).is_some());
}

#[test]
fn f31_void_answered_with_refund_is_refund() {
    let mut till = Till::voided(Ok(activity(ActivityKind::Refund)));
    till.read(Ask::Verdict, Ok(request(Status::Paid)));
    assert_eq!(*till.ending(), Ending::RefundStarted);
    assert_eq!(till.ending().exit_code(), 22);
}

#[test]
fn f31_listed_refund_ends_refund_started() {
    let mut till = Till::voided(Err(refused(403, "ALREADY_REFUNDED")));
    till.read(Ask::Verdict, Ok(request(Status::Paid)));
    assert!(till.asked_for(is_list));
    till.listed(&[ActivityKind::Refund, ActivityKind::Cancellation]);
    assert_eq!(*till.ending(), Ending::RefundStarted);
}

#[test]
fn f31_activities_are_listed_three_times() {
    let mut till = Till::voided(Err(refused(403, "REQUEST_PAID")));
    till.read(Ask::Verdict, Ok(request(Status::Paid)));
    for _ in 0..2 {
        till.jobs.clear();
        till.happen(Fact::Activities(Err(lost())));
        assert!(matches!(till.sale.state(), State::Voiding(_)));
        till.wake(Timer::Revoid);
        assert!(till.asked_for(is_list));
    }
    till.happen(Fact::Activities(Err(lost())));
    assert_eq!(till.ending().name(), "unknown");
}

#[test]
fn f32_f34_refused_void_keeps_payment() {
    for code in ["REQUEST_PAID", "REFUND_NOT_SUPPORTED", "INACTIVE_ASSET"] {
        let till = Till::kept(code);
        assert!(matches!(till.ending(), Ending::Paid { kept: true, .. }));
    }
}

#[test]
fn f32_kept_payment_can_be_refunded() {
    let mut till = Till::kept("REQUEST_PAID");
    till.ask(Command::CancelAndRefund);
    till.recorded(Mark::Voiding);
    assert!(till.asked_for(is_void));
    till.happen(Fact::Voided(Ok(activity(ActivityKind::Refund))));
    till.read(Ask::Verdict, Ok(request(Status::Paid)));
    assert_eq!(*till.ending(), Ending::RefundStarted);
    till.ask(Command::Close);
    assert_eq!(till.exits, [22]);
}

#[test]
fn f34_nonrefundable_payment_stays_paid() {
    let mut till = Till::kept("REFUND_NOT_SUPPORTED");
    for _ in 0..3 {
        till.ask(Command::CancelAndRefund);
        till.recorded(Mark::Voiding);
        till.happen(Fact::Voided(Err(refused(403, "REFUND_NOT_SUPPORTED"))));
        till.read(Ask::Verdict, Ok(request(Status::Paid)));
        till.listed(&[]);
        assert!(matches!(till.ending(), Ending::Paid { kept: true, .. }));
    }
}

#[test]
fn f32_paid_sale_is_not_refunded_by_key() {
    let mut till = Till::after_poll(request(Status::Paid));
    till.jobs.clear();
    till.ask(Command::CancelAndRefund);
    assert!(till.jobs.is_empty());
}

#[test]
fn f33_paid_without_refund_is_unknown() {
    for code in [
        "ALREADY_REFUNDED",
        "REPEAT_REFERENCE",
        "REQUEST_CANCELLED",
        "A_NEW_ONE",
        "HTTP_403",
    ] {
        let mut till = Till::voided(Err(refused(403, code)));
        till.read(Ask::Verdict, Ok(request(Status::Paid)));
        till.listed(&[]);
        assert_eq!(till.ending().name(), "unknown", "{code}");
        // A later read of the same sale may find the refund in the list.
        till.wake(Timer::Recheck);
        till.read(Ask::Again, Ok(request(Status::Paid)));
        till.listed(&[ActivityKind::Refund]);
        assert_eq!(*till.ending(), Ending::RefundStarted, "{code}");
    }
}

#[test]
fn f33_f42_final_void_answer_is_journaled() {
    for (answer, is_journaled) in [
        (Ok(ActivityKind::Cancellation), true),
        (Err(refused(403, "REFUND_NOT_SUPPORTED")), true),
        (Err(refused(401, "UNAUTHORIZED")), true),
        (Ok(ActivityKind::Refund), false),
        (Ok(ActivityKind::Other(Text::clean("paid"))), false),
        (Err(refused(403, "ALREADY_REFUNDED")), false),
        (Err(refused(404, "HTTP_404")), false),
    ] {
        let mut till = Till::voiding();
        till.happen(Fact::Voided(answer.clone().map(activity)));
        let journaled = till.progress();
        let journaled = journaled
            .iter()
            .any(|progress| matches!(progress, Progress::Voided(_)));
        assert_eq!(journaled, is_journaled, "{answer:?}");
    }
}

#[test]
fn f42_lost_void_stays_unanswered() {
    let answered = || Fact::Voided(Ok(activity(ActivityKind::Cancellation)));
    let mut till = Till::voiding();
    till.happen(answered());
    let voided = Progress::Voided("cancellation".to_owned());
    assert_eq!(till.progress(), [&voided]);

    let mut till = Till::voided(Err(lost()));
    till.wake(Timer::Revoid);
    till.happen(answered());
    assert!(till.progress().is_empty());
}

#[test]
fn f32_void_of_expired_ends_expired() {
    let mut till = Till::voided(Err(refused(403, "REQUEST_EXPIRED")));
    till.read(Ask::Verdict, Ok(request(Status::Expired)));
    assert_eq!(*till.ending(), Ending::Expired);
}

#[test]
fn f36_lost_void_is_tried_three_times() {
    let mut till = Till::voiding();
    for _ in 0..2 {
        till.jobs.clear();
        till.happen(Fact::Voided(Err(lost())));
        assert!(!till.asked_for(is_void));
        till.wake(Timer::Revoid);
        assert!(till.asked_for(is_void));
    }
    till.jobs.clear();
    till.happen(Fact::Voided(Err(lost())));
    assert!(till.asked_for(|job| matches!(
        job,
        Job::Read {
            ask: Ask::Verdict,
            ..
        }
    )));
}

/// The lost void may still refund the payment.
#[test]
fn f36_paid_after_lost_void_is_unknown() {
    let mut till = Till::voided(Err(lost()));
    till.wake(Timer::Revoid);
    till.happen(Fact::Voided(Err(refused(403, "REQUEST_PAID"))));
    till.read(Ask::Verdict, Ok(request(Status::Paid)));
    till.listed(&[]);
    assert_eq!(till.ending().exit_code(), 30);
}

#[test]
fn confirmed_void_still_new_is_unknown() {
    let mut till = cancellation_confirmed();
    for _ in 0..2 {
        till.read(Ask::Verdict, Ok(request(Status::New)));
        till.wake(Timer::Revoid);
    }
    till.read(Ask::Verdict, Ok(request(Status::New)));
    assert_eq!(till.ending().exit_code(), 30);
}

#[test]
fn kept_other_amount_is_unknown() {
    let mut till = Till::voided(Err(refused(403, "REQUEST_PAID")));
    till.read(Ask::Verdict, Ok(of_value(Status::Paid, 99)));
    till.listed(&[]);
    assert_eq!(till.ending().exit_code(), 30);
}

#[test]
fn unknown_can_be_checked_again() {
    let mut till = cancellation_confirmed();
    till.verdict_reads_are_lost();
    assert_eq!(till.ending().name(), "unknown");
    till.ask(Command::Retry);
    assert_eq!(till.ending().name(), "unknown", "no new attempt");

    till.jobs.clear();
    till.ask(Command::KeepChecking);
    assert!(!till.asked_for(is_void));
    till.read(Ask::Verdict, Ok(by_merchant()));
    assert_eq!(till.ending().name(), "cancelled");
}

#[test]
fn earlier_lost_voids_are_remembered() {
    let mut till = Till::unknown();
    till.ask(Command::CancelAndRefund);
    till.recorded(Mark::Voiding);
    till.happen(Fact::Voided(Err(refused(403, "REQUEST_PAID"))));
    till.read(Ask::Verdict, Ok(request(Status::Paid)));
    till.listed(&[]);
    let name = till.ending().name();
    assert_eq!(name, "unknown", "one of the lost voids may still refund it");
}

#[test]
fn f50_leaving_voids_and_exits_30() {
    let mut till = Till::presenting();
    till.ask(Command::Leave);
    assert!(matches!(till.sale.state(), State::Voiding(_)));
    assert!(till.wakes_for(Timer::LeaveNow).is_some());
    till.recorded(Mark::Voiding);
    till.wake(Timer::LeaveNow);
    assert_eq!(till.exits, [30]);
}

/// The next launch must not believe `paid` if a void may have refunded the payment.
#[test]
fn f50_only_sent_void_has_result() {
    for is_sent in [false, true] {
        let mut till = Till::presenting();
        till.ask(Command::Leave);
        if is_sent {
            till.recorded(Mark::Voiding);
        }
        till.wake(Timer::LeaveNow);
        let Ending::Unknown { evidence } = till.ending() else {
            panic!("{:?}", till.ending());
        };
        assert_eq!(evidence.has_void_result(), is_sent);
    }
}

#[test]
fn f50_leaving_ends_with_verdict() {
    let mut till = Till::presenting();
    till.ask(Command::Leave);
    till.void_succeeds();
    assert_eq!(till.exits, [21]);
}

#[test]
fn f50_leaving_while_creating_stops() {
    let mut till = Till::asking();
    till.ask(Command::Leave);
    till.created(Err(lost()));
    assert_eq!(till.sale.attempt(), 1);
    assert_eq!(till.exits, [21]);
}

#[test]
fn f50_unanswered_create_exits_21() {
    let mut till = Till::asking();
    till.ask(Command::Leave);
    till.wake(Timer::LeaveNow);
    assert_eq!(till.exits, [21], "its code was never shown");
}

#[test]
fn throttled_void_waits_as_asked() {
    let mut till = Till::voiding();
    till.happen(Fact::Voided(Err(throttled(3))));
    let wait = Delay::For(Duration::from_secs(3));
    assert_eq!(till.wakes_for(Timer::Revoid), Some(wait));
}

#[test]
fn refund_by_void_is_no_cancellation() {
    for answer in [
        Ok(activity(ActivityKind::Refund)),
        Err(refused(403, "ALREADY_REFUNDED")),
    ] {
        let mut till = Till::voided(answer);
        till.read(Ask::Verdict, Ok(request(Status::Cancelled)));
        if !matches!(till.sale.state(), State::Ended(_)) {
            till.listed(&[ActivityKind::Refund]);
        }
        assert_ne!(till.ending().name(), "cancelled");
    }
}
