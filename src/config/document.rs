//! Reads a TOML file with serde. An error names the line, the column, the key and what would be right.
//!
//! The deserializer of the `toml` crate is not used: its errors quote the wrong value, which may be a secret, and do not
//! say where a misplaced key belongs.

use std::path::Path;

use serde::de::value::{BorrowedStrDeserializer, StrDeserializer};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::wrong::{KEY, Wrong};
use super::{ConfigError, hint, syntax};
use crate::text::nearest::either;

/// The text of a file, and its path.
#[derive(Clone, Copy)]
pub(super) struct Document<'a> {
    path: &'a Path,
    text: &'a str,
}

impl<'a> Document<'a> {
    pub(super) fn new(path: &'a Path, text: &'a str) -> Self {
        // A byte order mark, as Windows editors write it, would move the columns of the first line.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);

        Self { path, text }
    }

    /// Parses the file. The result knows the position of each key and value.
    pub(super) fn parse(&self) -> Result<DeValue<'a>, ConfigError> {
        if self.text.trim().is_empty() {
            return Err(self.wrong(
                0,
                "the file is empty; start from the sample, which `patron-display config example` prints",
            ));
        }

        let table = DeTable::parse(self.text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            let found = self.text.get(span.clone()).unwrap_or_default();
            if let Some((offset, advice)) = syntax::odd_character(self.text, span.start) {
                return self.wrong(offset, advice);
            }

            self.wrong(span.start, syntax::advice(error.message(), found))
        })?;

        Ok(DeValue::Table(table.into_inner()))
    }

    /// Reads a `T` from `root`, the parsed file.
    pub(super) fn read<'de, T: Deserialize<'de>>(
        &self,
        root: &Item<'de>,
    ) -> Result<T, ConfigError> {
        T::deserialize(root.clone()).map_err(|error| {
            let (offset, message) = root.locate(error);

            self.wrong(offset, message)
        })
    }

    /// Returns an error at this byte of the text.
    pub(super) fn wrong(&self, offset: usize, message: impl Into<String>) -> ConfigError {
        invalid(
            self.path,
            self.text.get(..offset).unwrap_or(self.text),
            message.into(),
        )
    }
}

/// Returns the text of a file.
pub(super) fn utf8<'a>(path: &Path, bytes: &'a [u8]) -> Result<&'a str, ConfigError> {
    let wrong = |before: &[u8]| {
        let message = "the file is not UTF-8 text; save it again with the encoding UTF-8";

        invalid(path, &String::from_utf8_lossy(before), message.to_owned())
    };
    // UTF-16 of plain letters is also UTF-8, with a null before or after each letter.
    if matches!(bytes.get(..2), Some([0, _] | [_, 0])) {
        return Err(wrong(&[]));
    }

    std::str::from_utf8(bytes)
        .map_err(|error| wrong(bytes.get(..error.valid_up_to()).unwrap_or_default()))
}

/// Returns an error at the end of `before`.
fn invalid(path: &Path, before: &str, message: String) -> ConfigError {
    ConfigError::Invalid {
        path: path.to_owned(),
        line: before.matches('\n').count() + 1,
        column: before.chars().rev().take_while(|c| *c != '\n').count() + 1,
        message,
    }
}

/// A value of the file with its key, or an element of a list with the key of the list.
#[derive(Clone)]
pub(super) struct Item<'a> {
    key: &'a str,
    /// The heading of the table that the value is in, such as `merchants.cafe`. Empty at the top of the file, and `None`
    /// for the file itself.
    parent: Option<String>,
    pub(super) key_offset: usize,
    pub(super) offset: usize,
    value: &'a DeValue<'a>,
}

impl<'a> Item<'a> {
    /// The whole file.
    pub(super) fn top(value: &'a DeValue<'a>) -> Self {
        Self {
            key: "",
            parent: None,
            key_offset: 0,
            offset: 0,
            value,
        }
    }

    /// Finds the value of `key` in this table.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        let (key, value) = self.value.as_table()?.get_key_value(key)?;

        Some(self.entry(key, value))
    }

    pub(super) fn text(&self) -> &'a str {
        self.value.as_str().unwrap_or_default()
    }

    fn entry(&self, key: &'a Spanned<DeString<'a>>, value: &'a Spanned<DeValue<'a>>) -> Self {
        Self {
            key: key.get_ref(),
            parent: Some(self.heading()),
            key_offset: key.span().start,
            offset: value.span().start,
            value: value.get_ref(),
        }
    }

    /// The entries of this table, in the order of the text.
    fn entries(&self, table: &'a DeTable<'a>) -> Entries<'a> {
        let mut items: Vec<Self> = table.iter().map(|(k, v)| self.entry(k, v)).collect();
        items.sort_by_key(|item| std::cmp::Reverse(item.key_offset));

        Entries(items)
    }

    /// The name of this value as the heading of a table.
    fn heading(&self) -> String {
        let Some(parent) = &self.parent else {
            return String::new();
        };
        let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let name = if !self.key.is_empty() && self.key.chars().all(is_bare) {
            self.key.to_owned()
        } else {
            format!("{:?}", self.key)
        };

        match parent.as_str() {
            "" => name,
            parent => format!("{parent}.{name}"),
        }
    }

    /// Returns the offset and the message of `error`, which is about this value or one within it.
    fn locate(&self, error: Wrong) -> (usize, String) {
        match error {
            Wrong::Located(offset, message) => (offset, message),
            Wrong::Message(message) => (self.offset, self.with_key(message)),
            Wrong::Type(expected) => (
                self.offset,
                format!("{:?} must be {expected}, not {}", self.key, self.kind()),
            ),
            Wrong::UnknownKey(known) => (self.key_offset, self.unknown(known)),
            Wrong::MissingKey(key) => {
                let heading = self.heading();
                let purpose = hint::purpose(key);

                (
                    self.key_offset,
                    format!("[{heading}] has no {key}; write {key} = \"...\", {purpose}"),
                )
            }
        }
    }

    fn located(&self, error: Wrong) -> Wrong {
        let (offset, message) = self.locate(error);

        Wrong::Located(offset, message)
    }

    fn with_key(&self, message: String) -> String {
        match message.strip_prefix(KEY) {
            Some(rest) => format!("{:?}{rest}", self.key),
            None => message,
        }
    }

    fn unknown(&self, known: &[&'static str]) -> String {
        let kind = if self.value.is_table() {
            "table"
        } else {
            "key"
        };
        let place = match self.parent.as_deref() {
            None | Some("") => String::new(),
            Some(parent) => format!(" in [{parent}]"),
        };
        let advice = hint::for_unknown_key(self.key, known);

        format!("unknown {kind} {:?}{place}; {advice}", self.key)
    }

    fn kind(&self) -> &'static str {
        match self.value {
            DeValue::String(_) => "text",
            DeValue::Integer(_) => "a number",
            DeValue::Float(_) => "a decimal number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        }
    }
}

impl<'de> Deserializer<'de> for Item<'de> {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.value {
            DeValue::String(text) => visitor.visit_borrowed_str(text),
            DeValue::Integer(number) => {
                let number = i64::from_str_radix(number.as_str(), number.radix());
                // A number that is too large for the type is too large for every setting.
                visitor.visit_i64(number.unwrap_or(i64::MAX))
            }
            DeValue::Boolean(truth) => visitor.visit_bool(*truth),
            DeValue::Array(array) => visitor.visit_seq(Elements {
                items: array.iter(),
                list: self,
            }),
            DeValue::Table(table) => visitor.visit_map(self.entries(table)),
            // No setting is a date or a decimal number.
            DeValue::Float(_) | DeValue::Datetime(_) => visitor.visit_unit(),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.value {
            DeValue::Boolean(truth) => visitor.visit_bool(*truth),
            _ => Err(Wrong::Type("true or false, without quotes".to_owned())),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_some(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        words: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        match self.value {
            DeValue::String(word) => {
                let word: StrDeserializer<'_, Wrong> = word.as_ref().into_deserializer();
                visitor.visit_enum(word)
            }
            _ => Err(Wrong::Type(either(words.iter().copied()))),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.value {
            DeValue::Table(table) => visitor.visit_map(self.entries(table)),
            _ => Err(Wrong::Type(format!(
                "a table, begun by a line [{}]",
                self.heading()
            ))),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        keys: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        if keys.contains(&self.key) && !self.value.is_table() {
            return Err(Wrong::Located(
                self.key_offset,
                format!(
                    "{:?} does not say which merchant it is for; begin the merchant with a line such as [merchants.cafe] above it",
                    self.key
                ),
            ));
        }

        self.deserialize_map(visitor)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct newtype_struct
        seq tuple tuple_struct identifier ignored_any
    }
}

/// The entries of a table that are not read yet, the next one last.
struct Entries<'a>(Vec<Item<'a>>);

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Wrong> {
        let Some(item) = self.0.last() else {
            return Ok(None);
        };

        seed.deserialize(BorrowedStrDeserializer::new(item.key))
            .map(Some)
            .map_err(|error| Wrong::Located(item.key_offset, item.locate(error).1))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        let item = self.0.pop().ok_or(Wrong::MissingKey(""))?;

        seed.deserialize(item.clone())
            .map_err(|error| item.located(error))
    }
}

struct Elements<'a> {
    list: Item<'a>,
    items: std::slice::Iter<'a, Spanned<DeValue<'a>>>,
}

impl<'de> SeqAccess<'de> for Elements<'de> {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Wrong> {
        let Some(value) = self.items.next() else {
            return Ok(None);
        };
        let item = Item {
            offset: value.span().start,
            value: value.get_ref(),
            ..self.list.clone()
        };

        seed.deserialize(item.clone())
            .map(Some)
            .map_err(|error| item.located(error))
    }
}
