//! A create whose answer was lost, and how to recognise the request that it made.

use std::time::Duration;

use crate::domain::order::Order;
use crate::domain::payment::{Failure, PaymentRequest, Text};
use crate::sale::Moment;
use crate::sale::answers::echo_check::same_terms;

/// How much older than its attempt a request may seem: the platform uses another clock and dates answers in whole
/// seconds.
const AGE_MARGIN: Duration = Duration::from_secs(30);
/// The longest time after which an abandoned create can still reach the platform.
const LATEST_ARRIVAL: Duration = Duration::from_secs(15 * 60);

/// A create without a usable answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct LostCreate {
    pub(crate) failure: Failure,
    /// The time of the create, or the start of this launch for a create of an earlier launch.
    since: Moment,
    /// The time from the create to `since`; `None` if it is unknown.
    before: Option<Duration>,
}

impl LostCreate {
    /// Returns a lost create of this launch.
    pub(crate) fn sent(sent_at: Moment, failure: Failure) -> Self {
        Self {
            failure,
            since: sent_at,
            before: Some(Duration::ZERO),
        }
    }

    /// Returns a lost create: its answer was about another request.
    pub(crate) fn to_another(sent_at: Moment) -> Self {
        let why = Text::sentence("the answer is about another payment request");

        Self::sent(sent_at, Failure::Ambiguous(why))
    }

    /// Returns a lost create of an earlier launch. `age`: the time since that create, if it is known.
    pub(crate) fn before(age: Option<Duration>) -> Self {
        Self {
            failure: Failure::Ambiguous(Text::clean("the program had stopped")),
            since: Moment::default(),
            before: age,
        }
    }

    /// Returns the time since the create, if it is known.
    pub(crate) fn ago(&self, now: Moment) -> Option<Duration> {
        let before = self.before?;

        Some(before.saturating_add(now.since(self.since)))
    }
}

/// Whether the create of this attempt made a request that was found under the attempt's reference. `since`: the
/// time since that create, if it is known. A reference without a token proves nothing: another counter may use it
/// too.
pub(crate) fn is_made_by(
    order: &Order,
    attempt: u32,
    since: Option<Duration>,
    request: &PaymentRequest,
) -> bool {
    let ages = request.age.zip(since);
    let is_older = ages.is_some_and(|(age, since)| age > since.saturating_add(AGE_MARGIN));
    let is_too_late = ages.is_some_and(|(age, since)| age.saturating_add(LATEST_ARRIVAL) < since);

    order.token.is_some()
        && !has_other_reference(order, attempt, request)
        && !is_older
        && !is_too_late
        && same_terms(order, request).is_ok()
}

/// Whether the answer to a create states a reference that is not the attempt's. Then the answer is about another
/// request. The dates in the answer are not used, since a clock may be wrong.
pub(crate) fn has_other_reference(order: &Order, attempt: u32, request: &PaymentRequest) -> bool {
    let external_ref = order.external_ref(attempt);

    request
        .external_ref
        .as_ref()
        .is_some_and(|stated| !stated.is(&external_ref))
}
