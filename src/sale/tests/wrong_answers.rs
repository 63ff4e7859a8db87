//! Answers about other requests, and impossible sums.

use super::till::*;
use crate::domain::money::{Amount, Currency};
use crate::domain::order::Particulars;
use crate::domain::payment::{
    Activity, ActivityKind, ExternalRef, PaidBy, PaymentRequest, RequestId, Status, Text,
};
use crate::sale::{
    Announcement, Ask, Cause, Command, Ending, Fact, Mark, Mismatch, Rejection, State, Timer,
};

fn aud(minor: u64) -> Amount {
    Amount::from_minor(minor, Currency::AUD)
}

fn refund(value: Amount) -> Activity {
    Activity {
        value: Some(value),
        ..activity(ActivityKind::Refund)
    }
}

/// Returns a sale that the patron may pay in parts.
fn payable_in_parts() -> Till {
    let mut asked = order();
    asked.particulars = Particulars {
        basket_amount: Some(nzd(2000)),
        ..Particulars::default()
    }
    .into();
    let mut till = Till::creating(asked);
    till.show_code();

    till
}

fn paid_by(totals: &[Amount]) -> PaymentRequest {
    let by = totals.iter().map(|total| PaidBy {
        description: Text::clean("Centrapay NZD"),
        total: Some(*total),
        ..PaidBy::default()
    });

    request_with(Status::Paid, |request| request.paid_by = by.collect())
}

fn never_shown(till: &Till) -> bool {
    !matches!(till.sale.state(), State::Presenting(_)) && !till.asked_for(is_void)
}

#[test]
fn known_request_is_a_lost_create() {
    let mut till = Till::created_new();
    till.encoded();
    till.happen(Fact::Duplicate(Mark::Created));
    assert!(never_shown(&till));
    assert!(till.wakes_for(Timer::Recreate).is_some());
    till.wake(Timer::Recreate);
    assert_eq!(till.sale.attempt(), 2);
}

#[test]
fn other_reference_is_a_lost_create() {
    let mut till = Till::asking();
    till.created(Ok(request_with(Status::New, |request| {
        request.external_ref = Some(ExternalRef::new("A1"));
    })));
    assert!(never_shown(&till));
    assert!(!till.records(Mark::Created));
    assert!(till.wakes_for(Timer::Recreate).is_some());
}

#[test]
fn known_request_is_not_voided() {
    let mut till = Till::asking();
    till.created(Ok(of_value(Status::Paid, 9900)));
    assert!(till.records(Mark::Voiding));
    till.happen(Fact::Duplicate(Mark::Voiding));
    assert!(!till.asked_for(is_void));
    assert!(matches!(till.ending(), Ending::Unreachable(_)));
}

#[test]
fn cancelled_known_request_ends_cancelled() {
    let mut till = Till::asking();
    till.ask(Command::Cancel);
    till.created(Ok(request(Status::New)));
    till.happen(Fact::Duplicate(Mark::Voiding));
    assert_eq!(till.ending().name(), "cancelled");
}

#[test]
fn void_of_other_request_is_lost() {
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
fn refund_of_other_sum_is_unknown() {
    for value in [nzd(1), aud(1250), nzd(1249)] {
        let mut till = Till::voided(Ok(refund(value)));
        till.read(Ask::Verdict, Ok(request(Status::Paid)));
        till.happen(Fact::Activities(Ok(vec![refund(value)])));
        assert!(matches!(till.ending(), Ending::Unknown { .. }), "{value:?}");
    }
}

#[test]
fn refunds_of_full_sum_are_a_refund() {
    let mut till = Till::voided(Ok(refund(nzd(500))));
    till.read(Ask::Verdict, Ok(request(Status::Paid)));
    let listed = vec![refund(nzd(500)), refund(nzd(750))];
    till.happen(Fact::Activities(Ok(listed)));
    assert_eq!(*till.ending(), Ending::RefundStarted);
}

#[test]
fn paid_without_remaining_uses_sum() {
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
fn sum_is_ignored_without_parts() {
    for totals in [vec![], vec![nzd(1250)], vec![aud(1250)], vec![nzd(1300)]] {
        let till = Till::after_poll(paid_by(&totals));
        assert_eq!(till.ending().name(), "paid", "{totals:?}");
    }
}

#[test]
fn odd_sums_are_told_as_reason() {
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
        let mut till = Till::after_poll(paid_by(&totals));
        till.ask(Command::Close);
        let Some(Announcement::Outcome { reason: told, .. }) = till.told.last() else {
            panic!("{:?}", till.told);
        };
        assert_eq!(told.as_deref(), reason);
    }
}

#[test]
fn impossible_remaining_is_mismatch() {
    for remaining in [nzd(1251), aud(500)] {
        for status in [Status::New, Status::Paid] {
            let till = Till::after_poll(request_with(status, |request| {
                request.remaining = Some(remaining);
            }));
            let expected = Cause::Rejected(Rejection::Mismatch(Mismatch::Remaining));
            assert_eq!(*till.voiding_state().cause(), expected);
        }
    }
}

#[test]
fn over_with_less_remaining_needs_refund() {
    for status in [Status::Expired, Status::Cancelled] {
        let over = || request_with(status.clone(), |request| request.remaining = Some(nzd(750)));
        let mut till = Till::after_poll(over());
        assert!(till.asked_for(is_list));
        till.happen(Fact::Activities(Ok(vec![refund(nzd(500))])));
        assert_eq!(*till.ending(), Ending::RefundStarted);

        let mut till = Till::after_poll(over());
        till.listed(&[]);
        assert!(matches!(till.ending(), Ending::Unknown { .. }));
    }
}
