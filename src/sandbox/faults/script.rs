//! A sequence of faults for each kind of call, from a file or from the network.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::path::{Path, PathBuf};

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_path_to_error::Segment;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::Fault;
use crate::bounded_read::{self, ReadError};
use crate::sandbox::call::Call;

/// What goes wrong with which calls: for each kind of call a sequence of faults. The first is for
/// the first such call, and so on; when there are none left, everything goes well.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Script(BTreeMap<Call, Sequence>);

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
struct Sequence(VecDeque<Fault>);

impl<'de> Deserialize<'de> for Sequence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Faults)
    }
}

/// Reads a sequence, and says what one is where there is none.
struct Faults;

impl<'de> Visitor<'de> for Faults {
    type Value = Sequence;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of faults, which in TOML is a heading in two brackets, such as [[read]], for each")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Sequence, A::Error> {
        let mut faults = VecDeque::<Fault>::new();
        while let Some(fault) = access.next_element()? {
            if faults.back().is_some_and(Fault::is_forever) {
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

/// Why a fault script cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ScriptError {
    /// The file cannot be read.
    #[error("{path}: {cause}", path = .path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why, and what to do.
        cause: ReadError,
    },
    /// What it says makes no sense.
    #[error("{place}: {message}")]
    Invalid {
        /// The file and the line, or where in the JSON.
        place: String,
        /// What is wrong, and what is right.
        message: String,
    },
}

/// The largest script that is read, in bytes.
const LARGEST: usize = 1024 * 1024;

impl Script {
    /// The script in this TOML file.
    ///
    /// # Errors
    /// [`ScriptError`] where it cannot be read, and those of [`Script::from_toml`].
    pub fn read(path: &Path) -> Result<Self, ScriptError> {
        let text = bounded_read::text(path, LARGEST).map_err(|cause| ScriptError::File {
            path: path.to_owned(),
            cause,
        })?;

        Self::from_toml(&text, path)
    }

    /// The script in a text of TOML; errors name `path`.
    ///
    /// # Errors
    /// [`ScriptError::Invalid`] with the line where it makes no sense.
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

    /// The script in JSON of the same structure.
    ///
    /// # Errors
    /// [`ScriptError::Invalid`] with the path and the line where it makes no sense.
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

    /// With these faults for this kind of call, in place of those it had.
    #[must_use]
    pub fn on(mut self, call: Call, faults: impl IntoIterator<Item = Fault>) -> Self {
        self.set(call, faults);
        self
    }

    /// Whether nothing goes wrong any more.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.values().all(|Sequence(faults)| faults.is_empty())
    }

    pub(in crate::sandbox) fn set(&mut self, call: Call, faults: impl IntoIterator<Item = Fault>) {
        let faults: VecDeque<_> = faults.into_iter().filter(Fault::is_due).collect();
        if faults.is_empty() {
            self.0.remove(&call);
        } else {
            self.0.insert(call, Sequence(faults));
        }
    }

    /// What happens to the call that has come in. A kind's own sequence goes before that of any.
    pub(in crate::sandbox) fn next(&mut self, call: Call) -> Option<Fault> {
        self.take(call).or_else(|| self.take(Call::Any))
    }

    fn take(&mut self, call: Call) -> Option<Fault> {
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

/// A place in a script and what is wrong there; the whole script has no name.
fn sentence(place: &str, wrong: &str) -> String {
    match place {
        "." => wrong.to_owned(),
        _ => format!("{place}: {wrong}"),
    }
}

/// The line of this byte, from 1.
fn line(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or(text);

    before.matches('\n').count() + 1
}

/// Where the last value on this path is that stands in the text.
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

/// Where the first date is that is not a text: JSON has no such thing.
fn date(value: &Spanned<DeValue<'_>>) -> Option<usize> {
    match value.get_ref() {
        DeValue::Datetime(_) => Some(value.span().start),
        DeValue::Array(array) => array.iter().find_map(date),
        DeValue::Table(table) => table.values().find_map(date),
        _ => None,
    }
}
