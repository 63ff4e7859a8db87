use crate::payment::{PaymentRequest, Status};
use crate::sale::polling::paid;
use crate::sale::{Accepted, Ask, Command, Ended, Fact, Job, State, Turn, Void, Voiding};

/// The attempt before is read once more before the next one: it ended without money, but a payment
/// that was on its way may have come in since, and a further code could then charge twice.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Rechecking {
    request: Accepted,
    /// What it ended as, where that has to be said again if nothing comes of the next attempt.
    ended: Option<Box<Ended>>,
}

impl Rechecking {
    pub(super) fn begin(request: Accepted, ended: Option<Ended>, turn: &mut Turn<'_>) -> State {
        turn.begin_round();
        turn.run(Job::Read {
            id: request.id.clone(),
            ask: Ask::Again,
        });

        State::Rechecking(Self {
            request,
            ended: ended.map(Box::new),
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
            (_, ended) => State::Rechecking(Self {
                request: self.request,
                ended,
            }),
        }
    }

    pub(super) fn happened(self, fact: Fact, turn: &mut Turn<'_>) -> State {
        let Fact::Read {
            ask: Ask::Again,
            answer,
            ..
        } = fact
        else {
            return State::Rechecking(self);
        };
        match answer {
            Ok(answer) if answer.id == self.request.id => self.answered(answer, turn),
            // It ended by the platform's own word. Where that cannot be asked again, a create
            // will hardly get through either.
            Ok(_) | Err(_) => turn.go_on(),
        }
    }

    fn answered(self, answer: PaymentRequest, turn: &mut Turn<'_>) -> State {
        match (&answer.status, turn.void()) {
            (Status::Paid, Void::NotSent) if turn.fits(&answer) => {
                turn.end_late(paid(&answer, false), self.request)
            }
            (Status::Paid, void) => Voiding::decide(self.request, void.into(), answer, turn),
            // It should have ended: now it does, before another one can be paid beside it.
            (Status::New | Status::Unknown(_), _) => Voiding::resume(self.request, true, turn),
            (Status::Expired | Status::Cancelled, _) => turn.go_on(),
        }
    }
}
