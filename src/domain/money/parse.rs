//! Reads the amounts that people type. A wrong charge costs more than typing again, so nothing is guessed: a text
//! that could mean two amounts is refused, and the error says what to write.

use super::{Amount, Currency, decimals, scale};

/// A typed text that is not an amount, with what to write instead.
#[allow(missing_docs, reason = "the message of each variant explains it")]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    #[error("no amount was given; write one such as {write}")]
    Empty { write: String },
    /// Thousands are separated, as in `1,250.00`.
    #[error("the {separator} does not belong in an amount; write {write}")]
    Separator {
        write: String,
        separator: &'static str,
    },
    /// A comma is used as the decimal point, as in `12,50`.
    #[error("cents follow a point, not a comma; write {write}")]
    DecimalComma { write: String },
    /// A comma that may separate thousands or decimals, as in `1,250` of a currency with three decimals.
    #[error("the comma can be read in two ways; write {whole} or {fraction}")]
    AmbiguousComma { whole: String, fraction: String },
    #[error("a sign does not belong in an amount; write {write}")]
    Sign { write: String },
    #[error("the currency is set by the merchant; write only {write}")]
    CurrencySign { write: String },
    /// A digit of another script, which is not one of 0 to 9.
    #[error("{found:?} is not one of the digits 0 to 9; write an amount such as {write}")]
    Digit { found: char, write: String },
    #[error("{found:?} is not part of an amount; write digits and a point, such as {write}")]
    Character { found: char, write: String },
    #[error("an amount has one point at most; write one such as {write}")]
    Points { write: String },
    #[error("a digit is missing {side} the point; write {write}")]
    Incomplete {
        /// "before" or "after".
        side: &'static str,
        write: String,
    },
    #[error("{code} has {decimals}; write {write}")]
    Decimals {
        code: &'static str,
        /// The number of decimals of the currency, in words.
        decimals: String,
        write: String,
    },
    #[error("the amount is zero; write one of at least {least}")]
    Zero { least: String },
    #[error("the amount is too large; {largest} is the largest that can be paid at once")]
    TooLarge { largest: Amount },
}

impl Amount {
    /// Reads an amount that a person typed, such as `12`, `12.5` or `12.50`.
    ///
    /// # Errors
    ///
    /// If the text is not plainly one amount, or the amount is zero or above [`Amount::MAX_MINOR`]. The error says
    /// what to write instead.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, AmountError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(AmountError::Empty {
                write: Self::example(currency),
            });
        }
        refuse_sign(text, currency)?;
        refuse_currency(text, currency)?;
        refuse_separators(text, currency)?;
        refuse_characters(text, currency)?;

        let minor = minor_units(text, currency)?;
        if minor == 0 {
            return Err(AmountError::Zero {
                least: Self::from_minor(1, currency).decimal(),
            });
        }

        Ok(Self::from_minor(minor, currency))
    }

    /// Returns an example of an amount as people type it, such as `12.50`.
    pub fn example(currency: Currency) -> String {
        let units = match decimals(currency) {
            0 => 1250,
            places => scale(places).saturating_mul(25) / 2,
        };

        Self::from_minor(units, currency).decimal()
    }
}

/// Returns `candidate` if it is an amount, or else an example of one.
fn or_example(candidate: &str, currency: Currency) -> String {
    let candidate = candidate.trim();
    if is_amount(candidate, currency) {
        candidate.to_owned()
    } else {
        Amount::example(currency)
    }
}

fn refuse_sign(text: &str, currency: Currency) -> Result<(), AmountError> {
    // Amounts that were pasted from a document may have typographic dashes.
    let sign = ['-', '+', '\u{2212}', '\u{2013}', '\u{2014}'];
    if !text.contains(sign) {
        return Ok(());
    }

    Err(AmountError::Sign {
        write: or_example(text.trim_matches(sign), currency),
    })
}

fn refuse_currency(text: &str, currency: Currency) -> Result<(), AmountError> {
    let code = currency.code();
    let upper = text.to_uppercase();
    let marks = [code, "NZ$", "$", "€", "£", "¥", "₩", "₹"];
    // The suggestion loses a mark only at an end: without letters in the middle, the rest would be an invented
    // number.
    let bare = marks.iter().find_map(|mark| {
        upper
            .strip_prefix(mark)
            .or_else(|| upper.strip_suffix(mark))
    });
    let Some(bare) = bare else { return Ok(()) };

    Err(AmountError::CurrencySign {
        write: or_example(bare, currency),
    })
}

fn refuse_separators(text: &str, currency: Currency) -> Result<(), AmountError> {
    let Some(found) = text
        .chars()
        .find(|c| matches!(c, ',' | '\'' | '’' | '_') || c.is_whitespace())
    else {
        return Ok(());
    };
    let joined: String = text.chars().filter(|c| *c != found).collect();
    let separator = match found {
        ',' => "comma",
        '\'' | '’' => "apostrophe",
        '_' => "underscore",
        _ => "space",
    };
    let plain = || AmountError::Separator {
        write: or_example(&joined, currency),
        separator,
    };
    if found != ',' {
        return Err(plain());
    }

    Err(comma(text, &joined, currency).unwrap_or_else(plain))
}

/// Returns the error for a text with a comma. `None` if the comma can simply be left out.
fn comma(text: &str, joined: &str, currency: Currency) -> Option<AmountError> {
    let (whole, last) = text.rsplit_once(',')?;
    // In `1.250,00` the comma comes last, so the points before it separate thousands.
    let pointed = format!("{}.{last}", whole.replace(['.', ','], ""));
    let fraction = is_amount(&pointed, currency).then_some(pointed);
    let thousands = text.split(['.', ',']).skip(1).all(|group| group.len() == 3);
    let single = !whole.contains([',', '.']);
    let swapped = whole.contains('.') && !whole.contains(',');

    match fraction {
        Some(fraction) if single && thousands => Some(AmountError::AmbiguousComma {
            whole: or_example(joined, currency),
            fraction,
        }),
        Some(write) if single || swapped => Some(AmountError::DecimalComma { write }),
        _ => None,
    }
}

fn refuse_characters(text: &str, currency: Currency) -> Result<(), AmountError> {
    let Some(found) = text.chars().find(|c| !c.is_ascii_digit() && *c != '.') else {
        return Ok(());
    };
    let write = Amount::example(currency);

    Err(if found.is_numeric() {
        AmountError::Digit { found, write }
    } else {
        AmountError::Character { found, write }
    })
}

/// Returns the value of `text` in minor units. The text has only ASCII digits and points.
fn minor_units(text: &str, currency: Currency) -> Result<u64, AmountError> {
    let (major, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.contains('.') {
        return Err(AmountError::Points {
            write: Amount::example(currency),
        });
    }
    if major.is_empty() {
        return Err(AmountError::Incomplete {
            side: "before",
            write: or_example(&format!("0{text}"), currency),
        });
    }
    if fraction.is_empty() && text.ends_with('.') {
        return Err(AmountError::Incomplete {
            side: "after",
            write: or_example(major, currency),
        });
    }

    if fraction.len() > usize::from(decimals(currency)) {
        return Err(too_many_decimals(major, fraction, currency));
    }

    value(major, fraction, currency).ok_or(AmountError::TooLarge {
        largest: Amount::from_minor(Amount::MAX_MINOR, currency),
    })
}

/// Whether [`Amount::parse`] accepts `text`. It makes no suggestions, since suggestions are checked with it.
fn is_amount(text: &str, currency: Currency) -> bool {
    let (major, fraction) = text.split_once('.').unwrap_or((text, ""));

    !major.is_empty()
        && !text.ends_with('.')
        && value(major, fraction, currency).is_some_and(|minor| minor > 0)
}

/// Returns `major.fraction` in minor units. `None` if there is a character other than an ASCII digit, if there are
/// more decimals than the currency has, or if the value is above [`Amount::MAX_MINOR`].
fn value(major: &str, fraction: &str, currency: Currency) -> Option<u64> {
    let missing = usize::from(decimals(currency)).checked_sub(fraction.len())?;
    let digits = major
        .chars()
        .chain(fraction.chars())
        .chain(std::iter::repeat_n('0', missing));

    digits
        .map(|digit| digit.to_digit(10).map(u64::from))
        .try_fold(0_u64, |sum, digit| sum.checked_mul(10)?.checked_add(digit?))
        .filter(|minor| *minor <= Amount::MAX_MINOR)
}

fn too_many_decimals(major: &str, fraction: &str, currency: Currency) -> AmountError {
    let places = usize::from(decimals(currency));
    let (kept, dropped) = fraction.split_at(places);
    let exact = dropped.bytes().all(|digit| digit == b'0');
    let shortened = if kept.is_empty() {
        major.to_owned()
    } else {
        format!("{major}.{kept}")
    };
    let write = match exact {
        true => or_example(&shortened, currency),
        // No rounded amount is suggested: only a person knows the price.
        false => format!("an amount such as {}", Amount::example(currency)),
    };

    AmountError::Decimals {
        code: currency.code(),
        decimals: match places {
            0 => "no decimals".to_owned(),
            1 => "one decimal".to_owned(),
            places => format!("{places} decimals"),
        },
        write,
    }
}

#[cfg(test)]
mod tests;
