use std::time::Duration;

use crate::domain::order::Order;
use crate::domain::outcome::Outcome;
use crate::domain::payment::{PaymentRequest, RequestId, Text};
use crate::sale::{Accepted, Ending, Moment, Void};

/// The number of a round, in which the machine works on one attempt. A fact carries the round of its job. After
/// that round the fact is dropped: it is an answer for an earlier attempt, or an old timer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(u32);

impl Generation {
    /// Returns the next round.
    #[must_use]
    pub(crate) fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// The key of an attempt in the journal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttemptKey {
    /// The till's reference for the sale.
    pub sale: String,
    /// The number of the attempt, from 1, through all launches of the sale.
    pub attempt: u32,
}

/// The attempts of earlier launches that matter to this launch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Recollection {
    /// The number of attempts of the sale asked for; 0 for a new sale.
    pub attempts: u32,
    /// References that other sales' attempts have and that an attempt of the sale asked for would get too.
    /// Example: the till sold A1-2 before A1, and the second attempt of A1 is A1-2.
    pub taken: Vec<String>,
    /// Attempts to settle, acknowledge or watch, oldest first. Includes a paid attempt of the sale asked for, even
    /// an acknowledged one.
    pub open: Vec<Earlier>,
}

/// An attempt of an earlier launch.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Earlier {
    /// The order, as it was configured when the attempt began.
    pub order: Order,
    /// The number of the attempt, from 1.
    pub attempt: u32,
    /// The platform's address when the attempt began.
    pub base_url: String,
    /// The payment request, if its id is known.
    pub request: Option<Known>,
    /// The age of the attempt when the journal was read, by the local clock; `None` if that clock was set back.
    pub age: Option<Duration>,
    /// Whether the time to pay is over.
    pub is_over: bool,
    /// The member of staff who closed the attempt while it was unknown.
    pub closed_by: Option<String>,
    /// The outcome of an attempt that ended without money, or that staff closed as not paid while it was unknown.
    pub unpaid: Option<Outcome>,
    /// Whether the platform has reported money. After that, an answer without money does not prove that none came in.
    pub had_money: bool,
    /// When the attempt ended, by the local clock.
    pub settled_at: Option<String>,
    /// Whether the patron has shown a code. The attempt then has no code to show, and can be paid from its create
    /// on.
    pub patron_presented: bool,
    /// The next step for the attempt.
    pub standing: Standing,
}

/// A request whose id is in the journal. The answer with that id was checked first.
#[allow(missing_docs, reason = "the names of the other fields say it")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Known {
    pub id: RequestId,
    pub short_code: Option<Text>,
    pub payload: String,
    /// The time for which the request can still be paid, by the local clock. Used if the platform does not say.
    pub time_left: Duration,
}

impl From<Known> for Accepted {
    /// Converts a request of an earlier launch, with times from the start of this launch.
    fn from(known: Known) -> Self {
        Self {
            id: known.id,
            short_code: known.short_code,
            payload: known.payload,
            liveness: None,
            expires_at: None,
            updated_at: None,
            sent_at: Moment::default(),
            deadline: Moment::after_start(known.time_left),
        }
    }
}

/// The next step for an attempt.
#[allow(missing_docs, reason = "the names of the other fields say it")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Only W1 is on disk: a request may exist, but no code was shown.
    Intended,
    /// The id of the request is known, and the code was never shown. After a void the code must never be shown.
    Created(Void),
    /// A second request of the same attempt, which is not in the journal.
    Stray,
    /// The request may have been paid: its code was shown, or it was created with the patron's code. In the second
    /// case the id may be unknown.
    Payable(Void),
    /// The attempt ended with money.
    Ended {
        ending: Ending,
        /// Whether the payment came after the attempt had expired or been cancelled.
        late: bool,
        /// Whether a person has acknowledged the ending.
        acknowledged: bool,
    },
    /// The attempt ended without money, or staff closed it as not paid. It can still be paid late.
    Watched(Void),
}

impl Earlier {
    /// Returns the attempt's key in the journal.
    pub fn key(&self) -> AttemptKey {
        AttemptKey {
            sale: self.order.reference.clone(),
            attempt: self.attempt,
        }
    }

    /// Whether staff closed the attempt as not paid. It stays unknown until the platform confirms that.
    pub(in super::super) fn is_closed_as_not_paid(&self) -> bool {
        self.closed_by.is_some() && matches!(self.standing, Standing::Watched(_))
    }

    /// Returns a second request of an attempt, which this sale does not use.
    pub(in super::super) fn stray(order: Order, attempt: u32, request: &PaymentRequest) -> Self {
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

    /// Returns the attempt's reference for people and tills.
    pub(in super::super) fn reference(&self) -> String {
        self.order.attempt_reference(self.attempt)
    }

    /// Returns the attempt's reference at the platform.
    pub(in super::super) fn external_ref(&self) -> String {
        self.order.external_ref(self.attempt)
    }

    /// Whether this is an attempt of the sale asked for: same reference, terms and platform, and not older than
    /// `lifetime`. An attempt that can still be paid, or whose age is unknown, never counts as too old, since the
    /// clock may be wrong.
    pub fn is_of(&self, asked: &Order, base_url: &str, lifetime: Duration) -> bool {
        self.order.is_same_sale(asked)
            && self.base_url == base_url
            && (matches!(self.standing, Standing::Payable(_))
                || self.age.is_none_or(|age| age <= lifetime))
    }
}

/// The time after the create in which the platform can void a request, and in which a late payment may still come
/// in.
pub const VOID_WINDOW: Duration = Duration::from_secs(24 * 60 * 60);
