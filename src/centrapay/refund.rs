//! Gives back what was paid, and lists what was given back.

use super::Client;
use super::wire::activity::{ActivitiesIn, ActivityIn, RefundBody};
use crate::money::Amount;
use crate::payment::{Failure, Refund, Refunds, RequestId, Text};

impl Client {
    /// Gives back `amount` of what was paid. Asked again with the same reference the platform gives
    /// nothing more, so this call, unlike a create, may be repeated.
    ///
    /// # Errors
    ///
    /// [`Failure::Ambiguous`] means that it may have been carried out all the same.
    pub async fn refund(
        &self,
        id: &RequestId,
        amount: Amount,
        external_ref: &str,
    ) -> Result<Refund, Failure> {
        let request = self.write(&[id.as_str(), "refund"]).json(&RefundBody {
            value: amount.into(),
            external_ref,
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
