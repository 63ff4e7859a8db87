//! What a till hears whose resident display died.

use std::time::Duration;

use super::till::{left, nzd, order};
use crate::payment::Text;
use crate::sale::{Earlier, Ending, HandedOver, Order, Standing, Unpaid, Void};

const HANDOVER: &str = "this one";

/// An attempt of this hand-over.
fn own(standing: Standing) -> Earlier {
    let mut own = left(standing);
    own.order.handover = Some(HANDOVER.to_owned());

    own
}

fn ended_as(unpaid: Unpaid) -> Earlier {
    Earlier {
        unpaid: Some(unpaid),
        ..own(Standing::Watched(Void::NotSent))
    }
}

fn paid() -> Standing {
    Standing::Ended {
        ending: Ending::Paid {
            by: Vec::new(),
            kept: false,
        },
        late: false,
        acknowledged: true,
    }
}

/// The exit code for a till that asked for `asked`.
fn told_of(asked: &Order, attempts: Vec<Earlier>) -> u8 {
    let base_url = "https://service.centrapay.com/";
    let month = Duration::from_secs(30 * 24 * 60 * 60);

    HandedOver::sort(attempts, HANDOVER, Some((asked, base_url, month)))
        .last_word()
        .exit_code
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
fn ending_is_told_as_it_is() {
    assert_eq!(told(vec![own(paid())]), 0);
    for (unpaid, code) in [
        (Unpaid::Expired, 20),
        (Unpaid::Cancelled, 21),
        (Unpaid::Rejected, 40),
        (Unpaid::Unreachable, 41),
        (Unpaid::Unknown, 30),
    ] {
        assert_eq!(told(vec![ended_as(unpaid)]), code, "{unpaid:?}");
    }
}

#[test]
fn nothing_begun_is_unreachable() {
    assert_eq!(told(Vec::new()), 41);
}

#[test]
fn earlier_hand_overs_payment_is_unknown() {
    // Paid before, and this hand-over had not come to it: the till asks once more.
    assert_eq!(told(vec![left(paid())]), 30);
    assert_eq!(told(vec![left(Standing::Payable(Void::NotSent))]), 30);
    assert_eq!(told(vec![left(Standing::Intended)]), 41);
}

#[test]
fn attempt_that_may_be_paid_late_is_unknown() {
    let expired = || Earlier {
        unpaid: Some(Unpaid::Expired),
        ..left(Standing::Watched(Void::NotSent))
    };
    // This hand-over has only begun to read it.
    assert_eq!(told(vec![expired()]), 30);
    assert_eq!(told(vec![expired(), ended_as(Unpaid::Expired)]), 20);
}

#[test]
fn other_sale_of_the_reference_is_not_told() {
    let mut dearer = order();
    dearer.amount = nzd(9900);
    assert_eq!(told_of(&dearer, vec![left(paid())]), 41);
    let long_ago = Earlier {
        age: Some(Duration::from_secs(400 * 24 * 60 * 60)),
        ..left(paid())
    };
    assert_eq!(told(vec![long_ago]), 41);
}

#[test]
fn unknown_earlier_attempt_outweighs_an_expired_one() {
    let unknown = Earlier {
        unpaid: Some(Unpaid::Unknown),
        ..left(Standing::Watched(Void::Unanswered))
    };
    assert_eq!(told(vec![unknown, ended_as(Unpaid::Expired)]), 30);
}

#[test]
fn unreadable_configuration_compares_no_terms() {
    let attempts = vec![left(paid())];
    let word = HandedOver::sort(attempts, HANDOVER, None);
    assert_eq!(word.last_word().exit_code, 30);
}

#[test]
fn names_and_codes_are_the_endings() {
    let failure = crate::payment::Failure::Ambiguous(Text::clean("lost"));
    for (unpaid, ending) in [
        (Unpaid::Expired, Ending::Expired),
        (Unpaid::Cancelled, Ending::Cancelled { reason: None }),
        (Unpaid::Unreachable, Ending::Unreachable(failure)),
        (Unpaid::Unknown, Ending::unknown()),
    ] {
        assert_eq!(unpaid.name(), ending.name());
        assert_eq!(unpaid.exit_code(), ending.exit_code());
        assert_eq!(Unpaid::named(unpaid.name()), Some(unpaid));
    }
    assert_eq!(Unpaid::named("paid"), None);
}
