//! What a counter sells under: its merchants, who sells, and how a sale gets its reference.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::config::{Merchant, MerchantKey, ReferenceForm};
use crate::money::Amount;
use crate::payment::PatronCode;
use crate::sale::{Order, Particulars};

/// The merchants of this counter, and what each of its sales carries.
#[derive(Debug, Clone)]
pub struct Counter {
    /// The merchants that can be charged for.
    pub merchants: BTreeMap<MerchantKey, Merchant>,
    /// The one that is chosen first.
    pub default_merchant: MerchantKey,
    /// The till's own reference, for the one sale it launched.
    pub reference: Option<String>,
    /// Who is selling.
    pub operator: Option<String>,
    /// What else the platform is told of the sale.
    pub particulars: Arc<Particulars>,
    /// The code that the customer of the one sale has shown.
    pub patron_code: Option<PatronCode>,
    /// The hand-over to a resident display that asked for the one sale.
    pub handover: Option<String>,
    /// What the platform is told as `externalRef`.
    pub external_ref: ReferenceForm,
    /// Whether every sale may be paid in parts.
    pub part_payments: bool,
}

impl Counter {
    /// The order for `amount` at this merchant; `None` when there is no such merchant.
    pub fn order(&self, merchant_key: &MerchantKey, amount: Amount) -> Option<Order> {
        let merchant = self.merchants.get(merchant_key)?.clone();

        Some(Order {
            amount,
            merchant_key: merchant_key.clone(),
            merchant,
            reference: self.reference.clone().unwrap_or_else(fresh_reference),
            token: match self.external_ref {
                ReferenceForm::Unique => Some(random_text(TOKEN)),
                ReferenceForm::AsGiven => None,
            },
            handover: self.handover.clone(),
            operator: self.operator.clone(),
            particulars: self.particulars_of(amount),
            patron_code: self.patron_code.clone(),
        })
    }

    /// With part payments, the platform is told what the whole basket costs on every create.
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

/// Letters and digits of a token. 62^10 are enough that no two counters ever draw the same one for the same reference.
const TOKEN: usize = 10;

/// A reference that no other sale has: the time, for people, and eight random characters, for two
/// counters in the same second. The platform asks for one that is unique (certification 104.6).
pub(crate) fn fresh_reference() -> String {
    let time = Timestamp::now().strftime("%Y%m%dT%H%M%SZ");

    format!("PD-{time}-{}", random_text(8))
}

/// Letters and digits drawn at random.
pub(crate) fn random_text(length: usize) -> String {
    std::iter::repeat_with(fastrand::alphanumeric)
        .take(length)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f2_no_two_references_are_the_same() {
        let references: std::collections::HashSet<_> =
            std::iter::repeat_with(fresh_reference).take(1000).collect();
        assert_eq!(references.len(), 1000);
    }
}
