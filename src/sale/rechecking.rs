use crate::payment::{PaymentRequest, Status};
use crate::sale::polling::Verdict;
use crate::sale::{
    Accepted, Ask, Command, Creating, Ended, Ending, Fact, Job, Lost, Moment, State, Turn, Void,
    Voiding, Weakness,
};

/// An attempt of the sale is looked at once more before anything else happens to that sale: before a further code,
/// since a payment that was on its way may have come in; before it is told as paid again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Rechecking {
    target: Target,
    /// The ending that stands if the platform does not say otherwise; `None` for one without money, which the platform
    /// itself has told.
    ended: Option<Box<Ended>>,
}

/// How the attempt is found at the platform.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Target {
    /// By its id.
    Request(Accepted),
    /// By its reference, if its create was lost.
    Reference(Lost),
}

impl Rechecking {
    /// Reads the request.
    pub(super) fn begin(request: Accepted, ended: Option<Ended>, turn: &mut Turn<'_>) -> State {
        turn.begin_round();
        turn.run(Job::Read {
            id: request.id.clone(),
            ask: Ask::Again,
        });

        State::Rechecking(Self {
            target: Target::Request(request),
            ended: ended.map(Box::new),
        })
    }

    /// Looks up what a lost create has made. It stays unknown if that cannot be looked up.
    pub(super) fn look_up(lost: Lost, unknown: Ended, turn: &mut Turn<'_>) -> State {
        turn.begin_round();
        let Some(look_up) = turn.look_up() else {
            return turn.show(unknown);
        };
        turn.set_lost(lost.clone());
        turn.run(look_up);

        State::Rechecking(Self {
            target: Target::Reference(lost),
            ended: Some(Box::new(unknown)),
        })
    }

    pub(super) fn asked(self, command: &Command, turn: &mut Turn<'_>) -> State {
        match (command, self.ended) {
            (Command::Leave, Some(ended)) => turn.exit(*ended),
            (Command::Cancel | Command::Close, Some(ended)) => {
                turn.begin_round();
                ended.stay(turn);

                State::Ended(*ended)
            }
            (Command::Cancel | Command::Close | Command::Leave, None) => turn.abandon(),
            (_, ended) => State::Rechecking(Self { ended, ..self }),
        }
    }

    pub(super) fn happened(self, fact: Fact, turn: &mut Turn<'_>) -> State {
        match (&self.target, fact) {
            (
                Target::Request(request),
                Fact::Read {
                    ask: Ask::Again,
                    answer,
                    ..
                },
            ) => match answer {
                Ok(answer) if answer.id == request.id => {
                    let request = request.clone();

                    self.answered(request, answer, turn)
                }
                Ok(_) | Err(_) => self.not_answered(turn),
            },
            (Target::Reference(lost), Fact::Found { at, answer }) => {
                let lost = lost.clone();

                self.looked_up(&lost, answer.unwrap_or_default(), at, turn)
            }
            _ => State::Rechecking(self),
        }
    }

    /// Keeps the earlier ending if it forbids another code (paid or unknown). Otherwise goes on with a new attempt. If
    /// the platform cannot be reached, that create will probably fail too.
    fn not_answered(self, turn: &mut Turn<'_>) -> State {
        match self.ended {
            Some(ended)
                if !ended.ending().may_retry()
                    && !turn.is_weakened_by(Weakness::ErrorOpensAnotherCode) =>
            {
                turn.show(*ended)
            }
            _ => turn.go_on(),
        }
    }

    fn answered(self, request: Accepted, answer: PaymentRequest, turn: &mut Turn<'_>) -> State {
        let paid_before = self.ended.filter(|ended| {
            matches!(
                ended.ending(),
                Ending::Paid { .. } | Ending::PartPaid { .. }
            )
        });
        if let Some(ended) = paid_before {
            return match answer.status == Status::Paid && turn.fits(&answer) {
                true => turn.show(*ended),
                // The platform contradicts what it had said itself.
                false => turn.end(Ending::unknown(), Some(request)),
            };
        }
        match (turn.verdict(&answer), &answer.status, turn.void()) {
            (Verdict::Ended(ending), Status::Paid, Void::NotSent) if turn.fits(&answer) => {
                match ending.is_money() {
                    true => turn.end_late(ending, request),
                    false => turn.end(ending, Some(request)),
                }
            }
            (_, Status::Paid, void) => Voiding::decide(request, void.into(), answer, turn),
            (Verdict::OverWithMoney, _, void) => {
                Voiding::decide(request, void.into(), answer, turn)
            }
            // It should have ended: now it does, before another one can be paid beside it.
            (Verdict::Open, ..) => Voiding::resume(request, true, turn),
            (Verdict::Ended(_), ..) => turn.go_on(),
        }
    }

    /// That nothing is found proves nothing: the create may still arrive, and be paid.
    fn looked_up(
        self,
        lost: &Lost,
        found: Vec<PaymentRequest>,
        at: Moment,
        turn: &mut Turn<'_>,
    ) -> State {
        let is_found = found
            .iter()
            .any(|request| turn.has_made(request, lost.ago(at)));

        match is_found {
            true => Creating::sought(found, at, turn).unwrap_or(State::Rechecking(self)),
            false => self.not_answered(turn),
        }
    }
}
