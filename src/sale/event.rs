use std::sync::Arc;
use std::time::Duration;

use crate::payment::{Activity, Failure, PaymentRequest};
use crate::qr::Code;
use crate::sale::Order;

/// A point on the monotonic clock: the time since the program started. The wall clock decides
/// nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(Duration);

impl Moment {
    /// The moment `since_start` after the program started.
    pub fn after_start(since_start: Duration) -> Self {
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
pub enum Event {
    /// Somebody asked for something: a person, or the till.
    Asked(Command),
    /// A job of an attempt led to something. It is dropped when that attempt is no longer the
    /// current one.
    Happened {
        /// The attempt the job was done for.
        attempt: u32,
        /// What it led to.
        fact: Fact,
    },
}

/// What a person or the till can ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Start this sale.
    Start(Order),
    /// Take the code away and cancel at the platform.
    Cancel,
    /// Try again with a new request.
    Retry,
    /// Leave the ending, with its exit code.
    Close,
    /// Ask the platform again about an unknown outcome.
    KeepChecking,
    /// Cancel an unknown payment, which refunds it if it was made.
    CancelAndRefund,
    /// The window is closing, or the system asks the program to end.
    Leave,
}

/// What a [`Job`](crate::sale::Job) led to.
#[derive(Debug, Clone)]
pub enum Fact {
    /// The record is on disk.
    Recorded(Mark),
    /// The record could not be written, and why.
    NotRecorded(Mark, String),
    /// The answer to a create.
    Created {
        /// When the create was sent: the countdown runs from here.
        sent_at: Moment,
        /// When the answer was there.
        at: Moment,
        /// The answer.
        answer: Result<PaymentRequest, Failure>,
    },
    /// The code was made and read back from its own pixels; or why not.
    Encoded(Result<Arc<Code>, String>),
    /// The first frame with the code was on the screen.
    Shown,
    /// The answer to a read.
    Read {
        /// What the read was for.
        ask: Ask,
        /// When the answer was there.
        at: Moment,
        /// The answer.
        answer: Result<PaymentRequest, Failure>,
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
    /// W6: the verdict.
    Verdict,
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
    /// Leave the ending by itself.
    LeaveEnding,
    /// Leave, whatever is known.
    LeaveNow,
}
