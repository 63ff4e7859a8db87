//! `--items`: what is in a sale, from a file.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use clap::builder::{PathBufValueParser, TypedValueParser};
use serde::{Deserialize, Serialize};

use super::Failure;
use super::failure::warn;
use crate::basket::{Basket, LineItem};
use crate::bounded_read;
use crate::money::{Amount, Currency};

/// The largest file that is read, in bytes.
const LARGEST: usize = 1024 * 1024;

/// The most unknown keys that are named; a file with more is made for another program.
const MOST_WARNINGS: usize = 5;

/// A file with lines. Where the sale is handed to a display that stands, what is in it goes along.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Items {
    path: PathBuf,
    /// What is in it, or why it could not be read; `None` where it was not tried. A pipe can be read only once.
    text: Option<Result<String, String>>,
}

/// Takes the name of a file.
pub(super) fn file() -> impl TypedValueParser<Value = Items> {
    PathBufValueParser::new().map(|path| Items { path, text: None })
}

impl Items {
    /// Warns about each unknown key, and returns the file with its text, so that a pipe is read only once. The till's
    /// program calls this; a resident display does not, so the warning appears once.
    ///
    /// Reports no errors: a file that cannot be read or sold makes the sale fail later.
    pub(super) fn warned(self) -> Self {
        let text = match text(&self.path) {
            Ok(text) => text,
            failed => {
                return Self {
                    text: Some(failed),
                    ..self
                };
            }
        };
        if Basket::parse(&text).is_ok() {
            let unknown = Basket::unknown_keys(&text);
            let place = self.path.display();
            for key in unknown.iter().take(MOST_WARNINGS) {
                warn(&format_args!("--items {place}: {key}"));
            }
            if unknown.len() > MOST_WARNINGS {
                let more = unknown.len() - MOST_WARNINGS;
                warn(&format_args!(
                    "--items {place}: {more} more unknown keys are ignored"
                ));
            }
        }

        Self {
            text: Some(Ok(text)),
            ..self
        }
    }

    /// Returns what is in it.
    fn text(&self) -> Result<String, Failure> {
        let text = match &self.text {
            Some(text) => text.clone(),
            None => text(&self.path),
        };

        text.map_err(|why| failed(&self.path, &why))
    }

    /// The same with what is in it. Its path then is only what it is called by.
    pub(super) fn brought_along(&self) -> Result<Self, Failure> {
        Ok(Self {
            path: PathBuf::from(self.path.to_string_lossy().into_owned()),
            text: Some(Ok(self.text()?)),
        })
    }

    /// Refuses what may be meant otherwise where nothing else says what is asked for: prices such as `5.00`, and
    /// returned goods that cost something.
    pub(super) fn refuse_unclear(&self) -> Result<(), Failure> {
        let text = self.text()?;
        if Basket::looks_like_major_units(&text) {
            return Err(failed(
                &self.path,
                &"it has a price such as 5.00, which may be dollars; prices are whole numbers of minor units, 500 for \
                  5.00; correct the prices, or say by --amount what is asked for",
            ));
        }
        // What cannot be read is refused by who reads it.
        let returned = Basket::parse(&text)
            .ok()
            .and_then(|basket| basket.lines().iter().position(LineItem::is_unclear_return));

        returned.map_or(Ok(()), |index| {
            Err(failed(
                &self.path,
                &format!(
                    "line {}: qty is below zero, as for returned goods, but price is not; write the price of what comes \
                     back below zero, or say by --amount what is asked for",
                    index + 1
                ),
            ))
        })
    }

    /// Reads the lines.
    pub(super) fn read(&self) -> Result<(PathBuf, Basket), Failure> {
        let basket = Basket::parse(&self.text()?).map_err(|error| failed(&self.path, &error))?;

        Ok((self.path.clone(), basket))
    }
}

fn text(path: &Path) -> Result<String, String> {
    let bytes = bounded_read::bytes(path, LARGEST).map_err(|error| error.to_string())?;

    decoded(bytes)
        .ok_or_else(|| "it is not UTF-8 text; let the till write it with the encoding UTF-8".into())
}

/// The text of a file in UTF-8, or in UTF-16 with its mark, as PowerShell and Excel write it.
fn decoded(bytes: Vec<u8>) -> Option<String> {
    let unit: fn([u8; 2]) -> u16 = match bytes.get(..2) {
        Some([0xff, 0xfe]) => u16::from_le_bytes,
        Some([0xfe, 0xff]) => u16::from_be_bytes,
        _ => return String::from_utf8(bytes).ok(),
    };
    let (pairs, []) = bytes.as_chunks::<2>() else {
        return None;
    };
    let units = pairs.iter().map(|pair| unit(*pair));

    char::decode_utf16(units).collect::<Result<_, _>>().ok()
}

/// What the lines cost: what is asked for, or what the whole basket costs, where those are known. The
/// platform refuses anything else.
pub(super) fn sum(
    path: &Path,
    basket: &Basket,
    told: [Option<Amount>; 2],
    currency: Currency,
) -> Result<Amount, Failure> {
    let sum = u64::try_from(basket.sum())
        .ok()
        .filter(|sum| (1..=Amount::MAX_MINOR).contains(sum))
        .map(|sum| Amount::from_minor(sum, currency))
        .ok_or_else(|| {
            failed(
                path,
                &format!(
                    "its prices sum to {} minor units, which cannot be asked for",
                    basket.sum()
                ),
            )
        })?;
    let said = match told {
        [Some(asked), None] => format!("--amount is {}", asked.decimal()),
        [None, Some(whole)] => format!("--basket is {}", whole.decimal()),
        [Some(asked), Some(whole)] => format!(
            "--amount is {} and --basket {}",
            asked.decimal(),
            whole.decimal()
        ),
        [None, None] => return Ok(sum),
    };
    if told.contains(&Some(sum)) {
        return Ok(sum);
    }

    Err(failed(
        path,
        &format!(
            "its prices sum to {}, and {said}; correct the one or the other",
            sum.decimal()
        ),
    ))
}

fn failed(path: &Path, why: &dyn Display) -> Failure {
    Failure::Items {
        path: path.to_owned(),
        why: why.to_string(),
    }
}
