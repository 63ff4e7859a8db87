//! What the platform's answers prove about a refund.

use super::Order;
use crate::money::Amount;
use crate::payment::{Refund, Refunds, RequestId};

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// It was started.
    Ours,
    /// The reference stands for another amount.
    OtherAmount(Amount),
    /// It is not there.
    Nothing,
    /// It may be there: the list is cut off, or has a refund that does not say what it is.
    Unclear,
}

/// Looks for an order among the refunds of its request.
pub(super) fn find(refunds: &Refunds, order: &Order) -> Found {
    let named = refunds.listed.iter().find(|refund| {
        is_of(refund, &order.id)
            && refund
                .external_ref
                .as_ref()
                .is_some_and(|reference| reference.is(&order.external_ref))
    });
    // A refund without a reference may be what a void led to, or the platform left it out.
    let may_be_ours = |refund: &Refund| {
        is_of(refund, &order.id)
            && refund.external_ref.is_none()
            && refund.value.is_none_or(|value| value == order.amount)
    };

    match named.map(|refund| refund.value) {
        Some(Some(value)) if value == order.amount => Found::Ours,
        Some(Some(value)) => Found::OtherAmount(value),
        Some(None) => Found::Unclear,
        None if !refunds.is_complete || refunds.listed.iter().any(may_be_ours) => Found::Unclear,
        None => Found::Nothing,
    }
}

fn is_of(refund: &Refund, id: &RequestId) -> bool {
    refund.request.as_ref().is_none_or(|request| request == id)
}

#[cfg(test)]
mod tests {
    use super::*;
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
        }
    }

    fn refund(reference: Option<&str>, value: Option<Amount>) -> Refund {
        Refund {
            request: RequestId::new(ID),
            external_ref: reference.map(ExternalRef::new),
            value,
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
            Found::Ours
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
        assert_eq!(found(&[refund(None, Some(nzd(500)))]), Found::Unclear);
        assert_eq!(found(&[refund(None, None)]), Found::Unclear);
        let cut_off = Refunds {
            listed: Vec::new(),
            is_complete: false,
        };
        assert_eq!(find(&cut_off, &order()), Found::Unclear);
    }
}
