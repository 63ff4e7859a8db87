use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

use crate::stand::Caller;

/// Whose sale is on, and how much of the log goes to its standard error: as much as if the sale had a
/// window of its own. A log is one for the whole process, and so is this.
static LISTENING: Mutex<Option<(Level, Caller)>> = Mutex::new(None);

/// From here on the log is overheard by this caller, for as long as its sale goes on.
pub(super) fn by(caller: &Caller, verbose: u8) {
    let level = match verbose {
        0 => Level::ERROR,
        1 => Level::INFO,
        _ => Level::DEBUG,
    };
    let mut listening = LISTENING.lock().unwrap_or_else(PoisonError::into_inner);
    *listening = Some((level, caller.clone()));
}

/// Writes the log to whoever listens.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli) struct Overheard;

impl<'a> MakeWriter<'a> for Overheard {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line(None)
    }

    fn make_writer_for(&'a self, meta: &Metadata<'_>) -> Line {
        let listening = LISTENING.lock().unwrap_or_else(PoisonError::into_inner);
        let listener = listening
            .as_ref()
            .filter(|(level, _)| meta.level() <= level);

        Line(listener.map(|(_, caller)| caller.clone()))
    }
}

/// The writer of one line.
#[derive(Debug)]
pub(in crate::cli) struct Line(Option<Caller>);

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(caller) = &self.0 {
            caller.note(String::from_utf8_lossy(bytes).trim_end().to_owned());
        }

        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
