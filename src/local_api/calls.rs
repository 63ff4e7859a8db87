//! Calls from the service to the display on the screen. The display answers each call once. A dropped call means that the
//! display is ending.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::{Stream, stream};
use serde_json::value::RawValue;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::sync::oneshot;

use super::desk::CallRefusal;
use super::feed::SaleFeed;
use super::protocol::NewSale;
use crate::runtime::control::ControlCommand;
use crate::runtime::effects::EventSink;
use crate::sale::Announcement;

/// The most calls that wait for the display.
const MOST_WAITING: usize = 16;

/// A call to the display.
#[derive(Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "there are a few at a time, each moved a few times"
)]
pub enum Call {
    /// Sell this.
    Sell(SellCall),
    /// Settle what earlier sales left open.
    Settle(SettleCall),
    /// Pass a command to the sale with this reference.
    Command {
        /// The sale.
        reference: String,
        /// The command.
        command: ControlCommand,
        /// The attempt that it is meant for; `None`: whichever is under way.
        attempt: Option<u32>,
        /// Whether the sale took it.
        reply: Reply<CommandReply>,
    },
    /// End the sale of this feed early, as if the display were asked to end. Nothing, if that sale is over.
    Leave(SaleFeed),
}

/// A sale to start.
#[derive(Debug)]
pub struct SellCall {
    /// The sale.
    pub sale: NewSale,
    /// The feed for its events.
    pub feed: SaleFeed,
    /// The answer.
    pub reply: Reply<SellReply>,
}

/// Earlier sales to settle.
#[derive(Debug)]
pub struct SettleCall {
    /// The configuration to use; `None` for the display's own.
    pub config: Option<PathBuf>,
    /// The list that gets the events.
    pub earlier: EarlierEvents,
    /// The exit code, when everything is settled.
    pub reply: Reply<SettleReply>,
}

/// The answer to [`Call::Sell`].
#[derive(Debug)]
pub enum SellReply {
    /// The sale has begun.
    Begun,
    /// The sale on the screen has the same reference.
    Same(SaleFeed),
    /// Another sale has the screen: the one with this reference, if a till started it.
    Busy(Option<String>),
    /// Nothing was started.
    Refused(CallRefusal),
    /// The display is ending, and nothing was started.
    Leaving,
}

/// The answer to [`Call::Settle`].
#[derive(Debug)]
pub enum SettleReply {
    /// Everything is settled. The exit code is that of the outcome that most needs a person.
    Settled(u8),
    /// Another sale has the screen: the one with this reference, if a till started it.
    Busy(Option<String>),
    /// Nothing was settled, or not everything.
    Refused(CallRefusal),
    /// The display is ending.
    Leaving,
}

/// The answer to [`Call::Command`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandReply {
    /// The sale got the command.
    Passed,
    /// This sale is not on the screen, or it is over.
    NotNow,
}

/// Answers a call once.
#[derive(Debug)]
pub struct Reply<T>(oneshot::Sender<T>);

impl<T> Reply<T> {
    /// Creates a reply, and what receives it.
    pub(super) fn new() -> (Self, oneshot::Receiver<T>) {
        let (sender, receiver) = oneshot::channel();

        (Self(sender), receiver)
    }

    /// Whether nobody waits for the answer any more.
    pub fn is_unwanted(&self) -> bool {
        self.0.is_closed()
    }

    /// Answers. A client that has gone away does not get it.
    pub fn send(self, answer: T) {
        let _ = self.0.send(answer);
    }
}

/// The `earlier` events of a settle call. Clones are the same list.
#[derive(Debug, Clone, Default)]
pub struct EarlierEvents(Arc<Mutex<Vec<Box<RawValue>>>>);

impl EarlierEvents {
    /// The most events of one call.
    const MOST: usize = 10_000;

    pub(super) fn take(&self) -> Vec<Box<RawValue>> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl EventSink for EarlierEvents {
    fn tell(&self, announcement: &Announcement, json: &str) {
        let Announcement::Earlier { .. } = announcement else {
            return;
        };
        let mut events = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Ok(event) = RawValue::from_string(json.to_owned())
            && events.len() < Self::MOST
        {
            events.push(event);
        }
    }
}

/// Sends calls to the display.
#[derive(Debug, Clone)]
pub(super) struct CallSender(Sender<Call>);

impl CallSender {
    /// Sends a call. It is dropped if the display is ending.
    pub(super) async fn send(&self, call: Call) {
        let _ = self.0.send(call).await;
    }
}

/// The calls to the display as they arrive. Clones share them, and only one clone can take them.
#[derive(Debug, Clone)]
pub struct Calls(Arc<Mutex<Option<Receiver<Call>>>>);

impl Calls {
    pub(super) fn new() -> (CallSender, Self) {
        let (sender, receiver) = mpsc::channel(MOST_WAITING);

        (
            CallSender(sender),
            Self(Arc::new(Mutex::new(Some(receiver)))),
        )
    }

    /// Returns the calls as a stream. Only the first call of `take` gets any.
    pub fn take(&self) -> impl Stream<Item = Call> + Send + 'static + use<> {
        let taken = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();

        stream::unfold(taken, async |mut calls| {
            let call = calls.as_mut()?.recv().await?;

            Some((call, calls))
        })
    }
}
