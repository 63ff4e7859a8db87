//! Merchants: the shops that can be charged for.

use std::borrow::Borrow;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::money::Currency;
use crate::domain::payment::Liveness;

/// The name of a merchant within the configuration: `cafe` in `[merchants.cafe]`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MerchantKey(String);

impl MerchantKey {
    /// Returns a key with this name. The configuration may have no such merchant.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// Returns the name as in the configuration file.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MerchantKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Borrow<str> for MerchantKey {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// A shop that can be charged for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Merchant {
    /// The id of the platform's merchant config, without the prefix `mc_`.
    pub config_id: String,
    /// The name of the shop that patrons know.
    pub name: String,
    /// The currency of all amounts. It has a minor unit.
    pub currency: Currency,
    /// Whether payments are real. An answer with the other kind of money is refused.
    pub liveness: Liveness,
    /// The time in which a payment request can be paid, in seconds.
    pub expiry_seconds: u32,
    /// The id of the account that owns the merchant. Needed to look up a request by its `externalRef`.
    pub account_id: Option<String>,
}

/// The form of the `externalRef` that the platform gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReferenceForm {
    /// The till's reference with a random token. No other counter has it, so a look-up finds only this counter's
    /// request.
    #[default]
    Unique,
    /// The till's reference alone. Another counter may use the same one, so a look-up proves nothing.
    AsGiven,
}
