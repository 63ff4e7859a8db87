//! Answers about other requests, and sums that cannot be: nothing is shown, voided or told by them.

use super::till::*;
use crate::money::{Amount, Currency};
use crate::payment::{
    Activity, ActivityKind, ExternalRef, PaidBy, PaymentRequest, RequestId, Status, Text,
};
use crate::sale::{Ask, Command, Ending, Fact, Job, Mark, Misfit, Rejection, State, Timer};

fn aud(minor: u64) -> Amount {
    Amount::from_minor(minor, Currency::AUD)
}

fn refund(value: Amount) -> Activity {
    Activity {
        value: Some(value),
        ..activity(ActivityKind::Refund)
    }
}

/// A sale whose customer may pay a part of it.
fn payable_in_parts() -> Till {
    let mut asked = order();
    asked.particulars = crate::sale::Particulars {
        basket_amount: Some(nzd(2000)),
        ..crate::sale::Particulars::default()
    }
    .into();
    let mut till = Till::new();
    till.ask(Command::Start(asked));
    till.happen(Fact::Recalled(Ok(crate::sale::Recollection::default())));
    till.recorded(Mark::Intent);
    till.show_code();

    till
}

fn paid_by(totals: &[Amount]) -> PaymentRequest {
    let by = totals.iter().map(|total| PaidBy {
        description: Text::clean("Centrapay NZD"),
        total: Some(*total),
        ..PaidBy::default()
    });

    PaymentRequest {
        paid_by: by.collect(),
        ..request(Status::Paid)
    }
}

fn never_shown(till: &Till) -> bool {
    !matches!(till.sale.state(), State::Presenting(_)) && !till.asked_for(is_void)
}

#[test]
fn create_answered_with_a_known_request_is_lost() {
    let mut till = Till::asking();
    till.created(Ok(request(Status::New)));
    till.encoded();
    till.happen(Fact::Duplicate(Mark::Created));
    assert!(never_shown(&till));
    assert!(till.wakes_for(Timer::Recreate).is_some());
    till.wake(Timer::Recreate);
    assert_eq!(till.sale.attempt(), 2);
}

#[test]
fn create_answered_with_another_reference_is_lost() {
    let mut till = Till::asking();
    till.created(Ok(PaymentRequest {
        external_ref: Some(ExternalRef::new("A1")),
        ..request(Status::New)
    }));
    assert!(never_shown(&till));
    assert!(!till.asked_for(|job| is_record(job, Mark::Created)));
    assert!(till.wakes_for(Timer::Recreate).is_some());
}

#[test]
fn known_request_of_another_amount_is_not_voided() {
    let mut till = Till::asking();
    till.created(Ok(PaymentRequest {
        value: Some(nzd(9900)),
        ..request(Status::Paid)
    }));
    assert!(till.asked_for(|job| is_record(job, Mark::Voiding)));
    till.happen(Fact::Duplicate(Mark::Voiding));
    assert!(!till.asked_for(is_void));
    assert!(matches!(till.ending(), Ending::Unreachable(_)));
}

#[test]
fn void_answered_about_another_request_is_lost() {
    let elsewhere = Activity {
        request: RequestId::new("another"),
        ..activity(ActivityKind::Refund)
    };
    let mut till = Till::presenting();
    till.ask(Command::Cancel);
    till.recorded(Mark::Voiding);
    for _ in 0..2 {
        till.happen(Fact::Voided(Ok(elsewhere.clone())));
        till.wake(Timer::Revoid);
    }
    till.happen(Fact::Voided(Ok(elsewhere.clone())));
    till.read(Ask::Verdict, Ok(request(Status::Paid)));
    till.happen(Fact::Activities(Ok(vec![elsewhere])));
    assert!(matches!(till.ending(), Ending::Unknown { .. }));
}

#[test]
fn refund_of_another_sum_is_unknown() {
    for value in [nzd(1), aud(1250), nzd(1249)] {
        let mut till = Till::voided(Ok(refund(value)));
        till.read(Ask::Verdict, Ok(request(Status::Paid)));
        till.happen(Fact::Activities(Ok(vec![refund(value)])));
        assert!(matches!(till.ending(), Ending::Unknown { .. }), "{value:?}");
    }
}

#[test]
fn refunds_that_sum_to_the_payment_are_a_refund() {
    let mut till = Till::voided(Ok(refund(nzd(500))));
    till.read(Ask::Verdict, Ok(request(Status::Paid)));
    let listed = vec![refund(nzd(500)), refund(nzd(750))];
    till.happen(Fact::Activities(Ok(listed)));
    assert_eq!(*till.ending(), Ending::RefundStarted);
}

#[test]
fn paid_without_remaining_goes_by_the_sum() {
    for (totals, ending) in [
        (vec![nzd(1250)], "paid"),
        (vec![nzd(500), nzd(750)], "paid"),
        (vec![nzd(500)], "part-paid"),
        (vec![], "unknown"),
        (vec![aud(1250)], "unknown"),
        (vec![nzd(0)], "unknown"),
    ] {
        let mut till = payable_in_parts();
        till.polled(Ok(paid_by(&totals)));
        assert_eq!(till.ending().name(), ending, "{totals:?}");
    }
}

#[test]
fn paid_in_full_needs_no_sum_if_no_parts_are_allowed() {
    for totals in [vec![], vec![nzd(1250)], vec![aud(1250)], vec![nzd(1300)]] {
        let mut till = Till::presenting();
        till.polled(Ok(paid_by(&totals)));
        assert_eq!(till.ending().name(), "paid", "{totals:?}");
    }
}

#[test]
fn odd_sums_are_told_as_the_reason() {
    for (totals, reason) in [
        (vec![nzd(1250)], None),
        (
            vec![nzd(1300)],
            Some("Centrapay names $13.00 as paid for $12.50"),
        ),
        (
            vec![aud(1250)],
            Some("Centrapay names 12.50 AUD as paid for $12.50"),
        ),
    ] {
        let mut till = Till::presenting();
        till.polled(Ok(paid_by(&totals)));
        till.ask(Command::Close);
        let Some(crate::sale::Announcement::Outcome { reason: told, .. }) = till.told.last() else {
            panic!("{:?}", till.told);
        };
        assert_eq!(told.as_deref(), reason);
    }
}

#[test]
fn impossible_remaining_amount_is_a_mismatch() {
    for remaining in [nzd(1251), aud(500)] {
        for status in [Status::New, Status::Paid] {
            let mut till = Till::presenting();
            till.polled(Ok(PaymentRequest {
                remaining: Some(remaining),
                ..request(status)
            }));
            let State::Voiding(voiding) = till.sale.state() else {
                panic!("{:?}", till.sale.state());
            };
            let expected = crate::sale::Cause::Rejected(Rejection::Misfit(Misfit::Remaining));
            assert_eq!(*voiding.cause(), expected);
        }
    }
}

#[test]
fn over_with_less_remaining_looks_for_the_refund() {
    for status in [Status::Expired, Status::Cancelled] {
        let over = || PaymentRequest {
            remaining: Some(nzd(750)),
            ..request(status.clone())
        };
        let mut till = Till::presenting();
        till.polled(Ok(over()));
        assert!(till.asked_for(|job| matches!(job, Job::ListActivities(_))));
        till.happen(Fact::Activities(Ok(vec![refund(nzd(500))])));
        assert_eq!(*till.ending(), Ending::RefundStarted);

        let mut till = Till::presenting();
        till.polled(Ok(over()));
        till.happen(Fact::Activities(Ok(Vec::new())));
        assert!(matches!(till.ending(), Ending::Unknown { .. }));
    }
}
