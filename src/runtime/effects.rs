//! Runs the effects of the state machine and returns the events that follow. The window uses it, and so do commands
//! without a window.

mod access;
mod log;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::centrapay::Client;
use crate::config::key::KeySource;
use crate::domain::outcome::Outcome;
use crate::domain::payment::{ConditionId, Decision, RequestId};
use crate::journal::{Journal, JournalError};
use crate::qr::{Code, Drawing, find_usual_size};
use crate::runtime::clock::SleepDetector;
use crate::runtime::sound::{Speaker, Tone};
use crate::runtime::timing::timed;
use crate::sale::{
    Announcement, Ask, AttemptKey, Command, Delay, Effect, Ending, Event, Fact, Generation, Job,
    Moment, NewRequest, Record, Sale, Timer, Wakeup,
};

use access::Access;
use log::EffectLog;

pub use super::announcer::{Announcer, EventSink, earlier_line};
pub use super::clock::Clock;
pub(crate) use log::TARGET as LOG_TARGET;

/// The shortest random pause.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);

/// Everything that the effects of a sale need. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Effects {
    access: Access,
    journal: Journal,
    announcer: Announcer,
    speaker: Speaker,
    clock: Clock,
    sleep: SleepDetector,
    log: EffectLog,
    drawing: Drawing,
    exit_code: Arc<OnceLock<u8>>,
}

impl Effects {
    /// Creates effects that call the platform with `client`, write to `journal` and tell `announcer`.
    pub fn new(client: Client, journal: Journal, announcer: Announcer) -> Self {
        Self {
            access: Access::new(client),
            journal,
            announcer,
            speaker: Speaker::Silent,
            clock: Clock::start(),
            sleep: SleepDetector::default(),
            log: EffectLog::default(),
            drawing: Drawing::default(),
            exit_code: Arc::new(OnceLock::new()),
        }
    }

    /// Reads the key again from `source` for each attempt.
    #[must_use]
    pub fn with_key_from(mut self, source: KeySource) -> Self {
        self.access.source = Some(source);
        self
    }

    /// Plays a tone for each ending.
    #[must_use]
    pub fn with_speaker(self, speaker: Speaker) -> Self {
        Self { speaker, ..self }
    }

    /// Proves that codes are readable in this drawing.
    #[must_use]
    pub fn with_codes_drawn_as(self, drawing: Drawing) -> Self {
        Self { drawing, ..self }
    }

    /// Restarts the clock and makes it `speed` times as fast, so that a test of a long day takes minutes. The
    /// time-outs of the platform stay the same.
    #[must_use]
    pub fn at_speed(mut self, speed: u32) -> Self {
        self.clock = Clock::start_at_speed(speed);
        self
    }

    /// Returns the clock of the sale.
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// Returns the exit code of the sale; `None` while it runs.
    pub fn exit_code(&self) -> Option<u8> {
        self.exit_code.get().copied()
    }

    /// Starts an effect. Quick effects are done at once, in order. For a slow effect, returns a future of the
    /// resulting event.
    pub fn start(&self, effect: Effect) -> Option<BoxFuture<'static, Event>> {
        match effect {
            Effect::Announce(announcement) => {
                log::announced(&announcement);
                if let Some(tone) = tone_of(&announcement) {
                    self.speaker.play(tone);
                }
                self.announcer.tell(announcement);
                None
            }
            Effect::Exit(code) => {
                // The state machine exits once, so a second code would be ignored.
                let _ = self.exit_code.set(code);
                None
            }
            Effect::Run { round, job } => Some(self.run(round, job)),
        }
    }

    /// Runs a sale without a window from its first command to its end, and returns its exit code.
    pub async fn drive(&self, sale: Sale, first: Command) -> u8 {
        self.run_to_end(sale, first, None).await
    }

    /// Ends a sale whose window is gone, and returns its exit code. `events`: the events of effects that already run.
    pub async fn leave(&self, sale: Sale, events: Option<EffectEvents>) -> u8 {
        self.run_to_end(sale, Command::Leave, events).await
    }

    async fn run_to_end(
        &self,
        mut sale: Sale,
        first: Command,
        mut events: Option<EffectEvents>,
    ) -> u8 {
        let mut running = FuturesUnordered::new();
        let mut event = Event::Asked(first);
        loop {
            let effects = sale.handle(event);
            running.extend(effects.into_iter().filter_map(|effect| self.start(effect)));
            if let Some(code) = self.exit_code() {
                return code;
            }
            let elsewhere = async {
                match &mut events {
                    Some(events) => events.recv().await,
                    None => None,
                }
            };
            event = tokio::select! {
                Some(event) = running.next() => event,
                Some(event) = elsewhere => event,
                // No effect runs and the sale has not ended.
                else => return Ending::unknown().exit_code(),
            };
        }
    }

    /// Closes the journal and waits until everything is written. Call it when the sale is over.
    pub fn finish(&self) {
        self.journal.close();
        self.announcer.finish();
        tracing::info!(
            exit_code = self.exit_code(),
            unreadable = self.access.client().unreadable_answers(),
            "the journal and the till's events are written"
        );
    }

    /// Prepares the effects for another sale: restarts the clock and forgets the exit code.
    #[must_use]
    pub fn for_next_sale(self) -> Self {
        Self {
            clock: self.clock.restarted(),
            exit_code: Arc::default(),
            ..self
        }
    }

    /// Waits until everything of this sale is written. The journal stays open for the next sale.
    pub fn finish_sale(&self) -> impl Future<Output = ()> + Send + use<> {
        self.announcer.finish();

        self.journal.written()
    }

    fn run(&self, round: Generation, job: Job) -> BoxFuture<'static, Event> {
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

    /// Queues the record at once, so that an immediate end of the program cannot lose it.
    fn record(&self, key: AttemptKey, record: Record) -> impl Future<Output = Fact> + Send + use<> {
        let mark = record.mark();
        match &record {
            Record::Intent { order, .. } => EffectLog::intent(&key, order),
            Record::Verdict { ending, late } => EffectLog::verdict(&key, ending, *late),
            _ => {}
        }
        let (clock, begun_at) = (self.clock, self.clock.now());

        self.journal
            .record(key, record)
            .map(move |written| match written {
                Ok(()) => {
                    EffectLog::recorded(mark, clock.now().since(begun_at));

                    Fact::Recorded(mark)
                }
                Err(error @ JournalError::KnownRequest { .. }) => {
                    tracing::error!(%error, ?mark, "the platform answered with the payment request of another attempt");

                    Fact::Duplicate(mark)
                }
                Err(error) => {
                    tracing::error!(%error, ?mark, "cannot write a record to the journal");

                    Fact::NotRecorded(mark, error.to_string())
                }
            })
    }

    /// Queues the read at once, before later writes.
    fn recall(&self, sale: Option<String>) -> impl Future<Output = Fact> + Send + use<> {
        self.journal.recall(sale).map(|recalled| {
            Fact::Recalled(recalled.map_err(|error| {
                tracing::error!(%error, "cannot read the journal");

                error.to_string()
            }))
        })
    }

    async fn create(self, request: NewRequest) -> Fact {
        // The create does not wait for this. Without it, the code is proven all the same, in more time.
        drop(tokio::task::spawn_blocking(find_usual_size));
        let client = self.access.renewed().await;
        let sent_at = self.clock.now();
        let answer = client.create(&request).await;
        let at = self.clock.now();
        EffectLog::created(&request, &answer, at.since(sent_at));

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
        EffectLog::looked_up(&external_ref, &answer, at.since(sent_at));

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

        Fact::Read(ask, at, answer)
    }

    async fn answer(self, id: RequestId, condition: ConditionId, decision: Decision) -> Fact {
        let sent_at = self.clock.now();
        let client = self.access.client();
        let answer = client.answer_condition(&id, &condition, decision).await;
        EffectLog::answered(&id, decision, &answer, self.clock.now().since(sent_at));
        self.access.renewed_if_refused(&answer).await;

        Fact::Answered { condition, answer }
    }

    async fn void(self, id: RequestId) -> Fact {
        let sent_at = self.clock.now();
        EffectLog::voiding(&id);
        let answer = self.access.client().void(&id).await;
        EffectLog::voided(&id, &answer, self.clock.now().since(sent_at));
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
        let sleep = self.sleep.clone();
        // This timer starts when a new code appears. The machine's sleep before that does not matter.
        if timer == Timer::Deadline {
            sleep.has_slept(clock.awake());
        }

        async move {
            // The pause is computed when the wait begins, because a busy event loop may have delayed it.
            tokio::time::sleep(clock.real(pause(delay, clock.now()))).await;

            Fact::Woke(
                timer,
                Wakeup {
                    at: clock.now(),
                    slept: timer == Timer::Poll && sleep.has_slept(clock.awake()),
                },
            )
        }
    }
}

/// The events of effects that another task runs.
pub type EffectEvents = UnboundedReceiver<Event>;

/// Redirects the events of running effects after their window is gone. Clones share the redirection.
#[derive(Debug, Clone, Default)]
pub struct EventRedirect(Arc<OnceLock<UnboundedSender<Event>>>);

impl EventRedirect {
    /// Returns the event, unless it was redirected.
    pub fn pass(&self, event: Event) -> Option<Event> {
        match self.0.get() {
            Some(detour) => {
                // A failure means that the sale has ended.
                let _ = detour.send(event);

                None
            }
            None => Some(event),
        }
    }

    /// Redirects all events from now on. Only the first call gets events.
    pub fn open(&self) -> EffectEvents {
        let (tell, events) = unbounded_channel();
        let _ = self.0.set(tell);

        events
    }
}

/// Returns the tone of an announcement. Only an ending of the current sale has one: an earlier sale has another customer.
fn tone_of(announcement: &Announcement) -> Option<Tone> {
    match announcement {
        Announcement::Ended { outcome, .. } if *outcome == Outcome::Paid => Some(Tone::Paid),
        Announcement::Ended { .. } => Some(Tone::NotPaid),
        _ => None,
    }
}

/// Returns how long to wait from `now` on.
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
            "the code is not readable with its logo, or the logo is not drawn yet; it appears without"
        );
    }

    Ok(Arc::new(code))
}

#[cfg(test)]
mod tests;
