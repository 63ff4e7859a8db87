//! What becomes of a create whose answer was lost.

use std::time::Duration;

use super::{Creating, Step, TRIES, throttled_pause};
use crate::payment::{Failure, PaymentRequest, Status, Text};
use crate::sale::{Accepted, Cause, Ending, Moment, Record, State, Timer, Turn, Voiding};

/// What a lost create has made is taken over only with so much time left.
const ENOUGH_TO_ADOPT: Duration = Duration::from_secs(30);

/// A create without a usable answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in super::super) struct Lost {
    pub(super) failure: Failure,
    /// When it was sent, or this launch began if that was later.
    since: Moment,
    /// How long before that it was sent, as far as that is known.
    before: Option<Duration>,
}

impl Lost {
    /// A create that this launch has sent.
    pub(super) fn sent(sent_at: Moment, failure: Failure) -> Self {
        Self {
            failure,
            since: sent_at,
            before: Some(Duration::ZERO),
        }
    }

    /// A create that was answered, but about another request.
    pub(in super::super) fn to_another(sent_at: Moment) -> Self {
        let why = Text::sentence("the answer is about another payment request");

        Self::sent(sent_at, Failure::Ambiguous(why))
    }

    /// A create that an earlier launch has sent, this long before.
    pub(in super::super) fn before(age: Option<Duration>) -> Self {
        Self {
            failure: Failure::Ambiguous(Text::clean("the program had stopped")),
            since: Moment::default(),
            before: age,
        }
    }

    /// How long ago it was sent.
    pub(in super::super) fn ago(&self, now: Moment) -> Option<Duration> {
        let before = self.before?;

        Some(before.saturating_add(now.since(self.since)))
    }
}

impl Creating {
    pub(super) fn look_up(mut self, lost: Lost, repeated: bool, turn: &mut Turn<'_>) -> State {
        if let Some(look_up) = turn.look_up() {
            turn.run(look_up);
        }
        self.step = Step::LookingUp { lost, repeated };

        State::Creating(self)
    }

    pub(super) fn looked_up(
        mut self,
        lost: Lost,
        repeated: bool,
        answer: Result<Vec<PaymentRequest>, Failure>,
        at: Moment,
        turn: &mut Turn<'_>,
    ) -> State {
        match answer {
            Ok(found) => self.found(lost, found, at, turn),
            // That the platform has no time says nothing about the request.
            Err(Failure::Throttled { retry_after })
                if !repeated && (!self.cancelled || self.payable) =>
            {
                turn.wake(Timer::Recreate, throttled_pause(retry_after, 0));
                self.step = Step::LookingUpLater { lost };

                State::Creating(self)
            }
            Err(_) => self.found(lost, Vec::new(), at, turn),
        }
    }

    /// What stands at the platform under this attempt's reference: one request at most is taken
    /// over, the others are cancelled. None is no proof that none will come.
    pub(super) fn found(
        self,
        lost: Lost,
        mut found: Vec<PaymentRequest>,
        at: Moment,
        turn: &mut Turn<'_>,
    ) -> State {
        found.retain(|request| turn.has_made(request, lost.ago(at)));
        if self.payable {
            return self.found_payable(&mut found, at, turn);
        }
        if let Some(unclear) = found.iter().find(|request| request.status.may_be_paid()) {
            return unshown_but_paid(unclear, &found, at, turn);
        }
        let mut adopted = None;
        for request in found {
            let left = request.time_left.unwrap_or_default();
            let fits = request.status == Status::New && left >= ENOUGH_TO_ADOPT;
            match turn.fit(&request, at).filter(|_| fits) {
                Some(accepted) if adopted.is_none() => {
                    adopted = Some(Accepted {
                        deadline: at.plus(left),
                        ..accepted
                    });
                }
                _ => turn.void_stray(&request),
            }
        }
        match adopted {
            Some(accepted) if self.cancelled => {
                Voiding::begin(accepted, Cause::Cashier, false, turn)
            }
            Some(accepted) => self.accepted(accepted, turn),
            None if self.cancelled => turn.end(Ending::Cancelled { reason: None }, None),
            None if self.tries >= TRIES => turn.end(Ending::Unreachable(lost.failure), None),
            None => self.pause_before_another(turn),
        }
    }
}

/// Nobody can have paid it from this screen, and yet it may be paid: perhaps at another till that
/// sells under the same reference. It is not given back unasked, and no further code is shown: a
/// person decides.
fn unshown_but_paid(
    request: &PaymentRequest,
    found: &[PaymentRequest],
    at: Moment,
    turn: &mut Turn<'_>,
) -> State {
    found.iter().for_each(|request| turn.void_stray(request));

    unclear(request, at, turn)
}

pub(super) fn unclear(request: &PaymentRequest, at: Moment, turn: &mut Turn<'_>) -> State {
    turn.record(Record::found(request));

    turn.end(Ending::unknown(), Some(stranger(request, at)))
}

/// A request that does not fit, known only so far that it can be voided. It has no payload, so
/// there is nothing that could be shown.
pub(super) fn stranger(request: &PaymentRequest, sent_at: Moment) -> Accepted {
    Accepted {
        id: request.id.clone(),
        short_code: request.short_code.clone(),
        payload: String::new(),
        liveness: request.liveness,
        expires_at: None,
        updated_at: request.updated_at,
        sent_at,
        deadline: sent_at,
    }
}
