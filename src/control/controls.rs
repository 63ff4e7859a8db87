use std::io::{BufReader, Read};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use futures_util::Stream;
use futures_util::stream;
use tokio::sync::mpsc::{self, Receiver};

use super::pace::{Pace, Slowed};
use super::{ControlLine, ControlLines};

/// So many lines wait to be taken in; a till that writes more has to wait itself. So does one that writes faster than any
/// till needs to.
const WAITING: usize = 16;

/// What the till asks for, as it comes. Clones share it, and one of them takes it.
#[derive(Debug, Clone, Default)]
pub struct Controls {
    inbox: Arc<Mutex<Option<Receiver<ControlLine>>>>,
}

impl Controls {
    /// A till that asks for nothing.
    pub fn none() -> Self {
        Self::default()
    }

    /// What is written to `reader`, read by a thread of its own. The end of it changes nothing.
    /// Nobody waits for the thread, which may never be done.
    pub fn read(reader: impl Read + Send + 'static) -> Self {
        let (lines, inbox) = mpsc::channel(WAITING);
        thread::spawn(move || {
            let mut pace = Pace::new();
            for line in ControlLines::new(BufReader::new(Slowed::new(reader))) {
                let Some(line) = pace.kept(line) else {
                    continue;
                };
                if lines.blocking_send(line).is_err() {
                    return;
                }
            }
            tracing::info!("the till writes no more commands");
        });

        Self {
            inbox: Arc::new(Mutex::new(Some(inbox))),
        }
    }

    /// What the till asks for from here on. Only the first to ask gets anything.
    pub fn take(&self) -> impl Stream<Item = ControlLine> + Send + 'static + use<> {
        let mut inbox = self
            .inbox
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();

        stream::poll_fn(move |context| match &mut inbox {
            Some(inbox) => inbox.poll_recv(context),
            None => std::task::Poll::Ready(None),
        })
    }
}
