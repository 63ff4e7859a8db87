use std::sync::Arc;
use std::time::Duration;

use crate::basket::Basket;
use crate::config::{Config, Merchant, MerchantKey};
use crate::money::Amount;
use crate::payment::PatronCode;

/// What is being sold, to be paid once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Order {
    /// How much.
    pub amount: Amount,
    /// The merchant's key in the configuration.
    pub merchant_key: MerchantKey,
    /// The merchant as configured when the sale began: a later change does not touch this sale.
    pub merchant: Merchant,
    /// The till's reference for the sale.
    pub reference: String,
    /// A random token that makes this launch's references unique at the platform. `None`: the platform gets the till's
    /// reference alone.
    pub token: Option<String>,
    /// The hand-over to a resident display that asked for it, drawn at random. If that display dies, the till hears of
    /// what this very hand-over has come to.
    pub handover: Option<String>,
    /// Who is selling.
    pub operator: Option<String>,
    /// What else the platform is told of it.
    pub particulars: Arc<Particulars>,
    /// The code that the customer has shown; `None` where the shop shows one.
    pub patron_code: Option<PatronCode>,
}

/// What the platform is told of a sale beside what is needed to sell. Nothing here decides anything,
/// and a later launch of the same sale may say something else.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Particulars {
    /// What is in it.
    pub basket: Basket,
    /// What all of it costs, other means of payment included. Where it is told, the customer may pay
    /// a part of what is asked for (the platform's `partialAllowed` with `basketAmount`).
    pub basket_amount: Option<Amount>,
    /// The number of the invoice that is paid.
    pub invoice_ref: Option<String>,
    /// Whether the customer is elsewhere, as in a sale by telephone (certification 303.1).
    pub patron_not_present: bool,
}

impl Order {
    /// Whether it is the same sale: a reference stands for one sale, on the same terms.
    pub fn is_same_sale(&self, other: &Self) -> bool {
        self.reference == other.reference
            && self.amount == other.amount
            && self.merchant.config_id == other.merchant.config_id
            && self.merchant.liveness == other.merchant.liveness
    }

    /// The reference of an attempt, as people and tills know it: the sale's own for the first, a new one for each
    /// further.
    pub fn attempt_reference(&self, attempt: u32) -> String {
        match attempt {
            0 | 1 => self.reference.clone(),
            further => format!("{}-{further}", self.reference),
        }
    }

    /// The reference that the platform has for an attempt (`externalRef`). With a token it is unique, even if this
    /// machine was cloned.
    pub fn external_ref(&self, attempt: u32) -> String {
        unique_reference(self.attempt_reference(attempt), self.token.as_deref())
    }

    /// Whether the customer may pay a part of the amount.
    pub fn allows_parts(&self) -> bool {
        self.particulars.basket_amount.is_some()
    }

    /// The customer's code that an attempt is created with. It is good for one use, and who could say
    /// whether the first attempt has used it up? So each further attempt shows a code of its own.
    pub fn barcode(&self, attempt: u32) -> Option<&PatronCode> {
        self.patron_code.as_ref().filter(|_| attempt == 1)
    }
}

/// A reference that no other counter has, if there is a token: both with a dot between them.
pub fn unique_reference(reference: String, token: Option<&str>) -> String {
    match token {
        Some(token) => format!("{reference}.{token}"),
        None => reference,
    }
}

/// How long endings stay on the screen, and how often the platform is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Timing {
    /// The confirmation.
    pub close_after: Duration,
    /// The other endings, an unknown one excepted; `None`: until a key.
    pub leave_after: Option<Duration>,
    /// The counters that share the account's calls, this one included.
    pub counters: u32,
    /// How long a reference stands for one sale.
    pub reference_lifetime: Duration,
}

impl From<&Config> for Timing {
    fn from(config: &Config) -> Self {
        Self {
            close_after: config.display.close_after,
            leave_after: config.display.leave_after,
            counters: config.api.counters,
            reference_lifetime: config.terminal.reference_lifetime,
        }
    }
}
