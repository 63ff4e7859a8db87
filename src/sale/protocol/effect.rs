use std::sync::Arc;

use crate::domain::money::Amount;
use crate::domain::order::{Order, Particulars};
use crate::domain::payment::{
    ConditionId, Decision, PaidBy, PatronCode, PaymentRequest, RequestId, Text,
};
use crate::sale::{
    Accepted, Announcement, Ask, AttemptKey, Delay, Ending, Generation, Mark, Timer,
};

/// An effect that the runtime carries out.
#[allow(missing_docs, reason = "the names of the other fields say it")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Do a job, and report the resulting fact.
    Run { round: Generation, job: Job },
    /// Tell the till. Announcements are sent in order.
    Announce(Announcement),
    /// End the program with this exit code, since the sale is over.
    Exit(u8),
}

/// A task that takes time and leads to exactly one [`Fact`](crate::sale::Fact).
#[allow(missing_docs, reason = "the names of the other fields say it")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[allow(clippy::large_enum_variant, reason = "few exist at a time")]
pub enum Job {
    /// Read the attempts that earlier launches left unsettled.
    Recall {
        /// The reference of the sale asked for; `None` if there is no order yet.
        sale: Option<String>,
    },
    Record {
        key: AttemptKey,
        record: Record,
    },
    Create(NewRequest),
    /// Find the requests under a reference, after the answer to a create was lost.
    LookUp {
        external_ref: String,
        /// The account that owns the merchant.
        account_id: String,
    },
    /// Make a QR code with this text, and prove that it can be read.
    Encode(String),
    Read {
        id: RequestId,
        ask: Ask,
    },
    /// Tell the platform how the cashier answered a payment condition.
    Answer {
        id: RequestId,
        condition: ConditionId,
        decision: Decision,
    },
    /// Cancel the request at the platform. This refunds a paid request.
    Void(RequestId),
    /// List the platform's activities of the request.
    ListActivities(RequestId),
    Wake {
        timer: Timer,
        delay: Delay,
    },
}

/// A payment request to create.
#[allow(missing_docs, reason = "the names of the other fields say it")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NewRequest {
    /// The platform's address. An attempt keeps it, even if the configuration changes later.
    pub base_url: String,
    /// The config id of the merchant that gets the payment.
    pub config_id: String,
    pub amount: Amount,
    /// The till's reference, unique for each attempt.
    pub external_ref: String,
    /// The seconds in which the request can be paid.
    pub expiry_seconds: u32,
    pub operator: Option<String>,
    /// Further data for the platform.
    pub particulars: Arc<Particulars>,
    /// The patron's code. If it is set, the patron's phone asks to confirm, and the request can be paid as soon as
    /// it is sent.
    pub barcode: Option<PatronCode>,
}

/// A record for the journal.
#[allow(missing_docs, reason = "the names of the other fields say it")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[allow(clippy::large_enum_variant, reason = "few exist at a time")]
pub enum Record {
    /// W1: a request is about to be created.
    Intent { order: Order, request: NewRequest },
    /// W2: a request was created and checked.
    Created {
        id: RequestId,
        short_code: String,
        /// The text of the QR code.
        payload: String,
    },
    /// W3: the code of the request is about to be shown.
    Shown,
    /// W4: the request is about to be voided. The journal may not know the id yet, since a request whose answer
    /// did not fit is voided without being shown.
    Voiding { id: RequestId },
    /// W5: the attempt has changed, but there is no verdict.
    Progress(Progress),
    /// W6: the attempt has ended.
    Verdict {
        ending: Ending,
        /// Whether the payment came after the attempt had ended without money.
        late: bool,
    },
    /// W7: a person has acknowledged the ending.
    Acknowledged,
    /// W7: staff closed an unknown attempt as paid or not paid.
    ClosedByStaff {
        by: String,
        /// Whether staff say that the attempt was paid.
        paid: bool,
    },
    /// A hand-over to a resident display now works on an attempt of an earlier launch.
    TakenUp { handover: String },
    /// W8: the request was read again after the attempt had ended.
    Watched {
        /// Whether no payment can come in any more.
        closed: bool,
    },
}

/// A change without a verdict, for the history.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Progress {
    /// The deadline has passed, and the code is gone.
    Overdue,
    /// A payment condition needs an answer.
    Condition,
    /// The cashier has answered the condition that has this message.
    Answered(Decision, Text),
    /// A part came in. The list has all payments of the attempt.
    PartPayment(Vec<PaidBy>),
    /// Money came in or went back, but the attempt has not ended.
    Money,
    /// The machine slept, or the program was started again.
    Resumed,
    /// The platform has answered the void with this text.
    Voided(String),
}

/// Returns the short code as the journal stores it, or empty text.
fn text(short_code: Option<&Text>) -> String {
    short_code.map(ToString::to_string).unwrap_or_default()
}

impl Record {
    /// Returns W2 for a request that fits the order.
    pub(in super::super) fn created(request: &Accepted) -> Self {
        Self::Created {
            id: request.id.clone(),
            short_code: text(request.short_code.as_ref()),
            payload: request.payload.clone(),
        }
    }

    /// Returns W2 for a request that was found by a look-up and whose code must not be shown.
    pub(in super::super) fn found(request: &PaymentRequest) -> Self {
        Self::Created {
            id: request.id.clone(),
            short_code: text(request.short_code.as_ref()),
            payload: String::new(),
        }
    }

    /// Returns the kind of the record.
    pub fn mark(&self) -> Mark {
        match self {
            Self::Intent { .. } => Mark::Intent,
            Self::Created { .. } => Mark::Created,
            Self::Shown => Mark::Shown,
            Self::Voiding { .. } => Mark::Voiding,
            Self::Progress(_) => Mark::Progress,
            Self::Verdict { .. } => Mark::Verdict,
            Self::Acknowledged | Self::ClosedByStaff { .. } => Mark::Acknowledged,
            Self::TakenUp { .. } => Mark::Progress,
            Self::Watched { .. } => Mark::Watched,
        }
    }
}
