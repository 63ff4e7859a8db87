//! The counter: its merchants, its operator, and the references of its sales.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::merchant::{Merchant, MerchantKey, ReferenceForm};
use crate::domain::money::Amount;
use crate::domain::order::{Order, Particulars};
use crate::domain::payment::PatronCode;

/// The merchants of a counter, and the data that its sales have in common.
#[derive(Debug, Clone)]
pub struct Counter {
    /// The merchants that can be charged for.
    pub merchants: BTreeMap<MerchantKey, Merchant>,
    /// The merchant that is selected at the start.
    pub default_merchant: MerchantKey,
    /// The till's own reference, if the till launched the program for one sale.
    pub reference: Option<String>,
    /// The person who sells.
    pub operator: Option<String>,
    /// Further data of the sale for the platform.
    pub particulars: Arc<Particulars>,
    /// The code that the patron has shown, if the program was launched for one sale.
    pub patron_code: Option<PatronCode>,
    /// The hand-over to a resident display that asked for the sale, if there was one.
    pub handover: Option<String>,
    /// The form of the `externalRef` for the platform.
    pub external_ref: ReferenceForm,
    /// Whether every sale may be paid in parts.
    pub part_payments: bool,
}

/// Random names for one sale. No other sale has them.
#[derive(Debug, Clone)]
pub struct FreshNames {
    /// A reference, used if the till gives none.
    pub reference: String,
    /// The token that makes the reference unique at the platform.
    pub token: String,
}

impl Counter {
    /// Returns the order for `amount` at this merchant, or `None` if there is no such merchant. `fresh`: names for
    /// what the counter does not set itself.
    pub fn order(
        &self,
        merchant_key: &MerchantKey,
        amount: Amount,
        fresh: FreshNames,
    ) -> Option<Order> {
        let merchant = self.merchants.get(merchant_key)?.clone();

        Some(Order {
            amount,
            merchant_key: merchant_key.clone(),
            merchant,
            reference: self.reference.clone().unwrap_or(fresh.reference),
            token: match self.external_ref {
                ReferenceForm::Unique => Some(fresh.token),
                ReferenceForm::AsGiven => None,
            },
            handover: self.handover.clone(),
            operator: self.operator.clone(),
            particulars: self.particulars_of(amount),
            patron_code: self.patron_code.clone(),
        })
    }

    /// Adds `amount` as the price of the whole basket, if part payments are on and no price is set.
    fn particulars_of(&self, amount: Amount) -> Arc<Particulars> {
        if !self.part_payments || self.particulars.basket_amount.is_some() {
            return self.particulars.clone();
        }

        Arc::new(Particulars {
            basket_amount: Some(amount),
            ..Particulars::clone(&self.particulars)
        })
    }
}
