use std::time::Duration;

use crate::payment::{PaymentRequest, RequestId, Text};
use crate::sale::{Ending, Order};

/// One attempt as this process works on it, numbered as they come. What a job led to is told with
/// the round it was done for, and is dropped when that round is over: the answer to an earlier
/// attempt, a timer that was set for one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Round(u32);

impl Round {
    /// The round after this one.
    #[must_use]
    pub(super) fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// Which attempt of which sale: what the journal knows it by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttemptKey {
    /// The sale, by the till's reference.
    pub sale: String,
    /// The attempt, from 1, through all launches of the sale.
    pub attempt: u32,
}

/// What the journal holds of earlier launches that matters to this one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Recollection {
    /// How many attempts the sale that is asked for has had; 0 for a new one.
    pub attempts: u32,
    /// What the platform knows other sales' attempts by, as far as one of this sale could be named so: a
    /// till may have sold A1-2 before A1.
    pub taken: Vec<String>,
    /// Attempts to be settled, acknowledged or watched, oldest first; and, of the sale that is
    /// asked for, the one that was paid, acknowledged or not.
    pub open: Vec<Earlier>,
}

/// An attempt of an earlier launch.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Earlier {
    /// What was sold, as configured then.
    pub order: Order,
    /// Which attempt, from 1.
    pub attempt: u32,
    /// The platform that was asked then.
    pub base_url: String,
    /// The request that was made, where its id is known.
    pub request: Option<Known>,
    /// How long ago it was journaled when the journal was read, by the clock here; `None` where that
    /// was set back since.
    pub age: Option<Duration>,
    /// Whether its time must be over by now: nobody can pay it any more.
    pub is_over: bool,
    /// Who of the staff closed it while it was unknown.
    pub closed_by: Option<String>,
    /// How it ended without money; `None` if it did not.
    pub unpaid: Option<Unpaid>,
    /// Whether the platform has reported money. After that, an answer without money does not prove that none came in.
    pub had_money: bool,
    /// When it ended, by the clock here.
    pub settled_at: Option<String>,
    /// Whether its customer has shown a code, so that there is none of the shop's to show, and it could be
    /// paid from its create on.
    pub patron_presented: bool,
    /// What is owed.
    pub standing: Standing,
}

/// A request whose answer was checked before its id was journaled.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Known {
    /// Its id.
    pub id: RequestId,
    /// Its name for people.
    pub short_code: Option<Text>,
    /// What its code says.
    pub payload: String,
    /// How long it must still be payable, by the clock here: for a platform that does not say.
    pub time_left: Duration,
}

/// What is still owed about an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Standing {
    /// W1 and nothing after it: a request may exist, but was never shown.
    Intended,
    /// Its id is known, its code was never shown. After a void was sent it never will be.
    Created(Void),
    /// A request that was made beside the one that is used, and that is in no journal.
    Stray,
    /// Its code was shown, or it was created with the customer's, so that it could be paid; and nobody
    /// knows how it ended. Of the latter the id may not be known.
    Payable(Void),
    /// It ended with money.
    Ended {
        /// The ending.
        ending: Ending,
        /// Whether the payment came in after it had been called expired or cancelled.
        late: bool,
        /// Whether a person has taken note of it.
        acknowledged: bool,
    },
    /// It ended without money, or staff closed it as not paid, and it can still be paid late.
    Watched(Void),
}

/// An ending without money, as the journal keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unpaid {
    /// Not paid in time, by the platform's word.
    Expired,
    /// Cancelled.
    Cancelled,
    /// Refused.
    Rejected,
    /// The platform could not be reached.
    Unreachable,
    /// Staff closed it as not paid while it was unknown.
    Unknown,
}

impl Unpaid {
    /// The name of its [`Ending`], and the exit code.
    const ALL: [(Self, &'static str, u8); 5] = [
        (Self::Expired, "expired", 20),
        (Self::Cancelled, "cancelled", 21),
        (Self::Rejected, "rejected", 40),
        (Self::Unreachable, "unreachable", 41),
        (Self::Unknown, "unknown", 30),
    ];

    /// The ending of this name; `None` for one with money.
    pub fn named(name: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, known, _)| *known == name);

        found.map(|(unpaid, ..)| *unpaid)
    }

    /// The name of the ending.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// The exit code of the ending.
    pub fn exit_code(self) -> u8 {
        self.row().2
    }

    fn row(self) -> (Self, &'static str, u8) {
        let [.., unknown] = Self::ALL;

        Self::ALL
            .into_iter()
            .find(|(unpaid, ..)| *unpaid == self)
            .unwrap_or(unknown)
    }
}

/// What became of the voids of an attempt. After one was sent, `paid` alone does not mean paid.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Void {
    /// None was asked for.
    #[default]
    NotSent,
    /// All that got there were answered: the platform's list of activities tells the rest.
    Answered,
    /// One may still be on its way.
    Unanswered,
}

impl Earlier {
    /// What the journal knows it by.
    pub fn key(&self) -> AttemptKey {
        AttemptKey {
            sale: self.order.reference.clone(),
            attempt: self.attempt,
        }
    }

    /// Whether staff closed it as not paid. It stays unknown until a read of the platform agrees.
    pub(super) fn is_closed_as_not_paid(&self) -> bool {
        self.closed_by.is_some() && matches!(self.standing, Standing::Watched(_))
    }

    /// A request that was made for an attempt beside the one that is used.
    pub(super) fn stray(order: Order, attempt: u32, request: &PaymentRequest) -> Self {
        Self {
            order,
            attempt,
            base_url: String::new(),
            request: Some(Known {
                id: request.id.clone(),
                short_code: request.short_code.clone(),
                payload: String::new(),
                time_left: Duration::ZERO,
            }),
            age: None,
            is_over: false,
            closed_by: None,
            unpaid: None,
            had_money: false,
            settled_at: None,
            patron_presented: false,
            standing: Standing::Stray,
        }
    }

    /// The reference that people and tills know it by.
    pub(super) fn reference(&self) -> String {
        self.order.attempt_reference(self.attempt)
    }

    /// What the platform knows it by.
    pub(super) fn external_ref(&self) -> String {
        self.order.external_ref(self.attempt)
    }

    /// Whether this is an attempt of the sale that is asked for now: same reference, terms and platform, and not older
    /// than `lifetime`. An attempt that can still be paid, or whose age is unknown, is never too old: the clock may be
    /// wrong.
    pub fn is_of(&self, asked: &Order, base_url: &str, lifetime: Duration) -> bool {
        self.order.is_same_sale(asked)
            && self.base_url == base_url
            && (matches!(self.standing, Standing::Payable(_))
                || self.age.is_none_or(|age| age <= lifetime))
    }
}

/// The platform takes a request back for so long after its creation, and so long a payment may
/// still come in late.
pub const VOID_WINDOW: Duration = Duration::from_secs(24 * 60 * 60);
