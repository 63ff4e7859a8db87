//! The column `paid_by`: the payments of an attempt, in JSON.

use rusqlite::Row;
use serde::{Deserialize, Serialize};

use super::error::JournalError;
use crate::domain::money::{Amount, Currency};
use crate::domain::payment::{PaidBy, PaidLine, Text};

/// Converts payments to the JSON of the column.
pub(super) fn to_json(paid_by: &[PaidBy]) -> Result<String, JournalError> {
    let rows: Vec<_> = paid_by.iter().map(PaidByRow::from).collect();

    serde_json::to_string(&rows).map_err(|error| JournalError::Unreadable(error.to_string()))
}

/// Reads the column. The outer error is SQLite's. The inner error means that the JSON cannot be read.
pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<serde_json::Result<Vec<PaidBy>>> {
    let json: Option<String> = row.get("paid_by")?;
    let rows = json.map_or(Ok(Vec::new()), |json| {
        serde_json::from_str::<Vec<PaidByRow>>(&json)
    });

    Ok(rows.map(|rows| rows.iter().map(PaidBy::from).collect()))
}

#[derive(Serialize, Deserialize)]
struct PaidByRow {
    description: String,
    amount: Option<u64>,
    currency: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    asset_type: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    line_items: Vec<PaidLineRow>,
}

#[derive(Serialize, Deserialize)]
struct PaidLineRow {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sku: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    quantity: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    price: Option<i64>,
}

impl From<&PaidBy> for PaidByRow {
    fn from(paid_by: &PaidBy) -> Self {
        Self {
            description: paid_by.description.to_string(),
            amount: paid_by.total.map(Amount::minor),
            currency: paid_by
                .total
                .map(|total| total.currency().code().to_owned()),
            asset_type: paid_by.asset_type.as_ref().map(Text::to_string),
            line_items: paid_by.line_items.iter().map(PaidLineRow::from).collect(),
        }
    }
}

impl From<&PaidLine> for PaidLineRow {
    fn from(line: &PaidLine) -> Self {
        Self {
            name: line.name.to_string(),
            sku: line.sku.as_ref().map(Text::to_string),
            quantity: line.quantity.as_ref().map(Text::to_string),
            price: line.price,
        }
    }
}

impl From<&PaidLineRow> for PaidLine {
    fn from(row: &PaidLineRow) -> Self {
        Self {
            name: Text::clean(&row.name),
            sku: row.sku.as_deref().map(Text::clean),
            quantity: row.quantity.as_deref().map(Text::clean),
            price: row.price,
        }
    }
}

impl From<&PaidByRow> for PaidBy {
    fn from(row: &PaidByRow) -> Self {
        let currency = row.currency.as_deref().and_then(Currency::from_code);

        Self {
            description: Text::clean(&row.description),
            asset_type: row.asset_type.as_deref().map(Text::clean),
            line_items: row.line_items.iter().map(PaidLine::from).collect(),
            total: row
                .amount
                .zip(currency)
                .map(|(minor, currency)| Amount::from_minor(minor, currency)),
        }
    }
}
