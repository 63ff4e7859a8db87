//! Giving back what was paid, all of it or a part, to whoever paid.
//!
//! A refund has a reference of its own, and the platform gives nothing twice for the same one. So
//! what nobody knows is asked for again, with the same reference, until somebody knows: that is
//! what makes a refund safer than a sale, and what everything here holds on to. What is asked for
//! is in the journal before it is sent, and what became of it after. The platform carries a refund
//! out later, so all that is ever said of it is that it was started.

mod answer;
mod codes;
mod course;
mod patience;
mod request;
mod sending;
mod words;

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::basket::Basket;
use crate::journal::JournalError;
use crate::journal::refunds::Settled;
use crate::money::{Amount, AmountError};
use crate::payment::{Failure, PaymentRequest, Refusal, RequestId, ShortCode, Text};

pub use course::Desk;
pub use request::Shop;

/// What a person asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Of which payment request.
    pub name: Name,
    /// How much, as it was typed: its currency is the request's. Without it the sum of the items, and
    /// without these all that was paid.
    pub amount: Option<String>,
    /// What was returned.
    pub items: Option<Basket>,
    /// The number of the invoice that the refund belongs to.
    pub invoice_ref: Option<String>,
    /// The date on the receipt, in the time zone of this machine.
    pub paid_on: Option<Date>,
    /// The refund's own reference.
    pub external_ref: String,
}

/// What a payment request is called by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name {
    /// The platform's id.
    Id(RequestId),
    /// Its name for people.
    ShortCode(ShortCode),
}

impl Name {
    /// Reads an id or a short code; `None` for what is neither.
    pub fn new(text: &str) -> Option<Self> {
        ShortCode::new(text)
            .map(Self::ShortCode)
            .or_else(|| RequestId::new(text.trim()).map(Self::Id))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::ShortCode(code) => code.fmt(f),
        }
    }
}

/// What is asked of the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Order {
    id: RequestId,
    short_code: Option<Text>,
    amount: Amount,
    /// All that was paid.
    paid: Amount,
    external_ref: String,
    invoice_ref: Option<String>,
    /// What was returned; empty if that is not known.
    items: Basket,
    payment: Payment,
}

/// What the platform says about the payment that goes back. Everything is `None` if the payment was not
/// read, as when a refund of the journal is asked for again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Payment {
    /// When its request was created.
    pub created_at: Option<Timestamp>,
    /// The merchant's name.
    pub merchant_name: Option<Text>,
}

impl Payment {
    fn of(request: &PaymentRequest) -> Self {
        Self {
            created_at: request.created_at,
            merchant_name: request.merchant_name.clone(),
        }
    }
}

/// Its date in the time zone of this machine, and its merchant: such as `2026-08-17, Centrapay Café`.
impl fmt::Display for Payment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.created_at.map(|at| date(at).to_string());
        let merchant = self.merchant_name.as_ref().map(Text::to_string);
        let known: Vec<_> = date.into_iter().chain(merchant).collect();
        if known.is_empty() {
            return f.write_str("date and merchant unknown");
        }

        f.write_str(&known.join(", "))
    }
}

/// The date of a moment in the time zone of this machine.
fn date(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::system()).date()
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What is known.
    pub verdict: Verdict,
    /// The request, where it was found.
    pub id: Option<RequestId>,
    /// The request's name for people, where it is known.
    pub short_code: Option<Text>,
    /// The refund's own reference.
    pub external_ref: String,
    /// How much, where that is known.
    pub amount: Option<Amount>,
    /// The short code of the refund itself, such as `CP-C7F-ZS5-032`.
    pub refund_code: Option<Text>,
    /// The payment that goes back.
    pub payment: Payment,
    /// Whether the same had been asked for before.
    pub repeated: bool,
}

/// What is known about a refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The platform has it, now or from before.
    Started,
    /// It will not come about.
    Rejected(Rejection),
    /// It was not carried out: it never reached the platform, or was put off by it.
    Unreachable(Failure),
    /// It may have been started, or not, for this reason.
    Unknown(String),
}

impl Verdict {
    /// Its name in events and in the journal.
    pub fn name(&self) -> &'static str {
        self.settled().name()
    }

    /// The program's exit code for it; what a sale has for the same.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Started => 0,
            Self::Unknown(_) => 30,
            Self::Rejected(_) => 40,
            Self::Unreachable(_) => 41,
        }
    }

    /// Why, for the till and the journal: the platform's code, or in words.
    pub fn reason(&self) -> Option<String> {
        match self {
            Self::Started => None,
            Self::Rejected(rejection) => Some(rejection.reason()),
            Self::Unreachable(failure) => Some(failure.to_string()),
            Self::Unknown(why) => Some(why.clone()),
        }
    }

    fn settled(&self) -> Settled {
        match self {
            Self::Started => Settled::Started,
            Self::Rejected(_) => Settled::Rejected,
            Self::Unreachable(_) => Settled::Unreachable,
            Self::Unknown(_) => Settled::Unknown,
        }
    }
}

/// Why a refund will not come about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rejection {
    /// The platform refused it.
    Platform(Refusal),
    /// The platform did not accept the key.
    Key(Refusal),
    /// The platform refused it because the reference has this amount of the same payment already.
    OtherAmount(Refusal, Amount),
    /// The platform refused it because what it was paid with is inactive, which may mean that it was
    /// given back already.
    Inactive(Refusal, Left),
    /// The request was not paid; the platform's word for where it stands.
    NotPaid(String),
    /// The platform's answer is not the answer to what was asked.
    Misfit(Misfit),
}

impl Rejection {
    /// The platform's code; its own for what was found out without asking it.
    fn reason(&self) -> String {
        match self {
            Self::Platform(refusal) | Self::Key(refusal) | Self::OtherAmount(refusal, _) => {
                refusal.code.to_string()
            }
            // A till must not take this for a reason to give money back in another way.
            Self::Inactive(_, Left::Nothing) => "ALREADY_REFUNDED".to_owned(),
            Self::Inactive(refusal, _) => refusal.code.to_string(),
            Self::NotPaid(_) => "NOT_PAID".to_owned(),
            Self::Misfit(misfit) => misfit.to_string(),
        }
    }
}

/// What the list of refunds leaves of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// The list is complete and has no refund.
    All,
    /// So much, by a complete list in which every refund says its amount.
    Part(Amount),
    /// Everything that was paid was given back.
    Nothing,
    /// The list does not tell.
    Unclear,
}

/// What does not fit about a payment request that was read for a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// It has another id than was asked for.
    #[error("the platform answered about another payment request")]
    Id,
    /// It has another short code than was asked for, or none.
    #[error("the platform answered about a payment request with another short code")]
    ShortCode,
    /// It does not say how much was paid, or in a currency nobody knows.
    #[error("the platform does not say how much was paid")]
    Amount,
    /// It is about test money where the shop's is real, or the reverse.
    #[error("one of the shop and the payment request is about test money, the other is not")]
    Liveness,
}

/// Why nothing was asked of the platform: what was typed cannot be meant, or cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum Mistake {
    /// The amount is none in the request's currency.
    #[error("--amount: {0}")]
    Amount(#[from] AmountError),
    /// It is more than was paid.
    #[error(
        "--amount: {asked} is more than was paid; write {paid} at most, or leave --amount out",
        asked = .asked.decimal(),
        paid = .paid.decimal()
    )]
    MoreThanPaid {
        /// What was asked for.
        asked: Amount,
        /// What was paid.
        paid: Amount,
    },
    /// The prices of the items cannot be given back.
    #[error("--items: its prices sum to {0} minor units, which cannot be given back")]
    ItemsSum(i128),
    /// The prices of the items are more than was paid.
    #[error(
        "--items: its prices sum to {items}, which is more than was paid ({paid})",
        items = .items.decimal(),
        paid = .paid.decimal()
    )]
    ItemsMoreThanPaid {
        /// Their sum.
        items: Amount,
        /// What was paid.
        paid: Amount,
    },
    /// The prices of the items do not sum to the amount.
    #[error(
        "--items: its prices sum to {items}, and --amount is {amount}; correct the one or the other",
        items = .items.decimal(),
        amount = .amount.decimal()
    )]
    ItemsAndAmount {
        /// Their sum.
        items: Amount,
        /// What was asked for.
        amount: Amount,
    },
    /// The reference stands for a refund that says something else about itself.
    #[error(
        "{option}: the reference {external_ref} stands for a refund with another {what} already; leave \
         {option} out to ask for that refund again, or write another --ref for a further one"
    )]
    OtherContent {
        /// The option that differs.
        option: &'static str,
        /// What it gives.
        what: &'static str,
        /// The reference.
        external_ref: String,
    },
    /// The payment was made on another date.
    #[error(
        "--paid-on: {request} was not paid on {asked}, but on {made} ({payment}); compare the short code \
         or the id and the date with the receipt"
    )]
    OtherDate {
        /// The request.
        request: String,
        /// The date on the receipt.
        asked: Date,
        /// The payment's date.
        made: Date,
        /// Its date and merchant.
        payment: String,
    },
    /// The platform does not say when the payment was made.
    #[error(
        "--paid-on: the platform does not say when {0} was paid; look at the payment in the Centrapay \
         portal, then name it by its id and leave --paid-on out"
    )]
    NoDate(String),
    /// The short code may stand for another payment than the one on the receipt.
    #[error(
        "{short_code} is not in this journal, and the payment that Centrapay finds ({payment}) is {why}. \
         Centrapay uses short codes again after two years: compare the receipt, then add --paid-on with its \
         date, or name the payment by its id"
    )]
    Unsure {
        /// The short code.
        short_code: String,
        /// Date and merchant of the payment that the platform found.
        payment: String,
        /// What speaks against it.
        why: &'static str,
    },
    /// The journal and the platform have different payments under a short code.
    #[error(
        "{short_code} is the short code of more than one payment: {known} in this journal, and {latest} at \
         Centrapay ({payment}). Centrapay uses short codes again after two years: name the payment on the \
         receipt by its id"
    )]
    TwoPayments {
        /// The short code.
        short_code: String,
        /// The ids in the journal.
        known: String,
        /// The id at the platform.
        latest: RequestId,
        /// Date and merchant of that one.
        payment: String,
    },
    /// The reference stands for another refund.
    #[error(
        "--ref: {external_ref} stands for the refund of {amount} for {request} already; write \
         another reference for this one"
    )]
    ReferenceTaken {
        /// The reference.
        external_ref: String,
        /// What it was for.
        amount: String,
        /// Of which request.
        request: String,
    },
    /// It cannot be written down.
    #[error("{0}")]
    Journal(#[from] JournalError),
}
