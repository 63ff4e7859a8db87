//! What becomes of a create whose answer was lost, where it can be looked up.

use std::time::Duration;

use super::{Creating, Step, TRIES, stranger, throttled_pause};
use crate::payment::{Failure, PaymentRequest, Status};
use crate::sale::{Accepted, Cause, Ending, Moment, Record, State, Timer, Turn, Voiding};

/// What a lost create has made is taken over only with so much time left.
const ENOUGH_TO_ADOPT: Duration = Duration::from_secs(30);

/// A create without a usable answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Lost {
    pub(super) failure: Failure,
    pub(super) sent_at: Moment,
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
            Err(Failure::Throttled { retry_after }) if !repeated && !self.cancelled => {
                turn.wake(Timer::Recreate, throttled_pause(retry_after, 0));
                self.step = Step::LookingUpLater { lost };

                State::Creating(self)
            }
            Err(_) => self.found(lost, Vec::new(), at, turn),
        }
    }

    /// What stands at the platform under this attempt's reference: one request at most is taken
    /// over, the others are cancelled. None is no proof that none will come.
    fn found(
        self,
        lost: Lost,
        mut found: Vec<PaymentRequest>,
        at: Moment,
        turn: &mut Turn<'_>,
    ) -> State {
        found.retain(|request| turn.has_made(request, at.since(lost.sent_at)));
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
    turn.record(Record::found(request));

    turn.end(Ending::unknown(), Some(stranger(request, at)))
}
