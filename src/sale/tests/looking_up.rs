//! What a create whose answer was lost has made, where it can be looked up.

use std::time::Duration;

use super::till::*;
use crate::payment::{
    ConfigId, ExternalRef, Failure, Liveness, PayUrl, PaymentRequest, RequestId, Status, Text,
};
use crate::sale::{
    Command, Delay, Event, Fact, Job, Mark, Moment, Order, Recollection, Record, State, Timer,
};

fn order_with_account() -> Order {
    let mut order = order();
    order.merchant.account_id = Some("C4QnjXvj8At6SMsEN4LRi9".to_owned());

    order
}

/// A sale whose create was answered with this.
fn create_answered(failure: Failure) -> Till {
    let mut till = Till::new();
    till.ask(Command::Start(order_with_account()));
    till.happen(Fact::Recalled(Ok(Recollection::default())));
    till.recorded(Mark::Intent);
    till.jobs.clear();
    till.created(Err(failure));

    till
}

fn found(till: &mut Till, found: Vec<PaymentRequest>) {
    till.happen(Fact::Found {
        at: Moment::default(),
        answer: Ok(found),
    });
}

fn other_request() -> PaymentRequest {
    PaymentRequest {
        id: RequestId::new("other").expect("an id"),
        url: PayUrl::parse("https://app.centrapay.com/pay/other"),
        ..request(Status::New)
    }
}

#[test]
fn f1_what_a_lost_create_made_is_looked_up_and_taken_over() {
    let mut till = create_answered(lost());
    assert!(matches!(
        till.take_jobs().as_slice(),
        [Job::LookUp { external_ref, .. }] if external_ref == "A1.t0k3n"
    ));
    found(&mut till, vec![request(Status::New)]);
    till.recorded(Mark::Created);
    till.encoded();
    till.recorded(Mark::Shown);
    let State::Presenting(presenting) = till.sale.state() else {
        panic!("{:?}", till.sale.state());
    };
    assert_eq!(presenting.request().id.as_str(), ID);
    assert_eq!(presenting.request().validity(), Duration::from_secs(100));
    assert_eq!(till.sale.attempt(), 1);
}

#[test]
fn f1_only_what_is_new_fits_and_has_half_a_minute_left_is_taken_over() {
    for unfit in [
        request(Status::Expired),
        request(Status::Cancelled),
        PaymentRequest {
            time_left: Some(Duration::from_secs(29)),
            ..request(Status::New)
        },
        PaymentRequest {
            time_left: None,
            ..request(Status::New)
        },
        PaymentRequest {
            value: None,
            ..request(Status::New)
        },
    ] {
        let mut till = create_answered(lost());
        found(&mut till, vec![unfit]);
        till.wake(Timer::Recreate);
        assert_eq!(till.sale.attempt(), 2, "a new attempt");
        assert!(till.asked_for(|job| is_record(job, Mark::Intent)));
    }
}

/// The same in everything but one thing, each of which makes it somebody else's.
fn not_ours() -> [PaymentRequest; 5] {
    let new = || request(Status::New);

    [
        PaymentRequest {
            external_ref: Some(ExternalRef::new("A1-2")),
            ..new()
        },
        PaymentRequest {
            age: Some(Duration::from_secs(31)),
            ..new()
        },
        PaymentRequest {
            value: Some(nzd(99)),
            ..new()
        },
        PaymentRequest {
            config_id: Some(ConfigId::new("another")),
            ..new()
        },
        PaymentRequest {
            liveness: Some(Liveness::Test),
            ..new()
        },
    ]
}

#[test]
fn f1_f2_what_another_has_made_under_the_same_reference_is_neither_taken_over_nor_voided() {
    for theirs in not_ours() {
        for status in [Status::New, Status::Paid] {
            let theirs = PaymentRequest {
                status,
                ..theirs.clone()
            };
            let mut till = create_answered(lost());
            found(&mut till, vec![theirs.clone()]);
            till.wake(Timer::Recreate);
            assert_eq!(till.sale.attempt(), 2, "{theirs:?}");
            till.recorded(Mark::Intent);
            till.created(Err(refused(400, "BAD")));
            assert!(
                !till.beside.iter().any(|(_, job)| is_void(job)),
                "{theirs:?}"
            );
            assert_eq!(voided_ids(&till.jobs), Vec::<&str>::new());
        }
    }
}

#[test]
fn f1_what_is_found_may_be_as_old_as_the_create_and_states_its_own_reference() {
    let mut till = create_answered(lost());
    till.happen(Fact::Found {
        at: Moment::after_start(Duration::from_secs(8)),
        answer: Ok(vec![PaymentRequest {
            age: Some(Duration::from_secs(38)),
            external_ref: Some(ExternalRef::new("A1.t0k3n")),
            ..request(Status::New)
        }]),
    });
    assert!(till.asked_for(|job| is_record(job, Mark::Created)));
}

#[test]
fn f2_what_is_found_paid_is_neither_shown_nor_given_back_and_a_person_decides() {
    for status in [Status::Paid, Status::Unknown(Text::clean("settling"))] {
        for cancelled in [false, true] {
            let mut till = create_answered(lost());
            if cancelled {
                till.ask(Command::Cancel);
            }
            found(&mut till, vec![other_request(), request(status.clone())]);
            assert_eq!(till.ending().name(), "unknown");
            assert_eq!(voided_ids(&till.jobs), Vec::<&str>::new());
            // The journal knows which, so that the next launch asks about it before it sells.
            assert!(till.jobs.iter().any(|job| matches!(
                job,
                Job::Record { record: Record::Created { id, .. }, .. } if id.as_str() == ID
            )));
            let voids = till.beside.iter().filter(|(_, job)| is_void(job));
            assert_eq!(voids.count(), 1, "the open one is cancelled beside it");
            till.ask(Command::Retry);
            assert_eq!(till.sale.attempt(), 1);
        }
    }
}

#[test]
fn f1_a_look_up_that_the_platform_has_no_time_for_is_repeated_once() {
    let throttled = || Fact::Found {
        at: Moment::default(),
        answer: Err(Failure::Throttled {
            retry_after: Some(Duration::from_secs(3)),
        }),
    };
    let is_look_up = |job: &Job| matches!(job, Job::LookUp { .. });
    let mut till = create_answered(lost());
    till.jobs.clear();
    till.happen(throttled());
    assert!(matches!(
        till.wakes_for(Timer::Recreate),
        Some(Delay::Between(least, _)) if least == Duration::from_secs(3)
    ));
    assert!(!till.asked_for(is_look_up));
    let mut impatient = create_answered(lost());
    impatient.happen(throttled());
    impatient.ask(Command::Cancel);
    assert_eq!(impatient.ending().name(), "cancelled");
    till.wake(Timer::Recreate);
    assert!(till.asked_for(is_look_up));
    till.jobs.clear();
    till.happen(throttled());
    till.wake(Timer::Recreate);
    assert!(!till.asked_for(is_look_up));
    assert_eq!(till.sale.attempt(), 2);
}

#[test]
fn f2_of_two_requests_one_is_taken_over_and_the_other_is_voided_beside_the_sale() {
    let mut till = create_answered(lost());
    found(&mut till, vec![request(Status::New), other_request()]);
    till.recorded(Mark::Created);
    till.encoded();
    till.recorded(Mark::Shown);
    till.happen(Fact::Shown);
    let voided: Vec<_> = till
        .beside
        .iter()
        .filter_map(|(_, job)| match job {
            Job::Void(id) => Some(id.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(voided, ["other"]);
    assert!(matches!(till.sale.state(), State::Presenting(_)));
}

#[test]
fn f3_finding_nothing_is_no_proof_but_a_new_attempt_is_safe() {
    let mut till = create_answered(lost());
    found(&mut till, Vec::new());
    till.wake(Timer::Recreate);
    assert_eq!(till.sale.attempt(), 2);
}

#[test]
fn f3_a_look_up_that_fails_is_like_one_that_finds_nothing() {
    let mut till = create_answered(lost());
    till.happen(Fact::Found {
        at: Moment::default(),
        answer: Err(lost()),
    });
    till.wake(Timer::Recreate);
    assert_eq!(till.sale.attempt(), 2);
}

#[test]
fn f37_a_cancelled_create_that_is_found_is_voided_and_never_shown() {
    let mut till = Till::new();
    till.ask(Command::Start(order_with_account()));
    till.happen(Fact::Recalled(Ok(Recollection::default())));
    till.recorded(Mark::Intent);
    till.ask(Command::Cancel);
    till.created(Err(lost()));
    found(&mut till, vec![request(Status::New)]);
    assert_eq!(voided_ids(&till.jobs), [ID]);
}

#[test]
fn f4_what_was_provably_not_sent_is_not_looked_up() {
    let till = create_answered(unsent());
    assert!(!till.asked_for(|job| matches!(job, Job::LookUp { .. })));
    assert!(till.wakes_for(Timer::Recreate).is_some());
}

#[test]
fn f1_without_an_account_nothing_can_be_looked_up() {
    let mut till = Till::asking();
    till.created(Err(lost()));
    assert!(!till.asked_for(|job| matches!(job, Job::LookUp { .. })));
    till.wake(Timer::Recreate);
    assert_eq!(till.sale.attempt(), 2);
}

#[test]
fn an_answer_to_a_look_up_that_is_no_longer_awaited_is_dropped() {
    let mut till = create_answered(lost());
    let round = till.sale.round();
    found(&mut till, Vec::new());
    till.wake(Timer::Recreate);
    let before = till.sale.clone();
    let effects = till.sale.handle(Event::Happened {
        round,
        fact: Fact::Found {
            at: Moment::default(),
            answer: Ok(vec![request(Status::New)]),
        },
    });
    assert!(effects.is_empty());
    assert_eq!(till.sale, before);
}

#[test]
fn f37_a_cancelled_create_of_which_nothing_is_found_ends_cancelled() {
    let mut till = Till::new();
    till.ask(Command::Start(order_with_account()));
    till.happen(Fact::Recalled(Ok(Recollection::default())));
    till.recorded(Mark::Intent);
    till.ask(Command::Cancel);
    till.created(Err(lost()));
    found(&mut till, Vec::new());
    assert_eq!(till.ending().name(), "cancelled");
    assert_eq!(till.sale.attempt(), 1);
}

#[test]
fn f1_after_three_creates_of_which_nothing_is_found_it_is_unreachable() {
    let mut till = create_answered(lost());
    for _ in 0..2 {
        found(&mut till, Vec::new());
        till.wake(Timer::Recreate);
        till.recorded(Mark::Intent);
        till.created(Err(lost()));
    }
    found(&mut till, Vec::new());
    assert_eq!(till.ending().name(), "unreachable");
}
