use serde::Serialize;

use crate::money::Amount;

/// Money as the platform wants it: minor units as text.
#[derive(Debug, Serialize)]
pub(in crate::centrapay) struct MoneyOut {
    amount: String,
    currency: &'static str,
}

impl From<Amount> for MoneyOut {
    fn from(amount: Amount) -> Self {
        Self {
            amount: amount.minor().to_string(),
            currency: amount.currency().code(),
        }
    }
}
