//! What a cashier is told about a refund: one sentence, and what to do.

use std::fmt;

use super::{Left, Outcome, Payment, Rejection, Verdict};
use crate::payment::Refusal;

/// One sentence for people. That a refund was started is all that is known of it: the platform
/// carries it out later.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reference = &self.external_ref;
        let what = self.what();
        match &self.verdict {
            Verdict::Started => {
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
            Verdict::Rejected(rejection) => {
                write!(f, "no refund was started: ")?;
                rejection.tell(reference, f)
            }
            Verdict::Unreachable(failure) => write!(
                f,
                "no refund was started, nothing was carried out: {failure}; then run the same \
                 command again"
            ),
            Verdict::Unknown(why) => write!(
                f,
                "nobody knows whether the refund of {what} was started ({why}); run the same \
                 command again with the same --ref {reference:?}: nothing is given back twice. If it stays \
                 unknown, look at the payment in the Centrapay portal"
            ),
        }
    }
}

impl Outcome {
    /// Such as `$5.00 for CP-C7F-ZS5 (2026-08-17, Centrapay Café)`.
    fn what(&self) -> String {
        let amount = self.amount.map(|amount| amount.to_string());
        let request = match (&self.short_code, &self.id) {
            (Some(code), _) => Some(code.to_string()),
            (None, Some(id)) => Some(id.to_string()),
            (None, None) => None,
        };
        let request = match (request, self.payment == Payment::default()) {
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

impl Rejection {
    fn tell(&self, reference: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Platform(refusal) => {
                write!(f, "{} ({})", what_to_do(refusal), Code(refusal))
            }
            Self::Inactive(refusal, left) => {
                let says = match left {
                    Left::Nothing => {
                        "everything that was paid was given back already: give nothing back again"
                    }
                    Left::All => {
                        "what it was paid with is not active any more; give the money back in another way"
                    }
                    Left::Part(_) | Left::Unclear => {
                        "what it was paid with is not active any more, and it may have been given back \
                         already; look at the payment in the Centrapay portal before giving money back \
                         in another way"
                    }
                };

                write!(f, "{says} ({})", Code(refusal))
            }
            Self::Key(refusal) => write!(
                f,
                "the key was not accepted; put a valid key with the role merchant terminal in \
                 place ({})",
                Code(refusal)
            ),
            Self::OtherAmount(refusal, amount) => write!(
                f,
                "the reference {reference} stands for a refund of {amount} for the same payment \
                 already; if this one is to be made as well, give it another --ref ({})",
                Code(refusal)
            ),
            Self::NotPaid(status) => write!(
                f,
                "nothing was paid, so nothing can go back: the platform calls the payment request \
                 {status}; look up the right one in the history (NOT_PAID)"
            ),
            Self::Misfit(misfit) => write!(
                f,
                "{misfit}; compare the id or the short code with the receipt, and check base-url"
            ),
        }
    }
}

/// What each of the platform's codes means for a cashier. What was sent had its reference, and that
/// stands in the journal for this amount, so another amount needs another one.
fn what_to_do(refusal: &Refusal) -> &'static str {
    match refusal.code.as_str() {
        "NOT_PAID" => {
            "nothing was paid, so nothing can go back; look up the right payment in the history"
        }
        "ALREADY_REFUNDED" => {
            "everything that was paid was given back before; give nothing back again"
        }
        "INVALID_AMOUNT" => {
            "it is more than what is left of the payment; look at its refunds in the history, and \
             ask for less with --amount and another --ref"
        }
        "REPEAT_REFERENCE" => {
            "the reference stands for another refund already, of another payment or amount; give this one \
             another --ref"
        }
        "PARTIAL_REFUNDS_NOT_ALLOWED" => {
            "what it was paid with can go back only as a whole; leave --amount out and give it \
             another --ref, or give the part back in another way"
        }
        "LINE_ITEMS_SUM_CHECK_FAILED" => {
            "the prices of the items do not sum to the amount; correct --items or --amount, and use another \
             --ref"
        }
        "PRE_AUTH_PENDING" => {
            "the money is only reserved and was not taken yet, so nothing can go back; release it at \
             Centrapay instead"
        }
        "CONFIRMATION_NOT_FOUND" => {
            "the money was reserved and never taken, so nothing can go back; look at the payment in the \
             Centrapay portal"
        }
        "PRE_AUTH_ALREADY_CONFIRMED" => {
            "the reserved money was taken already, and cannot be released; look at the payment in the \
             Centrapay portal"
        }
        "REFUND_NOT_SUPPORTED" => {
            "what it was paid with takes no refunds; give the money back in another way"
        }
        "REFUND_WINDOW_EXCEEDED" => {
            "the payment is too old to be given back by Centrapay; give the money back in another \
             way"
        }
        "REFUND_DECLINED" => {
            "whoever keeps the customer's money declined it; try again later with the same --ref, \
             or give the money back in another way"
        }
        "CHECKSUM_FAILED" => {
            "the short code has a typing error; compare it letter by letter with the receipt, it \
             looks like CP-C7F-ZS5"
        }
        "FORBIDDEN" => {
            "the platform knows no such payment request under this key, or lets the key give \
             nothing back; compare the id or the short code with the receipt, and ask Centrapay \
             about the key"
        }
        _ => "the platform refused it; ask Centrapay, and tell them the code",
    }
}

/// The platform's code, with its explanation where there is one.
struct Code<'a>(&'a Refusal);

impl fmt::Display for Code<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.code)?;
        if let Some(reason) = &self.0.reason {
            write!(f, ": {reason}")?;
        }

        Ok(())
    }
}
