//! Ends a sale whose window is gone: the window library panicked, gave up, or ended the process.
//!
//! A code that was created can be paid whether a window shows it or not. So the sale goes on without a window
//! and leaves, as if somebody had closed it: the request is voided, and the till is told the outcome.

mod at_exit;

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::process;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use thiserror::Error;
use tokio::time::timeout;

use super::Display;
use super::ahead::Executor;
use super::leash::Leash;
use crate::effects::{Begun, Detour, Effects, Events, HeadStart};
use crate::sale::{Ending, Sale, State};
use crate::stand::Caller;

/// More than a sale takes to leave.
const TO_LEAVE: Duration = Duration::from_secs(8);
/// No window takes longer to open.
const TO_OPEN: Duration = Duration::from_secs(20);
/// No screen to show anything on, by sysexits.
const UNAVAILABLE: u8 = 69;
/// A caller may take this long to read how its sale ended.
const TO_READ: Duration = Duration::from_secs(2);

/// There is no window, or no longer one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{why}")]
pub struct Breakdown {
    pub(crate) why: String,
    /// Whether a sale had begun. It has been ended then, and its outcome told.
    pub had_begun: bool,
}

/// What is left of a sale whose window is gone.
#[derive(Debug)]
pub(super) struct Salvage {
    pub(super) effects: Effects,
    pub(super) sale: Sale,
    /// What it waits for goes there, and goes on as long as the leash is held.
    pub(super) under_way: Option<(Detour, Leash)>,
    pub(super) ahead: Option<HeadStart>,
    /// Who waits for the outcome, where another process does.
    pub(super) caller: Option<Caller>,
}

/// Where a display leaves its sale after each message: nobody asks it any more when the window library has
/// panicked or ended the process.
#[derive(Debug, Clone, Default)]
pub(super) struct Slot(Arc<Mutex<Option<Salvage>>>);

impl Slot {
    pub(super) fn put(&self, salvage: Option<Salvage>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = salvage;
    }

    pub(super) fn take(&self) -> Option<Salvage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Display {
    /// What would be left of the sale, where it has not ended.
    pub(super) fn salvage(&self, caller: Option<Caller>) -> Option<Salvage> {
        if self.effects.exit_code().is_some() {
            return None;
        }

        Some(Salvage {
            effects: self.effects.clone(),
            sale: self.sale.clone(),
            under_way: Some((self.detour.clone(), self.leash.clone())),
            ahead: self.ahead.clone(),
            caller,
        })
    }
}

impl Salvage {
    /// Lets the sale leave, and waits for it. Whether it had begun: where nothing had been sent to the
    /// platform, nothing is told either.
    pub(super) fn leave(self) -> bool {
        let Self {
            effects,
            sale,
            under_way,
            ahead,
            caller,
        } = self;
        let (sale, events) = match ahead.and_then(|ahead| ahead.take_over()) {
            Some(Begun { sale, events }) => (sale, Some(events)),
            None => (sale, under_way.as_ref().map(|(detour, _)| detour.open())),
        };

        leave(&effects, sale, events, caller)
    }
}

fn leave(effects: &Effects, sale: Sale, events: Option<Events>, caller: Option<Caller>) -> bool {
    if matches!(sale.state(), State::Entry | State::Recalling) {
        return false;
    }
    let Ok(runtime) = Executor::handle() else {
        return true;
    };
    runtime.block_on(async {
        let left = timeout(TO_LEAVE, effects.leave(sale, events)).await;
        let code = left.unwrap_or_else(|_| Ending::unknown().exit_code());
        if let Some(caller) = caller {
            effects.hand_back().await;
            caller.exit(code);
            caller.has_read(TO_READ).await;
        }
    });

    true
}

/// Ends the program where the window library hangs, such as over a display server that takes no notice any
/// more: the sale is left as in a panic.
pub(super) fn watch(ahead: HeadStart, effects: Effects) {
    // The window takes the sale over as soon as it is there, whatever the platform does meanwhile.
    let watching = thread::Builder::new().name("watch".to_owned());
    let watched = watching.spawn(move || {
        thread::sleep(TO_OPEN);
        let Some(Begun { sale, events }) = ahead.take_over() else {
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

/// Runs the window library to its end, and ends what it leaves in the slot. A panic goes to the log; who
/// reads standard error gets a sentence. `at_exit` answers with the exit code where the library ends the
/// process: nothing comes back from it then.
///
/// # Errors
///
/// What it panicked over, or why it gave up.
pub(super) fn run(
    slot: &Slot,
    at_exit: impl FnOnce(Breakdown) -> u8 + Send + 'static,
    run: impl FnOnce() -> iced::Result,
) -> Result<(), Breakdown> {
    at_exit::arm(slot.clone(), at_exit);
    let ran = survive(run);
    at_exit::disarm();
    let why = ran.err();
    // Also where the library has ended without a word: no sale goes on without a window.
    let left = slot.take();
    if why.is_none() && left.is_none() {
        return Ok(());
    }
    let why = why.unwrap_or_else(|| "it was closed by the system".to_owned());

    Err(end(left, why))
}

/// Ends what is left of a sale whose window is gone.
fn end(left: Option<Salvage>, why: String) -> Breakdown {
    tracing::info!(why, "the window is gone");
    let had_begun = left.is_some_and(Salvage::leave);

    Breakdown { why, had_begun }
}

fn survive(run: impl FnOnce() -> iced::Result) -> Result<(), String> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|panicked| {
        // Standard error shows errors, and has a sentence of its own about this one.
        tracing::info!(%panicked, "the window library panicked");
    }));
    let ran = panic::catch_unwind(AssertUnwindSafe(run));
    // The hook that was there before prints what is for programmers.
    panic::set_hook(hook);

    match ran {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(panicked) => Err(said(panicked.as_ref())),
    }
}

/// What a panic says of itself.
fn said(panicked: &(dyn Any + Send)) -> String {
    let text = panicked
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panicked.downcast_ref::<&str>().copied());

    text.unwrap_or("the window library panicked").to_owned()
}
