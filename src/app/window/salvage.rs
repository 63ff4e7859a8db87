//! Ends a sale whose window is gone: the window library panicked, gave up, or ended the process.
//!
//! A customer can pay a created code without the window. So the sale continues without a window, and ends as if
//! someone had closed the window: it voids the request and tells the till the outcome.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::process;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use thiserror::Error;
use tokio::time::timeout;

use crate::app::display::SaleDisplay;
use crate::app::display::early_start::Executor;
use crate::app::task_scope::TaskScope;
use crate::local_api::SaleFeed;
use crate::runtime::early_start::{EarlyStart, StartedSale};
use crate::runtime::effects::{EffectEvents, Effects, EventRedirect};
use crate::sale::{Ending, Sale, State};

/// The time for a sale to end early; longer than a sale needs.
const TO_LEAVE: Duration = Duration::from_secs(8);
/// The time for a window to open; longer than a window needs.
const TO_OPEN: Duration = Duration::from_secs(20);
/// The exit code for a missing screen, by sysexits.
const UNAVAILABLE: u8 = 69;
/// The time for a client to read how its sale ended.
pub(in crate::app) const TO_READ: Duration = Duration::from_secs(2);

/// The window failed to open, or is gone.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{why}")]
pub struct Breakdown {
    pub(crate) why: String,
    /// Whether a sale had started. Such a sale has ended, and its outcome has been told.
    pub had_begun: bool,
}

/// A sale whose window is gone.
#[derive(Debug)]
pub(in crate::app) struct Salvage {
    pub(in crate::app) effects: Effects,
    pub(in crate::app) sale: Sale,
    /// Receives the events of running tasks, and keeps those tasks alive.
    pub(in crate::app) under_way: Option<(EventRedirect, TaskScope)>,
    pub(in crate::app) ahead: Option<EarlyStart>,
    /// The feed that tells the outcome; `None` if no other process waits for it.
    pub(in crate::app) feed: Option<SaleFeed>,
}

/// Holds a copy of the display's sale, renewed after each message. If the window library panics or ends the
/// process, the display itself is lost.
#[derive(Debug, Clone, Default)]
pub(in crate::app) struct Slot(Arc<Mutex<Option<Salvage>>>);

impl Slot {
    pub(in crate::app) fn put(&self, salvage: Option<Salvage>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = salvage;
    }

    fn take(&self) -> Option<Salvage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl SaleDisplay {
    /// Returns a copy of the sale; `None` if the sale has ended.
    pub(in crate::app) fn salvage(&self, feed: Option<SaleFeed>) -> Option<Salvage> {
        if self.effects.exit_code().is_some() {
            return None;
        }

        Some(Salvage {
            effects: self.effects.clone(),
            sale: self.sale.clone(),
            under_way: Some((self.detour.clone(), self.task_scope.clone())),
            ahead: self.ahead.clone(),
            feed,
        })
    }
}

impl Salvage {
    /// Ends the sale early and waits for its outcome. Returns whether the sale had started: without a request to
    /// the platform, a sale has no outcome.
    fn leave(self) -> bool {
        let (sale, events) = match self.ahead.and_then(|ahead| ahead.take_over()) {
            Some(StartedSale { sale, events }) => (sale, Some(events)),
            None => {
                let events = self.under_way.as_ref().map(|(detour, _)| detour.open());

                (self.sale, events)
            }
        };

        leave(&self.effects, sale, events, self.feed)
    }
}

fn leave(
    effects: &Effects,
    sale: Sale,
    events: Option<EffectEvents>,
    feed: Option<SaleFeed>,
) -> bool {
    if matches!(sale.state(), State::Entry | State::Recalling) {
        return false;
    }
    let Ok(runtime) = Executor::handle() else {
        return true;
    };
    runtime.block_on(async {
        if timeout(TO_LEAVE, effects.leave(sale, events))
            .await
            .is_err()
        {
            tracing::error!("the sale did not end in time");
        }
        if let Some(feed) = feed {
            effects.finish_sale().await;
            feed.tell_outcome();
            feed.is_read(TO_READ).await;
        }
    });

    true
}

/// Ends the program if the window library hangs before the window opens, for example because the display server
/// stopped responding. The sale ends as after a panic.
pub(in crate::app) fn watch(ahead: EarlyStart, effects: Effects) {
    // A window that opens takes over the sale at once, even if the platform is slow. Then this thread does
    // nothing.
    let watching = thread::Builder::new().name("watch".to_owned());
    let watched = watching.spawn(move || {
        thread::sleep(TO_OPEN);
        let Some(StartedSale { sale, events }) = ahead.take_over() else {
            return;
        };
        tracing::error!("the window does not open; patron-display check looks at the screen");
        let had_begun = leave(&effects, sale, Some(events), None);
        effects.finish();
        let code = match effects.exit_code() {
            Some(code) => code,
            None if had_begun => Ending::unknown().exit_code(),
            None => UNAVAILABLE,
        };
        process::exit(code.into());
    });
    if let Err(error) = watched {
        tracing::warn!(%error, "nobody watches whether the window opens");
    }
}

/// Runs the window library, then ends the sale in the slot. A panic is logged, and standard error gets one
/// sentence about it. If the library ends the process, `at_exit` returns the exit code.
///
/// # Errors
///
/// If the library panicked or gave up.
pub(in crate::app) fn run(
    slot: &Slot,
    at_exit: impl FnOnce(Breakdown) -> u8 + Send + 'static,
    run: impl FnOnce() -> iced::Result,
) -> Result<(), Breakdown> {
    ARMED.with(|armed| armed.0.replace(Some((slot.clone(), Box::new(at_exit)))));
    let ran = survive(run);
    ARMED.with(|armed| armed.0.take());
    let why = ran.err();
    // The sale also ends if the library returned without an error: no sale continues without a window.
    let left = slot.take();
    if why.is_none() && left.is_none() {
        return Ok(());
    }
    let why = why.unwrap_or_else(|| "it was closed by the system".to_owned());

    Err(end(left, why))
}

fn end(left: Option<Salvage>, why: String) -> Breakdown {
    tracing::info!(why, "the window is gone");
    let had_begun = left.is_some_and(Salvage::leave);

    Breakdown { why, had_begun }
}

fn survive(run: impl FnOnce() -> iced::Result) -> Result<(), String> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|panicked| {
        // Standard error shows errors only, and the caller prints a sentence about this panic.
        tracing::info!(%panicked, "the window library panicked");
    }));
    let ran = panic::catch_unwind(AssertUnwindSafe(run));
    // The original hook prints details for programmers.
    panic::set_hook(hook);

    match ran {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(panicked) => {
            let owned = panicked.downcast_ref::<String>().map(String::as_str);
            let text = owned.or_else(|| panicked.downcast_ref::<&str>().copied());

            Err(text.unwrap_or("the window library panicked").to_owned())
        }
    }
}

type AtExit = Box<dyn FnOnce(Breakdown) -> u8 + Send>;

thread_local! {
    static ARMED: Armed = const { Armed(RefCell::new(None)) };
}

/// Ends the sale if the window library ends the process. When the connection breaks, for example because the X
/// server crashed or someone used `xkill`, Xlib calls C's `exit` with 1 and does not return to its caller.
///
/// In the GNU C library, `exit` first destroys the thread-local values of the calling thread, and a destructor of
/// this module waits for the sale's end. With another C library the process just ends, and the next launch settles
/// the sale.
struct Armed(RefCell<Option<(Slot, AtExit)>>);

impl Drop for Armed {
    fn drop(&mut self) {
        let Some((slot, at_exit)) = self.0.take() else {
            return;
        };
        // The thread-local values of a runtime may already be gone on this thread.
        let ending = thread::Builder::new()
            .name("salvage".to_owned())
            .spawn(move || {
                let why = "the display server ended the connection".to_owned();

                at_exit(end(slot.take(), why))
            });
        let code = ending.ok().and_then(|ending| ending.join().ok());

        // Of the two calls of `exit`, this inner one decides the exit code of the process.
        process::exit(code.unwrap_or_else(|| Ending::unknown().exit_code()).into());
    }
}
