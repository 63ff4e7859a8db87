use std::sync::Arc;
use std::time::Duration;

use crate::domain::payment::Decision;
use crate::qr::Code;
use crate::sale::answers::polling::{OpenAnswer, PollResult, Polling};
use crate::sale::answers::polls::FIRST_PAUSE;
use crate::sale::{
    Accepted, Cause, Command, Creating, Delay, Fact, Link, Presenting, Progress, Question, Reason,
    State, Timer, Transition, Wakeup,
};

/// The platform's time to settle after the deadline. Certification 103.1 asks for 5 to 10 s.
const SETTLING: Duration = Duration::from_secs(10);

/// No code is on the screen. Polls go on until the platform's verdict.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Waiting {
    polling: Polling,
    reason: Reason,
    /// The code that was shown before, if it may be shown again.
    code: Option<Arc<Code>>,
}

impl Waiting {
    pub(crate) fn begin(
        polling: Polling,
        reason: Reason,
        transition: &mut Transition<'_>,
    ) -> State {
        Self::with(None, polling, reason, transition)
    }

    fn with(
        code: Option<Arc<Code>>,
        polling: Polling,
        reason: Reason,
        transition: &mut Transition<'_>,
    ) -> State {
        let progress = match &reason {
            Reason::Barcode => None,
            Reason::Settling => Some(Progress::Overdue),
            Reason::Condition(_) => Some(Progress::Condition),
            Reason::PartPayment { by, .. } => Some(Progress::PartPayment(by.clone())),
            Reason::Resuming { .. } => Some(Progress::Resumed),
        };
        if let Some(progress) = progress {
            transition.record_progress(progress);
        }
        reason.announce(transition);

        State::Waiting(Self {
            polling,
            reason,
            code,
        })
    }

    /// Returns the reason.
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    /// Returns the payment condition that the sale waits for, if any.
    pub fn question(&self) -> Option<&Question> {
        match &self.reason {
            Reason::Condition(question) => Some(question),
            _ => None,
        }
    }

    /// Returns the request.
    pub fn request(&self) -> &Accepted {
        self.polling.request()
    }

    /// Whether the platform answers.
    pub fn link(&self) -> Link {
        self.polling.link()
    }

    pub(crate) fn into_request(self) -> Accepted {
        self.polling.into_request()
    }

    pub(crate) fn cancel(self, transition: &mut Transition<'_>) -> State {
        let payable = self.was_payable();
        transition.adopt();

        transition.begin_void(self.into_request(), Cause::Cashier, payable)
    }

    fn was_payable(&self) -> bool {
        !matches!(self.reason, Reason::Resuming { payable: false, .. })
    }

    pub(crate) fn asked(self, command: &Command, transition: &mut Transition<'_>) -> State {
        match command {
            Command::Cancel | Command::Close => self.cancel(transition),
            Command::Accept => self.decide(Decision::Accept, transition),
            Command::Decline => self.decide(Decision::Decline, transition),
            _ => State::Waiting(self),
        }
    }

    /// The cashier answers the payment condition.
    fn decide(mut self, decision: Decision, transition: &mut Transition<'_>) -> State {
        let request = self.polling.request();
        if let Reason::Condition(question) = &mut self.reason
            && let Some(answer) = question.decide(&request.id, decision)
        {
            let message = question.condition().message.clone();
            transition.record_progress(Progress::Answered(decision, message));
            transition.run(answer);
        }

        State::Waiting(self)
    }

    pub(crate) fn happened(mut self, fact: Fact, transition: &mut Transition<'_>) -> State {
        let last_wait = matches!(self.reason, Reason::Settling | Reason::Resuming { .. });
        match fact {
            Fact::Woke(Timer::Deadline, _) if !last_wait => transition.settle(self.polling),
            // The platform gave no verdict in time: void the request, so that no one can pay it unseen.
            Fact::Woke(Timer::Settled, _) if last_wait => {
                let payable = self.was_payable();

                transition.begin_void(self.into_request(), Cause::Unclear, payable)
            }
            // While the machine slept, the patron may have paid, and the clock does not tell how much time is
            // left.
            Fact::Woke(_, Wakeup { slept: true, .. }) if self.reason == Reason::Barcode => {
                transition.resume_waiting(self.into_request(), true, true)
            }
            Fact::Answered { condition, answer } => {
                if let Reason::Condition(question) = &mut self.reason
                    && question.condition().id == condition
                {
                    question.answered(&answer);
                }

                State::Waiting(self)
            }
            fact => match self.polling.happened(fact, transition) {
                PollResult::Still(polling, None) => State::Waiting(Self { polling, ..self }),
                PollResult::Still(polling, Some(answer)) => {
                    Self { polling, ..self }.answered(answer, transition)
                }
                PollResult::Left(state) => state,
            },
        }
    }

    /// Handles an answer that shows the request as still open.
    fn answered(self, answer: OpenAnswer, transition: &mut Transition<'_>) -> State {
        let reason = Reason::of(&answer.request, transition);
        match (&self.reason, reason) {
            (&Reason::Resuming { own, payable }, reason) => {
                self.resumed(answer, reason.filter(|_| own), (own, payable), transition)
            }
            // After the deadline, only a verdict can change anything.
            (Reason::Settling, _) => State::Waiting(self),
            (Reason::Condition(question), Some(Reason::Condition(new)))
                if question.condition() == new.condition() =>
            {
                let reason = Reason::Condition(question.clone().still_open());

                State::Waiting(Self { reason, ..self })
            }
            (Reason::Condition(_), None) => self.condition_is_met(&answer, transition),
            (_, None) => State::Waiting(self),
            (old, Some(new)) if *old == new => State::Waiting(self),
            (_, Some(new)) => Self::with(self.code, self.polling, new, transition),
        }
    }

    /// Goes on after the condition is met.
    fn condition_is_met(self, answer: &OpenAnswer, transition: &mut Transition<'_>) -> State {
        if let Some(code) = self.code {
            return Presenting::again(self.polling, code);
        }
        if transition.is_patron_presented() {
            return Self::begin(self.polling, Reason::Barcode, transition);
        }
        let left = self.left(answer);

        Self::shown_again(answer, left, true, transition).unwrap_or(State::Waiting(self))
    }

    /// Returns how long the request can still be paid.
    fn left(&self, answer: &OpenAnswer) -> Duration {
        let by_our_clock = self.request().deadline.since(answer.at);

        answer.request.time_left.unwrap_or(by_our_clock)
    }

    /// Shows the same code again, or waits again for the patron's phone. `None` if too little time is left.
    fn shown_again(
        answer: &OpenAnswer,
        left: Duration,
        payable: bool,
        transition: &mut Transition<'_>,
    ) -> Option<State> {
        let fitting = transition.fit(&answer.request, answer.at)?;
        if left < Creating::TOO_SHORT {
            return None;
        }
        let request = Accepted {
            deadline: answer.at.plus(left),
            ..fitting
        };

        if transition.is_patron_presented() {
            transition.begin_round();
            transition.adopt();
            transition.announce_created(&request);

            return Some(transition.wait_for_patron(request));
        }

        Some(transition.show_again(request, payable))
    }

    /// Handles a request that is still open: shows the code again if that can lead to a payment, or else voids it.
    fn resumed(
        self,
        answer: OpenAnswer,
        reason: Option<Reason>,
        (own, payable): (bool, bool),
        transition: &mut Transition<'_>,
    ) -> State {
        let left = self.left(&answer);
        if let Some(reason) = reason {
            transition.adopt();
            transition.wake(Timer::Deadline, Delay::For(left));

            return Self::begin(self.polling, reason, transition);
        }
        if own && let Some(state) = Self::shown_again(&answer, left, payable, transition) {
            return state;
        }

        transition.begin_void(self.into_request(), Cause::Unclear, payable)
    }
}

impl Transition<'_> {
    pub(crate) fn settle(&mut self, polling: Polling) -> State {
        self.wake(Timer::Settled, Delay::For(SETTLING));
        polling.ask_within(SETTLING, self);

        Waiting::begin(polling, Reason::Settling, self)
    }

    /// Waits for the patron to confirm on the phone.
    pub(crate) fn wait_for_patron(&mut self, request: Accepted) -> State {
        self.wake(Timer::Deadline, Delay::Until(request.deadline));
        let polling = Polling::begin(request, FIRST_PAUSE, self);
        let waiting = Waiting::begin(polling, Reason::Barcode, self);
        self.begin_watch();

        waiting
    }

    /// Takes the code off the screen and waits.
    pub(crate) fn wait_instead_of_code(
        &mut self,
        code: Arc<Code>,
        polling: Polling,
        reason: Reason,
    ) -> State {
        Waiting::with(Some(code), polling, reason, self)
    }

    /// Waits for the platform's answer after the program or the machine had stopped. Earlier answers are too old.
    pub(crate) fn resume_waiting(&mut self, request: Accepted, own: bool, payable: bool) -> State {
        self.begin_round();
        self.wake(Timer::Settled, Delay::For(SETTLING));
        let polling = Polling::begin(request, Duration::ZERO, self);

        Waiting::begin(polling, Reason::Resuming { own, payable }, self)
    }
}
