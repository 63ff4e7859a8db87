//! The look-up of a request whose create was not answered.

use std::time::Duration;

use super::till::*;
use crate::domain::payment::{
    ConfigId, ExternalRef, Failure, Liveness, PayUrl, PaymentRequest, RequestId, Status, Text,
};
use crate::sale::{Command, Delay, Event, Fact, Job, Mark, Moment, Pause, Record, State, Timer};

/// Returns a sale, of a merchant with a known account, whose create failed like this.
fn create_failed(failure: Failure) -> Till {
    let mut till = Till::creating(order_with_account());
    till.jobs.clear();
    till.created(Err(failure));

    till
}

/// Returns a sale that was cancelled before the answer to its create was lost.
fn cancelled_and_lost() -> Till {
    let mut till = Till::creating(order_with_account());
    till.ask(Command::Cancel);
    till.created(Err(lost()));

    till
}

fn found(found: Vec<PaymentRequest>) -> Till {
    let mut till = create_failed(lost());
    till.found(Ok(found));

    till
}

fn other_request() -> PaymentRequest {
    request_with(Status::New, |request| {
        request.id = RequestId::new("other").expect("an id");
        request.url = PayUrl::parse("https://app.centrapay.com/pay/other");
    })
}

fn assert_new_attempt_follows(till: &mut Till) {
    till.wake(Timer::Recreate);
    assert_eq!(till.sale.attempt(), 2);
}

#[test]
fn f1_found_request_is_shown() {
    let mut till = create_failed(lost());
    assert!(matches!(
        till.take_jobs().as_slice(),
        [Job::LookUp { external_ref, .. }] if external_ref == "A1.t0k3n"
    ));
    till.found(Ok(vec![request(Status::New)]));
    till.make_code_ready();
    let request = till.presenting_state().request();
    assert_eq!(request.id.as_str(), ID);
    assert_eq!(request.validity(), Duration::from_secs(100));
    assert_eq!(till.sale.attempt(), 1);
}

#[test]
fn f1_unfit_found_request_is_not_shown() {
    let with_time_left = |left| request_with(Status::New, |request| request.time_left = left);
    for unfit in [
        request(Status::Expired),
        request(Status::Cancelled),
        with_time_left(Some(Duration::from_secs(29))),
        with_time_left(None),
        request_with(Status::New, |request| request.value = None),
    ] {
        let mut till = found(vec![unfit]);
        assert_new_attempt_follows(&mut till);
        assert!(till.records(Mark::Intent));
    }
}

/// Returns requests that differ from [`request`] in one field each. Each difference proves that another counter
/// made it.
fn foreign(status: Status) -> [PaymentRequest; 5] {
    let foreign = |change: fn(&mut PaymentRequest)| request_with(status.clone(), change);

    [
        foreign(|request| request.external_ref = Some(ExternalRef::new("A1-2"))),
        foreign(|request| request.age = Some(Duration::from_secs(31))),
        foreign(|request| request.value = Some(nzd(99))),
        foreign(|request| request.config_id = Some(ConfigId::new("another"))),
        foreign(|request| request.liveness = Some(Liveness::Test)),
    ]
}

#[test]
fn f1_f2_foreign_request_is_left_alone() {
    for status in [Status::New, Status::Paid] {
        for theirs in foreign(status) {
            let mut till = found(vec![theirs.clone()]);
            till.wake(Timer::Recreate);
            assert_eq!(till.sale.attempt(), 2, "{theirs:?}");
            till.recorded(Mark::Intent);
            till.created(Err(refused(400, "BAD")));
            assert_eq!(till.count_in_watch(is_void), 0, "{theirs:?}");
            assert!(voided_ids(&till.jobs).is_empty());
        }
    }
}

#[test]
fn f1_found_request_as_old_as_create_fits() {
    let mut till = create_failed(lost());
    let mut own = request(Status::New);
    own.age = Some(Duration::from_secs(38));
    own.external_ref = Some(ExternalRef::new("A1.t0k3n"));
    till.happen(Fact::Found {
        at: second(8),
        answer: Ok(vec![own]),
    });
    assert!(till.records(Mark::Created));
}

/// An abandoned create can reach the platform for 15 minutes.
#[test]
fn f2_much_younger_request_is_left_alone() {
    for (seconds, is_own) in [(920, true), (921, false)] {
        let mut till = create_failed(lost());
        let mut young = request(Status::New);
        young.age = Some(Duration::from_secs(20));
        till.happen(Fact::Found {
            at: second(seconds),
            answer: Ok(vec![young]),
        });
        assert_eq!(till.records(Mark::Created), is_own, "{seconds}");
    }
}

#[test]
fn f2_found_payment_ends_unknown() {
    for status in [Status::Paid, Status::Unknown(Text::clean("settling"))] {
        for cancelled in [false, true] {
            let mut till = create_failed(lost());
            if cancelled {
                till.ask(Command::Cancel);
            }
            till.found(Ok(vec![other_request(), request(status.clone())]));
            assert_eq!(till.ending().name(), "unknown");
            assert!(voided_ids(&till.jobs).is_empty());
            // The journal has the id, so the next launch asks about this request before it sells.
            assert!(till.asked_for(|job| matches!(
                job,
                Job::Record { record: Record::Created { id, .. }, .. } if id.as_str() == ID
            )));
            assert_eq!(till.count_in_watch(is_void), 1, "the open one is voided");
            till.ask(Command::Retry);
            assert_eq!(till.sale.attempt(), 1);
        }
    }
}

#[test]
fn f1_throttled_lookup_is_repeated_once() {
    let mut till = create_failed(lost());
    till.jobs.clear();
    till.found(Err(throttled(3)));
    assert!(matches!(
        till.wakes_for(Timer::Recreate),
        Some(Delay::Between(least, _)) if least == Duration::from_secs(3)
    ));
    assert!(!till.asked_for(is_look_up));
    let mut impatient = create_failed(lost());
    impatient.found(Err(throttled(3)));
    impatient.ask(Command::Cancel);
    assert_eq!(impatient.ending().name(), "cancelled");
    till.wake(Timer::Recreate);
    assert!(till.asked_for(is_look_up));
    till.jobs.clear();
    till.found(Err(throttled(3)));
    till.wake(Timer::Recreate);
    assert!(!till.asked_for(is_look_up));
    assert_eq!(till.sale.attempt(), 2);
}

#[test]
fn f6_waiting_look_up_has_a_reason() {
    let mut till = create_failed(lost());
    till.found(Err(throttled(3)));
    assert_eq!(till.creating_state().pause(), Some(Pause::Throttled));
}

#[test]
fn f2_second_found_request_is_voided() {
    let mut till = found(vec![request(Status::New), other_request()]);
    till.make_code_ready();
    till.happen(Fact::Shown);
    let voided: Vec<_> = till
        .watch_jobs
        .iter()
        .filter_map(|(_, job)| match job {
            Job::Void(id) => Some(id.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(voided, ["other"]);
    assert!(matches!(till.sale.state(), State::Presenting(_)));
}

/// An empty look-up proves nothing, but a new attempt is safe.
#[test]
fn f3_nothing_found_allows_new_attempt() {
    for answer in [Ok(Vec::new()), Err(lost())] {
        let mut till = create_failed(lost());
        till.found(answer);
        assert_new_attempt_follows(&mut till);
    }
}

#[test]
fn f37_found_request_is_voided() {
    let mut till = cancelled_and_lost();
    till.found(Ok(vec![request(Status::New)]));
    assert_eq!(voided_ids(&till.jobs), [ID]);
}

#[test]
fn f37_nothing_found_ends_cancelled() {
    let mut till = cancelled_and_lost();
    till.found(Ok(Vec::new()));
    assert_eq!(till.ending().name(), "cancelled");
    assert_eq!(till.sale.attempt(), 1);
}

#[test]
fn f4_unsent_create_is_not_looked_up() {
    let till = create_failed(unsent());
    assert!(!till.asked_for(is_look_up));
    assert!(till.wakes_for(Timer::Recreate).is_some());
}

#[test]
fn f1_no_lookup_without_account() {
    let mut till = Till::asking();
    till.created(Err(lost()));
    assert!(!till.asked_for(is_look_up));
    assert_new_attempt_follows(&mut till);
}

#[test]
fn late_lookup_answer_is_dropped() {
    let mut till = create_failed(lost());
    let round = till.sale.round();
    till.found(Ok(Vec::new()));
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
fn f1_three_unfound_creates_end_sale() {
    let mut till = create_failed(lost());
    for _ in 0..2 {
        till.found(Ok(Vec::new()));
        till.wake(Timer::Recreate);
        till.recorded(Mark::Intent);
        till.created(Err(lost()));
    }
    till.found(Ok(Vec::new()));
    assert_eq!(till.ending().name(), "unreachable");
}
