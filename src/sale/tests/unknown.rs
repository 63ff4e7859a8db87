//! The unknown outcome: it blocks further sales, the program checks it again and again, and staff can close it.

use super::till::*;
use crate::domain::outcome::Outcome;
use crate::domain::payment::{ActivityKind, Status};
use crate::sale::{Announcement, Ask, Command, Job, Mark, Record, Standing, State, Timer, Void};

#[test]
fn f36_unknown_is_rechecked_by_itself() {
    let mut till = Till::unknown();
    assert!(till.wakes_for(Timer::Recheck).is_some());
    for answer in [Err(lost()), Ok(request(Status::New))] {
        till.jobs.clear();
        till.wake(Timer::Recheck);
        assert!(till.asked_for(is_read));
        till.jobs.clear();
        till.read(Ask::Again, answer);
        assert_eq!(till.ending().name(), "unknown");
        assert!(till.wakes_for(Timer::Recheck).is_some());
    }
    till.wake(Timer::Recheck);
    till.read(Ask::Again, Ok(request(Status::Cancelled)));
    assert_eq!(till.ending().name(), "cancelled");
}

#[test]
fn f36_unknown_request_can_be_looked_into() {
    assert!(Till::unknown().sale.can_be_looked_into(), "its id is known");
}

#[test]
fn f31_unknown_then_paid_lists_activities() {
    let mut till = Till::unknown();
    till.wake(Timer::Recheck);
    till.read(Ask::Again, Ok(request(Status::Paid)));
    assert!(matches!(till.sale.state(), State::Voiding(_)));
    till.listed(&[ActivityKind::Refund]);
    assert_eq!(till.ending().name(), "refund-started");
}

#[test]
fn closed_as_not_paid_ends_unknown() {
    let mut till = Till::unknown();
    till.jobs.clear();
    till.ask(close_by_staff(false));
    assert!(matches!(
        till.jobs.as_slice(),
        [Job::Record { record: Record::ClosedByStaff { by, paid: false }, .. }] if by == "Ana"
    ));
    assert_eq!(till.exits, [30]);
    assert_eq!(till.ended_state().closed_by(), Some("Ana"));
    assert!(matches!(
        till.told.last(),
        Some(Announcement::Outcome { outcome: Outcome::Unknown, reason: Some(reason), .. })
            if reason == "closed as not paid by Ana"
    ));
}

#[test]
fn closed_as_paid_ends_paid() {
    let mut till = Till::unknown();
    till.jobs.clear();
    till.told.clear();
    till.ask(close_by_staff(true));
    assert!(matches!(
        till.jobs.as_slice(),
        [Job::Record { record: Record::ClosedByStaff { by, paid: true }, .. }] if by == "Ana"
    ));
    assert_eq!(till.exits, [0]);
    assert!(matches!(
        till.told.as_slice(),
        [
            Announcement::Ended { outcome: Outcome::Paid, .. },
            Announcement::Outcome { outcome: Outcome::Paid, reason: Some(reason), .. },
        ] if reason == "closed as paid by Ana"
    ));
}

#[test]
fn staff_close_only_unknown() {
    let mut till = Till::after_poll(request(Status::Expired));
    till.jobs.clear();
    till.ask(close_by_staff(false));
    assert!(till.jobs.is_empty());
    assert!(till.exits.is_empty());
}

#[test]
fn next_sale_begins_after_staff_close() {
    let mut till = Till::after_other_sale(Standing::Payable(Void::Unanswered));
    till.verdict_reads_are_lost();
    till.ask(close_by_staff(false));
    assert!(till.records(Mark::Intent));
    assert!(!till.sale.is_about_an_earlier_sale());
}

#[test]
fn leaving_unknown_acknowledges_nothing() {
    let mut till = Till::unknown();
    till.jobs.clear();
    till.ask(Command::Close);
    assert!(!till.records(Mark::Acknowledged));
    assert_eq!(till.exits, [30]);
}

#[test]
fn f41_payment_is_acknowledged_on_close() {
    for leave in [true, false] {
        let mut till = Till::after_poll(request(Status::Paid));
        if leave {
            till.wake(Timer::LeaveEnding);
        } else {
            till.ask(Command::Close);
        }
        assert!(till.records(Mark::Acknowledged));
        assert_eq!(till.exits, [0]);
    }
}

#[test]
fn f49_killed_screen_acknowledges_nothing() {
    let mut till = Till::after_poll(request(Status::Paid));
    till.ask(Command::Leave);
    assert!(!till.records(Mark::Acknowledged));
    assert_eq!(till.exits, [0]);
}

#[test]
fn unchanged_unknown_is_announced_once() {
    let mut till = Till::unknown();
    till.told.clear();
    till.jobs.clear();
    for _ in 0..3 {
        till.wake(Timer::Recheck);
        till.read(Ask::Again, Ok(request(Status::Paid)));
        till.listed(&[]);
        assert_eq!(till.ending().name(), "unknown");
    }
    assert!(till.told.is_empty(), "{:?}", till.told);
    assert!(!till.records(Mark::Verdict));
    assert!(till.wakes_for(Timer::Recheck).is_some());
}

#[test]
fn f50_leaving_while_checked_exits_30() {
    let mut till = Till::unknown();
    till.wake(Timer::Recheck);
    till.read(Ask::Again, Ok(request(Status::Paid)));
    till.ask(Command::Leave);
    till.listed(&[]);
    assert_eq!(till.exits, [30]);
}
