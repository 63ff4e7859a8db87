//! What is in a sale, line by line: as the till writes it down, and as the platform takes it.

mod classification;
mod unknown_key;

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

pub use classification::Classification;
pub use unknown_key::UnknownKey;

/// The most lines that are taken.
const MOST_LINES: usize = 500;
/// The longest text of a line, in characters.
const LONGEST: usize = 200;

/// The lines of a sale. Cheap to clone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Basket(Arc<[LineItem]>);

/// A line, in the platform's words (`lineItems`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LineItem {
    /// What is sold.
    pub name: String,
    /// How many, or how much: a plain decimal number.
    #[serde(rename = "qty", deserialize_with = "figures")]
    pub quantity: String,
    /// For the whole line with tax, in minor units; below zero for a discount.
    #[serde(deserialize_with = "minor_units", serialize_with = "as_text")]
    pub price: i64,
    /// The shop's own name for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// The tax in percent: a plain decimal number.
    #[serde(
        default,
        deserialize_with = "maybe_figures",
        skip_serializing_if = "Option::is_none"
    )]
    pub tax: Option<String>,
    /// What was taken off the line, in minor units.
    #[serde(
        default,
        deserialize_with = "maybe_minor_units",
        serialize_with = "maybe_as_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub discount: Option<i64>,
    /// The manufacturer's number of the product: its GTIN or EAN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_id: Option<String>,
    /// Whether a restricted asset type cannot pay for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restricted: Option<bool>,
    /// What kind of product it is, by GS1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classification: Option<Classification>,
}

/// Why lines cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BasketError {
    /// They are not written as they should be.
    #[error(
        "{place}{why}; write a list such as \
         [{{\"name\": \"Flat white\", \"qty\": 2, \"price\": 1100}}], prices in minor units"
    )]
    Form {
        /// Which line and key, and a colon; empty for all of it.
        place: String,
        /// What is wrong there.
        why: String,
    },
    /// Something follows the list. Two lists may be two sales, and a rest may be an older file's.
    #[error(
        "something follows the end of the list, at line {line}, column {column} of the file; write one list, alone, and \
         the whole file anew"
    )]
    Rest {
        /// The line of the file, counted from 1.
        line: usize,
        /// The column, in bytes, counted from 1.
        column: usize,
    },
    /// There is no line, or there are too many.
    #[error("{0} lines; write 1 to {MOST_LINES}")]
    Count(usize),
    /// A text is empty, too long, or has something in it that is no letter.
    #[error("line {line}: {key} must be 1 to {LONGEST} characters on one line")]
    Text {
        /// Counted from 1.
        line: usize,
        /// The key.
        key: &'static str,
    },
}

impl Basket {
    /// Reads a JSON list of lines.
    ///
    /// # Errors
    ///
    /// When it is none, or a line lacks something. The sentence names the place.
    pub fn parse(json: &str) -> Result<Self, BasketError> {
        let mut json = serde_json::Deserializer::from_str(json);
        let lines: Vec<LineItem> = serde_path_to_error::deserialize(&mut json)
            .map_err(|error| BasketError::misshapen(&error))?;
        json.end().map_err(|error| BasketError::Rest {
            line: error.line(),
            column: error.column(),
        })?;
        if lines.is_empty() || lines.len() > MOST_LINES {
            return Err(BasketError::Count(lines.len()));
        }
        for (index, line) in lines.iter().enumerate() {
            line.check(index + 1)?;
        }

        Ok(Self(lines.into()))
    }

    /// The lines.
    pub fn lines(&self) -> &[LineItem] {
        &self.0
    }

    /// Whether nothing is known of what is sold.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What all lines cost, in minor units.
    pub fn sum(&self) -> i128 {
        self.0.iter().map(|line| i128::from(line.price)).sum()
    }
}

impl BasketError {
    fn misshapen(error: &serde_path_to_error::Error<serde_json::Error>) -> Self {
        let path = error.path().to_string();
        let place = if path == "." {
            String::new()
        } else {
            format!("{path}: ")
        };

        Self::Form {
            place,
            why: error.inner().to_string(),
        }
    }
}

impl LineItem {
    fn check(&self, line: usize) -> Result<(), BasketError> {
        let texts = [
            ("name", Some(&self.name)),
            ("sku", self.sku.as_ref()),
            ("productId", self.product_id.as_ref()),
        ];
        let fits = |text: &str| {
            !text.trim().is_empty()
                && text.chars().count() <= LONGEST
                && !text.chars().any(char::is_control)
        };

        texts
            .into_iter()
            .filter_map(|(key, text)| Some((key, text?)))
            .find(|(_, text)| !fits(text))
            .map_or(Ok(()), |(key, _)| Err(BasketError::Text { line, key }))
    }
}

/// A number, or text that is one.
#[derive(Deserialize)]
#[serde(untagged)]
enum NumberOrText {
    Number(serde_json::Number),
    Text(String),
}

impl NumberOrText {
    fn text(self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.trim().to_owned(),
        }
    }

    fn figures<E: serde::de::Error>(self) -> Result<String, E> {
        let text = self.text();
        let (whole, part) = text.split_once('.').unwrap_or((&text, "0"));
        let is_plain =
            |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());

        if is_plain(whole) && is_plain(part) && text.len() <= 20 {
            Ok(text)
        } else {
            Err(E::custom("a number such as 2 or 0.35 is needed"))
        }
    }

    fn minor_units<E: serde::de::Error>(self) -> Result<i64, E> {
        self.text()
            .parse()
            .map_err(|_| E::custom("a whole number of minor units is needed, 1250 for 12.50"))
    }
}

/// What says that anything but a number was found.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NumberOrText, D::Error> {
    NumberOrText::deserialize(deserializer)
        .map_err(|_| serde::de::Error::custom("a number is needed"))
}

fn figures<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    number(deserializer)?.figures()
}

fn maybe_figures<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    figures(deserializer).map(Some)
}

fn minor_units<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    number(deserializer)?.minor_units()
}

fn maybe_minor_units<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    minor_units(deserializer).map(Some)
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands a field over by reference"
)]
fn as_text<S: Serializer>(minor: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(minor)
}

fn maybe_as_text<S: Serializer>(minor: &Option<i64>, serializer: S) -> Result<S::Ok, S::Error> {
    match minor {
        Some(minor) => as_text(minor, serializer),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests;
