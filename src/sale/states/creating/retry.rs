//! Retries of a create, and look-ups after a lost answer.

use std::time::Duration;

use super::{CreateStep, Creating, TRIES};
use crate::domain::payment::{Failure, PaymentRequest, Status};
use crate::sale::{
    Accepted, Cause, Delay, Ending, LostCreate, Moment, Record, State, Timer, Transition,
};

/// The time that the request of a lost create must have left to be used.
const ENOUGH_TO_ADOPT: Duration = Duration::from_secs(30);

/// The pause before the second try. The pause before the third is twice as long.
pub(super) const PAUSE: Duration = Duration::from_millis(500);
/// The pause if the platform asks to wait but names no time.
const THROTTLED_PAUSE: Duration = Duration::from_secs(2);
/// The shortest pause after the platform asked to wait. It doubles each time.
const SHORTEST_THROTTLED_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause if the platform asks to wait again and again.
const LONGEST_RISE: Duration = Duration::from_secs(32);

/// The reason for the pause before the next try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pause {
    /// The platform could not be reached.
    Unreachable,
    /// The platform asked to wait.
    Throttled,
}

impl Creating {
    pub(super) fn look_up(
        mut self,
        lost: LostCreate,
        repeated: bool,
        transition: &mut Transition<'_>,
    ) -> State {
        if let Some(look_up) = transition.look_up() {
            transition.run(look_up);
        }
        self.step = CreateStep::LookingUp { lost, repeated };

        State::Creating(self)
    }

    pub(super) fn looked_up(
        mut self,
        lost: LostCreate,
        repeated: bool,
        answer: Result<Vec<PaymentRequest>, Failure>,
        at: Moment,
        transition: &mut Transition<'_>,
    ) -> State {
        match answer {
            Ok(found) => self.found(lost, found, at, transition),
            // A look-up that the platform put off says nothing about the request.
            Err(Failure::Throttled { retry_after })
                if !repeated && (!self.cancelled || self.payable) =>
            {
                transition.wake(Timer::Recreate, throttled_pause(retry_after, 0));
                self.step = CreateStep::LookingUpLater { lost };

                State::Creating(self)
            }
            Err(_) => self.found(lost, Vec::new(), at, transition),
        }
    }

    /// Handles the requests that a look-up found. Uses at most one and voids the others. If none was found, one
    /// may still arrive.
    pub(super) fn found(
        self,
        lost: LostCreate,
        mut found: Vec<PaymentRequest>,
        at: Moment,
        transition: &mut Transition<'_>,
    ) -> State {
        found.retain(|request| transition.has_made(request, lost.ago(at)));
        if self.payable {
            return self.found_payable(&mut found, at, transition);
        }
        // Its code was not on this screen, but it may be paid, perhaps at another till with the same reference. It
        // is not refunded without a person's decision, and no further code is shown.
        if let Some(paid) = found.iter().find(|request| request.status.may_be_paid()) {
            found
                .iter()
                .for_each(|request| transition.void_stray(request));

            return unclear(paid, at, transition);
        }
        let mut adopted = None;
        for request in found {
            let left = request.time_left.unwrap_or_default();
            let fits = request.status == Status::New && left >= ENOUGH_TO_ADOPT;
            match transition.fit(&request, at).filter(|_| fits) {
                Some(accepted) if adopted.is_none() => {
                    adopted = Some(Accepted {
                        deadline: at.plus(left),
                        ..accepted
                    });
                }
                _ => transition.void_stray(&request),
            }
        }
        match adopted {
            Some(accepted) if self.cancelled => {
                transition.begin_void(accepted, Cause::Cashier, false)
            }
            Some(accepted) => self.accepted(accepted, transition),
            None if self.cancelled => transition.end(Ending::Cancelled { reason: None }, None),
            None if self.tries >= TRIES => transition.end(Ending::Unreachable(lost.failure), None),
            None => self.pause_before_another(transition),
        }
    }

    /// Waits before another attempt. The pause is random, so that displays do not call all at once.
    pub(super) fn pause_before_another(mut self, transition: &mut Transition<'_>) -> State {
        let least = PAUSE * self.tries;
        transition.wake(Timer::Recreate, Delay::Between(least, least * 2));
        self.step = CreateStep::BeforeAnother;

        State::Creating(self)
    }
}

/// Returns a pause a little longer than the platform asked for, so that displays do not come back all at once. The
/// pause grows with `before`, the number of earlier pauses.
pub(super) fn throttled_pause(retry_after: Option<Duration>, before: u32) -> Delay {
    let doubled = SHORTEST_THROTTLED_PAUSE.saturating_mul(2_u32.saturating_pow(before));
    let rise = doubled.min(LONGEST_RISE);
    let least = retry_after.unwrap_or(THROTTLED_PAUSE).max(rise);

    Delay::Between(least, least + rise)
}

/// Ends the attempt as unknown.
pub(super) fn unclear(
    request: &PaymentRequest,
    at: Moment,
    transition: &mut Transition<'_>,
) -> State {
    transition.record(Record::found(request));

    transition.end(Ending::unknown(), Some(stranger(request, at)))
}

/// Returns the data that a void needs of a request that does not fit. It has no payload, so no code can be shown.
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
