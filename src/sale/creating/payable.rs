//! A create that carries the customer's code: from the moment it may have left it may be paid, so
//! whatever becomes of it is followed to its end.

use super::lost::{Lost, stranger, unclear};
use super::{Creating, Step, TRIES};
use crate::payment::{PaymentRequest, Status};
use crate::sale::{
    Accepted, Cause, Ending, Fact, Mark, Moment, Record, Rejection, State, Turn, Void, Voiding,
    Waiting, WaitingFor, Weakness,
};

impl Creating {
    /// What stands at the platform under the reference of an attempt whose create was lost. A second
    /// request could be a second charge, so none is made.
    pub(super) fn found_payable(
        self,
        found: &mut [PaymentRequest],
        at: Moment,
        turn: &mut Turn<'_>,
    ) -> State {
        found.sort_by_key(|request| match &request.status {
            status if status.may_be_paid() => 0,
            Status::New => 1,
            _ => 2,
        });
        let Some((request, others)) = found.split_first() else {
            return turn.end(Ending::unknown(), None);
        };
        others.iter().for_each(|other| turn.void_stray(other));
        if others.iter().any(|other| other.status.may_be_paid()) {
            return unclear(request, at, turn);
        }
        let Some(order) = turn.order() else {
            return State::Entry;
        };
        let accepted = match turn.rules().fit(order, request, at) {
            Ok(accepted) => Accepted {
                deadline: request
                    .time_left
                    .map_or(accepted.deadline, |left| at.plus(left)),
                ..accepted
            },
            Err(misfit) => {
                let cause = Cause::Rejected(Rejection::Misfit(misfit));

                return Voiding::begin(stranger(request, at), cause, true, turn);
            }
        };
        if self.cancelled {
            return Voiding::begin(accepted, Cause::Cashier, true, turn);
        }

        self.accepted(accepted, turn)
    }

    /// Looks once more for what a create has made that was sent earlier and that can be paid.
    pub(in super::super) fn seek(lost: Lost, cancelled: bool, turn: &mut Turn<'_>) -> State {
        turn.begin_round();
        turn.set_lost(lost.clone());
        if turn.look_up().is_none() {
            return turn.end(Ending::unknown(), None);
        }
        turn.announce_waiting(WaitingFor::Resuming, None);

        Self::seeking(cancelled).look_up(lost, false, turn)
    }

    /// What has been found of such a create meanwhile; `None` while nothing was.
    pub(in super::super) fn sought(
        found: Vec<PaymentRequest>,
        at: Moment,
        turn: &mut Turn<'_>,
    ) -> Option<State> {
        let lost = turn.lost()?;
        found
            .iter()
            .any(|request| turn.has_made(request, lost.ago(at)))
            .then(|| {
                turn.begin_round();

                Self::seeking(false).found(lost, found, at, turn)
            })
    }

    fn seeking(cancelled: bool) -> Self {
        Self {
            cancelled,
            payable: true,
            sought: true,
            ..Self::recording(TRIES)
        }
    }

    /// A request that the customer's code was sent along with waits for its id to be on disk, and has no
    /// code to be shown.
    pub(super) fn handed_over(
        mut self,
        request: Accepted,
        fact: Fact,
        turn: &mut Turn<'_>,
    ) -> State {
        match fact {
            Fact::Duplicate(Mark::Created)
                if !turn.is_weakened_by(Weakness::OldRequestAccepted) =>
            {
                self.failed(Lost::to_another(request.sent_at), turn)
            }
            // What was sent long ago is settled even where its id cannot be written down. It is tried once
            // more, since a payment without an id is hard to find.
            Fact::Recorded(Mark::Created) | Fact::NotRecorded(Mark::Created, _) if self.sought => {
                if matches!(fact, Fact::NotRecorded(..)) {
                    turn.record(Record::created(&request));
                }
                let own = !turn.sale.is_about_an_earlier_sale();
                match turn.void() {
                    Void::NotSent => Waiting::resume(request, own, true, turn),
                    _ => Voiding::resume(request, true, turn),
                }
            }
            Fact::Recorded(Mark::Created) | Fact::Duplicate(Mark::Created) => {
                turn.announce_created(&request);

                Waiting::for_the_patron(request, turn)
            }
            Fact::NotRecorded(Mark::Created, why) => {
                let cause = Cause::Rejected(Rejection::Journal(why));

                Voiding::begin(request, cause, true, turn)
            }
            _ => {
                self.step = Step::Preparing {
                    request,
                    recorded: false,
                    code: None,
                };

                State::Creating(self)
            }
        }
    }

    /// The time for leaving is over: what may have left may be paid.
    pub(in super::super) fn leave_now(self, turn: &mut Turn<'_>) -> State {
        let ending = match self.step {
            Step::Asking | Step::LookingUp { .. } | Step::LookingUpLater { .. } if self.payable => {
                Ending::unknown()
            }
            _ => Ending::Cancelled { reason: None },
        };

        turn.end(ending, None)
    }
}
