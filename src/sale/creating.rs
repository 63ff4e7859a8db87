mod lost;
mod pause;
mod payable;

use std::sync::Arc;
use std::time::Duration;

use crate::payment::{Failure, PaymentRequest, Status};
use crate::qr::Code;
use crate::sale::{
    Accepted, Cause, Command, Ending, Fact, Job, Mark, Misfit, Moment, Presenting, Record,
    Rejection, State, Timer, Turn, Void, Voiding, Weakness,
};
use lost::stranger;
use pause::{throttled_pause, unreachable_pause};

pub(super) use lost::Lost;
pub use pause::Pause;

/// How often a create is tried before the platform counts as unreachable.
const TRIES: u32 = 3;
/// A request is being created. Nothing can be paid at the counter yet, unless it is created with a code
/// that the customer has shown: then it can be paid from the moment it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Creating {
    step: Step,
    tries: u32,
    /// How often the platform has asked for patience, as far as it matters.
    throttled: u32,
    cancelled: bool,
    /// Whether it may be payable already: it is created with the customer's code, or its own was on a
    /// screen before the program, or the machine, stopped.
    payable: bool,
    /// Whether it is long since the create was sent, and what that has made is looked for once more.
    sought: bool,
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
            payable: false,
            sought: false,
        }
    }

    /// The same for an attempt that can be paid from its create on, or cannot.
    pub(super) fn of_an_attempt(self, payable: bool) -> Self {
        Self { payable, ..self }
    }

    /// The code of a request whose id is on disk goes on the screen, perhaps once more.
    pub(super) fn again(request: Accepted, payable: bool, turn: &mut Turn<'_>) -> State {
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
            payable,
            ..Self::recording(TRIES)
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

    /// Whether what an earlier create has made is looked for.
    pub fn is_seeking(&self) -> bool {
        self.sought
    }

    pub(super) fn asked(self, command: &Command, turn: &mut Turn<'_>) -> State {
        match command {
            Command::Cancel | Command::Close => self.cancel(turn),
            _ => State::Creating(self),
        }
    }

    /// What was not sent cannot be paid; a request that may exist is voided once its id is known.
    pub(super) fn cancel(mut self, turn: &mut Turn<'_>) -> State {
        match self.step {
            Step::LookingUpLater { .. } if self.payable => {
                self.cancelled = true;

                State::Creating(self)
            }
            Step::Recording
            | Step::Pausing(_)
            | Step::BeforeAnother
            | Step::LookingUpLater { .. } => turn.end(Ending::Cancelled { reason: None }, None),
            Step::Asking | Step::LookingUp { .. } => {
                self.cancelled = true;

                State::Creating(self)
            }
            Step::Preparing { request, .. } | Step::Showing { request, .. } => {
                Voiding::begin(request, Cause::Cashier, self.payable, turn)
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
                Err(failure) => self.failed(Lost::sent(sent_at, failure), turn),
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
                self.payable,
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
        if turn.has_other_reference(request) {
            return self.failed(Lost::to_another(sent_at), turn);
        }
        let Some(order) = turn.order() else {
            return State::Entry;
        };
        let accepted = match turn.rules().fit(order, request, sent_at) {
            Ok(accepted) => accepted,
            Err(misfit) => {
                let cause = Cause::Rejected(Rejection::Misfit(misfit));

                return Voiding::begin(stranger(request, sent_at), cause, self.payable, turn);
            }
        };
        if self.cancelled {
            return Voiding::begin(accepted, Cause::Cashier, self.payable, turn);
        }
        // Whatever has become of it by now, the customer had the chance to pay.
        if self.payable {
            return self.accepted(accepted, turn);
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

    /// W2, and the code meanwhile where one is to be shown.
    fn accepted(mut self, accepted: Accepted, turn: &mut Turn<'_>) -> State {
        turn.record(Record::created(&accepted));
        if !turn.is_patron_presented() {
            turn.run(Job::Encode(accepted.payload.clone()));
        }
        self.step = Step::Preparing {
            request: accepted,
            recorded: false,
            code: None,
        };

        State::Creating(self)
    }

    fn failed(mut self, lost: Lost, turn: &mut Turn<'_>) -> State {
        if matches!(lost.failure, Failure::Ambiguous(_)) {
            if self.payable {
                turn.set_lost(lost.clone());
            }
            if turn.look_up().is_some() {
                return self.look_up(lost, false, turn);
            }
            if self.payable {
                return turn.end(Ending::unknown(), None);
            }
        }
        if self.cancelled {
            // It was not carried out, or was never shown: nobody can pay it.
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
        if turn.is_patron_presented() {
            return self.handed_over(request, fact, turn);
        }
        let rejected = match fact {
            Fact::Duplicate(Mark::Created)
                if !turn.is_weakened_by(Weakness::OldRequestAccepted) =>
            {
                return self.failed(Lost::to_another(request.sent_at), turn);
            }
            Fact::Recorded(Mark::Created) | Fact::Duplicate(Mark::Created) => {
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
            return Voiding::begin(request, Cause::Rejected(rejection), self.payable, turn);
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

    /// The create was answered with a request that the journal has under another attempt. That one is left alone.
    pub(super) fn answered_about_another(
        request: &Accepted,
        (payable, cancelled): (bool, bool),
        turn: &mut Turn<'_>,
    ) -> State {
        turn.set_void(Void::NotSent);
        let creating = Self {
            payable,
            cancelled,
            ..Self::recording(TRIES)
        };

        creating.failed(Lost::to_another(request.sent_at), turn)
    }

    /// After a request that left no time to pay: one more, or none.
    pub(super) fn after_too_short(tries: u32) -> Option<Self> {
        (tries < TRIES).then(|| Self::recording(tries + 1))
    }
}
