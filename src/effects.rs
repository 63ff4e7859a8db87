//! Runs what the state machine asks for and reports what it led to. Used by the window, and
//! without one.

mod access;
mod announcer;
mod head_start;
mod log;
mod wakefulness;

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};

use crate::centrapay::Client;
use crate::config::key::KeySource;
use crate::journal::{Journal, JournalError};
use crate::payment::{ConditionId, Decision, RequestId};
use crate::qr::{Code, Drawing};
use crate::sale::{
    Announcement, Ask, AttemptKey, Command, Delay, Effect, Ending, Event, Fact, Job, Moment,
    NewRequest, Record, Round, Sale, Timer,
};
use crate::sound::{Speaker, Tone};
use crate::timing::timed;

use access::Access;
use log::Log;
use wakefulness::Wakefulness;

pub use announcer::Announcer;
pub use head_start::{Begun, Detour, Events, HeadStart};

/// However random a pause is, it is at least this long.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);

/// Everything a sale's effects need. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Effects {
    access: Access,
    journal: Journal,
    announcer: Announcer,
    speaker: Speaker,
    clock: Clock,
    wakefulness: Wakefulness,
    log: Log,
    drawing: Drawing,
    exit_code: Arc<OnceLock<u8>>,
}

/// The monotonic clock, read as [`Moment`]s.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    start: Instant,
    speed: u32,
}

impl Clock {
    /// A clock that starts now.
    pub fn start() -> Self {
        Self::start_at_speed(1)
    }

    fn start_at_speed(speed: u32) -> Self {
        Self {
            start: Instant::now(),
            speed: speed.max(1),
        }
    }

    /// The present moment.
    pub fn now(&self) -> Moment {
        Moment::after_start(self.start.elapsed() * self.speed)
    }

    /// The time since the start as the machine has it.
    fn awake(&self) -> Moment {
        Moment::after_start(self.start.elapsed())
    }

    /// How long a pause of this clock takes.
    fn real(&self, pause: Duration) -> Duration {
        pause / self.speed
    }
}

impl Effects {
    /// Effects that ask the platform by `client`, write to `journal` and tell `announcer`.
    pub fn new(client: Client, journal: Journal, announcer: Announcer) -> Self {
        Self {
            access: Access::new(client),
            journal,
            announcer,
            speaker: Speaker::Silent,
            clock: Clock::start(),
            wakefulness: Wakefulness::default(),
            log: Log::default(),
            drawing: Drawing::default(),
            exit_code: Arc::new(OnceLock::new()),
        }
    }

    /// The same, with the key read anew from `source` for each attempt.
    #[must_use]
    pub fn with_key_from(self, source: KeySource) -> Self {
        Self {
            access: self.access.renewed_from(source),
            ..self
        }
    }

    /// The same, with endings that are heard.
    #[must_use]
    pub fn with_speaker(self, speaker: Speaker) -> Self {
        Self { speaker, ..self }
    }

    /// The same, with codes that are proven as they will be drawn.
    #[must_use]
    pub fn with_codes_drawn_as(self, drawing: Drawing) -> Self {
        Self { drawing, ..self }
    }

    /// The same with a clock that starts now and runs so many times as fast, so that a rehearsal lives
    /// through a long day in minutes. How long the platform may take stays as it is.
    #[must_use]
    pub fn at_speed(self, speed: u32) -> Self {
        Self {
            clock: Clock::start_at_speed(speed),
            ..self
        }
    }

    /// The clock that the sale runs by.
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// The exit code that the sale has asked for; `None` while it goes on.
    pub fn exit_code(&self) -> Option<u8> {
        self.exit_code.get().copied()
    }

    /// Starts an effect. What takes time is returned as a future of the event it leads to; what
    /// does not is done at once and in order.
    pub fn start(&self, effect: Effect) -> Option<BoxFuture<'static, Event>> {
        match effect {
            Effect::Announce(announcement) => {
                log::told(&announcement);
                if let Some(tone) = tone_of(&announcement) {
                    self.speaker.play(tone);
                }
                self.announcer.tell(announcement);
                None
            }
            Effect::Exit(code) => {
                // The machine asks once; a second word would not count.
                let _ = self.exit_code.set(code);
                None
            }
            Effect::Run { round, job } => Some(self.run(round, job)),
        }
    }

    /// Runs a sale to its end without a window, from what it is asked for first, and answers with
    /// its exit code.
    pub async fn drive(&self, mut sale: Sale, first: Command) -> u8 {
        let mut under_way = FuturesUnordered::new();
        let mut event = Some(Event::Asked(first));
        while let Some(happened) = event {
            let effects = sale.handle(happened);
            under_way.extend(effects.into_iter().filter_map(|effect| self.start(effect)));
            if let Some(code) = self.exit_code() {
                return code;
            }
            event = under_way.next().await;
        }

        // Nothing is under way and it has not ended: nobody knows.
        Ending::unknown().exit_code()
    }

    /// Lets a sale leave whose window is gone, and answers with its exit code. `events`: what work leads to
    /// that is under way elsewhere.
    pub async fn leave(&self, mut sale: Sale, mut events: Option<Events>) -> u8 {
        let mut under_way = FuturesUnordered::new();
        let mut event = Event::Asked(Command::Leave);
        loop {
            let effects = sale.handle(event);
            under_way.extend(effects.into_iter().filter_map(|effect| self.start(effect)));
            if let Some(code) = self.exit_code() {
                return code;
            }
            let elsewhere = async {
                match &mut events {
                    Some(events) => events.next().await,
                    None => None,
                }
            };
            event = tokio::select! {
                Some(event) = under_way.next() => event,
                Some(event) = elsewhere => event,
                else => return Ending::unknown().exit_code(),
            };
        }
    }

    /// Waits until everything is written and told. To be called when the sale is over.
    pub fn finish(&self) {
        self.journal.close();
        self.announcer.finish();
        tracing::info!(
            exit_code = self.exit_code(),
            unreadable = self.access.client().unreadable_answers(),
            "everything is written and told"
        );
    }

    /// The same for another sale: nothing has ended it yet, and its time begins now.
    #[must_use]
    pub fn afresh(self) -> Self {
        Self {
            clock: Clock::start_at_speed(self.clock.speed),
            exit_code: Arc::default(),
            ..self
        }
    }

    /// Waits until everything of this sale is written and told, where the journal is needed for the next
    /// one.
    pub fn hand_back(&self) -> impl Future<Output = ()> + Send + use<> {
        self.announcer.finish();

        self.journal.written()
    }

    fn run(&self, round: Round, job: Job) -> BoxFuture<'static, Event> {
        let fact: BoxFuture<'static, Fact> = match job {
            Job::Recall { sale } => timed("recall", self.recall(sale)).boxed(),
            Job::Record { key, record } => timed("record", self.record(key, record)).boxed(),
            Job::Create(request) => timed("create", self.clone().create(request)).boxed(),
            Job::LookUp {
                external_ref,
                account_id,
            } => self.clone().look_up(external_ref, account_id).boxed(),
            Job::Encode(payload) => timed("code", encode(payload, self.drawing.clone()))
                .map(Fact::Encoded)
                .boxed(),
            Job::Read { id, ask } => self.clone().read(id, ask).boxed(),
            Job::Answer {
                id,
                condition,
                decision,
            } => self.clone().answer(id, condition, decision).boxed(),
            Job::Void(id) => self.clone().void(id).boxed(),
            Job::ListActivities(id) => self.clone().list_activities(id).boxed(),
            Job::Wake { timer, delay } => self.wake(timer, delay).boxed(),
        };

        fact.map(move |fact| Event::Happened { round, fact })
            .boxed()
    }

    /// The record joins the journal's queue now, so that leaving right after cannot lose it.
    fn record(&self, key: AttemptKey, record: Record) -> impl Future<Output = Fact> + Send + use<> {
        let mark = record.mark();
        match &record {
            Record::Intent { order, .. } => Log::intent(&key, order),
            Record::Verdict { ending, late } => Log::verdict(&key, ending, *late),
            _ => {}
        }
        let (clock, begun_at) = (self.clock, self.clock.now());

        self.journal
            .record(key, record)
            .map(move |written| match written {
                Ok(()) => {
                    Log::recorded(mark, clock.now().since(begun_at));

                    Fact::Recorded(mark)
                }
                Err(error @ JournalError::KnownRequest { .. }) => {
                    tracing::error!(%error, ?mark, "the platform answered with a request of another attempt");

                    Fact::Duplicate(mark)
                }
                Err(error) => {
                    tracing::error!(%error, ?mark, "a record could not be written");

                    Fact::NotRecorded(mark, error.to_string())
                }
            })
    }

    /// Asks the journal now, before anything is written that comes later.
    fn recall(&self, sale: Option<String>) -> impl Future<Output = Fact> + Send + use<> {
        self.journal.recall(sale).map(|recalled| {
            Fact::Recalled(recalled.map_err(|error| {
                tracing::error!(%error, "the journal cannot be read");

                error.to_string()
            }))
        })
    }

    async fn create(self, request: NewRequest) -> Fact {
        let client = self.access.renewed().await;
        let sent_at = self.clock.now();
        let answer = client.create(&request).await;
        let at = self.clock.now();
        Log::created(&request, &answer, at.since(sent_at));

        Fact::Created {
            sent_at,
            at,
            answer,
        }
    }

    async fn look_up(self, external_ref: String, account_id: String) -> Fact {
        let sent_at = self.clock.now();
        let client = self.access.client();
        let answer = client.look_up(&external_ref, &account_id).await;
        let at = self.clock.now();
        Log::looked_up(&external_ref, &answer, at.since(sent_at));

        Fact::Found { at, answer }
    }

    async fn read(self, id: RequestId, ask: Ask) -> Fact {
        let sent_at = self.clock.now();
        let client = self.access.client();
        let answer = client.read(&id).await;
        let at = self.clock.now();
        self.log
            .read(&id, &answer, at.since(sent_at), client.unreadable_answers());
        self.access.renewed_if_refused(&answer).await;

        Fact::Read { ask, at, answer }
    }

    async fn answer(self, id: RequestId, condition: ConditionId, decision: Decision) -> Fact {
        let sent_at = self.clock.now();
        let client = self.access.client();
        let answer = client.answer_condition(&id, &condition, decision).await;
        Log::answered(&id, decision, &answer, self.clock.now().since(sent_at));
        self.access.renewed_if_refused(&answer).await;

        Fact::Answered { condition, answer }
    }

    async fn void(self, id: RequestId) -> Fact {
        let sent_at = self.clock.now();
        Log::voiding(&id);
        let answer = self.access.client().void(&id).await;
        Log::voided(&id, &answer, self.clock.now().since(sent_at));
        self.access.renewed_if_refused(&answer).await;

        Fact::Voided(answer)
    }

    async fn list_activities(self, id: RequestId) -> Fact {
        let sent_at = self.clock.now();
        let answer = self.access.client().activities(&id).await;
        self.log
            .listed(&id, &answer, self.clock.now().since(sent_at));

        Fact::Activities(answer)
    }

    fn wake(&self, timer: Timer, delay: Delay) -> impl Future<Output = Fact> + Send + use<> {
        let clock = self.clock;
        let wakefulness = self.wakefulness.clone();
        // A code that has just been put up has not slept yet.
        if timer == Timer::Deadline {
            wakefulness.look(clock.awake());
        }

        async move {
            // Taken when the wait begins, since a busy loop may have let the moment come nearer.
            tokio::time::sleep(clock.real(pause(delay, clock.now()))).await;

            Fact::Woke {
                timer,
                at: clock.now(),
                slept: timer == Timer::Poll && wakefulness.look(clock.awake()),
            }
        }
    }
}

/// What an announcement sounds like: an ending of the present sale only, since an earlier one's is
/// not this customer's.
fn tone_of(announcement: &Announcement) -> Option<Tone> {
    match announcement {
        Announcement::Ended { outcome, .. } if *outcome == "paid" => Some(Tone::Paid),
        Announcement::Ended { .. } => Some(Tone::NotPaid),
        _ => None,
    }
}

/// How long to wait from `now` on.
fn pause(delay: Delay, now: Moment) -> Duration {
    match delay {
        Delay::For(pause) => pause,
        Delay::Until(moment) => moment.since(now),
        Delay::UpTo(longest) => longest.mul_f64(fastrand::f64()).max(SHORTEST_PAUSE),
        Delay::Between(least, most) => least + most.saturating_sub(least).mul_f64(fastrand::f64()),
    }
}

async fn encode(payload: String, drawing: Drawing) -> Result<Arc<Code>, String> {
    let wants_logo = drawing.logo.is_some();
    let code = tokio::task::spawn_blocking(move || Code::proven_as(&payload, &drawing))
        .await
        .map_err(|error| error.to_string())?
        .map_err(|error| error.to_string())?;
    if wants_logo && code.clearing().is_none() {
        tracing::warn!(
            "the code cannot be read with its logo, or that is not drawn yet; it is shown without"
        );
    }

    Ok(Arc::new(code))
}

#[cfg(test)]
mod tests;
