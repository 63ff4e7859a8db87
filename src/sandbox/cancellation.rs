use serde::Serialize;

/// Why a payment request was cancelled: the platform's eleven reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are the platform's and say it all")]
pub enum CancellationReason {
    CancelledByMerchant,
    CancelledByPatron,
    PatronCodeInvalid,
    PaymentFailed,
    PatronCodeExpired,
    DeclinedByPatron,
    DeclinedByMerchant,
    PaymentDeclined,
    PaymentRequestExpired,
    NoAvailablePaymentOptions,
    InactiveAsset,
}

impl CancellationReason {
    /// What the pay page tells the patron.
    pub(super) fn sentence(self) -> &'static str {
        match self {
            Self::CancelledByMerchant => "The shop cancelled it.",
            Self::CancelledByPatron => "You cancelled it.",
            Self::PatronCodeInvalid => "The code that was scanned is not valid.",
            Self::PaymentFailed => "The payment failed.",
            Self::PatronCodeExpired => "The code that was scanned is too old.",
            Self::DeclinedByPatron => "You declined it.",
            Self::DeclinedByMerchant => "The shop declined it.",
            Self::PaymentDeclined => "The payment was declined.",
            Self::PaymentRequestExpired => "It was too late.",
            Self::NoAvailablePaymentOptions => "There is no way left to pay it.",
            Self::InactiveAsset => "What it was to be paid with is not active.",
        }
    }
}
