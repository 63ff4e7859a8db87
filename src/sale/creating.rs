use std::sync::Arc;
use std::time::Duration;

use crate::payment::{Failure, PaymentRequest};
use crate::qr::Code;
use crate::sale::{
    Accepted, Announcement, Cause, Command, Delay, Ending, Fact, Job, Mark, Moment, Presenting,
    Record, Rejection, State, Timer, Turn, Voiding,
};

/// How often a create is tried before the platform counts as unreachable.
const TRIES: u32 = 3;
/// The pause before the second try; doubled before the third.
const PAUSE: Duration = Duration::from_millis(500);
/// A server that says "slow down" without saying for how long.
const THROTTLED_PAUSE: Duration = Duration::from_secs(2);
/// A code with less time left than this only makes a customer fail.
const TOO_SHORT: Duration = Duration::from_secs(10);

/// A request is being created. Nothing can be paid at the counter yet.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Creating {
    step: Step,
    tries: u32,
    cancelled: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Step {
    /// W1 is being written.
    Recording,
    /// The create is on its way.
    Asking,
    /// The next try waits.
    Pausing(Pause),
    /// W2 is being written and the code is being made.
    Preparing {
        request: Accepted,
        recorded: bool,
        code: Option<Arc<Code>>,
    },
    /// W3 is being written.
    Showing { request: Accepted, code: Arc<Code> },
}

/// Why the next try waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pause {
    /// The platform could not be reached.
    Unreachable,
    /// The platform asked for patience.
    Throttled,
}

impl Creating {
    pub(super) fn first_try() -> Self {
        Self {
            step: Step::Recording,
            tries: 1,
            cancelled: false,
        }
    }

    /// Why nothing happens right now, for the screen.
    pub fn pause(&self) -> Option<Pause> {
        match self.step {
            Step::Pausing(pause) => Some(pause),
            _ => None,
        }
    }

    /// Whether it was cancelled: then its code is never shown.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled
    }

    pub(super) fn into_step(self) -> Step {
        self.step
    }

    pub(super) fn asked(self, command: Command, turn: &mut Turn<'_>) -> State {
        match command {
            Command::Cancel | Command::Close => self.cancel(turn),
            _ => State::Creating(self),
        }
    }

    /// Nothing was shown, so nothing can be paid; a request that may exist is voided once its id
    /// is known.
    pub(super) fn cancel(mut self, turn: &mut Turn<'_>) -> State {
        match self.step {
            Step::Recording | Step::Pausing(_) => {
                turn.end(Ending::Cancelled { reason: None }, None)
            }
            Step::Asking => {
                self.cancelled = true;

                State::Creating(self)
            }
            Step::Preparing { request, .. } | Step::Showing { request, .. } => {
                Voiding::begin(request, Cause::Cashier, false, turn)
            }
        }
    }

    pub(super) fn happened(mut self, fact: Fact, turn: &mut Turn<'_>) -> State {
        // Asking is what most facts lead to; the others put their step in its place.
        let step = std::mem::replace(&mut self.step, Step::Asking);
        match (step, fact) {
            (Step::Recording, Fact::Recorded(Mark::Intent))
            | (
                Step::Pausing(_),
                Fact::Woke {
                    timer: Timer::Recreate,
                    ..
                },
            ) => {
                if let Some(request) = turn.new_request() {
                    turn.run(Job::Create(request));
                }

                State::Creating(self)
            }
            (Step::Recording, Fact::NotRecorded(Mark::Intent, why)) => {
                turn.end(Ending::Rejected(Rejection::Journal(why)), None)
            }
            (
                Step::Asking,
                Fact::Created {
                    sent_at,
                    at,
                    answer,
                },
            ) => match answer {
                Ok(request) => self.created(&request, sent_at, at, turn),
                Err(failure) => self.failed(failure, turn),
            },
            (
                Step::Preparing {
                    request,
                    recorded,
                    code,
                },
                fact,
            ) => self.prepared(request, recorded, code, fact, turn),
            (Step::Showing { request, code }, Fact::Recorded(Mark::Shown)) => {
                Presenting::begin(request, code, turn)
            }
            (Step::Showing { request, .. }, Fact::NotRecorded(Mark::Shown, why)) => Voiding::begin(
                request,
                Cause::Rejected(Rejection::Journal(why)),
                false,
                turn,
            ),
            (step, _) => {
                self.step = step;

                State::Creating(self)
            }
        }
    }

    fn created(
        mut self,
        request: &PaymentRequest,
        sent_at: Moment,
        at: Moment,
        turn: &mut Turn<'_>,
    ) -> State {
        let Some(order) = turn.order() else {
            return State::Entry;
        };
        let accepted = match turn.rules().fit(order, request, sent_at) {
            Ok(accepted) => accepted,
            Err(misfit) => {
                let cause = Cause::Rejected(Rejection::Misfit(misfit));

                return Voiding::begin(stranger(request, sent_at), cause, false, turn);
            }
        };
        if self.cancelled {
            return Voiding::begin(accepted, Cause::Cashier, false, turn);
        }
        if accepted.deadline.since(at) < TOO_SHORT {
            let cause = Cause::TooShort {
                tries_left: TRIES.saturating_sub(self.tries),
            };

            return Voiding::begin(accepted, cause, false, turn);
        }
        turn.record(Record::Created {
            id: accepted.id.clone(),
            short_code: accepted
                .short_code
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            payload: accepted.payload.clone(),
        });
        turn.run(Job::Encode(accepted.payload.clone()));
        self.step = Step::Preparing {
            request: accepted,
            recorded: false,
            code: None,
        };

        State::Creating(self)
    }

    fn failed(mut self, failure: Failure, turn: &mut Turn<'_>) -> State {
        if self.cancelled {
            // Whatever became of it was never shown, so nobody can pay it.
            return turn.end(Ending::Cancelled { reason: None }, None);
        }
        match failure {
            Failure::Refused(refusal) => {
                turn.end(Ending::Rejected(Rejection::Platform(refusal)), None)
            }
            Failure::Unauthorised(refusal) => {
                turn.end(Ending::Rejected(Rejection::Key(refusal)), None)
            }
            Failure::Throttled { retry_after } => {
                let wait = retry_after.unwrap_or(THROTTLED_PAUSE);
                turn.wake(Timer::Recreate, Delay::For(wait));
                self.step = Step::Pausing(Pause::Throttled);

                State::Creating(self)
            }
            failure if self.tries >= TRIES => turn.end(Ending::Unreachable(failure), None),
            Failure::NotSent(_) => {
                turn.wake(Timer::Recreate, Delay::For(PAUSE * self.tries));
                self.tries += 1;
                self.step = Step::Pausing(Pause::Unreachable);

                State::Creating(self)
            }
            // A request may exist, but its code was never shown. A new one under a new reference
            // can therefore not be a second charge.
            Failure::Ambiguous(_) => turn.new_attempt(Self {
                step: Step::Recording,
                tries: self.tries + 1,
                cancelled: false,
            }),
        }
    }

    /// Waits for both: the id on disk, and a code that can be read.
    fn prepared(
        mut self,
        request: Accepted,
        mut recorded: bool,
        mut code: Option<Arc<Code>>,
        fact: Fact,
        turn: &mut Turn<'_>,
    ) -> State {
        let rejected = match fact {
            Fact::Recorded(Mark::Created) => {
                announce_created(&request, turn);
                recorded = true;
                None
            }
            Fact::Encoded(Ok(made)) => {
                code = Some(made);
                None
            }
            Fact::NotRecorded(Mark::Created, why) => Some(Rejection::Journal(why)),
            Fact::Encoded(Err(why)) => Some(Rejection::Unreadable(why)),
            _ => None,
        };
        if let Some(rejection) = rejected {
            return Voiding::begin(request, Cause::Rejected(rejection), false, turn);
        }
        self.step = match code {
            Some(code) if recorded => {
                turn.record(Record::Shown);
                Step::Showing { request, code }
            }
            code => Step::Preparing {
                request,
                recorded,
                code,
            },
        };

        State::Creating(self)
    }

    /// After a request that left no time to pay: one more, or none.
    pub(super) fn after_too_short(tries_left: u32) -> Option<Self> {
        (tries_left > 0).then(|| Self {
            step: Step::Recording,
            tries: TRIES - tries_left + 1,
            cancelled: false,
        })
    }
}

fn announce_created(request: &Accepted, turn: &mut Turn<'_>) {
    let Some(order) = turn.order() else {
        return;
    };
    let announcement = Announcement::Created {
        attempt: turn.attempt(),
        id: request.id.to_string(),
        short_code: request.short_code.as_ref().map(ToString::to_string),
        external_ref: order.external_ref(turn.attempt()),
        amount: order.amount.into(),
        url: request.payload.clone(),
        expires_at: request.expires_at.as_ref().map(ToString::to_string),
    };
    turn.announce(announcement);
}

/// A request that does not fit, known only so far that it can be voided. It has no payload, so
/// there is nothing that could be shown.
fn stranger(request: &PaymentRequest, sent_at: Moment) -> Accepted {
    Accepted {
        id: request.id.clone(),
        short_code: request.short_code.clone(),
        payload: String::new(),
        liveness: request.liveness,
        expires_at: None,
        sent_at,
        deadline: sent_at,
    }
}
