//! Notices of sales that can be tried again: expired, cancelled, being refunded, refused, or not sent.

use crate::app::screens::notice::Notice;
use crate::app::screens::sale_summary::SaleSummary;
use crate::app::screens::words;
use crate::app::widgets::symbol::Shape;
use crate::domain::payment::{CancellationReason, Failure};
use crate::locale::{Phrase, ScreenText};
use crate::sale::Rejection;

pub(crate) fn expired(summary: &SaleSummary) -> Notice {
    ended(Shape::Clock, Phrase::TimeIsUp, summary).lines([Phrase::NotCharged])
}

/// The request was cancelled. If conditions are turned off in the configuration, and that may be the cause, the
/// notice tells the cashier so.
pub(crate) fn cancelled(
    reason: Option<&CancellationReason>,
    conditions_are_off: bool,
    summary: &SaleSummary,
) -> Notice {
    let can_be_avoided = conditions_are_off && reason.is_some_and(may_be_for_conditions);

    ended(Shape::Cross, Phrase::Cancelled, summary)
        .lines([words::cancelled(reason)])
        // Without a reason, the platform has not confirmed that the request is closed.
        .lines(reason.map(|_| Phrase::NotCharged))
        .cashier(can_be_avoided.then_some(Phrase::ConditionsAreOff))
}

/// Returns whether the platform may have cancelled because a condition was not answered. The platform does not
/// publish the reason that it gives in this case. Excluded are reasons that name the shop, the customer, the
/// customer's code or the time.
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

/// A payment that goes back: the sale was cancelled before the payment came in, or the cashier cancelled the
/// payment.
pub(crate) fn refund_started(summary: &SaleSummary) -> Notice {
    ended(Shape::Return, Phrase::RefundStarted, summary)
        .lines([Phrase::CancelledDoesNotCount, Phrase::MoneyOnItsWayBack])
}

fn ended(shape: Shape, headline: Phrase, summary: &SaleSummary) -> Notice {
    summary.notice(|palette| palette.ended, shape, headline)
}

/// The platform rejected the sale, or a check on this side did.
pub(crate) fn rejected(rejection: &Rejection, summary: &SaleSummary) -> Notice {
    let (headline, advice) = words::rejected(rejection);
    let meaning = match rejection {
        Rejection::Platform(refusal) | Rejection::Key(refusal) => refusal.meaning(),
        _ => None,
    };

    failed(headline, advice, rejection.to_string(), meaning, summary)
}

pub(crate) fn unreachable(failure: &Failure, summary: &SaleSummary) -> Notice {
    let cause = match failure {
        Failure::NotSent(cause) => cause.to_string(),
        other => other.to_string(),
    };
    let (advice, meaning) = (words::unreachable(failure), failure.meaning());

    failed(Phrase::CannotReach, advice, cause, meaning, summary)
}

fn failed(
    headline: Phrase,
    advice: Phrase,
    cause: String,
    meaning: Option<&'static str>,
    summary: &SaleSummary,
) -> Notice {
    summary
        .notice(|palette| palette.wrong, Shape::Cross, headline)
        .lines([advice])
        .detail([ScreenText::verbatim(cause)])
        .detail(meaning.map(ScreenText::verbatim))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::choice::Audience;

    fn names_conditions(reason: Option<&CancellationReason>, off: bool) -> bool {
        let summary = SaleSummary {
            amount: None,
            reference: "A1".to_owned(),
            short_code: None,
            audience: Audience::Own,
            from_before: false,
            next: None,
        };

        cancelled(reason, off, &summary).cashier == [Phrase::ConditionsAreOff.into()]
    }

    #[test]
    fn platform_cancellation_names_conditions() {
        for (reason, by_platform) in [
            ("PAYMENT_DECLINED", true),
            ("DECLINED_BY_MERCHANT", true),
            ("SOMETHING_NEW", true),
            ("CANCELLED_BY_MERCHANT", false),
            ("CANCELLED_BY_PATRON", false),
        ] {
            let reason = CancellationReason::from_code(reason);
            assert_eq!(
                names_conditions(Some(&reason), true),
                by_platform,
                "{reason:?}"
            );
            assert!(!names_conditions(Some(&reason), false), "{reason:?}");
        }
        assert!(!names_conditions(None, true));
    }
}
