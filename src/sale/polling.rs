use std::time::Duration;

use crate::payment::{Failure, PaymentRequest, Status};
use crate::sale::polls::Polls;
use crate::sale::{
    Accepted, Announcement, Ask, Cause, Delay, Ending, Fact, Job, Link, Misfit, Moment, Rejection,
    State, Timer, Turn, Voiding,
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
        if request.updated_at.is_some() && request.updated_at < self.latest {
            turn.run(next_poll);

            return Seen::Still(self, None);
        }
        self.latest = request.updated_at.or(self.latest);
        if let Some(misfit) = turn.misfit(request) {
            return self.misfit(misfit, turn);
        }
        if request.is_over_in_part() {
            let evidence = turn.void().into();

            return Seen::Left(Voiding::decide(
                self.request,
                evidence,
                answer.request,
                turn,
            ));
        }
        if let Some(ending) = verdict(request) {
            return Seen::Left(turn.end(ending, Some(self.request)));
        }
        turn.run(next_poll);

        Seen::Still(self, Some(answer))
    }

    fn misfit(self, misfit: Misfit, turn: &mut Turn<'_>) -> Seen {
        let cause = Cause::Rejected(Rejection::Misfit(misfit));

        Seen::Left(Voiding::begin(self.request, cause, true, turn))
    }
}

/// The ending that the platform's status means, if it means one. `paid` may be believed only
/// where no void was sent.
pub(super) fn verdict(request: &PaymentRequest) -> Option<Ending> {
    match &request.status {
        Status::New | Status::Unknown(_) => None,
        Status::Paid => Some(paid(request, false)),
        Status::Expired => Some(Ending::Expired),
        Status::Cancelled => Some(Ending::Cancelled {
            reason: request.cancellation_reason.clone(),
        }),
    }
}

/// The ending of a request that the platform calls paid.
pub(super) fn paid(request: &PaymentRequest, kept: bool) -> Ending {
    let by = request.paid_by.clone();
    match request.remaining {
        Some(remaining) if !remaining.is_zero() => Ending::PartPaid { by, remaining },
        _ => Ending::Paid { by, kept },
    }
}
