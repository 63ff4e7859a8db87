//! Amounts as they come and go in JSON: minor units, never through floating point.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The platform takes amounts below this, in minor units.
const AMOUNT_LIMIT: u64 = 100_000_000;

/// A positive amount of one currency, in minor units.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct Money {
    #[serde(
        deserialize_with = "positive_amount",
        serialize_with = "amount_as_text"
    )]
    pub(super) amount: u64,
    /// ISO 4217, such as `NZD`.
    #[serde(deserialize_with = "currency_code")]
    pub(super) currency: String,
}

/// An amount with or without its currency: the platform's samples of some fields show both.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "expected an amount of money")]
pub(super) enum LooseMoney {
    Money(Money),
    Amount(#[serde(deserialize_with = "positive_amount")] u64),
}

impl LooseMoney {
    /// The amount in minor units, unless it is in another currency than `currency`.
    pub(super) fn in_currency(&self, currency: &str) -> Option<u64> {
        match self {
            Self::Money(money) => (money.currency == currency).then_some(money.amount),
            Self::Amount(amount) => Some(*amount),
        }
    }
}

/// Samples of the platform show amounts as text and as JSON integers, so both are read.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected a whole number of minor units, as a string of digits or an integer"
)]
enum WholeNumber {
    Text(String),
    Integer(i64),
}

pub(super) fn positive_amount<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let amount = match WholeNumber::deserialize(deserializer)? {
        WholeNumber::Text(text) => digits(&text).and_then(|digits| digits.parse().ok()),
        WholeNumber::Integer(integer) => u64::try_from(integer).ok(),
    };

    amount
        .filter(|amount| (1..AMOUNT_LIMIT).contains(amount))
        .ok_or_else(|| {
            de::Error::custom(format_args!(
                "an amount must be whole minor units from 1 to {}",
                AMOUNT_LIMIT - 1
            ))
        })
}

/// The price of a line item in minor units; negative for a discount line.
pub(super) fn price<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let price = match WholeNumber::deserialize(deserializer)? {
        WholeNumber::Text(text) => {
            digits(text.strip_prefix('-').unwrap_or(&text)).and_then(|_| text.parse().ok())
        }
        WholeNumber::Integer(integer) => Some(integer),
    };

    price.ok_or_else(|| de::Error::custom("a price must be whole minor units"))
}

fn currency_code<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let code = String::deserialize(deserializer)?;
    if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        Ok(code)
    } else {
        Err(de::Error::custom(
            "a currency must be three capital letters",
        ))
    }
}

pub(super) fn amount_as_text<S, T>(amount: &T, serializer: S) -> Result<S::Ok, S::Error>
where
    S: Serializer,
    T: ToString,
{
    serializer.serialize_str(&amount.to_string())
}

/// `parse` alone would also take a leading `+`.
fn digits(text: &str) -> Option<&str> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}

/// An amount for people, such as `12.50 NZD`.
pub(super) fn for_people(amount: u64, currency: &str) -> String {
    let decimals = match currency {
        "CLP" | "ISK" | "JPY" | "KRW" | "PYG" | "UGX" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    };
    if decimals == 0 {
        return format!("{amount} {currency}");
    }

    let unit = 10_u64.pow(decimals);
    let width = decimals as usize;
    format!("{}.{:0width$} {currency}", amount / unit, amount % unit)
}
