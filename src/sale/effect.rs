use std::time::Duration;

use crate::money::Amount;
use crate::payment::RequestId;
use crate::sale::{Announcement, Ask, Ending, Mark, Moment, Timer};

/// What the machine wants done.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Do this for an attempt, and report the fact it leads to.
    Run {
        /// The attempt to report it for.
        attempt: u32,
        /// What to do.
        job: Job,
    },
    /// Tell the till, in this order.
    Announce(Announcement),
    /// The sale is over: leave with this exit code.
    Exit(u8),
}

/// Something that takes time and leads to exactly one [`Fact`](crate::sale::Fact).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Job {
    /// Write this to disk.
    Record {
        /// The sale it belongs to: the till's reference.
        sale: String,
        /// What to write.
        record: Record,
    },
    /// Create a payment request.
    Create(NewRequest),
    /// Make a code that says this, and prove that it can be read.
    Encode(String),
    /// Read the request.
    Read {
        /// Which.
        id: RequestId,
        /// What for.
        ask: Ask,
    },
    /// Cancel the request, which refunds it if it was paid.
    Void(RequestId),
    /// List what happened to the request.
    ListActivities(RequestId),
    /// Wait.
    Wake {
        /// What for.
        timer: Timer,
        /// How long.
        delay: Delay,
    },
}

/// How long to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Delay {
    /// This long.
    For(Duration),
    /// Until this moment; not at all when it has passed.
    Until(Moment),
    /// A random time up to this long, so that many displays do not come back at once.
    UpTo(Duration),
}

/// What a create asks for, beside what the configuration says.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NewRequest {
    /// The platform that is asked: an attempt keeps its own, whatever the configuration says later.
    pub base_url: String,
    /// The merchant config to pay to.
    pub config_id: String,
    /// How much.
    pub amount: Amount,
    /// The till's reference, unique for each attempt.
    pub external_ref: String,
    /// How long it shall be payable, in seconds.
    pub expiry_seconds: u32,
    /// Who is selling.
    pub operator: Option<String>,
}

/// What must be, or shall be, on disk.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Record {
    /// W1: a request is about to be created.
    Intent {
        /// What will be asked for.
        request: NewRequest,
        /// The merchant's key in the configuration.
        merchant: String,
    },
    /// W2: the request that was made, after its check.
    Created {
        /// Its id.
        id: RequestId,
        /// Its name for people.
        short_code: String,
        /// What its code says.
        payload: String,
    },
    /// W3: its code is about to be shown.
    Shown,
    /// W4: it is about to be voided. The id may be new to the journal: a request whose answer did
    /// not fit is voided without ever being shown.
    Voiding {
        /// Its id.
        id: RequestId,
    },
    /// W6: how the attempt ended.
    Verdict {
        /// The ending.
        ending: Ending,
    },
}

impl Record {
    /// Which record this is.
    pub fn mark(&self) -> Mark {
        match self {
            Self::Intent { .. } => Mark::Intent,
            Self::Created { .. } => Mark::Created,
            Self::Shown => Mark::Shown,
            Self::Voiding { .. } => Mark::Voiding,
            Self::Verdict { .. } => Mark::Verdict,
        }
    }
}
