use thiserror::Error;

use crate::domain::money::Amount;
use crate::domain::outcome::Outcome;
use crate::domain::payment::{CancellationReason, Failure, PaidBy, Refusal};
use crate::sale::{Evidence, Mismatch};

/// The ending of an attempt.
#[allow(missing_docs, reason = "the names of the other fields say it")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Ending {
    /// Paid in full.
    Paid {
        by: Vec<PaidBy>,
        /// The platform refused to void the payment, so it is valid.
        kept: bool,
    },
    /// Paid in part.
    PartPaid { by: Vec<PaidBy>, remaining: Amount },
    /// The platform says that the request was not paid in time.
    Expired,
    /// The request was cancelled.
    Cancelled {
        /// The platform's reason. `None` if the platform did not confirm it; then the code was never shown.
        reason: Option<CancellationReason>,
    },
    /// The request was paid, but then cancelled. The money goes back.
    RefundStarted,
    /// No one can say whether money moved. The attempt must be settled; waiting alone never makes it "not paid".
    Unknown { evidence: Evidence },
    /// There was no sale: the platform or this program refused it. No code was shown.
    Rejected(Rejection),
    /// There was no sale: the platform could not be reached. No code was shown.
    Unreachable(Failure),
}

impl Ending {
    /// Returns the unknown ending of an attempt for which no void was sent.
    pub fn unknown() -> Self {
        Self::Unknown {
            evidence: Evidence::default(),
        }
    }

    /// Returns the outcome of a sale with this ending.
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Paid { .. } => Outcome::Paid,
            Self::PartPaid { .. } => Outcome::PartPaid,
            Self::Expired => Outcome::Expired,
            Self::Cancelled { .. } => Outcome::Cancelled,
            Self::RefundStarted => Outcome::RefundStarted,
            Self::Unknown { .. } => Outcome::Unknown,
            Self::Rejected(_) => Outcome::Rejected,
            Self::Unreachable(_) => Outcome::Unreachable,
        }
    }

    /// Returns the ending's name in events and in the journal.
    pub fn name(&self) -> &'static str {
        self.outcome().as_str()
    }

    /// Returns the program's exit code.
    pub fn exit_code(&self) -> u8 {
        self.outcome().exit_code()
    }

    /// Whether the same sale may be tried again with a new request.
    pub fn may_retry(&self) -> bool {
        matches!(
            self,
            Self::Expired | Self::Cancelled { .. } | Self::Rejected(_) | Self::Unreachable(_)
        )
    }

    /// Whether money came in. A person must acknowledge such an ending.
    pub fn is_money(&self) -> bool {
        self.outcome().is_money()
    }

    /// Whether the payment is valid although a void was tried. The cashier may want to refund it.
    pub fn is_kept(&self) -> bool {
        matches!(self, Self::Paid { kept: true, .. })
    }

    /// Returns the reason for the ending, for the till and the journal: the platform's code or a sentence.
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
#[allow(missing_docs, reason = "the message of each variant explains it")]
#[derive(Debug, Clone, PartialEq, Eq, Hash, Error)]
pub enum Rejection {
    /// The platform refused the request.
    #[error("{0}")]
    Platform(Refusal),
    #[error("key not accepted: {0}")]
    Key(Refusal),
    /// The platform's answer does not fit the order.
    #[error("{0}")]
    Mismatch(Mismatch),
    #[error("the code could not be made readable: {0}")]
    Unreadable(String),
    /// The code cannot be shown, or cannot be shown any longer.
    #[error("the code cannot be shown: {0}")]
    Unseen(String),
    #[error("the journal cannot be written: {0}")]
    Journal(String),
    #[error("the platform left less than 10 s to pay")]
    NoTime,
    /// An earlier sale, with this reference, is not settled.
    #[error("the earlier sale {0} is not settled")]
    Unsettled(String),
}

/// Why a request is cancelled.
#[allow(missing_docs, reason = "the names of the other fields say it")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Cause {
    /// The cashier cancelled, or the program is ending.
    Cashier,
    /// The platform did not give a verdict in time.
    Unclear,
    /// Something is wrong with the request, so no one may pay it.
    Rejected(Rejection),
    /// The request left too little time to pay. Another one follows if any `tries` are left.
    TooShort { tries: u32 },
}
