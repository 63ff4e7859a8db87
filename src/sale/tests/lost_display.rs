//! The exit code that a till gets after its resident display died.

use std::time::Duration;

use super::till::*;
use crate::domain::order::Order;
use crate::domain::outcome::Outcome;
use crate::sale::{Earlier, Ending, HandedOver, Standing, Void};

const HANDOVER: &str = "this one";

/// Returns an attempt that this hand-over made.
fn own(standing: Standing) -> Earlier {
    let mut own = left(standing);
    own.order.handover = Some(HANDOVER.to_owned());

    own
}

fn ended_as(unpaid: Outcome) -> Earlier {
    Earlier {
        unpaid: Some(unpaid),
        ..own(Standing::Watched(Void::NotSent))
    }
}

/// Returns the exit code for a till that asked for `asked`.
fn told_of(asked: &Order, attempts: Vec<Earlier>) -> u8 {
    let base_url = "https://service.centrapay.com/";
    let month = Duration::from_secs(30 * 24 * 60 * 60);

    HandedOver::sort(attempts, HANDOVER, Some((asked, base_url, month)))
        .outcome()
        .outcome
        .exit_code()
}

fn told(attempts: Vec<Earlier>) -> u8 {
    told_of(&order(), attempts)
}

#[test]
fn payable_attempt_is_unknown() {
    for standing in [
        Standing::Payable(Void::NotSent),
        Standing::Payable(Void::Unanswered),
    ] {
        assert_eq!(told(vec![own(standing.clone())]), 30);
        let with_customers_code = Earlier {
            patron_presented: true,
            request: None,
            ..own(standing)
        };
        assert_eq!(told(vec![with_customers_code]), 30);
    }
}

#[test]
fn unshown_attempt_is_cancelled() {
    for standing in [Standing::Intended, Standing::Created(Void::NotSent)] {
        assert_eq!(told(vec![own(standing)]), 21);
    }
}

#[test]
fn ending_is_reported() {
    assert_eq!(told(vec![own(paid_and_acknowledged())]), 0);
    for (unpaid, code) in [
        (Outcome::Expired, 20),
        (Outcome::Cancelled, 21),
        (Outcome::Rejected, 40),
        (Outcome::Unreachable, 41),
        (Outcome::Unknown, 30),
    ] {
        assert_eq!(told(vec![ended_as(unpaid)]), code, "{unpaid:?}");
    }
}

#[test]
fn only_ended_attempt_is_settled() {
    for (attempts, is_settled) in [
        (vec![own(paid_and_acknowledged())], true),
        (vec![ended_as(Outcome::Expired)], true),
        (vec![own(Standing::Payable(Void::NotSent))], false),
        (vec![own(Standing::Intended)], false),
        (Vec::new(), false),
    ] {
        let sorted = HandedOver::sort(attempts, HANDOVER, None);
        assert_eq!(sorted.outcome().is_settled(), is_settled, "{sorted:?}");
    }
}

#[test]
fn paid_attempt_has_its_ending() {
    let sorted = HandedOver::sort(vec![own(paid_unseen())], HANDOVER, None);
    assert!(matches!(
        sorted.outcome().ending(),
        Some(Ending::Paid { .. })
    ));
}

#[test]
fn nothing_begun_is_unreachable() {
    assert_eq!(told(Vec::new()), 41);
}

#[test]
fn payment_of_earlier_hand_over_is_unknown() {
    // This hand-over has not read the attempt yet, so the outcome is unknown and the till asks again.
    assert_eq!(told(vec![left(paid_and_acknowledged())]), 30);
    assert_eq!(told(vec![left(Standing::Payable(Void::NotSent))]), 30);
    assert_eq!(told(vec![left(Standing::Intended)]), 41);
}

#[test]
fn possible_late_payment_is_unknown() {
    let expired = || Earlier {
        unpaid: Some(Outcome::Expired),
        ..left(Standing::Watched(Void::NotSent))
    };
    // This hand-over has not finished reading the attempt.
    assert_eq!(told(vec![expired()]), 30);
    assert_eq!(told(vec![expired(), ended_as(Outcome::Expired)]), 20);
}

#[test]
fn other_sale_of_reference_is_ignored() {
    let mut dearer = order();
    dearer.amount = nzd(9900);
    assert_eq!(told_of(&dearer, vec![left(paid_and_acknowledged())]), 41);
    let long_ago = Earlier {
        age: Some(Duration::from_secs(400 * 24 * 60 * 60)),
        ..left(paid_and_acknowledged())
    };
    assert_eq!(told(vec![long_ago]), 41);
}

#[test]
fn unknown_attempt_outweighs_expired() {
    let unknown = Earlier {
        unpaid: Some(Outcome::Unknown),
        ..left(Standing::Watched(Void::Unanswered))
    };
    assert_eq!(told(vec![unknown, ended_as(Outcome::Expired)]), 30);
}

#[test]
fn no_configuration_compares_no_terms() {
    let attempts = vec![left(paid_and_acknowledged())];
    let word = HandedOver::sort(attempts, HANDOVER, None);
    assert_eq!(word.outcome().outcome.exit_code(), 30);
}

#[test]
fn names_and_codes_match_endings() {
    let failure = lost();
    for (unpaid, ending) in [
        (Outcome::Expired, Ending::Expired),
        (Outcome::Cancelled, Ending::Cancelled { reason: None }),
        (Outcome::Unreachable, Ending::Unreachable(failure)),
        (Outcome::Unknown, Ending::unknown()),
    ] {
        assert_eq!(unpaid, ending.outcome());
        assert_eq!(unpaid.as_str(), ending.name());
        assert_eq!(unpaid.exit_code(), ending.exit_code());
        assert_eq!(Outcome::parse(unpaid.as_str()), Some(unpaid));
        assert!(!unpaid.is_money());
    }
    assert!(Outcome::Paid.is_money());
}
