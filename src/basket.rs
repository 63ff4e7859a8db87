//! What is in a sale, line by line: as the till writes it down, and as the platform takes it.

mod classification;
mod figures;
mod unknown_key;

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use crate::letters;

pub use classification::Classification;
pub use figures::shown_quantity;
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
    #[serde(deserialize_with = "text")]
    pub name: String,
    /// How many, or how much: a plain decimal number, below zero for returned goods.
    #[serde(rename = "qty", deserialize_with = "figures::quantity")]
    pub quantity: String,
    /// For the whole line with tax, in minor units; below zero for a discount.
    #[serde(deserialize_with = "figures::minor_units", serialize_with = "as_text")]
    pub price: i64,
    /// The shop's own name for it.
    #[serde(
        default,
        deserialize_with = "maybe_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub sku: Option<String>,
    /// The tax in percent: a plain decimal number.
    #[serde(
        default,
        deserialize_with = "figures::maybe_percent",
        skip_serializing_if = "Option::is_none"
    )]
    pub tax: Option<String>,
    /// What was taken off the line, in minor units.
    #[serde(
        default,
        deserialize_with = "figures::maybe_minor_units",
        serialize_with = "maybe_as_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub discount: Option<i64>,
    /// The manufacturer's number of the product: its GTIN or EAN.
    #[serde(
        default,
        deserialize_with = "maybe_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub product_id: Option<String>,
    /// Whether a restricted asset type cannot pay for it.
    #[serde(
        default,
        deserialize_with = "figures::maybe_truth",
        skip_serializing_if = "Option::is_none"
    )]
    pub restricted: Option<bool>,
    /// What kind of product it is, by GS1.
    #[serde(
        default,
        deserialize_with = "classification::maybe",
        skip_serializing_if = "Option::is_none"
    )]
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
    /// A text is empty or too long.
    #[error("line {line}: {key} must be 1 to {LONGEST} characters that can be seen")]
    Text {
        /// Counted from 1.
        line: usize,
        /// The key.
        key: &'static str,
    },
}

impl LineItem {
    /// Whether goods come back and still cost something: the price may be of one piece, or lack its sign.
    pub fn is_unclear_return(&self) -> bool {
        self.quantity.starts_with('-') && self.price > 0
    }
}

impl Basket {
    /// Reads a JSON list of lines.
    ///
    /// # Errors
    ///
    /// When it is none, or a line lacks something. The sentence names the place.
    pub fn parse(json: &str) -> Result<Self, BasketError> {
        let mut json = serde_json::Deserializer::from_str(without_mark(json));
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

    /// Whether a price in this JSON is written as `5.00`. It counts as 5 minor units, and may have been meant as 500.
    pub fn looks_like_major_units(json: &str) -> bool {
        figures::looks_like_major_units(without_mark(json))
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

/// The text without the mark that Windows programs begin a file with.
fn without_mark(json: &str) -> &str {
    json.trim_start_matches('\u{feff}')
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
        let fits = |text: &str| !letters::is_blank(text) && text.chars().count() <= LONGEST;

        texts
            .into_iter()
            .filter_map(|(key, text)| Some((key, text?)))
            .find(|(_, text)| !fits(text))
            .map_or(Ok(()), |(key, _)| Err(BasketError::Text { line, key }))
    }
}

/// Text, if there is any: `null` and `""` are none.
fn maybe_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(tidied(Option::<Loose>::deserialize(deserializer)?).filter(|text| !text.is_empty()))
}

fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(letters::tidy(&String::deserialize(deserializer)?))
}

/// An article's number, which a spreadsheet takes for a number.
#[derive(Deserialize)]
#[serde(untagged, expecting = "text or a whole number is needed")]
enum Loose {
    Text(String),
    Number(u64),
}

fn tidied(loose: Option<Loose>) -> Option<String> {
    loose.map(|loose| match loose {
        Loose::Text(text) => letters::tidy(&text),
        Loose::Number(number) => number.to_string(),
    })
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
