//! Payments in parts: what came in, what is still owed, and what was refunded.

use super::till::*;
use crate::domain::payment::{Activity, ActivityKind, PaidBy, PaymentRequest, Status, Text};
use crate::sale::{
    Announcement, Ask, Command, Ending, Fact, Job, Mark, Progress, Reason, Record, State, Timer,
    WaitingFor,
};

/// Returns a request of 12.50 with one payment for each number of cents.
fn with_parts(status: Status, cents: &[u64]) -> PaymentRequest {
    let paid_by = cents.iter().map(|&cents| PaidBy {
        description: Text::clean("Community Voucher"),
        total: Some(nzd(cents)),
        ..PaidBy::default()
    });

    PaymentRequest {
        paid_by: paid_by.collect(),
        remaining: Some(nzd(1250 - cents.iter().sum::<u64>())),
        ..request(status)
    }
}

/// Answers a poll with these parts.
fn polled(till: &mut Till, status: Status, cents: &[u64]) {
    till.wake(Timer::Poll);
    till.polled(Ok(with_parts(status, cents)));
}

/// Returns a sale whose patron has paid these parts.
fn paying_in_parts(cents: &[u64]) -> Till {
    let mut till = Till::presenting();
    polled(&mut till, Status::New, cents);

    till
}

/// Returns a sale that the platform calls paid, but only five dollars of it came in.
fn part_paid() -> Till {
    let mut till = Till::presenting();
    polled(&mut till, Status::Paid, &[500]);

    till
}

#[test]
fn each_part_is_announced_once_with_rest() {
    let mut till = paying_in_parts(&[500]);
    polled(&mut till, Status::New, &[500]);
    polled(&mut till, Status::New, &[500, 250]);
    let rests: Vec<_> = till
        .told
        .iter()
        .filter_map(|told| match told {
            Announcement::Waiting {
                reason: WaitingFor::PartPayment,
                remaining,
                ..
            } => Some(remaining.as_ref().map(|sum| sum.amount.as_str())),
            _ => None,
        })
        .collect();
    assert_eq!(rests, [Some("750"), Some("500")]);
}

#[test]
fn each_part_is_journaled() {
    let till = paying_in_parts(&[500]);
    let progress = till.progress();
    let parts = progress
        .iter()
        .filter(|progress| matches!(progress, Progress::PartPayment(by) if by.len() == 1));
    assert_eq!(parts.count(), 1);
}

#[test]
fn zero_amount_is_no_part() {
    let till = paying_in_parts(&[0]);
    assert!(matches!(till.sale.state(), State::Presenting(_)));
}

#[test]
fn withdrawn_part_keeps_waiting() {
    let mut till = paying_in_parts(&[500]);
    polled(&mut till, Status::New, &[]);
    assert!(matches!(
        till.waiting_state().reason(),
        Reason::PartPayment { .. }
    ));
}

#[test]
fn over_with_part_depends_on_refund() {
    for status in [Status::Expired, Status::Cancelled] {
        for (listed, ending) in [
            (ActivityKind::Refund, "refund-started"),
            (ActivityKind::Cancellation, "unknown"),
        ] {
            let mut till = paying_in_parts(&[500]);
            polled(&mut till, status.clone(), &[500]);
            till.listed(&[listed]);
            assert_eq!(till.ending().name(), ending, "{status:?}");
        }
    }
}

#[test]
fn void_of_part_without_refund_is_unknown() {
    let mut till = paying_in_parts(&[500]);
    till.ask(Command::Cancel);
    till.recorded(Mark::Voiding);
    till.happen(Fact::Voided(Ok(activity(ActivityKind::Cancellation))));
    till.read(Ask::Verdict, Ok(with_parts(Status::Cancelled, &[500])));
    till.listed(&[ActivityKind::Cancellation]);
    assert!(matches!(till.ending(), Ending::Unknown { .. }));
}

#[test]
fn f24_part_payment_is_refunded_on_request() {
    let mut till = part_paid();
    assert!(matches!(till.ending(), Ending::PartPaid { .. }));
    assert!(!till.asked_for(is_void));
    till.ask(Command::CancelAndRefund);
    till.recorded(Mark::Voiding);
    assert!(till.asked_for(is_void));
    till.happen(Fact::Voided(Ok(Activity {
        value: Some(nzd(500)),
        ..activity(ActivityKind::Refund)
    })));
    till.read(Ask::Verdict, Ok(with_parts(Status::Paid, &[500])));
    assert_eq!(*till.ending(), Ending::RefundStarted);
}

#[test]
fn f24_lost_void_of_part_is_unknown() {
    let mut till = part_paid();
    till.ask(Command::CancelAndRefund);
    till.recorded(Mark::Voiding);
    for _ in 0..3 {
        till.happen(Fact::Voided(Err(lost())));
        till.wake(Timer::Revoid);
    }
    till.read(Ask::Verdict, Ok(with_parts(Status::Paid, &[500])));
    till.listed(&[ActivityKind::Cancellation]);
    assert_eq!(till.ending().name(), "unknown");
}

#[test]
fn seen_part_is_remembered() {
    let mut till = paying_in_parts(&[500]);
    till.wake(Timer::Poll);
    // This answer leaves out the part that came in.
    till.polled(Ok(request(Status::Expired)));
    assert!(till.asked_for(is_list));
    till.listed(&[]);
    assert_eq!(till.ending().name(), "unknown");
}

#[test]
fn money_without_ending_is_journaled_once() {
    let expired = || with_parts(Status::Expired, &[500]);
    let mut till = Till::after_poll(expired());
    till.listed(&[]);
    till.wake(Timer::Recheck);
    till.read(Ask::Again, Ok(expired()));
    till.listed(&[]);
    let watch = till.jobs_in_watch();
    let notes = till.jobs.iter().chain(&watch).filter(|job| {
        matches!(
            job,
            Job::Record {
                record: Record::Progress(Progress::Money),
                ..
            }
        )
    });
    assert_eq!(notes.count(), 1);
}
