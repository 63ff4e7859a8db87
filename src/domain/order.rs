//! The order of a sale, and the references of its attempts.

use std::sync::Arc;

use crate::domain::basket::Basket;
use crate::domain::merchant::{Merchant, MerchantKey};
use crate::domain::money::Amount;
use crate::domain::payment::PatronCode;

/// An order: what a sale charges for, once.
#[allow(missing_docs, reason = "the names of the other fields say it")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Order {
    pub amount: Amount,
    /// The merchant's key in the configuration.
    pub merchant_key: MerchantKey,
    /// The merchant as configured when the sale began. A later change of the configuration does not touch this
    /// sale.
    pub merchant: Merchant,
    /// The till's reference for the sale.
    pub reference: String,
    /// A random token that makes this launch's references unique at the platform. `None`: the platform gets the till's
    /// reference alone.
    pub token: Option<String>,
    /// The random name of the hand-over to a resident display, if a hand-over asked for this sale. If that display
    /// dies, the till learns the outcome of this hand-over.
    pub handover: Option<String>,
    pub operator: Option<String>,
    /// Further data for the platform.
    pub particulars: Arc<Particulars>,
    /// The code that the patron has shown. `None` if the display shows a code.
    pub patron_code: Option<PatronCode>,
}

/// Data for the platform that this program does not decide by. A later launch of the same sale may change it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Particulars {
    /// The basket.
    pub basket: Basket,
    /// The price of the whole basket, including other means of payment. If it is set, the patron may pay a part of
    /// the amount (the platform's `partialAllowed` with `basketAmount`).
    pub basket_amount: Option<Amount>,
    /// The number of the invoice that the patron pays.
    pub invoice_ref: Option<String>,
    /// Whether the patron is elsewhere, as in a sale by telephone (certification 303.1).
    pub patron_not_present: bool,
}

impl Order {
    /// Whether both orders are of the same sale: same reference and same terms.
    pub fn is_same_sale(&self, other: &Self) -> bool {
        self.reference == other.reference
            && self.amount == other.amount
            && self.merchant.config_id == other.merchant.config_id
            && self.merchant.liveness == other.merchant.liveness
    }

    /// Returns the reference of an attempt, as people and tills know it. The first attempt has the sale's own
    /// reference. Each further attempt has a new one.
    pub fn attempt_reference(&self, attempt: u32) -> String {
        match attempt {
            0 | 1 => self.reference.clone(),
            further => format!("{}-{further}", self.reference),
        }
    }

    /// Returns the reference of an attempt at the platform (`externalRef`). With a token it is unique, even if
    /// this machine was cloned.
    pub fn external_ref(&self, attempt: u32) -> String {
        unique_reference(self.attempt_reference(attempt), self.token.as_deref())
    }

    /// Whether the patron may pay a part of the amount.
    pub fn allows_parts(&self) -> bool {
        self.particulars.basket_amount.is_some()
    }

    /// Returns the patron's code, for the first attempt only. The platform accepts a patron's code once, so each
    /// further attempt shows a QR code instead.
    pub fn barcode(&self, attempt: u32) -> Option<&PatronCode> {
        self.patron_code.as_ref().filter(|_| attempt == 1)
    }
}

/// Returns the reference and the token with a dot between them, so that no other counter has the same. Without a
/// token, returns the reference.
pub fn unique_reference(reference: String, token: Option<&str>) -> String {
    match token {
        Some(token) => format!("{reference}.{token}"),
        None => reference,
    }
}
