//! Gives back what was paid, and lists what was given back.

use super::Client;
use super::wire::activity::{ActivitiesIn, ActivityIn, RefundBody};
use crate::basket::Basket;
use crate::money::Amount;
use crate::payment::{Failure, Refund, Refunds, RequestId, Text};

/// A refund that is about to be sent.
#[derive(Debug, Clone, Copy)]
pub struct NewRefund<'a> {
    /// How much goes back.
    pub amount: Amount,
    /// The refund's own reference.
    pub external_ref: &'a str,
    /// The number of the invoice that it belongs to.
    pub invoice_ref: Option<&'a str>,
    /// What was returned; empty if that is not known.
    pub line_items: &'a Basket,
}

impl Client {
    /// Gives back a part of what was paid, or all of it. Asked again with the same reference the
    /// platform gives nothing more, so this call, unlike a create, may be repeated.
    ///
    /// # Errors
    ///
    /// [`Failure::Ambiguous`] means that it may have been carried out all the same.
    pub async fn refund(&self, id: &RequestId, new: NewRefund<'_>) -> Result<Refund, Failure> {
        let request = self.write(&[id.as_str(), "refund"]).json(&RefundBody {
            value: new.amount.into(),
            external_ref: new.external_ref,
            invoice_ref: new.invoice_ref,
            line_items: new.line_items,
        });
        let activity: ActivityIn = self.call(request).await?.body;

        activity
            .refund()
            .ok_or_else(|| Failure::Ambiguous(Text::clean("the answer is not about a refund")))
    }

    /// Lists what was given back of a payment request.
    ///
    /// # Errors
    ///
    /// See [`Failure`].
    pub async fn refunds(&self, id: &RequestId) -> Result<Refunds, Failure> {
        let request = self.get(self.url(&[id.as_str(), "activities"]));
        let activities: ActivitiesIn = self.call(request).await?.body;

        Ok(activities.into())
    }
}
