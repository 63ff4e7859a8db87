//! Parsing returns exactly the amount that was typed.

use crate::domain::money::{Amount, AmountError, Currency};
use crate::properties::text::assert_steers_nothing;

/// Currencies with two, zero, three and four decimals.
const CURRENCIES: [Currency; 4] = [Currency::NZD, Currency::JPY, Currency::KWD, Currency::CLF];

pub(crate) fn check(bytes: &[u8]) {
    let typed = String::from_utf8_lossy(bytes);
    for currency in CURRENCIES {
        match Amount::parse(&typed, currency) {
            Ok(amount) => {
                assert_matches_typed(amount, &typed);
                assert_round_trip(amount);
                assert!((1..=Amount::MAX_MINOR).contains(&amount.minor()));
                assert_eq!(amount.currency(), currency);
            }
            Err(error) => assert_is_helpful(&error, currency),
        }
    }
}

/// Asserts that the amount has the typed digits, with the currency's number of decimals.
fn assert_matches_typed(amount: Amount, typed: &str) {
    let (whole, decimals) = match typed.trim().split_once('.') {
        Some((whole, decimals)) => (whole, decimals),
        None => (typed.trim(), ""),
    };
    let places = usize::from(amount.currency().exponent().unwrap_or(0));
    let digits = format!("{whole}{decimals:0<places$}");

    assert!(!whole.is_empty(), "{typed:?}");
    assert_eq!(digits.len(), whole.len() + places, "{typed:?}");
    assert_eq!(
        digits.trim_start_matches('0'),
        amount.minor().to_string(),
        "{typed:?}"
    );
}

fn assert_round_trip(amount: Amount) {
    assert_eq!(
        Amount::parse(&amount.decimal(), amount.currency()),
        Ok(amount)
    );

    let digits = |text: String| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    assert_eq!(digits(amount.to_string()), digits(amount.decimal()));
}

/// Asserts that the error is one line and that each amount it suggests is valid.
fn assert_is_helpful(error: &AmountError, currency: Currency) {
    assert_steers_nothing(&error.to_string());
    let amounts = match error {
        AmountError::Empty { write }
        | AmountError::Separator { write, .. }
        | AmountError::DecimalComma { write }
        | AmountError::Sign { write }
        | AmountError::CurrencySign { write }
        | AmountError::Digit { write, .. }
        | AmountError::Character { write, .. }
        | AmountError::Points { write }
        | AmountError::Incomplete { write, .. } => vec![write],
        AmountError::AmbiguousComma { whole, fraction } => vec![whole, fraction],
        AmountError::Zero { least } => vec![least],
        // These errors suggest an amount in words, which is not checked.
        AmountError::Decimals { .. } | AmountError::TooLarge { .. } => vec![],
    };

    for amount in amounts {
        assert!(
            Amount::parse(amount, currency).is_ok(),
            "{amount:?} in {error}"
        );
    }
}
