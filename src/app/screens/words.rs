//! Chooses the sentence for a reason, an error, or a number.

use std::time::Duration;

use crate::domain::money::{Amount, AmountError, Currency};
use crate::domain::payment::{CancellationReason, Distrust, Failure, Unsent};
use crate::locale::{Phrase, ScreenText};
use crate::sale::{Mismatch, Rejection};

/// Names the late payments of other sales, for the cashier. `besides`: the reference of the sale on the screen,
/// which is not named.
pub(crate) fn late_payments(references: &[String], besides: &str) -> Option<ScreenText> {
    let others: Vec<_> = references
        .iter()
        .filter(|reference| *reference != besides)
        .collect();
    match others.as_slice() {
        [] => None,
        [one] => Some(ScreenText::from(Phrase::LatePaymentElsewhere).with("reference", *one)),
        [first, more @ ..] => Some(
            ScreenText::from(Phrase::LatePaymentsElsewhere)
                .with("reference", *first)
                .with("count", more.len().to_string()),
        ),
    }
}

/// The countdown is urgent when this much time is left.
const URGENT: Duration = Duration::from_secs(20);

/// Says the time left to pay, as `1:45`.
pub(crate) fn time_left(left: Duration) -> ScreenText {
    let seconds = left.as_millis().div_ceil(1000);
    let phrase = if is_urgent(left) {
        Phrase::OnlyTimeLeft
    } else {
        Phrase::TimeLeft
    };

    ScreenText::from(phrase).with("time", format!("{}:{:02}", seconds / 60, seconds % 60))
}

pub(crate) fn is_urgent(left: Duration) -> bool {
    left <= URGENT
}

/// Tells the customer why the payment was cancelled.
pub(crate) fn cancelled(reason: Option<&CancellationReason>) -> Phrase {
    let Some(reason) = reason else {
        return Phrase::StoppedBeforeShown;
    };

    match reason {
        CancellationReason::CancelledByMerchant => Phrase::CancelledByMerchant,
        CancellationReason::CancelledByPatron => Phrase::CancelledByPatron,
        CancellationReason::PatronCodeInvalid => Phrase::PatronCodeInvalid,
        CancellationReason::PaymentFailed => Phrase::PaymentFailed,
        CancellationReason::PatronCodeExpired => Phrase::PatronCodeExpired,
        CancellationReason::DeclinedByPatron => Phrase::DeclinedByPatron,
        CancellationReason::DeclinedByMerchant => Phrase::DeclinedByMerchant,
        CancellationReason::PaymentDeclined => Phrase::PaymentDeclined,
        CancellationReason::PaymentRequestExpired => Phrase::PaymentRequestExpired,
        CancellationReason::NoAvailablePaymentOptions => Phrase::NoPaymentOptions,
        CancellationReason::InactiveAsset => Phrase::InactiveAsset,
        CancellationReason::Other(_) => Phrase::CancelledOtherwise,
    }
}

/// Returns what the cashier must check if nothing was sent, or if no usable answer came.
pub(crate) fn unreachable(failure: &Failure) -> Phrase {
    match failure {
        Failure::NotSent(Unsent::Distrusted(Distrust::Expired | Distrust::NotYetValid)) => {
            Phrase::CheckClock
        }
        Failure::NotSent(Unsent::Distrusted(_) | Unsent::NoTls(_)) => Phrase::SomethingAnswers,
        _ => Phrase::CheckNetwork,
    }
}

/// The platform's codes for a refused patron's code. `CHECKSUM_FAILED` comes with status 400: the code was
/// mistyped or misread.
const PATRON_CODE_REFUSED: [&str; 2] = ["PATRON_CODE_INVALID", "CHECKSUM_FAILED"];

/// Returns what is wrong, and what the cashier does about it.
pub(crate) fn rejected(rejection: &Rejection) -> (Phrase, Phrase) {
    match rejection {
        Rejection::Platform(refusal) if PATRON_CODE_REFUSED.contains(&refusal.code.as_str()) => {
            (Phrase::CodeRefused, Phrase::AnotherCode)
        }
        Rejection::Platform(_) => (Phrase::Refused, Phrase::CheckConfigId),
        Rejection::Key(_) => (Phrase::KeyNotAccepted, Phrase::ReplaceKey),
        Rejection::Mismatch(Mismatch::Liveness(_)) => (Phrase::MoneyMixedUp, Phrase::CheckLiveness),
        Rejection::Mismatch(_) => (Phrase::AnswerDoesNotFit, Phrase::CallSupport),
        Rejection::Unreadable(_) | Rejection::Unseen(_) => {
            (Phrase::NoReadableCode, Phrase::PayAnotherWay)
        }
        Rejection::Journal(_) => (Phrase::CannotWriteDown, Phrase::CheckDisk),
        Rejection::Unsettled(_) => (Phrase::EarlierNotSettled, Phrase::SettleEarlierFirst),
        Rejection::NoTime => (Phrase::NoTimeLeft, Phrase::CheckExpiry),
    }
}

/// Returns why the typed text is no amount, and what to type instead.
pub(crate) fn not_an_amount(error: &AmountError, currency: Currency) -> ScreenText {
    let writing =
        |phrase: Phrase| ScreenText::from(phrase).with_figures("write", Amount::example(currency));

    match error {
        AmountError::Empty { .. } => writing(Phrase::EnterAmount),
        AmountError::Points { .. } => writing(Phrase::OnePoint),
        AmountError::Incomplete { .. } => writing(Phrase::DigitMissing),
        AmountError::Decimals { .. } => writing(Phrase::TooManyDecimals),
        AmountError::Zero { .. } => Phrase::MoreThanNothing.into(),
        AmountError::TooLarge { largest } => {
            ScreenText::from(Phrase::TooLarge).with_amount("most", *largest)
        }
        // The create screen accepts no keys that lead to these errors.
        AmountError::AmbiguousComma { .. }
        | AmountError::Separator { .. }
        | AmountError::DecimalComma { .. }
        | AmountError::Sign { .. }
        | AmountError::CurrencySign { .. }
        | AmountError::Digit { .. }
        | AmountError::Character { .. } => writing(Phrase::CheckAmount),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Translator;

    #[test]
    fn late_payments_are_named() {
        let references = ["A1".to_owned(), "B7-2".to_owned(), "C3".to_owned()];
        let late_payments = |references: &[String], besides| {
            late_payments(references, besides).map(|said| Translator::default().say(&said).text)
        };
        assert_eq!(late_payments(&[], "X"), None);
        assert_eq!(late_payments(&references[..1], "A1"), None);
        assert_eq!(
            late_payments(&references[..1], "X").as_deref(),
            Some("Late payment: A1, see history")
        );
        assert_eq!(
            late_payments(&references, "A1").as_deref(),
            Some("Late payments: B7-2 and 1 more, see history")
        );
    }
}
