//! `--items`: the goods of a sale or refund, from a file.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use clap::builder::{PathBufValueParser, TypedValueParser};

use super::failure::{CommandError, warn};
use crate::domain::basket::{Basket, LineItem};
use crate::domain::money::{Amount, Currency};
use crate::files::bounded_read;
use crate::text;

/// The largest file that is read, in bytes.
const LARGEST: usize = 1024 * 1024;

/// The most unknown keys in a warning. A file with more belongs to another program.
const MOST_WARNINGS: usize = 5;

/// A file of lines, or lines that a client of the local API sent.
#[derive(Debug, Clone)]
pub(super) struct Items {
    path: PathBuf,
    /// The text or the read error; `None` before the first read. A pipe can be read only once.
    text: Option<Result<String, String>>,
}

pub(super) fn file() -> impl TypedValueParser<Value = Items> {
    PathBufValueParser::new().map(|path| Items { path, text: None })
}

impl Items {
    /// Lines that a client sent. `path` names them in error messages.
    pub(super) fn sent(path: PathBuf, text: String) -> Self {
        Self {
            path,
            text: Some(Ok(text)),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Warns about each unknown key, and returns the file with its text, so that a pipe is read only once. Only
    /// the process that the till starts calls this, not the resident display, so the warning appears once.
    ///
    /// Returns no error. If the file cannot be read or its lines are wrong, the sale fails later.
    pub(super) fn warned(self) -> Self {
        let text = read_text(&self.path);
        if let Ok(text) = &text
            && Basket::parse(text).is_ok()
        {
            let unknown = Basket::unknown_keys(text);
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
            text: Some(text),
            ..self
        }
    }

    /// Returns the text of the file.
    pub(super) fn text(&self) -> Result<String, CommandError> {
        let text = match &self.text {
            Some(text) => text.clone(),
            None => read_text(&self.path),
        };

        text.map_err(|why| self.failed(&why))
    }

    /// Returns the file with its text. The path stays in it for error messages.
    pub(super) fn with_text(&self) -> Result<Self, CommandError> {
        Ok(Self {
            path: PathBuf::from(self.path.to_string_lossy().into_owned()),
            text: Some(Ok(self.text()?)),
        })
    }

    /// Refuses prices that may be a mistake, unless an amount confirms them: prices such as `5.00`, and returned
    /// goods with a positive price.
    pub(super) fn refuse_unclear(&self) -> Result<(), CommandError> {
        let text = self.text()?;
        if Basket::looks_like_major_units(&text) {
            return Err(self.failed(
                &"it has a price such as 5.00, which may be dollars; prices are whole numbers of minor units, 500 for \
                  5.00; correct the prices, or give the amount with --amount",
            ));
        }
        // `read` reports a file that cannot be parsed.
        let returned = Basket::parse(&text)
            .ok()
            .and_then(|basket| basket.lines().iter().position(LineItem::is_unclear_return));

        returned.map_or(Ok(()), |index| {
            Err(self.failed(&format_args!(
                "line {}: qty is below zero, as for returned goods, but price is not; write the price of returned \
                 goods below zero, or give the amount with --amount",
                index + 1
            )))
        })
    }

    pub(super) fn read(&self) -> Result<Basket, CommandError> {
        Basket::parse(&self.text()?).map_err(|error| self.failed(&error))
    }

    /// Returns the sum of the prices. If the amount or the basket's price is given, the sum must equal it: the
    /// platform refuses any other sum.
    pub(super) fn sum(
        &self,
        basket: &Basket,
        given: [Option<Amount>; 2],
        currency: Currency,
    ) -> Result<Amount, CommandError> {
        let minor = basket.sum();
        let sum = u64::try_from(minor)
            .ok()
            .filter(|sum| (1..=Amount::MAX_MINOR).contains(sum))
            .map(|sum| Amount::from_minor(sum, currency))
            .ok_or_else(|| {
                self.failed(&format_args!(
                    "its prices sum to {minor} minor units, which is not a valid amount"
                ))
            })?;
        let options = match given.map(|given| given.map(Amount::decimal)) {
            [None, None] => return Ok(sum),
            _ if given.contains(&Some(sum)) => return Ok(sum),
            [Some(asked), None] => format!("--amount is {asked}"),
            [None, Some(whole)] => format!("--basket is {whole}"),
            [Some(asked), Some(whole)] => format!("--amount is {asked} and --basket {whole}"),
        };

        Err(self.failed(&format_args!(
            "its prices sum to {}, but {options}; correct one of them",
            sum.decimal()
        )))
    }

    fn failed(&self, why: &dyn Display) -> CommandError {
        CommandError::Items {
            path: self.path.clone(),
            why: why.to_string(),
        }
    }
}

fn read_text(path: &Path) -> Result<String, String> {
    let bytes = bounded_read::bytes(path, LARGEST).map_err(|error| error.to_string())?;

    text::decode(bytes)
        .ok_or_else(|| "it is not UTF-8 text; make the till write it in UTF-8".into())
}
