//! Answers payment conditions.

use super::Client;
use super::wire::activity::ActivityIn;
use crate::payment::{Activity, Decision, Failure, RequestId, Text};

impl Client {
    /// Answers a payment condition. Declining it cancels the request.
    ///
    /// # Errors
    ///
    /// See [`Failure`]. Whether the answer has arrived all the same is in the request's conditions.
    pub async fn answer_condition(
        &self,
        id: &RequestId,
        condition: &Text,
        decision: Decision,
    ) -> Result<Activity, Failure> {
        let url = self.escaped_url(&[
            id.as_str(),
            "conditions",
            condition.as_str(),
            decision.name(),
        ])?;
        let request = self.write_to(url).json(&serde_json::json!({}));
        let activity: ActivityIn = self.call(request).await?.body;

        Ok(activity.into())
    }
}
