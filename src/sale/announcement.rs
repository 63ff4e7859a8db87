use serde::Serialize;

use crate::money::Amount;
use crate::payment::{PaidBy, PaidLine, Text};

/// What the till is told: one JSON object a line. Its form is a promise to other programs; fields
/// may be added, none changed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(
    tag = "event",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum Announcement {
    /// A request was created, checked and journaled.
    Created {
        /// The attempt, from 1.
        attempt: u32,
        /// The request's id.
        id: String,
        /// Its name for people.
        short_code: Option<String>,
        /// The attempt's reference.
        external_ref: String,
        /// What the platform knows it by, if that differs.
        #[serde(skip_serializing_if = "Option::is_none")]
        platform_ref: Option<String>,
        /// What is asked for.
        amount: Sum,
        /// What the code says.
        url: String,
        /// When it expires, as the platform wrote it.
        expires_at: Option<String>,
    },
    /// The first frame with the code was on the screen.
    Shown {
        /// The attempt.
        attempt: u32,
        /// The request's id.
        id: String,
    },
    /// There is no code to scan, or not any more, and something is waited for.
    Waiting {
        /// The attempt.
        attempt: u32,
        /// What for.
        reason: WaitingFor,
        /// The platform's message, where there is one.
        message: Option<String>,
        /// What has paid a part so far.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        paid_by: Vec<PaidByLine>,
        /// What is still owed, where a part was paid.
        #[serde(skip_serializing_if = "Option::is_none")]
        remaining: Option<Sum>,
    },
    /// The connection to the platform was lost, or is back.
    Link {
        /// Which.
        state: Link,
    },
    /// An attempt reached an ending.
    Ended {
        /// The attempt.
        attempt: u32,
        /// The request's id, where one was made.
        id: Option<String>,
        /// The ending's name.
        outcome: &'static str,
        /// Set if the same sale was paid at an earlier launch.
        #[serde(flatten)]
        repeated: Option<Repeated>,
    },
    /// What was found out about an earlier sale.
    Earlier {
        /// The request's id, where one is known.
        id: Option<String>,
        /// Its name for people.
        short_code: Option<String>,
        /// The attempt's reference.
        external_ref: String,
        /// The ending's name.
        outcome: &'static str,
        /// Whether it was paid after it had been called expired or cancelled.
        late: bool,
    },
    /// What the till asked for could not be understood, or cannot be done now.
    Error {
        /// Why, in a sentence.
        message: String,
    },
    /// How the sale ended: once, last.
    Outcome {
        /// The ending's name.
        outcome: &'static str,
        /// The request's id, where one was made.
        id: Option<String>,
        /// Its name for people.
        short_code: Option<String>,
        /// The last attempt's reference.
        external_ref: Option<String>,
        /// What was asked for.
        amount: Option<Sum>,
        /// What paid.
        paid_by: Vec<PaidByLine>,
        /// What is still owed.
        remaining: Option<Sum>,
        /// Why, in the platform's code or in words.
        reason: Option<String>,
        /// Set if the same sale was paid at an earlier launch.
        #[serde(flatten)]
        repeated: Option<Repeated>,
    },
}

/// The sale that is asked for was paid at an earlier launch: nothing is sold twice.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Repeated {
    /// Always `true`.
    repeated: bool,
    /// When it was paid: UTC in RFC 3339, by the clock here.
    settled_at: Option<String>,
}

impl Repeated {
    pub(super) fn since(settled_at: Option<String>) -> Self {
        Self {
            repeated: true,
            settled_at,
        }
    }
}

/// An amount as the platform writes it: minor units as text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Sum {
    /// Minor units.
    pub amount: String,
    /// ISO 4217.
    pub currency: &'static str,
}

impl From<Amount> for Sum {
    fn from(amount: Amount) -> Self {
        Self {
            amount: amount.minor().to_string(),
            currency: amount.currency().code(),
        }
    }
}

/// One means of payment that paid.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PaidByLine {
    /// The means of payment in the platform's words.
    pub description: String,
    /// The platform's asset type, such as `centrapay.nzd.main`, if it said one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asset_type: Option<String>,
    /// What it paid.
    pub total: Option<Sum>,
    /// The line items it bought, which must not be paid for again by other means.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub line_items: Vec<PaidLineItem>,
}

/// A line item that a means of payment bought. Numbers are text, as in the platform's JSON.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct PaidLineItem {
    /// Its name.
    pub name: String,
    /// The shop's number of the product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// How many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qty: Option<String>,
    /// The price of the whole line in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<String>,
}

impl From<&PaidBy> for PaidByLine {
    fn from(paid_by: &PaidBy) -> Self {
        Self {
            description: paid_by.description.to_string(),
            asset_type: paid_by.asset_type.as_ref().map(Text::to_string),
            total: paid_by.total.map(Sum::from),
            line_items: paid_by.line_items.iter().map(PaidLineItem::from).collect(),
        }
    }
}

impl From<&PaidLine> for PaidLineItem {
    fn from(line: &PaidLine) -> Self {
        Self {
            name: line.name.to_string(),
            sku: line.sku.as_ref().map(Text::to_string),
            qty: line.quantity.as_ref().map(Text::to_string),
            price: line.price.map(|price| price.to_string()),
        }
    }
}

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WaitingFor {
    /// The platform's verdict, after the time was over.
    Settling,
    /// A cancellation at the platform.
    Voiding,
    /// An answer to a payment condition.
    Condition,
    /// The rest of a payment in parts.
    PartPayment,
    /// The customer, who confirms on the phone whose code was scanned.
    Barcode,
    /// The platform's word on what was left when the program, or the machine, stopped.
    Resuming,
}

/// The state of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Link {
    /// Answers come.
    #[serde(rename = "restored")]
    Up,
    /// Three polls in a row brought no answer.
    Lost,
}
