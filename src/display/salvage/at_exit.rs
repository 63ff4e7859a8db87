//! Ends the sale where the window library ends the process: Xlib calls C's `exit` with 1 when its connection
//! breaks, such as over an X server that crashed or a client that was killed (`xkill`). It offers nobody to
//! return from that.
//!
//! `exit` lets go of what is local to the thread that called it, before anything else of the process is taken
//! down. So that is where this waits. The C library of GNU does so; with another one the process ends as
//! before, and the next launch settles the sale.

use std::cell::RefCell;
use std::process;
use std::thread;

use super::{Breakdown, Slot, end};
use crate::sale::Ending;

type Last = Box<dyn FnOnce(Breakdown) -> u8 + Send>;

thread_local! {
    static ARMED: Armed = const { Armed(RefCell::new(None)) };
}

struct Armed(RefCell<Option<(Slot, Last)>>);

/// From here on, `exit` on this thread first ends what is in the slot. `last` answers with the exit code.
pub(super) fn arm(slot: Slot, last: impl FnOnce(Breakdown) -> u8 + Send + 'static) {
    ARMED.with(|armed| armed.0.replace(Some((slot, Box::new(last)))));
}

/// The window library has come back.
pub(super) fn disarm() {
    ARMED.with(|armed| armed.0.take());
}

impl Drop for Armed {
    fn drop(&mut self) {
        let Some((slot, last)) = self.0.take() else {
            return;
        };
        // What a runtime keeps on a thread may be gone from this one.
        let ending = thread::Builder::new()
            .name("salvage".to_owned())
            .spawn(move || {
                let why = "the display server ended the connection".to_owned();

                last(end(slot.take(), why))
            });
        let code = ending.ok().and_then(|ending| ending.join().ok());

        // The inner call wins: its code is the one that the process ends with.
        process::exit(code.unwrap_or_else(|| Ending::unknown().exit_code()).into());
    }
}
