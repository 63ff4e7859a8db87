use super::till::*;
use crate::payment::{ActivityKind, CancellationReason, Failure, PaymentRequest, Status, Text};
use crate::sale::{Ask, Command, Ending, Fact, Job, Mark, Progress, Record, State, Timer};

#[test]
fn a_cancelled_sale_ends_by_the_platforms_word_and_not_by_the_answer_to_the_void() {
    let mut till = Till::voided(Ok(activity(ActivityKind::Cancellation)));
    assert!(matches!(till.sale.state(), State::Voiding(_)));
    till.read(
        Ask::Verdict,
        Ok(cancelled_by(CancellationReason::CancelledByMerchant)),
    );
    assert_eq!(till.ending().exit_code(), 21);
}

#[test]
fn the_code_is_gone_with_the_key_press() {
    let mut till = Till::presenting();
    till.ask(Command::Cancel);
    assert!(matches!(till.sale.state(), State::Voiding(_)));
    assert!(!till.asked_for(is_void), "the void waits for its record");
    till.recorded(Mark::Voiding);
    assert!(till.asked_for(is_void));
}

#[test]
fn a_void_that_cannot_be_journaled_is_sent_all_the_same() {
    let mut till = Till::presenting();
    till.ask(Command::Cancel);
    till.happen(Fact::NotRecorded(Mark::Voiding, "disk full".to_owned()));
    assert!(till.asked_for(is_void));
}

#[test]
fn f31_paid_after_a_void_that_answered_with_a_refund_is_a_refund_and_never_paid() {
    let mut till = Till::voided(Ok(activity(ActivityKind::Refund)));
    till.read(Ask::Verdict, Ok(request(Status::Paid)));
    assert_eq!(*till.ending(), Ending::RefundStarted);
    assert_eq!(till.ending().exit_code(), 22);
}

#[test]
fn f31_paid_after_a_void_is_a_refund_when_the_activities_say_so() {
    let mut till = Till::voided(Err(refused(403, "ALREADY_REFUNDED")));
    till.read(Ask::Verdict, Ok(request(Status::Paid)));
    assert!(till.asked_for(|job| matches!(job, Job::ListActivities(_))));
    till.happen(Fact::Activities(Ok(vec![
        activity(ActivityKind::Refund),
        activity(ActivityKind::Cancellation),
    ])));
    assert_eq!(*till.ending(), Ending::RefundStarted);
}

#[test]
fn f32_f34_a_refused_void_leaves_a_payment_standing_and_says_so() {
    for code in ["REQUEST_PAID", "REFUND_NOT_SUPPORTED", "INACTIVE_ASSET"] {
        assert!(matches!(
            kept(code).ending(),
            Ending::Paid { kept: true, .. }
        ));
    }
}

/// A payment that stands, since the void was refused.
fn kept(code: &str) -> Till {
    let mut till = Till::voided(Err(refused(403, code)));
    till.read(Ask::Verdict, Ok(request(Status::Paid)));
    till.happen(Fact::Activities(Ok(Vec::new())));
    till.jobs.clear();

    till
}

#[test]
fn f32_a_payment_that_was_kept_can_be_given_back_by_another_void() {
    let mut till = kept("REQUEST_PAID");
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
fn f34_a_payment_that_cannot_go_back_stays_however_often_that_is_tried() {
    let mut till = kept("REFUND_NOT_SUPPORTED");
    for _ in 0..3 {
        till.ask(Command::CancelAndRefund);
        till.recorded(Mark::Voiding);
        till.happen(Fact::Voided(Err(refused(403, "REFUND_NOT_SUPPORTED"))));
        till.read(Ask::Verdict, Ok(request(Status::Paid)));
        till.happen(Fact::Activities(Ok(Vec::new())));
        assert!(matches!(till.ending(), Ending::Paid { kept: true, .. }));
    }
}

#[test]
fn f32_a_payment_that_nobody_wanted_to_cancel_is_not_given_back_by_a_key() {
    let mut till = Till::presenting();
    till.polled(Ok(request(Status::Paid)));
    till.jobs.clear();
    till.ask(Command::CancelAndRefund);
    assert!(till.jobs.is_empty());
}

#[test]
fn f33_paid_with_no_refund_listed_is_unknown_where_the_void_may_have_been_an_earlier_ones() {
    for code in [
        "ALREADY_REFUNDED",
        "REPEAT_REFERENCE",
        "REQUEST_CANCELLED",
        "A_NEW_ONE",
        "HTTP_403",
    ] {
        let mut till = Till::voided(Err(refused(403, code)));
        till.read(Ask::Verdict, Ok(request(Status::Paid)));
        till.happen(Fact::Activities(Ok(Vec::new())));
        assert_eq!(till.ending().name(), "unknown", "{code}");
        // It is asked again by itself, and the refund may be listed by then.
        till.wake(Timer::Recheck);
        till.read(Ask::Again, Ok(request(Status::Paid)));
        till.happen(Fact::Activities(Ok(vec![activity(ActivityKind::Refund)])));
        assert_eq!(*till.ending(), Ending::RefundStarted, "{code}");
    }
}

#[test]
fn f33_f42_only_a_void_that_leaves_no_refund_to_look_for_is_journaled_as_answered() {
    for (answer, is_journaled) in [
        (Ok(activity(ActivityKind::Cancellation)), true),
        (Err(refused(403, "REFUND_NOT_SUPPORTED")), true),
        (Err(refused(401, "UNAUTHORIZED")), true),
        (Ok(activity(ActivityKind::Refund)), false),
        (
            Ok(activity(ActivityKind::Other(Text::clean("paid")))),
            false,
        ),
        (Err(refused(403, "ALREADY_REFUNDED")), false),
        (Err(refused(404, "HTTP_404")), false),
    ] {
        let mut till = Till::voiding();
        till.happen(Fact::Voided(answer.clone()));
        let journaled = till.asked_for(|job| {
            matches!(
                job,
                Job::Record {
                    record: Record::Progress(Progress::Voided(_)),
                    ..
                }
            )
        });
        assert_eq!(journaled, is_journaled, "{answer:?}");
    }
}

#[test]
fn f32_a_void_of_an_expired_request_ends_as_expired() {
    let mut till = Till::voided(Err(refused(403, "REQUEST_EXPIRED")));
    till.read(Ask::Verdict, Ok(request(Status::Expired)));
    assert_eq!(*till.ending(), Ending::Expired);
}

#[test]
fn f36_a_void_without_an_answer_is_tried_three_times_and_then_read() {
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

#[test]
fn f36_paid_after_a_void_without_an_answer_is_unknown_since_the_void_may_still_refund_it() {
    let mut till = Till::voided(Err(lost()));
    till.wake(Timer::Revoid);
    till.happen(Fact::Voided(Err(refused(403, "REQUEST_PAID"))));
    till.read(Ask::Verdict, Ok(request(Status::Paid)));
    till.happen(Fact::Activities(Ok(Vec::new())));
    assert_eq!(till.ending().exit_code(), 30);
}

#[test]
fn a_void_that_the_platform_confirms_but_that_is_still_new_ends_unknown() {
    let mut till = Till::voided(Ok(activity(ActivityKind::Cancellation)));
    for _ in 0..2 {
        till.read(Ask::Verdict, Ok(request(Status::New)));
        till.wake(Timer::Revoid);
    }
    till.read(Ask::Verdict, Ok(request(Status::New)));
    assert_eq!(till.ending().exit_code(), 30);
}

#[test]
fn a_payment_of_another_amount_is_not_kept_after_a_refused_void() {
    let mut till = Till::voided(Err(refused(403, "REQUEST_PAID")));
    till.read(
        Ask::Verdict,
        Ok(PaymentRequest {
            value: Some(nzd(99)),
            ..request(Status::Paid)
        }),
    );
    till.happen(Fact::Activities(Ok(Vec::new())));
    assert_eq!(till.ending().exit_code(), 30);
}

#[test]
fn an_unknown_outcome_can_be_asked_again_and_ends_again() {
    let mut till = Till::voided(Ok(activity(ActivityKind::Cancellation)));
    for _ in 0..2 {
        till.read(Ask::Verdict, Err(lost()));
        till.wake(Timer::Revoid);
    }
    till.read(Ask::Verdict, Err(lost()));
    assert_eq!(till.ending().name(), "unknown");
    till.ask(Command::Retry);
    assert_eq!(till.ending().name(), "unknown", "no new attempt beside it");

    till.jobs.clear();
    till.ask(Command::KeepChecking);
    assert!(!till.asked_for(is_void));
    till.read(
        Ask::Verdict,
        Ok(cancelled_by(CancellationReason::CancelledByMerchant)),
    );
    assert_eq!(till.ending().name(), "cancelled");
}

#[test]
fn what_the_voids_of_an_unknown_outcome_have_shown_is_not_forgotten() {
    let mut till = Till::presenting();
    till.ask(Command::Cancel);
    till.void_and_reads_are_lost();
    till.ask(Command::CancelAndRefund);
    till.recorded(Mark::Voiding);
    till.happen(Fact::Voided(Err(refused(403, "REQUEST_PAID"))));
    till.read(Ask::Verdict, Ok(request(Status::Paid)));
    till.happen(Fact::Activities(Ok(Vec::new())));
    assert_eq!(
        till.ending().name(),
        "unknown",
        "one of the lost voids may still refund it"
    );
}

#[test]
fn f50_leaving_takes_the_code_away_voids_and_ends_after_three_seconds_whatever_is_known() {
    let mut till = Till::presenting();
    till.ask(Command::Leave);
    assert!(matches!(till.sale.state(), State::Voiding(_)));
    assert!(till.wakes_for(Timer::LeaveNow).is_some());
    till.recorded(Mark::Voiding);
    till.wake(Timer::LeaveNow);
    assert_eq!(till.exits, [30]);
}

#[test]
fn f50_leaving_ends_as_soon_as_the_platform_has_spoken() {
    let mut till = Till::presenting();
    till.ask(Command::Leave);
    till.recorded(Mark::Voiding);
    till.happen(Fact::Voided(Ok(activity(ActivityKind::Cancellation))));
    till.read(
        Ask::Verdict,
        Ok(cancelled_by(CancellationReason::CancelledByMerchant)),
    );
    assert_eq!(till.exits, [21]);
}

#[test]
fn f50_leaving_while_creating_makes_no_further_attempt() {
    let mut till = Till::asking();
    till.ask(Command::Leave);
    till.created(Err(lost()));
    assert_eq!(till.sale.attempt(), 1);
    assert_eq!(till.exits, [21]);
}

#[test]
fn a_throttled_void_waits_as_long_as_it_was_asked_to() {
    let mut till = Till::voiding();
    till.happen(Fact::Voided(Err(Failure::Throttled {
        retry_after: Some(std::time::Duration::from_secs(3)),
    })));
    assert_eq!(
        till.wakes_for(Timer::Revoid),
        Some(crate::sale::Delay::For(std::time::Duration::from_secs(3)))
    );
}

#[test]
fn refund_that_a_void_tells_of_is_no_cancellation() {
    for answer in [
        Ok(activity(ActivityKind::Refund)),
        Err(refused(403, "ALREADY_REFUNDED")),
    ] {
        let mut till = Till::voided(answer);
        till.read(Ask::Verdict, Ok(request(Status::Cancelled)));
        if !matches!(till.sale.state(), State::Ended(_)) {
            till.happen(Fact::Activities(Ok(vec![activity(ActivityKind::Refund)])));
        }
        assert_ne!(till.ending().name(), "cancelled");
    }
}
