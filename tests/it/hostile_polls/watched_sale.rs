//! A sale that checks that each new screen is true. It checks the money whenever it closes.

use std::ops::{Deref, DerefMut};
use std::time::{Duration, Instant};

use patron_display::journal::history::{self, HistoryEntry};
use patron_display::sale::{Moment, State};
use patron_display::sandbox::ApiCall;
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::support::gate::Gate;
use crate::support::oracle;
use crate::support::scene::{Rehearsal, Scene, Told, is_shown};

/// How late an action may be, because a busy machine runs many sales on one thread. A wrong wait would be 10 s.
pub(crate) const LATE: Duration = Duration::from_secs(4);
const PATIENCE: Duration = Duration::from_secs(60);
/// Lets one sale start at a time. A start draws and proves a code, and this would delay sales that start together.
static STARTING: Mutex<()> = Mutex::const_new(());

pub(crate) struct WatchedSale {
    sale: Rehearsal,
    /// The events that earlier launches told the till.
    before: Vec<Told>,
    /// Each new screen since the last call of `clear`.
    pub(crate) seen: Vec<String>,
}

impl WatchedSale {
    /// Launches a sale, and waits until its code is shown. `more` is added to the merchant's configuration.
    pub(crate) async fn shown(more: &str) -> Self {
        let scene = Scene {
            more,
            ..Scene::default()
        };

        Self::begin(scene).await
    }

    /// Launches a sale behind a gate, and waits until its code is shown.
    pub(crate) async fn shown_behind_gate(prepare: impl FnOnce(&Gate)) -> (Self, Gate) {
        let (scene, gate) = Scene::behind_gate().await;
        prepare(&gate);

        (Self::begin(scene).await, gate)
    }

    async fn begin(scene: Scene<'_>) -> Self {
        let _only_one = STARTING.lock().await;
        let mut watched = Self {
            sale: scene.begin().await,
            before: Vec::new(),
            seen: Vec::new(),
        };
        watched.until_shown().await;

        watched
    }

    /// Ends the program and launches it again: with a sale of this reference, or without a sale.
    pub(crate) async fn launch_again(mut self, reference: Option<&str>) -> Self {
        self.before.push(self.sale.told.clone());

        Self {
            sale: self.sale.launch_again(reference).await,
            before: self.before,
            seen: self.seen,
        }
    }

    pub(crate) fn now(&self) -> Moment {
        self.effects.clock().now()
    }

    /// Waits until `reached` accepts the sale's state. Each screen before it must be true.
    pub(crate) async fn until(&mut self, mut reached: impl FnMut(&State) -> bool) {
        let until = Instant::now() + PATIENCE;
        loop {
            let words = self.words().await;
            if self.seen.last() != Some(&words) {
                oracle::check_screen(self.state(), &words, &self.control());
                self.seen.push(words);
            }
            if reached(self.state()) {
                return;
            }
            assert!(!self.display.is_over(), "the sale is over");
            let left = until.saturating_duration_since(Instant::now());
            let step = timeout(left, self.sale.display.step()).await;
            step.unwrap_or_else(|_| panic!("still {:?}", self.sale.told.events()))
                .unwrap();
        }
    }

    pub(crate) async fn until_shown(&mut self) {
        self.until(is_shown).await;
    }

    /// Waits until the platform has received this many calls of this kind. The last call may still be unanswered.
    pub(crate) async fn until_called(&mut self, call: ApiCall, times: u64) {
        let control = self.control();
        self.until(|_| control.calls(call) >= times).await;
    }

    /// Waits until this launch has told the till an event that `like` accepts.
    pub(crate) async fn until_told(&mut self, like: impl Fn(&Value) -> bool) {
        let told = self.sale.told.clone();
        self.until(|_| told.events().iter().any(&like)).await;
    }

    pub(crate) async fn until_ended(&mut self, name: &str) {
        self.until(|state| matches!(state, State::Ended(_))).await;
        self.has_ended(name);
    }

    /// Waits until a sale that has already ended changes to this ending.
    pub(crate) async fn until_ends_as(&mut self, name: &str) {
        self.until(|state| matches!(state, State::Ended(ended) if ended.ending().name() == name))
            .await;
    }

    /// Insists that the code of the newest request is readable on the screen.
    pub(crate) fn shows_its_code(&mut self) {
        let url = self.request().url;
        assert_eq!(self.read_screen(), url);
    }

    /// Waits until the journal has this outcome for the sale with this reference.
    pub(crate) async fn until_journaled(&mut self, reference: &str, outcome: &str) {
        let directory = self.directory.path().to_owned();
        self.until(|_| last_entry(&directory, reference).outcome.as_deref() == Some(outcome))
            .await;
    }

    /// Waits until the journal has recorded another check of the sale with this reference.
    pub(crate) async fn until_watched(&mut self, reference: &str) {
        let directory = self.directory.path().to_owned();
        let entry = self.journal(reference);
        self.until(|_| {
            let noted = history::events(&directory, &entry).unwrap();

            noted
                .iter()
                .any(|noted| noted.kind == "watched" || noted.kind == "closed")
        })
        .await;
    }

    /// Returns the journal's newest entry for the sale with this reference.
    pub(crate) fn journal(&self, reference: &str) -> HistoryEntry {
        last_entry(self.directory.path(), reference)
    }

    pub(crate) fn told(&self) -> Vec<Value> {
        self.before
            .iter()
            .chain([&self.sale.told])
            .flat_map(Told::events)
            .collect()
    }

    /// Returns the names of the events that this launch told the till.
    pub(crate) fn told_names(&self) -> Vec<String> {
        self.sale.told.names()
    }

    /// Pays the sale, waits until it is paid, and closes it.
    pub(crate) async fn is_paid(&mut self) {
        self.pay();
        self.closes_as("paid", 0).await;
    }

    /// Waits for this ending, and closes the sale with this exit code.
    pub(crate) async fn closes_as(&mut self, name: &str, code: u8) {
        self.until_ended(name).await;
        self.closes(code);
    }

    /// Closes the sale with this exit code, and checks the money.
    pub(crate) fn closes(&mut self, code: u8) {
        assert_eq!(self.sale.close(), Some(code), "{:?}", self.told());
        let directory = self.directory.path();
        oracle::check_end(&self.told(), directory, Some(code), &self.control());
    }

    /// Ends the program, and runs `settle`, which must end with this exit code. Checks the money. Returns the
    /// events of `settle`.
    pub(crate) async fn settles(self, code: u8) -> Vec<Value> {
        let mut told = self.told();
        let settled = self.sale.settle().await;
        assert_eq!(settled.code, code, "{:?}", settled.told);
        told.extend(settled.told.iter().cloned());
        let control = settled.sandbox.control();
        oracle::check_end(&told, settled.directory.path(), None, &control);

        settled.told
    }
}

impl Deref for WatchedSale {
    type Target = Rehearsal;

    fn deref(&self) -> &Rehearsal {
        &self.sale
    }
}

impl DerefMut for WatchedSale {
    fn deref_mut(&mut self) -> &mut Rehearsal {
        &mut self.sale
    }
}

fn last_entry(directory: &std::path::Path, reference: &str) -> HistoryEntry {
    oracle::entries(directory)
        .into_iter()
        .rfind(|entry| entry.external_ref == reference)
        .unwrap()
}
