//! Evidence about a refund from the platform's answers.

use super::outcome::Remainder;
use super::request::RefundOrder;
use crate::domain::money::Amount;
use crate::domain::payment::{Refund, Refunds, RequestId, Text};

pub(super) const REPEAT_REFERENCE: &str = "REPEAT_REFERENCE";
const ALREADY_REFUNDED: &str = "ALREADY_REFUNDED";
const INVALID_AMOUNT: &str = "INVALID_AMOUNT";
/// A code that the platform also sends for a payment that was already refunded.
pub(super) const INACTIVE_ASSET: &str = "INACTIVE_ASSET";
/// Refusals that the platform may send because it already has this same refund: from a call whose answer was lost,
/// or from another machine.
pub(super) const MAY_BE_SAME: [&str; 4] = [
    REPEAT_REFERENCE,
    ALREADY_REFUNDED,
    INVALID_AMOUNT,
    INACTIVE_ASSET,
];

/// Returns whether an answer can be about this order. Fields that the answer leaves out do not matter.
pub(super) fn fits(refund: &Refund, order: &RefundOrder) -> bool {
    is_of(refund, &order.id)
        && refund
            .external_ref
            .as_ref()
            .is_none_or(|reference| reference.is(&order.external_ref))
        && refund.value.is_none_or(|value| value == order.amount)
}

/// Evidence about an order from the list of refunds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RefundEvidence {
    pub(super) listed: Listed,
    /// The rest of the payment.
    pub(super) remainder: Remainder,
}

/// Whether the list of refunds has an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Listed {
    /// The list has the order, so it was started. The text is the refund's own short code.
    Same(Option<Text>),
    /// The list has the order's reference, but with another amount.
    OtherAmount(Amount),
    /// The list is complete and does not have the order.
    Missing,
    /// The list has a refund without a reference, which may be the order.
    Possible,
    /// The list is incomplete or cannot be read.
    Unclear,
}

impl RefundEvidence {
    /// The result if the list could not be read.
    pub(super) const NONE: Self = Self {
        listed: Listed::Unclear,
        remainder: Remainder::Unclear,
    };

    pub(super) fn new(refunds: &Refunds, order: &RefundOrder) -> Self {
        Self {
            listed: find(refunds, order),
            remainder: remainder(refunds, order),
        }
    }

    /// Returns whether other refunds explain a refusal with this code. If not, the cause may be an earlier call of
    /// this same order, whose answer was lost.
    pub(super) fn explains(&self, code: &str, order: &RefundOrder) -> bool {
        match code {
            // The platform probably has this reference from an earlier call whose answer was lost.
            REPEAT_REFERENCE => false,
            ALREADY_REFUNDED | INACTIVE_ASSET => self.remainder == Remainder::Nothing,
            INVALID_AMOUNT => match self.remainder {
                Remainder::Nothing => true,
                Remainder::Part(left) => left.checked_sub(order.amount).is_none(),
                Remainder::All | Remainder::Unclear => false,
            },
            _ => true,
        }
    }

    /// Returns why an order stays unknown, and what not to do.
    pub(super) fn why_unknown(&self) -> &'static str {
        match (self.remainder, &self.listed) {
            (Remainder::Nothing, _) => {
                "everything that was paid was given back already, by this refund or by another: \
                 give nothing back in another way"
            }
            (_, Listed::Possible) => {
                "the list of refunds may have this one: give nothing back in another way"
            }
            _ => "the result of an earlier call could not be found out",
        }
    }
}

/// Looks for an order in the list. Only the reference proves that a listed refund is this order: another counter
/// may have refunded the same amount.
fn find(refunds: &Refunds, order: &RefundOrder) -> Listed {
    let named = refunds.listed.iter().find(|refund| {
        is_of(refund, &order.id)
            && refund
                .external_ref
                .as_ref()
                .is_some_and(|reference| reference.is(&order.external_ref))
    });
    match named.map(|refund| (refund.value, &refund.short_code)) {
        Some((Some(value), code)) if value == order.amount => Listed::Same(code.clone()),
        Some((Some(value), _)) => Listed::OtherAmount(value),
        Some((None, _)) => Listed::Unclear,
        None if may_have(refunds, order) => Listed::Possible,
        None if !refunds.is_complete => Listed::Unclear,
        None => Listed::Missing,
    }
}

/// Returns whether refunds without a reference may be the order. By the documentation, activities have no
/// reference, and each has one asset: a refund of a payment with two assets may be listed as two.
fn may_have(refunds: &Refunds, order: &RefundOrder) -> bool {
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

/// Returns the payment less the listed refunds. Even an incomplete list can prove that nothing is left.
fn remainder(refunds: &Refunds, order: &RefundOrder) -> Remainder {
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
        0 => Remainder::Nothing,
        _ if !is_clear => Remainder::Unclear,
        _ if refunds.listed.is_empty() => Remainder::All,
        left => Remainder::Part(Amount::from_minor(left, order.paid.currency())),
    }
}

fn is_of(refund: &Refund, id: &RequestId) -> bool {
    refund.request.as_ref().is_none_or(|request| request == id)
}

#[cfg(test)]
mod tests {
    use super::super::request::RefundedPayment;
    use super::*;
    use crate::domain::basket::Basket;
    use crate::domain::money::Currency;
    use crate::domain::payment::ExternalRef;

    const ID: &str = "MhocUmpxxmgdHjr7DgKoKw";

    fn nzd(minor: u64) -> Amount {
        Amount::from_minor(minor, Currency::NZD)
    }

    fn order() -> RefundOrder {
        RefundOrder {
            id: RequestId::new(ID).expect("an id"),
            short_code: None,
            amount: nzd(500),
            paid: nzd(1250),
            external_ref: "R1".to_owned(),
            invoice_ref: None,
            items: Basket::default(),
            payment: RefundedPayment::default(),
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

    fn found(listed: &[Refund]) -> Listed {
        let refunds = Refunds {
            listed: listed.to_vec(),
            is_complete: true,
        };

        find(&refunds, &order())
    }

    #[test]
    fn answer_about_another_refund_is_refused() {
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
        assert!(fits(&refund(None, None), &order()), "left out");
    }

    #[test]
    fn same_refund_has_reference_and_amount() {
        let other = refund(Some("R2"), Some(nzd(500)));
        assert_eq!(
            found(&[other.clone(), refund(Some("R1"), Some(nzd(500)))]),
            Listed::Same(Some(Text::clean("CP-C7F-ZS5-032")))
        );
        assert_eq!(
            found(&[refund(Some("R1"), Some(nzd(200)))]),
            Listed::OtherAmount(nzd(200))
        );
        assert_eq!(found(&[other]), Listed::Missing);
        assert_eq!(found(&[]), Listed::Missing);
        assert_eq!(
            found(&[refund(None, Some(nzd(750)))]),
            Listed::Missing,
            "a void returned another amount"
        );
    }

    #[test]
    fn vague_list_proves_nothing() {
        assert_eq!(found(&[refund(Some("R1"), None)]), Listed::Unclear);
        assert_eq!(found(&[refund(None, Some(nzd(500)))]), Listed::Possible);
        assert_eq!(found(&[refund(None, None)]), Listed::Possible);
        let cut_off = Refunds {
            listed: Vec::new(),
            is_complete: false,
        };
        assert_eq!(find(&cut_off, &order()), Listed::Unclear);
    }

    #[test]
    fn parts_may_sum_to_the_order() {
        let part = |minor| refund(None, Some(nzd(minor)));
        let of_aud = refund(None, Some(Amount::from_minor(500, Currency::AUD)));
        assert_eq!(found(&[part(750), part(300), part(200)]), Listed::Possible);
        assert_eq!(found(&[part(300), part(199)]), Listed::Missing);
        assert_eq!(found(&[part(1250)]), Listed::Missing);
        assert_eq!(found(&[of_aud]), Listed::Missing);
    }

    #[test]
    fn other_refunds_explain_a_refusal() {
        let explains = |code, listed: &[u64]| {
            let listed = listed.iter().map(|minor| refund(None, Some(nzd(*minor))));
            let refunds = Refunds {
                listed: listed.collect(),
                is_complete: true,
            };

            RefundEvidence::new(&refunds, &order()).explains(code, &order())
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
            assert!(!RefundEvidence::NONE.explains(code, &order()), "{code}");
        }
    }

    fn left_of(listed: &[Refund], is_complete: bool) -> Remainder {
        let refunds = Refunds {
            listed: listed.to_vec(),
            is_complete,
        };

        RefundEvidence::new(&refunds, &order()).remainder
    }

    #[test]
    fn remainder_is_payment_minus_refunds() {
        let part = |minor| refund(None, Some(nzd(minor)));
        assert_eq!(left_of(&[part(1250)], true), Remainder::Nothing);
        assert_eq!(left_of(&[part(750), part(500)], true), Remainder::Nothing);
        assert_eq!(left_of(&[part(750), part(600)], false), Remainder::Nothing);
        assert_eq!(
            left_of(&[part(1250), refund(None, None)], true),
            Remainder::Nothing
        );
        assert_eq!(left_of(&[part(750)], true), Remainder::Part(nzd(500)));
        assert_eq!(left_of(&[], true), Remainder::All);
    }

    #[test]
    fn unclear_list_gives_unclear_remainder() {
        let elsewhere = Refund {
            request: RequestId::new("another"),
            ..refund(None, Some(nzd(1250)))
        };
        let aud = refund(None, Some(Amount::from_minor(1250, Currency::AUD)));
        for listed in [elsewhere, aud, refund(None, None)] {
            assert_eq!(left_of(&[listed], true), Remainder::Unclear);
        }
        assert_eq!(left_of(&[], false), Remainder::Unclear);
    }
}
