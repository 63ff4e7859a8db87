//! A create with the patron's code. The request can be paid from the moment it is sent, so it is followed to its
//! end.

use super::retry::{stranger, unclear};
use super::{CreateStep, Creating, TRIES};
use crate::domain::payment::{PaymentRequest, Status};
use crate::sale::{
    Accepted, Cause, Ending, Fact, LostCreate, Mark, Moment, Record, Rejection, State, Transition,
    Void, WaitingFor,
};

impl Creating {
    /// Uses a request that was found under the reference of a lost create. No second request is created, since it
    /// could charge twice.
    pub(super) fn found_payable(
        self,
        found: &mut [PaymentRequest],
        at: Moment,
        transition: &mut Transition<'_>,
    ) -> State {
        found.sort_by_key(|request| match &request.status {
            status if status.may_be_paid() => 0,
            Status::New => 1,
            _ => 2,
        });
        let Some((request, others)) = found.split_first() else {
            return transition.end(Ending::unknown(), None);
        };
        others.iter().for_each(|other| transition.void_stray(other));
        if others.iter().any(|other| other.status.may_be_paid()) {
            return unclear(request, at, transition);
        }
        let Some(order) = transition.order() else {
            return State::Entry;
        };
        let accepted = match transition.sale.rules.fit(order, request, at) {
            Ok(accepted) => Accepted {
                deadline: request
                    .time_left
                    .map_or(accepted.deadline, |left| at.plus(left)),
                ..accepted
            },
            Err(mismatch) => {
                let cause = Cause::Rejected(Rejection::Mismatch(mismatch));

                return transition.begin_void(stranger(request, at), cause, true);
            }
        };
        if self.cancelled {
            return transition.begin_void(accepted, Cause::Cashier, true);
        }

        self.accepted(accepted, transition)
    }

    fn searching(cancelled: bool) -> Self {
        Self {
            cancelled,
            payable: true,
            searches: true,
            ..Self::recording(TRIES)
        }
    }

    /// Waits until the id of a request with the patron's code is on disk. There is no code to show.
    pub(super) fn handed_over(
        mut self,
        request: Accepted,
        fact: Fact,
        transition: &mut Transition<'_>,
    ) -> State {
        match fact {
            Fact::Duplicate(Mark::Created) => {
                self.failed(LostCreate::to_another(request.sent_at), transition)
            }
            // An old request is settled even if its id cannot be written. The write is tried once more, since a
            // payment without an id is hard to find.
            Fact::Recorded(Mark::Created) | Fact::NotRecorded(Mark::Created, _)
                if self.searches =>
            {
                if matches!(fact, Fact::NotRecorded(..)) {
                    transition.record(Record::created(&request));
                }
                let own = !transition.sale.is_about_an_earlier_sale();
                match transition.void() {
                    Void::NotSent => transition.resume_waiting(request, own, true),
                    _ => transition.resume_void(request, true),
                }
            }
            Fact::Recorded(Mark::Created) => {
                transition.announce_created(&request);

                transition.wait_for_patron(request)
            }
            Fact::NotRecorded(Mark::Created, why) => {
                let cause = Cause::Rejected(Rejection::Journal(why));

                transition.begin_void(request, cause, true)
            }
            _ => {
                self.step = CreateStep::Preparing {
                    request,
                    recorded: false,
                    code: None,
                };

                State::Creating(self)
            }
        }
    }

    /// Ends when the time to leave is over. If the create may have been sent, the request may be paid.
    pub(crate) fn leave_now(self, transition: &mut Transition<'_>) -> State {
        let ending = match self.step {
            CreateStep::Asking
            | CreateStep::LookingUp { .. }
            | CreateStep::LookingUpLater { .. }
                if self.payable =>
            {
                Ending::unknown()
            }
            _ => Ending::Cancelled { reason: None },
        };

        transition.end(ending, None)
    }
}

impl Transition<'_> {
    /// Looks again for the request of a lost create with the patron's code.
    pub(crate) fn search_lost_create(&mut self, lost: LostCreate, cancelled: bool) -> State {
        self.begin_round();
        self.set_lost(lost.clone());
        if self.look_up().is_none() {
            return self.end(Ending::unknown(), None);
        }
        self.announce_waiting(WaitingFor::Resuming, None);

        Creating::searching(cancelled).look_up(lost, false, self)
    }

    /// Uses a request that was found for such a lost create; `None` if none was found.
    pub(crate) fn take_up_found(
        &mut self,
        found: Vec<PaymentRequest>,
        at: Moment,
    ) -> Option<State> {
        let lost = self.lost()?;
        found
            .iter()
            .any(|request| self.has_made(request, lost.ago(at)))
            .then(|| {
                self.begin_round();

                Creating::searching(false).found(lost, found, at, self)
            })
    }
}
