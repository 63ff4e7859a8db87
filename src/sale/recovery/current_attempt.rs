//! The order of a launch: first the unsettled attempts of earlier launches, then the attempts of the sale asked
//! for, then the outcome.

use crate::domain::order::Order;
use crate::sale::{
    Accepted, Announcement, AttemptKey, Creating, Earlier, Ended, Ending, Job, LostCreate,
    Recollection, Record, Rejection, Repeated, Standing, State, Transition, Void,
};

/// The attempt that the machine works on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct CurrentAttempt {
    pub(crate) order: Order,
    /// The number of the attempt, from 1; 0 before the first attempt.
    pub(crate) attempt: u32,
    pub(crate) origin: AttemptOrigin,
    pub(crate) void: Void,
    /// Whether the patron has shown a code. The attempt can then be paid from its create on.
    pub(crate) patron_presented: bool,
    /// The create of the attempt, if the answer was lost and the request may be paid.
    pub(crate) lost: Option<LostCreate>,
    /// Whether the platform has reported that money came in or went back.
    pub(crate) had_money: bool,
}

/// The launch and the sale to which an attempt belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum AttemptOrigin {
    /// This launch, and the sale asked for.
    ThisLaunch,
    /// An earlier launch of the sale asked for.
    EarlierLaunch,
    /// Another sale.
    OtherSale,
}

impl CurrentAttempt {
    pub(crate) fn key(&self) -> AttemptKey {
        AttemptKey {
            sale: self.order.reference.clone(),
            attempt: self.attempt,
        }
    }

    pub(crate) fn is_of_another_sale(&self) -> bool {
        self.origin == AttemptOrigin::OtherSale
    }
}

impl Transition<'_> {
    /// Reads the journal for attempts that earlier launches left unsettled.
    pub(crate) fn recall(&mut self, order: Option<Order>) -> State {
        self.begin_round();
        let sale = order.as_ref().map(|order| order.reference.clone());
        self.sale.current = order.clone().map(CurrentAttempt::asked);
        self.sale.asked = order;
        self.run(Job::Recall { sale });

        State::Recalling
    }

    pub(crate) fn recalled(&mut self, answer: Result<Recollection, String>) -> State {
        let recollection = match answer {
            Ok(recollection) => recollection,
            Err(why) => return self.end(Ending::Rejected(Rejection::Journal(why)), None),
        };
        self.sale.attempts = recollection.attempts;
        self.sale.taken = recollection.taken;
        let mut first = Vec::new();
        for earlier in recollection.open {
            if self.comes_first(&earlier) {
                // The watch must not check this attempt at the same time.
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

        self.next_step()
    }

    /// Returns the place of an attempt, the most urgent first. 0: a paid attempt of the sale asked for, so that no
    /// further code of it is shown. 1: attempts that may be paid. 2: attempts whose code may be shown again, so
    /// that two codes never exist together. 3: attempts that only need an acknowledgement.
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
            Standing::Payable(_) => true,
            Standing::Ended { acknowledged, .. } => !acknowledged || self.is_asked(earlier),
            // The patron of this sale may have paid an attempt that is not being checked.
            Standing::Created(_) | Standing::Watched(_) => self.is_asked(earlier),
            Standing::Intended | Standing::Stray => false,
        }
    }

    pub(crate) fn is_asked(&self, earlier: &Earlier) -> bool {
        let base_url = self.sale.rules.base_url.as_str();
        let lifetime = self.sale.timing.reference_lifetime;

        self.asked()
            .is_some_and(|asked| earlier.is_of(asked, base_url, lifetime))
    }

    /// Takes up the next earlier attempt, or else the sale that was asked for.
    pub(crate) fn next_step(&mut self) -> State {
        if let Some(earlier) = self.sale.earlier.pop_front() {
            return self.take_up(earlier);
        }
        if let Some(order) = self.asked().cloned() {
            self.sale.current = Some(CurrentAttempt::asked(order));

            return self.new_attempt(Creating::first_try());
        }
        self.sale.current = None;
        self.begin_round();
        self.begin_watch();

        self.after_watch(State::Entry)
    }

    /// Makes an attempt of an earlier launch the current one.
    pub(crate) fn take_up(&mut self, earlier: Earlier) -> State {
        let own = self.is_asked(&earlier);
        self.begin_round();
        self.sale.current = Some(CurrentAttempt {
            order: earlier.order,
            attempt: earlier.attempt,
            origin: if own {
                AttemptOrigin::EarlierLaunch
            } else {
                AttemptOrigin::OtherSale
            },
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
        // A watched attempt keeps the hand-over that ended it.
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
                let ended = Ended {
                    closed_by,
                    repeated: own.then(|| Repeated::since(earlier.settled_at)),
                    ..Ended::new(ending, request, late)
                };

                match own && acknowledged {
                    true => self.repeat(ended),
                    // No person has acknowledged this ending yet: it is shown at once.
                    false => self.show(ended),
                }
            }
            (Standing::Payable(Void::NotSent), Some(request)) => {
                self.resume_waiting(request, own, true)
            }
            (Standing::Created(Void::NotSent), Some(request)) => {
                self.resume_waiting(request, own, false)
            }
            // A void may still be on its way, so the code must not be shown again.
            (Standing::Created(_), Some(request)) => self.resume_void(request, false),
            (Standing::Payable(_), Some(request)) => self.resume_void(request, true),
            (Standing::Watched(void), request) if closed_by.is_some() => {
                let evidence = void.into();
                let unknown = Ended {
                    closed_by,
                    ..Ended::new(Ending::Unknown { evidence }, request.clone(), false)
                };
                let lost = LostCreate::before(earlier.age);

                match request {
                    Some(request) => self.recheck(request, Some(unknown)),
                    None => self.recheck_by_reference(lost, unknown),
                }
            }
            (Standing::Watched(_), Some(request)) => self.recheck(request, None),
            (Standing::Payable(_), None) => {
                self.search_lost_create(LostCreate::before(earlier.age), false)
            }
            (_, None) | (Standing::Intended | Standing::Stray, _) => self.next_step(),
        }
    }

    /// Handles a sale that ended before and is asked for again. If it was paid, the platform is read once more,
    /// unless staff closed it or the display is about to end. Otherwise the ending is shown.
    fn repeat(&mut self, ended: Ended) -> State {
        let was_paid = matches!(
            ended.ending(),
            Ending::Paid { .. } | Ending::PartPaid { .. }
        );
        match ended.request().cloned() {
            Some(request) if was_paid && ended.closed_by().is_none() && !self.sale.leaving => {
                self.recheck(request, Some(ended))
            }
            _ => self.show(ended),
        }
    }

    /// Begins a new attempt with a new reference: records W1, and sends the create once W1 is on disk.
    pub(crate) fn new_attempt(&mut self, mut creating: Creating) -> State {
        self.begin_round();
        let asked = self.asked().cloned();
        let Some(current) = &mut self.sale.current else {
            return State::Entry;
        };
        // The new reference has this launch's token, not an earlier launch's.
        if let Some(asked) = asked.filter(|_| !current.is_of_another_sale()) {
            current.order = asked;
        }
        let named = |attempt| current.order.attempt_reference(attempt);
        self.sale.attempts += 1;
        while self.sale.taken.contains(&named(self.sale.attempts)) {
            self.sale.attempts += 1;
        }
        let attempt = self.sale.attempts;
        let order = current.order.clone();
        creating.payable = order.barcode(attempt).is_some();
        *current = CurrentAttempt {
            attempt,
            patron_presented: creating.payable,
            ..CurrentAttempt::asked(order.clone())
        };
        if let Some(request) = self.new_request() {
            self.record(Record::Intent { order, request });
        }

        State::Creating(creating)
    }

    /// Begins a further attempt at the same sale.
    pub(crate) fn retry(&mut self) -> State {
        self.new_attempt(Creating::first_try())
    }

    /// Makes an attempt of an earlier launch an attempt of this one, since a person has acted on it.
    pub(crate) fn adopt(&mut self) {
        if let Some(current) = &mut self.sale.current
            && current.origin == AttemptOrigin::EarlierLaunch
        {
            current.origin = AttemptOrigin::ThisLaunch;
        }
    }

    /// Ends the attempt.
    pub(crate) fn end(&mut self, ending: Ending, request: Option<Accepted>) -> State {
        self.record_end(Ended::new(ending, request, false))
    }

    /// Ends the attempt as paid late, after it had expired or been cancelled.
    pub(crate) fn end_late(&mut self, ending: Ending, request: Accepted) -> State {
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

    /// Tells the till how the attempt ended, and shows the ending if a person must know it.
    pub(crate) fn show(&mut self, ended: Ended) -> State {
        self.announce_end(&ended);
        if self.sale.leaving {
            return self.exit(ended);
        }
        let origin = self.sale.current.as_ref().map(|current| current.origin);
        if self.is_unattended() {
            self.count(ended.ending());

            return match origin {
                Some(_) => self.next_step(),
                None => self.exit(ended),
            };
        }
        // An earlier attempt that ended without money needs no attention.
        let left = matches!(
            origin,
            Some(AttemptOrigin::EarlierLaunch | AttemptOrigin::OtherSale)
        );
        if left && ended.ending().may_retry() {
            return self.next_step();
        }
        // The journal has the payment of a repeated sale already.
        if ended.repeated.is_some() {
            self.tell_at_once(&ended);
        }
        if !self.sale.told_outcome {
            self.begin_watch();
        }
        ended.stay(self);

        State::Ended(ended)
    }

    pub(crate) fn announce_end(&mut self, ended: &Ended) {
        let Some(current) = &self.sale.current else {
            return;
        };
        let id = ended.request().map(|request| request.id.to_string());
        let outcome = ended.ending().outcome();
        let announcement = if current.origin == AttemptOrigin::OtherSale {
            Announcement::Earlier {
                id,
                short_code: ended.short_code(),
                external_ref: current.order.attempt_reference(current.attempt),
                outcome,
                late: ended.is_late(),
            }
        } else {
            Announcement::Ended {
                attempt: current.attempt,
                id,
                outcome,
                repeated: ended.repeated.clone(),
            }
        };
        self.announce(announcement);
    }
}

impl CurrentAttempt {
    fn asked(order: Order) -> Self {
        Self {
            order,
            attempt: 0,
            origin: AttemptOrigin::ThisLaunch,
            void: Void::NotSent,
            patron_presented: false,
            lost: None,
            had_money: false,
        }
    }
}
