//! What goes over the socket: one JSON value a line.

use std::io;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};

use crate::control::{ControlCommand, ControlError, ControlLine};

/// What is asked for may hold a list of items of a mebibyte, and JSON writes some characters with six.
pub(super) const LONGEST_REQUEST: u64 = 8 * 1024 * 1024;
/// What a stand tells. An event may hold all that an answer of the platform says (256 KiB). It grows some twelve-fold at
/// most: short entries are told with all their names, and an event's quotes are escaped when it is put into a line.
pub(super) const LONGEST_WORD: u64 = 8 * 1024 * 1024;
/// Every other line.
pub(super) const LONGEST_LINE: u64 = 256 * 1024;

/// The first line of both sides. Its form never changes, nor does that of [`Word::Refused`] and
/// [`Word::Leaving`]: they are what two versions say to each other.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Greeting {
    pub(super) version: String,
}

impl Greeting {
    pub(super) fn own() -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// Whether both sides are the same program. Two versions do not try to understand each other.
    pub(super) fn is_ours(&self) -> bool {
        self.version == env!("CARGO_PKG_VERSION")
    }
}

/// What a stand tells whoever called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Word {
    /// A line for standard output.
    Event(String),
    /// A line for standard error.
    Note(String),
    /// It is over. The last word.
    Exit(u8),
    /// Nothing was begun, and why. The last word.
    Refused { code: u8, sentence: String },
    /// The stand ends itself, and nothing was begun. The last word.
    Leaving,
}

/// What a caller says once it has asked for something.
#[derive(Debug, Clone)]
pub enum Saying {
    /// The till wrote a line.
    Control(ControlLine),
    /// Leave the sale early: somebody wants it to end, or there is nobody any more.
    Leave,
}

/// A saying as it is written. A line that cannot be understood is explained by whoever has read it.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Said {
    Command(ControlCommand),
    NoCommand(String),
    Leave,
}

impl From<Saying> for Said {
    fn from(saying: Saying) -> Self {
        match saying {
            Saying::Control(Ok(command)) => Self::Command(command),
            Saying::Control(Err(error)) => Self::NoCommand(error.to_string()),
            Saying::Leave => Self::Leave,
        }
    }
}

impl From<Said> for Saying {
    fn from(said: Said) -> Self {
        match said {
            Said::Command(command) => Self::Control(Ok(command)),
            Said::NoCommand(why) => Self::Control(Err(ControlError::ReadElsewhere(why))),
            Said::Leave => Self::Leave,
        }
    }
}

/// A value as a line.
pub(super) fn line(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');

    Ok(line)
}

/// The next line, without its end; `None` where there is no whole one any more.
///
/// # Errors
///
/// When it is longer than `longest` or cannot be read.
pub(super) async fn text(
    reader: &mut (impl AsyncBufRead + Unpin),
    longest: u64,
) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    reader.take(longest).read_until(b'\n', &mut line).await?;
    if line.pop() != Some(b'\n') {
        return match (line.len() as u64).checked_add(1) {
            Some(length) if length >= longest => Err(io::Error::other("a line is too long")),
            _ => Ok(None),
        };
    }

    String::from_utf8(line)
        .map(Some)
        .map_err(|_| io::Error::other("a line is not UTF-8"))
}

/// The next line, understood.
pub(super) async fn value<T: DeserializeOwned>(
    reader: &mut (impl AsyncBufRead + Unpin),
    longest: u64,
) -> io::Result<Option<T>> {
    match text(reader, longest).await? {
        Some(text) => Ok(Some(serde_json::from_str(&text)?)),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_line_that_is_too_long_is_an_error_and_is_never_kept_whole() {
        let mut endless = tokio::io::BufReader::new(tokio::io::repeat(b'x'));
        assert!(text(&mut endless, 1000).await.is_err());
    }

    #[tokio::test]
    async fn a_line_that_was_torn_off_is_no_line() {
        let mut torn = &b"{\"version\":\"0.1.0\"}\n{\"vers"[..];
        let greeting: Option<Greeting> = value(&mut torn, LONGEST_LINE).await.unwrap();
        assert!(greeting.is_some_and(|greeting| greeting.version == "0.1.0"));
        assert_eq!(text(&mut torn, LONGEST_LINE).await.unwrap(), None);
    }

    #[test]
    fn the_words_between_two_versions_are_written_as_they_always_were() {
        let refused = Word::Refused {
            code: 75,
            sentence: "busy".to_owned(),
        };
        let written = |word: &Word| serde_json::to_string(word).unwrap();
        assert_eq!(
            written(&refused),
            r#"{"refused":{"code":75,"sentence":"busy"}}"#
        );
        assert_eq!(written(&Word::Leaving), r#""leaving""#);
    }
}
