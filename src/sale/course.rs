//! The course of a launch: what earlier launches have left comes first, then the sale that was
//! asked for, one attempt after another, and in the end the outcome.

use crate::sale::{
    Accepted, Announcement, AttemptKey, Creating, Earlier, Ended, Ending, Job, Lost, Order,
    Rechecking, Recollection, Record, Rejection, Standing, State, Tally, Turn, Void, Voiding,
    Waiting, Weakness,
};

/// The attempt that is worked on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Work {
    pub(super) order: Order,
    /// From 1; 0 while none was made.
    pub(super) attempt: u32,
    pub(super) origin: Origin,
    pub(super) void: Void,
    /// Whether the customer has shown a code: then it can be paid from its create on.
    pub(super) patron_presented: bool,
    /// Its create, where nobody knows what became of that although it can be paid.
    pub(super) lost: Option<Lost>,
    /// Whether the platform has told of money that came in, or went back.
    pub(super) had_money: bool,
}

/// Where an attempt comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Origin {
    /// This launch, for the sale that was asked for.
    Asked,
    /// An earlier launch of the sale that was asked for.
    Left,
    /// Another sale.
    Other,
}

impl Work {
    pub(super) fn key(&self) -> AttemptKey {
        AttemptKey {
            sale: self.order.reference.clone(),
            attempt: self.attempt,
        }
    }

    pub(super) fn is_of_another_sale(&self) -> bool {
        self.origin == Origin::Other
    }
}

impl Turn<'_> {
    /// Asks the journal what earlier launches have left.
    pub(super) fn recall(&mut self, order: Option<Order>) -> State {
        self.begin_round();
        let sale = order.as_ref().map(|order| order.reference.clone());
        self.sale.work = order.clone().map(Work::asked);
        self.sale.asked = order;
        self.run(Job::Recall { sale });

        State::Recalling
    }

    /// Settles what is open while nobody is there to be asked.
    pub(super) fn settle_unattended(&mut self) -> State {
        self.sale.unattended = Some(Tally::default());

        self.recall(None)
    }

    pub(super) fn recalled(&mut self, answer: Result<Recollection, String>) -> State {
        let recollection = match answer {
            Ok(recollection) => recollection,
            Err(why) => return self.end(Ending::Rejected(Rejection::Journal(why)), None),
        };
        self.sale.attempts = recollection.attempts;
        self.sale.taken = recollection.taken;
        let mut first = Vec::new();
        for earlier in recollection.open {
            if self.comes_first(&earlier) {
                // What is worked on must not be looked after beside it.
                self.sale.watch.forget(&earlier);
                first.push(earlier);
            } else {
                self.sale.watch.add(earlier);
            }
        }
        first.sort_by_key(|earlier| self.urgency(earlier));
        self.sale.earlier = first.into();
        if self.sale.leaving {
            return self.abandon();
        }

        self.go_on()
    }

    /// First that the sale asked for is paid already, so that no code of it is shown again; then
    /// what can still be paid, or may have been; then what may be shown again, so that it never
    /// stands beside another code; then what only waits to be noted.
    fn urgency(&self, earlier: &Earlier) -> u8 {
        match earlier.standing {
            Standing::Ended { .. } if self.is_asked(earlier) => 0,
            Standing::Payable(_) => 1,
            Standing::Created(_) => 2,
            _ => 3,
        }
    }

    fn comes_first(&self, earlier: &Earlier) -> bool {
        match earlier.standing {
            Standing::Payable(_) => !self.is_weakened_by(Weakness::UnknownDoesNotBlock),
            Standing::Ended { acknowledged, .. } => !acknowledged || self.is_asked(earlier),
            // The customer of this very sale may have paid an attempt that nobody looks at.
            Standing::Created(_) | Standing::Watched(_) => self.is_asked(earlier),
            Standing::Intended | Standing::Stray => false,
        }
    }

    pub(super) fn is_asked(&self, earlier: &Earlier) -> bool {
        let base_url = self.rules().base_url.as_str();
        let lifetime = self.timing().reference_lifetime;

        self.asked()
            .is_some_and(|asked| earlier.is_of(asked, base_url, lifetime))
    }

    pub(super) fn is_unattended(&self) -> bool {
        self.sale.unattended.is_some()
    }

    /// Counts an ending where nobody is there to see it.
    pub(super) fn count(&mut self, ending: &Ending) {
        if let Some(tally) = &mut self.sale.unattended {
            tally.count(ending);
        }
    }

    /// What comes next: an earlier attempt, then what was asked for.
    pub(super) fn go_on(&mut self) -> State {
        if let Some(earlier) = self.sale.earlier.pop_front() {
            return self.take_up(earlier);
        }
        if let Some(order) = self.asked().cloned() {
            self.sale.work = Some(Work::asked(order));

            return self.new_attempt(Creating::first_try());
        }
        self.sale.work = None;
        self.begin_round();
        self.begin_watch();

        self.after_watch(State::Entry)
    }

    /// An attempt of an earlier launch becomes the one that is worked on.
    pub(super) fn take_up(&mut self, earlier: Earlier) -> State {
        let own = self.is_asked(&earlier);
        self.begin_round();
        self.sale.work = Some(Work {
            order: earlier.order,
            attempt: earlier.attempt,
            origin: if own { Origin::Left } else { Origin::Other },
            void: match earlier.standing {
                Standing::Created(void) | Standing::Payable(void) | Standing::Watched(void) => void,
                _ => Void::NotSent,
            },
            patron_presented: earlier.patron_presented,
            lost: None,
            had_money: earlier.had_money,
        });
        let handover = self.asked().and_then(|asked| asked.handover.clone());
        let may_be_paid_late = matches!(earlier.standing, Standing::Watched(_));
        // Its ending belongs to an earlier hand-over.
        if let Some(handover) = handover.filter(|_| own && !may_be_paid_late) {
            self.record(Record::TakenUp { handover });
        }
        let closed_by = earlier.closed_by.clone();
        match (earlier.standing, earlier.request.map(Accepted::from)) {
            (
                Standing::Ended {
                    ending,
                    late,
                    acknowledged,
                },
                request,
            ) => {
                let ended = Ended::new(ending, request, late).closed_by_staff(closed_by);

                match (own, acknowledged) {
                    (true, true) => self.repeat(ended.repeated_since(earlier.settled_at)),
                    // What nobody saw yet is told at once.
                    (true, false) => self.show(ended.repeated_since(earlier.settled_at)),
                    (false, _) => self.show(ended),
                }
            }
            (Standing::Payable(Void::NotSent), Some(request)) => {
                Waiting::resume(request, own, true, self)
            }
            (Standing::Created(Void::NotSent), Some(request)) => {
                Waiting::resume(request, own, false, self)
            }
            // Its void may still be on its way: its code must not be shown any more.
            (Standing::Created(_), Some(request)) => Voiding::resume(request, false, self),
            (Standing::Payable(_), Some(request)) => Voiding::resume(request, true, self),
            (Standing::Watched(void), request) if closed_by.is_some() => {
                let evidence = void.into();
                let unknown = Ended::new(Ending::Unknown { evidence }, request.clone(), false)
                    .closed_by_staff(closed_by);
                let lost = Lost::before(earlier.age);

                match request {
                    Some(request) => Rechecking::begin(request, Some(unknown), self),
                    None => Rechecking::look_up(lost, unknown, self),
                }
            }
            (Standing::Watched(_), Some(request)) => Rechecking::begin(request, None, self),
            (Standing::Payable(_), None) => Creating::seek(Lost::before(earlier.age), false, self),
            (_, None) | (Standing::Intended | Standing::Stray, _) => self.go_on(),
        }
    }

    /// The sale that is asked for was paid before. The platform is read once, unless staff closed it as paid.
    fn repeat(&mut self, ended: Ended) -> State {
        let was_paid = matches!(
            ended.ending(),
            Ending::Paid { .. } | Ending::PartPaid { .. }
        );
        match ended.request().cloned() {
            Some(request) if was_paid && ended.closed_by().is_none() && !self.sale.leaving => {
                Rechecking::begin(request, Some(ended), self)
            }
            _ => self.show(ended),
        }
    }

    /// Begins a new attempt, with a reference of its own: W1, and the create once that is on disk.
    pub(super) fn new_attempt(&mut self, creating: Creating) -> State {
        self.begin_round();
        let asked = self.asked().cloned();
        let Some(work) = &mut self.sale.work else {
            return State::Entry;
        };
        // With this launch's token, not with the one of an earlier launch.
        if let Some(asked) = asked.filter(|_| !work.is_of_another_sale()) {
            work.order = asked;
        }
        let named = |attempt| work.order.attempt_reference(attempt);
        self.sale.attempts += 1;
        while self.sale.taken.contains(&named(self.sale.attempts)) {
            self.sale.attempts += 1;
        }
        work.attempt = self.sale.attempts;
        work.origin = Origin::Asked;
        work.void = Void::NotSent;
        work.patron_presented = work.order.barcode(work.attempt).is_some();
        work.lost = None;
        work.had_money = false;
        let creating = creating.of_an_attempt(work.patron_presented);
        let order = work.order.clone();
        if let Some(request) = self.new_request() {
            self.record(Record::Intent { order, request });
        }

        State::Creating(creating)
    }

    /// A further attempt at the same sale.
    pub(super) fn retry(&mut self) -> State {
        self.new_attempt(Creating::first_try())
    }

    /// From here on an attempt that was left is one of this launch: somebody has acted on it.
    pub(super) fn adopt(&mut self) {
        if let Some(work) = &mut self.sale.work
            && work.origin == Origin::Left
        {
            work.origin = Origin::Asked;
        }
    }

    /// The attempt reached an ending.
    pub(super) fn end(&mut self, ending: Ending, request: Option<Accepted>) -> State {
        self.record_end(Ended::new(ending, request, false))
    }

    /// The attempt was paid after it had been called expired or cancelled.
    pub(super) fn end_late(&mut self, ending: Ending, request: Accepted) -> State {
        self.record_end(Ended::new(ending, Some(request), true))
    }

    fn record_end(&mut self, ended: Ended) -> State {
        if self.attempt() > 0 {
            self.record(Record::Verdict {
                ending: ended.ending().clone(),
                late: ended.is_late(),
            });
        }

        self.show(ended)
    }

    /// Tells the till how the attempt ended, and shows it to whoever has to know.
    pub(super) fn show(&mut self, ended: Ended) -> State {
        self.announce_end(&ended);
        if self.sale.leaving {
            return self.exit(ended);
        }
        let origin = self.sale.work.as_ref().map(|work| work.origin);
        if self.is_unattended() {
            self.count(ended.ending());

            return match origin {
                Some(_) => self.go_on(),
                None => self.exit(ended),
            };
        }
        // What an earlier launch left and what ended without money needs nobody's attention.
        let left = matches!(origin, Some(Origin::Left | Origin::Other));
        if left && ended.ending().may_retry() {
            return self.go_on();
        }
        self.begin_watch();
        ended.stay(self);

        State::Ended(ended)
    }

    pub(super) fn announce_end(&mut self, ended: &Ended) {
        let Some(work) = &self.sale.work else {
            return;
        };
        let id = ended.request().map(|request| request.id.to_string());
        let outcome = ended.ending().name();
        let announcement = if work.origin == Origin::Other {
            Announcement::Earlier {
                id,
                short_code: ended.short_code(),
                external_ref: work.order.attempt_reference(work.attempt),
                outcome,
                late: ended.is_late(),
            }
        } else {
            Announcement::Ended {
                attempt: work.attempt,
                id,
                outcome,
                repeated: ended.repeated().cloned(),
            }
        };
        self.announce(announcement);
    }

    /// After the watch has moved: a late payment is shown at once where nobody is being served,
    /// and an unattended run is over when nothing is left to look after.
    pub(super) fn after_watch(&mut self, state: State) -> State {
        if state != State::Entry || self.sale.told_outcome {
            return state;
        }
        if let Some(tally) = &self.sale.unattended {
            if self.sale.watch.is_idle() {
                let code = tally.exit_code();
                self.sale.told_outcome = true;
                self.exit_with(code);
            }

            return state;
        }
        match self.sale.watch.take_found() {
            Some(earlier) => self.take_up(earlier),
            None => state,
        }
    }
}

impl Work {
    fn asked(order: Order) -> Self {
        Self {
            order,
            attempt: 0,
            origin: Origin::Asked,
            void: Void::NotSent,
            patron_presented: false,
            lost: None,
            had_money: false,
        }
    }
}
