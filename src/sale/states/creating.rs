mod payable;
mod retry;

use std::sync::Arc;
use std::time::Duration;

use crate::domain::payment::{Failure, PaymentRequest, Status};
use crate::qr::Code;
use crate::sale::answers::lost_create::LostCreate;
use crate::sale::{
    Accepted, Cause, Command, Delay, Ending, Fact, Job, Mark, Mismatch, Moment, Record, Rejection,
    State, Timer, Transition, Void,
};
use retry::{PAUSE, stranger, throttled_pause};

pub use retry::Pause;

/// The number of create calls after which the platform counts as unreachable.
const TRIES: u32 = 3;

/// A request is being created. No one can pay it yet, unless it is created with the patron's code: then it can be
/// paid from the moment it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Creating {
    step: CreateStep,
    tries: u32,
    /// How often the platform has asked to wait. The count stops at the longest pause.
    throttled: u32,
    cancelled: bool,
    /// Whether the request may be payable already: it is created with the patron's code, or its code was on a
    /// screen before the program or the machine stopped.
    pub(in super::super) payable: bool,
    /// Whether this looks again for the request of a create that was lost in the past.
    searches: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum CreateStep {
    /// W1 is being written.
    Recording,
    /// The create was sent, and its answer is awaited.
    Asking,
    /// The answer to the create was lost, so a look-up by reference is in flight. `repeated`: it is the second
    /// look-up.
    LookingUp { lost: LostCreate, repeated: bool },
    /// The platform asked to wait, so the look-up waits. It is repeated only once.
    LookingUpLater { lost: LostCreate },
    /// The next create waits.
    Pausing(Pause),
    /// A pause before another attempt, since the platform may have carried out the create.
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
    /// The least time in which most patrons can pay.
    pub(in super::super) const TOO_SHORT: Duration = Duration::from_secs(10);

    pub(in super::super) fn first_try() -> Self {
        Self::recording(1)
    }

    fn recording(tries: u32) -> Self {
        Self {
            step: CreateStep::Recording,
            tries,
            throttled: 0,
            cancelled: false,
            payable: false,
            searches: false,
        }
    }

    /// Returns the reason for the pause, for the screen.
    pub fn pause(&self) -> Option<Pause> {
        match self.step {
            CreateStep::Pausing(pause) => Some(pause),
            CreateStep::BeforeAnother => Some(Pause::Unreachable),
            CreateStep::LookingUpLater { .. } => Some(Pause::Throttled),
            _ => None,
        }
    }

    /// Whether the sale was cancelled: then the code is never shown.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled
    }

    /// Whether this looks for the request of an earlier create.
    pub fn is_searching(&self) -> bool {
        self.searches
    }

    pub(crate) fn asked(self, command: &Command, transition: &mut Transition<'_>) -> State {
        match command {
            Command::Cancel | Command::Close => self.cancel(transition),
            _ => State::Creating(self),
        }
    }

    /// Cancels. A request that was never sent cannot be paid. A request that may exist is voided once its id is
    /// known.
    pub(crate) fn cancel(mut self, transition: &mut Transition<'_>) -> State {
        match self.step {
            CreateStep::LookingUpLater { .. } if self.payable => {
                self.cancelled = true;

                State::Creating(self)
            }
            CreateStep::Recording
            | CreateStep::Pausing(_)
            | CreateStep::BeforeAnother
            | CreateStep::LookingUpLater { .. } => {
                transition.end(Ending::Cancelled { reason: None }, None)
            }
            CreateStep::Asking | CreateStep::LookingUp { .. } => {
                self.cancelled = true;

                State::Creating(self)
            }
            CreateStep::Preparing { request, .. } | CreateStep::Showing { request, .. } => {
                transition.begin_void(request, Cause::Cashier, self.payable)
            }
        }
    }

    pub(crate) fn happened(mut self, fact: Fact, transition: &mut Transition<'_>) -> State {
        // Most branches below leave the step at `Asking`. The others set their own step.
        let step = std::mem::replace(&mut self.step, CreateStep::Asking);
        match (step, fact) {
            (CreateStep::Recording, Fact::Recorded(Mark::Intent))
            | (CreateStep::Pausing(_), Fact::Woke(Timer::Recreate, _)) => {
                if let Some(request) = transition.new_request() {
                    transition.run(Job::Create(request));
                }

                State::Creating(self)
            }
            (CreateStep::Recording, Fact::NotRecorded(Mark::Intent, why)) => {
                transition.end(Ending::Rejected(Rejection::Journal(why)), None)
            }
            (
                CreateStep::Asking,
                Fact::Created {
                    sent_at,
                    at,
                    answer,
                },
            ) => match answer {
                Ok(request) => self.created(&request, sent_at, at, transition),
                Err(failure) => self.failed(LostCreate::sent(sent_at, failure), transition),
            },
            (CreateStep::LookingUp { lost, repeated }, Fact::Found { at, answer }) => {
                self.looked_up(lost, repeated, answer, at, transition)
            }
            (CreateStep::LookingUpLater { lost }, Fact::Woke(Timer::Recreate, _)) => {
                self.look_up(lost, true, transition)
            }
            // The new attempt has a new reference. The first request may exist, but its code was never shown, so
            // this cannot charge twice.
            (CreateStep::BeforeAnother, Fact::Woke(Timer::Recreate, _)) => {
                transition.new_attempt(Self::recording(self.tries + 1))
            }
            (
                CreateStep::Preparing {
                    request,
                    recorded,
                    code,
                },
                fact,
            ) => self.prepared(request, recorded, code, fact, transition),
            (CreateStep::Showing { request, code }, Fact::Recorded(Mark::Shown)) => {
                transition.present(request, code)
            }
            (CreateStep::Showing { request, .. }, Fact::NotRecorded(Mark::Shown, why)) => {
                transition.begin_void(
                    request,
                    Cause::Rejected(Rejection::Journal(why)),
                    self.payable,
                )
            }
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
        transition: &mut Transition<'_>,
    ) -> State {
        if transition.has_other_reference(request) {
            return self.failed(LostCreate::to_another(sent_at), transition);
        }
        let Some(order) = transition.order() else {
            return State::Entry;
        };
        let accepted = match transition.sale.rules.fit(order, request, sent_at) {
            Ok(accepted) => accepted,
            Err(mismatch) => {
                let cause = Cause::Rejected(Rejection::Mismatch(mismatch));

                return transition.begin_void(stranger(request, sent_at), cause, self.payable);
            }
        };
        if self.cancelled {
            return transition.begin_void(accepted, Cause::Cashier, self.payable);
        }
        // Whatever the status of the request, the patron could have paid it.
        if self.payable {
            return self.accepted(accepted, transition);
        }
        if !matches!(request.status, Status::New | Status::Expired) {
            let cause = Cause::Rejected(Rejection::Mismatch(Mismatch::Status(
                request.status.clone(),
            )));
            // A cancelled request takes no money. A request with any other status may be paid.
            let may_be_paid = request.status != Status::Cancelled;

            return transition.begin_void(accepted, cause, may_be_paid);
        }
        let over = request.status == Status::Expired;
        if over || accepted.deadline.since(at) < Self::TOO_SHORT {
            let cause = Cause::TooShort { tries: self.tries };

            return transition.begin_void(accepted, cause, false);
        }

        self.accepted(accepted, transition)
    }

    /// Records W2, and makes the code unless the patron has shown one.
    fn accepted(mut self, accepted: Accepted, transition: &mut Transition<'_>) -> State {
        transition.record(Record::created(&accepted));
        if !transition.is_patron_presented() {
            transition.run(Job::Encode(accepted.payload.clone()));
        }
        self.step = CreateStep::Preparing {
            request: accepted,
            recorded: false,
            code: None,
        };

        State::Creating(self)
    }

    fn failed(mut self, lost: LostCreate, transition: &mut Transition<'_>) -> State {
        if matches!(lost.failure, Failure::Ambiguous(_)) {
            if self.payable {
                transition.set_lost(lost.clone());
            }
            if transition.look_up().is_some() {
                return self.look_up(lost, false, transition);
            }
            if self.payable {
                return transition.end(Ending::unknown(), None);
            }
        }
        if self.cancelled {
            // The request was not created, or its code was never shown: no one can pay it.
            return transition.end(Ending::Cancelled { reason: None }, None);
        }
        match lost.failure {
            Failure::Refused(refusal) => {
                transition.end(Ending::Rejected(Rejection::Platform(refusal)), None)
            }
            Failure::Unauthorised(refusal) => {
                transition.end(Ending::Rejected(Rejection::Key(refusal)), None)
            }
            Failure::Throttled { retry_after } => {
                transition.wake(
                    Timer::Recreate,
                    throttled_pause(retry_after, self.throttled),
                );
                self.throttled = self.throttled.saturating_add(1);
                self.step = CreateStep::Pausing(Pause::Throttled);

                State::Creating(self)
            }
            failure if self.tries >= TRIES => transition.end(Ending::Unreachable(failure), None),
            Failure::Ambiguous(_) => self.pause_before_another(transition),
            Failure::NotSent(_) => {
                transition.wake(Timer::Recreate, Delay::For(PAUSE * self.tries));
                self.tries += 1;
                self.step = CreateStep::Pausing(Pause::Unreachable);

                State::Creating(self)
            }
        }
    }

    /// Waits until the id is on disk and the code is proven readable.
    fn prepared(
        mut self,
        request: Accepted,
        mut recorded: bool,
        mut code: Option<Arc<Code>>,
        fact: Fact,
        transition: &mut Transition<'_>,
    ) -> State {
        if transition.is_patron_presented() {
            return self.handed_over(request, fact, transition);
        }
        let rejected = match fact {
            Fact::Duplicate(Mark::Created) => {
                return self.failed(LostCreate::to_another(request.sent_at), transition);
            }
            Fact::Recorded(Mark::Created) => {
                transition.announce_created(&request);
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
            return transition.begin_void(request, Cause::Rejected(rejection), self.payable);
        }
        self.step = match code {
            Some(code) if recorded => {
                transition.record(Record::Shown);
                CreateStep::Showing { request, code }
            }
            code => CreateStep::Preparing {
                request,
                recorded,
                code,
            },
        };

        State::Creating(self)
    }

    /// Returns a new create after a request that left too little time to pay; `None` after the last try.
    pub(in super::super) fn after_too_short(tries: u32) -> Option<Self> {
        (tries < TRIES).then(|| Self::recording(tries + 1))
    }
}

impl Transition<'_> {
    /// Shows the code of a request whose id is on disk. The code may have been on a screen before.
    pub(crate) fn show_again(&mut self, request: Accepted, payable: bool) -> State {
        self.begin_round();
        self.adopt();
        self.announce_created(&request);
        self.run(Job::Encode(request.payload.clone()));

        State::Creating(Creating {
            step: CreateStep::Preparing {
                request,
                recorded: true,
                code: None,
            },
            payable,
            ..Creating::recording(TRIES)
        })
    }

    /// Handles a create that was answered with the request of another attempt. That request is not voided.
    pub(crate) fn answered_about_another(
        &mut self,
        request: &Accepted,
        (payable, cancelled): (bool, bool),
    ) -> State {
        self.set_void(Void::NotSent);
        let creating = Creating {
            payable,
            cancelled,
            ..Creating::recording(TRIES)
        };

        creating.failed(LostCreate::to_another(request.sent_at), self)
    }
}
