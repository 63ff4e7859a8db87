use std::time::Duration;

use crate::domain::money::Amount;
use crate::domain::order::Order;
use crate::domain::payment::{PaidBy, PaymentRequest, Status};
use crate::sale::answers::verdict::{self, Verdict};
use crate::sale::answers::{echo_check, lost_create};
use crate::sale::{
    Accepted, Announcement, AttemptKey, Delay, Earlier, Effect, Ending, Fact, Generation, Job,
    LostCreate, Mismatch, Moment, NewRequest, PaidByLine, Progress, Record, Sale, State, Sum,
    Timer, Void, WaitingFor,
};

/// One step of the machine: the sale, and the effects that a state asks for.
pub(crate) struct Transition<'a> {
    pub(super) sale: &'a mut Sale,
    effects: Vec<Effect>,
}

impl<'a> Transition<'a> {
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

    /// The order of the current attempt.
    pub(super) fn order(&self) -> Option<&Order> {
        self.sale.current.as_ref().map(|current| &current.order)
    }

    /// The order that was asked for.
    pub(super) fn asked(&self) -> Option<&Order> {
        self.sale.asked.as_ref()
    }

    pub(super) fn attempt(&self) -> u32 {
        self.sale.attempt()
    }

    /// Begins a new round. Facts of earlier rounds are dropped.
    pub(super) fn begin_round(&mut self) {
        self.sale.round = self.fresh_round();
    }

    /// Returns a new round number; the current round goes on.
    pub(super) fn fresh_round(&mut self) -> Generation {
        self.sale.newest_round = self.sale.newest_round.next();

        self.sale.newest_round
    }

    /// The result of the voids of the current attempt.
    pub(super) fn void(&self) -> Void {
        self.sale
            .current
            .as_ref()
            .map_or(Void::NotSent, |current| current.void)
    }

    pub(super) fn set_void(&mut self, void: Void) {
        if let Some(current) = &mut self.sale.current {
            current.void = void;
        }
    }

    /// Whether the current attempt was created with the patron's code.
    pub(super) fn is_patron_presented(&self) -> bool {
        let current = self.sale.current.as_ref();

        current.is_some_and(|current| current.patron_presented)
    }

    /// The lost create of the current attempt, if it may be paid.
    pub(super) fn lost(&self) -> Option<LostCreate> {
        self.sale.current.as_ref()?.lost.clone()
    }

    pub(super) fn set_lost(&mut self, lost: LostCreate) {
        if let Some(current) = &mut self.sale.current {
            current.lost = Some(lost);
        }
    }

    /// Runs a job for the current state.
    pub(super) fn run(&mut self, job: Job) {
        self.run_for(self.sale.round, job);
    }

    pub(super) fn run_for(&mut self, round: Generation, job: Job) {
        self.effects.push(Effect::Run { round, job });
    }

    /// Writes a record of the current attempt to disk.
    pub(super) fn record(&mut self, record: Record) {
        if let Some(current) = &self.sale.current {
            let key = current.key();
            self.record_for(self.sale.round, key, record);
        }
    }

    pub(super) fn record_for(&mut self, round: Generation, key: AttemptKey, record: Record) {
        self.run_for(round, Job::Record { key, record });
    }

    pub(super) fn record_progress(&mut self, progress: Progress) {
        self.record(Record::Progress(progress));
    }

    pub(super) fn wake(&mut self, timer: Timer, delay: Delay) {
        self.run(Job::Wake { timer, delay });
    }

    /// Tells the till, unless this step has already made the same announcement.
    pub(super) fn announce(&mut self, announcement: Announcement) {
        let announce = Effect::Announce(announcement);
        if !self.effects.contains(&announce) {
            self.effects.push(announce);
        }
    }

    /// Ends the launch.
    pub(super) fn exit_with(&mut self, code: u8) {
        self.sale.is_over = true;
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

    /// Announces that a part was paid and that more may follow.
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

    /// Returns the create of the current attempt, or `None` without an order.
    pub(super) fn new_request(&self) -> Option<NewRequest> {
        let order = self.order()?;

        Some(NewRequest {
            base_url: self.sale.rules.base_url.to_string(),
            config_id: order.merchant.config_id.clone(),
            amount: order.amount,
            external_ref: order.external_ref(self.attempt()),
            expiry_seconds: order.merchant.expiry_seconds,
            operator: order.operator.clone(),
            particulars: order.particulars.clone(),
            barcode: order.barcode(self.attempt()).cloned(),
        })
    }

    /// Returns the data of the request that the sale needs, if the request fits the order of the attempt.
    pub(super) fn fit(&self, request: &PaymentRequest, sent_at: Moment) -> Option<Accepted> {
        self.sale.rules.fit(self.order()?, request, sent_at).ok()
    }

    /// Returns the job that looks for the request of a lost create. `None` without an account, or without a token:
    /// another counter may use the same reference then.
    pub(super) fn look_up(&self) -> Option<Job> {
        let order = self.order()?;
        let proves = order.token.is_some();

        Some(Job::LookUp {
            external_ref: order.external_ref(self.attempt()),
            account_id: order.merchant.account_id.clone().filter(|_| proves)?,
        })
    }

    /// Whether the create of the current attempt made this request, which was found under the attempt's reference.
    /// `since`: the time since that create, if known.
    pub(super) fn has_made(&self, request: &PaymentRequest, since: Option<Duration>) -> bool {
        self.order()
            .is_some_and(|order| lost_create::is_made_by(order, self.attempt(), since, request))
    }

    /// Whether an answer states a reference that is not the current attempt's.
    pub(super) fn has_other_reference(&self, request: &PaymentRequest) -> bool {
        self.order()
            .is_some_and(|order| lost_create::has_other_reference(order, self.attempt(), request))
    }

    /// Returns the verdict of an answer about the current attempt. Money from earlier answers counts too.
    pub(super) fn verdict(&mut self, request: &PaymentRequest) -> Verdict {
        let Some(current) = &self.sale.current else {
            return Verdict::Open;
        };
        let verdict = Verdict::of(&current.order, request, current.had_money);
        let tells_of_money =
            request.status == Status::Paid || request.has_money(current.order.amount);
        let is_payment = matches!(&verdict, Verdict::Ended(ending) if ending.is_money());
        // A payment needs no record of its own: the journal gets it with the ending.
        if tells_of_money && !is_payment {
            self.record_money();
        }

        verdict
    }

    /// Records that money came in or went back. From now on, an answer without money does not prove that none came in.
    pub(super) fn record_money(&mut self) {
        if let Some(current) = &mut self.sale.current
            && !current.had_money
        {
            current.had_money = true;
            self.record_progress(Progress::Money);
        }
    }

    /// Returns the ending of the current attempt after the platform calls its request paid.
    pub(super) fn paid(&self, request: &PaymentRequest, kept: bool) -> Ending {
        self.order()
            .map_or_else(Ending::unknown, |order| verdict::paid(order, request, kept))
    }

    /// Voids an open request that this sale does not use. Its code was never shown.
    pub(super) fn void_stray(&mut self, request: &PaymentRequest) {
        if let Some(current) = &self.sale.current
            && request.status == Status::New
        {
            let stray = Earlier::stray(current.order.clone(), current.attempt, request);
            self.sale.watch.add(stray);
        }
    }

    /// Returns the first difference between an answer and the order of the attempt.
    pub(super) fn mismatch(&self, request: &PaymentRequest) -> Option<Mismatch> {
        let order = self.order()?;

        echo_check::same_terms(order, request).err()
    }

    pub(super) fn fits(&self, request: &PaymentRequest) -> bool {
        self.mismatch(request).is_none()
    }

    /// Begins to check attempts of earlier sales, while this sale goes on.
    pub(super) fn begin_watch(&mut self) {
        let watch = std::mem::take(&mut self.sale.watch).advance(self);
        self.sale.watch = watch;
    }

    /// Passes a fact that is not of the current round to the watch.
    pub(super) fn watched(&mut self, state: State, round: Generation, fact: Fact) -> State {
        let watch = std::mem::take(&mut self.sale.watch).happened(round, fact, self);
        self.sale.watch = watch;

        self.after_watch(state)
    }
}
