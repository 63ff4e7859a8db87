//! What the till can ask for while a sale runs: one JSON object a line, such as
//! `{"command":"cancel"}`.
//!
//! [`ControlCommand::parse`] and [`ControlLines`] only read; [`Controls`] does so on a thread of
//! its own and hands on what it has read.

mod controls;
mod lines;
mod pace;

use std::fmt;
use std::str;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::payment::Text;

pub use controls::Controls;
pub use lines::ControlLines;
pub(crate) use pace::Allowance;

/// The longest line that is taken, in bytes.
pub const LONGEST_LINE: usize = 4096;

/// What the till asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ControlCommand {
    /// Take the code away and cancel at the platform.
    Cancel,
    /// Try again with a new request.
    Retry,
    /// Take note of the ending and go.
    Close,
    /// Accept a payment condition.
    Accept,
    /// Decline a payment condition.
    Decline,
}

/// What a line asks for, or why it cannot be understood.
pub type ControlLine = Result<ControlCommand, ControlError>;

/// Why a line cannot be understood. What was written is quoted cleaned and cut.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ControlError {
    /// It is longer than [`LONGEST_LINE`]; it was skipped to its end.
    #[error(
        "a line of more than {LONGEST_LINE} bytes was skipped; write one command a line, such as \
         {EXAMPLE}"
    )]
    TooLong,
    /// It is not text.
    #[error("the line is not UTF-8; write one command a line, such as {EXAMPLE}")]
    NotUtf8,
    /// It is no JSON object.
    #[error("the line is no JSON object: {0}; write one command a line, such as {EXAMPLE}")]
    NotAnObject(Text),
    /// It has no `command`, has it twice, or it is no text.
    #[error("the line says no \"command\" as text, once: {0}; write for example {EXAMPLE}")]
    NoCommand(Text),
    /// There is no such command.
    #[error(
        "there is no command \"{0}\"; there are cancel, retry, close, accept and decline, in \
         small letters"
    )]
    Unknown(Text),
    /// More such lines come too fast to be answered.
    #[error(
        "lines that cannot be understood come too fast; they are skipped, and no more is said of them until none came for \
         a while"
    )]
    TooMany,
    /// Another process has read it, and says why it cannot be understood.
    #[error("{0}")]
    ReadElsewhere(String),
}

const EXAMPLE: &str = r#"{"command":"cancel"}"#;

/// A line; fields that a later version may add are not looked at.
#[derive(Deserialize)]
struct Line {
    command: Value,
}

impl ControlCommand {
    /// Every command.
    pub const ALL: [Self; 5] = [
        Self::Cancel,
        Self::Retry,
        Self::Close,
        Self::Accept,
        Self::Decline,
    ];

    /// Reads one line, with or without its end.
    ///
    /// # Errors
    ///
    /// When it is not exactly one command. Blanks around it and fields beside `command` do no harm.
    pub fn parse(line: &[u8]) -> Result<Self, ControlError> {
        if line.len() > LONGEST_LINE {
            return Err(ControlError::TooLong);
        }
        let line = str::from_utf8(line)
            .map_err(|_| ControlError::NotUtf8)?
            // Some systems begin what they write with it.
            .trim_start_matches('\u{feff}')
            .trim();
        let quoted = || Text::clean(line);
        // An array would do for serde as well.
        if !line.starts_with('{') {
            return Err(ControlError::NotAnObject(quoted()));
        }
        let command = match serde_json::from_str(line) {
            Ok(Line {
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

    /// How it is written.
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

impl fmt::Display for ControlCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests;
