//! The body of a create.

use serde::Serialize;

use crate::basket::Basket;
use crate::money::Amount;

/// The body of a create.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::centrapay) struct CreateBody<'a> {
    pub(in crate::centrapay) config_id: &'a str,
    pub(in crate::centrapay) value: MoneyOut,
    pub(in crate::centrapay) expiry_seconds: u32,
    pub(in crate::centrapay) external_ref: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::centrapay) terminal_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::centrapay) device_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::centrapay) operator_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Basket::is_empty")]
    pub(in crate::centrapay) line_items: &'a Basket,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::centrapay) basket_amount: Option<MinorUnitsOut>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::centrapay) partial_allowed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::centrapay) invoice_ref: Option<&'a str>,
    pub(in crate::centrapay) conditions_enabled: bool,
    pub(in crate::centrapay) patron_not_present: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::centrapay) barcode: Option<&'a str>,
}

/// Money as the platform wants it.
#[derive(Debug, Serialize)]
pub(in crate::centrapay) struct MoneyOut {
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
pub(in crate::centrapay) struct MinorUnitsOut(String);

impl From<Amount> for MinorUnitsOut {
    fn from(amount: Amount) -> Self {
        Self(amount.minor().to_string())
    }
}
