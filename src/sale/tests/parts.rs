use super::till::{Till, activity, is_void, lost, nzd, request};
use crate::payment::{Activity, ActivityKind, PaidBy, PaymentRequest, Status, Text};
use crate::sale::{
    Announcement, Ask, Command, Ending, Fact, Job, Mark, Progress, Reason, Record, State, Timer,
    WaitingFor,
};

/// A request of 12.50 to which these means have added so many cents each.
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

/// A sale to which these parts have come.
fn paying_in_parts(cents: &[u64]) -> Till {
    let mut till = Till::presenting();
    part_comes_in(&mut till, cents);

    till
}

fn part_comes_in(till: &mut Till, cents: &[u64]) {
    till.wake(Timer::Poll);
    till.polled(Ok(with_parts(Status::New, cents)));
}

fn waits(till: &Till) -> Vec<Option<&str>> {
    till.told
        .iter()
        .filter_map(|told| match told {
            Announcement::Waiting {
                reason: WaitingFor::PartPayment,
                remaining,
                ..
            } => Some(remaining.as_ref().map(|sum| sum.amount.as_str())),
            _ => None,
        })
        .collect()
}

fn listed(till: &mut Till, kinds: Vec<ActivityKind>) {
    till.happen(Fact::Activities(Ok(kinds
        .into_iter()
        .map(activity)
        .collect())));
}

#[test]
fn each_part_that_comes_in_is_told_once_with_what_is_left() {
    let mut till = paying_in_parts(&[500]);
    part_comes_in(&mut till, &[500]);
    part_comes_in(&mut till, &[500, 250]);
    assert_eq!(waits(&till), [Some("750"), Some("500")]);
}

#[test]
fn each_part_that_comes_in_is_written_down() {
    let till = paying_in_parts(&[500]);
    let parts = till.jobs.iter().filter(|job| {
        matches!(
            job,
            Job::Record {
                record: Record::Progress(Progress::PartPayment(by)),
                ..
            } if by.len() == 1
        )
    });
    assert_eq!(parts.count(), 1);
}

#[test]
fn a_means_that_pays_nothing_is_no_part() {
    let till = paying_in_parts(&[0]);
    assert!(matches!(till.sale.state(), State::Presenting(_)));
}

#[test]
fn a_part_that_was_taken_back_by_the_customer_leaves_the_wait_as_it_is() {
    let mut till = paying_in_parts(&[500]);
    part_comes_in(&mut till, &[]);
    let State::Waiting(waiting) = till.sale.state() else {
        panic!("{:?}", till.sale.state());
    };
    assert!(matches!(waiting.reason(), Reason::PartPayment { .. }));
}

#[test]
fn over_with_a_part_that_went_back_is_a_refund() {
    for status in [Status::Expired, Status::Cancelled] {
        let mut till = paying_in_parts(&[500]);
        till.wake(Timer::Poll);
        till.polled(Ok(with_parts(status.clone(), &[500])));
        listed(&mut till, vec![ActivityKind::Refund]);
        assert_eq!(*till.ending(), Ending::RefundStarted, "{status:?}");
    }
}

#[test]
fn over_with_a_part_that_nobody_saw_go_back_is_unknown() {
    for status in [Status::Expired, Status::Cancelled] {
        let mut till = paying_in_parts(&[500]);
        till.wake(Timer::Poll);
        till.polled(Ok(with_parts(status.clone(), &[500])));
        listed(&mut till, vec![ActivityKind::Cancellation]);
        assert!(
            matches!(till.ending(), Ending::Unknown { .. }),
            "{status:?}: {:?}",
            till.ending()
        );
    }
}

#[test]
fn a_void_that_ends_a_part_payment_is_believed_only_with_its_refund() {
    let mut till = paying_in_parts(&[500]);
    till.ask(Command::Cancel);
    till.recorded(Mark::Voiding);
    till.happen(Fact::Voided(Ok(activity(ActivityKind::Cancellation))));
    till.read(Ask::Verdict, Ok(with_parts(Status::Cancelled, &[500])));
    listed(&mut till, vec![ActivityKind::Cancellation]);
    assert!(matches!(till.ending(), Ending::Unknown { .. }));
}

#[test]
fn f24_a_part_payment_that_stands_can_be_given_back_and_is_not_by_itself() {
    let mut till = Till::presenting();
    till.wake(Timer::Poll);
    till.polled(Ok(with_parts(Status::Paid, &[500])));
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
fn f24_a_part_payment_whose_void_is_lost_is_unknown_and_never_part_paid_again() {
    let mut till = Till::presenting();
    till.wake(Timer::Poll);
    till.polled(Ok(with_parts(Status::Paid, &[500])));
    till.ask(Command::CancelAndRefund);
    till.recorded(Mark::Voiding);
    for _ in 0..3 {
        till.happen(Fact::Voided(Err(lost())));
        till.wake(Timer::Revoid);
    }
    till.read(Ask::Verdict, Ok(with_parts(Status::Paid, &[500])));
    listed(&mut till, vec![ActivityKind::Cancellation]);
    assert!(
        matches!(till.ending(), Ending::Unknown { .. }),
        "{:?}",
        till.ending()
    );
}

#[test]
fn part_that_was_seen_is_not_forgotten() {
    let mut till = paying_in_parts(&[500]);
    till.wake(Timer::Poll);
    // It tells of no money, and does not say that none came in.
    till.polled(Ok(request(Status::Expired)));
    assert!(till.asked_for(|job| matches!(job, Job::ListActivities(_))));
    listed(&mut till, Vec::new());
    assert_eq!(till.ending().name(), "unknown");
}

#[test]
fn money_that_has_no_ending_yet_is_journaled_once() {
    let mut till = Till::presenting();
    till.polled(Ok(with_parts(Status::Expired, &[500])));
    listed(&mut till, Vec::new());
    till.wake(Timer::Recheck);
    till.read(Ask::Again, Ok(with_parts(Status::Expired, &[500])));
    listed(&mut till, Vec::new());
    let beside = till.beside.iter().map(|(_, job)| job);
    let notes = till.jobs.iter().chain(beside).filter(|job| {
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
