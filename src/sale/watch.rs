use std::collections::VecDeque;

use crate::payment::{Activity, Failure, PaymentRequest, RequestId, Status};
use crate::sale::evidence::{GivenBack, given_back};
use crate::sale::fit::{is_made_by, same_terms};
use crate::sale::polling::Verdict;
use crate::sale::{
    Announcement, Ask, Earlier, Ending, Fact, Job, Mark, Moment, Progress, Record, Round, Standing,
    Turn, VOID_WINDOW, Void,
};

/// What is looked after beside the sale, one attempt at a time: requests that were never shown are
/// cancelled, and those that ended without money are read again while they can still be paid.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Watch {
    waiting: VecDeque<Earlier>,
    at_hand: Option<(Round, Earlier, Step)>,
    /// Late payments that wait for somebody to look at them.
    found: VecDeque<Earlier>,
    /// Their references.
    late: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Step {
    LookingUp,
    /// W4 is being written.
    Recording,
    Voiding,
    Reading,
    Listing(Box<PaymentRequest>),
}

impl Watch {
    pub(super) fn add(&mut self, earlier: Earlier) {
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

    /// Leaves an attempt to whoever works on it now.
    pub(super) fn forget(&mut self, earlier: &Earlier) {
        let key = earlier.key();
        self.waiting.retain(|other| other.key() != key);
        self.at_hand.take_if(|(_, other, _)| other.key() == key);
    }

    pub(super) fn is_idle(&self) -> bool {
        self.at_hand.is_none() && self.waiting.is_empty()
    }

    pub(super) fn late_payments(&self) -> &[String] {
        &self.late
    }

    /// A late payment that was found, for a screen.
    pub(super) fn take_found(&mut self) -> Option<Earlier> {
        let found = self.found.pop_front()?;
        let reference = found.reference();
        self.late.retain(|late| *late != reference);

        Some(found)
    }

    /// Goes on with the next attempt, unless one is at hand.
    pub(super) fn begun(mut self, turn: &mut Turn<'_>) -> Self {
        while self.at_hand.is_none() {
            let Some(earlier) = self.waiting.pop_front() else {
                break;
            };
            self.take(earlier, turn);
        }

        self
    }

    fn take(&mut self, earlier: Earlier, turn: &mut Turn<'_>) {
        let round = turn.fresh_round();
        let id = earlier.request.as_ref().map(|known| known.id.clone());
        let (job, step) = match (&earlier.standing, id) {
            (Standing::Stray, Some(id)) => (Job::Void(id), Step::Voiding),
            (Standing::Created(_), Some(id)) => {
                let key = earlier.key();
                let record = Record::Voiding { id };

                (Job::Record { key, record }, Step::Recording)
            }
            (Standing::Watched(_), Some(id)) => (read(id), Step::Reading),
            (Standing::Intended | Standing::Watched(_), None) => {
                let account_id = earlier.order.merchant.account_id.clone();
                // A reference without a token may be another counter's.
                let Some(account_id) = account_id.filter(|_| earlier.order.token.is_some()) else {
                    // It cannot be looked up. It was never shown, and dies by itself.
                    return forget(&earlier, round, turn);
                };
                let external_ref = earlier.external_ref();

                (
                    Job::LookUp {
                        external_ref,
                        account_id,
                    },
                    Step::LookingUp,
                )
            }
            _ => return,
        };
        turn.run_for(round, job);
        self.at_hand = Some((round, earlier, step));
    }

    /// A fact of a round that is not the present state's.
    pub(super) fn happened(mut self, round: Round, fact: Fact, turn: &mut Turn<'_>) -> Self {
        match self.at_hand.take() {
            Some((at_hand, earlier, step)) if at_hand == round => {
                self.went_on(round, earlier, step, fact, turn);
            }
            other => {
                self.at_hand = other;

                return self;
            }
        }

        self.begun(turn)
    }

    fn went_on(
        &mut self,
        round: Round,
        earlier: Earlier,
        step: Step,
        fact: Fact,
        turn: &mut Turn<'_>,
    ) {
        match (step, fact) {
            (Step::LookingUp, Fact::Found { at, answer }) => match answer {
                Ok(found) => self.found_requests(round, &earlier, &found, at, turn),
                Err(failure) => self.failed(round, &earlier, failure, turn),
            },
            (Step::Recording, Fact::Recorded(Mark::Voiding)) => {
                if let Some(known) = &earlier.request {
                    turn.run_for(round, Job::Void(known.id.clone()));
                    self.at_hand = Some((round, earlier, Step::Voiding));
                }
            }
            // The journal has it under another attempt: it is not this one's to take back.
            (Step::Recording, Fact::Duplicate(Mark::Voiding)) => {}
            // It was never shown, and dies by itself. A void that no later launch knows of could
            // take back what was paid to a code that such a launch has shown.
            (Step::Recording, Fact::NotRecorded(Mark::Voiding, _)) => self.waiting.clear(),
            // Nothing more is owed about a stray; the void of another is followed up by a read.
            (Step::Voiding, Fact::Voided(_)) if earlier.standing == Standing::Stray => {}
            (Step::Voiding, Fact::Voided(_)) => self.read(round, earlier, turn),
            (
                Step::Reading,
                Fact::Read {
                    answer: Ok(request),
                    ..
                },
            ) => self.answered(round, earlier, request, turn),
            (Step::Listing(request), Fact::Activities(Ok(activities))) => {
                self.listed(round, earlier, &request, &activities, turn);
            }
            (
                Step::Reading,
                Fact::Read {
                    answer: Err(failure),
                    ..
                },
            )
            | (Step::Listing(_), Fact::Activities(Err(failure))) => {
                self.failed(round, &earlier, failure, turn);
            }
            (step, _) => self.at_hand = Some((round, earlier, step)),
        }
    }

    /// Where the platform does not answer, another launch will ask it. A request that it does not
    /// want to talk about, such as one that was made at another platform, keeps none of the others
    /// waiting: here, or at the next launch.
    fn failed(&mut self, round: Round, earlier: &Earlier, failure: Failure, turn: &mut Turn<'_>) {
        if matches!(failure, Failure::Refused(_)) {
            turn.record_for(round, earlier.key(), Record::Watched { closed: false });
        } else {
            self.waiting.clear();
        }
        turn.count(&Ending::Unreachable(failure));
    }

    /// What is open is cancelled; it was never shown. What may be paid is another till's, perhaps: it
    /// is not given back unasked.
    fn found_requests(
        &mut self,
        round: Round,
        earlier: &Earlier,
        found: &[PaymentRequest],
        at: Moment,
        turn: &mut Turn<'_>,
    ) {
        // The journal was read after the program had started.
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
                // The journal has room for one, and that is the one a person has to decide about.
                standing: match unclear.is_empty() {
                    true => Standing::Created(Void::NotSent),
                    false => Standing::Stray,
                },
                ..Earlier::stray(earlier.order.clone(), earlier.attempt, request)
            })
            .collect();
        if open.is_empty() && unclear.is_empty() {
            forget(earlier, round, turn);
        }
        self.waiting.extend(open);
        for request in unclear {
            let unclear = Earlier::stray(earlier.order.clone(), earlier.attempt, request);
            turn.record_for(round, unclear.key(), Record::found(request));
            record(&unclear, round, Ending::unknown(), true, turn);
            self.late(round, unclear, Ending::unknown(), turn);
        }
    }

    fn read(&mut self, round: Round, earlier: Earlier, turn: &mut Turn<'_>) {
        if let Some(known) = &earlier.request {
            turn.run_for(round, read(known.id.clone()));
            self.at_hand = Some((round, earlier, Step::Reading));
        }
    }

    fn answered(
        &mut self,
        round: Round,
        earlier: Earlier,
        request: PaymentRequest,
        turn: &mut Turn<'_>,
    ) {
        let same = earlier
            .request
            .as_ref()
            .is_some_and(|known| known.id == request.id);
        let never_shown = matches!(earlier.standing, Standing::Created(_));
        let verdict = turn.verdict_on(&earlier.order, &request, earlier.had_money);
        match (&request.status, verdict) {
            _ if !same => {}
            (Status::Paid, Verdict::Ended(ending))
                if earlier.is_paid_by(&request, Void::NotSent) =>
            {
                self.late(round, earlier, ending, turn);
            }
            (Status::Paid, _) | (_, Verdict::OverWithMoney) => {
                if !earlier.had_money {
                    let money = Record::Progress(Progress::Money);
                    turn.record_for(round, earlier.key(), money);
                }
                turn.run_for(round, Job::ListActivities(request.id.clone()));
                self.at_hand = Some((round, earlier, Step::Listing(Box::new(request))));
            }
            (_, Verdict::Ended(ending)) if never_shown => {
                announce(&earlier, &ending, false, turn);
                record(&earlier, round, ending, false, turn);
                turn.record_for(round, earlier.key(), Record::Watched { closed: true });
            }
            (_, verdict) => {
                // By the platform's clock: the one here may be wrong.
                let over = request.age.is_some_and(|age| age >= VOID_WINDOW);
                let closed = over && verdict != Verdict::Open;
                turn.record_for(round, earlier.key(), Record::Watched { closed });
            }
        }
    }

    /// Paid, although it had been voided or was never shown, or not what was asked for: the refund
    /// decides.
    fn listed(
        &mut self,
        round: Round,
        earlier: Earlier,
        request: &PaymentRequest,
        activities: &[Activity],
        turn: &mut Turn<'_>,
    ) {
        let asked = request.value.unwrap_or(earlier.order.amount);
        let received = request.received(asked).unwrap_or(asked);
        let ending = match given_back(activities, &request.id, Some(received)) {
            GivenBack::All => Ending::RefundStarted,
            GivenBack::Nothing
                if request.status == Status::Paid
                    && earlier.is_paid_by(request, Void::Answered) =>
            {
                turn.paid_on(&earlier.order, request, true)
            }
            GivenBack::Nothing | GivenBack::Unclear => Ending::unknown(),
        };
        self.late(round, earlier, ending, turn);
    }

    fn late(&mut self, round: Round, earlier: Earlier, ending: Ending, turn: &mut Turn<'_>) {
        announce(&earlier, &ending, true, turn);
        if ending.is_money() {
            record(&earlier, round, ending.clone(), true, turn);
        }
        self.late.push(earlier.reference());
        let standing = match ending {
            // In the journal it stays as it is, to be found again until a person has decided.
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
    /// Whether a payment of this is the one that was watched for: of what was asked for, and after
    /// voids of which this became.
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

/// W6, for an attempt that is not the one that is worked on.
fn record(earlier: &Earlier, round: Round, ending: Ending, late: bool, turn: &mut Turn<'_>) {
    turn.record_for(round, earlier.key(), Record::Verdict { ending, late });
}

fn announce(earlier: &Earlier, ending: &Ending, late: bool, turn: &mut Turn<'_>) {
    turn.count(ending);
    turn.announce(Announcement::Earlier {
        id: earlier.request.as_ref().map(|known| known.id.to_string()),
        short_code: earlier
            .request
            .as_ref()
            .and_then(|known| known.short_code.as_ref())
            .map(ToString::to_string),
        external_ref: earlier.reference(),
        outcome: ending.name(),
        late,
    });
}

/// Nothing was found under its reference. That proves nothing until its time is over.
fn forget(earlier: &Earlier, round: Round, turn: &mut Turn<'_>) {
    // Whoever has shown a code may still be asked to pay, should the create arrive late.
    let is_over = match earlier.patron_presented {
        true => earlier.age.is_some_and(|age| age >= VOID_WINDOW),
        false => earlier.is_over,
    };
    if !is_over {
        return;
    }
    let ending = Ending::Cancelled { reason: None };
    if earlier.standing == Standing::Intended {
        announce(earlier, &ending, false, turn);
        record(earlier, round, ending, false, turn);
    }
    turn.record_for(round, earlier.key(), Record::Watched { closed: true });
}
