//! The body of a create.

use serde::Serialize;

use crate::basket::Basket;
use crate::money::Amount;

/// The body of a create.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct CreateBody<'a> {
    pub(in super::super) config_id: &'a str,
    pub(in super::super) value: MoneyOut,
    pub(in super::super) expiry_seconds: u32,
    pub(in super::super) external_ref: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) terminal_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) device_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) operator_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Basket::is_empty")]
    pub(in super::super) line_items: &'a Basket,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) basket_amount: Option<MinorUnitsOut>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) partial_allowed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) invoice_ref: Option<&'a str>,
    pub(in super::super) conditions_enabled: bool,
    pub(in super::super) patron_not_present: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) barcode: Option<&'a str>,
}

/// Money as the platform wants it.
#[derive(Debug, Serialize)]
pub(in super::super) struct MoneyOut {
    amount: MinorUnitsOut,
    currency: &'static str,
}

impl From<Amount> for MoneyOut {
    fn from(amount: Amount) -> Self {
        Self {
            amount: amount.into(),
            currency: amount.currency().code(),
        }
    }
}

/// Minor units, as text.
#[derive(Debug, Serialize)]
pub(in super::super) struct MinorUnitsOut(String);

impl From<Amount> for MinorUnitsOut {
    fn from(amount: Amount) -> Self {
        Self(amount.minor().to_string())
    }
}
