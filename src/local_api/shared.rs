//! The data that all calls of the local API share.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use super::board::Board;
use super::calls::{Call, CallSender, Reply};
use super::desk::Desk;
use super::feed::SaleFeed;
use super::problem::{Problem, ProblemReason};
use crate::runtime::control::ControlCommand;

/// The data that all calls share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) desk: Arc<dyn Desk>,
    pub(super) board: Board,
    pub(super) calls: CallSender,
    /// The display's own token.
    pub(super) token: String,
    pub(super) address: SocketAddr,
    /// The number of streams of each client.
    pub(super) streams: Mutex<HashMap<String, usize>>,
}

impl Shared {
    pub(super) fn new(
        desk: Arc<dyn Desk>,
        board: Board,
        calls: CallSender,
        token: String,
        address: SocketAddr,
    ) -> Arc<Self> {
        Arc::new(Self {
            desk,
            board,
            calls,
            token,
            address,
            streams: Mutex::default(),
        })
    }

    /// Asks the desk on a thread that may wait for files.
    pub(super) async fn blocking<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&dyn Desk) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let desk = self.desk.clone();
        let asked = tokio::task::spawn_blocking(move || ask(desk.as_ref())).await;

        asked.map_err(|error| {
            tracing::error!(%error, "a call failed");

            Problem::new(
                ProblemReason::Unavailable,
                "the display failed; see its log",
            )
            .with_exit_code(71)
        })
    }

    /// Closes the ending of a sale that is on the screen.
    pub(super) async fn close(&self, reference: String) {
        let (reply, _) = Reply::new();
        let call = Call::Command {
            reference,
            command: ControlCommand::Close,
            attempt: None,
            reply,
        };
        self.calls.send(call).await;
    }

    /// Returns a sale that the display has had since its start.
    pub(super) fn sale(&self, reference: &str) -> Result<SaleFeed, Problem> {
        self.board.find(reference).ok_or_else(|| {
            Problem::new(
                ProblemReason::NoSuchSale,
                format!(
                    "the display has had no sale {reference:?} since its start; GET the sale to see what the journal has, \
                     or POST it again to go on"
                ),
            )
        })
    }
}
