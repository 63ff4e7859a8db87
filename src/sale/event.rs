use std::sync::Arc;
use std::time::Duration;

use crate::payment::{Activity, ConditionId, Failure, PaymentRequest};
use crate::qr::Code;
use crate::sale::{Order, Recollection, Round};

/// A point on the monotonic clock: the time since the program started. The wall clock decides
/// nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(Duration);

impl Moment {
    /// The moment `since_start` after the program started.
    pub const fn after_start(since_start: Duration) -> Self {
        Self(since_start)
    }

    /// The moment `later` after this one.
    #[must_use]
    pub fn plus(self, later: Duration) -> Self {
        Self(self.0.saturating_add(later))
    }

    /// The time from `earlier` to this moment; zero if `earlier` is not earlier.
    pub fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

/// What can happen to a sale.
#[derive(Debug, Clone)]
#[allow(
    clippy::large_enum_variant,
    reason = "there are a few at a time, each moved a few times"
)]
pub enum Event {
    /// Somebody asked for something: a person, or the till.
    Asked(Command),
    /// A job led to something. It is dropped when its round is over.
    Happened {
        /// The round the job was done for.
        round: Round,
        /// What it led to.
        fact: Fact,
    },
}

/// What a person or the till can ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(
    clippy::large_enum_variant,
    reason = "there are a few at a time, each moved a few times"
)]
pub enum Command {
    /// Look back at what earlier launches have left, then let the cashier enter the amount.
    Open,
    /// Start this sale.
    Start(Order),
    /// Settle what earlier launches have left, with nobody there to be asked, and leave.
    Settle,
    /// Take the code away and cancel at the platform.
    Cancel,
    /// Try again with a new request.
    Retry,
    /// The payment condition is met.
    Accept,
    /// The payment condition is not met: the platform cancels the request.
    Decline,
    /// Take note of the ending, and go on to what follows it: the sale that was asked for where
    /// it is an earlier one's, the exit code otherwise.
    Close,
    /// Ask the platform again about an unknown outcome.
    KeepChecking,
    /// Cancel an unknown payment, which refunds it if it was made.
    CancelAndRefund,
    /// Staff close an unknown sale: they have found out whether it was paid, and answer for it.
    CloseByStaff {
        /// Who.
        by: String,
        /// What they have found out.
        paid: bool,
    },
    /// The window is closing, or the system asks the program to end.
    Leave,
}

/// What a [`Job`](crate::sale::Job) led to.
#[derive(Debug, Clone)]
pub enum Fact {
    /// What earlier launches have left; or why the journal cannot be read.
    Recalled(Result<Recollection, String>),
    /// The record is on disk.
    Recorded(Mark),
    /// The record could not be written, and why.
    NotRecorded(Mark, String),
    /// The record was refused: the journal has its request already, under another attempt.
    Duplicate(Mark),
    /// The answer to a create.
    Created {
        /// When the create was sent: the countdown runs from here.
        sent_at: Moment,
        /// When the answer was there.
        at: Moment,
        /// The answer.
        answer: Result<PaymentRequest, Failure>,
    },
    /// The requests that were found under a reference. None found is no proof that there is none.
    Found {
        /// When the answer was there.
        at: Moment,
        /// The answer.
        answer: Result<Vec<PaymentRequest>, Failure>,
    },
    /// The code was made and read back from its own pixels; or why not.
    Encoded(Result<Arc<Code>, String>),
    /// A frame with the whole code was on the screen, and nothing covered it.
    Shown,
    /// The code cannot be shown, or not any more, and why.
    NotShown(String),
    /// The answer to a read.
    Read {
        /// What the read was for.
        ask: Ask,
        /// When the answer was there.
        at: Moment,
        /// The answer.
        answer: Result<PaymentRequest, Failure>,
    },
    /// What came of the answer to a payment condition.
    Answered {
        /// The condition's id.
        condition: ConditionId,
        /// What the platform says to it.
        answer: Result<Activity, Failure>,
    },
    /// The answer to a void.
    Voided(Result<Activity, Failure>),
    /// What happened to the request, by the platform's own list.
    Activities(Result<Vec<Activity>, Failure>),
    /// A timer has run out.
    Woke {
        /// Which.
        timer: Timer,
        /// When.
        at: Moment,
        /// Whether the machine slept meanwhile: its clocks disagree by more than 2 s.
        slept: bool,
    },
}

/// What a read is for. An answer that was asked for before a void must not be taken for one that
/// was asked for after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ask {
    /// The regular poll.
    Poll,
    /// The read after a void.
    Verdict,
    /// The read of what ended or is unknown, to learn whether that has changed.
    Again,
}

/// Which record was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// W1: the intent, before the create is sent.
    Intent,
    /// W2: the id, after its check.
    Created,
    /// W3: before the first frame with the code.
    Shown,
    /// W4: before a void is sent.
    Voiding,
    /// W5: where it stands.
    Progress,
    /// W6: the verdict.
    Verdict,
    /// W7: that a person has taken note.
    Acknowledged,
    /// W8: that it was read again.
    Watched,
}

/// What the machine wants to be woken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Timer {
    /// Try the create again.
    Recreate,
    /// The next poll.
    Poll,
    /// The request's time is over.
    Deadline,
    /// The time the platform has to settle after the deadline is over.
    Settled,
    /// The platform has refused to talk about this request for too long.
    Denied,
    /// Try the void, or the read after it, again.
    Revoid,
    /// Ask again about an unknown outcome.
    Recheck,
    /// Leave the ending by itself.
    LeaveEnding,
    /// Leave, whatever is known.
    LeaveNow,
}
