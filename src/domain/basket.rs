//! The basket of a sale: lines as the till writes them and as the platform gets them.

mod classification;
mod figures;
mod unknown_key;

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use crate::text::letters;

pub use classification::Classification;
pub use figures::shown_quantity;
pub use unknown_key::UnknownKey;

/// The largest number of lines in a basket.
const MOST_LINES: usize = 500;
/// The most characters of a text in a line.
const LONGEST: usize = 200;

/// The lines of a sale. Cloning them is cheap.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Basket(Arc<[LineItem]>);

/// A line of the basket, in the platform's words (`lineItems`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LineItem {
    /// The name of the article.
    #[serde(deserialize_with = "text")]
    pub name: String,
    /// The quantity: a plain decimal number, below zero for returned goods.
    #[serde(rename = "qty", deserialize_with = "figures::quantity")]
    pub quantity: String,
    /// The price of the whole line with tax, in minor units; below zero for a discount.
    #[serde(deserialize_with = "figures::minor_units", serialize_with = "as_text")]
    pub price: i64,
    /// The shop's product number.
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
    /// The discount on the line, in minor units.
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
    /// Whether restricted asset types cannot pay for the line.
    #[serde(
        default,
        deserialize_with = "figures::maybe_truth",
        skip_serializing_if = "Option::is_none"
    )]
    pub restricted: Option<bool>,
    /// The GS1 classification of the product.
    #[serde(
        default,
        deserialize_with = "classification::maybe",
        skip_serializing_if = "Option::is_none"
    )]
    pub classification: Option<Classification>,
}

/// An error in the lines.
#[allow(missing_docs, reason = "the message of each variant explains it")]
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BasketError {
    #[error(
        "{place}{why}; write a list such as \
         [{{\"name\": \"Flat white\", \"qty\": 2, \"price\": 1100}}], prices in minor units"
    )]
    Form {
        /// The line and the key, with a colon after them; empty for an error of the whole list.
        place: String,
        why: String,
    },
    /// There is text after the list. It may be a second sale, or the rest of an older file.
    #[error(
        "something follows the end of the list, at line {line}, column {column} of the file; write one list, alone, and \
         the whole file anew"
    )]
    Rest {
        line: usize,
        /// The column of that text in bytes, from 1.
        column: usize,
    },
    #[error("{0} lines; write 1 to {MOST_LINES}")]
    Count(usize),
    #[error("line {line}: {key} must be 1 to {LONGEST} characters that can be seen")]
    Text {
        /// The number of the line, from 1.
        line: usize,
        key: &'static str,
    },
}

impl LineItem {
    /// Whether the quantity is negative but the price is not. The price may be for one piece, or lack its sign.
    pub fn is_unclear_return(&self) -> bool {
        self.quantity.starts_with('-') && self.price > 0
    }

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

impl Basket {
    /// Parses a JSON list of lines.
    ///
    /// # Errors
    ///
    /// If the text is no list, or a line is wrong. The error names the place.
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

    /// Whether a price in this JSON is written as `5.00`. That counts as 5 minor units, but may have been meant as
    /// 500.
    pub fn looks_like_major_units(json: &str) -> bool {
        figures::looks_like_major_units(without_mark(json))
    }

    /// Returns the lines.
    pub fn lines(&self) -> &[LineItem] {
        &self.0
    }

    /// Whether there are no lines.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the total price of all lines, in minor units.
    pub fn sum(&self) -> i128 {
        self.0.iter().map(|line| i128::from(line.price)).sum()
    }
}

/// Returns the text without the byte order mark that some Windows programs write.
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

/// Reads optional text. `null` and `""` mean none.
fn maybe_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = Option::<Loose>::deserialize(deserializer)?.map(|loose| match loose {
        Loose::Text(text) => letters::tidy(&text),
        Loose::Number(number) => number.to_string(),
    });

    Ok(text.filter(|text| !text.is_empty()))
}

fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(letters::tidy(&String::deserialize(deserializer)?))
}

/// A text or a product number, which a spreadsheet may write as a JSON number.
#[derive(Deserialize)]
#[serde(untagged, expecting = "text or a whole number is needed")]
enum Loose {
    Text(String),
    Number(u64),
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
