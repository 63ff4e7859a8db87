//! `--items`: what is in a sale, from a file.

use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};

use super::Failure;
use crate::basket::Basket;
use crate::money::{Amount, Currency};

/// The largest file that is read, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// Reads the lines.
pub(super) fn read(path: &Path) -> Result<(PathBuf, Basket), Failure> {
    let length = fs::metadata(path)
        .map_err(|error| failed(path, &error))?
        .len();
    if length > LARGEST {
        return Err(failed(path, &"it is larger than a mebibyte"));
    }
    let text = fs::read_to_string(path).map_err(|error| failed(path, &error))?;
    let basket = Basket::parse(&text).map_err(|error| failed(path, &error))?;

    Ok((path.to_owned(), basket))
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
