//! The outcome of a refund, and the sentences for the cashier.

use std::fmt;

use super::request::RefundedPayment;
use crate::domain::money::Amount;
use crate::domain::payment::{Failure, Refusal, RequestId, Text, sentence};
use crate::journal::refunds::RefundResult;

/// The outcome of a refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundOutcome {
    /// The proven result.
    pub verdict: RefundVerdict,
    /// The payment request, if it was found.
    pub id: Option<RequestId>,
    /// The payment request's short code.
    pub short_code: Option<Text>,
    /// The refund's own reference.
    pub external_ref: String,
    /// The amount to refund, once it is known.
    pub amount: Option<Amount>,
    /// The short code of the refund itself, such as `CP-C7F-ZS5-032`.
    pub refund_code: Option<Text>,
    /// The payment that is refunded.
    pub payment: RefundedPayment,
    /// Whether the same refund was requested before.
    pub repeated: bool,
}

/// The proven result of a refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundVerdict {
    /// The platform has started the refund, now or earlier.
    Started,
    /// The refund was refused.
    Rejected(RefundRejection),
    /// The call did not reach the platform, or the platform put it off.
    Unreachable(Failure),
    /// The platform may have started the refund. The text says why this is unknown.
    Unknown(String),
}

impl RefundVerdict {
    /// Returns the verdict's name in events and in the journal.
    pub fn name(&self) -> &'static str {
        self.result().name()
    }

    /// Returns the program's exit code, the same as for a sale.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Started => 0,
            Self::Unknown(_) => 30,
            Self::Rejected(_) => 40,
            Self::Unreachable(_) => 41,
        }
    }

    /// Returns the reason for the till and the journal: the platform's code or words.
    pub fn reason(&self) -> Option<String> {
        match self {
            Self::Started => None,
            Self::Rejected(rejection) => Some(rejection.reason()),
            Self::Unreachable(failure) => Some(failure.to_string()),
            Self::Unknown(why) => Some(why.clone()),
        }
    }

    pub(super) fn result(&self) -> RefundResult {
        match self {
            Self::Started => RefundResult::Started,
            Self::Rejected(_) => RefundResult::Rejected,
            Self::Unreachable(_) => RefundResult::Unreachable,
            Self::Unknown(_) => RefundResult::Unknown,
        }
    }
}

/// Why a refund is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundRejection {
    /// The platform refused the refund.
    Platform(Refusal),
    /// The platform did not accept the API key.
    Key(Refusal),
    /// The same reference and payment already have a refund of this other amount.
    OtherAmount(Refusal, Amount),
    /// The means of payment is inactive. The payment may have been refunded already.
    Inactive(Refusal, Remainder),
    /// The payment request is not paid. The text is its status at the platform.
    NotPaid(String),
    /// The payment request is not the one that was named.
    Mismatch(RefundMismatch),
}

impl RefundRejection {
    /// Returns the platform's code, or a code of this program if the platform did not refuse.
    fn reason(&self) -> String {
        match self {
            Self::Platform(refusal) | Self::Key(refusal) | Self::OtherAmount(refusal, _) => {
                refusal.code.to_string()
            }
            // The payment was refunded in full. The till must not give the money back again in another way.
            Self::Inactive(_, Remainder::Nothing) => "ALREADY_REFUNDED".to_owned(),
            Self::Inactive(refusal, _) => refusal.code.to_string(),
            Self::NotPaid(_) => "NOT_PAID".to_owned(),
            Self::Mismatch(mismatch) => mismatch.to_string(),
        }
    }
}

/// The rest of a payment after the listed refunds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remainder {
    /// All of the payment: the list is complete and has no refund.
    All,
    /// This amount: the list is complete, and every refund states its amount.
    Part(Amount),
    /// No rest: the refunds sum to the whole payment.
    Nothing,
    /// Unknown: the list does not tell.
    Unclear,
}

/// The difference of the payment request that the platform returned from the named one.
#[allow(missing_docs, reason = "the message of each variant explains it")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RefundMismatch {
    #[error("the platform answered about another payment request")]
    Id,
    #[error("the platform answered about a payment request with another short code")]
    ShortCode,
    /// The platform states no paid amount, or an unknown currency.
    #[error("the platform does not say how much was paid")]
    Amount,
    #[error("the shop and the payment request differ: one has test money, the other real money")]
    Liveness,
}

/// Formats one sentence for the cashier.
impl fmt::Display for RefundOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reference = &self.external_ref;
        let what = self.amount_and_payment();
        match &self.verdict {
            RefundVerdict::Started => {
                write!(f, "refund of {what} started")?;
                if self.repeated {
                    write!(
                        f,
                        "; it had been asked for before with the reference {reference}, and nothing is \
                         given back twice"
                    )?;
                } else {
                    write!(f, ", reference {reference}")?;
                }

                match &self.refund_code {
                    Some(code) => write!(f, ", refund code {code}"),
                    None => Ok(()),
                }
            }
            RefundVerdict::Rejected(rejection) => {
                write!(f, "no refund was started: ")?;
                rejection.write_sentence(reference, f)
            }
            RefundVerdict::Unreachable(failure) => write!(
                f,
                "no refund was started, nothing was carried out: {failure}; then run the same \
                 command again"
            ),
            RefundVerdict::Unknown(why) => write!(
                f,
                "it is unknown whether the refund of {what} was started ({why}); run the same \
                 command again with the same --ref {reference:?}: nothing is given back twice. If it stays \
                 unknown, look at the payment in the Centrapay portal"
            ),
        }
    }
}

impl RefundOutcome {
    /// Formats the amount and the payment, such as `$5.00 for CP-C7F-ZS5 (2026-08-17, Centrapay Café)`.
    fn amount_and_payment(&self) -> String {
        let amount = self.amount.map(|amount| amount.to_string());
        let request = match (&self.short_code, &self.id) {
            (Some(code), _) => Some(code.to_string()),
            (None, Some(id)) => Some(id.to_string()),
            (None, None) => None,
        };
        let request = match (request, self.payment == RefundedPayment::default()) {
            (Some(request), false) => Some(format!("{request} ({})", self.payment)),
            (request, _) => request,
        };

        [amount, request]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" for ")
    }
}

impl RefundRejection {
    fn write_sentence(&self, reference: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Platform(refusal) => {
                write!(f, "{} ({})", what_to_do(refusal), CodeAndReason(refusal))
            }
            Self::Inactive(refusal, left) => {
                let says = match left {
                    Remainder::Nothing => {
                        "everything that was paid was given back already: give nothing back again"
                    }
                    Remainder::All => {
                        "what it was paid with is not active any more; give the money back in another way"
                    }
                    Remainder::Part(_) | Remainder::Unclear => {
                        "what it was paid with is not active any more, and it may have been given back \
                         already; look at the payment in the Centrapay portal before giving money back \
                         in another way"
                    }
                };

                write!(f, "{says} ({})", CodeAndReason(refusal))
            }
            Self::Key(refusal) => write!(
                f,
                "the key was not accepted; put a valid key with the role merchant terminal in \
                 place ({})",
                CodeAndReason(refusal)
            ),
            Self::OtherAmount(refusal, amount) => write!(
                f,
                "the reference {reference} already belongs to a refund of {amount} for the same payment; \
                 to make this refund as well, give it another --ref ({})",
                CodeAndReason(refusal)
            ),
            Self::NotPaid(status) => write!(
                f,
                "nothing was paid, so nothing can go back: the platform calls the payment request \
                 {status}; look up the right one in the history (NOT_PAID)"
            ),
            Self::Mismatch(mismatch) => write!(
                f,
                "{mismatch}; compare the id or the short code with the receipt, and check base-url"
            ),
        }
    }
}

/// The meaning of each code for a refund, and what to do. The journal already has this reference with this amount,
/// so a refund of another amount needs another reference.
const WORDS: &str = "
NOT_PAID: nothing was paid, so nothing can go back; look up the right payment in the history
ALREADY_REFUNDED: everything that was paid was given back before; give nothing back again
INVALID_AMOUNT: it is more than what is left of the payment; look at its refunds in the history, and ask for less with --amount and another --ref
REPEAT_REFERENCE: the reference already belongs to another refund, of another payment or amount; give this one another --ref
PARTIAL_REFUNDS_NOT_ALLOWED: what it was paid with can go back only as a whole; leave --amount out and give it another --ref, or give the part back in another way
LINE_ITEMS_SUM_CHECK_FAILED: the prices of the items do not sum to the amount; correct --items or --amount, and use another --ref
PRE_AUTH_PENDING: the money is only reserved and was not taken yet, so nothing can go back; release it at Centrapay instead
CONFIRMATION_NOT_FOUND: the money was reserved and never taken, so nothing can go back; look at the payment in the Centrapay portal
PRE_AUTH_ALREADY_CONFIRMED: the reserved money was taken already, and cannot be released; look at the payment in the Centrapay portal
REFUND_NOT_SUPPORTED: what it was paid with takes no refunds; give the money back in another way
REFUND_WINDOW_EXCEEDED: the payment is too old to be given back by Centrapay; give the money back in another way
REFUND_DECLINED: the provider of the customer's money declined it; try again later with the same --ref, or give the money back in another way
CHECKSUM_FAILED: the short code has a typing error; compare it letter by letter with the receipt, it looks like CP-C7F-ZS5
FORBIDDEN: the platform knows no such payment request under this key, or lets the key give nothing back; compare the id or the short code with the receipt, and ask Centrapay about the key
";

/// Returns what the cashier should do after this refusal.
fn what_to_do(refusal: &Refusal) -> &'static str {
    sentence(WORDS, refusal.code.as_str())
        .unwrap_or("the platform refused it; ask Centrapay, and tell them the code")
}

/// Formats the platform's code and its reason.
struct CodeAndReason<'a>(&'a Refusal);

impl fmt::Display for CodeAndReason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.code)?;
        if let Some(reason) = &self.0.reason {
            write!(f, ": {reason}")?;
        }

        Ok(())
    }
}
