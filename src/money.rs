//! Money as the platform counts it: whole minor units of an ISO 4217 currency, never floating point.

mod parse;

use std::fmt;

pub use iso_currency::Currency;
pub use parse::AmountError;

/// A sum of money in one currency.
///
/// Amounts of different currencies cannot be ordered, so there is no `Ord`; compare [`Amount::minor`] where the
/// currencies are known to agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Amount {
    minor: u64,
    currency: Currency,
}

impl Amount {
    /// The largest amount, in minor units, that the platform takes in a payment request: it must be below 100000000.
    pub const MAX_MINOR: u64 = 99_999_999;

    /// An amount of `minor` units (cents of NZD, whole yen of JPY), as the platform states it.
    ///
    /// Nothing is checked: what the platform says may be zero, or more than a till could ask for.
    pub const fn from_minor(minor: u64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Reads an amount that a person typed, such as `12`, `12.5` or `12.50`.
    ///
    /// # Errors
    ///
    /// Everything that is not plainly one amount is refused, with what to write instead. So are zero and amounts above
    /// [`Amount::MAX_MINOR`], which cannot be asked for.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, AmountError> {
        parse::amount(text, currency)
    }

    /// An amount as it is typed, to show as an example: `12.50` in most currencies.
    pub fn example(currency: Currency) -> String {
        parse::example(currency)
    }

    /// The amount in minor units of its currency.
    pub const fn minor(self) -> u64 {
        self.minor
    }

    /// The currency of the amount.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Whether the amount is nothing at all.
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// What is left after taking `other` away; `None` when that would be negative, or the currencies differ.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        if self.currency != other.currency {
            return None;
        }

        let minor = self.minor.checked_sub(other.minor)?;

        Some(Self { minor, ..self })
    }

    /// The bare number with all decimals of its currency, such as `1250.00`; what [`Amount::parse`] reads back.
    pub fn decimal(self) -> String {
        let (major, fraction) = self.parts();

        format!("{major}{fraction}")
    }

    /// Whole units, and the decimals with their point (empty for a currency without decimals).
    fn parts(self) -> (u64, String) {
        let decimals = decimals(self.currency);
        let scale = scale(decimals);
        let major = self.minor / scale;
        if decimals == 0 {
            return (major, String::new());
        }

        let fraction = self.minor % scale;
        let width = usize::from(decimals);

        (major, format!(".{fraction:0width$}"))
    }
}

/// Writes the amount as people in New Zealand read it: `$1,250.00`, and other currencies by code, as `JPY 1,250`.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (major, fraction) = self.parts();
        let major = grouped(major);
        let written = match self.currency {
            Currency::NZD => format!("${major}{fraction}"),
            other => format!("{} {major}{fraction}", other.code()),
        };

        f.pad(&written)
    }
}

/// Why a text is not a currency a shop can be configured with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CurrencyError {
    /// No currency has this code.
    #[error("{given:?} is not an ISO 4217 currency code; write three capital letters, such as NZD")]
    Unknown {
        /// What was given.
        given: String,
    },
    /// A known code, in the wrong case.
    #[error("currency codes are written in capitals; write {code}")]
    Case {
        /// The code as it should be written.
        code: &'static str,
    },
    /// The code of a metal, a unit of account or the like: nothing is paid in it, and it has no minor unit.
    #[error("{code} is not money that can be paid; write the code of a currency, such as NZD")]
    NotPayable {
        /// The code that was given.
        code: &'static str,
    },
}

/// Looks up a currency by its ISO 4217 code in capitals, such as `NZD`.
///
/// # Errors
///
/// When no currency has that code, or it has no minor unit to count in (gold, test codes).
pub fn currency_from_code(code: &str) -> Result<Currency, CurrencyError> {
    if let Some(currency) = Currency::from_code(code) {
        return match currency.exponent() {
            Some(_) => Ok(currency),
            None => Err(CurrencyError::NotPayable {
                code: currency.code(),
            }),
        };
    }

    match Currency::from_code(&code.trim().to_ascii_uppercase()) {
        Some(currency) => Err(CurrencyError::Case {
            code: currency.code(),
        }),
        None => Err(CurrencyError::Unknown {
            given: code.to_owned(),
        }),
    }
}

/// The number of decimals of a currency. Codes without a minor unit cannot come from [`currency_from_code`]; if one
/// comes from elsewhere, it is counted in whole units.
fn decimals(currency: Currency) -> u16 {
    currency.exponent().unwrap_or(0)
}

/// Minor units in one major unit; at least 1.
fn scale(decimals: u16) -> u64 {
    10_u64.checked_pow(u32::from(decimals)).unwrap_or(1)
}

/// `1250` as `1,250`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }

    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nzd(minor: u64) -> Amount {
        Amount::from_minor(minor, Currency::NZD)
    }

    #[test]
    fn people_read_amounts_as_they_are_written_in_new_zealand() {
        assert_eq!(nzd(125_000).to_string(), "$1,250.00");
        assert_eq!(nzd(99_999_999).to_string(), "$999,999.99");
        assert_eq!(nzd(5).to_string(), "$0.05");
        assert_eq!(nzd(0).to_string(), "$0.00");
        assert_eq!(nzd(u64::MAX).to_string(), "$184,467,440,737,095,516.15");
        assert_eq!(format!("{:>8}", nzd(1250)), "  $12.50");
    }

    #[test]
    fn other_currencies_are_named_and_keep_their_own_decimals() {
        assert_eq!(
            Amount::from_minor(1250, Currency::JPY).to_string(),
            "JPY 1,250"
        );
        assert_eq!(
            Amount::from_minor(1250, Currency::KWD).to_string(),
            "KWD 1.250"
        );
        assert_eq!(
            Amount::from_minor(1250, Currency::XAU).to_string(),
            "XAU 1,250"
        );
    }

    #[test]
    fn the_bare_decimal_is_read_back_as_the_same_amount() {
        for currency in [Currency::NZD, Currency::JPY, Currency::KWD, Currency::CLF] {
            for minor in [1, 9, 10, 99, 100, 1250, 125_000, Amount::MAX_MINOR] {
                let amount = Amount::from_minor(minor, currency);

                assert_eq!(Amount::parse(&amount.decimal(), currency), Ok(amount));
            }
        }
    }

    #[test]
    fn subtraction_never_goes_below_zero_or_mixes_currencies() {
        assert_eq!(nzd(1250).checked_sub(nzd(1000)), Some(nzd(250)));
        assert!(nzd(5).checked_sub(nzd(5)).is_some_and(Amount::is_zero));
        assert_eq!(nzd(1).checked_sub(nzd(2)), None);
        assert_eq!(
            nzd(5).checked_sub(Amount::from_minor(5, Currency::AUD)),
            None
        );
    }

    #[test]
    fn currencies_are_found_by_their_capital_code_only() {
        assert_eq!(currency_from_code("NZD"), Ok(Currency::NZD));
        for (given, sentence) in [
            ("nzd", "currency codes are written in capitals; write NZD"),
            (
                "NZZ",
                "\"NZZ\" is not an ISO 4217 currency code; write three capital letters, such as NZD",
            ),
            (
                "XAU",
                "XAU is not money that can be paid; write the code of a currency, such as NZD",
            ),
        ] {
            let error = currency_from_code(given).unwrap_err();

            assert_eq!(error.to_string(), sentence);
        }
        assert!(currency_from_code("").is_err());
    }
}
