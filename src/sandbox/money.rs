//! Amounts and line items in JSON: minor units, never through floating point.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value};

use super::refusal::SandboxRefusal;
use crate::domain::money::{Amount, Currency};

/// Amounts must be below this, in minor units.
const AMOUNT_LIMIT: u64 = 100_000_000;

/// A positive amount of one currency, in minor units.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct MoneyValue {
    #[serde(
        deserialize_with = "positive_amount",
        serialize_with = "amount_as_text"
    )]
    pub(super) amount: u64,
    /// ISO 4217, such as `NZD`.
    #[serde(deserialize_with = "currency_code")]
    pub(super) currency: String,
}

/// An amount with or without its currency. The platform's samples show both for some fields.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "expected an amount of money")]
pub(super) enum LooseMoney {
    Money(MoneyValue),
    Amount(#[serde(deserialize_with = "positive_amount")] u64),
}

impl LooseMoney {
    /// The amount in minor units, or `None` for another currency.
    pub(super) fn in_currency(&self, currency: &str) -> Option<u64> {
        match self {
            Self::Money(money) => (money.currency == currency).then_some(money.amount),
            Self::Amount(amount) => Some(*amount),
        }
    }
}

/// An amount as text or as an integer. The platform's samples show both.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected a whole number of minor units, as a string of digits or an integer"
)]
enum WholeNumber {
    Text(String),
    Integer(i64),
}

fn positive_amount<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
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

/// Reads the price of a line item in minor units. A discount line is negative.
fn price<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
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

/// Checks for digits only; `parse` alone also accepts a leading `+`.
fn digits(text: &str) -> Option<&str> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}

/// Formats an amount for people, such as `12.50 NZD`. An unknown currency has no decimals.
pub(super) fn for_people(amount: u64, currency: &str) -> String {
    let number = Currency::from_code(currency).map_or_else(
        || amount.to_string(),
        |currency| Amount::from_minor(amount, currency).decimal(),
    );

    format!("{number} {currency}")
}

/// A line item. `price` is for the whole line, in minor units.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct SandboxLineItem {
    pub(super) name: String,
    qty: Value,
    #[serde(deserialize_with = "price", serialize_with = "amount_as_text")]
    price: i64,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// Checks the quantities, and that the prices sum to one of `amounts`, in minor units.
/// Errors: 400 `BAD_REQUEST` for an invalid quantity, 400 `LINE_ITEMS_SUM_CHECK_FAILED`.
pub(super) fn check_line_items(
    line_items: &[SandboxLineItem],
    amounts: &[u64],
) -> Result<(), SandboxRefusal> {
    if let Some(item) = line_items.iter().find(|item| !item.has_quantity()) {
        return Err(SandboxRefusal::misfit(format!(
            "the qty of line item {:?} must be a number",
            item.name
        )));
    }

    let sum: i128 = line_items.iter().map(|item| i128::from(item.price)).sum();
    if amounts.iter().any(|amount| sum == i128::from(*amount)) {
        return Ok(());
    }
    let expected: Vec<String> = amounts.iter().map(u64::to_string).collect();
    Err(SandboxRefusal::mistake(
        "LINE_ITEMS_SUM_CHECK_FAILED",
        format!("the prices sum to {sum}, not to {}", expected.join(" or ")),
    ))
}

impl SandboxLineItem {
    /// Goods are counted or weighed, so a quantity may have decimals, as a number or as text.
    fn has_quantity(&self) -> bool {
        match &self.qty {
            Value::Number(_) => true,
            Value::String(text) => text.parse::<f64>().is_ok_and(f64::is_finite),
            _ => false,
        }
    }
}
