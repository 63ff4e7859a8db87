//! The fault script, from a file or over HTTP.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::path::{Path, PathBuf};

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_path_to_error::Segment;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{Fault, Repeat};
use crate::files::bounded_read::{self, ReadError};
use crate::sandbox::call::ApiCall;

/// A sequence of faults for each kind of call. Each call uses the next fault; after the last one, calls succeed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Script(BTreeMap<ApiCall, Sequence>);

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
struct Sequence(VecDeque<Fault>);

impl<'de> Deserialize<'de> for Sequence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(SequenceVisitor)
    }
}

/// Reads a sequence of faults. If the value is not a sequence, the error describes what a sequence is.
struct SequenceVisitor;

impl<'de> Visitor<'de> for SequenceVisitor {
    type Value = Sequence;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of faults, which in TOML is a heading in two brackets, such as [[read]], for each")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Sequence, A::Error> {
        let mut faults = VecDeque::<Fault>::new();
        while let Some(fault) = access.next_element()? {
            if faults
                .back()
                .is_some_and(|last| last.repeat == Repeat::Forever)
            {
                return Err(A::Error::custom(
                    "the fault before this one lasts forever, so this one is never reached; \
                     remove one of them",
                ));
            }
            faults.push_back(fault);
        }

        Ok(Sequence(faults))
    }
}

/// Error of reading a fault script.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ScriptError {
    /// The file cannot be read.
    #[error("{path}: {cause}", path = .path.display())]
    File {
        /// Path of the file.
        path: PathBuf,
        /// The cause and what to do.
        cause: ReadError,
    },
    /// The script is invalid.
    #[error("{place}: {message}")]
    Invalid {
        /// File and line, or the path in the JSON.
        place: String,
        /// The mistake and the correction.
        message: String,
    },
}

/// Limit of a script file, in bytes.
const LARGEST: usize = 1024 * 1024;

impl Script {
    /// Reads a TOML file.
    ///
    /// # Errors
    /// If the file cannot be read, and those of [`Script::from_toml`].
    pub fn read(path: &Path) -> Result<Self, ScriptError> {
        let text = bounded_read::text(path, LARGEST).map_err(|cause| ScriptError::File {
            path: path.to_owned(),
            cause,
        })?;

        Self::from_toml(&text, path)
    }

    /// Parses a TOML text; errors name `path`.
    ///
    /// # Errors
    /// [`ScriptError::Invalid`] with the line.
    pub fn from_toml(text: &str, path: &Path) -> Result<Self, ScriptError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let at = |offset: usize, message: String| ScriptError::Invalid {
            place: format!("{}:{}", path.display(), line(text, offset)),
            message,
        };
        let unreadable = |error: toml::de::Error| {
            let offset = error.span().map_or(0, |span| span.start);

            at(offset, error.message().to_owned())
        };
        let table = DeTable::parse(text).map_err(unreadable)?;
        if let Some(offset) = table.get_ref().values().find_map(date) {
            return Err(at(offset, "put this date in quotes".to_owned()));
        }

        let deserializer = toml::Deserializer::from(table.clone());
        serde_path_to_error::deserialize(deserializer).map_err(|error| {
            let offset = position(table.get_ref(), error.path());
            let place = error.path().to_string();
            let error = error.into_inner();
            let offset = offset.or(error.span().map(|span| span.start));

            at(offset.unwrap_or(0), sentence(&place, error.message()))
        })
    }

    /// Parses JSON of the same structure.
    ///
    /// # Errors
    /// [`ScriptError::Invalid`] with the path and the line.
    pub fn from_json(bytes: &[u8]) -> Result<Self, ScriptError> {
        let invalid = |place: &str, error: &serde_json::Error| ScriptError::Invalid {
            place: "the fault script".to_owned(),
            message: sentence(place, &error.to_string()),
        };
        let mut json = serde_json::Deserializer::from_slice(bytes);
        let script = serde_path_to_error::deserialize(&mut json)
            .map_err(|error| invalid(&error.path().to_string(), error.inner()))?;
        json.end().map_err(|error| invalid(".", &error))?;

        Ok(script)
    }

    /// Replaces the faults for this kind of call.
    #[must_use]
    pub fn on(mut self, call: ApiCall, faults: impl IntoIterator<Item = Fault>) -> Self {
        let faults: VecDeque<_> = faults.into_iter().filter(Fault::is_due).collect();
        if faults.is_empty() {
            self.0.remove(&call);
        } else {
            self.0.insert(call, Sequence(faults));
        }

        self
    }

    /// Whether no faults are left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.values().all(|Sequence(faults)| faults.is_empty())
    }

    /// Takes the fault for a call. The faults of its kind go before those of any kind.
    pub(in crate::sandbox) fn next(&mut self, call: ApiCall) -> Option<Fault> {
        self.take(call).or_else(|| self.take(ApiCall::Any))
    }

    fn take(&mut self, call: ApiCall) -> Option<Fault> {
        let Sequence(faults) = self.0.get_mut(&call)?;
        let first = faults.front_mut()?;
        let fault = first.clone();
        first.use_up();
        if !first.is_due() {
            faults.pop_front();
        }
        if faults.is_empty() {
            self.0.remove(&call);
        }

        Some(fault)
    }
}

/// Describes a mistake with its place in the script. The place `.` is the whole script, which has no name.
fn sentence(place: &str, wrong: &str) -> String {
    match place {
        "." => wrong.to_owned(),
        _ => format!("{place}: {wrong}"),
    }
}

/// The line of a byte, counted from 1.
fn line(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or(text);

    before.matches('\n').count() + 1
}

/// Returns where the deepest value on this path begins that is in the text.
fn position(table: &DeTable<'_>, path: &serde_path_to_error::Path) -> Option<usize> {
    let mut segments = path.iter();
    let Some(Segment::Map { key }) = segments.next() else {
        return None;
    };
    let mut value = table.get(key.as_str())?;
    for segment in segments {
        let deeper = match (segment, value.get_ref()) {
            (Segment::Map { key }, DeValue::Table(table)) => table.get(key.as_str()),
            (Segment::Seq { index }, DeValue::Array(array)) => array.get(*index),
            _ => None,
        };
        let Some(deeper) = deeper else { break };
        value = deeper;
    }

    Some(value.span().start)
}

/// The position of the first date without quotes: JSON has no dates.
fn date(value: &Spanned<DeValue<'_>>) -> Option<usize> {
    match value.get_ref() {
        DeValue::Datetime(_) => Some(value.span().start),
        DeValue::Array(array) => array.iter().find_map(date),
        DeValue::Table(table) => table.values().find_map(date),
        _ => None,
    }
}
