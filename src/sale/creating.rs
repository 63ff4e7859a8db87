mod lost;
mod pause;

use std::sync::Arc;
use std::time::Duration;

use crate::payment::{Failure, PaymentRequest, Status};
use crate::qr::Code;
use crate::sale::{
    Accepted, Cause, Command, Ending, Fact, Job, Mark, Misfit, Moment, Presenting, Record,
    Rejection, State, Timer, Turn, Voiding, Weakness,
};
use lost::Lost;
use pause::{throttled_pause, unreachable_pause};

pub use pause::Pause;

/// How often a create is tried before the platform counts as unreachable.
const TRIES: u32 = 3;
/// A request is being created. Nothing can be paid at the counter yet.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Creating {
    step: Step,
    tries: u32,
    /// How often the platform has asked for patience, as far as it matters.
    throttled: u32,
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
    LookingUp { lost: Lost, repeated: bool },
    /// The platform had no time for the look-up; it is repeated once.
    LookingUpLater { lost: Lost },
    /// The next try waits.
    Pausing(Pause),
    /// The create may have been carried out; a further attempt waits.
    BeforeAnother,
    /// W2 is being written and the code is being made.
    Preparing {
        request: Accepted,
        recorded: bool,
        code: Option<Arc<Code>>,
    },
    /// W3 is being written.
    Showing { request: Accepted, code: Arc<Code> },
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
            throttled: 0,
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
            throttled: 0,
            cancelled: false,
            shown,
        })
    }

    /// Why nothing happens right now, for the screen.
    pub fn pause(&self) -> Option<Pause> {
        match self.step {
            Step::Pausing(pause) => Some(pause),
            Step::BeforeAnother => Some(Pause::Unreachable),
            Step::LookingUpLater { .. } => Some(Pause::Throttled),
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
            Step::Recording
            | Step::Pausing(_)
            | Step::BeforeAnother
            | Step::LookingUpLater { .. } => turn.end(Ending::Cancelled { reason: None }, None),
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
                Err(failure) => self.failed(Lost { failure, sent_at }, turn),
            },
            (Step::LookingUp { lost, repeated }, Fact::Found { at, answer }) => {
                self.looked_up(lost, repeated, answer, at, turn)
            }
            (
                Step::LookingUpLater { lost },
                Fact::Woke {
                    timer: Timer::Recreate,
                    ..
                },
            ) => self.look_up(lost, true, turn),
            (
                Step::BeforeAnother,
                Fact::Woke {
                    timer: Timer::Recreate,
                    ..
                },
            ) => self.once_more(turn),
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
        if !matches!(request.status, Status::New | Status::Expired) {
            let cause = Cause::Rejected(Rejection::Misfit(Misfit::Status(request.status.clone())));
            // What is called cancelled takes no money; of anything else nobody knows, code or not.
            let may_be_paid = request.status != Status::Cancelled;

            return Voiding::begin(accepted, cause, may_be_paid, turn);
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

    fn failed(mut self, lost: Lost, turn: &mut Turn<'_>) -> State {
        if matches!(lost.failure, Failure::Ambiguous(_)) && turn.look_up().is_some() {
            return self.look_up(lost, false, turn);
        }
        if self.cancelled {
            // Whatever became of it was never shown, so nobody can pay it.
            return turn.end(Ending::Cancelled { reason: None }, None);
        }
        match lost.failure {
            Failure::Refused(refusal) => {
                turn.end(Ending::Rejected(Rejection::Platform(refusal)), None)
            }
            Failure::Unauthorised(refusal) => {
                turn.end(Ending::Rejected(Rejection::Key(refusal)), None)
            }
            Failure::Throttled { retry_after } => {
                turn.wake(
                    Timer::Recreate,
                    throttled_pause(retry_after, self.throttled),
                );
                self.throttled = self.throttled.saturating_add(1);
                self.step = Step::Pausing(Pause::Throttled);

                State::Creating(self)
            }
            failure if self.tries >= TRIES => turn.end(Ending::Unreachable(failure), None),
            Failure::Ambiguous(_) => self.pause_before_another(turn),
            Failure::NotSent(_) => {
                turn.wake(Timer::Recreate, unreachable_pause(self.tries));
                self.tries += 1;
                self.step = Step::Pausing(Pause::Unreachable);

                State::Creating(self)
            }
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
