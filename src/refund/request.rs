//! The refund as a person asks for it, and the order that the platform gets.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::basket::Basket;
use crate::domain::money::Amount;
use crate::domain::payment::{PaymentRequest, RequestId, ShortCode, Text};

/// A refund as a person asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundRequest {
    /// The name of the payment request that was paid.
    pub name: PaymentName,
    /// The amount as it was typed, in the payment's currency. Without an amount, the sum of the items is refunded;
    /// without items too, the whole payment.
    pub amount: Option<String>,
    /// The returned goods.
    pub items: Option<Basket>,
    /// The number of the refund's invoice.
    pub invoice_ref: Option<String>,
    /// The date on the receipt, in this machine's time zone.
    pub paid_on: Option<Date>,
    /// The refund's own reference.
    pub external_ref: String,
}

/// A name of a payment request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaymentName {
    /// The platform's id.
    Id(RequestId),
    /// The code on the receipt.
    ShortCode(ShortCode),
}

impl PaymentName {
    /// Parses an id or a short code. Returns `None` for other text.
    pub fn new(text: &str) -> Option<Self> {
        ShortCode::new(text)
            .map(Self::ShortCode)
            .or_else(|| RequestId::new(text.trim()).map(Self::Id))
    }
}

/// A checked refund, ready to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RefundOrder {
    pub(super) id: RequestId,
    pub(super) short_code: Option<Text>,
    pub(super) amount: Amount,
    /// The total amount that the patron paid.
    pub(super) paid: Amount,
    pub(super) external_ref: String,
    pub(super) invoice_ref: Option<String>,
    /// The returned goods; empty if they are not known.
    pub(super) items: Basket,
    pub(super) payment: RefundedPayment,
}

/// The platform's data about the refunded payment. It is empty if the payment was not read, as when a refund in
/// the journal is sent again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RefundedPayment {
    /// The time when the payment request was created.
    pub created_at: Option<Timestamp>,
    /// The merchant's name at the platform.
    pub merchant_name: Option<Text>,
}

impl From<&PaymentRequest> for RefundedPayment {
    fn from(request: &PaymentRequest) -> Self {
        Self {
            created_at: request.created_at,
            merchant_name: request.merchant_name.clone(),
        }
    }
}

/// Formats the date and the merchant, such as `2026-08-17, Centrapay Café`.
impl fmt::Display for RefundedPayment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.created_at.map(|at| local_date(at).to_string());
        let merchant = self.merchant_name.as_ref().map(Text::to_string);
        let known: Vec<_> = date.into_iter().chain(merchant).collect();
        if known.is_empty() {
            return f.write_str("date and merchant unknown");
        }

        f.write_str(&known.join(", "))
    }
}

/// Returns the date in this machine's time zone.
pub(super) fn local_date(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::system()).date()
}
