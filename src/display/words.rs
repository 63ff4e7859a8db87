//! Sentences for people, where a screen needs more than its own few words.

use std::time::Duration;

use crate::locale::{Phrase, Said};
use crate::money::{Amount, AmountError, Currency};
use crate::payment::{CancellationReason, Distrust, Failure, Unsent};
use crate::sale::{Misfit, Rejection};

/// The late payments that were found beside the sale of this reference, for the cashier.
pub(super) fn late_payments(references: &[String], besides: &str) -> Option<Said> {
    let others: Vec<_> = references
        .iter()
        .filter(|reference| *reference != besides)
        .collect();
    match others.as_slice() {
        [] => None,
        [one] => Some(Said::from(Phrase::LatePaymentElsewhere).with("reference", *one)),
        [first, more @ ..] => Some(
            Said::from(Phrase::LatePaymentsElsewhere)
                .with("reference", *first)
                .with("count", more.len().to_string()),
        ),
    }
}

/// From here on the countdown is urgent, in words too.
const URGENT: Duration = Duration::from_secs(20);

/// The time that is left to pay, as `1:45`.
pub(super) fn time_left(left: Duration) -> Said {
    let seconds = left.as_millis().div_ceil(1000);
    let phrase = if is_urgent(left) {
        Phrase::OnlyTimeLeft
    } else {
        Phrase::TimeLeft
    };

    Said::from(phrase).with("time", format!("{}:{:02}", seconds / 60, seconds % 60))
}

/// Whether there is little time left.
pub(super) fn is_urgent(left: Duration) -> bool {
    left <= URGENT
}

/// Why a payment was cancelled, for the customer: one plain sentence for each reason.
pub(super) fn cancelled(reason: Option<&CancellationReason>) -> Phrase {
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

/// Where the cashier looks when nothing could be sent or nothing usable came back.
pub(super) fn unreachable(failure: &Failure) -> Phrase {
    match failure {
        Failure::NotSent(Unsent::Distrusted(Distrust::Expired | Distrust::NotYetValid)) => {
            Phrase::CheckClock
        }
        Failure::NotSent(Unsent::Distrusted(_) | Unsent::NoTls(_)) => Phrase::SomethingAnswers,
        _ => Phrase::CheckNetwork,
    }
}

/// The platform's refusals of a code that a customer has shown. Of the two, `CHECKSUM_FAILED` comes with a 400: the code
/// was mistyped or misread.
const PATRON_CODE_REFUSED: [&str; 2] = ["PATRON_CODE_INVALID", "CHECKSUM_FAILED"];

/// What is wrong, and what the cashier should do about it.
pub(super) fn rejected(rejection: &Rejection) -> (Phrase, Phrase) {
    match rejection {
        Rejection::Platform(refusal) if PATRON_CODE_REFUSED.contains(&refusal.code.as_str()) => {
            (Phrase::CodeRefused, Phrase::AnotherCode)
        }
        Rejection::Platform(_) => (Phrase::Refused, Phrase::CheckConfigId),
        Rejection::Key(_) => (Phrase::KeyNotAccepted, Phrase::ReplaceKey),
        Rejection::Misfit(Misfit::Liveness(_)) => (Phrase::MoneyMixedUp, Phrase::CheckLiveness),
        Rejection::Misfit(_) => (Phrase::AnswerDoesNotFit, Phrase::CallSupport),
        Rejection::Unreadable(_) | Rejection::Unseen(_) => {
            (Phrase::NoReadableCode, Phrase::PayAnotherWay)
        }
        Rejection::Journal(_) => (Phrase::CannotWriteDown, Phrase::CheckDisk),
        Rejection::Unsettled(_) => (Phrase::EarlierNotSettled, Phrase::SettleEarlierFirst),
        Rejection::NoTime => (Phrase::NoTimeLeft, Phrase::CheckExpiry),
    }
}

/// Why what was typed is no amount, and what to write instead.
pub(super) fn not_an_amount(error: &AmountError, currency: Currency) -> Said {
    let writing =
        |phrase: Phrase| Said::from(phrase).with_figures("write", Amount::example(currency));

    match error {
        AmountError::Empty { .. } => writing(Phrase::EnterAmount),
        AmountError::Points { .. } => writing(Phrase::OnePoint),
        AmountError::Incomplete { .. } => writing(Phrase::DigitMissing),
        AmountError::Decimals { .. } => writing(Phrase::TooManyDecimals),
        AmountError::Zero { .. } => Phrase::MoreThanNothing.into(),
        AmountError::TooLarge { largest } => {
            Said::from(Phrase::TooLarge).with_amount("most", *largest)
        }
        // What the keypad and the keyboard have no keys for.
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
    use crate::locale::Tongue;

    #[test]
    fn late_payments_are_named_and_the_sale_on_the_screen_is_not_among_them() {
        let references = ["A1".to_owned(), "B7-2".to_owned(), "C3".to_owned()];
        let late_payments = |references: &[String], besides| {
            late_payments(references, besides).map(|said| Tongue::default().say(&said).text)
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
