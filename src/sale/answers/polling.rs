use std::time::Duration;

use crate::domain::payment::{Failure, PaymentRequest};
use crate::sale::answers::polls::Polls;
use crate::sale::answers::verdict::Verdict;
use crate::sale::{
    Accepted, Announcement, Ask, Cause, Delay, Fact, Link, Mismatch, Moment, Rejection, State,
    Timer, Transition, Wakeup,
};

/// The longest time that the platform may refuse every poll before the code is taken away.
const DENIED_FOR: Duration = Duration::from_secs(10);
/// The number of answers in a row about other requests after which the request is voided.
const STRANGERS: u32 = 3;

/// A request that is being polled, with the state of the connection.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Polling {
    request: Accepted,
    polls: Polls,
    link: Link,
    /// The time of the first of the refusals in a row.
    denied: Option<Moment>,
    strangers: u32,
    latest: Option<i64>,
}

/// The result of handling a fact while a request is polled.
#[allow(clippy::large_enum_variant, reason = "few exist at a time")]
pub(crate) enum PollResult {
    /// Polling goes on. The second value is the answer, if there was one.
    Still(Polling, Option<OpenAnswer>),
    /// The sale goes to another state.
    Left(State),
}

/// An answer that fits the order and is not a verdict.
pub(crate) struct OpenAnswer {
    pub(crate) at: Moment,
    pub(crate) request: PaymentRequest,
}

impl Polling {
    /// Begins to poll a request after a pause.
    pub(crate) fn begin(
        request: Accepted,
        pause: Duration,
        transition: &mut Transition<'_>,
    ) -> Self {
        let (polls, first) = Polls::begin(&transition.sale.timing, pause);
        transition.run(first);

        Self {
            latest: request.updated_at,
            request,
            polls,
            link: Link::Up,
            denied: None,
            strangers: 0,
        }
    }

    pub(crate) fn request(&self) -> &Accepted {
        &self.request
    }

    pub(crate) fn into_request(self) -> Accepted {
        self.request
    }

    pub(crate) fn link(&self) -> Link {
        self.link
    }

    pub(crate) fn happened(mut self, fact: Fact, transition: &mut Transition<'_>) -> PollResult {
        match fact {
            Fact::Woke(Timer::Poll, Wakeup { at, .. }) => {
                if let Some(read) = self.polls.ask(&self.request.id, at) {
                    transition.run(read);
                }

                PollResult::Still(self, None)
            }
            // A timer of an earlier refusal may run out here. Only the current refusals count.
            Fact::Woke(Timer::Denied, Wakeup { at, .. })
                if self
                    .denied
                    .is_some_and(|since| at.since(since) >= DENIED_FOR) =>
            {
                let voiding = transition.begin_void(self.request, Cause::Unclear, true);

                PollResult::Left(voiding)
            }
            Fact::Read(Ask::Poll, at, Ok(request)) => {
                self.answered(OpenAnswer { at, request }, transition)
            }
            Fact::Read(Ask::Poll, at, Err(failure)) => {
                self.failed(&failure, at, transition);

                PollResult::Still(self, None)
            }
            _ => PollResult::Still(self, None),
        }
    }

    /// Plans one more poll within a last wait, if the usual polls may miss that wait.
    pub(crate) fn ask_within(&self, wait: Duration, transition: &mut Transition<'_>) {
        if self.polls.may_miss(wait) {
            transition.wake(Timer::Poll, Delay::For(wait / 2));
        }
    }

    fn failed(&mut self, failure: &Failure, at: Moment, transition: &mut Transition<'_>) {
        transition.run(self.polls.failed(failure));
        let denied = matches!(failure, Failure::Refused(_) | Failure::Unauthorised(_));
        if denied && self.denied.is_none() {
            self.denied = Some(at);
            transition.wake(Timer::Denied, Delay::For(DENIED_FOR));
        }
        if self.polls.lost() && self.link == Link::Up {
            self.link = Link::Lost;
            transition.announce(Announcement::Link { state: Link::Lost });
        }
    }

    fn answered(mut self, answer: OpenAnswer, transition: &mut Transition<'_>) -> PollResult {
        let next_poll = self.polls.answered();
        self.denied = None;
        if self.link == Link::Lost {
            self.link = Link::Up;
            transition.announce(Announcement::Link { state: Link::Up });
        }
        let request = &answer.request;
        if request.id != self.request.id {
            self.strangers += 1;
            if self.strangers >= STRANGERS {
                return self.mismatch(Mismatch::Id, transition);
            }
            transition.run(next_poll);

            return PollResult::Still(self, None);
        }
        self.strangers = 0;
        // An outdated answer is ignored. If its status is final, it still counts: a final status never changes.
        let is_stale = request.updated_at.is_some() && request.updated_at < self.latest;
        if is_stale && !request.status.is_final() {
            transition.run(next_poll);

            return PollResult::Still(self, None);
        }
        self.latest = self.latest.max(request.updated_at);
        if let Some(mismatch) = transition.mismatch(request) {
            return self.mismatch(mismatch, transition);
        }
        match transition.verdict(request) {
            Verdict::Open => {
                transition.run(next_poll);

                PollResult::Still(self, Some(answer))
            }
            Verdict::Ended(ending) => PollResult::Left(transition.end(ending, Some(self.request))),
            Verdict::OverWithMoney => {
                let evidence = transition.void().into();

                PollResult::Left(transition.decide_payment(self.request, evidence, answer.request))
            }
        }
    }

    fn mismatch(self, mismatch: Mismatch, transition: &mut Transition<'_>) -> PollResult {
        let cause = Cause::Rejected(Rejection::Mismatch(mismatch));

        PollResult::Left(transition.begin_void(self.request, cause, true))
    }
}
