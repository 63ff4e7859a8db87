use std::time::Duration;

use crate::domain::payment::Failure;
use crate::sale::{
    Accepted, Ask, Command, Delay, Ending, Fact, Job, Mark, Record, Repeated, State, Timer,
    Transition,
};

/// The interval at which an unknown outcome on the screen is checked again.
const RECHECK: Duration = Duration::from_secs(5);

/// The attempt has ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Ended {
    pub(in super::super) ending: Ending,
    pub(in super::super) request: Option<Accepted>,
    pub(in super::super) late: bool,
    pub(in super::super) unsaved: bool,
    pub(in super::super) closed_by: Option<String>,
    /// Set if an earlier launch of the sale asked for was paid.
    pub(in super::super) repeated: Option<Repeated>,
}

impl Ended {
    pub(in super::super) fn new(ending: Ending, request: Option<Accepted>, late: bool) -> Self {
        Self {
            ending,
            request,
            late,
            unsaved: false,
            closed_by: None,
            repeated: None,
        }
    }

    /// Returns the ending.
    pub fn ending(&self) -> &Ending {
        &self.ending
    }

    /// Returns the request, if one was made.
    pub fn request(&self) -> Option<&Accepted> {
        self.request.as_ref()
    }

    /// Whether the payment came after the request had expired or been cancelled.
    pub fn is_late(&self) -> bool {
        self.late
    }

    /// Whether the ending could not be journaled. A person must write it down.
    pub fn is_unsaved(&self) -> bool {
        self.unsaved
    }

    /// Whether the payment is simply paid, in time and without a void, so that no person has to act on it.
    pub(in super::super) fn is_plainly_paid(&self) -> bool {
        matches!(self.ending, Ending::Paid { kept: false, .. }) && !self.late
    }

    /// Whether money came in and only this screen knows of it.
    fn has_to_be_written_down(&self) -> bool {
        self.unsaved && self.ending.is_money()
    }

    /// Returns the member of staff who closed the sale while it was unknown.
    pub fn closed_by(&self) -> Option<&str> {
        self.closed_by.as_deref()
    }

    pub(in super::super) fn short_code(&self) -> Option<String> {
        let short_code = self.request.as_ref()?.short_code.as_ref()?;

        Some(short_code.to_string())
    }

    /// Keeps the ending on the screen, and sets the timers. An ending that is unknown, or that a person must
    /// acknowledge, never leaves by itself.
    pub(crate) fn stay(&self, transition: &mut Transition<'_>) {
        let timing = transition.sale.timing;
        let after = match self.ending {
            Ending::Unknown { .. } => return transition.wake(Timer::Recheck, Delay::For(RECHECK)),
            _ if self.late || transition.sale.is_about_an_earlier_sale() => None,
            Ending::Paid { .. } => Some(timing.close_after),
            _ => timing.leave_after,
        };
        if let Some(after) = after {
            transition.wake(Timer::LeaveEnding, Delay::For(after));
        }
    }

    pub(crate) fn asked(self, command: Command, transition: &mut Transition<'_>) -> State {
        match command {
            Command::Close => self.close(transition),
            Command::Leave => transition.exit(self),
            Command::Retry if self.ending.may_retry() => self.retry(transition),
            Command::CloseByStaff { by, paid } => self.close_by_staff(by, paid, transition),
            Command::KeepChecking | Command::CancelAndRefund => {
                self.ask_platform(&command, transition)
            }
            _ => State::Ended(self),
        }
    }

    /// Closes the ending, which counts as an acknowledgement. An unknown ending stays unsettled.
    fn close(self, transition: &mut Transition<'_>) -> State {
        let unknown = matches!(self.ending, Ending::Unknown { .. });
        if self.unsaved {
            // The write is tried once more, since the disk may have room again.
            transition.record(Record::Verdict {
                ending: self.ending.clone(),
                late: self.late,
            });
        }
        if self.ending.is_money() && !transition.sale.told_outcome {
            transition.record(Record::Acknowledged);
        }
        if transition.sale.is_about_an_earlier_sale() && !unknown {
            return transition.next_step();
        }

        transition.exit(self)
    }

    /// Begins a new attempt after a check that the last one was not paid.
    fn retry(self, transition: &mut Transition<'_>) -> State {
        match self.request.clone() {
            Some(request) => transition.recheck(request, Some(self)),
            None => transition.retry(),
        }
    }

    /// Records how staff closed the sale. *Paid* ends the sale as paid. *Not paid* leaves it unknown until the
    /// platform confirms that.
    fn close_by_staff(self, by: String, paid: bool, transition: &mut Transition<'_>) -> State {
        if !matches!(self.ending, Ending::Unknown { .. }) {
            return State::Ended(self);
        }
        transition.record(Record::ClosedByStaff {
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
            transition.announce_end(&closed);
        }
        if transition.sale.is_about_an_earlier_sale() {
            return transition.next_step();
        }

        transition.exit(closed)
    }

    fn ask_platform(self, command: &Command, transition: &mut Transition<'_>) -> State {
        let is_part = matches!(self.ending, Ending::PartPaid { .. });
        let may_refund = self.late && self.ending.is_money() || self.ending.is_kept() || is_part;
        match (&self.ending, self.request.clone(), command) {
            (Ending::Unknown { evidence }, Some(request), Command::CancelAndRefund) => {
                transition.void_again(request, *evidence)
            }
            (Ending::Unknown { evidence }, Some(request), _) => {
                transition.check_unknown(request, *evidence)
            }
            (_, Some(request), Command::CancelAndRefund) if may_refund => {
                transition.void_again(request, transition.void().into())
            }
            (Ending::Unknown { .. }, None, command) => self.search(command, transition),
            _ => State::Ended(self),
        }
    }

    /// Looks for the request of a lost create.
    fn search(self, command: &Command, transition: &mut Transition<'_>) -> State {
        let cancelled = *command == Command::CancelAndRefund;
        match (transition.lost(), transition.look_up()) {
            (Some(lost), Some(_)) => transition.search_lost_create(lost, cancelled),
            _ => State::Ended(self),
        }
    }

    pub(crate) fn happened(mut self, fact: Fact, transition: &mut Transition<'_>) -> State {
        match fact {
            Fact::Woke(Timer::LeaveEnding, _) if !self.has_to_be_written_down() => {
                self.close(transition)
            }
            Fact::Woke(Timer::LeaveNow, _) => transition.exit(self),
            Fact::Recorded(Mark::Verdict) => {
                transition.tell_at_once(&self);

                State::Ended(self)
            }
            Fact::NotRecorded(Mark::Verdict, _) => {
                self.unsaved = true;

                State::Ended(self)
            }
            fact => self.recheck(fact, transition),
        }
    }

    /// Checks an unknown outcome again and again, since the network may come back.
    fn recheck(self, fact: Fact, transition: &mut Transition<'_>) -> State {
        let request = match (&self.ending, &self.request) {
            (Ending::Unknown { .. }, Some(request)) => request,
            (Ending::Unknown { .. }, None) => return self.search_again(fact, transition),
            _ => return State::Ended(self),
        };
        match fact {
            Fact::Woke(Timer::Recheck, _) => transition.run(Job::Read {
                id: request.id.clone(),
                ask: Ask::Again,
            }),
            Fact::Read(Ask::Again, _, Ok(answer))
                if answer.id == request.id && answer.status.is_final() =>
            {
                return transition.decide_unknown(request.clone(), self, answer);
            }
            Fact::Read(Ask::Again, _, answer) => {
                transition.wake(Timer::Recheck, recheck_after(answer.err().as_ref()));
            }
            _ => {}
        }

        State::Ended(self)
    }

    /// Looks again for the request of a lost create.
    fn search_again(self, fact: Fact, transition: &mut Transition<'_>) -> State {
        match fact {
            Fact::Woke(Timer::Recheck, _) => {
                if let (Some(_), Some(look_up)) = (transition.lost(), transition.look_up()) {
                    transition.run(look_up);
                }
            }
            Fact::Found { at, answer } => {
                let pause = recheck_after(answer.as_ref().err());
                match transition.take_up_found(answer.unwrap_or_default(), at) {
                    Some(found) => return found,
                    None => transition.wake(Timer::Recheck, pause),
                }
            }
            _ => {}
        }

        State::Ended(self)
    }
}

/// Returns the pause after an answer without a verdict. If the platform asks to wait, the pause is longer, so that
/// voids and creates come first.
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
