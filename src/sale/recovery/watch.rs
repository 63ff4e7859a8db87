use std::collections::VecDeque;

use crate::domain::payment::{Activity, Failure, PaymentRequest, RequestId, Status};
use crate::sale::answers::echo_check::same_terms;
use crate::sale::answers::evidence::{GivenBack, given_back};
use crate::sale::answers::lost_create::is_made_by;
use crate::sale::answers::verdict::{self, Verdict};
use crate::sale::{
    Announcement, Ask, Earlier, Ending, Fact, Generation, Job, Mark, Moment, Progress, Record,
    Standing, Transition, VOID_WINDOW, Void,
};

/// Checks attempts of earlier sales while the sale goes on, one at a time. It voids requests whose code was never
/// shown. It reads requests that ended without money but can still be paid.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct AttemptWatch {
    waiting: VecDeque<Earlier>,
    at_hand: Option<(Generation, Earlier, WatchStep)>,
    /// Late payments that no person has seen yet.
    found: VecDeque<Earlier>,
    /// The references of all late payments that were found.
    late: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum WatchStep {
    LookingUp,
    /// W4 is being written.
    Recording,
    Voiding,
    Reading,
    Listing(Box<PaymentRequest>),
}

impl AttemptWatch {
    pub(crate) fn add(&mut self, earlier: Earlier) {
        let known =
            |other: &Earlier| other.key() == earlier.key() && other.request == earlier.request;
        let at_hand = self
            .at_hand
            .as_ref()
            .is_some_and(|(_, other, _)| known(other));
        if !at_hand && !self.waiting.iter().chain(&self.found).any(known) {
            self.waiting.push_back(earlier);
        }
    }

    /// Drops an attempt that is now the current attempt of the sale.
    pub(crate) fn forget(&mut self, earlier: &Earlier) {
        let key = earlier.key();
        self.waiting.retain(|other| other.key() != key);
        self.at_hand.take_if(|(_, other, _)| other.key() == key);
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.at_hand.is_none() && self.waiting.is_empty()
    }

    pub(crate) fn late_payments(&self) -> &[String] {
        &self.late
    }

    /// Returns the next late payment to show on a screen.
    pub(crate) fn take_found(&mut self) -> Option<Earlier> {
        let found = self.found.pop_front()?;
        let reference = found.reference();
        self.late.retain(|late| *late != reference);

        Some(found)
    }

    /// Begins to check the next attempt, unless a check is in progress.
    pub(crate) fn advance(mut self, transition: &mut Transition<'_>) -> Self {
        while self.at_hand.is_none() {
            let Some(earlier) = self.waiting.pop_front() else {
                break;
            };
            self.take(earlier, transition);
        }

        self
    }

    fn take(&mut self, earlier: Earlier, transition: &mut Transition<'_>) {
        let round = transition.fresh_round();
        let id = earlier.request.as_ref().map(|known| known.id.clone());
        let (job, step) = match (&earlier.standing, id) {
            (Standing::Stray, Some(id)) => (Job::Void(id), WatchStep::Voiding),
            (Standing::Created(_), Some(id)) => {
                let key = earlier.key();
                let record = Record::Voiding { id };

                (Job::Record { key, record }, WatchStep::Recording)
            }
            (Standing::Watched(_), Some(id)) => (read(id), WatchStep::Reading),
            (Standing::Intended | Standing::Watched(_), None) => {
                let account_id = earlier.order.merchant.account_id.clone();
                // Another counter may use the same reference if it has no token.
                let Some(account_id) = account_id.filter(|_| earlier.order.token.is_some()) else {
                    // The attempt cannot be looked up. Its code was never shown, and its request expires without a
                    // void.
                    return forget(&earlier, round, transition);
                };
                let external_ref = earlier.external_ref();

                (
                    Job::LookUp {
                        external_ref,
                        account_id,
                    },
                    WatchStep::LookingUp,
                )
            }
            _ => return,
        };
        transition.run_for(round, job);
        self.at_hand = Some((round, earlier, step));
    }

    /// Handles a fact that is not of the current round.
    pub(crate) fn happened(
        mut self,
        round: Generation,
        fact: Fact,
        transition: &mut Transition<'_>,
    ) -> Self {
        match self.at_hand.take() {
            Some((at_hand, earlier, step)) if at_hand == round => {
                self.handle_fact(round, earlier, step, fact, transition);
            }
            other => {
                self.at_hand = other;

                return self;
            }
        }

        self.advance(transition)
    }

    fn handle_fact(
        &mut self,
        round: Generation,
        earlier: Earlier,
        step: WatchStep,
        fact: Fact,
        transition: &mut Transition<'_>,
    ) {
        match (step, fact) {
            (WatchStep::LookingUp, Fact::Found { at, answer }) => match answer {
                Ok(found) => self.found_requests(round, &earlier, &found, at, transition),
                Err(failure) => self.failed(round, &earlier, failure, transition),
            },
            (WatchStep::Recording, Fact::Recorded(Mark::Voiding)) => {
                if let Some(known) = &earlier.request {
                    transition.run_for(round, Job::Void(known.id.clone()));
                    self.at_hand = Some((round, earlier, WatchStep::Voiding));
                }
            }
            // The journal has the request under another attempt, so this attempt must not void it.
            (WatchStep::Recording, Fact::Duplicate(Mark::Voiding)) => {}
            // Without its record, no void is sent. The code was never shown, and the request expires. If a later
            // launch showed the code, an unrecorded void could refund the payment.
            (WatchStep::Recording, Fact::NotRecorded(Mark::Voiding, _)) => self.waiting.clear(),
            // A stray request needs no read after its void. Other requests do.
            (WatchStep::Voiding, Fact::Voided(_)) if earlier.standing == Standing::Stray => {}
            (WatchStep::Voiding, Fact::Voided(_)) => self.read(round, earlier, transition),
            (WatchStep::Reading, Fact::Read(_, _, Ok(request))) => {
                self.answered(round, earlier, request, transition);
            }
            (WatchStep::Listing(request), Fact::Activities(Ok(activities))) => {
                self.listed(round, earlier, &request, &activities, transition);
            }
            (WatchStep::Reading, Fact::Read(_, _, Err(failure)))
            | (WatchStep::Listing(_), Fact::Activities(Err(failure))) => {
                self.failed(round, &earlier, failure, transition);
            }
            (step, _) => self.at_hand = Some((round, earlier, step)),
        }
    }

    /// Handles a failed call. After a refusal, for example for a request of another platform, the other checks go
    /// on. After any other failure they end, and a later launch tries again.
    fn failed(
        &mut self,
        round: Generation,
        earlier: &Earlier,
        failure: Failure,
        transition: &mut Transition<'_>,
    ) {
        if matches!(failure, Failure::Refused(_)) {
            transition.record_for(round, earlier.key(), Record::Watched { closed: false });
        } else {
            self.waiting.clear();
        }
        transition.count(&Ending::Unreachable(failure));
    }

    /// Voids open requests, whose code was never shown. A request that may be paid may belong to another till, so
    /// it is not refunded without a person's decision.
    fn found_requests(
        &mut self,
        round: Generation,
        earlier: &Earlier,
        found: &[PaymentRequest],
        at: Moment,
        transition: &mut Transition<'_>,
    ) {
        // The program had already started when the journal was read, so `since` is a little too long.
        let since = earlier
            .age
            .map(|age| age.saturating_add(at.since(Moment::default())));
        let made =
            |request: &&PaymentRequest| is_made_by(&earlier.order, earlier.attempt, since, request);
        let (unclear, clear): (Vec<_>, Vec<_>) = found
            .iter()
            .filter(made)
            .partition(|request| request.status.may_be_paid());
        let open: Vec<_> = clear
            .into_iter()
            .filter(|request| request.status == Status::New)
            .map(|request| Earlier {
                // The journal holds only one request of an attempt: the one that a person must decide about.
                standing: match unclear.is_empty() {
                    true => Standing::Created(Void::NotSent),
                    false => Standing::Stray,
                },
                ..Earlier::stray(earlier.order.clone(), earlier.attempt, request)
            })
            .collect();
        if open.is_empty() && unclear.is_empty() {
            forget(earlier, round, transition);
        }
        self.waiting.extend(open);
        for request in unclear {
            let unclear = Earlier::stray(earlier.order.clone(), earlier.attempt, request);
            transition.record_for(round, unclear.key(), Record::found(request));
            record(&unclear, round, Ending::unknown(), true, transition);
            self.late(round, unclear, Ending::unknown(), transition);
        }
    }

    fn read(&mut self, round: Generation, earlier: Earlier, transition: &mut Transition<'_>) {
        if let Some(known) = &earlier.request {
            transition.run_for(round, read(known.id.clone()));
            self.at_hand = Some((round, earlier, WatchStep::Reading));
        }
    }

    fn answered(
        &mut self,
        round: Generation,
        earlier: Earlier,
        request: PaymentRequest,
        transition: &mut Transition<'_>,
    ) {
        let same = earlier
            .request
            .as_ref()
            .is_some_and(|known| known.id == request.id);
        let never_shown = matches!(earlier.standing, Standing::Created(_));
        let verdict = Verdict::of(&earlier.order, &request, earlier.had_money);
        match (&request.status, verdict) {
            _ if !same => {}
            (Status::Paid, Verdict::Ended(ending))
                if earlier.is_paid_by(&request, Void::NotSent) =>
            {
                self.late(round, earlier, ending, transition);
            }
            (Status::Paid, _) | (_, Verdict::OverWithMoney) => {
                if !earlier.had_money {
                    let money = Record::Progress(Progress::Money);
                    transition.record_for(round, earlier.key(), money);
                }
                transition.run_for(round, Job::ListActivities(request.id.clone()));
                self.at_hand = Some((round, earlier, WatchStep::Listing(Box::new(request))));
            }
            (_, Verdict::Ended(ending)) if never_shown => {
                announce(&earlier, &ending, false, transition);
                record(&earlier, round, ending, false, transition);
                transition.record_for(round, earlier.key(), Record::Watched { closed: true });
            }
            (_, verdict) => {
                // This uses the platform's clock, since the clock here may be wrong.
                let over = request.age.is_some_and(|age| age >= VOID_WINDOW);
                let closed = over && verdict != Verdict::Open;
                transition.record_for(round, earlier.key(), Record::Watched { closed });
            }
        }
    }

    /// Decides by the refunds, for a request that was paid although it was voided, never shown, or unlike the
    /// order.
    fn listed(
        &mut self,
        round: Generation,
        earlier: Earlier,
        request: &PaymentRequest,
        activities: &[Activity],
        transition: &mut Transition<'_>,
    ) {
        let asked = request.value.unwrap_or(earlier.order.amount);
        let received = request.received(asked).unwrap_or(asked);
        let ending = match given_back(activities, &request.id, Some(received)) {
            GivenBack::All => Ending::RefundStarted,
            GivenBack::Nothing
                if request.status == Status::Paid
                    && earlier.is_paid_by(request, Void::Answered) =>
            {
                verdict::paid(&earlier.order, request, true)
            }
            GivenBack::Nothing | GivenBack::Unclear => Ending::unknown(),
        };
        self.late(round, earlier, ending, transition);
    }

    fn late(
        &mut self,
        round: Generation,
        earlier: Earlier,
        ending: Ending,
        transition: &mut Transition<'_>,
    ) {
        announce(&earlier, &ending, true, transition);
        if ending.is_money() {
            record(&earlier, round, ending.clone(), true, transition);
        }
        self.late.push(earlier.reference());
        let standing = match ending {
            // The journal entry stays open, so that later launches find it until a person has decided.
            Ending::Unknown { .. } => Standing::Payable(Void::Unanswered),
            ending => Standing::Ended {
                ending,
                late: true,
                acknowledged: false,
            },
        };
        self.found.push_back(Earlier {
            standing,
            ..earlier
        });
    }
}

impl Earlier {
    /// Whether the payment fits the order, and `void` is the state of the attempt's voids.
    fn is_paid_by(&self, request: &PaymentRequest, void: Void) -> bool {
        self.standing == Standing::Watched(void) && same_terms(&self.order, request).is_ok()
    }
}

fn read(id: RequestId) -> Job {
    Job::Read {
        id,
        ask: Ask::Again,
    }
}

/// Records W6 for an attempt that is not the current one.
fn record(
    earlier: &Earlier,
    round: Generation,
    ending: Ending,
    late: bool,
    transition: &mut Transition<'_>,
) {
    transition.record_for(round, earlier.key(), Record::Verdict { ending, late });
}

fn announce(earlier: &Earlier, ending: &Ending, late: bool, transition: &mut Transition<'_>) {
    transition.count(ending);
    transition.announce(Announcement::Earlier {
        id: earlier.request.as_ref().map(|known| known.id.to_string()),
        short_code: earlier
            .request
            .as_ref()
            .and_then(|known| known.short_code.as_ref())
            .map(ToString::to_string),
        external_ref: earlier.reference(),
        outcome: ending.outcome(),
        late,
    });
}

/// Closes an attempt whose reference finds nothing, but only once no one can pay it. Before that, an empty answer
/// proves nothing.
fn forget(earlier: &Earlier, round: Generation, transition: &mut Transition<'_>) {
    // The patron's code was given, so the patron may still be asked to pay if the create arrives late.
    let is_over = match earlier.patron_presented {
        true => earlier.age.is_some_and(|age| age >= VOID_WINDOW),
        false => earlier.is_over,
    };
    if !is_over {
        return;
    }
    let ending = Ending::Cancelled { reason: None };
    if earlier.standing == Standing::Intended {
        announce(earlier, &ending, false, transition);
        record(earlier, round, ending, false, transition);
    }
    transition.record_for(round, earlier.key(), Record::Watched { closed: true });
}
