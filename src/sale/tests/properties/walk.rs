//! A sale whose surroundings do as they like: what is under way leads to something in any order.

use std::time::Duration;

use proptest::sample::Index;

use super::super::till::*;
use crate::payment::{Activity, ActivityKind, Failure, PaymentRequest, Status};
use crate::sale::{
    Announcement, Command, Effect, Event, Fact, Job, Moment, Order, Recollection, Round, Sale,
    State,
};

/// The sale, and what it has asked for so far.
pub(super) struct Walk {
    pub(super) sale: Sale,
    /// What has led to nothing yet.
    pub(super) under_way: Vec<(Round, Job)>,
    /// Everything, in order.
    pub(super) asked_for: Vec<Job>,
    pub(super) told: Vec<Announcement>,
    pub(super) exits: Vec<u8>,
    /// What the platform has answered to creates and look-ups.
    pub(super) made: Vec<PaymentRequest>,
    now: Moment,
}

/// What one of the jobs that are under way leads to, whichever it is.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) answer: Result<PaymentRequest, Failure>,
    /// What a look-up finds.
    pub(super) found: Vec<PaymentRequest>,
    pub(super) voided: Result<Activity, Failure>,
    pub(super) listed: Result<Vec<Activity>, Failure>,
    /// Whether the disk takes what is written, and the code can be read.
    pub(super) works: bool,
    /// What it took.
    pub(super) took: Duration,
}

impl Reply {
    /// Everything goes well, and the request stands so.
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

/// One of the jobs that are under way is done.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) which: Index,
    pub(super) reply: Reply,
}

impl Walk {
    /// A sale that begins, where earlier launches have left nothing.
    pub(super) fn started(order: Order) -> Self {
        Self::started_after(order, Recollection::default())
    }

    /// A sale that begins, where earlier launches have left this.
    pub(super) fn started_after(order: Order, left: Recollection) -> Self {
        let mut walk = Self {
            sale: Sale::new(Till::rules(), Till::timing()),
            under_way: Vec::new(),
            asked_for: Vec::new(),
            told: Vec::new(),
            exits: Vec::new(),
            made: Vec::new(),
            now: Moment::default(),
        };
        walk.ask(Command::Start(order));
        walk.under_way.clear();
        walk.happen(Fact::Recalled(Ok(left)));

        walk
    }

    /// A sale whose code is on the screen.
    pub(super) fn presenting() -> Self {
        let mut walk = Self::started(order());
        while !walk.shows_a_code() {
            let step = walk.position(|job| !matches!(job, Job::Wake { .. }));
            walk.done(step.unwrap(), &Reply::good(Status::New));
        }
        walk.happen(Fact::Shown);

        walk
    }

    pub(super) fn shows_a_code(&self) -> bool {
        matches!(self.sale.state(), State::Presenting(_))
    }

    /// The ending that is on the screen.
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

    /// A fact for the current round. What the sale asks for then.
    pub(super) fn happen(&mut self, fact: Fact) -> Vec<Job> {
        self.happen_in(self.sale.round(), fact)
    }

    fn happen_in(&mut self, round: Round, fact: Fact) -> Vec<Job> {
        let effects = self.sale.handle(Event::Happened { round, fact });

        self.take_in(effects)
    }

    fn take_in(&mut self, effects: Vec<Effect>) -> Vec<Job> {
        let mut asked_for = Vec::new();
        for effect in effects {
            match effect {
                Effect::Run { round, job } => {
                    self.under_way.push((round, job.clone()));
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
        self.under_way.iter().position(|(_, job)| wanted(job))
    }

    /// Of the jobs that may be done now, one is. What the sale asks for then.
    pub(super) fn take(&mut self, step: &Step, may_be_done: impl Fn(&Job) -> bool) -> Vec<Job> {
        let may: Vec<usize> = (0..self.under_way.len())
            .filter(|at| may_be_done(&self.under_way[*at].1))
            .collect();
        if may.is_empty() {
            return Vec::new();
        }

        self.done(may[step.which.index(may.len())], &step.reply)
    }

    pub(super) fn done(&mut self, at: usize, reply: &Reply) -> Vec<Job> {
        let (round, job) = self.under_way.remove(at);
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
                // What is found with other terms is somebody else's, and left alone.
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
            Job::Read { ask, .. } => Fact::Read {
                ask,
                at,
                answer: reply.answer,
            },
            Job::Answer { condition, .. } => Fact::Answered {
                condition,
                answer: reply.voided,
            },
            Job::Void(_) => Fact::Voided(reply.voided),
            Job::ListActivities(_) => Fact::Activities(reply.listed),
            Job::Wake { timer, .. } => Fact::Woke {
                timer,
                at,
                slept: false,
            },
        }
    }
}

/// Whether it goes over the network.
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
