use std::time::Duration;

use crate::payment::{Failure, PaymentRequest, Status};
use crate::sale::polls::Polls;
use crate::sale::{
    Accepted, Announcement, Ask, Cause, Delay, Ending, Fact, Job, Link, Misfit, Moment, Order,
    Rejection, State, Timer, Turn, Voiding, Weakness,
};

/// How long the platform may refuse to talk about a request before the code is taken away.
const DENIED_FOR: Duration = Duration::from_secs(10);
/// From this many answers for another request in a row on, something is badly wrong.
const STRANGERS: u32 = 3;

/// A shown request that is being polled: what is known of it, and of the connection.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Polling {
    request: Accepted,
    polls: Polls,
    link: Link,
    /// Since when the platform has refused to talk about it.
    denied: Option<Moment>,
    strangers: u32,
    latest: Option<i64>,
}

/// What a fact meant for a polled request.
#[allow(
    clippy::large_enum_variant,
    reason = "it lives for one turn, on the stack"
)]
pub(super) enum Seen {
    /// It is still being polled; and the answer that said so, if there was one.
    Still(Polling, Option<Answer>),
    /// The state is left.
    Left(State),
}

/// An answer that fits and is no verdict.
pub(super) struct Answer {
    pub(super) at: Moment,
    pub(super) request: PaymentRequest,
}

impl Polling {
    /// Begins to poll a request whose code is now on the screen.
    pub(super) fn begin(request: Accepted, turn: &mut Turn<'_>) -> Self {
        Self::with(request, Polls::begin(turn.timing().counters), turn)
    }

    /// Begins to poll a request of which the last word may be long ago.
    pub(super) fn begin_at_once(request: Accepted, turn: &mut Turn<'_>) -> Self {
        Self::with(request, Polls::begin_at_once(turn.timing().counters), turn)
    }

    fn with(request: Accepted, (polls, first): (Polls, Job), turn: &mut Turn<'_>) -> Self {
        turn.run(first);

        Self {
            latest: request.updated_at,
            request,
            polls,
            link: Link::Up,
            denied: None,
            strangers: 0,
        }
    }

    pub(super) fn request(&self) -> &Accepted {
        &self.request
    }

    pub(super) fn into_request(self) -> Accepted {
        self.request
    }

    pub(super) fn link(&self) -> Link {
        self.link
    }

    pub(super) fn happened(mut self, fact: Fact, turn: &mut Turn<'_>) -> Seen {
        match fact {
            Fact::Woke {
                timer: Timer::Poll,
                at,
                ..
            } => {
                self.ask(at, turn);

                Seen::Still(self, None)
            }
            // A refusal that passed has left its timer behind: what counts is the present one.
            Fact::Woke {
                timer: Timer::Denied,
                at,
                ..
            } if self
                .denied
                .is_some_and(|since| at.since(since) >= DENIED_FOR) =>
            {
                let voiding = Voiding::begin(self.request, Cause::Unclear, true, turn);

                Seen::Left(voiding)
            }
            Fact::Read {
                ask: Ask::Poll,
                at,
                answer: Ok(request),
            } => self.answered(Answer { at, request }, turn),
            Fact::Read {
                ask: Ask::Poll,
                at,
                answer: Err(failure),
            } => {
                self.failed(&failure, at, turn);

                Seen::Still(self, None)
            }
            _ => Seen::Still(self, None),
        }
    }

    /// Asks once more within a wait that is the last, where the usual polls may miss it.
    pub(super) fn ask_within(&self, wait: Duration, turn: &mut Turn<'_>) {
        if self.polls.may_miss(wait) {
            turn.wake(Timer::Poll, Delay::For(wait / 2));
        }
    }

    fn ask(&mut self, now: Moment, turn: &mut Turn<'_>) {
        if let Some(read) = self.polls.ask(&self.request.id, now) {
            turn.run(read);
        }
    }

    fn failed(&mut self, failure: &Failure, at: Moment, turn: &mut Turn<'_>) {
        turn.run(self.polls.failed(failure));
        let denied = matches!(failure, Failure::Refused(_) | Failure::Unauthorised(_));
        if denied && self.denied.is_none() {
            self.denied = Some(at);
            turn.wake(Timer::Denied, Delay::For(DENIED_FOR));
        }
        if self.polls.lost() && self.link == Link::Up {
            self.link = Link::Lost;
            turn.announce(Announcement::Link { state: Link::Lost });
        }
    }

    fn answered(mut self, answer: Answer, turn: &mut Turn<'_>) -> Seen {
        let next_poll = self.polls.answered();
        self.denied = None;
        if self.link == Link::Lost {
            self.link = Link::Up;
            turn.announce(Announcement::Link { state: Link::Up });
        }
        let request = &answer.request;
        if request.id != self.request.id {
            self.strangers += 1;
            if self.strangers >= STRANGERS {
                return self.misfit(Misfit::Id, turn);
            }
            turn.run(next_poll);

            return Seen::Still(self, None);
        }
        self.strangers = 0;
        // An outdated answer is ignored, unless its status is final: a final status does not change any more.
        let is_stale = request.updated_at.is_some() && request.updated_at < self.latest;
        if is_stale && !request.status.is_final() {
            turn.run(next_poll);

            return Seen::Still(self, None);
        }
        self.latest = self.latest.max(request.updated_at);
        if let Some(misfit) = turn.misfit(request) {
            return self.misfit(misfit, turn);
        }
        match turn.verdict(request) {
            Verdict::Open => {
                turn.run(next_poll);

                Seen::Still(self, Some(answer))
            }
            Verdict::Ended(ending) => Seen::Left(turn.end(ending, Some(self.request))),
            Verdict::OverWithMoney => {
                let evidence = turn.void().into();

                Seen::Left(Voiding::decide(
                    self.request,
                    evidence,
                    answer.request,
                    turn,
                ))
            }
        }
    }

    fn misfit(self, misfit: Misfit, turn: &mut Turn<'_>) -> Seen {
        let cause = Cause::Rejected(Rejection::Misfit(misfit));

        Seen::Left(Voiding::begin(self.request, cause, true, turn))
    }
}

/// What an answer of the platform means for a sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The request is open.
    Open,
    /// The request ended this way. `paid` is believed only if no void was sent.
    Ended(Ending),
    /// It expired or was cancelled, and money had come in: its activities tell whether that went back.
    OverWithMoney,
}

impl Turn<'_> {
    /// What an answer means for a sale of this order. `had_money`: what the platform has said before.
    pub(super) fn verdict_on(
        &self,
        order: &Order,
        request: &PaymentRequest,
        had_money: bool,
    ) -> Verdict {
        match &request.status {
            Status::New | Status::Unknown(_) => Verdict::Open,
            Status::Paid => Verdict::Ended(self.paid_on(order, request, false)),
            Status::Expired | Status::Cancelled if had_money || request.has_money(order.amount) => {
                Verdict::OverWithMoney
            }
            Status::Expired => Verdict::Ended(Ending::Expired),
            Status::Cancelled => Verdict::Ended(Ending::Cancelled {
                reason: request.cancellation_reason.clone(),
            }),
        }
    }

    /// The ending of a request that the platform calls paid: in full, in part, or unknown if the customer may pay in
    /// parts and the platform does not say how much came in.
    pub(super) fn paid_on(&self, order: &Order, request: &PaymentRequest, kept: bool) -> Ending {
        let by = request.paid_by.clone();
        if request.remaining.is_none() && self.is_weakened_by(Weakness::PaidWithoutRemainingInFull)
        {
            return Ending::Paid { by, kept };
        }
        let remaining = request
            .received(order.amount)
            .map(|received| (received, order.amount.checked_sub(received)));

        match remaining {
            None if order.allows_parts() => Ending::unknown(),
            Some((received, Some(_))) if received.is_zero() => Ending::unknown(),
            Some((_, Some(remaining))) if !remaining.is_zero() => {
                Ending::PartPaid { by, remaining }
            }
            // All of it came in, or more.
            _ => Ending::Paid { by, kept },
        }
    }
}
