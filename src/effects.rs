//! Runs what the state machine asks for and reports what it led to. Used by the window, and
//! without one.

mod announcer;

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::centrapay::Client;
use crate::journal::{AttemptKey, Journal};
use crate::payment::{Failure, RequestId};
use crate::qr::Code;
use crate::sale::{Ask, Delay, Effect, Event, Fact, Job, Moment, NewRequest, Record, Timer};

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
            Effect::Run { attempt, job } => Some(self.run(attempt, job)),
        }
    }

    /// Waits until everything is written and told. To be called when the sale is over.
    pub fn finish(&self) {
        self.journal.close();
        self.announcer.finish();
    }

    fn run(&self, attempt: u32, job: Job) -> BoxFuture<'static, Event> {
        let fact: BoxFuture<'static, Fact> = match job {
            Job::Record { sale, record } => {
                self.record(AttemptKey { sale, attempt }, record).boxed()
            }
            Job::Create(request) => self.clone().create(attempt, request).boxed(),
            Job::Encode(payload) => encode(payload).map(Fact::Encoded).boxed(),
            Job::Read { id, ask } => self.clone().read(attempt, id, ask).boxed(),
            Job::Void(id) => self.clone().void(attempt, id).boxed(),
            Job::ListActivities(id) => self.clone().list_activities(attempt, id).boxed(),
            Job::Wake { timer, delay } => self.wake(timer, delay).boxed(),
        };

        fact.map(move |fact| Event::Happened { attempt, fact })
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

    async fn create(self, attempt: u32, request: NewRequest) -> Fact {
        let sent_at = self.clock.now();
        let answer = self.client.create(&request).await;
        log("create", attempt, answer.as_ref().err());

        Fact::Created {
            sent_at,
            at: self.clock.now(),
            answer,
        }
    }

    async fn read(self, attempt: u32, id: RequestId, ask: Ask) -> Fact {
        let answer = self.client.read(&id).await;
        log("read", attempt, answer.as_ref().err());

        Fact::Read {
            ask,
            at: self.clock.now(),
            answer,
        }
    }

    async fn void(self, attempt: u32, id: RequestId) -> Fact {
        let answer = self.client.void(&id).await;
        log("void", attempt, answer.as_ref().err());

        Fact::Voided(answer)
    }

    async fn list_activities(self, attempt: u32, id: RequestId) -> Fact {
        let answer = self.client.activities(&id).await;
        log("activities", attempt, answer.as_ref().err());

        Fact::Activities(answer)
    }

    fn wake(&self, timer: Timer, delay: Delay) -> impl Future<Output = Fact> + Send + use<> {
        let clock = self.clock;
        let pause = self.pause(delay);

        async move {
            tokio::time::sleep(pause).await;

            Fact::Woke {
                timer,
                at: clock.now(),
            }
        }
    }

    fn pause(&self, delay: Delay) -> Duration {
        match delay {
            Delay::For(pause) => pause,
            Delay::Until(moment) => moment.since(self.clock.now()),
            Delay::UpTo(longest) => longest.mul_f64(fastrand::f64()).max(SHORTEST_PAUSE),
        }
    }
}

async fn encode(payload: String) -> Result<Arc<Code>, String> {
    match tokio::task::spawn_blocking(move || Code::proven(&payload)).await {
        Ok(Ok(code)) => Ok(Arc::new(code)),
        Ok(Err(error)) => Err(error.to_string()),
        Err(error) => Err(error.to_string()),
    }
}

fn log(call: &'static str, attempt: u32, failure: Option<&Failure>) {
    match failure {
        None => tracing::debug!(call, attempt, "answered"),
        Some(failure) => tracing::warn!(call, attempt, %failure, "not answered"),
    }
}
