//! Money as the platform counts it: in whole minor units of an ISO 4217 currency, never in floating point.

mod parse;

use std::fmt;

pub use iso_currency::Currency;
pub use parse::AmountError;

/// A sum of money in one currency.
///
/// Amounts of different currencies cannot be ordered, so there is no `Ord`. If two currencies are known to be the
/// same, compare [`Amount::minor`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Amount {
    minor: u64,
    currency: Currency,
}

impl Amount {
    /// The largest amount of a payment request, in minor units. The platform wants less than 100000000.
    pub const MAX_MINOR: u64 = 99_999_999;

    /// Returns an amount of `minor` units (cents for NZD, whole yen for JPY), as the platform states it.
    ///
    /// Nothing is checked: the platform's amount may be zero, or more than [`Amount::MAX_MINOR`].
    pub const fn from_minor(minor: u64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Returns the amount in minor units of its currency.
    pub const fn minor(self) -> u64 {
        self.minor
    }

    /// Returns the currency of the amount.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Whether the amount is zero.
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Subtracts `other`. `None` if the result would be negative, or the currencies differ.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        if self.currency != other.currency {
            return None;
        }

        let minor = self.minor.checked_sub(other.minor)?;

        Some(Self { minor, ..self })
    }

    /// Returns the number with all decimals of its currency, such as `1250.00`. [`Amount::parse`] accepts it.
    pub fn decimal(self) -> String {
        let (major, fraction) = self.parts();

        format!("{major}{fraction}")
    }

    /// Returns the whole units, and the decimals with their point (empty for a currency without decimals).
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

/// Formats the amount as people in New Zealand read it: `$1,250.00`, and other currencies with their code, as `JPY
/// 1,250`.
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

/// Why a text is no currency that a shop can use.
#[allow(missing_docs, reason = "the message of each variant explains it")]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CurrencyError {
    #[error("{given:?} is not an ISO 4217 currency code; write three capital letters, such as NZD")]
    Unknown { given: String },
    #[error("currency codes are written in capitals; write {code}")]
    Case { code: &'static str },
    /// The code is of a metal, a unit of account or the like: no one pays in it, and it has no minor unit.
    #[error("{code} is not money that can be paid; write the code of a currency, such as NZD")]
    NotPayable { code: &'static str },
}

/// Returns the currency with this ISO 4217 code in capitals, such as `NZD`.
///
/// # Errors
///
/// If no currency has that code, or the currency has no minor unit (gold, test codes).
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

/// Returns how many decimals a currency has; 0 if it has no minor unit. [`currency_from_code`] never returns such
/// a currency.
fn decimals(currency: Currency) -> u16 {
    currency.exponent().unwrap_or(0)
}

/// Returns the number of minor units in one major unit; at least 1.
fn scale(decimals: u16) -> u64 {
    10_u64.checked_pow(u32::from(decimals)).unwrap_or(1)
}

/// Formats `1250` as `1,250`.
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
    fn amounts_are_written_as_in_new_zealand() {
        assert_eq!(nzd(125_000).to_string(), "$1,250.00");
        assert_eq!(nzd(99_999_999).to_string(), "$999,999.99");
        assert_eq!(nzd(5).to_string(), "$0.05");
        assert_eq!(nzd(0).to_string(), "$0.00");
        assert_eq!(nzd(u64::MAX).to_string(), "$184,467,440,737,095,516.15");
        assert_eq!(format!("{:>8}", nzd(1250)), "  $12.50");
    }

    #[test]
    fn other_currencies_keep_their_decimals() {
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
    fn bare_decimal_round_trips() {
        for currency in [Currency::NZD, Currency::JPY, Currency::KWD, Currency::CLF] {
            for minor in [1, 9, 10, 99, 100, 1250, 125_000, Amount::MAX_MINOR] {
                let amount = Amount::from_minor(minor, currency);

                assert_eq!(Amount::parse(&amount.decimal(), currency), Ok(amount));
            }
        }
    }

    #[test]
    fn subtraction_stays_positive_in_one_currency() {
        assert_eq!(nzd(1250).checked_sub(nzd(1000)), Some(nzd(250)));
        assert!(nzd(5).checked_sub(nzd(5)).is_some_and(Amount::is_zero));
        assert_eq!(nzd(1).checked_sub(nzd(2)), None);
        assert_eq!(
            nzd(5).checked_sub(Amount::from_minor(5, Currency::AUD)),
            None
        );
    }

    #[test]
    fn currency_needs_its_capital_code() {
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
