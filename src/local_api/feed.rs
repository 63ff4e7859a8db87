//! The events of a sale, numbered, for all clients that listen to it. Clients read at their own pace: nobody waits for
//! them, and a client that comes back continues where it was.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::{Stream, stream};
use tokio::sync::watch;
use tokio::time::timeout;

use super::protocol::{LinkState, SaleStatus};
use crate::domain::merchant::MerchantKey;
use crate::domain::money::Amount;
use crate::runtime::effects::EventSink;
use crate::runtime::rate_limit::RateLimiter;
use crate::sale::{Announcement, Link};

/// The most events that are kept. A sale has some ten; a link that fails again and again makes more.
const MOST_EVENTS: usize = 512;
/// The most bytes that are kept, in events of ordinary length. The newest event is kept, whatever its length.
const MOST_BYTES: usize = 2 * 1024 * 1024;

/// The most commands at once, and the commands a second after those. Limited, because each command is logged.
const MOST_COMMANDS: f64 = 20.0;
const COMMANDS_A_SECOND: f64 = 2.0;

/// The terms of a sale. Two sales with the same reference and terms are the same sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// The merchant.
    pub merchant: MerchantKey,
    /// The amount; `None` if the cashier enters it.
    pub amount: Option<Amount>,
}

/// An event of a sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberedEvent {
    /// The number, from 1.
    pub id: u64,
    /// The name, such as `shown`.
    pub name: &'static str,
    /// The object that `--json` prints.
    pub json: Arc<str>,
}

/// The events and the status of a sale. Clones are the same feed.
#[derive(Debug, Clone)]
pub struct SaleFeed {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    reference: String,
    terms: Terms,
    content: Mutex<Content>,
    /// Signals a change of the content.
    news: watch::Sender<()>,
    /// The number of clients that read the events now.
    readers: watch::Sender<usize>,
}

#[derive(Debug)]
struct Content {
    events: VecDeque<NumberedEvent>,
    bytes: usize,
    last_id: u64,
    status: SaleStatus,
    link: LinkState,
    /// The outcome, which is held back until everything is on disk.
    held: Option<(Announcement, Arc<str>)>,
    is_being_told: bool,
    is_over: bool,
    commands: RateLimiter,
}

impl SaleFeed {
    /// Creates the feed of a sale that has not begun.
    pub fn new(reference: String, terms: Terms) -> Self {
        let status = SaleStatus::new(reference.clone());

        Self {
            shared: Arc::new(Shared {
                reference,
                terms,
                content: Mutex::new(Content {
                    events: VecDeque::new(),
                    bytes: 0,
                    last_id: 0,
                    status,
                    link: LinkState::Unknown,
                    held: None,
                    is_being_told: false,
                    is_over: false,
                    commands: RateLimiter::new(MOST_COMMANDS, COMMANDS_A_SECOND),
                }),
                news: watch::Sender::new(()),
                readers: watch::Sender::new(0),
            }),
        }
    }

    /// Whether both are the same feed.
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }

    /// The till's reference of the sale.
    pub fn reference(&self) -> &str {
        &self.shared.reference
    }

    /// The terms of the sale.
    pub fn terms(&self) -> &Terms {
        &self.shared.terms
    }

    /// Returns the state of the sale.
    pub fn status(&self) -> SaleStatus {
        let content = self.content();

        SaleStatus {
            last_event_id: Some(content.last_id).filter(|id| *id > 0),
            ..content.status.clone()
        }
    }

    /// Whether the outcome was told, so that no event follows.
    pub fn is_over(&self) -> bool {
        self.content().is_over
    }

    /// Whether the sale takes another command now.
    pub(super) fn may_be_commanded(&self) -> bool {
        self.content().commands.take_one()
    }

    /// Whether there is an outcome that nobody has taken care of telling. True only once.
    pub fn has_an_untold_outcome(&self) -> bool {
        let mut content = self.content();

        content.held.is_some() && !std::mem::replace(&mut content.is_being_told, true)
    }

    /// Tells the outcome, which was held back. Call it when everything is on disk.
    pub fn tell_outcome(&self) {
        {
            let mut content = self.content();
            let Some((outcome, json)) = content.held.take() else {
                return;
            };
            content.is_over = true;
            content.push(&outcome, json);
        }
        self.shared.news.send_replace(());
    }

    pub(super) fn link(&self) -> LinkState {
        self.content().link
    }

    /// Returns the events after the event `after`, as they come, up to the outcome. If there was no such event, `after`
    /// is of an earlier run of this sale, and all events come. Dropping the stream counts as going away.
    pub(super) fn events(&self, after: u64) -> impl Stream<Item = NumberedEvent> + Send + use<> {
        let reader = Reader::of(self);
        let after = match after > self.content().last_id {
            true => 0,
            false => after,
        };
        let state = (reader, self.shared.news.subscribe(), after);

        stream::unfold(state, async |(reader, mut news, after)| {
            loop {
                let (next, is_over) = reader.0.next(after);
                if let Some(event) = next {
                    let after = event.id;

                    return Some((event, (reader, news, after)));
                }
                if is_over || news.changed().await.is_err() {
                    return None;
                }
            }
        })
    }

    /// Waits until a client reads the events, for at most `patience`, and then until none does. Ends at once when the
    /// sale is over.
    pub(super) async fn is_abandoned(&self, patience: Duration) {
        let mut readers = self.shared.readers.subscribe();
        let _ = timeout(patience, readers.wait_for(|readers| *readers > 0)).await;
        let _ = readers.wait_for(|readers| *readers == 0).await;
    }

    /// Waits until no client reads the events any more, for at most `patience`.
    pub async fn is_read(&self, patience: Duration) {
        let mut readers = self.shared.readers.subscribe();
        let _ = timeout(patience, readers.wait_for(|readers| *readers == 0)).await;
    }

    /// Returns the first event after the event `after`, and whether the sale is over.
    fn next(&self, after: u64) -> (Option<NumberedEvent>, bool) {
        let content = self.content();
        let next = content.events.iter().find(|event| event.id > after);

        (next.cloned(), content.is_over)
    }

    fn content(&self) -> MutexGuard<'_, Content> {
        self.shared
            .content
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl EventSink for SaleFeed {
    fn tell(&self, announcement: &Announcement, json: &str) {
        {
            let mut content = self.content();
            if content.is_over || content.held.is_some() {
                return;
            }
            if matches!(announcement, Announcement::Outcome { .. }) {
                content.held = Some((announcement.clone(), json.into()));
                return;
            }
            content.push(announcement, json.into());
        }
        self.shared.news.send_replace(());
    }
}

impl Content {
    fn push(&mut self, announcement: &Announcement, json: Arc<str>) {
        self.status.take_in(announcement);
        match announcement {
            Announcement::Link { state: Link::Lost } => self.link = LinkState::Lost,
            Announcement::Link { state: Link::Up } | Announcement::Created { .. } => {
                self.link = LinkState::Up;
            }
            _ => {}
        }
        self.last_id += 1;
        self.bytes += json.len();
        self.events.push_back(NumberedEvent {
            id: self.last_id,
            name: announcement.name(),
            json,
        });
        while self.events.len() > 1 && (self.events.len() > MOST_EVENTS || self.bytes > MOST_BYTES)
        {
            self.drop_oldest();
        }
    }

    /// Drops the oldest event that only mattered for a moment, or else the oldest event.
    fn drop_oldest(&mut self) {
        let older = self.events.len() - 1;
        let passing = self
            .events
            .iter()
            .take(older)
            .position(|event| matches!(event.name, "link" | "error"));
        if let Some(dropped) = self.events.remove(passing.unwrap_or(0)) {
            self.bytes -= dropped.json.len();
        }
    }
}

/// Counts a client as a reader while it exists.
struct Reader(SaleFeed);

impl Reader {
    fn of(feed: &SaleFeed) -> Self {
        feed.shared.readers.send_modify(|readers| *readers += 1);

        Self(feed.clone())
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.0
            .shared
            .readers
            .send_modify(|readers| *readers = readers.saturating_sub(1));
    }
}
