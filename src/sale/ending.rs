use std::fmt;

use crate::money::Amount;
use crate::payment::{CancellationReason, Failure, PaidBy, Refusal};
use crate::sale::{Evidence, Misfit};

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Ending {
    /// Paid in full.
    Paid {
        /// By which means.
        by: Vec<PaidBy>,
        /// A cancellation was tried and the platform refused it: the payment stands.
        kept: bool,
    },
    /// Paid in part.
    PartPaid {
        /// By which means.
        by: Vec<PaidBy>,
        /// What is still owed.
        remaining: Amount,
    },
    /// Not paid in time, by the platform's word.
    Expired,
    /// Cancelled.
    Cancelled {
        /// The platform's reason; `None` when the code was never shown and the platform was not
        /// heard to confirm it.
        reason: Option<CancellationReason>,
    },
    /// Paid after it was cancelled, and going back.
    RefundStarted,
    /// Nobody knows. It must be settled; it never turns into "not paid" by waiting.
    Unknown {
        /// What the attempt to cancel it has shown so far.
        evidence: Evidence,
    },
    /// There was no sale: something was refused. Nothing was shown.
    Rejected(Rejection),
    /// There was no sale: the platform could not be reached. Nothing was shown.
    Unreachable(Failure),
}

impl Ending {
    /// Nobody knows, and no void has been tried.
    pub fn unknown() -> Self {
        Self::Unknown {
            evidence: Evidence::default(),
        }
    }

    /// Its name in events and in the journal.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Paid { .. } => "paid",
            Self::PartPaid { .. } => "part-paid",
            Self::Expired => "expired",
            Self::Cancelled { .. } => "cancelled",
            Self::RefundStarted => "refund-started",
            Self::Unknown { .. } => "unknown",
            Self::Rejected(_) => "rejected",
            Self::Unreachable(_) => "unreachable",
        }
    }

    /// The program's exit code for it.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Paid { .. } => 0,
            Self::PartPaid { .. } => 10,
            Self::Expired => 20,
            Self::Cancelled { .. } => 21,
            Self::RefundStarted => 22,
            Self::Unknown { .. } => 30,
            Self::Rejected(_) => 40,
            Self::Unreachable(_) => 41,
        }
    }

    /// Whether the same sale may be tried again with a new request.
    pub fn may_retry(&self) -> bool {
        match self {
            Self::Expired | Self::Cancelled { .. } | Self::Rejected(_) | Self::Unreachable(_) => {
                true
            }
            Self::Paid { .. }
            | Self::PartPaid { .. }
            | Self::RefundStarted
            | Self::Unknown { .. } => false,
        }
    }

    /// Whether money came in. Somebody has to take note of that.
    pub fn is_money(&self) -> bool {
        matches!(
            self,
            Self::Paid { .. } | Self::PartPaid { .. } | Self::RefundStarted
        )
    }

    /// Whether the payment stands although its cancellation was tried: whoever wanted that may want
    /// the money to go back.
    pub fn is_kept(&self) -> bool {
        matches!(self, Self::Paid { kept: true, .. })
    }

    /// Why it ended so: the platform's code or a sentence, for the till and the journal.
    pub fn reason(&self) -> Option<String> {
        match self {
            Self::Cancelled { reason } => reason.as_ref().map(|reason| reason.code().to_owned()),
            Self::Rejected(rejection) => Some(rejection.to_string()),
            Self::Unreachable(failure) => Some(failure.to_string()),
            Self::Paid { .. }
            | Self::PartPaid { .. }
            | Self::Expired
            | Self::RefundStarted
            | Self::Unknown { .. } => None,
        }
    }
}

/// Why there was no sale.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Rejection {
    /// The platform refused the request.
    Platform(Refusal),
    /// The platform did not accept the key.
    Key(Refusal),
    /// The platform's answer is not the answer to what was asked.
    Misfit(Misfit),
    /// The code could not be made readable.
    Unreadable(String),
    /// The code could not be shown, or not any more.
    Unseen(String),
    /// The journal could not be written.
    Journal(String),
    /// The platform gave the customer no time to pay.
    NoTime,
    /// An earlier sale is not settled: this is its reference.
    Unsettled(String),
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Platform(refusal) => refusal.fmt(f),
            Self::Key(refusal) => write!(f, "key not accepted: {refusal}"),
            Self::Misfit(misfit) => misfit.fmt(f),
            Self::Unreadable(why) => write!(f, "the code could not be made readable: {why}"),
            Self::Unseen(why) => write!(f, "the code cannot be shown: {why}"),
            Self::Journal(why) => write!(f, "the journal cannot be written: {why}"),
            Self::Unsettled(reference) => {
                write!(f, "the earlier sale {reference} is not settled")
            }
            Self::NoTime => f.write_str("the platform left less than 10 s to pay"),
        }
    }
}
