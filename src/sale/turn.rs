use std::time::Duration;

use crate::money::Amount;
use crate::payment::{PaidBy, PaymentRequest, Status};
use crate::sale::polling::Verdict;
use crate::sale::{
    Accepted, Announcement, AttemptKey, Delay, Earlier, Effect, Ending, Fact, Job, Lost, Misfit,
    Moment, NewRequest, Order, PaidByLine, Progress, Record, Round, Rules, Sale, State, Sum, Timer,
    Timing, Void, WaitingFor, Weakness,
};

/// One turn of the machine: what a state may look at, and what it asks for.
pub(super) struct Turn<'a> {
    pub(super) sale: &'a mut Sale,
    effects: Vec<Effect>,
}

impl<'a> Turn<'a> {
    pub(super) fn new(sale: &'a mut Sale) -> Self {
        Self {
            sale,
            effects: Vec::new(),
        }
    }

    pub(super) fn state(&mut self) -> &mut State {
        &mut self.sale.state
    }

    pub(super) fn finish(self, next: State) -> Vec<Effect> {
        self.sale.state = next;

        self.effects
    }

    /// The order of the attempt that is worked on.
    pub(super) fn order(&self) -> Option<&Order> {
        self.sale.work.as_ref().map(|work| &work.order)
    }

    /// What was asked for.
    pub(super) fn asked(&self) -> Option<&Order> {
        self.sale.asked.as_ref()
    }

    pub(super) fn rules(&self) -> &Rules {
        &self.sale.rules
    }

    pub(super) fn timing(&self) -> Timing {
        self.sale.timing
    }

    pub(super) fn attempt(&self) -> u32 {
        self.sale.attempt()
    }

    /// Whether a fact of this round is for the present state.
    pub(super) fn is_current(&self, round: Round) -> bool {
        round == self.sale.round
    }

    /// Whatever was asked for until now is no longer awaited.
    pub(super) fn begin_round(&mut self) {
        self.sale.round = self.fresh_round();
    }

    /// A round beside the present one.
    pub(super) fn fresh_round(&mut self) -> Round {
        self.sale.newest_round = self.sale.newest_round.next();

        self.sale.newest_round
    }

    /// What became of the voids of the attempt that is worked on.
    pub(super) fn void(&self) -> Void {
        self.sale
            .work
            .as_ref()
            .map_or(Void::NotSent, |work| work.void)
    }

    pub(super) fn set_void(&mut self, void: Void) {
        if let Some(work) = &mut self.sale.work {
            work.void = void;
        }
    }

    /// Whether the attempt that is worked on was created with the customer's code.
    pub(super) fn is_patron_presented(&self) -> bool {
        let work = self.sale.work.as_ref();

        work.is_some_and(|work| work.patron_presented)
    }

    /// The create of an attempt that can be paid, and of which nobody knows what became.
    pub(super) fn lost(&self) -> Option<Lost> {
        self.sale.work.as_ref()?.lost.clone()
    }

    pub(super) fn set_lost(&mut self, lost: Lost) {
        if let Some(work) = &mut self.sale.work {
            work.lost = Some(lost);
        }
    }

    /// Has a job done for the present state.
    pub(super) fn run(&mut self, job: Job) {
        self.run_for(self.sale.round, job);
    }

    pub(super) fn run_for(&mut self, round: Round, job: Job) {
        self.effects.push(Effect::Run { round, job });
    }

    /// Has something written to disk about the attempt that is worked on.
    pub(super) fn record(&mut self, record: Record) {
        if let Some(work) = &self.sale.work {
            let key = work.key();
            self.record_for(self.sale.round, key, record);
        }
    }

    pub(super) fn record_for(&mut self, round: Round, key: AttemptKey, record: Record) {
        self.run_for(round, Job::Record { key, record });
    }

    pub(super) fn note(&mut self, progress: Progress) {
        self.record(Record::Progress(progress));
    }

    pub(super) fn wake(&mut self, timer: Timer, delay: Delay) {
        self.run(Job::Wake { timer, delay });
    }

    /// Tells the till, and nothing twice in one turn.
    pub(super) fn announce(&mut self, announcement: Announcement) {
        let announce = Effect::Announce(announcement);
        if !self.effects.contains(&announce) {
            self.effects.push(announce);
        }
    }

    pub(super) fn exit_with(&mut self, code: u8) {
        self.effects.push(Effect::Exit(code));
    }

    pub(super) fn announce_waiting(&mut self, reason: WaitingFor, message: Option<String>) {
        let attempt = self.attempt();
        self.announce(Announcement::Waiting {
            attempt,
            reason,
            message,
            paid_by: Vec::new(),
            remaining: None,
        });
    }

    /// A part came in, and more may follow.
    pub(super) fn announce_part_payment(&mut self, by: &[PaidBy], remaining: Option<Amount>) {
        let attempt = self.attempt();
        self.announce(Announcement::Waiting {
            attempt,
            reason: WaitingFor::PartPayment,
            message: None,
            paid_by: by.iter().map(PaidByLine::from).collect(),
            remaining: remaining.map(Sum::from),
        });
    }

    pub(super) fn announce_created(&mut self, request: &Accepted) {
        let Some(order) = self.order() else {
            return;
        };
        let attempt = self.attempt();
        let announcement = Announcement::Created {
            attempt,
            id: request.id.to_string(),
            short_code: request.short_code.as_ref().map(ToString::to_string),
            external_ref: order.attempt_reference(attempt),
            platform_ref: order.token.as_ref().map(|_| order.external_ref(attempt)),
            amount: order.amount.into(),
            url: request.payload.clone(),
            expires_at: request.expires_at.as_ref().map(ToString::to_string),
        };
        self.announce(announcement);
    }

    /// The create that the attempt sends; `None` while there is no order.
    pub(super) fn new_request(&self) -> Option<NewRequest> {
        let order = self.order()?;

        Some(NewRequest {
            base_url: self.rules().base_url.to_string(),
            config_id: order.merchant.config_id.clone(),
            amount: order.amount,
            external_ref: order.external_ref(self.attempt()),
            expiry_seconds: order.merchant.expiry_seconds,
            operator: order.operator.clone(),
            particulars: order.particulars.clone(),
            barcode: order.barcode(self.attempt()).cloned(),
        })
    }

    /// What is needed of a request that fits the order of the attempt.
    pub(super) fn fit(&self, request: &PaymentRequest, sent_at: Moment) -> Option<Accepted> {
        self.rules().fit(self.order()?, request, sent_at).ok()
    }

    /// The look-up of what a lost create of this attempt has made, if that is possible. A reference without a token
    /// may be another counter's too, so that a look-up would prove nothing.
    pub(super) fn look_up(&self) -> Option<Job> {
        let order = self.order()?;
        let proves = order.token.is_some() || self.is_weakened_by(Weakness::GivenReferenceAsProof);

        Some(Job::LookUp {
            external_ref: order.external_ref(self.attempt()),
            account_id: order.merchant.account_id.clone().filter(|_| proves)?,
        })
    }

    /// Whether a request that was found under the reference of the attempt was made by it; its
    /// create was sent so long ago, as far as that is known.
    pub(super) fn has_made(&self, request: &PaymentRequest, since: Option<Duration>) -> bool {
        self.order().is_some_and(|order| {
            if self.is_weakened_by(Weakness::GivenReferenceAsProof) {
                return super::fit::same_terms(order, request).is_ok();
            }

            super::fit::is_made_by(order, self.attempt(), since, request)
        })
    }

    /// Whether an answer about this attempt states another reference.
    pub(super) fn has_other_reference(&self, request: &PaymentRequest) -> bool {
        self.order()
            .is_some_and(|order| super::fit::has_other_reference(order, self.attempt(), request))
    }

    /// What an answer means for the attempt that is worked on, after all that the platform has said of it.
    pub(super) fn verdict(&mut self, request: &PaymentRequest) -> Verdict {
        let Some(work) = &self.sale.work else {
            return Verdict::Open;
        };
        let verdict = self.verdict_on(&work.order, request, work.had_money);
        let tells_of_money = request.status == Status::Paid || request.has_money(work.order.amount);
        let is_payment = matches!(&verdict, Verdict::Ended(ending) if ending.is_money());
        // A payment is in the journal as the ending.
        if tells_of_money && !is_payment {
            self.see_money();
        }

        verdict
    }

    /// Records that money came in or went back. From now on, an answer without money does not prove that none came in.
    pub(super) fn see_money(&mut self) {
        if let Some(work) = &mut self.sale.work
            && !work.had_money
        {
            work.had_money = true;
            self.note(Progress::Money);
        }
    }

    /// The ending of the attempt that is worked on, whose request the platform calls paid.
    pub(super) fn paid(&self, request: &PaymentRequest, kept: bool) -> Ending {
        self.order()
            .map_or_else(Ending::unknown, |order| self.paid_on(order, request, kept))
    }

    /// An open request that nobody asked for is cancelled beside the sale. It was never shown.
    pub(super) fn void_stray(&mut self, request: &PaymentRequest) {
        if let Some(work) = &self.sale.work
            && request.status == Status::New
        {
            let stray = Earlier::stray(work.order.clone(), work.attempt, request);
            self.sale.watch.add(stray);
        }
    }

    /// In what an answer about a request differs from the order of the attempt.
    pub(super) fn misfit(&self, request: &PaymentRequest) -> Option<Misfit> {
        let order = self.order()?;

        super::fit::same_terms(order, request).err()
    }

    pub(super) fn fits(&self, request: &PaymentRequest) -> bool {
        self.misfit(request).is_none()
    }

    /// Begins to look after what earlier sales have left, beside whatever goes on.
    pub(super) fn begin_watch(&mut self) {
        let watch = std::mem::take(&mut self.sale.watch).begun(self);
        self.sale.watch = watch;
    }

    /// A fact that is not for the present state: for the watch, or for nobody any more.
    pub(super) fn watched(&mut self, state: State, round: Round, fact: Fact) -> State {
        let watch = std::mem::take(&mut self.sale.watch).happened(round, fact, self);
        self.sale.watch = watch;

        self.after_watch(state)
    }
}
