use crate::domain::payment::{PaymentRequest, Status};
use crate::sale::answers::verdict::Verdict;
use crate::sale::{
    Accepted, Ask, Command, Ended, Ending, Fact, Job, LostCreate, Moment, State, Transition, Void,
};

/// An attempt is read once more. Before a further code is shown, this finds a late payment. Before the till is
/// told "paid" again, it checks that this is still true.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Rechecking {
    target: RecheckTarget,
    /// The attempt's earlier ending, which stays unless the platform contradicts it. `None` if the platform itself
    /// has called the attempt ended without money.
    ended: Option<Box<Ended>>,
}

/// The way to find the attempt at the platform.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum RecheckTarget {
    /// By the request's id.
    Request(Accepted),
    /// By the attempt's reference, if the create was lost.
    Reference(LostCreate),
}

impl Rechecking {
    pub(crate) fn asked(self, command: &Command, transition: &mut Transition<'_>) -> State {
        match (command, self.ended) {
            (Command::Leave, Some(ended)) => transition.exit(*ended),
            (Command::Cancel | Command::Close, Some(ended)) => {
                transition.begin_round();
                ended.stay(transition);

                State::Ended(*ended)
            }
            (Command::Cancel | Command::Close | Command::Leave, None) => transition.abandon(),
            (_, ended) => State::Rechecking(Self { ended, ..self }),
        }
    }

    pub(crate) fn happened(self, fact: Fact, transition: &mut Transition<'_>) -> State {
        match (&self.target, fact) {
            (RecheckTarget::Request(request), Fact::Read(Ask::Again, _, answer)) => match answer {
                Ok(answer) if answer.id == request.id => {
                    let request = request.clone();

                    self.answered(request, answer, transition)
                }
                Ok(_) | Err(_) => self.not_answered(transition),
            },
            (RecheckTarget::Reference(lost), Fact::Found { at, answer }) => {
                let lost = lost.clone();

                self.looked_up(&lost, answer.unwrap_or_default(), at, transition)
            }
            _ => State::Rechecking(self),
        }
    }

    /// Handles a missing answer. Keeps an earlier ending that forbids another code (paid or unknown). Otherwise
    /// begins a new attempt, whose create will probably fail too if the platform cannot be reached.
    fn not_answered(self, transition: &mut Transition<'_>) -> State {
        match self.ended {
            Some(ended) if !ended.ending().may_retry() => transition.show(*ended),
            _ => transition.next_step(),
        }
    }

    fn answered(
        self,
        request: Accepted,
        answer: PaymentRequest,
        transition: &mut Transition<'_>,
    ) -> State {
        let paid_before = self.ended.filter(|ended| {
            matches!(
                ended.ending(),
                Ending::Paid { .. } | Ending::PartPaid { .. }
            )
        });
        if let Some(ended) = paid_before {
            return match answer.status == Status::Paid && transition.fits(&answer) {
                true => transition.show(*ended),
                // The platform contradicts its own earlier answer.
                false => transition.end(Ending::unknown(), Some(request)),
            };
        }
        match (
            transition.verdict(&answer),
            &answer.status,
            transition.void(),
        ) {
            (Verdict::Ended(ending), Status::Paid, Void::NotSent) if transition.fits(&answer) => {
                match ending.is_money() {
                    true => transition.end_late(ending, request),
                    false => transition.end(ending, Some(request)),
                }
            }
            (_, Status::Paid, void) => transition.decide_payment(request, void.into(), answer),
            (Verdict::OverWithMoney, _, void) => {
                transition.decide_payment(request, void.into(), answer)
            }
            // The request should have ended, so it is voided before another request can be paid.
            (Verdict::Open, ..) => transition.resume_void(request, true),
            (Verdict::Ended(_), ..) => transition.next_step(),
        }
    }

    /// Handles the look-up. An empty result proves nothing: the create may still arrive, and its request may be
    /// paid.
    fn looked_up(
        self,
        lost: &LostCreate,
        found: Vec<PaymentRequest>,
        at: Moment,
        transition: &mut Transition<'_>,
    ) -> State {
        let is_found = found
            .iter()
            .any(|request| transition.has_made(request, lost.ago(at)));

        match is_found {
            true => transition
                .take_up_found(found, at)
                .unwrap_or(State::Rechecking(self)),
            false => self.not_answered(transition),
        }
    }
}

impl Transition<'_> {
    /// Reads the request once more.
    pub(crate) fn recheck(&mut self, request: Accepted, ended: Option<Ended>) -> State {
        self.begin_round();
        self.run(Job::Read {
            id: request.id.clone(),
            ask: Ask::Again,
        });

        State::Rechecking(Rechecking {
            target: RecheckTarget::Request(request),
            ended: ended.map(Box::new),
        })
    }

    /// Looks up the request of a lost create. If no look-up is possible, the outcome stays unknown.
    pub(crate) fn recheck_by_reference(&mut self, lost: LostCreate, unknown: Ended) -> State {
        self.begin_round();
        let Some(look_up) = self.look_up() else {
            return self.show(unknown);
        };
        self.set_lost(lost.clone());
        self.run(look_up);

        State::Rechecking(Rechecking {
            target: RecheckTarget::Reference(lost),
            ended: Some(Box::new(unknown)),
        })
    }
}
