use std::sync::Arc;
use std::time::Duration;

use crate::payment::{Failure, PaymentRequest, Status};
use crate::qr::Code;
use crate::sale::{
    Accepted, Cause, Command, Delay, Ending, Fact, Job, Mark, Moment, Presenting, Record,
    Rejection, State, Timer, Turn, Voiding, Weakness,
};

/// How often a create is tried before the platform counts as unreachable.
const TRIES: u32 = 3;
/// The pause before the second try; doubled before the third.
const PAUSE: Duration = Duration::from_millis(500);
/// A server that says "slow down" without saying for how long.
const THROTTLED_PAUSE: Duration = Duration::from_secs(2);
/// What a lost create has made is taken over only with so much time left.
const ENOUGH_TO_ADOPT: Duration = Duration::from_secs(30);

/// A request is being created. Nothing can be paid at the counter yet.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Creating {
    step: Step,
    tries: u32,
    cancelled: bool,
    /// Whether the code of this request was on a screen before the program, or the machine, stopped.
    shown: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Step {
    /// W1 is being written.
    Recording,
    /// The create is on its way.
    Asking,
    /// The create's answer was lost; what it has made is looked for under its reference.
    LookingUp { failure: Failure },
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
    /// A code with less time left than this only makes a customer fail.
    pub(super) const TOO_SHORT: Duration = Duration::from_secs(10);

    pub(super) fn first_try() -> Self {
        Self::recording(1)
    }

    fn recording(tries: u32) -> Self {
        Self {
            step: Step::Recording,
            tries,
            cancelled: false,
            shown: false,
        }
    }

    /// The code of a request whose id is on disk goes on the screen, perhaps once more.
    pub(super) fn again(request: Accepted, shown: bool, turn: &mut Turn<'_>) -> State {
        turn.begin_round();
        turn.adopt();
        turn.announce_created(&request);
        turn.run(Job::Encode(request.payload.clone()));

        State::Creating(Self {
            step: Step::Preparing {
                request,
                recorded: true,
                code: None,
            },
            tries: TRIES,
            cancelled: false,
            shown,
        })
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

    pub(super) fn asked(self, command: &Command, turn: &mut Turn<'_>) -> State {
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
            Step::Asking | Step::LookingUp { .. } => {
                self.cancelled = true;

                State::Creating(self)
            }
            Step::Preparing { request, .. } | Step::Showing { request, .. } => {
                Voiding::begin(request, Cause::Cashier, self.shown, turn)
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
            (Step::LookingUp { failure }, Fact::Found { at, answer }) => {
                self.found(failure, answer.unwrap_or_default(), at, turn)
            }
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
                self.shown,
                turn,
            ),
            (step, _) => {
                self.step = step;

                State::Creating(self)
            }
        }
    }

    fn created(
        self,
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
        let over = request.status == Status::Expired;
        if over || accepted.deadline.since(at) < Self::TOO_SHORT {
            let cause = Cause::TooShort { tries: self.tries };

            return Voiding::begin(accepted, cause, false, turn);
        }

        self.accepted(accepted, turn)
    }

    /// W2, and the code meanwhile.
    fn accepted(mut self, accepted: Accepted, turn: &mut Turn<'_>) -> State {
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
        if matches!(failure, Failure::Ambiguous(_))
            && let Some(look_up) = turn.look_up()
        {
            turn.run(look_up);
            self.step = Step::LookingUp { failure };

            return State::Creating(self);
        }
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
            Failure::Ambiguous(_) => self.once_more(turn),
            Failure::NotSent(_) => {
                turn.wake(Timer::Recreate, Delay::For(PAUSE * self.tries));
                self.tries += 1;
                self.step = Step::Pausing(Pause::Unreachable);

                State::Creating(self)
            }
        }
    }

    /// A request may exist, but its code was never shown. A new one under a new reference can
    /// therefore not be a second charge.
    fn once_more(self, turn: &mut Turn<'_>) -> State {
        turn.new_attempt(Self::recording(self.tries + 1))
    }

    /// What stands at the platform under this attempt's reference: one request at most is taken
    /// over, the others are cancelled. None is no proof that none will come.
    fn found(
        self,
        failure: Failure,
        found: Vec<PaymentRequest>,
        at: Moment,
        turn: &mut Turn<'_>,
    ) -> State {
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
            None if self.tries >= TRIES => turn.end(Ending::Unreachable(failure), None),
            None => self.once_more(turn),
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
                turn.announce_created(&request);
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
            return Voiding::begin(request, Cause::Rejected(rejection), self.shown, turn);
        }
        self.step = match code {
            Some(code) if recorded => {
                turn.record(Record::Shown);
                if turn.is_weakened_by(Weakness::CodeBeforeItsRecord) {
                    return Presenting::begin(request, code, turn);
                }
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
    pub(super) fn after_too_short(tries: u32) -> Option<Self> {
        (tries < TRIES).then(|| Self::recording(tries + 1))
    }
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
        updated_at: request.updated_at,
        sent_at,
        deadline: sent_at,
    }
}
