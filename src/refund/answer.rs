//! What the platform's answers prove about a refund.

use super::codes::{ALREADY_REFUNDED, INACTIVE_ASSET, INVALID_AMOUNT, REPEAT_REFERENCE};
use super::{Left, Order};
use crate::money::Amount;
use crate::payment::{Refund, Refunds, RequestId, Text};

/// Whether an answer can be the one to this order: nothing that it says is of another.
pub(super) fn fits(refund: &Refund, order: &Order) -> bool {
    is_of(refund, &order.id)
        && refund
            .external_ref
            .as_ref()
            .is_none_or(|reference| reference.is(&order.external_ref))
        && refund.value.is_none_or(|value| value == order.amount)
}

/// What the refunds of a request prove about an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Evidence {
    pub(super) found: Found,
    /// What they leave of the payment.
    pub(super) left: Left,
}

/// Whether an order is among the refunds of its request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// It was started; its own short code, if the platform says it.
    Ours(Option<Text>),
    /// The reference stands for another amount.
    OtherAmount(Amount),
    /// It is not there.
    Nothing,
    /// The list has refunds without a reference that may be it.
    Possible,
    /// The list does not tell: it is cut off, or not readable.
    Unclear,
}

impl Evidence {
    /// A list that could not be read.
    pub(super) const NONE: Self = Self {
        found: Found::Unclear,
        left: Left::Unclear,
    };

    /// What the list shows.
    pub(super) fn of(refunds: &Refunds, order: &Order) -> Self {
        Self {
            found: find(refunds, order),
            left: left(refunds, order),
        }
    }

    /// Whether the refunds in the list account for a refusal with this code, if none of them is the order.
    /// Only then the refusal proves that an earlier call of the order, without an answer, had no effect.
    pub(super) fn explains(&self, code: &str, order: &Order) -> bool {
        match code {
            // The platform most likely has the reference from the call without an answer.
            REPEAT_REFERENCE => false,
            ALREADY_REFUNDED | INACTIVE_ASSET => self.left == Left::Nothing,
            INVALID_AMOUNT => match self.left {
                Left::Nothing => true,
                Left::Part(left) => left.checked_sub(order.amount).is_none(),
                Left::All | Left::Unclear => false,
            },
            _ => true,
        }
    }

    /// Why an order stays unknown, and what not to do.
    pub(super) fn why_unknown(&self) -> &'static str {
        match (self.left, &self.found) {
            (Left::Nothing, _) => {
                "everything that was paid was given back already, by this refund or by another: \
                 give nothing back in another way"
            }
            (_, Found::Possible) => {
                "the list of refunds may have this one: give nothing back in another way"
            }
            _ => "what happened before could not be made out",
        }
    }
}

/// Looks for an order among the refunds of its request. Only the reference proves that a refund is this
/// one: another counter may have given back the same amount.
fn find(refunds: &Refunds, order: &Order) -> Found {
    let named = refunds.listed.iter().find(|refund| {
        is_of(refund, &order.id)
            && refund
                .external_ref
                .as_ref()
                .is_some_and(|reference| reference.is(&order.external_ref))
    });
    match named.map(|refund| (refund.value, &refund.short_code)) {
        Some((Some(value), code)) if value == order.amount => Found::Ours(code.clone()),
        Some((Some(value), _)) => Found::OtherAmount(value),
        Some((None, _)) => Found::Unclear,
        None if may_have(refunds, order) => Found::Possible,
        None if !refunds.is_complete => Found::Unclear,
        None => Found::Nothing,
    }
}

/// Whether refunds without a reference may be the order. The documented activities have no reference, and each
/// is of one asset only: the refund of a payment with two assets may be listed in two parts.
fn may_have(refunds: &Refunds, order: &Order) -> bool {
    let unnamed = refunds
        .listed
        .iter()
        .filter(|refund| is_of(refund, &order.id) && refund.external_ref.is_none());
    let mut sum = 0_u64;
    for refund in unnamed {
        let Some(value) = refund.value else {
            return true;
        };
        if order.amount.checked_sub(value).is_some() {
            sum = sum.saturating_add(value.minor());
        }
    }

    sum >= order.amount.minor()
}

/// Adds up the refunds of a request. Those that are known suffice to prove that nothing is left.
fn left(refunds: &Refunds, order: &Order) -> Left {
    let mut left = order.paid.minor();
    let mut is_clear = refunds.is_complete;
    for refund in &refunds.listed {
        let value = refund
            .value
            .filter(|value| value.currency() == order.paid.currency());
        match value {
            Some(value) if is_of(refund, &order.id) => left = left.saturating_sub(value.minor()),
            _ => is_clear = false,
        }
    }

    match left {
        0 => Left::Nothing,
        _ if !is_clear => Left::Unclear,
        _ if refunds.listed.is_empty() => Left::All,
        left => Left::Part(Amount::from_minor(left, order.paid.currency())),
    }
}

fn is_of(refund: &Refund, id: &RequestId) -> bool {
    refund.request.as_ref().is_none_or(|request| request == id)
}

#[cfg(test)]
mod tests {
    use super::super::Payment;
    use super::*;
    use crate::basket::Basket;
    use crate::money::Currency;
    use crate::payment::ExternalRef;

    const ID: &str = "MhocUmpxxmgdHjr7DgKoKw";

    fn nzd(minor: u64) -> Amount {
        Amount::from_minor(minor, Currency::NZD)
    }

    fn order() -> Order {
        Order {
            id: RequestId::new(ID).expect("an id"),
            short_code: None,
            amount: nzd(500),
            paid: nzd(1250),
            external_ref: "R1".to_owned(),
            invoice_ref: None,
            items: Basket::default(),
            payment: Payment::default(),
        }
    }

    fn refund(reference: Option<&str>, value: Option<Amount>) -> Refund {
        Refund {
            request: RequestId::new(ID),
            external_ref: reference.map(ExternalRef::new),
            value,
            short_code: Some(Text::clean("CP-C7F-ZS5-032")),
        }
    }

    fn found(listed: &[Refund]) -> Found {
        let refunds = Refunds {
            listed: listed.to_vec(),
            is_complete: true,
        };

        find(&refunds, &order())
    }

    #[test]
    fn an_answer_about_another_refund_is_not_believed() {
        let elsewhere = Refund {
            request: RequestId::new("another"),
            ..refund(Some("R1"), Some(nzd(500)))
        };
        for other in [
            refund(Some("R2"), Some(nzd(500))),
            refund(Some("R1"), Some(nzd(501))),
            refund(Some("R1"), Some(Amount::from_minor(500, Currency::AUD))),
            elsewhere,
        ] {
            assert!(!fits(&other, &order()), "{other:?}");
        }
        assert!(fits(&refund(Some("R1"), Some(nzd(500))), &order()));
        assert!(fits(&refund(None, None), &order()), "what is left out");
    }

    #[test]
    fn only_a_refund_with_the_reference_and_the_amount_is_called_ours() {
        let other = refund(Some("R2"), Some(nzd(500)));
        assert_eq!(
            found(&[other.clone(), refund(Some("R1"), Some(nzd(500)))]),
            Found::Ours(Some(Text::clean("CP-C7F-ZS5-032")))
        );
        assert_eq!(
            found(&[refund(Some("R1"), Some(nzd(200)))]),
            Found::OtherAmount(nzd(200))
        );
        assert_eq!(found(&[other]), Found::Nothing);
        assert_eq!(found(&[]), Found::Nothing);
        assert_eq!(
            found(&[refund(None, Some(nzd(750)))]),
            Found::Nothing,
            "what a void gave back is of another amount"
        );
    }

    #[test]
    fn what_does_not_say_what_it_is_proves_nothing() {
        assert_eq!(found(&[refund(Some("R1"), None)]), Found::Unclear);
        assert_eq!(found(&[refund(None, Some(nzd(500)))]), Found::Possible);
        assert_eq!(found(&[refund(None, None)]), Found::Possible);
        let cut_off = Refunds {
            listed: Vec::new(),
            is_complete: false,
        };
        assert_eq!(find(&cut_off, &order()), Found::Unclear);
    }

    #[test]
    fn parts_of_one_refund_may_be_listed() {
        let part = |minor| refund(None, Some(nzd(minor)));
        let of_aud = refund(None, Some(Amount::from_minor(500, Currency::AUD)));
        assert_eq!(found(&[part(750), part(300), part(200)]), Found::Possible);
        assert_eq!(found(&[part(300), part(199)]), Found::Nothing);
        assert_eq!(found(&[part(1250)]), Found::Nothing);
        assert_eq!(found(&[of_aud]), Found::Nothing);
    }

    #[test]
    fn refusal_is_explained_by_other_refunds_only() {
        let explains = |code, listed: &[u64]| {
            let listed = listed.iter().map(|minor| refund(None, Some(nzd(*minor))));
            let refunds = Refunds {
                listed: listed.collect(),
                is_complete: true,
            };

            Evidence::of(&refunds, &order()).explains(code, &order())
        };
        for code in [ALREADY_REFUNDED, INACTIVE_ASSET] {
            assert!(explains(code, &[1250]), "{code}");
            assert!(!explains(code, &[1249]), "{code}");
            assert!(!explains(code, &[]), "{code}");
        }
        assert!(explains(INVALID_AMOUNT, &[751]), "4.99 are left");
        assert!(!explains(INVALID_AMOUNT, &[750]), "5.00 are left");
        assert!(!explains(REPEAT_REFERENCE, &[1250]));
        assert!(explains("REFUND_DECLINED", &[]));
        for code in [ALREADY_REFUNDED, INACTIVE_ASSET, INVALID_AMOUNT] {
            assert!(!Evidence::NONE.explains(code, &order()), "{code}");
        }
    }

    fn left_of(listed: &[Refund], is_complete: bool) -> Left {
        let refunds = Refunds {
            listed: listed.to_vec(),
            is_complete,
        };

        Evidence::of(&refunds, &order()).left
    }

    #[test]
    fn refunds_that_sum_to_the_payment_leave_nothing() {
        let part = |minor| refund(None, Some(nzd(minor)));
        assert_eq!(left_of(&[part(1250)], true), Left::Nothing);
        assert_eq!(left_of(&[part(750), part(500)], true), Left::Nothing);
        assert_eq!(left_of(&[part(750), part(600)], false), Left::Nothing);
        assert_eq!(
            left_of(&[part(1250), refund(None, None)], true),
            Left::Nothing
        );
        assert_eq!(left_of(&[part(750)], true), Left::Part(nzd(500)));
        assert_eq!(left_of(&[], true), Left::All);
    }

    #[test]
    fn unclear_list_leaves_an_unclear_rest() {
        let elsewhere = Refund {
            request: RequestId::new("another"),
            ..refund(None, Some(nzd(1250)))
        };
        let aud = refund(None, Some(Amount::from_minor(1250, Currency::AUD)));
        for listed in [elsewhere, aud, refund(None, None)] {
            assert_eq!(left_of(&[listed], true), Left::Unclear);
        }
        assert_eq!(left_of(&[], false), Left::Unclear);
    }
}
