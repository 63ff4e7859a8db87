//! Commands from the till during a sale: one JSON object a line, such as `{"command":"cancel"}`.

use std::io::{self, BufRead, BufReader, Read};
use std::str;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use futures_util::Stream;
use futures_util::stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;
use tokio::sync::mpsc::{self, Receiver};

use super::rate_limit::{RateLimiter, ThrottledReader};
use crate::domain::payment::Text;

/// The longest accepted line, in bytes.
pub const LONGEST_LINE: usize = 4096;

/// A command of the till.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ControlCommand {
    /// Hide the code and cancel the payment request.
    Cancel,
    /// Try again with a new payment request.
    Retry,
    /// Acknowledge the ending and close.
    Close,
    /// Accept a payment condition.
    Accept,
    /// Decline a payment condition.
    Decline,
}

/// The command of a line, or why the line is invalid.
pub type ControlLine = Result<ControlCommand, ControlError>;

/// Why a line is invalid. The message quotes the line, cleaned and cut.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ControlError {
    /// The line is longer than [`LONGEST_LINE`]. The rest of it is skipped.
    #[error(
        "skipped a line of more than {LONGEST_LINE} bytes; write one command a line, such as \
         {EXAMPLE}"
    )]
    TooLong,
    /// The line is not UTF-8.
    #[error("the line is not UTF-8; write one command a line, such as {EXAMPLE}")]
    NotUtf8,
    /// The line is not a JSON object.
    #[error("the line is not a JSON object: {0}; write one command a line, such as {EXAMPLE}")]
    NotAnObject(Text),
    /// The field `command` is missing, repeated, or not a string.
    #[error("expected exactly one string field \"command\": {0}; write for example {EXAMPLE}")]
    NoCommand(Text),
    /// The command does not exist.
    #[error(
        "unknown command \"{0}\"; the commands are cancel, retry, close, accept and decline, in \
         lower case"
    )]
    Unknown(Text),
    /// There are too many invalid lines to answer each.
    #[error(
        "too many invalid lines; they are skipped without further errors until none comes for a while"
    )]
    TooMany,
    /// The error of a line that another process has read.
    #[error("{0}")]
    ReadElsewhere(String),
}

const EXAMPLE: &str = r#"{"command":"cancel"}"#;

/// Ignores fields that a later version may add.
#[derive(Deserialize)]
struct CommandLine {
    command: Value,
}

impl ControlCommand {
    /// Every command, for parsers and tests.
    pub const ALL: [Self; 5] = [
        Self::Cancel,
        Self::Retry,
        Self::Close,
        Self::Accept,
        Self::Decline,
    ];

    /// Parses one line, with or without its line break.
    ///
    /// # Errors
    /// If the line is not exactly one command. Blanks around it and other fields are ignored.
    pub fn parse(line: &[u8]) -> Result<Self, ControlError> {
        if line.len() > LONGEST_LINE {
            return Err(ControlError::TooLong);
        }
        let line = str::from_utf8(line)
            .map_err(|_| ControlError::NotUtf8)?
            // Some systems write a byte order mark first.
            .trim_start_matches('\u{feff}')
            .trim();
        let quoted = || Text::clean(line);
        // serde would also accept an array.
        if !line.starts_with('{') {
            return Err(ControlError::NotAnObject(quoted()));
        }
        let command = match serde_json::from_str(line) {
            Ok(CommandLine {
                command: Value::String(command),
            }) => command,
            Err(error) if !error.is_data() => return Err(ControlError::NotAnObject(quoted())),
            Ok(_) | Err(_) => return Err(ControlError::NoCommand(quoted())),
        };

        Self::ALL
            .into_iter()
            .find(|known| known.name() == command)
            .ok_or_else(|| ControlError::Unknown(Text::clean(&command)))
    }

    /// Returns the value of the field `command`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cancel => "cancel",
            Self::Retry => "retry",
            Self::Close => "close",
            Self::Accept => "accept",
            Self::Decline => "decline",
        }
    }
}

/// Reads commands from a stream, one a line. Empty lines are ignored. A line that is too long is skipped and never stored
/// whole. The iterator ends at the end of the stream or at a read error.
#[derive(Debug)]
pub struct ControlLines<R> {
    reader: R,
    line: Vec<u8>,
}

impl<R: BufRead> ControlLines<R> {
    /// Reads commands from `reader`.
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            line: Vec::new(),
        }
    }

    #[cfg(test)]
    pub(super) fn capacity(&self) -> usize {
        self.line.capacity()
    }

    /// Returns the next line that is not empty; `None` at the end.
    fn read_line(&mut self) -> io::Result<Option<ControlLine>> {
        // The longest line and its line break.
        const MOST: u64 = LONGEST_LINE as u64 + 1;
        loop {
            self.line.clear();
            let mut line = self.reader.by_ref().take(MOST);
            if line.read_until(b'\n', &mut self.line)? == 0 {
                return Ok(None);
            }
            if self.line.last() == Some(&b'\n') {
                self.line.pop();
            } else if self.line.len() > LONGEST_LINE {
                self.reader.skip_until(b'\n')?;

                return Ok(Some(Err(ControlError::TooLong)));
            }
            if !self.line.trim_ascii().is_empty() {
                return Ok(Some(ControlCommand::parse(&self.line)));
            }
        }
    }
}

impl<R: BufRead> Iterator for ControlLines<R> {
    type Item = ControlLine;

    fn next(&mut self) -> Option<Self::Item> {
        self.read_line().unwrap_or_else(|error| {
            tracing::warn!(%error, "cannot read the till's commands any more");

            None
        })
    }
}

/// The most lines that wait. A till that writes more lines, or writes too fast, is made to wait.
const MOST_WAITING: usize = 16;

/// The commands of the till as they arrive. Clones share them, and only one clone can take them.
#[derive(Debug, Clone, Default)]
pub struct Controls {
    inbox: Arc<Mutex<Option<Receiver<ControlLine>>>>,
}

impl Controls {
    /// Commands without a till: none ever comes.
    pub fn none() -> Self {
        Self::default()
    }

    /// Reads commands from `reader` on a new thread. A sale goes on after the end of the input. The program does
    /// not wait for the thread, which may read for ever.
    pub fn read(reader: impl Read + Send + 'static) -> Self {
        let (lines, inbox) = mpsc::channel(MOST_WAITING);
        thread::spawn(move || {
            let mut pace = LinePace::new();
            for line in ControlLines::new(BufReader::new(ThrottledReader::new(reader))) {
                let Some(line) = pace.admit(line) else {
                    continue;
                };
                if lines.blocking_send(line).is_err() {
                    return;
                }
            }
            tracing::info!("the till has closed its commands");
        });

        Self {
            inbox: Arc::new(Mutex::new(Some(inbox))),
        }
    }

    /// Returns the commands as a stream. Only the first call of `take` gets any.
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

/// Delays commands that come too fast, and skips invalid lines that come too fast.
#[derive(Debug)]
struct LinePace {
    commands: RateLimiter,
    errors: RateLimiter,
    is_skipping: bool,
}

impl LinePace {
    fn new() -> Self {
        Self {
            // A sale needs about five commands. Limited, because each command is logged.
            commands: RateLimiter::new(20.0, 2.0),
            errors: RateLimiter::new(20.0, 0.1),
            is_skipping: false,
        }
    }

    /// Returns the line, perhaps after a delay; `None` if it is skipped. The till gets one error about skipped lines.
    fn admit(&mut self, line: ControlLine) -> Option<ControlLine> {
        if line.is_ok() {
            thread::sleep(self.commands.take(1.0));
            return Some(line);
        }
        if self.errors.is_full() {
            self.is_skipping = false;
        }
        if !self.is_skipping && self.errors.take_one() {
            return Some(line);
        }
        let is_first = !self.is_skipping;
        self.is_skipping = true;

        is_first.then_some(Err(ControlError::TooMany))
    }
}

#[cfg(test)]
mod tests;
