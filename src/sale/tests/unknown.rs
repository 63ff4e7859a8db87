//! The unknown outcome: it blocks, it asks again by itself, and a person can take it over.

use super::till::*;
use crate::payment::{ActivityKind, Status};
use crate::sale::{
    Announcement, Ask, Command, Fact, Job, Mark, Record, Standing, State, Timer, Void,
};

/// A cancelled sale of which nobody knows how it ended.
fn unknown() -> Till {
    let mut till = Till::presenting();
    till.ask(Command::Cancel);
    till.void_and_reads_are_lost();
    assert_eq!(till.ending().name(), "unknown");

    till
}

#[test]
fn f36_an_unknown_outcome_is_asked_about_again_by_itself() {
    let mut till = unknown();
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
fn f31_an_unknown_outcome_that_turns_out_paid_needs_its_activities() {
    let mut till = unknown();
    till.wake(Timer::Recheck);
    till.read(Ask::Again, Ok(request(Status::Paid)));
    assert!(matches!(till.sale.state(), State::Voiding(_)));
    till.happen(Fact::Activities(Ok(vec![activity(ActivityKind::Refund)])));
    assert_eq!(till.ending().name(), "refund-started");
}

#[test]
fn an_unknown_outcome_settled_by_hand_says_by_whom_and_still_ends_as_unknown() {
    let mut till = unknown();
    till.jobs.clear();
    till.ask(Command::CloseByStaff {
        by: "Ana".to_owned(),
        paid: false,
    });
    assert!(matches!(
        till.jobs.as_slice(),
        [Job::Record { record: Record::ClosedByStaff { by, paid: false }, .. }] if by == "Ana"
    ));
    assert_eq!(till.exits, [30]);
    let State::Ended(ended) = till.sale.state() else {
        panic!("{:?}", till.sale.state());
    };
    assert_eq!(ended.closed_by(), Some("Ana"));
    assert!(matches!(
        till.told.last(),
        Some(Announcement::Outcome { outcome: "unknown", reason: Some(reason), .. })
            if reason == "closed as not paid by Ana"
    ));
}

#[test]
fn only_an_unknown_outcome_can_be_settled_by_hand() {
    let mut till = Till::presenting();
    till.polled(Ok(request(Status::Expired)));
    till.jobs.clear();
    till.ask(Command::CloseByStaff {
        by: "Ana".to_owned(),
        paid: false,
    });
    assert!(till.jobs.is_empty());
    assert!(till.exits.is_empty());
}

#[test]
fn an_earlier_unknown_outcome_settled_by_hand_lets_the_next_sale_begin() {
    let mut till = Till::new();
    till.start_after(recalled(left_of_another_sale(Standing::Payable(
        Void::Unanswered,
    ))));
    for _ in 0..2 {
        till.read(Ask::Verdict, Err(lost()));
        till.wake(Timer::Revoid);
    }
    till.read(Ask::Verdict, Err(lost()));
    till.ask(Command::CloseByStaff {
        by: "Ana".to_owned(),
        paid: false,
    });
    assert!(till.asked_for(|job| is_record(job, Mark::Intent)));
    assert!(!till.sale.is_about_an_earlier_sale());
}

#[test]
fn closing_an_unknown_outcome_acknowledges_nothing() {
    let mut till = unknown();
    till.jobs.clear();
    till.ask(Command::Close);
    assert!(!till.asked_for(|job| is_record(job, Mark::Acknowledged)));
    assert_eq!(till.exits, [30]);
}

#[test]
fn f41_a_payment_is_acknowledged_when_its_screen_is_left() {
    for leave in [true, false] {
        let mut till = Till::presenting();
        till.polled(Ok(request(Status::Paid)));
        if leave {
            till.wake(Timer::LeaveEnding);
        } else {
            till.ask(Command::Close);
        }
        assert!(till.asked_for(|job| is_record(job, Mark::Acknowledged)));
        assert_eq!(till.exits, [0]);
    }
}

#[test]
fn f49_a_payment_whose_screen_was_torn_away_is_not_acknowledged() {
    let mut till = Till::presenting();
    till.polled(Ok(request(Status::Paid)));
    till.ask(Command::Leave);
    assert!(!till.asked_for(|job| is_record(job, Mark::Acknowledged)));
    assert_eq!(till.exits, [0]);
}

#[test]
fn closed_as_paid_is_told_as_paid() {
    let mut till = unknown();
    till.jobs.clear();
    till.told.clear();
    till.ask(Command::CloseByStaff {
        by: "Ana".to_owned(),
        paid: true,
    });
    assert!(matches!(
        till.jobs.as_slice(),
        [Job::Record { record: Record::ClosedByStaff { by, paid: true }, .. }] if by == "Ana"
    ));
    assert_eq!(till.exits, [0]);
    assert!(matches!(
        till.told.as_slice(),
        [
            Announcement::Ended { outcome: "paid", .. },
            Announcement::Outcome { outcome: "paid", reason: Some(reason), .. },
        ] if reason == "closed as paid by Ana"
    ));
}

#[test]
fn unchanged_unknown_is_told_once() {
    let mut till = unknown();
    till.told.clear();
    till.jobs.clear();
    for _ in 0..3 {
        till.wake(Timer::Recheck);
        till.read(Ask::Again, Ok(request(Status::Paid)));
        till.happen(Fact::Activities(Ok(Vec::new())));
        assert!(matches!(till.ending(), crate::sale::Ending::Unknown { .. }));
    }
    assert!(till.told.is_empty(), "{:?}", till.told);
    assert!(!till.asked_for(|job| is_record(job, Mark::Verdict)));
    assert!(till.wakes_for(Timer::Recheck).is_some());
}
