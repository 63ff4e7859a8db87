//! Line items, as a create, a payment and a refund name them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::money;
use super::refusal::Refusal;

/// One line of a basket. `price` is for the whole line, in minor units.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct LineItem {
    pub(super) name: String,
    qty: Value,
    #[serde(
        deserialize_with = "money::price",
        serialize_with = "money::amount_as_text"
    )]
    price: i64,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// Checks that the lines are well formed and sum to one of `amounts`, in minor units.
///
/// # Errors
/// 400 `BAD_REQUEST` for a quantity that is no number, 400 `LINE_ITEMS_SUM_CHECK_FAILED`.
pub(super) fn check(line_items: &[LineItem], amounts: &[u64]) -> Result<(), Refusal> {
    if let Some(item) = line_items.iter().find(|item| !item.has_quantity()) {
        return Err(Refusal::misfit(format!(
            "the qty of line item {:?} must be a number",
            item.name
        )));
    }

    let sum: i128 = line_items.iter().map(|item| i128::from(item.price)).sum();
    if amounts.iter().any(|amount| sum == i128::from(*amount)) {
        return Ok(());
    }
    let expected: Vec<String> = amounts.iter().map(u64::to_string).collect();
    Err(Refusal::mistake(
        "LINE_ITEMS_SUM_CHECK_FAILED",
        format!("the prices sum to {sum}, not to {}", expected.join(" or ")),
    ))
}

impl LineItem {
    /// Quantities are counted or weighed, so they may have decimals, as a number or as text.
    fn has_quantity(&self) -> bool {
        match &self.qty {
            Value::Number(_) => true,
            Value::String(text) => text.parse::<f64>().is_ok_and(f64::is_finite),
            _ => false,
        }
    }
}
