use super::*;

fn refused(text: &str, currency: Currency) -> String {
    Amount::parse(text, currency).unwrap_err().to_string()
}

#[test]
fn exact_amounts_are_read_to_the_minor_unit() {
    for (text, currency, minor) in [
        ("12", Currency::NZD, 1200),
        ("12.5", Currency::NZD, 1250),
        ("12.50", Currency::NZD, 1250),
        ("0.01", Currency::NZD, 1),
        ("007.50", Currency::NZD, 750),
        ("999999.99", Currency::NZD, Amount::MAX_MINOR),
        ("1250", Currency::JPY, 1250),
        ("1.25", Currency::KWD, 1250),
        ("1.250", Currency::KWD, 1250),
    ] {
        assert_eq!(
            Amount::parse(text, currency),
            Ok(Amount::from_minor(minor, currency)),
            "{text}"
        );
    }
}

#[test]
fn amounts_stay_exact_without_floating_point() {
    for (text, minor) in [
        ("0.29", 29),
        ("1.15", 115),
        ("4.35", 435),
        ("655.35", 65535),
    ] {
        assert_eq!(Amount::parse(text, Currency::NZD).unwrap().minor(), minor);
    }
}

#[test]
fn space_around_an_amount_is_ignored() {
    assert_eq!(
        Amount::parse(" \t12.50\r\n", Currency::NZD),
        Ok(Amount::from_minor(1250, Currency::NZD))
    );
}

#[test]
fn every_refusal_says_what_to_write_instead() {
    for (text, sentence) in [
        ("", "no amount was given; write one such as 12.50"),
        ("  ", "no amount was given; write one such as 12.50"),
        (
            "1,250.00",
            "the comma does not belong in an amount; write 1250.00",
        ),
        (
            "1,250",
            "the comma does not belong in an amount; write 1250",
        ),
        (
            "1 250.00",
            "the space does not belong in an amount; write 1250.00",
        ),
        (
            "1'250",
            "the apostrophe does not belong in an amount; write 1250",
        ),
        (
            "1_250",
            "the underscore does not belong in an amount; write 1250",
        ),
        ("12,50", "cents follow a point, not a comma; write 12.50"),
        (
            "1.250,00",
            "cents follow a point, not a comma; write 1250.00",
        ),
        ("-5", "a sign does not belong in an amount; write 5"),
        ("+5.00", "a sign does not belong in an amount; write 5.00"),
        ("\u{2212}5", "a sign does not belong in an amount; write 5"),
        ("5-6", "a sign does not belong in an amount; write 12.50"),
        (
            "$12.50",
            "the currency is set by the merchant; write only 12.50",
        ),
        (
            "12.50 NZD",
            "the currency is set by the merchant; write only 12.50",
        ),
        (
            "nzd12.50",
            "the currency is set by the merchant; write only 12.50",
        ),
        (
            "1e3",
            "'e' is not part of an amount; write digits and a point, such as 12.50",
        ),
        (
            "5O",
            "'O' is not part of an amount; write digits and a point, such as 12.50",
        ),
        (
            "\u{661}\u{662}",
            "'\u{661}' is not one of the digits 0 to 9; write an amount such as 12.50",
        ),
        (
            "\u{ff11}2",
            "'\u{ff11}' is not one of the digits 0 to 9; write an amount such as 12.50",
        ),
        (
            "1.2.3",
            "an amount has one point at most; write one such as 12.50",
        ),
        (".50", "a digit is missing before the point; write 0.50"),
        (".", "a digit is missing before the point; write 12.50"),
        ("12.", "a digit is missing after the point; write 12"),
        ("12.500", "NZD has 2 decimals; write 12.50"),
        (
            "12.505",
            "NZD has 2 decimals; write an amount such as 12.50",
        ),
        ("0", "the amount is zero; write one of at least 0.01"),
        ("0.00", "the amount is zero; write one of at least 0.01"),
        (
            "1000000",
            "the amount is too large; $999,999.99 is the largest that can be paid at once",
        ),
    ] {
        assert_eq!(refused(text, Currency::NZD), sentence, "{text:?}");
    }
}

#[test]
fn refusals_keep_to_the_decimals_of_the_currency() {
    for (text, currency, sentence) in [
        (
            "",
            Currency::JPY,
            "no amount was given; write one such as 1250",
        ),
        (
            "12.50",
            Currency::JPY,
            "JPY has no decimals; write an amount such as 1250",
        ),
        ("12.00", Currency::JPY, "JPY has no decimals; write 12"),
        (
            "1,250",
            Currency::JPY,
            "the comma does not belong in an amount; write 1250",
        ),
        (
            "0",
            Currency::JPY,
            "the amount is zero; write one of at least 1",
        ),
        (
            "0",
            Currency::KWD,
            "the amount is zero; write one of at least 0.001",
        ),
        (
            "1.2345",
            Currency::KWD,
            "KWD has 3 decimals; write an amount such as 12.500",
        ),
        (
            "1,250",
            Currency::KWD,
            "the comma can be read in two ways; write 1250 or 1.250",
        ),
        (
            "100000",
            Currency::KWD,
            "the amount is too large; KWD 99,999.999 is the largest that can be paid at once",
        ),
    ] {
        assert_eq!(refused(text, currency), sentence, "{text:?}");
    }
}

#[test]
fn no_text_makes_the_arithmetic_overflow() {
    for text in ["9".repeat(400), format!("{}.99", u64::MAX), "0".repeat(400)] {
        assert!(Amount::parse(&text, Currency::NZD).is_err());
    }
    let padded = format!("{}12.50", "0".repeat(400));
    assert_eq!(Amount::parse(&padded, Currency::NZD).unwrap().minor(), 1250);
}

#[test]
fn no_suggestion_is_itself_refused() {
    let alphabet = ['1', '0', '5', '.', ',', ' ', '-', '$', 'x', '\'', '٣'];
    for length in 1..=4 {
        for mut number in 0..alphabet.len().pow(length) {
            let mut text = String::new();
            for _ in 0..length {
                text.push(alphabet[number % alphabet.len()]);
                number /= alphabet.len();
            }
            for currency in [Currency::NZD, Currency::JPY, Currency::KWD] {
                check_suggestion(&text, currency);
            }
        }
    }
}

fn check_suggestion(text: &str, currency: Currency) {
    let Err(error) = Amount::parse(text, currency) else {
        return;
    };
    let write = match &error {
        AmountError::Zero { least } => least.clone(),
        AmountError::TooLarge { largest } => largest.decimal(),
        AmountError::AmbiguousComma { whole, fraction } => {
            assert!(Amount::parse(whole, currency).is_ok(), "{text:?}: {error}");
            fraction.clone()
        }
        AmountError::Empty { write }
        | AmountError::Separator { write, .. }
        | AmountError::DecimalComma { write }
        | AmountError::Sign { write }
        | AmountError::CurrencySign { write }
        | AmountError::Digit { write, .. }
        | AmountError::Character { write, .. }
        | AmountError::Points { write }
        | AmountError::Incomplete { write, .. }
        | AmountError::Decimals { write, .. } => {
            write.trim_start_matches("an amount such as ").to_owned()
        }
    };
    assert!(Amount::parse(&write, currency).is_ok(), "{text:?}: {error}");
}
