use crate::money::Amount;
use crate::payment::{Activity, Failure, PaymentRequest, Status, Text};
use crate::sale::creating::Creating;
use crate::sale::evidence::{GivenBack, given_back, tells_of_a_refund};
use crate::sale::polling::Verdict;
use crate::sale::{
    Accepted, Ask, Cause, Command, Delay, Ended, Ending, Evidence, Fact, Job, Mark, Progress,
    Record, Rejection, State, Timer, Tries, Turn, Void, WaitingFor, Weakness,
};

/// A request is being cancelled at the platform. Its answer is no verdict: the request is read
/// again, and if it turns out paid, the refund is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Voiding {
    request: Accepted,
    cause: Cause,
    /// Whether it could ever be paid: its code was shown, or it was created with the customer's. If not,
    /// nobody can have paid it at the counter.
    payable: bool,
    step: Step,
    tries: Tries,
    evidence: Evidence,
    /// Whether a request that turns out to be open is voided: no void was sent so far.
    void_if_open: bool,
    /// The unknown ending that stands on the screen meanwhile. If nothing new comes up, it is not told again.
    stood: Option<Box<Ended>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Step {
    /// W4 is being written.
    Recording,
    /// The void is on its way.
    Asking,
    /// The next try of the void waits.
    Pausing,
    /// The request is being read.
    Reading,
    /// The next try of the read waits.
    ReadingLater,
    /// Money came in; the request's activities are being looked through for the refund.
    Listing(Box<PaymentRequest>),
    /// The next try of the list waits.
    ListingLater(Box<PaymentRequest>),
}

impl Voiding {
    pub(super) fn begin(
        request: Accepted,
        cause: Cause,
        payable: bool,
        turn: &mut Turn<'_>,
    ) -> State {
        turn.announce_waiting(WaitingFor::Voiding, None);

        Self::begin_with(request, cause, payable, Evidence::default(), turn)
    }

    /// The same, on top of what earlier voids of this request have shown.
    pub(super) fn again(request: Accepted, evidence: Evidence, turn: &mut Turn<'_>) -> State {
        turn.begin_round();
        turn.announce_waiting(WaitingFor::Voiding, None);

        Self::begin_with(request, Cause::Cashier, true, evidence, turn)
    }

    /// Only asks again how it stands, without another void.
    pub(super) fn check(request: Accepted, evidence: Evidence, turn: &mut Turn<'_>) -> State {
        Self::look(request, evidence, (true, false), turn)
    }

    /// A request that an earlier launch may have voided: how it stands, and a void if it is open.
    pub(super) fn resume(request: Accepted, payable: bool, turn: &mut Turn<'_>) -> State {
        Self::look(request, turn.void().into(), (payable, true), turn)
    }

    fn look(
        request: Accepted,
        evidence: Evidence,
        (payable, void_if_open): (bool, bool),
        turn: &mut Turn<'_>,
    ) -> State {
        turn.begin_round();
        turn.announce_waiting(WaitingFor::Settling, None);
        let mut voiding = Self {
            payable,
            void_if_open,
            ..Self::reading(request, evidence)
        };
        voiding.read(turn);

        State::Voiding(voiding)
    }

    /// What a final status means on top of what voids have shown.
    pub(super) fn decide(
        request: Accepted,
        evidence: Evidence,
        answer: PaymentRequest,
        turn: &mut Turn<'_>,
    ) -> State {
        turn.begin_round();

        Self::reading(request, evidence).read_again(Ok(answer), turn)
    }

    /// The same for a request whose unknown ending stands on the screen.
    pub(super) fn decide_again(
        request: Accepted,
        stood: Ended,
        answer: PaymentRequest,
        turn: &mut Turn<'_>,
    ) -> State {
        turn.begin_round();
        let evidence = match stood.ending() {
            Ending::Unknown { evidence } => *evidence,
            _ => Evidence::default(),
        };
        let again = Self {
            stood: Some(Box::new(stood)),
            ..Self::reading(request, evidence)
        };

        again.read_again(Ok(answer), turn)
    }

    fn reading(request: Accepted, evidence: Evidence) -> Self {
        Self {
            request,
            cause: Cause::Unclear,
            payable: true,
            step: Step::Reading,
            tries: Tries::default(),
            evidence,
            void_if_open: false,
            stood: None,
        }
    }

    fn begin_with(
        request: Accepted,
        cause: Cause,
        payable: bool,
        evidence: Evidence,
        turn: &mut Turn<'_>,
    ) -> State {
        let mut voiding = Self {
            cause,
            payable,
            ..Self::reading(request, evidence)
        };
        voiding.record(turn);

        State::Voiding(voiding)
    }

    /// W4. From here on `paid` alone does not mean paid.
    fn record(&mut self, turn: &mut Turn<'_>) {
        turn.record(Record::Voiding {
            id: self.request.id.clone(),
        });
        turn.set_void(Void::Unanswered);
        self.step = Step::Recording;
        self.tries = Tries::default();
        self.void_if_open = false;
    }

    /// Why it is cancelled, for the screen.
    pub fn cause(&self) -> &Cause {
        &self.cause
    }

    /// The request.
    pub fn request(&self) -> &Accepted {
        &self.request
    }

    /// Whoever cancels now wants no further attempt either.
    pub(super) fn asked(mut self, command: &Command, turn: &mut Turn<'_>) -> State {
        let cancels = matches!(command, Command::Cancel | Command::Close | Command::Leave);
        if cancels {
            turn.adopt();
        }
        if cancels && matches!(self.cause, Cause::TooShort { .. }) {
            self.cause = Cause::Cashier;
        }

        State::Voiding(self)
    }

    pub(super) fn happened(mut self, fact: Fact, turn: &mut Turn<'_>) -> State {
        match (&self.step, fact) {
            // A void that cannot be journaled is sent all the same: cancelling is the safe side. The disk
            // may have room the next moment.
            (Step::Recording, Fact::NotRecorded(Mark::Voiding, _)) => {
                turn.record(Record::Voiding {
                    id: self.request.id.clone(),
                });
                self.send(turn);
            }
            // The id is another attempt's: this request is not ours to take back.
            (Step::Recording, Fact::Duplicate(Mark::Voiding)) => {
                let cancelled = self.cause == Cause::Cashier;

                return Creating::answered_about_another(
                    &self.request,
                    (self.payable, cancelled),
                    turn,
                );
            }
            (Step::Recording, Fact::Recorded(Mark::Voiding))
            | (
                Step::Pausing,
                Fact::Woke {
                    timer: Timer::Revoid,
                    ..
                },
            ) => self.send(turn),
            (Step::Asking, Fact::Voided(Err(_)))
                if turn.is_weakened_by(Weakness::LostVoidAsCancelled) =>
            {
                return self.closed(Ending::Cancelled { reason: None }, turn);
            }
            (Step::Asking, Fact::Voided(answer)) => self.voided(answer, turn),
            (
                Step::ReadingLater,
                Fact::Woke {
                    timer: Timer::Revoid,
                    ..
                },
            ) => self.read(turn),
            (
                Step::Reading,
                Fact::Read {
                    ask: Ask::Verdict,
                    answer,
                    ..
                },
            ) => {
                return self.read_again(answer, turn);
            }
            (
                Step::ListingLater(paid),
                Fact::Woke {
                    timer: Timer::Revoid,
                    ..
                },
            ) => {
                turn.run(Job::ListActivities(self.request.id.clone()));
                self.step = Step::Listing(paid.clone());
            }
            (Step::Listing(paid), Fact::Activities(answer)) => {
                let paid = paid.clone();

                return self.listed(paid, answer, turn);
            }
            _ => {}
        }

        State::Voiding(self)
    }

    fn send(&mut self, turn: &mut Turn<'_>) {
        turn.run(Job::Void(self.request.id.clone()));
        self.step = Step::Asking;
    }

    fn voided(&mut self, answer: Result<Activity, Failure>, turn: &mut Turn<'_>) {
        // An answer about another request says nothing about this one: the void may have been carried out.
        let answer = answer.and_then(|activity| {
            let is_ours = activity.is_about(&self.request.id)
                || turn.is_weakened_by(Weakness::AnyRefundCounts);

            match is_ours {
                true => Ok(activity),
                false => Err(Failure::Ambiguous(Text::clean(
                    "it is about another request",
                ))),
            }
        });
        self.evidence.take_in(&answer);
        if tells_of_a_refund(&answer) {
            turn.see_money();
        }
        match answer {
            Ok(activity) => self.void_answered(activity.kind.name().to_owned(), turn),
            Err(failure) if failure.refusal().is_none() && self.tries.again(Some(&failure)) => {
                self.step = Step::Pausing;
                turn.wake(Timer::Revoid, Delay::after(&failure));
            }
            Err(failure) => {
                let answer = match failure.refusal() {
                    Some(refusal) => refusal.code.to_string(),
                    None => failure.to_string(),
                };
                self.void_answered(answer, turn);
            }
        }
    }

    /// Only what leaves no refund to be looked for counts as an answer in the journal, also that it never
    /// got there: a later launch that finds none in the list then knows that the payment stands.
    fn void_answered(&mut self, answer: String, turn: &mut Turn<'_>) {
        if self.evidence.is_clear() {
            turn.set_void(Void::Answered);
            turn.note(Progress::Voided(answer));
        }
        self.read_first(turn);
    }

    fn read_first(&mut self, turn: &mut Turn<'_>) {
        self.tries = Tries::default();
        self.read(turn);
    }

    fn read(&mut self, turn: &mut Turn<'_>) {
        self.step = Step::Reading;
        turn.run(Job::Read {
            id: self.request.id.clone(),
            ask: Ask::Verdict,
        });
    }

    fn read_again(mut self, answer: Result<PaymentRequest, Failure>, turn: &mut Turn<'_>) -> State {
        let request = match answer {
            Ok(request) if request.id == self.request.id => request,
            Ok(_) => return self.read_later(None, turn),
            Err(failure) => return self.read_later(Some(&failure), turn),
        };
        match (&request.status, turn.verdict(&request)) {
            (Status::Paid, Verdict::Ended(ending))
                if turn.is_weakened_by(Weakness::PaidBelievedAfterVoid) =>
            {
                turn.end(ending, Some(self.request))
            }
            // It was paid, or money came in before it was over. It goes back, or a person has to see to that.
            (Status::Paid, _) | (_, Verdict::OverWithMoney) => {
                match self.has_refunded(&request, turn) {
                    true => turn.end(Ending::RefundStarted, Some(self.request)),
                    false => self.list(request, turn),
                }
            }
            (_, Verdict::Ended(ending)) => self.closed(ending, turn),
            (_, Verdict::Open) if self.void_if_open => {
                self.record(turn);

                State::Voiding(self)
            }
            (_, Verdict::Open) => self.read_later(None, turn),
        }
    }

    /// Whether a void of it was answered with a refund of all that came in.
    fn has_refunded(&self, request: &PaymentRequest, turn: &Turn<'_>) -> bool {
        self.evidence.refund.is_some_and(|refund| {
            captured(request, turn).is_some_and(|received| refund.is_all_of(received))
                || turn.is_weakened_by(Weakness::AnyRefundCounts)
        })
    }

    /// Money came in: whether it went back stands in the list of what happened.
    fn list(mut self, request: PaymentRequest, turn: &mut Turn<'_>) -> State {
        turn.see_money();
        turn.run(Job::ListActivities(self.request.id.clone()));
        self.tries = Tries::default();
        self.step = Step::Listing(Box::new(request));

        State::Voiding(self)
    }

    fn read_later(mut self, failure: Option<&Failure>, turn: &mut Turn<'_>) -> State {
        if !self.tries.again(failure) {
            return self.give_up(turn);
        }
        self.step = Step::ReadingLater;
        turn.wake(
            Timer::Revoid,
            failure.map_or(Delay::For(Delay::RETRY), Delay::after),
        );

        State::Voiding(self)
    }

    /// The request is paid although it was voided, or a part came in and it is over: the refund decides
    /// what that means.
    fn listed(
        mut self,
        request: Box<PaymentRequest>,
        answer: Result<Vec<Activity>, Failure>,
        turn: &mut Turn<'_>,
    ) -> State {
        match answer {
            Ok(activities) => {
                match given_back(&activities, &self.request.id, captured(&request, turn)) {
                    GivenBack::All => turn.end(Ending::RefundStarted, Some(self.request)),
                    GivenBack::Unclear if turn.is_weakened_by(Weakness::AnyRefundCounts) => {
                        turn.end(Ending::RefundStarted, Some(self.request))
                    }
                    // Kept only if the platform has refused to take it back, and the payment is the one
                    // that was asked for.
                    GivenBack::Nothing
                        if request.status == Status::Paid
                            && self.evidence.lets_a_payment_stand()
                            && turn.fits(&request) =>
                    {
                        let ending = turn.paid(&request, true);

                        turn.end(ending, Some(self.request))
                    }
                    GivenBack::Nothing | GivenBack::Unclear => self.unknown(turn),
                }
            }
            Err(failure) if self.tries.again(Some(&failure)) => {
                self.step = Step::ListingLater(request);
                turn.wake(Timer::Revoid, Delay::after(&failure));

                State::Voiding(self)
            }
            Err(_) => self.unknown(turn),
        }
    }

    /// The platform calls the request expired or cancelled: nobody was charged.
    fn closed(self, ending: Ending, turn: &mut Turn<'_>) -> State {
        match self.cause {
            Cause::Rejected(rejection) => turn.end(Ending::Rejected(rejection), Some(self.request)),
            Cause::TooShort { tries } => match Creating::after_too_short(tries) {
                Some(creating) => turn.new_attempt(creating),
                None => turn.end(Ending::Rejected(Rejection::NoTime), Some(self.request)),
            },
            Cause::Cashier | Cause::Unclear => turn.end(ending, Some(self.request)),
        }
    }

    /// The platform does not say how it ended. What could be paid is unknown; the rest
    /// cannot have been paid at the counter.
    pub(super) fn give_up(mut self, turn: &mut Turn<'_>) -> State {
        if self.step == Step::Asking {
            self.evidence.unclear = true;
        }
        if self.payable {
            return self.unknown(turn);
        }

        self.closed(Ending::Cancelled { reason: None }, turn)
    }

    fn unknown(self, turn: &mut Turn<'_>) -> State {
        let ending = Ending::Unknown {
            evidence: self.evidence,
        };

        match self.stood {
            Some(stood) if *stood.ending() == ending && !turn.sale.leaving => {
                stood.stay(turn);

                State::Ended(*stood)
            }
            _ => turn.end(ending, Some(self.request)),
        }
    }
}

/// The money that a request has received. It is measured against the request's own amount, which may differ from the
/// amount of the sale.
fn captured(request: &PaymentRequest, turn: &Turn<'_>) -> Option<Amount> {
    let asked = request.value.or(Some(turn.order()?.amount))?;

    Some(request.received(asked).unwrap_or(asked))
}
