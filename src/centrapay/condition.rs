//! Answers payment conditions.

use super::Client;
use super::wire::activity::ActivityIn;
use crate::payment::{Activity, ConditionId, Decision, Failure, RequestId, Text, Unsent};

impl Client {
    /// Answers a payment condition. Declining it cancels the request.
    ///
    /// # Errors
    ///
    /// See [`Failure`]. Whether the answer has arrived all the same is in the request's conditions.
    pub async fn answer_condition(
        &self,
        id: &RequestId,
        condition: &ConditionId,
        decision: Decision,
    ) -> Result<Activity, Failure> {
        let condition = condition.address().ok_or_else(|| {
            let why = "the condition has no usable id, so it cannot be answered; cancel the sale";

            Failure::NotSent(Unsent::Other(Text::sentence(why)))
        })?;
        let url = self.escaped_url(&[id.as_str(), "conditions", condition, decision.name()])?;
        let request = self.write_to(url).json(&serde_json::json!({}));
        let activity: ActivityIn = self.call(request).await?.body;

        Ok(activity.into())
    }
}
