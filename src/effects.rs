//! Runs what the state machine asks for and reports what it led to. Used by the window, and
//! without one.

mod announcer;
mod wakefulness;

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};

use crate::centrapay::Client;
use crate::journal::Journal;
use crate::payment::{Failure, RequestId};
use crate::qr::Code;
use crate::sale::{
    Ask, AttemptKey, Command, Delay, Effect, Ending, Event, Fact, Job, Moment, NewRequest, Record,
    Round, Sale, Timer,
};

use wakefulness::Wakefulness;

pub use announcer::Announcer;

/// However random a pause is, it is at least this long.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);

/// Everything a sale's effects need. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Effects {
    client: Client,
    journal: Journal,
    announcer: Announcer,
    clock: Clock,
    wakefulness: Wakefulness,
    exit_code: Arc<OnceLock<u8>>,
}

/// The monotonic clock, read as [`Moment`]s.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    start: Instant,
}

impl Clock {
    /// A clock that starts now.
    pub fn start() -> Self {
        Self {
            start: Instant::now(),
        }
    }

    /// The present moment.
    pub fn now(&self) -> Moment {
        Moment::after_start(self.start.elapsed())
    }
}

impl Effects {
    /// Effects that ask the platform by `client`, write to `journal` and tell `announcer`.
    pub fn new(client: Client, journal: Journal, announcer: Announcer) -> Self {
        Self {
            client,
            journal,
            announcer,
            clock: Clock::start(),
            wakefulness: Wakefulness::default(),
            exit_code: Arc::new(OnceLock::new()),
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

    /// Waits until everything is written and told. To be called when the sale is over.
    pub fn finish(&self) {
        self.journal.close();
        self.announcer.finish();
    }

    fn run(&self, round: Round, job: Job) -> BoxFuture<'static, Event> {
        let fact: BoxFuture<'static, Fact> = match job {
            Job::Recall { sale } => self.recall(sale).boxed(),
            Job::Record { key, record } => self.record(key, record).boxed(),
            Job::Create(request) => self.clone().create(request).boxed(),
            Job::LookUp {
                external_ref,
                account_id,
            } => self.clone().look_up(external_ref, account_id).boxed(),
            Job::Encode(payload) => encode(payload).map(Fact::Encoded).boxed(),
            Job::Read { id, ask } => self.clone().read(id, ask).boxed(),
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

        self.journal
            .record(key, record)
            .map(move |written| match written {
                Ok(()) => Fact::Recorded(mark),
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
        let sent_at = self.clock.now();
        let answer = self.client.create(&request).await;
        log("create", &request.external_ref, answer.as_ref().err());

        Fact::Created {
            sent_at,
            at: self.clock.now(),
            answer,
        }
    }

    async fn look_up(self, external_ref: String, account_id: String) -> Fact {
        let answer = self.client.look_up(&external_ref, &account_id).await;
        log("look up", &external_ref, answer.as_ref().err());

        Fact::Found {
            at: self.clock.now(),
            answer,
        }
    }

    async fn read(self, id: RequestId, ask: Ask) -> Fact {
        let answer = self.client.read(&id).await;
        log("read", id.as_str(), answer.as_ref().err());

        Fact::Read {
            ask,
            at: self.clock.now(),
            answer,
        }
    }

    async fn void(self, id: RequestId) -> Fact {
        let answer = self.client.void(&id).await;
        log("void", id.as_str(), answer.as_ref().err());

        Fact::Voided(answer)
    }

    async fn list_activities(self, id: RequestId) -> Fact {
        let answer = self.client.activities(&id).await;
        log("activities", id.as_str(), answer.as_ref().err());

        Fact::Activities(answer)
    }

    fn wake(&self, timer: Timer, delay: Delay) -> impl Future<Output = Fact> + Send + use<> {
        let clock = self.clock;
        let wakefulness = self.wakefulness.clone();
        // A code that has just been put up has not slept yet.
        if timer == Timer::Deadline {
            wakefulness.look(clock.now());
        }

        async move {
            // Taken when the wait begins, since a busy loop may have let the moment come nearer.
            tokio::time::sleep(pause(delay, clock.now())).await;
            let at = clock.now();

            Fact::Woke {
                timer,
                at,
                slept: timer == Timer::Poll && wakefulness.look(at),
            }
        }
    }
}

/// How long to wait from `now` on.
fn pause(delay: Delay, now: Moment) -> Duration {
    match delay {
        Delay::For(pause) => pause,
        Delay::Until(moment) => moment.since(now),
        Delay::UpTo(longest) => longest.mul_f64(fastrand::f64()).max(SHORTEST_PAUSE),
    }
}

async fn encode(payload: String) -> Result<Arc<Code>, String> {
    match tokio::task::spawn_blocking(move || Code::proven(&payload)).await {
        Ok(Ok(code)) => Ok(Arc::new(code)),
        Ok(Err(error)) => Err(error.to_string()),
        Err(error) => Err(error.to_string()),
    }
}

fn log(call: &'static str, about: &str, failure: Option<&Failure>) {
    match failure {
        None => tracing::debug!(call, about, "answered"),
        Some(failure) => tracing::warn!(call, about, %failure, "not answered"),
    }
}
