//! The driver of the tests: it hands events to a sale, and keeps the jobs and announcements that follow.

use std::time::Duration;

use url::Url;

pub(super) use super::fixtures::*;
use crate::domain::order::Order;
use crate::domain::payment::{
    Activity, ActivityKind, CancellationReason, Failure, PaymentRequest, Status,
};
use crate::domain::payment::{PayHost, QrContent};
use crate::sale::{
    Announcement, Ask, Command, Delay, Effect, Ending, Event, Fact, Generation, Job, Mark, Moment,
    Progress, Recollection, Record, Rules, Sale, Standing, State, Timer, Timing, Wakeup,
};

/// A sale, the jobs that it started and the announcements that it made.
pub(super) struct Till {
    pub(super) sale: Sale,
    /// Jobs of the current round.
    pub(super) jobs: Vec<Job>,
    /// Jobs of other rounds: the watch's jobs, and jobs of earlier rounds.
    pub(super) watch_jobs: Vec<(Generation, Job)>,
    pub(super) told: Vec<Announcement>,
    pub(super) exits: Vec<u8>,
}

/// Defines methods that return the state they are named after, and panic in any other state.
macro_rules! states {
    ($($name:ident: $state:ident,)+) => {
        $(pub(super) fn $name(&self) -> &crate::sale::$state {
            match self.sale.state() {
                State::$state(state) => state,
                state => panic!("{}: {state:?}", stringify!($name)),
            }
        })+
    };
}

impl Till {
    pub(super) fn rules() -> Rules {
        Rules {
            base_url: Url::parse("https://service.centrapay.com").unwrap(),
            pay_hosts: vec![PayHost {
                host: "app.centrapay.com".to_owned(),
                port: None,
            }],
            content: QrContent::PaymentUrl,
        }
    }

    pub(super) fn timing() -> Timing {
        Timing {
            close_after: Duration::from_secs(8),
            leave_after: None,
            poll_every: Duration::from_secs(1),
            counters: 1,
            reference_lifetime: Duration::from_secs(30 * 24 * 60 * 60),
            outcome_at_once: false,
        }
    }

    pub(super) fn new() -> Self {
        Self {
            sale: Sale::new(Self::rules(), Self::timing()),
            jobs: Vec::new(),
            watch_jobs: Vec::new(),
            told: Vec::new(),
            exits: Vec::new(),
        }
    }

    /// Starts [`order`] with an empty journal.
    pub(super) fn start(&mut self) {
        self.start_after(Recollection::default());
    }

    /// Starts [`order`] with this journal.
    pub(super) fn start_after(&mut self, recollection: Recollection) {
        self.ask(Command::Start(order()));
        assert!(matches!(
            self.take_jobs().as_slice(),
            [Job::Recall { sale: Some(_) }]
        ));
        self.recalls(recollection);
    }

    pub(super) fn recalls(&mut self, recollection: Recollection) {
        self.happen(Fact::Recalled(Ok(recollection)));
    }

    pub(super) fn started_after(recollection: Recollection) -> Self {
        let mut till = Self::new();
        till.start_after(recollection);

        till
    }

    /// Returns a sale of [`order`] after an earlier launch left an attempt of the same sale in this standing.
    pub(super) fn resuming(standing: Standing) -> Self {
        Self::started_after(recalled(left(standing)))
    }

    /// Returns a sale of [`order`] after an earlier launch left an attempt of another sale in this standing.
    pub(super) fn after_other_sale(standing: Standing) -> Self {
        Self::started_after(recalled(left_of_another_sale(standing)))
    }

    /// Opens the program without an order. The journal has this.
    pub(super) fn opened(recollection: Recollection) -> Self {
        let mut till = Self::new();
        till.ask(Command::Open);
        till.recalls(recollection);

        till
    }

    /// Returns a sale whose create for this order is in flight.
    pub(super) fn creating(order: Order) -> Self {
        let mut till = Self::new();
        till.ask(Command::Start(order));
        till.recalls(Recollection::default());
        till.recorded(Mark::Intent);

        till
    }

    /// Returns a sale whose create for [`order`] is in flight.
    pub(super) fn asking() -> Self {
        let mut till = Self::new();
        till.start();
        till.recorded(Mark::Intent);
        assert!(matches!(till.take_jobs().as_slice(), [Job::Create(_)]));

        till
    }

    /// Returns a sale with its code on the screen.
    pub(super) fn presenting() -> Self {
        let mut till = Self::asking();
        till.show_code();
        assert!(matches!(till.sale.state(), State::Presenting(_)));
        till.jobs.clear();
        till.told.clear();

        till
    }

    /// Returns a sale with a code on the screen, after a poll with this answer.
    pub(super) fn after_poll(answer: PaymentRequest) -> Self {
        let mut till = Self::presenting();
        till.polled(Ok(answer));

        till
    }

    /// Returns a sale whose create was answered with an open request.
    pub(super) fn created_new() -> Self {
        let mut till = Self::asking();
        till.created(Ok(request(Status::New)));

        till
    }

    /// Returns a sale whose code is ready to be drawn.
    pub(super) fn ready() -> Self {
        let mut till = Self::asking();
        till.prepare_code();

        till
    }

    /// Returns a cancelled sale whose voids and reads the platform left unanswered.
    pub(super) fn unknown() -> Self {
        let mut till = Self::presenting();
        till.ask(Command::Cancel);
        till.void_and_reads_are_lost();
        assert_eq!(till.ending().name(), "unknown");

        till
    }

    /// Returns a sale whose void was refused with this code, so that the payment is valid.
    pub(super) fn kept(code: &str) -> Self {
        let mut till = Self::voided(Err(refused(403, code)));
        till.read(Ask::Verdict, Ok(request(Status::Paid)));
        till.listed(&[]);
        till.jobs.clear();

        till
    }

    /// Answers the create and makes the code ready to be drawn.
    pub(super) fn prepare_code(&mut self) {
        self.created(Ok(request(Status::New)));
        self.make_code_ready();
    }

    pub(super) fn make_code_ready(&mut self) {
        self.recorded(Mark::Created);
        self.encoded();
        self.recorded(Mark::Shown);
    }

    /// Answers the create and brings the code to the screen.
    pub(super) fn show_code(&mut self) {
        self.prepare_code();
        self.happen(Fact::Shown);
    }

    /// Returns a sale whose void is in flight after its code was shown.
    pub(super) fn voiding() -> Self {
        let mut till = Self::presenting();
        till.ask(Command::Cancel);
        till.recorded(Mark::Voiding);

        till
    }

    /// Returns a sale whose void got this answer after its code was shown. The request is being read.
    pub(super) fn voided(answer: Result<Activity, Failure>) -> Self {
        let mut till = Self::voiding();
        till.happen(Fact::Voided(answer));
        till.jobs.clear();

        till
    }

    pub(super) fn ask(&mut self, command: Command) {
        let effects = self.sale.handle(Event::Asked(command));
        self.take_in(effects);
    }

    /// Handles a fact of the current round.
    pub(super) fn happen(&mut self, fact: Fact) {
        self.happen_in(self.sale.round(), fact);
    }

    pub(super) fn happen_in(&mut self, round: Generation, fact: Fact) {
        let effects = self.sale.handle(Event::Happened { round, fact });
        self.take_in(effects);
    }

    /// Handles a fact of the latest job of the watch.
    pub(super) fn happen_in_watch(&mut self, fact: Fact) {
        let round = self.watch_jobs.last().expect("a job of the watch").0;
        self.happen_in(round, fact);
    }

    pub(super) fn read_in_watch(&mut self, answer: Result<PaymentRequest, Failure>) {
        self.happen_in_watch(read(Ask::Again, answer));
    }

    pub(super) fn found_in_watch(&mut self, at: Moment, found: Vec<PaymentRequest>) {
        let answer = Ok(found);
        self.happen_in_watch(Fact::Found { at, answer });
    }

    fn take_in(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Run { round, job } if round == self.sale.round() => self.jobs.push(job),
                Effect::Run { round, job } => self.watch_jobs.push((round, job)),
                Effect::Announce(announcement) => self.told.push(announcement),
                Effect::Exit(code) => self.exits.push(code),
            }
        }
    }

    pub(super) fn recorded(&mut self, mark: Mark) {
        assert!(
            self.records(mark),
            "{mark:?} was not asked for: {:?}",
            self.jobs
        );
        self.jobs.retain(|job| !is_record(job, mark));
        self.happen(Fact::Recorded(mark));
    }

    pub(super) fn not_recorded(&mut self, mark: Mark) {
        self.happen(Fact::NotRecorded(mark, "disk full".to_owned()));
    }

    pub(super) fn created(&mut self, answer: Result<PaymentRequest, Failure>) {
        self.happen(Fact::Created {
            sent_at: Moment::default(),
            at: Moment::default(),
            answer,
        });
    }

    pub(super) fn encoded(&mut self) {
        self.happen(Fact::Encoded(Ok(code())));
    }

    pub(super) fn polled(&mut self, answer: Result<PaymentRequest, Failure>) {
        self.read(Ask::Poll, answer);
    }

    pub(super) fn read(&mut self, ask: Ask, answer: Result<PaymentRequest, Failure>) {
        self.happen(read(ask, answer));
    }

    pub(super) fn wake(&mut self, timer: Timer) {
        self.wake_at(timer, Moment::default());
    }

    pub(super) fn wake_at(&mut self, timer: Timer, at: Moment) {
        self.happen(Fact::Woke(timer, Wakeup { at, slept: false }));
    }

    pub(super) fn sleep(&mut self) {
        self.happen(Fact::Woke(
            Timer::Poll,
            Wakeup {
                at: Moment::default(),
                slept: true,
            },
        ));
    }

    pub(super) fn found(&mut self, answer: Result<Vec<PaymentRequest>, Failure>) {
        let at = Moment::default();
        self.happen(Fact::Found { at, answer });
    }

    pub(super) fn listed(&mut self, kinds: &[ActivityKind]) {
        let listed = kinds.iter().cloned().map(activity).collect();
        self.happen(Fact::Activities(Ok(listed)));
    }

    /// Records the void and answers it. Then the platform calls the request cancelled.
    pub(super) fn void_succeeds(&mut self) {
        self.recorded(Mark::Voiding);
        self.happen(Fact::Voided(Ok(activity(ActivityKind::Cancellation))));
        let cancelled = cancelled_by(CancellationReason::CancelledByMerchant);
        self.read(Ask::Verdict, Ok(cancelled));
    }

    /// Leaves the three reads after a void unanswered.
    pub(super) fn verdict_reads_are_lost(&mut self) {
        for _ in 0..2 {
            self.read(Ask::Verdict, Err(lost()));
            self.wake(Timer::Revoid);
        }
        self.read(Ask::Verdict, Err(lost()));
    }

    /// Leaves three voids and the three reads after them unanswered.
    pub(super) fn void_and_reads_are_lost(&mut self) {
        self.recorded(Mark::Voiding);
        for _ in 0..2 {
            self.happen(Fact::Voided(Err(lost())));
            self.wake(Timer::Revoid);
        }
        self.happen(Fact::Voided(Err(lost())));
        self.verdict_reads_are_lost();
    }

    pub(super) fn take_jobs(&mut self) -> Vec<Job> {
        std::mem::take(&mut self.jobs)
    }

    pub(super) fn ending(&self) -> &Ending {
        self.ended_state().ending()
    }

    states! {
        ended_state: Ended,
        presenting_state: Presenting,
        waiting_state: Waiting,
        creating_state: Creating,
        voiding_state: Voiding,
    }

    pub(super) fn asked_for(&self, wanted: impl Fn(&Job) -> bool) -> bool {
        self.jobs.iter().any(wanted)
    }

    /// Whether the current round asked for a record with this mark.
    pub(super) fn records(&self, mark: Mark) -> bool {
        self.asked_for(|job| is_record(job, mark))
    }

    pub(super) fn count_told(&self, wanted: impl Fn(&Announcement) -> bool) -> usize {
        self.told.iter().filter(|told| wanted(told)).count()
    }

    /// Returns the outcome of each announced earlier sale, and whether it was late.
    pub(super) fn earlier_told(&self) -> Vec<(&'static str, bool)> {
        self.told
            .iter()
            .filter_map(|told| match told {
                Announcement::Earlier { outcome, late, .. } => Some((outcome.as_str(), *late)),
                _ => None,
            })
            .collect()
    }

    /// The records of progress in the current round.
    pub(super) fn progress(&self) -> Vec<&Progress> {
        self.jobs
            .iter()
            .filter_map(|job| match job {
                Job::Record {
                    record: Record::Progress(progress),
                    ..
                } => Some(progress),
                _ => None,
            })
            .collect()
    }

    pub(super) fn count_in_watch(&self, wanted: impl Fn(&Job) -> bool) -> usize {
        self.watch_jobs
            .iter()
            .filter(|(_, job)| wanted(job))
            .count()
    }

    pub(super) fn jobs_in_watch(&self) -> Vec<Job> {
        self.watch_jobs.iter().map(|(_, job)| job.clone()).collect()
    }

    pub(super) fn records_in_watch(&self, mark: Mark) -> Vec<&Record> {
        self.watch_jobs
            .iter()
            .filter_map(|(_, job)| match job {
                Job::Record { record, .. } if record.mark() == mark => Some(record),
                _ => None,
            })
            .collect()
    }

    pub(super) fn wakes_for(&self, wanted: Timer) -> Option<Delay> {
        self.jobs.iter().find_map(|job| match job {
            Job::Wake { timer, delay } if *timer == wanted => Some(*delay),
            _ => None,
        })
    }
}
