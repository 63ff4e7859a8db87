use crate::domain::money::Amount;
use crate::domain::payment::{Activity, Failure, PaymentRequest, Status, Text};
use crate::sale::answers::evidence::{GivenBack, given_back, reports_refund};
use crate::sale::answers::verdict::Verdict;
use crate::sale::{
    Accepted, Ask, Cause, Command, Creating, Delay, Ended, Ending, Evidence, Fact, Job, Mark,
    Progress, Record, Rejection, State, Timer, Transition, Void, WaitingFor,
};

/// A request is being voided. The answer to the void is no verdict, so the request is read again. If the request
/// is paid, its activities show whether the money was refunded.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Voiding {
    request: Accepted,
    cause: Cause,
    /// Whether anyone could have paid the request: its code was shown, or it was created with the patron's code.
    payable: bool,
    step: VoidStep,
    tries: Tries,
    evidence: Evidence,
    /// Whether to void the request if a read shows it as open. Set if this launch has sent no void yet.
    void_if_open: bool,
    /// The unknown ending that was on the screen. If the outcome stays unknown, the till is not told again.
    shown_before: Option<Box<Ended>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum VoidStep {
    /// W4 is being written.
    Recording,
    /// The void was sent, and its answer is awaited.
    Asking,
    /// The next void waits.
    Pausing,
    /// The request is being read.
    Reading,
    /// The next read waits.
    ReadingLater,
    /// Money came in. The request's activities are being read to find a refund.
    Listing(Box<PaymentRequest>),
    /// The next read of the activities waits.
    ListingLater(Box<PaymentRequest>),
}

impl Voiding {
    fn look(
        request: Accepted,
        evidence: Evidence,
        (payable, void_if_open): (bool, bool),
        transition: &mut Transition<'_>,
    ) -> State {
        transition.begin_round();
        transition.announce_waiting(WaitingFor::Settling, None);
        let mut voiding = Self {
            payable,
            void_if_open,
            ..Self::reading(request, evidence)
        };
        voiding.read(transition);

        State::Voiding(voiding)
    }

    fn reading(request: Accepted, evidence: Evidence) -> Self {
        Self {
            request,
            cause: Cause::Unclear,
            payable: true,
            step: VoidStep::Reading,
            tries: Tries::default(),
            evidence,
            void_if_open: false,
            shown_before: None,
        }
    }

    /// Records W4. From now on `paid` alone does not mean paid.
    fn record(mut self, transition: &mut Transition<'_>) -> State {
        transition.record(Record::Voiding {
            id: self.request.id.clone(),
        });
        transition.set_void(Void::Unanswered);
        self.step = VoidStep::Recording;
        self.tries = Tries::default();
        self.void_if_open = false;

        State::Voiding(self)
    }

    /// Returns the reason for the void, for the screen.
    pub fn cause(&self) -> &Cause {
        &self.cause
    }

    /// Returns the request.
    pub fn request(&self) -> &Accepted {
        &self.request
    }

    /// Handles a command. A cashier who cancels during a void wants no further attempt.
    pub(crate) fn asked(mut self, command: &Command, transition: &mut Transition<'_>) -> State {
        let cancels = matches!(command, Command::Cancel | Command::Close | Command::Leave);
        if cancels {
            transition.adopt();
        }
        if cancels && matches!(self.cause, Cause::TooShort { .. }) {
            self.cause = Cause::Cashier;
        }

        State::Voiding(self)
    }

    pub(crate) fn happened(mut self, fact: Fact, transition: &mut Transition<'_>) -> State {
        match (&self.step, fact) {
            // A void that cannot be journaled is sent too, since cancelling is safe. The disk may have room later.
            (VoidStep::Recording, Fact::NotRecorded(Mark::Voiding, _)) => {
                transition.record(Record::Voiding {
                    id: self.request.id.clone(),
                });
                self.send(transition);
            }
            // The journal has this request under another attempt, so this attempt must not void it.
            (VoidStep::Recording, Fact::Duplicate(Mark::Voiding)) => {
                let cancelled = self.cause == Cause::Cashier;

                return transition.answered_about_another(&self.request, (self.payable, cancelled));
            }
            (VoidStep::Recording, Fact::Recorded(Mark::Voiding))
            | (VoidStep::Pausing, Fact::Woke(Timer::Revoid, _)) => self.send(transition),
            (VoidStep::Asking, Fact::Voided(answer)) => self.voided(answer, transition),
            (VoidStep::ReadingLater, Fact::Woke(Timer::Revoid, _)) => self.read(transition),
            (VoidStep::Reading, Fact::Read(Ask::Verdict, _, answer)) => {
                return self.read_again(answer, transition);
            }
            (VoidStep::ListingLater(paid), Fact::Woke(Timer::Revoid, _)) => {
                transition.run(Job::ListActivities(self.request.id.clone()));
                self.step = VoidStep::Listing(paid.clone());
            }
            (VoidStep::Listing(paid), Fact::Activities(answer)) => {
                let paid = paid.clone();

                return self.listed(paid, answer, transition);
            }
            _ => {}
        }

        State::Voiding(self)
    }

    fn send(&mut self, transition: &mut Transition<'_>) {
        transition.run(Job::Void(self.request.id.clone()));
        self.step = VoidStep::Asking;
    }

    fn voided(&mut self, answer: Result<Activity, Failure>, transition: &mut Transition<'_>) {
        // An answer about another request says nothing about this one: the void may have been carried out.
        let answer = answer.and_then(|activity| match activity.is_about(&self.request.id) {
            true => Ok(activity),
            false => Err(Failure::Ambiguous(Text::clean(
                "it is about another request",
            ))),
        });
        self.evidence.add(&answer);
        if reports_refund(&answer) {
            transition.record_money();
        }
        match answer {
            Ok(activity) => self.void_answered(activity.kind.name().to_owned(), transition),
            Err(failure) if failure.refusal().is_none() && self.tries.again(Some(&failure)) => {
                self.step = VoidStep::Pausing;
                transition.wake(Timer::Revoid, Delay::after(&failure));
            }
            Err(failure) => {
                let answer = match failure.refusal() {
                    Some(refusal) => refusal.code.to_string(),
                    None => failure.to_string(),
                };
                self.void_answered(answer, transition);
            }
        }
    }

    /// Records the answer only if no refund is possible: then a later launch knows that a payment without a listed
    /// refund is valid. A void that never arrived counts as answered.
    fn void_answered(&mut self, answer: String, transition: &mut Transition<'_>) {
        if self.evidence.is_clear() {
            transition.set_void(Void::Answered);
            transition.record_progress(Progress::Voided(answer));
        }
        self.read_first(transition);
    }

    fn read_first(&mut self, transition: &mut Transition<'_>) {
        self.tries = Tries::default();
        self.read(transition);
    }

    fn read(&mut self, transition: &mut Transition<'_>) {
        self.step = VoidStep::Reading;
        transition.run(Job::Read {
            id: self.request.id.clone(),
            ask: Ask::Verdict,
        });
    }

    fn read_again(
        self,
        answer: Result<PaymentRequest, Failure>,
        transition: &mut Transition<'_>,
    ) -> State {
        let request = match answer {
            Ok(request) if request.id == self.request.id => request,
            Ok(_) => return self.read_later(None, transition),
            Err(failure) => return self.read_later(Some(&failure), transition),
        };
        match (&request.status, transition.verdict(&request)) {
            // The request was paid, or money came in before its end. The money goes back, or a person must decide.
            (Status::Paid, _) | (_, Verdict::OverWithMoney) => {
                match self.has_refunded(&request, transition) {
                    true => transition.end(Ending::RefundStarted, Some(self.request)),
                    false => self.list(request, transition),
                }
            }
            (_, Verdict::Ended(ending)) => self.closed(ending, transition),
            (_, Verdict::Open) if self.void_if_open => self.record(transition),
            (_, Verdict::Open) => self.read_later(None, transition),
        }
    }

    /// Whether a void was answered with a refund of all that came in.
    fn has_refunded(&self, request: &PaymentRequest, transition: &Transition<'_>) -> bool {
        self.evidence.refund.is_some_and(|refund| {
            captured(request, transition).is_some_and(|received| refund.is_all_of(received))
        })
    }

    /// Lists the activities, which tell whether the money went back.
    fn list(mut self, request: PaymentRequest, transition: &mut Transition<'_>) -> State {
        transition.record_money();
        transition.run(Job::ListActivities(self.request.id.clone()));
        self.tries = Tries::default();
        self.step = VoidStep::Listing(Box::new(request));

        State::Voiding(self)
    }

    fn read_later(mut self, failure: Option<&Failure>, transition: &mut Transition<'_>) -> State {
        if !self.tries.again(failure) {
            return self.give_up(transition);
        }
        self.step = VoidStep::ReadingLater;
        transition.wake(
            Timer::Revoid,
            failure.map_or(Delay::For(Delay::RETRY), Delay::after),
        );

        State::Voiding(self)
    }

    /// Decides by the listed refunds, for a request that is paid despite a void, or that ended after a part
    /// payment.
    fn listed(
        mut self,
        request: Box<PaymentRequest>,
        answer: Result<Vec<Activity>, Failure>,
        transition: &mut Transition<'_>,
    ) -> State {
        match answer {
            Ok(activities) => {
                match given_back(
                    &activities,
                    &self.request.id,
                    captured(&request, transition),
                ) {
                    GivenBack::All => transition.end(Ending::RefundStarted, Some(self.request)),
                    // The payment is valid only if the platform refused the void and the payment fits the order.
                    GivenBack::Nothing
                        if request.status == Status::Paid
                            && self.evidence.payment_is_kept()
                            && transition.fits(&request) =>
                    {
                        let ending = transition.paid(&request, true);

                        transition.end(ending, Some(self.request))
                    }
                    GivenBack::Nothing | GivenBack::Unclear => self.unknown(transition),
                }
            }
            Err(failure) if self.tries.again(Some(&failure)) => {
                self.step = VoidStep::ListingLater(request);
                transition.wake(Timer::Revoid, Delay::after(&failure));

                State::Voiding(self)
            }
            Err(_) => self.unknown(transition),
        }
    }

    /// Ends the attempt as the platform says: expired or cancelled, without money.
    fn closed(self, ending: Ending, transition: &mut Transition<'_>) -> State {
        match self.cause {
            Cause::Rejected(rejection) => {
                transition.end(Ending::Rejected(rejection), Some(self.request))
            }
            Cause::TooShort { tries } => match Creating::after_too_short(tries) {
                Some(creating) => transition.new_attempt(creating),
                None => transition.end(Ending::Rejected(Rejection::NoTime), Some(self.request)),
            },
            Cause::Cashier | Cause::Unclear => transition.end(ending, Some(self.request)),
        }
    }

    /// Gives up. A request that could be paid ends as unknown. Any other request cannot have been paid.
    pub(crate) fn give_up(mut self, transition: &mut Transition<'_>) -> State {
        if self.step == VoidStep::Asking {
            self.evidence.unclear = true;
        }
        if self.payable {
            return self.unknown(transition);
        }

        self.closed(Ending::Cancelled { reason: None }, transition)
    }

    fn unknown(self, transition: &mut Transition<'_>) -> State {
        let ending = Ending::Unknown {
            evidence: self.evidence,
        };

        match self.shown_before {
            Some(shown_before) if *shown_before.ending() == ending && !transition.sale.leaving => {
                shown_before.stay(transition);

                State::Ended(*shown_before)
            }
            _ => transition.end(ending, Some(self.request)),
        }
    }
}

/// Returns the money that a request has received, out of its own amount. That may differ from the amount of the
/// sale.
fn captured(request: &PaymentRequest, transition: &Transition<'_>) -> Option<Amount> {
    let asked = request.value.or(Some(transition.order()?.amount))?;

    Some(request.received(asked).unwrap_or(asked))
}

/// The number of failed tries. Few are allowed after failures, more if the platform only asks to wait.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Tries {
    failed: u32,
    throttled: u32,
}

impl Tries {
    const FAILED: u32 = 3;
    const THROTTLED: u32 = 10;

    /// Counts a failed try. Returns whether another try is allowed.
    pub(crate) fn again(&mut self, failure: Option<&Failure>) -> bool {
        let (count, most) = match failure {
            Some(Failure::Throttled { .. }) => (&mut self.throttled, Self::THROTTLED),
            _ => (&mut self.failed, Self::FAILED),
        };
        *count += 1;

        *count < most
    }
}

impl Transition<'_> {
    pub(crate) fn begin_void(&mut self, request: Accepted, cause: Cause, payable: bool) -> State {
        self.announce_waiting(WaitingFor::Voiding, None);
        let mut voiding = Voiding::reading(request, Evidence::default());
        voiding.cause = cause;
        voiding.payable = payable;

        voiding.record(self)
    }

    /// Voids the request again. `evidence`: the results of earlier voids.
    pub(crate) fn void_again(&mut self, request: Accepted, evidence: Evidence) -> State {
        self.begin_round();
        self.announce_waiting(WaitingFor::Voiding, None);
        let mut voiding = Voiding::reading(request, evidence);
        voiding.cause = Cause::Cashier;

        voiding.record(self)
    }

    /// Reads the request again without a void.
    pub(crate) fn check_unknown(&mut self, request: Accepted, evidence: Evidence) -> State {
        Voiding::look(request, evidence, (true, false), self)
    }

    /// Reads a request that an earlier launch may have voided, and voids it if it is open.
    pub(crate) fn resume_void(&mut self, request: Accepted, payable: bool) -> State {
        Voiding::look(request, self.void().into(), (payable, true), self)
    }

    /// Decides about a paid or ended request by the results of the voids.
    pub(crate) fn decide_payment(
        &mut self,
        request: Accepted,
        evidence: Evidence,
        answer: PaymentRequest,
    ) -> State {
        self.begin_round();

        Voiding::reading(request, evidence).read_again(Ok(answer), self)
    }

    /// Decides once more about an unknown ending on the screen.
    pub(crate) fn decide_unknown(
        &mut self,
        request: Accepted,
        shown_before: Ended,
        answer: PaymentRequest,
    ) -> State {
        self.begin_round();
        let evidence = match shown_before.ending() {
            Ending::Unknown { evidence } => *evidence,
            _ => Evidence::default(),
        };
        let again = Voiding {
            shown_before: Some(Box::new(shown_before)),
            ..Voiding::reading(request, evidence)
        };

        again.read_again(Ok(answer), self)
    }
}
