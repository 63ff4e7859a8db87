//! What is looked after beside the sale.

use std::time::Duration;

use super::till::*;
use crate::payment::{Activity, ActivityKind, Failure, PaymentRequest, Status};
use crate::sale::{
    Announcement, Ask, Command, Earlier, Event, Fact, Job, Mark, Moment, Recollection, Record,
    Round, Standing, State, Void,
};

/// The counter is opened without a sale, and this was left of another one.
pub(super) fn opened(earlier: Earlier) -> Till {
    let mut till = Till::new();
    till.ask(Command::Open);
    till.happen(Fact::Recalled(Ok(recalled(earlier))));

    till
}

/// An unattended run that finds these.
pub(super) fn settling(open: Vec<Earlier>) -> Till {
    let mut till = Till::new();
    till.ask(Command::Settle);
    till.happen(Fact::Recalled(Ok(Recollection {
        taken: Vec::new(),
        attempts: 0,
        open,
    })));

    till
}

/// The round that was last used beside the sale.
pub(super) fn beside(till: &Till) -> Round {
    till.beside.last().expect("something beside the sale").0
}

pub(super) fn read_beside(till: &mut Till, answer: Result<PaymentRequest, Failure>) {
    let round = beside(till);
    till.happen_in(
        round,
        Fact::Read {
            ask: Ask::Again,
            at: Moment::default(),
            answer,
        },
    );
}

pub(super) fn listed_beside(till: &mut Till, activities: Vec<Activity>) {
    let round = beside(till);
    till.happen_in(round, Fact::Activities(Ok(activities)));
}

/// W4 of the attempt at hand is on disk.
pub(super) fn voiding_recorded(till: &mut Till) {
    let round = beside(till);
    till.happen_in(round, Fact::Recorded(Mark::Voiding));
}

pub(super) fn records_beside(till: &Till, mark: Mark) -> Vec<&Record> {
    till.beside
        .iter()
        .filter_map(|(_, job)| match job {
            Job::Record { record, .. } if record.mark() == mark => Some(record),
            _ => None,
        })
        .collect()
}

pub(super) fn watched() -> Earlier {
    left_of_another_sale(Standing::Watched(Void::NotSent))
}

pub(super) fn earlier_told(till: &Till) -> Vec<(&'static str, bool)> {
    till.told
        .iter()
        .filter_map(|told| match told {
            Announcement::Earlier { outcome, late, .. } => Some((*outcome, *late)),
            _ => None,
        })
        .collect()
}

#[test]
fn f30_a_late_payment_is_told_recorded_and_shown_at_once_where_nobody_is_served() {
    let mut till = opened(watched());
    assert_eq!(*till.sale.state(), State::Entry);
    read_beside(&mut till, Ok(request(Status::Paid)));
    assert_eq!(earlier_told(&till), [("paid", true)]);
    assert!(matches!(
        records_beside(&till, Mark::Verdict).as_slice(),
        [Record::Verdict { late: true, .. }]
    ));
    let State::Ended(ended) = till.sale.state() else {
        panic!("{:?}", till.sale.state());
    };
    assert!(ended.is_late());
    assert!(
        till.sale.late_payments().is_empty(),
        "it has its own screen"
    );
    till.ask(Command::Close);
    assert_eq!(*till.sale.state(), State::Entry);
}

#[test]
fn f30_a_late_payment_can_be_given_back() {
    let mut till = opened(watched());
    read_beside(&mut till, Ok(request(Status::Paid)));
    till.ask(Command::CancelAndRefund);
    till.recorded(Mark::Voiding);
    till.happen(Fact::Voided(Ok(activity(ActivityKind::Refund))));
    till.read(Ask::Verdict, Ok(request(Status::Paid)));
    assert_eq!(till.ending().name(), "refund-started");
}

#[test]
fn f30_beside_a_sale_the_watch_begins_when_the_code_is_on_the_screen_and_disturbs_nothing() {
    let mut till = Till::new();
    till.start_after(recalled(watched()));
    till.recorded(Mark::Intent);
    till.created(Ok(request(Status::New)));
    till.recorded(Mark::Created);
    till.encoded();
    till.recorded(Mark::Shown);
    assert!(till.beside.iter().all(|(_, job)| !is_read(job)));
    till.happen(Fact::Shown);
    read_beside(&mut till, Ok(request(Status::Paid)));
    assert!(matches!(till.sale.state(), State::Presenting(_)));
    assert_eq!(till.sale.late_payments(), ["Z9"]);
    assert_eq!(earlier_told(&till), [("paid", true)]);
}

#[test]
fn f30_what_is_still_closed_stays_watched_until_the_void_window_is_over_by_the_platforms_clock() {
    for (age, is_closed) in [
        (Some(Duration::from_secs(24 * 3600 - 1)), false),
        (Some(Duration::from_secs(24 * 3600)), true),
        (None, false),
    ] {
        let mut till = opened(watched());
        read_beside(
            &mut till,
            Ok(PaymentRequest {
                age,
                ..request(Status::Expired)
            }),
        );
        assert!(matches!(
            records_beside(&till, Mark::Watched).as_slice(),
            [Record::Watched { closed }] if *closed == is_closed
        ));
    }
}

#[test]
fn f30_paid_after_a_void_is_late_only_where_no_refund_is_under_way() {
    for (void, activities, told) in [
        (Void::Answered, vec![], ("paid", true)),
        (Void::Unanswered, vec![], ("unknown", true)),
        (
            Void::Unanswered,
            vec![activity(ActivityKind::Refund)],
            ("refund-started", true),
        ),
    ] {
        let mut till = Till::new();
        till.start_after(recalled(left_of_another_sale(Standing::Watched(void))));
        till.recorded(Mark::Intent);
        till.show_code();
        read_beside(&mut till, Ok(request(Status::Paid)));
        listed_beside(&mut till, activities);
        assert_eq!(earlier_told(&till), [told]);
    }
}

#[test]
fn a_platform_that_does_not_answer_ends_the_watch_until_the_next_launch() {
    let mut till = Till::new();
    till.ask(Command::Open);
    let other = Earlier {
        attempt: 2,
        ..watched()
    };
    till.happen(Fact::Recalled(Ok(Recollection {
        taken: Vec::new(),
        attempts: 0,
        open: vec![watched(), other],
    })));
    let asked = till.beside.len();
    read_beside(&mut till, Err(lost()));
    assert_eq!(till.beside.len(), asked);
    assert_eq!(*till.sale.state(), State::Entry);
}

#[test]
fn a_fact_of_no_round_at_all_changes_nothing() {
    let mut till = Till::presenting();
    let before = till.sale.clone();
    let stale = Round::default();
    let effects = till.sale.handle(Event::Happened {
        round: stale,
        fact: Fact::Shown,
    });
    assert!(effects.is_empty());
    assert_eq!(till.sale, before);
}

#[test]
fn f48_what_the_platform_refuses_to_talk_about_keeps_nothing_else_waiting() {
    let mut till = Till::new();
    till.ask(Command::Open);
    let other = Earlier {
        attempt: 2,
        ..watched()
    };
    till.happen(Fact::Recalled(Ok(Recollection {
        taken: Vec::new(),
        attempts: 0,
        open: vec![watched(), other],
    })));
    read_beside(&mut till, Err(refused(403, "FORBIDDEN")));
    assert!(matches!(
        records_beside(&till, Mark::Watched).as_slice(),
        [Record::Watched { closed: false }]
    ));
    read_beside(&mut till, Ok(request(Status::Paid)));
    assert_eq!(earlier_told(&till), [("paid", true)]);
}

#[test]
fn f21_another_requests_answer_is_not_taken_for_the_watched_one() {
    let mut till = opened(watched());
    read_beside(
        &mut till,
        Ok(PaymentRequest {
            id: crate::payment::RequestId::new("other").expect("an id"),
            ..request(Status::Paid)
        }),
    );
    assert_eq!(earlier_told(&till), []);
    assert!(records_beside(&till, Mark::Watched).is_empty());
}

#[test]
fn f30_what_is_taken_up_is_no_longer_looked_after_beside_it() {
    let mut till = opened(left(Standing::Watched(Void::NotSent)));
    let round = beside(&till);
    till.ask(Command::Start(order()));
    till.happen(Fact::Recalled(Ok(recalled(left(Standing::Watched(
        Void::NotSent,
    ))))));
    assert!(matches!(till.sale.state(), State::Rechecking(_)));
    till.happen_in(
        round,
        Fact::Read {
            ask: Ask::Again,
            at: Moment::default(),
            answer: Ok(request(Status::Paid)),
        },
    );
    assert_eq!(earlier_told(&till), []);
}

#[test]
fn f30_what_is_not_taken_up_is_still_looked_after() {
    let mut till = Till::new();
    till.ask(Command::Open);
    let second = Earlier {
        attempt: 2,
        ..watched()
    };
    let own = || left(Standing::Watched(Void::NotSent));
    till.happen(Fact::Recalled(Ok(Recollection {
        taken: Vec::new(),
        attempts: 0,
        open: vec![watched(), own(), second],
    })));
    let at_hand = beside(&till);
    till.ask(Command::Start(order()));
    till.happen(Fact::Recalled(Ok(recalled(own()))));
    till.happen_in(
        at_hand,
        Fact::Read {
            ask: Ask::Again,
            at: Moment::default(),
            answer: Ok(request(Status::Expired)),
        },
    );
    read_beside(&mut till, Ok(request(Status::Paid)));
    assert!(till.told.iter().any(|told| matches!(
        told,
        Announcement::Earlier { external_ref, .. } if external_ref == "Z9-2"
    )));
    let reads = till.beside.iter().filter(|(_, job)| is_read(job)).count();
    assert_eq!(reads, 2, "not the one that was taken up");
}

#[test]
fn f22_a_late_payment_of_another_amount_is_not_that_sales_and_a_person_has_to_look() {
    for void in [Void::NotSent, Void::Answered] {
        let mut till = opened(left_of_another_sale(Standing::Watched(void)));
        read_beside(
            &mut till,
            Ok(PaymentRequest {
                value: Some(nzd(1)),
                ..request(Status::Paid)
            }),
        );
        listed_beside(&mut till, Vec::new());
        assert_eq!(earlier_told(&till), [("unknown", true)], "{void:?}");
        assert!(records_beside(&till, Mark::Verdict).is_empty());
    }
}
