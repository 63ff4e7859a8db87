//! A TOML file with its positions: tables and values that know where they stand and can say what is wrong with them.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::Section;
use super::{ConfigError, syntax};

/// The text of a file, and its name.
#[derive(Clone, Copy)]
pub(super) struct Document<'a> {
    pub(super) path: &'a Path,
    text: &'a str,
}

impl<'a> Document<'a> {
    pub(super) fn new(path: &'a Path, text: &'a str) -> Self {
        // A byte order mark, as Windows editors write it, would move the columns of the first line.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);

        Self { path, text }
    }

    /// The tables of the file, with positions into its text.
    pub(super) fn parse(&self) -> Result<Spanned<DeTable<'a>>, ConfigError> {
        if self.text.trim().is_empty() {
            return Err(self.wrong(
                0,
                "the file is empty; start from the sample, which `patron-display config example` prints",
            ));
        }

        DeTable::parse(self.text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            let found = self.text.get(span.clone()).unwrap_or_default();
            if let Some((offset, advice)) = syntax::odd_character(self.text, span.start) {
                return self.wrong(offset, advice);
            }

            self.wrong(span.start, syntax::advice(error.message(), found))
        })
    }

    /// An error at this byte of the text.
    pub(super) fn wrong(&self, offset: usize, message: impl Into<String>) -> ConfigError {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let (line, column) = position(before);

        ConfigError::Invalid {
            path: self.path.to_owned(),
            line,
            column,
            message: message.into(),
        }
    }
}

/// Text from the bytes of a file.
pub(super) fn utf8<'a>(path: &Path, bytes: &'a [u8]) -> Result<&'a str, ConfigError> {
    let wrong = |before: &[u8]| {
        let (line, column) = position(&String::from_utf8_lossy(before));

        ConfigError::Invalid {
            path: path.to_owned(),
            line,
            column,
            message: "the file is not UTF-8 text; save it again with the encoding UTF-8".to_owned(),
        }
    };
    // UTF-16 of plain letters is also UTF-8, with a null before or after each letter.
    if matches!(bytes.get(..2), Some([0, _] | [_, 0])) {
        return Err(wrong(&[]));
    }

    std::str::from_utf8(bytes)
        .map_err(|error| wrong(bytes.get(..error.valid_up_to()).unwrap_or_default()))
}

/// Line and column, both from 1, of what follows `before`.
fn position(before: &str) -> (usize, usize) {
    let line = before.matches('\n').count() + 1;
    let column = before
        .chars()
        .rev()
        .take_while(|character| *character != '\n')
        .count()
        + 1;

    (line, column)
}

/// A table of the file.
pub(super) struct Table<'a> {
    document: Document<'a>,
    /// The name in the heading, such as `merchants.cafe`; empty for the file itself.
    name: String,
    /// Where its heading is, in bytes.
    offset: usize,
    /// `None` for a table that was left out: everything in it is missing.
    entries: Option<&'a DeTable<'a>>,
}

impl<'a> Table<'a> {
    pub(super) fn top(document: Document<'a>, entries: &'a DeTable<'a>) -> Self {
        Self {
            document,
            name: String::new(),
            offset: 0,
            entries: Some(entries),
        }
    }

    /// The table `key` within this one; an empty one where it is left out.
    pub(super) fn table(&self, key: &str) -> Result<Self, ConfigError> {
        match self.get(key) {
            Some(item) => item.table(&self.name),
            None => Ok(Self {
                document: self.document,
                name: key.to_owned(),
                offset: self.offset,
                entries: None,
            }),
        }
    }

    /// An error about the table as a whole.
    pub(super) fn wrong(&self, message: impl Into<String>) -> ConfigError {
        self.document.wrong(self.offset, message)
    }

    /// Refuses keys that `section` does not have; of several, the first in the text.
    pub(super) fn refuse_unknown(&self, section: Section) -> Result<(), ConfigError> {
        let unknown = self
            .items()
            .into_iter()
            .find(|item| !section.keys().contains(&item.key));
        let Some(item) = unknown else {
            return Ok(());
        };

        let kind = match item.value.get_ref() {
            DeValue::Table(_) => "table",
            _ => "key",
        };
        let place = match self.name.as_str() {
            "" => String::new(),
            name => format!(" in [{name}]"),
        };

        Err(item.wrong_key(format!(
            "unknown {kind} {:?}{place}; {}",
            item.key,
            section.advice(item.key)
        )))
    }

    /// The value of `key`, if there is one.
    pub(super) fn get(&self, key: &str) -> Option<Item<'a>> {
        let (key, value) = self.entries?.get_key_value(key)?;

        Some(Item::new(self.document, key, value))
    }

    /// The value of `key`, without which the table is of no use; `purpose` says what it is for.
    pub(super) fn require(&self, key: &str, purpose: &str) -> Result<Item<'a>, ConfigError> {
        self.get(key).ok_or_else(|| {
            self.wrong(format!(
                "[{}] has no {key}; write {key} = \"...\", {purpose}",
                self.name
            ))
        })
    }

    /// All entries, in the order of the text.
    pub(super) fn items(&self) -> Vec<Item<'a>> {
        let mut items: Vec<_> = self
            .entries
            .into_iter()
            .flatten()
            .map(|(key, value)| Item::new(self.document, key, value))
            .collect();
        items.sort_by_key(|item| item.key_offset);

        items
    }
}

/// A value of the file, or one within a list.
#[derive(Clone, Copy)]
pub(super) struct Item<'a> {
    document: Document<'a>,
    /// The key it has, or the key of its list.
    pub(super) key: &'a str,
    key_offset: usize,
    value: &'a Spanned<DeValue<'a>>,
}

impl<'a> Item<'a> {
    fn new(
        document: Document<'a>,
        key: &'a Spanned<toml::de::DeString<'a>>,
        value: &'a Spanned<DeValue<'a>>,
    ) -> Self {
        Self {
            document,
            key: key.get_ref(),
            key_offset: key.span().start,
            value,
        }
    }

    /// The file this is from.
    pub(super) fn path(&self) -> &'a Path {
        self.document.path
    }

    /// An error about the value.
    pub(super) fn wrong(&self, message: impl Into<String>) -> ConfigError {
        self.document.wrong(self.value.span().start, message)
    }

    /// An error about the key.
    pub(super) fn wrong_key(&self, message: impl Into<String>) -> ConfigError {
        self.document.wrong(self.key_offset, message)
    }

    /// The text of the value; `expected` completes "must be …".
    pub(super) fn text(&self, expected: &str) -> Result<&'a str, ConfigError> {
        match self.value.get_ref() {
            DeValue::String(text) => Ok(text),
            _ => Err(self.expected(expected)),
        }
    }

    /// The whole number; `None` when it is beyond any sensible one.
    pub(super) fn integer(&self, expected: &str) -> Result<Option<i64>, ConfigError> {
        match self.value.get_ref() {
            DeValue::Integer(number) => {
                Ok(i64::from_str_radix(number.as_str(), number.radix()).ok())
            }
            _ => Err(self.expected(expected)),
        }
    }

    /// Whether the value is `true`; `None` when it is neither `true` nor `false`.
    pub(super) fn truth(&self) -> Option<bool> {
        match self.value.get_ref() {
            DeValue::Boolean(truth) => Some(*truth),
            _ => None,
        }
    }

    /// The elements of a list; `None` when the value is none.
    pub(super) fn list(&self) -> Option<Vec<Self>> {
        let DeValue::Array(array) = self.value.get_ref() else {
            return None;
        };

        Some(array.iter().map(|value| Self { value, ..*self }).collect())
    }

    /// The value as a table of the table called `parent`.
    pub(super) fn table(&self, parent: &str) -> Result<Table<'a>, ConfigError> {
        let name = match parent {
            "" => bare_or_quoted(self.key),
            _ => format!("{parent}.{}", bare_or_quoted(self.key)),
        };
        let DeValue::Table(entries) = self.value.get_ref() else {
            return Err(self.expected(&format!("a table, begun by a line [{name}]")));
        };

        Ok(Table {
            document: self.document,
            name,
            offset: self.key_offset,
            entries: Some(entries),
        })
    }

    /// The error that the value is of another kind than `expected`.
    pub(super) fn expected(&self, expected: &str) -> ConfigError {
        let kind = match self.value.get_ref() {
            DeValue::String(_) => "text",
            DeValue::Integer(_) => "a number",
            DeValue::Float(_) => "a decimal number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };

        self.wrong(format!("{:?} must be {expected}, not {kind}", self.key))
    }
}

/// A name as a heading has it.
fn bare_or_quoted(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !name.is_empty() && name.chars().all(bare) {
        name.to_owned()
    } else {
        format!("{name:?}")
    }
}
