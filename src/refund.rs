//! Giving back what was paid, all of it or a part, to whoever paid.
//!
//! A refund has a reference of its own, and the platform gives nothing twice for the same one. So
//! what nobody knows is asked for again, with the same reference, until somebody knows: that is
//! what makes a refund safer than a sale, and what everything here holds on to. What is asked for
//! is in the journal before it is sent, and what became of it after. The platform carries a refund
//! out later, so all that is ever said of it is that it was started.

mod answer;
mod course;
mod patience;
mod request;
mod words;

use std::fmt;

use crate::journal::JournalError;
use crate::journal::refunds::Settled;
use crate::money::{Amount, AmountError};
use crate::payment::{Failure, Refusal, RequestId, ShortCode, Text};

pub use course::Desk;
pub use request::Shop;

/// What a person asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Of which payment request.
    pub name: Name,
    /// How much, as it was typed: its currency is the request's. Without it all that was paid.
    pub amount: Option<String>,
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
            Self::NotPaid(_) => "NOT_PAID".to_owned(),
            Self::Misfit(misfit) => misfit.to_string(),
        }
    }
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
