//! The outcome that the journal has of a sale.

use std::time::Duration;

use super::till::*;
use crate::domain::outcome::Outcome;
use crate::sale::{Earlier, Ending, JournaledSale, Standing, Void};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Returns the attempts, numbered from 1.
fn numbered(attempts: Vec<Earlier>) -> Vec<Earlier> {
    (1..)
        .zip(attempts)
        .map(|(attempt, earlier)| Earlier { attempt, ..earlier })
        .collect()
}

fn sale(attempts: Vec<Earlier>) -> JournaledSale {
    JournaledSale::newest(numbered(attempts), 30 * DAY).unwrap()
}

fn outcome(attempts: Vec<Earlier>) -> Outcome {
    sale(attempts).outcome().outcome
}

fn ended_as(unpaid: Outcome) -> Earlier {
    Earlier {
        unpaid: Some(unpaid),
        ..left(Standing::Watched(Void::NotSent))
    }
}

fn refunded() -> Earlier {
    left(Standing::Ended {
        ending: Ending::RefundStarted,
        late: false,
        acknowledged: true,
    })
}

/// Returns an attempt that staff closed as not paid.
fn closed_as_not_paid() -> Earlier {
    Earlier {
        closed_by: Some("Ana".to_owned()),
        ..ended_as(Outcome::Unknown)
    }
}

fn aged(age: Duration, earlier: Earlier) -> Earlier {
    Earlier {
        age: Some(age),
        ..earlier
    }
}

fn dearer(mut earlier: Earlier) -> Earlier {
    earlier.order.amount = nzd(9900);

    earlier
}

#[test]
fn no_attempt_is_no_sale() {
    assert_eq!(JournaledSale::newest(Vec::new(), DAY), None);
}

#[test]
fn ending_is_reported() {
    assert_eq!(outcome(vec![left(paid_unseen())]), Outcome::Paid);
    assert_eq!(outcome(vec![refunded()]), Outcome::RefundStarted);
    for unpaid in [
        Outcome::Expired,
        Outcome::Cancelled,
        Outcome::Rejected,
        Outcome::Unreachable,
    ] {
        assert_eq!(outcome(vec![ended_as(unpaid)]), unpaid);
    }
}

#[test]
fn open_attempt_is_unsettled() {
    for standing in [
        Standing::Intended,
        Standing::Created(Void::NotSent),
        Standing::Created(Void::Answered),
        Standing::Payable(Void::NotSent),
        Standing::Payable(Void::Answered),
    ] {
        let open = sale(vec![left(standing)]);
        assert_eq!(open.outcome().outcome, Outcome::Unknown, "{open:?}");
        assert!(!open.outcome().is_settled(), "{open:?}");
    }
}

#[test]
fn ended_sale_is_settled() {
    for ended in [left(paid_unseen()), ended_as(Outcome::Expired)] {
        assert!(sale(vec![ended]).outcome().is_settled());
    }
}

#[test]
fn open_newest_attempt_outweighs_expired() {
    let attempts = vec![ended_as(Outcome::Expired), left(Standing::Intended)];
    assert_eq!(outcome(attempts), Outcome::Unknown);
}

#[test]
fn payable_older_attempt_outweighs_expired() {
    let payable = left(Standing::Payable(Void::Unanswered));
    assert_eq!(
        outcome(vec![payable, ended_as(Outcome::Expired)]),
        Outcome::Unknown
    );
}

#[test]
fn unshown_older_attempt_does_not_count() {
    for standing in [Standing::Intended, Standing::Created(Void::Answered)] {
        let attempts = vec![left(standing), ended_as(Outcome::Expired)];
        assert_eq!(outcome(attempts), Outcome::Expired);
    }
}

#[test]
fn closed_as_not_paid_is_unsettled() {
    for attempts in [
        vec![closed_as_not_paid()],
        vec![closed_as_not_paid(), ended_as(Outcome::Expired)],
    ] {
        assert!(!sale(attempts).outcome().is_settled());
    }
}

#[test]
fn payment_outweighs_other_attempts() {
    for other in [
        ended_as(Outcome::Expired),
        refunded(),
        closed_as_not_paid(),
        left(Standing::Payable(Void::NotSent)),
    ] {
        let paid = sale(vec![left(paid_late()), other]);
        assert_eq!(paid.outcome().outcome, Outcome::Paid, "{paid:?}");
        let attempt = paid.outcome().attempt.map(|attempt| attempt.attempt);
        assert_eq!(attempt, Some(1), "the attempt that was paid");
    }
}

#[test]
fn newest_of_two_is_reported() {
    for standing in [paid_unseen(), Standing::Payable(Void::NotSent)] {
        let two = sale(vec![left(standing.clone()), left(standing)]);
        let attempt = two.outcome().attempt.map(|attempt| attempt.attempt);
        assert_eq!(attempt, Some(2), "{two:?}");
    }
}

#[test]
fn part_payment_outweighs_expired() {
    let part = left(Standing::Ended {
        ending: Ending::PartPaid {
            by: Vec::new(),
            remaining: nzd(250),
        },
        late: false,
        acknowledged: true,
    });
    assert_eq!(
        outcome(vec![part, ended_as(Outcome::Expired)]),
        Outcome::PartPaid
    );
}

#[test]
fn newest_attempt_outweighs_refund() {
    let attempts = vec![refunded(), ended_as(Outcome::Expired)];
    assert_eq!(outcome(attempts), Outcome::Expired);
}

#[test]
fn other_terms_are_another_sale() {
    let attempts = vec![dearer(left(paid_unseen())), ended_as(Outcome::Expired)];
    assert_eq!(outcome(attempts), Outcome::Expired);
}

#[test]
fn other_platform_is_another_sale() {
    let elsewhere = Earlier {
        base_url: "https://elsewhere.example/".to_owned(),
        ..left(paid_unseen())
    };
    let attempts = vec![elsewhere, ended_as(Outcome::Expired)];
    assert_eq!(outcome(attempts), Outcome::Expired);
}

#[test]
fn attempt_long_before_is_another_sale() {
    let attempts = vec![
        aged(90 * DAY, left(paid_unseen())),
        aged(DAY, ended_as(Outcome::Expired)),
    ];
    assert_eq!(outcome(attempts), Outcome::Expired);
}

#[test]
fn old_sale_keeps_all_its_attempts() {
    let attempts = vec![
        aged(91 * DAY, left(paid_late())),
        aged(90 * DAY, ended_as(Outcome::Expired)),
    ];
    assert_eq!(outcome(attempts), Outcome::Paid);
}

#[test]
fn attempts_are_oldest_first() {
    let sale = sale(vec![
        dearer(left(paid_unseen())),
        ended_as(Outcome::Expired),
        ended_as(Outcome::Cancelled),
    ]);
    let numbers: Vec<_> = sale.attempts().map(|attempt| attempt.attempt).collect();
    assert_eq!(numbers, [2, 3]);
}

#[test]
fn payment_has_its_ending() {
    let paid = sale(vec![left(paid_unseen())]);
    assert!(matches!(paid.outcome().ending(), Some(Ending::Paid { .. })));
}
