//! A sale whose jobs end in any order and with any result.

use std::time::Duration;

use proptest::sample::Index;

use super::super::till::*;
use crate::domain::order::Order;
use crate::domain::payment::{Activity, ActivityKind, Failure, PaymentRequest, Status};
use crate::sale::{
    Announcement, Command, Effect, Event, Fact, Generation, Job, Moment, Recollection, Sale, State,
    Wakeup,
};

/// A sale with its jobs and announcements.
pub(super) struct Simulation {
    pub(super) sale: Sale,
    /// Jobs in flight.
    pub(super) in_flight: Vec<(Generation, Job)>,
    /// All jobs so far, in order.
    pub(super) asked_for: Vec<Job>,
    pub(super) told: Vec<Announcement>,
    pub(super) exits: Vec<u8>,
    /// Requests that the platform made, as its answers to creates and look-ups say.
    pub(super) made: Vec<PaymentRequest>,
    now: Moment,
}

/// The results that a job may have, one for each kind of job.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) answer: Result<PaymentRequest, Failure>,
    /// The requests that a look-up finds.
    pub(super) found: Vec<PaymentRequest>,
    pub(super) voided: Result<Activity, Failure>,
    pub(super) listed: Result<Vec<Activity>, Failure>,
    /// Whether a record is saved, and whether a code can be read.
    pub(super) works: bool,
    /// The duration of the job.
    pub(super) took: Duration,
}

impl Reply {
    /// Returns a reply in which everything succeeds and the request has this status.
    pub(super) fn good(status: Status) -> Self {
        let cancelled = activity(ActivityKind::Cancellation);

        Self {
            answer: Ok(request(status)),
            found: Vec::new(),
            voided: Ok(cancelled.clone()),
            listed: Ok(vec![cancelled]),
            works: true,
            took: Duration::from_millis(50),
        }
    }
}

/// A step of the simulation: one job in flight ends.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) which: Index,
    pub(super) reply: Reply,
}

impl Simulation {
    /// Returns a new sale with an empty journal.
    pub(super) fn started(order: Order) -> Self {
        let mut simulation = Self {
            sale: Sale::new(Till::rules(), Till::timing()),
            in_flight: Vec::new(),
            asked_for: Vec::new(),
            told: Vec::new(),
            exits: Vec::new(),
            made: Vec::new(),
            now: Moment::default(),
        };
        simulation.ask(Command::Start(order));
        simulation.in_flight.clear();
        simulation.happen(Fact::Recalled(Ok(Recollection::default())));

        simulation
    }

    /// Returns a sale with a code on the screen.
    pub(super) fn presenting() -> Self {
        let mut simulation = Self::started(order());
        while !simulation.shows_a_code() {
            let step = simulation.position(|job| !matches!(job, Job::Wake { .. }));
            simulation.done(step.unwrap(), &Reply::good(Status::New));
        }
        simulation.happen(Fact::Shown);

        simulation
    }

    pub(super) fn shows_a_code(&self) -> bool {
        matches!(self.sale.state(), State::Presenting(_))
    }

    /// Returns the name of the ending on the screen, if any.
    pub(super) fn ending(&self) -> Option<&'static str> {
        match self.sale.state() {
            State::Ended(ended) => Some(ended.ending().name()),
            _ => None,
        }
    }

    pub(super) fn ask(&mut self, command: Command) -> Vec<Job> {
        let effects = self.sale.handle(Event::Asked(command));

        self.take_in(effects)
    }

    /// Handles a fact of the current round and returns the new jobs.
    pub(super) fn happen(&mut self, fact: Fact) -> Vec<Job> {
        self.happen_in(self.sale.round(), fact)
    }

    fn happen_in(&mut self, round: Generation, fact: Fact) -> Vec<Job> {
        let effects = self.sale.handle(Event::Happened { round, fact });

        self.take_in(effects)
    }

    fn take_in(&mut self, effects: Vec<Effect>) -> Vec<Job> {
        let mut asked_for = Vec::new();
        for effect in effects {
            match effect {
                Effect::Run { round, job } => {
                    self.in_flight.push((round, job.clone()));
                    asked_for.push(job);
                }
                Effect::Announce(announcement) => self.told.push(announcement),
                Effect::Exit(code) => self.exits.push(code),
            }
        }
        self.asked_for.extend(asked_for.iter().cloned());

        asked_for
    }

    pub(super) fn position(&self, wanted: impl Fn(&Job) -> bool) -> Option<usize> {
        self.in_flight.iter().position(|(_, job)| wanted(job))
    }

    /// Ends one of the allowed jobs in flight and returns the new jobs.
    pub(super) fn take(&mut self, step: &Step, may_be_done: impl Fn(&Job) -> bool) -> Vec<Job> {
        let may: Vec<usize> = (0..self.in_flight.len())
            .filter(|at| may_be_done(&self.in_flight[*at].1))
            .collect();
        if may.is_empty() {
            return Vec::new();
        }

        self.done(may[step.which.index(may.len())], &step.reply)
    }

    pub(super) fn done(&mut self, at: usize, reply: &Reply) -> Vec<Job> {
        let (round, job) = self.in_flight.remove(at);
        let fact = self.led_to(job, reply.clone());

        self.happen_in(round, fact)
    }

    fn led_to(&mut self, job: Job, reply: Reply) -> Fact {
        let sent_at = self.now;
        self.now = self.now.plus(reply.took);
        let (at, works) = (self.now, reply.works);
        match job {
            Job::Recall { .. } => Fact::Recalled(Ok(Recollection::default())),
            Job::Record { record, .. } if works => Fact::Recorded(record.mark()),
            Job::Record { record, .. } => Fact::NotRecorded(record.mark(), "full".to_owned()),
            Job::Create(_) => {
                self.made.extend(reply.answer.iter().cloned());

                Fact::Created {
                    sent_at,
                    at,
                    answer: reply.answer,
                }
            }
            Job::LookUp { .. } => {
                let order = self.sale.order();
                // A found request with other terms is not this sale's.
                let ours = reply
                    .found
                    .iter()
                    .filter(|found| found.value == order.map(|order| order.amount));
                self.made.extend(ours.cloned());
                let answer = Ok(reply.found);

                Fact::Found { at, answer }
            }
            Job::Encode(_) if works => Fact::Encoded(Ok(code())),
            Job::Encode(_) => Fact::Encoded(Err("it cannot be read".to_owned())),
            Job::Read { ask, .. } => Fact::Read(ask, at, reply.answer),
            Job::Answer { condition, .. } => Fact::Answered {
                condition,
                answer: reply.voided,
            },
            Job::Void(_) => Fact::Voided(reply.voided),
            Job::ListActivities(_) => Fact::Activities(reply.listed),
            Job::Wake { timer, .. } => Fact::Woke(timer, Wakeup { at, slept: false }),
        }
    }
}

/// Whether the job calls the platform.
pub(super) fn is_call(job: &Job) -> bool {
    matches!(
        job,
        Job::Create(_)
            | Job::LookUp { .. }
            | Job::Read { .. }
            | Job::Answer { .. }
            | Job::Void(_)
            | Job::ListActivities(_)
    )
}
