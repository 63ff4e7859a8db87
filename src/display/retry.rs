//! Ended without a payment: nobody was charged, and it can be tried again.

use super::about::About;
use super::notice::{Notice, Tone};
use super::symbol::Shape;
use super::words;
use crate::locale::Phrase;
use crate::payment::CancellationReason;

/// The retry view of an expired request.
pub(super) fn expired(about: &About) -> Notice {
    let mut notice = Notice::new(Tone::Ended, Shape::Clock, about.amount, Phrase::TimeIsUp);
    notice.lines.push(Phrase::NotCharged.into());

    notice
}

/// A cancelled request. Where conditions are off, the cashier is told how such a cancellation is avoided.
pub(super) fn cancelled(
    reason: Option<&CancellationReason>,
    conditions_are_off: bool,
    about: &About,
) -> Notice {
    let mut notice = Notice::new(Tone::Ended, Shape::Cross, about.amount, Phrase::Cancelled);
    notice.lines.push(words::cancelled(reason).into());
    // Said only where the platform said that the request is closed.
    if reason.is_some() {
        notice.lines.push(Phrase::NotCharged.into());
    }
    if conditions_are_off && reason.is_some_and(may_be_for_conditions) {
        notice.cashier.push(Phrase::ConditionsAreOff.into());
    }

    notice
}

/// Whether the platform may have cancelled it for a condition that nobody could answer. It does not publish its reason
/// for that, so all count but those of the shop, of the customer, of their code, and of the time.
fn may_be_for_conditions(reason: &CancellationReason) -> bool {
    match reason {
        CancellationReason::CancelledByMerchant
        | CancellationReason::CancelledByPatron
        | CancellationReason::DeclinedByPatron
        | CancellationReason::PatronCodeInvalid
        | CancellationReason::PatronCodeExpired
        | CancellationReason::PaymentRequestExpired => false,
        CancellationReason::PaymentFailed
        | CancellationReason::DeclinedByMerchant
        | CancellationReason::PaymentDeclined
        | CancellationReason::NoAvailablePaymentOptions
        | CancellationReason::InactiveAsset
        | CancellationReason::Other(_) => true,
    }
}

/// A payment that does not count: it was cancelled, by the cashier or before it came in.
pub(super) fn refund_started(about: &About) -> Notice {
    let headline = Phrase::RefundStarted;
    let mut notice = Notice::new(Tone::Ended, Shape::Return, about.amount, headline);
    notice.lines = vec![
        Phrase::CancelledDoesNotCount.into(),
        Phrase::MoneyOnItsWayBack.into(),
    ];

    notice
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display::choice::Whose;

    fn about() -> About {
        About {
            amount: None,
            reference: "A1".to_owned(),
            short_code: None,
            whose: Whose::Own,
            from_before: false,
            next: None,
        }
    }

    fn for_the_cashier(reason: Option<&CancellationReason>, off: bool) -> bool {
        let notice = cancelled(reason, off, &about());

        notice.cashier == [Phrase::ConditionsAreOff.into()]
    }

    #[test]
    fn platforms_cancellation_names_conditions() {
        for reason in ["PAYMENT_DECLINED", "DECLINED_BY_MERCHANT", "SOMETHING_NEW"] {
            let reason = CancellationReason::from_code(reason);
            assert!(for_the_cashier(Some(&reason), true), "{reason:?}");
            assert!(!for_the_cashier(Some(&reason), false), "{reason:?}");
        }
    }

    #[test]
    fn peoples_cancellation_does_not_name_conditions() {
        for reason in ["CANCELLED_BY_MERCHANT", "CANCELLED_BY_PATRON"] {
            let reason = CancellationReason::from_code(reason);
            assert!(!for_the_cashier(Some(&reason), true), "{reason:?}");
        }
        assert!(!for_the_cashier(None, true));
    }
}
