use std::sync::Arc;

use crate::domain::order::Order;
use crate::domain::payment::{Activity, ConditionId, Failure, PaymentRequest};
use crate::qr::Code;
use crate::sale::{Generation, Moment, Recollection, Timer};

/// An event for a sale.
#[allow(missing_docs, reason = "the names of the other fields say it")]
#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant, reason = "few exist at a time")]
pub enum Event {
    /// A person or the till gives a command.
    Asked(Command),
    /// A job reports its fact. The fact is dropped if its round is over.
    Happened { round: Generation, fact: Fact },
}

/// A command of a person or of the till.
#[allow(missing_docs, reason = "the names of the other fields say it")]
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "few exist at a time")]
pub enum Command {
    /// Settle the attempts of earlier launches, then let the cashier enter the amount.
    Open,
    /// Start this sale.
    Start(Order),
    /// Settle the attempts of earlier launches without asking anyone, then end the program.
    Settle,
    /// Take the code away and cancel the request at the platform.
    Cancel,
    /// Try again with a new request.
    Retry,
    /// Tell the platform that the payment condition is met.
    Accept,
    /// Tell the platform that the payment condition is not met. The platform then cancels the request.
    Decline,
    /// Acknowledge the ending. After an earlier sale, the sale asked for follows. Otherwise the program ends.
    Close,
    /// Ask the platform again about an unknown outcome.
    KeepChecking,
    /// Void a request whose outcome is unknown. If it was paid, this refunds it.
    CancelAndRefund,
    /// Close an unknown sale: staff have found out whether it was paid.
    CloseByStaff { by: String, paid: bool },
    /// The window is closing, or the system asks the program to end.
    Leave,
}

/// The result of a [`Job`](crate::sale::Job).
#[allow(missing_docs, reason = "the names of the other fields say it")]
#[derive(Debug, Clone)]
pub enum Fact {
    /// The attempts of earlier launches in the journal, or the reason why it cannot be read.
    Recalled(Result<Recollection, String>),
    /// The record is on disk.
    Recorded(Mark),
    /// The record could not be written, and why.
    NotRecorded(Mark, String),
    /// The record was refused: the journal has the same request under another attempt.
    Duplicate(Mark),
    /// The answer to a create.
    Created {
        /// The time when the create was sent. The countdown begins then.
        sent_at: Moment,
        at: Moment,
        answer: Result<PaymentRequest, Failure>,
    },
    /// The requests under a reference. An empty list does not prove that no request exists.
    Found {
        at: Moment,
        answer: Result<Vec<PaymentRequest>, Failure>,
    },
    /// The code, proven readable from its own pixels, or the reason why there is none.
    Encoded(Result<Arc<Code>, String>),
    /// A frame with the whole code was on the screen, with nothing in front.
    Shown,
    /// The code cannot be shown, or cannot be shown any longer, and why.
    NotShown(String),
    /// The answer to a read, with the purpose of the read and the time of the answer.
    Read(Ask, Moment, Result<PaymentRequest, Failure>),
    /// The platform's answer to a decision about a payment condition.
    Answered {
        condition: ConditionId,
        answer: Result<Activity, Failure>,
    },
    /// The answer to a void.
    Voided(Result<Activity, Failure>),
    /// The platform's list of activities of the request.
    Activities(Result<Vec<Activity>, Failure>),
    /// A timer has run out.
    Woke(Timer, Wakeup),
}

/// The clocks at the time when a timer ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wakeup {
    /// The time.
    pub at: Moment,
    /// Whether the machine slept before the timer ran out: its clocks disagree by more than 2 s.
    pub slept: bool,
}

/// The purpose of a read. It keeps an answer from before a void apart from one after the void.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ask {
    /// The regular poll.
    Poll,
    /// The read after a void.
    Verdict,
    /// A later read after an ending, or of an unknown outcome, to see whether something has changed.
    Again,
}

/// The kind of a record.
#[allow(missing_docs, reason = "`Record` explains each")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    Intent,
    Created,
    Shown,
    Voiding,
    Progress,
    Verdict,
    Acknowledged,
    Watched,
}
