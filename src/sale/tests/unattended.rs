//! A run that nobody attends, and what is looked after one at a time.

use std::time::Duration;

use super::sweeping::jobs_beside;
use super::till::*;
use super::watching::*;
use crate::payment::{ActivityKind, PaymentRequest, Status};
use crate::sale::{
    Ask, Command, Earlier, Fact, Job, Mark, Moment, Recollection, Round, Standing, Void,
};

#[test]
fn an_unattended_run_with_nothing_to_settle_ends_with_0() {
    assert_eq!(settling(Vec::new()).exits, [0]);
}

#[test]
fn an_unattended_run_voids_what_is_open_and_ends_with_its_outcome() {
    let mut till = settling(vec![left(Standing::Payable(Void::NotSent))]);
    till.wake(crate::sale::Timer::Poll);
    till.polled(Ok(request(Status::New)));
    till.recorded(Mark::Voiding);
    till.happen(Fact::Voided(Ok(activity(ActivityKind::Cancellation))));
    till.read(Ask::Verdict, Ok(request(Status::Cancelled)));
    assert_eq!(earlier_told(&till), [("cancelled", false)]);
    assert_eq!(till.exits, [21]);
}

#[test]
fn an_unattended_run_leaves_what_stays_unknown_open_and_goes_on() {
    let other = Earlier {
        attempt: 2,
        ..left(Standing::Payable(Void::Unanswered))
    };
    let mut till = settling(vec![left(Standing::Payable(Void::Unanswered)), other]);
    for ending in [Err(lost()), Ok(request(Status::Expired))] {
        for _ in 0..2 {
            if ending.is_err() {
                till.read(Ask::Verdict, Err(lost()));
                till.wake(crate::sale::Timer::Revoid);
            }
        }
        till.read(Ask::Verdict, ending);
    }
    assert_eq!(
        earlier_told(&till),
        [("unknown", false), ("expired", false)]
    );
    assert_eq!(till.exits, [30], "the one that needs a person");
}

#[test]
fn an_unattended_run_ends_only_when_the_watch_has_looked_at_everything() {
    let mut till = settling(vec![watched()]);
    assert!(till.exits.is_empty());
    read_beside(&mut till, Ok(request(Status::Paid)));
    assert_eq!(till.exits, [0]);
    assert_eq!(earlier_told(&till), [("paid", true)]);
}

#[test]
fn an_unattended_run_that_cannot_ask_says_so() {
    let mut till = settling(vec![watched()]);
    read_beside(&mut till, Err(lost()));
    assert_eq!(till.exits, [41]);
}

#[test]
fn an_unattended_run_tells_of_a_payment_nobody_saw_and_leaves_the_notice_to_a_person() {
    let till = settling(vec![left(Standing::Ended {
        ending: crate::sale::Ending::Paid {
            by: Vec::new(),
            kept: false,
        },
        late: false,
        acknowledged: false,
    })]);
    assert_eq!(earlier_told(&till), [("paid", false)]);
    assert!(!till.asked_for(|job| is_record(job, Mark::Acknowledged)));
    assert_eq!(till.exits, [0]);
}

#[test]
fn what_is_recalled_twice_is_looked_after_once() {
    let mut till = opened(watched());
    let asked = till.beside.len();
    till.ask(Command::Start(order()));
    let other = Earlier {
        attempt: 2,
        ..watched()
    };
    till.happen(Fact::Recalled(Ok(Recollection {
        taken: Vec::new(),
        attempts: 0,
        open: vec![watched(), other.clone(), other],
    })));
    assert_eq!(till.beside.len(), asked, "one at a time");
    let mut reads = 0;
    while till.beside.len() > reads && reads < 9 {
        reads = till.beside.len();
        read_beside(&mut till, Ok(request(Status::Expired)));
    }
    let reads = till.beside.iter().filter(|(_, job)| is_read(job)).count();
    assert_eq!(reads, 2, "one each");
}

#[test]
fn a_fact_of_another_round_is_not_for_the_attempt_at_hand() {
    let mut till = opened(watched());
    let stale = Round::default();
    till.happen_in(
        stale,
        Fact::Read {
            ask: Ask::Again,
            at: Moment::default(),
            answer: Ok(request(Status::Paid)),
        },
    );
    assert_eq!(earlier_told(&till), []);
}

#[test]
fn f2_a_stray_request_is_voided_and_then_forgotten() {
    let mut account = order();
    account.merchant.account_id = Some("C4QnjXvj8At6SMsEN4LRi9".to_owned());
    let mut till = Till::new();
    till.ask(Command::Start(account));
    till.happen(Fact::Recalled(Ok(Recollection::default())));
    till.recorded(Mark::Intent);
    till.created(Err(lost()));
    till.happen(Fact::Found {
        at: Moment::default(),
        answer: Ok(vec![
            PaymentRequest {
                time_left: Some(Duration::from_secs(5)),
                ..request(Status::New)
            },
            PaymentRequest {
                id: crate::payment::RequestId::new("ended").expect("an id"),
                ..request(Status::Expired)
            },
        ]),
    });
    till.wake(crate::sale::Timer::Recreate);
    till.recorded(Mark::Intent);
    till.created(Err(unsent()));
    till.wake(crate::sale::Timer::Recreate);
    till.created(Err(unsent()));
    assert_eq!(till.ending().name(), "unreachable");
    let voids = till.beside.iter().filter(|(_, job)| is_void(job)).count();
    assert_eq!(voids, 1, "what has ended needs no void");
    let round = beside(&till);
    till.happen_in(
        round,
        Fact::Voided(Ok(activity(ActivityKind::Cancellation))),
    );
    assert!(till.beside.iter().all(|(_, job)| !is_read(job)));
    assert!(records_beside(&till, Mark::Voiding).is_empty());
}

#[test]
fn f39_what_a_look_up_finds_ended_needs_no_void() {
    for (status, voids) in [
        (Status::Expired, 0),
        (Status::Cancelled, 0),
        (Status::New, 1),
    ] {
        let mut earlier = left_of_another_sale(Standing::Intended);
        earlier.request = None;
        earlier.is_over = true;
        earlier.order.merchant.account_id = Some("C4QnjXvj8At6SMsEN4LRi9".to_owned());
        let mut till = opened(earlier);
        let round = beside(&till);
        till.happen_in(
            round,
            Fact::Found {
                at: Moment::default(),
                answer: Ok(vec![request(status)]),
            },
        );
        assert_eq!(voided_ids(&jobs_beside(&till)).len(), voids);
        assert_eq!(records_beside(&till, Mark::Watched).len(), 1 - voids);
    }
}

#[test]
fn f44_a_void_that_cannot_be_journaled_beside_the_sale_is_not_sent() {
    let mut till = opened(left_of_another_sale(Standing::Created(Void::NotSent)));
    let round = beside(&till);
    till.happen_in(
        round,
        Fact::NotRecorded(Mark::Voiding, "disk full".to_owned()),
    );
    assert!(!till.beside.iter().any(|(_, job)| is_void(job)));
}

#[test]
fn an_unattended_run_sells_nothing() {
    let mut till = settling(vec![left(Standing::Payable(Void::NotSent))]);
    till.jobs.clear();
    till.ask(Command::Start(order()));
    assert!(!till.asked_for(|job| matches!(job, Job::Recall { .. })));
    let mut till = Till::new();
    till.ask(Command::Settle);
    till.jobs.clear();
    till.ask(Command::Start(order()));
    assert!(till.jobs.is_empty());
}
