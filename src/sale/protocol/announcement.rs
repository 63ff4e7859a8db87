use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::money::Amount;
use crate::domain::outcome::Outcome;
use crate::domain::payment::{PaidBy, PaidLine, Text};

/// A message to the till: one JSON object on a line. Other programs rely on its form: fields may be added, but
/// existing fields never change.
#[allow(missing_docs, reason = "the names of the other fields say it")]
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(
    tag = "event",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum Announcement {
    /// A request was created, checked, and recorded in the journal.
    Created {
        attempt: u32,
        id: String,
        short_code: Option<String>,
        external_ref: String,
        /// The reference at the platform, if it differs from `external_ref`.
        #[serde(skip_serializing_if = "Option::is_none")]
        platform_ref: Option<String>,
        amount: Sum,
        url: String,
        /// The time when the request expires, as the platform wrote it.
        expires_at: Option<String>,
    },
    /// The first frame with the code was on the screen.
    Shown { attempt: u32, id: String },
    /// No code is on the screen, and the sale waits for something.
    Waiting {
        attempt: u32,
        reason: WaitingFor,
        /// The platform's message, if it has one.
        message: Option<String>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        paid_by: Vec<PaidByLine>,
        #[serde(skip_serializing_if = "Option::is_none")]
        remaining: Option<Sum>,
    },
    /// The connection to the platform was lost, or is back.
    Link { state: Link },
    /// An attempt reached an ending.
    Ended {
        attempt: u32,
        id: Option<String>,
        outcome: Outcome,
        /// Set if an earlier launch of the same sale was paid.
        #[serde(flatten)]
        repeated: Option<Repeated>,
    },
    /// The result of an earlier sale.
    Earlier {
        id: Option<String>,
        short_code: Option<String>,
        external_ref: String,
        outcome: Outcome,
        /// Whether the sale was paid after the till was told that it expired or was cancelled.
        late: bool,
    },
    /// The till's command cannot be understood, or cannot be done now.
    Error {
        /// A sentence about the error.
        message: String,
    },
    /// The outcome of the sale: always the last line, and only once.
    Outcome {
        outcome: Outcome,
        id: Option<String>,
        short_code: Option<String>,
        /// The last attempt's reference.
        external_ref: Option<String>,
        amount: Option<Sum>,
        paid_by: Vec<PaidByLine>,
        remaining: Option<Sum>,
        /// The reason for the outcome: the platform's code or a sentence.
        reason: Option<String>,
        /// Set if an earlier launch of the same sale was paid.
        #[serde(flatten)]
        repeated: Option<Repeated>,
    },
}

impl Announcement {
    /// Returns the value of the field `event`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Created { .. } => "created",
            Self::Shown { .. } => "shown",
            Self::Waiting { .. } => "waiting",
            Self::Link { .. } => "link",
            Self::Ended { .. } => "ended",
            Self::Earlier { .. } => "earlier",
            Self::Error { .. } => "error",
            Self::Outcome { .. } => "outcome",
        }
    }
}

/// An earlier launch of the same sale was paid, so nothing is sold again.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Repeated {
    /// Always `true`.
    repeated: bool,
    /// The time of the payment: UTC in RFC 3339, by this machine's clock.
    settled_at: Option<String>,
}

impl Repeated {
    pub(in super::super) fn since(settled_at: Option<String>) -> Self {
        Self {
            repeated: true,
            settled_at,
        }
    }
}

/// An amount as the platform writes it: minor units as text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PaidByLine {
    /// The means of payment in the platform's words.
    pub description: String,
    /// The platform's asset type, such as `centrapay.nzd.main`, if the platform gave one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asset_type: Option<String>,
    /// The amount that was paid by this means.
    pub total: Option<Sum>,
    /// The line items that were paid by this means. They must not be paid for again by other means.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub line_items: Vec<PaidLineItem>,
}

/// A line item that was paid for. Numbers are text, as in the platform's JSON.
#[allow(missing_docs, reason = "the names of the other fields say it")]
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct PaidLineItem {
    pub name: String,
    /// The shop's product number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
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

/// The reason why a sale without a code waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WaitingFor {
    /// The platform's verdict after the deadline.
    Settling,
    /// A cancellation at the platform.
    Voiding,
    /// An answer to a payment condition.
    Condition,
    /// The rest of a payment in parts.
    PartPayment,
    /// The patron, whose code was scanned and who confirms on the phone.
    Barcode,
    /// The platform's answer about a request that was open when the program or the machine stopped.
    Resuming,
}

/// The state of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Link {
    /// The platform answers again.
    #[serde(rename = "restored")]
    Up,
    /// Three polls in a row brought no answer.
    Lost,
}
