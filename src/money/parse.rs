//! Reading what people type as an amount. A wrong charge costs more than typing again, so nothing is guessed: a text
//! that could mean two amounts is refused, and the refusal says what to write.

use super::{Amount, Currency, decimals, scale};

/// Why a typed text is not an amount, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Nothing was typed.
    #[error("no amount was given; write one such as {write}")]
    Empty {
        /// What to write instead.
        write: String,
    },
    /// Thousands are separated, as in `1,250.00`.
    #[error("an amount has no separators; write {write} without the {separator}")]
    Separator {
        /// What to write instead.
        write: String,
        /// The separator by name.
        separator: &'static str,
    },
    /// A comma stands where the point belongs, as in `12,50`.
    #[error("cents follow a point, not a comma; write {write}")]
    DecimalComma {
        /// What to write instead.
        write: String,
    },
    /// A comma that may mean either, as in `1,250` of a currency with three decimals.
    #[error("the comma may mean two amounts; write {whole} or {fraction}")]
    AmbiguousComma {
        /// The larger meaning.
        whole: String,
        /// The smaller meaning.
        fraction: String,
    },
    /// A plus or minus sign.
    #[error("an amount has no sign; write {write}")]
    Sign {
        /// What to write instead.
        write: String,
    },
    /// A currency sign or code beside the number.
    #[error("the currency is set by the merchant; write only {write}")]
    CurrencySign {
        /// What to write instead.
        write: String,
    },
    /// A digit of another script.
    #[error("{found:?} is not one of the digits 0 to 9; write an amount such as {write}")]
    Digit {
        /// The digit that was found.
        found: char,
        /// What to write instead.
        write: String,
    },
    /// Anything else that is no part of a number.
    #[error("{found:?} is not part of an amount; write digits and a point, such as {write}")]
    Character {
        /// The first such character.
        found: char,
        /// What to write instead.
        write: String,
    },
    /// More than one decimal point.
    #[error("an amount has one point at most; write one such as {write}")]
    Points {
        /// What to write instead.
        write: String,
    },
    /// No digit before the point, or none after it.
    #[error("a digit is missing {side} the point; write {write}")]
    Incomplete {
        /// "before" or "after".
        side: &'static str,
        /// What to write instead.
        write: String,
    },
    /// More decimals than the currency has.
    #[error("{code} has {decimals}; write {write}")]
    Decimals {
        /// The ISO 4217 code.
        code: &'static str,
        /// How many decimals the currency has, in words.
        decimals: String,
        /// What to write instead.
        write: String,
    },
    /// Zero cannot be asked for.
    #[error("the amount is zero; write one of at least {least}")]
    Zero {
        /// The smallest amount, such as `0.01`.
        least: String,
    },
    /// More than the platform takes in one payment.
    #[error("the amount is too large; {largest} is the largest that can be paid at once")]
    TooLarge {
        /// The largest amount in this currency.
        largest: Amount,
    },
}

/// See [`Amount::parse`].
pub(super) fn amount(text: &str, currency: Currency) -> Result<Amount, AmountError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(AmountError::Empty {
            write: example(currency),
        });
    }
    refuse_sign(text, currency)?;
    refuse_currency(text, currency)?;
    refuse_separators(text, currency)?;
    refuse_characters(text, currency)?;

    let minor = minor_units(text, currency)?;
    if minor == 0 {
        return Err(AmountError::Zero {
            least: Amount::from_minor(1, currency).decimal(),
        });
    }

    Ok(Amount::from_minor(minor, currency))
}

/// An amount to show as an example: `12.50` in most currencies.
pub(super) fn example(currency: Currency) -> String {
    let units = match decimals(currency) {
        0 => 1250,
        places => scale(places).saturating_mul(25) / 2,
    };

    Amount::from_minor(units, currency).decimal()
}

/// `candidate` when it is itself an amount, else an example.
fn or_example(candidate: &str, currency: Currency) -> String {
    let candidate = candidate.trim();
    if is_amount(candidate, currency) {
        candidate.to_owned()
    } else {
        example(currency)
    }
}

fn refuse_sign(text: &str, currency: Currency) -> Result<(), AmountError> {
    // The typographic dashes come with amounts pasted from a document.
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
    // Only a mark at an end is taken off for the suggestion: taking letters out of the middle would make up a number.
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

/// What to say about a comma, where something better than "leave it out" can be said.
fn comma(text: &str, joined: &str, currency: Currency) -> Option<AmountError> {
    let (whole, last) = text.rsplit_once(',')?;
    // `1.250,00`: the comma comes last, so the points before it were the separators.
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
    let write = example(currency);

    Err(if found.is_numeric() {
        AmountError::Digit { found, write }
    } else {
        AmountError::Character { found, write }
    })
}

/// The value of `text`, which consists of ASCII digits and points, in minor units.
fn minor_units(text: &str, currency: Currency) -> Result<u64, AmountError> {
    let (major, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.contains('.') {
        return Err(AmountError::Points {
            write: example(currency),
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

/// Whether [`amount`] takes `text`; without the suggestions, which are themselves tried out with this.
fn is_amount(text: &str, currency: Currency) -> bool {
    let (major, fraction) = text.split_once('.').unwrap_or((text, ""));

    !major.is_empty()
        && !text.ends_with('.')
        && value(major, fraction, currency).is_some_and(|minor| minor > 0)
}

/// `major.fraction` in minor units; `None` when it has other characters than ASCII digits, more decimals than the
/// currency, or is above [`Amount::MAX_MINOR`].
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
        // Rounding is for the person who knows the price.
        false => format!("an amount such as {}", example(currency)),
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
