//! What a counter sells under: its merchants, who sells, and how a sale gets its reference.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::config::{Merchant, MerchantKey};
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
            operator: self.operator.clone(),
            particulars: self.particulars.clone(),
            patron_code: self.patron_code.clone(),
        })
    }
}

/// A reference that no other sale has: the time, for people, and eight random characters, for two
/// counters in the same second. The platform asks for one that is unique (certification 104.1).
pub(crate) fn fresh_reference() -> String {
    let time = Timestamp::now().strftime("%Y%m%dT%H%M%SZ");
    let random: String = std::iter::repeat_with(fastrand::alphanumeric)
        .take(8)
        .collect();

    format!("PD-{time}-{random}")
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
