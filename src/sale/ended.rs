use std::time::Duration;

use crate::payment::Failure;
use crate::sale::{
    Accepted, Ask, Command, Creating, Delay, Ending, Fact, Job, Mark, Rechecking, Record, Repeated,
    State, Timer, Turn, Voiding,
};

/// How often an unknown outcome is asked about again while it stands on the screen.
const RECHECK: Duration = Duration::from_secs(5);

/// An ending was reached.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Ended {
    ending: Ending,
    request: Option<Accepted>,
    late: bool,
    unsaved: bool,
    closed_by: Option<String>,
    /// Set if it was paid at an earlier launch of the sale that is asked for.
    repeated: Option<Repeated>,
}

impl Ended {
    pub(super) fn new(ending: Ending, request: Option<Accepted>, late: bool) -> Self {
        Self {
            ending,
            request,
            late,
            unsaved: false,
            closed_by: None,
            repeated: None,
        }
    }

    /// The same of an attempt that staff closed.
    pub(super) fn closed_by_staff(self, closed_by: Option<String>) -> Self {
        Self { closed_by, ..self }
    }

    /// The same of a sale that was paid at an earlier launch.
    pub(super) fn repeated_since(self, settled_at: Option<String>) -> Self {
        Self {
            repeated: Some(Repeated::since(settled_at)),
            ..self
        }
    }

    pub(super) fn repeated(&self) -> Option<&Repeated> {
        self.repeated.as_ref()
    }

    /// Which ending.
    pub fn ending(&self) -> &Ending {
        &self.ending
    }

    /// The request that ended, where one was made.
    pub fn request(&self) -> Option<&Accepted> {
        self.request.as_ref()
    }

    /// Whether it was paid after it had been called expired or cancelled.
    pub fn is_late(&self) -> bool {
        self.late
    }

    /// Whether the ending could not be journaled; somebody must write it down.
    pub fn is_unsaved(&self) -> bool {
        self.unsaved
    }

    /// Money that only this screen knows of.
    fn has_to_be_written_down(&self) -> bool {
        self.unsaved && self.ending.is_money()
    }

    /// Who of the staff closed it while it was unknown, and answers for it.
    pub fn closed_by(&self) -> Option<&str> {
        self.closed_by.as_deref()
    }

    pub(super) fn short_code(&self) -> Option<String> {
        let short_code = self.request.as_ref()?.short_code.as_ref()?;

        Some(short_code.to_string())
    }

    /// It stays on the screen: how long, and what goes on meanwhile. An unknown ending never
    /// leaves by itself, nor does one that a person has to take note of.
    pub(super) fn stay(&self, turn: &mut Turn<'_>) {
        let timing = turn.timing();
        let after = match self.ending {
            Ending::Unknown { .. } => return turn.wake(Timer::Recheck, Delay::For(RECHECK)),
            _ if self.late || turn.sale.is_about_an_earlier_sale() => None,
            Ending::Paid { .. } => Some(timing.close_after),
            _ => timing.leave_after,
        };
        if let Some(after) = after {
            turn.wake(Timer::LeaveEnding, Delay::For(after));
        }
    }

    pub(super) fn asked(self, command: Command, turn: &mut Turn<'_>) -> State {
        match command {
            Command::Close => self.close(turn),
            Command::Leave => turn.exit(self),
            Command::Retry if self.ending.may_retry() => self.retry(turn),
            Command::CloseByStaff { by, paid } => self.close_by_staff(by, paid, turn),
            Command::KeepChecking | Command::CancelAndRefund => self.ask_platform(&command, turn),
            _ => State::Ended(self),
        }
    }

    /// Whoever closes has taken note, but that nobody knows settles nothing.
    fn close(self, turn: &mut Turn<'_>) -> State {
        let unknown = matches!(self.ending, Ending::Unknown { .. });
        if self.unsaved {
            // The disk may have room again.
            turn.record(Record::Verdict {
                ending: self.ending.clone(),
                late: self.late,
            });
        }
        if self.ending.is_money() {
            turn.record(Record::Acknowledged);
        }
        if turn.sale.is_about_an_earlier_sale() && !unknown {
            return turn.go_on();
        }

        turn.exit(self)
    }

    /// A further attempt: once it is certain that the last one was not paid after all.
    fn retry(self, turn: &mut Turn<'_>) -> State {
        match self.request.clone() {
            Some(request) => Rechecking::begin(request, Some(self), turn),
            None => turn.retry(),
        }
    }

    /// Records what staff say. *Paid* ends the sale as paid. *Not paid* leaves it unknown until a read of the platform
    /// agrees.
    fn close_by_staff(self, by: String, paid: bool, turn: &mut Turn<'_>) -> State {
        if !matches!(self.ending, Ending::Unknown { .. }) {
            return State::Ended(self);
        }
        turn.record(Record::ClosedByStaff {
            by: by.clone(),
            paid,
        });
        let ending = match paid {
            true => Ending::Paid {
                by: Vec::new(),
                kept: false,
            },
            false => self.ending,
        };
        let closed = Self {
            ending,
            closed_by: Some(by),
            ..self
        };
        if paid {
            turn.announce_end(&closed);
        }
        if turn.sale.is_about_an_earlier_sale() {
            return turn.go_on();
        }

        turn.exit(closed)
    }

    fn ask_platform(self, command: &Command, turn: &mut Turn<'_>) -> State {
        let is_part = matches!(self.ending, Ending::PartPaid { .. });
        let may_refund = self.late && self.ending.is_money() || self.ending.is_kept() || is_part;
        match (&self.ending, self.request.clone(), command) {
            (Ending::Unknown { evidence }, Some(request), Command::CancelAndRefund) => {
                Voiding::again(request, *evidence, turn)
            }
            (Ending::Unknown { evidence }, Some(request), _) => {
                Voiding::check(request, *evidence, turn)
            }
            (_, Some(request), Command::CancelAndRefund) if may_refund => {
                Voiding::again(request, turn.void().into(), turn)
            }
            (Ending::Unknown { .. }, None, command) => self.seek(command, turn),
            _ => State::Ended(self),
        }
    }

    /// Not even the id is known. What can be looked for is.
    fn seek(self, command: &Command, turn: &mut Turn<'_>) -> State {
        let cancelled = *command == Command::CancelAndRefund;
        match (turn.lost(), turn.look_up()) {
            (Some(lost), Some(_)) => Creating::seek(lost, cancelled, turn),
            _ => State::Ended(self),
        }
    }

    pub(super) fn happened(mut self, fact: Fact, turn: &mut Turn<'_>) -> State {
        match fact {
            Fact::Woke {
                timer: Timer::LeaveEnding,
                ..
            } if !self.has_to_be_written_down() => self.close(turn),
            Fact::Woke {
                timer: Timer::LeaveNow,
                ..
            } => turn.exit(self),
            Fact::NotRecorded(Mark::Verdict, _) => {
                self.unsaved = true;

                State::Ended(self)
            }
            fact => self.recheck(fact, turn),
        }
    }

    /// An unknown outcome is asked about again and again: the network may come back.
    fn recheck(self, fact: Fact, turn: &mut Turn<'_>) -> State {
        let request = match (&self.ending, &self.request) {
            (Ending::Unknown { .. }, Some(request)) => request,
            (Ending::Unknown { .. }, None) => return self.seek_again(fact, turn),
            _ => return State::Ended(self),
        };
        match fact {
            Fact::Woke {
                timer: Timer::Recheck,
                ..
            } => turn.run(Job::Read {
                id: request.id.clone(),
                ask: Ask::Again,
            }),
            Fact::Read {
                ask: Ask::Again,
                answer: Ok(answer),
                ..
            } if answer.id == request.id && answer.status.is_final() => {
                return Voiding::decide_again(request.clone(), self, answer, turn);
            }
            Fact::Read {
                ask: Ask::Again,
                answer,
                ..
            } => turn.wake(Timer::Recheck, recheck_after(answer.err().as_ref())),
            _ => {}
        }

        State::Ended(self)
    }

    /// The same where its id is not known: what its create has made may be found by now.
    fn seek_again(self, fact: Fact, turn: &mut Turn<'_>) -> State {
        match fact {
            Fact::Woke {
                timer: Timer::Recheck,
                ..
            } => {
                if let (Some(_), Some(look_up)) = (turn.lost(), turn.look_up()) {
                    turn.run(look_up);
                }
            }
            Fact::Found { at, answer } => {
                let pause = recheck_after(answer.as_ref().err());
                match Creating::sought(answer.unwrap_or_default(), at, turn) {
                    Some(found) => return found,
                    None => turn.wake(Timer::Recheck, pause),
                }
            }
            _ => {}
        }

        State::Ended(self)
    }
}

/// The pause after an answer that settled nothing: longer where the platform asks for patience, and
/// then behind the voids and creates that were told the same.
fn recheck_after(failure: Option<&Failure>) -> Delay {
    match failure {
        Some(Failure::Throttled {
            retry_after: Some(wait),
        }) => {
            let least = (*wait).max(RECHECK);

            Delay::Between(least, least + RECHECK)
        }
        _ => Delay::For(RECHECK),
    }
}
