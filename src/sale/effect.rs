use std::sync::Arc;
use std::time::Duration;

use crate::money::Amount;
use crate::payment::{
    ConditionId, Decision, Failure, PaidBy, PatronCode, PaymentRequest, RequestId, Text,
};
use crate::sale::{
    Accepted, Announcement, Ask, AttemptKey, Ending, Mark, Moment, Order, Particulars, Round, Timer,
};

/// What the machine wants done.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Do this, and report the fact it leads to.
    Run {
        /// The round to report it for.
        round: Round,
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
#[allow(
    clippy::large_enum_variant,
    reason = "there are a few at a time, each moved a few times"
)]
pub enum Job {
    /// Say what earlier launches have left.
    Recall {
        /// The sale that is asked for; `None` when none is yet.
        sale: Option<String>,
    },
    /// Write this to disk.
    Record {
        /// The attempt it belongs to.
        key: AttemptKey,
        /// What to write.
        record: Record,
    },
    /// Create a payment request.
    Create(NewRequest),
    /// Find the requests that were made under a reference: what a create whose answer was lost may
    /// have made.
    LookUp {
        /// The attempt's reference.
        external_ref: String,
        /// The account that owns the merchant.
        account_id: String,
    },
    /// Make a code that says this, and prove that it can be read.
    Encode(String),
    /// Read the request.
    Read {
        /// Which.
        id: RequestId,
        /// What for.
        ask: Ask,
    },
    /// Tell the platform the cashier's answer to a payment condition.
    Answer {
        /// The request.
        id: RequestId,
        /// The condition's id.
        condition: ConditionId,
        /// The answer.
        decision: Decision,
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
    /// A random time from the first to the second.
    Between(Duration, Duration),
}

impl Delay {
    /// The pause before a void, or a read after it, is tried again.
    pub(super) const RETRY: Duration = Duration::from_secs(1);

    /// The pause after this failure: longer where the platform asks for it. Not a moment longer than
    /// that, so that a void comes before the polls of other displays, which keep a distance.
    pub(super) fn after(failure: &Failure) -> Self {
        match failure {
            Failure::Throttled {
                retry_after: Some(wait),
            } => Self::For((*wait).max(Self::RETRY)),
            _ => Self::For(Self::RETRY),
        }
    }
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
    /// What else the platform is told.
    pub particulars: Arc<Particulars>,
    /// The customer's code, whose phone then asks to confirm: from the moment this is sent on, it may be
    /// paid.
    pub barcode: Option<PatronCode>,
}

/// What must be, or shall be, on disk.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[allow(
    clippy::large_enum_variant,
    reason = "there are a few at a time, each moved a few times"
)]
pub enum Record {
    /// W1: a request is about to be created.
    Intent {
        /// What is sold.
        order: Order,
        /// What will be asked for.
        request: NewRequest,
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
    /// W5: where it stands has changed, short of a verdict.
    Progress(Progress),
    /// W6: how the attempt ended.
    Verdict {
        /// The ending.
        ending: Ending,
        /// Whether it was paid after it had been called expired or cancelled.
        late: bool,
    },
    /// W7: a person has taken note of how it ended.
    Acknowledged,
    /// W7: staff close an attempt that is unknown, and answer for it.
    ClosedByStaff {
        /// Who.
        by: String,
        /// Whether they say that it was paid.
        paid: bool,
    },
    /// A hand-over to a resident display has taken up an attempt of an earlier launch.
    TakenUp {
        /// Which hand-over.
        handover: String,
    },
    /// W8: it was read again after its ending.
    Watched {
        /// Whether nothing can come of it any more.
        closed: bool,
    },
}

/// A change short of a verdict, for whoever has to find out later what happened.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Progress {
    /// The time is over and the code is gone.
    Overdue,
    /// Somebody has to answer a payment condition.
    Condition,
    /// The cashier has answered one, and how; its message is what was asked.
    Answered(Decision, Text),
    /// A part came in: what has paid so far.
    PartPayment(Vec<PaidBy>),
    /// Money came in, or went back, and the attempt has no ending yet.
    Money,
    /// The machine slept, or the program was started again.
    Resumed,
    /// The void was answered with this.
    Voided(String),
}

/// As the journal has it: empty where there is none.
fn text(short_code: Option<&Text>) -> String {
    short_code.map(ToString::to_string).unwrap_or_default()
}

impl Record {
    /// W2 for a request that fits.
    pub(super) fn created(request: &Accepted) -> Self {
        Self::Created {
            id: request.id.clone(),
            short_code: text(request.short_code.as_ref()),
            payload: request.payload.clone(),
        }
    }

    /// W2 for a request that was found, and whose code must not be shown.
    pub(super) fn found(request: &PaymentRequest) -> Self {
        Self::Created {
            id: request.id.clone(),
            short_code: text(request.short_code.as_ref()),
            payload: String::new(),
        }
    }

    /// Which record this is.
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
