use std::time::Duration;

use crate::sale::creating::Step;
use crate::sale::{
    Accepted, Announcement, Cause, Command, Creating, Delay, Effect, Ended, Ending, Job,
    NewRequest, Order, PaidByLine, Record, Rules, Sale, State, Sum, Timer, Timing, Voiding,
    WaitingFor,
};

/// How long leaving may take: long enough for a void on a slow line, short enough for a till that
/// waits for the program to end.
const LEAVING: Duration = Duration::from_secs(3);

/// One turn of the machine: what a state may look at, and what it asks for.
pub(super) struct Turn<'a> {
    sale: &'a mut Sale,
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

    pub(super) fn order(&self) -> Option<&Order> {
        self.sale.order.as_ref()
    }

    pub(super) fn rules(&self) -> &Rules {
        &self.sale.rules
    }

    pub(super) fn timing(&self) -> Timing {
        self.sale.timing
    }

    pub(super) fn attempt(&self) -> u32 {
        self.sale.attempt
    }

    /// Has a job done for the current attempt.
    pub(super) fn run(&mut self, job: Job) {
        self.effects.push(Effect::Run {
            attempt: self.sale.attempt,
            job,
        });
    }

    /// Has something written to disk.
    pub(super) fn record(&mut self, record: Record) {
        let sale = self
            .order()
            .map(|order| order.reference.clone())
            .unwrap_or_default();
        self.run(Job::Record { sale, record });
    }

    pub(super) fn wake(&mut self, timer: Timer, delay: Delay) {
        self.run(Job::Wake { timer, delay });
    }

    pub(super) fn announce(&mut self, announcement: Announcement) {
        self.effects.push(Effect::Announce(announcement));
    }

    pub(super) fn announce_waiting(&mut self, reason: WaitingFor, message: Option<String>) {
        let attempt = self.attempt();
        self.announce(Announcement::Waiting {
            attempt,
            reason,
            message,
        });
    }

    /// The create that the current attempt sends; `None` while there is no order.
    pub(super) fn new_request(&self) -> Option<NewRequest> {
        let order = self.order()?;

        Some(NewRequest {
            base_url: self.rules().base_url.to_string(),
            config_id: order.merchant.config_id.clone(),
            amount: order.amount,
            external_ref: order.external_ref(self.attempt()),
            expiry_seconds: order.merchant.expiry_seconds,
            operator: order.operator.clone(),
        })
    }

    /// Begins a new attempt, with a reference of its own: W1, and the create once that is on disk.
    pub(super) fn new_attempt(&mut self, creating: Creating) -> State {
        self.sale.attempt += 1;
        let (Some(request), Some(order)) = (self.new_request(), self.order()) else {
            return State::Entry;
        };
        let merchant = order.merchant_key.to_string();
        self.record(Record::Intent { request, merchant });

        State::Creating(creating)
    }

    /// The attempt reached an ending.
    pub(super) fn end(&mut self, ending: Ending, request: Option<Accepted>) -> State {
        let attempt = self.attempt();
        self.record(Record::Verdict {
            ending: ending.clone(),
        });
        self.announce(Announcement::Ended {
            attempt,
            id: request.as_ref().map(|request| request.id.to_string()),
            outcome: ending.name(),
        });
        let ended = Ended::new(ending, request);
        if self.sale.leaving {
            return self.exit(ended);
        }
        ended.leave_later(self);

        State::Ended(ended)
    }

    /// Tells the outcome, once, and leaves.
    pub(super) fn exit(&mut self, ended: Ended) -> State {
        if !std::mem::replace(&mut self.sale.told_outcome, true) {
            let outcome = self.outcome(ended.ending(), ended.request());
            self.announce(outcome);
            self.effects.push(Effect::Exit(ended.ending().exit_code()));
        }

        State::Ended(ended)
    }

    fn outcome(&self, ending: &Ending, request: Option<&Accepted>) -> Announcement {
        let (paid_by, remaining) = match ending {
            Ending::Paid { by, .. } => (by.as_slice(), None),
            Ending::PartPaid { by, remaining } => (by.as_slice(), Some(*remaining)),
            _ => (&[][..], None),
        };

        Announcement::Outcome {
            outcome: ending.name(),
            id: request.map(|request| request.id.to_string()),
            short_code: request
                .and_then(|request| request.short_code.as_ref())
                .map(ToString::to_string),
            external_ref: self.order().map(|order| order.external_ref(self.attempt())),
            amount: self.order().map(|order| order.amount.into()),
            paid_by: paid_by.iter().map(PaidByLine::from).collect(),
            remaining: remaining.map(Sum::from),
            reason: ending.reason(),
        }
    }

    /// Closed before anything was sold.
    pub(super) fn abandon(&mut self) -> State {
        self.exit(Ended::new(Ending::Cancelled { reason: None }, None))
    }

    /// The window closes or the system wants the program to end: the code goes at once, the
    /// request is voided, and what is known after three seconds is the outcome.
    pub(super) fn leave(&mut self, state: State) -> State {
        if std::mem::replace(&mut self.sale.leaving, true) {
            return state;
        }
        self.wake(Timer::LeaveNow, Delay::For(LEAVING));

        match state {
            State::Creating(creating) => creating.cancel(self),
            State::Presenting(presenting) => {
                Voiding::begin(presenting.into_request(), Cause::Cashier, true, self)
            }
            State::Waiting(waiting) => {
                Voiding::begin(waiting.into_request(), Cause::Cashier, true, self)
            }
            State::Voiding(voiding) => voiding.asked(&Command::Leave),
            other => other,
        }
    }

    /// The time for leaving is over: whatever is not settled stays open in the journal.
    pub(super) fn leave_now(&mut self, state: State) -> State {
        match state {
            State::Creating(creating) => {
                let request = match creating.into_step() {
                    Step::Preparing { request, .. } | Step::Showing { request, .. } => {
                        Some(request)
                    }
                    Step::Recording | Step::Asking | Step::Pausing(_) => None,
                };
                self.end(Ending::Cancelled { reason: None }, request)
            }
            State::Voiding(voiding) => voiding.give_up(self),
            State::Presenting(presenting) => {
                let request = presenting.into_request();
                self.end(Ending::unknown(), Some(request))
            }
            State::Waiting(waiting) => {
                let request = waiting.into_request();
                self.end(Ending::unknown(), Some(request))
            }
            other => other,
        }
    }
}
