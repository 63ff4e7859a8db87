//! A counter at which something goes wrong. Every screen that comes up on it must be true, and it
//! cannot be closed without the oracle.

use std::time::{Duration, Instant};

use iced::Size;
use patron_display::display::Message;
use patron_display::journal::history::{self, Entry};
use patron_display::sale::{Command, Moment, State};
use patron_display::sandbox::{Call, Control, Fault, Options, Sandbox, Snapshot};
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::gate::Gate;
use crate::oracle;
use crate::scene::{Rehearsal, Told};
use crate::words;

const SCREEN: Size<u32> = Size::new(800, 480);
/// How much later than planned something may happen on a machine that is busy with other work, where
/// many counters share one thread. What it is told apart from takes 10 s.
pub(crate) const LATE: Duration = Duration::from_secs(4);
/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);
/// Only one counter starts at a time, since each proves its code and draws it: many at once would
/// keep the clocks of those that stand already waiting.
static STARTING: Mutex<()> = Mutex::const_new(());

pub(crate) struct Counter {
    sale: Rehearsal,
    /// What the till was told by earlier launches.
    before: Vec<Told>,
    /// What every screen said since this was last emptied, each once in a row.
    pub(crate) seen: Vec<String>,
}

impl Counter {
    /// A code stands on the screen. `more` is added to the merchant's configuration.
    pub(crate) async fn with_a_code(more: &str) -> Self {
        let _only_one = STARTING.lock().await;

        Self::begun(Rehearsal::begin(SCREEN, more).await).await
    }

    /// The same, with a gate between the counter and the platform.
    pub(crate) async fn behind_a_gate(prepare: impl FnOnce(&Gate)) -> (Self, Gate) {
        let sandbox = Sandbox::start(Options::default()).await.unwrap();
        let gate = Gate::open(sandbox.address()).await;
        prepare(&gate);
        let _only_one = STARTING.lock().await;
        let sale = Rehearsal::begin_behind(gate.address(), sandbox, SCREEN, "").await;

        (Self::begun(sale).await, gate)
    }

    async fn begun(sale: Rehearsal) -> Self {
        let mut counter = Self {
            sale,
            before: Vec::new(),
            seen: Vec::new(),
        };
        counter.until_shown().await;

        counter
    }

    /// The program is gone, and is launched again: for the sale of this reference, or for none.
    pub(crate) async fn launch_again(mut self, reference: Option<&str>) -> Self {
        self.before.push(self.sale.told.clone());

        Self {
            sale: self.sale.launch_again(reference).await,
            before: self.before,
            seen: self.seen,
        }
    }

    pub(crate) fn control(&self) -> Control {
        self.sale.sandbox.control()
    }

    /// The newest request's id.
    pub(crate) fn latest(&self) -> String {
        self.sale.latest()
    }

    /// The newest request.
    pub(crate) fn request(&self) -> Snapshot {
        self.control().request(&self.latest()).unwrap()
    }

    pub(crate) fn script(&self, call: Call, faults: impl IntoIterator<Item = Fault>) {
        self.control().script(call, faults);
    }

    /// The customer pays.
    pub(crate) fn pay(&self) {
        self.control().pay(&self.latest()).unwrap();
    }

    pub(crate) fn state(&self) -> &State {
        self.sale.display.display().sale().state()
    }

    /// The moment by the clock that the sale runs by.
    pub(crate) fn now(&self) -> Moment {
        self.sale.effects.clock().now()
    }

    pub(crate) fn asks(&mut self, command: Command) {
        self.sale.display.send(Message::Asked(command));
    }

    /// Until the sale is in such a state. Whatever the screen says on the way must be true.
    pub(crate) async fn until(&mut self, mut reached: impl FnMut(&State) -> bool) {
        let until = Instant::now() + PATIENCE;
        loop {
            let words = self.words().await;
            if self.seen.last() != Some(&words) {
                oracle::is_true(self.state(), &words, &self.control());
                self.seen.push(words);
            }
            if reached(self.state()) {
                return;
            }
            assert!(!self.sale.display.is_over(), "the sale is over");
            let left = until.saturating_duration_since(Instant::now());
            let step = timeout(left, self.sale.display.step()).await;
            step.unwrap_or_else(|_| panic!("still {:?}", self.sale.told.events()))
                .unwrap();
        }
    }

    pub(crate) async fn until_shown(&mut self) {
        self.until(|state| matches!(state, State::Presenting(shown) if shown.is_on_screen()))
            .await;
    }

    /// Until so many calls of this kind have come in; the last may not be answered yet.
    pub(crate) async fn until_called(&mut self, call: Call, times: u64) {
        let control = self.control();
        self.until(|_| control.calls(call) >= times).await;
    }

    /// Until the till was told something like this by this launch.
    pub(crate) async fn until_told(&mut self, like: impl Fn(&Value) -> bool) {
        let told = self.sale.told.clone();
        self.until(|_| told.events().iter().any(&like)).await;
    }

    pub(crate) async fn until_ended(&mut self, name: &str) {
        self.until(|state| matches!(state, State::Ended(_))).await;
        self.has_ended(name);
    }

    pub(crate) fn has_ended(&self, name: &str) {
        let State::Ended(ended) = self.state() else {
            panic!("not ended: {:?}", self.state());
        };
        assert_eq!(ended.ending().name(), name);
    }

    /// Every text on the screen, a line each.
    pub(crate) async fn words(&self) -> String {
        words::on(self.sale.display.display(), SCREEN).await
    }

    /// Insists that the screen says this.
    pub(crate) async fn says(&self, sentence: &str) {
        let words = self.words().await;
        assert!(words.contains(sentence), "{sentence:?} is not in:\n{words}");
    }

    /// Insists that the newest request's code can be read off the screen.
    pub(crate) fn shows_its_code(&mut self) {
        let url = self.request().url;
        assert_eq!(self.sale.read_screen(), url);
    }

    /// Insists that no code can be read off the screen.
    pub(crate) fn shows_no_code(&mut self) {
        self.sale.shows_no_code();
    }

    /// Until the journal has this outcome of the sale of this reference.
    pub(crate) async fn until_journaled(&mut self, reference: &str, outcome: &str) {
        let directory = self.sale.directory.path().to_owned();
        self.until(|_| {
            let entry = oracle::entries(&directory)
                .into_iter()
                .rfind(|entry| entry.external_ref == reference);

            entry.is_some_and(|entry| entry.outcome.as_deref() == Some(outcome))
        })
        .await;
    }

    /// Until the journal has noted that the sale of this reference was read again.
    pub(crate) async fn until_watched(&mut self, reference: &str) {
        let directory = self.sale.directory.path().to_owned();
        let entry = self.journal(reference);
        self.until(|_| {
            let noted = history::events(&directory, &entry).unwrap();

            noted
                .iter()
                .any(|noted| noted.kind == "watched" || noted.kind == "closed")
        })
        .await;
    }

    /// What the journal has of the sale of this reference.
    pub(crate) fn journal(&self, reference: &str) -> Entry {
        oracle::entries(self.sale.directory.path())
            .into_iter()
            .rfind(|entry| entry.external_ref == reference)
            .unwrap()
    }

    /// What the till was told, through all launches.
    pub(crate) fn told(&self) -> Vec<Value> {
        self.before
            .iter()
            .chain([&self.sale.told])
            .flat_map(Told::events)
            .collect()
    }

    /// The names of what the till was told by this launch.
    pub(crate) fn told_names(&self) -> Vec<String> {
        self.sale.told.names()
    }

    /// Closes and insists on this exit code and on the oracle.
    pub(crate) fn closes(&mut self, code: u8) {
        assert_eq!(self.sale.close(), Some(code), "{:?}", self.told());
        let directory = self.sale.directory.path();
        oracle::holds(&self.told(), directory, Some(code), &self.control());
    }

    /// The program is gone. What it left is settled without a window, with this exit code; the
    /// oracle must hold. Answers with what the till was told by it.
    pub(crate) async fn settles(self, code: u8) -> Vec<Value> {
        let mut told = self.told();
        let settled = self.sale.settle().await;
        assert_eq!(settled.code, code, "{:?}", settled.told);
        told.extend(settled.told.iter().cloned());
        let control = settled.sandbox.control();
        oracle::holds(&told, settled.directory.path(), None, &control);

        settled.told
    }
}
