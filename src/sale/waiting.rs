use std::sync::Arc;
use std::time::Duration;

use crate::money::Amount;
use crate::payment::{ConditionStatus, Decision, PaidBy, PaymentRequest};
use crate::qr::Code;
use crate::sale::polling::{Answer, Polling, Seen};
use crate::sale::{
    Accepted, Cause, Command, Creating, Delay, Fact, Link, Presenting, Progress, Question, State,
    Timer, Turn, Voiding, WaitingFor,
};

/// How long the platform has to settle after a request's time is over. Certification 103.1 asks
/// for 5 to 10 s.
const SETTLING: Duration = Duration::from_secs(10);

/// The code is gone; the platform's verdict is awaited by polling on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Waiting {
    polling: Polling,
    reason: Reason,
    /// The code that gave way to it, where it may come back.
    code: Option<Arc<Code>>,
}

/// What is waited for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The time is over; a payment of the last second may still come in.
    Settling,
    /// The customer confirms on the phone whose code was scanned.
    Barcode,
    /// Somebody has to answer a payment condition.
    Condition(Question),
    /// A part came in, the rest is awaited.
    PartPayment {
        /// By which means so far.
        by: Vec<PaidBy>,
        /// What is still owed, where the platform says so.
        remaining: Option<Amount>,
    },
    /// The program or the machine had stopped, and the platform's word comes first.
    Resuming {
        /// Whether the customer may go on with it, by the code on the screen or by the one that was
        /// scanned: its sale is the one that is asked for.
        own: bool,
        /// Whether it could ever be paid.
        payable: bool,
    },
}

impl Reason {
    /// Why an open request is waited for instead of its code being shown.
    pub(super) fn of(request: &PaymentRequest, turn: &Turn<'_>) -> Option<Self> {
        let asked = turn.order()?.amount;
        let awaiting = |status| {
            let mut conditions = request.conditions.iter();

            conditions.find(|condition| condition.status == status)
        };
        // One at a time, and first what the cashier can do something about.
        let awaited = awaiting(ConditionStatus::AwaitingMerchant)
            .or_else(|| awaiting(ConditionStatus::AwaitingPatron));

        match awaited {
            Some(condition) => Some(Self::Condition(Question::new(condition.clone()))),
            None if !request.has_money(asked) => None,
            None => Some(Self::PartPayment {
                by: request.paid_by.clone(),
                remaining: request
                    .received(asked)
                    .and_then(|received| asked.checked_sub(received)),
            }),
        }
    }
}

impl Reason {
    fn announce(&self, turn: &mut Turn<'_>) {
        match self {
            Self::Barcode => turn.announce_waiting(WaitingFor::Barcode, None),
            Self::Settling => turn.announce_waiting(WaitingFor::Settling, None),
            Self::Condition(question) => {
                let message = question.condition().message.to_string();

                turn.announce_waiting(WaitingFor::Condition, Some(message));
            }
            Self::PartPayment { by, remaining } => turn.announce_part_payment(by, *remaining),
            Self::Resuming { .. } => turn.announce_waiting(WaitingFor::Resuming, None),
        }
    }
}

impl Waiting {
    pub(super) fn begin(polling: Polling, reason: Reason, turn: &mut Turn<'_>) -> State {
        Self::with(None, polling, reason, turn)
    }

    /// The same where a code gives way to it.
    pub(super) fn instead_of(
        code: Arc<Code>,
        polling: Polling,
        reason: Reason,
        turn: &mut Turn<'_>,
    ) -> State {
        Self::with(Some(code), polling, reason, turn)
    }

    fn with(
        code: Option<Arc<Code>>,
        polling: Polling,
        reason: Reason,
        turn: &mut Turn<'_>,
    ) -> State {
        let progress = match &reason {
            Reason::Barcode => None,
            Reason::Settling => Some(Progress::Overdue),
            Reason::Condition(_) => Some(Progress::Condition),
            Reason::PartPayment { by, .. } => Some(Progress::PartPayment(by.clone())),
            Reason::Resuming { .. } => Some(Progress::Resumed),
        };
        if let Some(progress) = progress {
            turn.note(progress);
        }
        reason.announce(turn);

        State::Waiting(Self {
            polling,
            reason,
            code,
        })
    }

    pub(super) fn settle(polling: Polling, turn: &mut Turn<'_>) -> State {
        turn.wake(Timer::Settled, Delay::For(SETTLING));
        polling.ask_within(SETTLING, turn);

        Self::begin(polling, Reason::Settling, turn)
    }

    /// The customer's code was sent along, and the phone asks to confirm.
    pub(super) fn for_the_patron(request: Accepted, turn: &mut Turn<'_>) -> State {
        turn.wake(Timer::Deadline, Delay::Until(request.deadline));
        let waiting = Self::begin(Polling::begin(request, turn), Reason::Barcode, turn);
        turn.begin_watch();

        waiting
    }

    /// The program or the machine had stopped: whatever was on its way before is too old.
    pub(super) fn resume(
        request: Accepted,
        own: bool,
        payable: bool,
        turn: &mut Turn<'_>,
    ) -> State {
        turn.begin_round();
        turn.wake(Timer::Settled, Delay::For(SETTLING));
        let polling = Polling::begin_at_once(request, turn);

        Self::begin(polling, Reason::Resuming { own, payable }, turn)
    }

    /// What is waited for.
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    /// The payment condition that is waited for, where one is.
    pub fn question(&self) -> Option<&Question> {
        match &self.reason {
            Reason::Condition(question) => Some(question),
            _ => None,
        }
    }

    /// The request that is waited for.
    pub fn request(&self) -> &Accepted {
        self.polling.request()
    }

    /// Whether the platform answers.
    pub fn link(&self) -> Link {
        self.polling.link()
    }

    pub(super) fn into_request(self) -> Accepted {
        self.polling.into_request()
    }

    pub(super) fn cancel(self, turn: &mut Turn<'_>) -> State {
        let payable = self.was_payable();
        turn.adopt();

        Voiding::begin(self.into_request(), Cause::Cashier, payable, turn)
    }

    fn was_payable(&self) -> bool {
        !matches!(self.reason, Reason::Resuming { payable: false, .. })
    }

    pub(super) fn asked(self, command: &Command, turn: &mut Turn<'_>) -> State {
        match command {
            Command::Cancel | Command::Close => self.cancel(turn),
            Command::Accept => self.decide(Decision::Accept, turn),
            Command::Decline => self.decide(Decision::Decline, turn),
            _ => State::Waiting(self),
        }
    }

    /// The cashier answers the payment condition.
    fn decide(mut self, decision: Decision, turn: &mut Turn<'_>) -> State {
        let request = self.polling.request();
        if let Reason::Condition(question) = &mut self.reason
            && let Some(answer) = question.decide(&request.id, decision)
        {
            let message = question.condition().message.clone();
            turn.note(Progress::Answered(decision, message));
            turn.run(answer);
        }

        State::Waiting(self)
    }

    pub(super) fn happened(mut self, fact: Fact, turn: &mut Turn<'_>) -> State {
        let last_wait = matches!(self.reason, Reason::Settling | Reason::Resuming { .. });
        match fact {
            Fact::Woke {
                timer: Timer::Deadline,
                ..
            } if !last_wait => Self::settle(self.polling, turn),
            // Still no verdict: cancel it, so that it cannot be paid behind everybody's back.
            Fact::Woke {
                timer: Timer::Settled,
                ..
            } if last_wait => {
                let payable = self.was_payable();

                Voiding::begin(self.into_request(), Cause::Unclear, payable, turn)
            }
            // What the phone has done meanwhile is not known, nor is the time that is left.
            Fact::Woke { slept: true, .. } if self.reason == Reason::Barcode => {
                Self::resume(self.into_request(), true, true, turn)
            }
            Fact::Answered { condition, answer } => {
                if let Reason::Condition(question) = &mut self.reason
                    && question.condition().id == condition
                {
                    question.answered(&answer);
                }

                State::Waiting(self)
            }
            fact => match self.polling.happened(fact, turn) {
                Seen::Still(polling, None) => State::Waiting(Self { polling, ..self }),
                Seen::Still(polling, Some(answer)) => {
                    Self { polling, ..self }.answered(answer, turn)
                }
                Seen::Left(state) => state,
            },
        }
    }

    /// The request is still open.
    fn answered(self, answer: Answer, turn: &mut Turn<'_>) -> State {
        let reason = Reason::of(&answer.request, turn);
        match (&self.reason, reason) {
            (&Reason::Resuming { own, payable }, reason) => {
                self.resumed(answer, reason.filter(|_| own), (own, payable), turn)
            }
            // After the deadline only the verdict matters.
            (Reason::Settling, _) => State::Waiting(self),
            (Reason::Condition(question), Some(Reason::Condition(new)))
                if question.condition() == new.condition() =>
            {
                let reason = Reason::Condition(question.clone().still_open());

                State::Waiting(Self { reason, ..self })
            }
            (Reason::Condition(_), None) => self.condition_is_met(&answer, turn),
            (_, None) => State::Waiting(self),
            (old, Some(new)) if *old == new => State::Waiting(self),
            (_, Some(new)) => Self::with(self.code, self.polling, new, turn),
        }
    }

    /// Nothing is in the way of the payment any more.
    fn condition_is_met(self, answer: &Answer, turn: &mut Turn<'_>) -> State {
        if let Some(code) = self.code {
            return Presenting::again(self.polling, code);
        }
        if turn.is_patron_presented() {
            return Self::begin(self.polling, Reason::Barcode, turn);
        }
        let left = self.left(answer);

        Self::shown_again(answer, left, true, turn).unwrap_or(State::Waiting(self))
    }

    /// How long the request can still be paid.
    fn left(&self, answer: &Answer) -> Duration {
        let by_our_clock = self.request().deadline.since(answer.at);

        answer.request.time_left.unwrap_or(by_our_clock)
    }

    /// The same code once more, or the same wait for the customer's phone, where there is enough time for
    /// it.
    fn shown_again(
        answer: &Answer,
        left: Duration,
        payable: bool,
        turn: &mut Turn<'_>,
    ) -> Option<State> {
        let fitting = turn.fit(&answer.request, answer.at)?;
        if left < Creating::TOO_SHORT {
            return None;
        }
        let request = Accepted {
            deadline: answer.at.plus(left),
            ..fitting
        };

        if turn.is_patron_presented() {
            turn.begin_round();
            turn.adopt();
            turn.announce_created(&request);

            return Some(Self::for_the_patron(request, turn));
        }

        Some(Creating::again(request, payable, turn))
    }

    /// It is still open: the same code again where that can lead to a payment, else an end to it.
    fn resumed(
        self,
        answer: Answer,
        reason: Option<Reason>,
        (own, payable): (bool, bool),
        turn: &mut Turn<'_>,
    ) -> State {
        let left = self.left(&answer);
        if let Some(reason) = reason {
            turn.adopt();
            turn.wake(Timer::Deadline, Delay::For(left));

            return Self::begin(self.polling, reason, turn);
        }
        if own && let Some(state) = Self::shown_again(&answer, left, payable, turn) {
            return state;
        }

        Voiding::begin(self.into_request(), Cause::Unclear, payable, turn)
    }
}
