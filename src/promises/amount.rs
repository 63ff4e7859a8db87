//! An amount that was typed is the one that is asked for, or there is none.

use crate::money::{Amount, AmountError, Currency};
use crate::promises::text::assert_steers_nothing;

/// Two, none, three and four decimals.
const CURRENCIES: [Currency; 4] = [Currency::NZD, Currency::JPY, Currency::KWD, Currency::CLF];

/// Any text, typed as an amount.
pub(crate) fn hold(bytes: &[u8]) {
    let typed = String::from_utf8_lossy(bytes);
    for currency in CURRENCIES {
        match Amount::parse(&typed, currency) {
            Ok(amount) => {
                assert_is_what_was_typed(amount, &typed);
                assert_written_and_read_the_same(amount);
                assert!((1..=Amount::MAX_MINOR).contains(&amount.minor()));
                assert_eq!(amount.currency(), currency);
            }
            Err(error) => assert_helps(&error, currency),
        }
    }
}

/// The digits of the amount are those that were typed, with as many decimals as the currency has.
fn assert_is_what_was_typed(amount: Amount, typed: &str) {
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

fn assert_written_and_read_the_same(amount: Amount) {
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

/// The refusal is one line, and what it says to write can be written.
fn assert_helps(error: &AmountError, currency: Currency) {
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
        // "an amount such as …", or in words.
        AmountError::Decimals { .. } | AmountError::TooLarge { .. } => vec![],
    };

    for amount in amounts {
        assert!(
            Amount::parse(amount, currency).is_ok(),
            "{amount:?} in {error}"
        );
    }
}
