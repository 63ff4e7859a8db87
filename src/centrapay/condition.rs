//! Answers payment conditions.

use url::Url;

use super::Client;
use super::wire::ActivityIn;
use crate::payment::{Activity, Decision, Failure, RequestId, Text, Unsent};

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
        let url = self.condition_url(id, condition, decision)?;
        let request = self.write_to(url).json(&serde_json::json!({}));
        let activity: ActivityIn = self.call(request).await?.body;

        Ok(activity.into())
    }

    /// The condition's id is the platform's text, whatever is in it.
    fn condition_url(
        &self,
        id: &RequestId,
        condition: &Text,
        decision: Decision,
    ) -> Result<Url, Failure> {
        let no_path =
            |()| Failure::NotSent(Unsent::Other(Text::clean("the base url takes no path")));
        let mut url = self.base_url.clone();
        url.path_segments_mut()
            .map_err(no_path)?
            .pop_if_empty()
            .extend(["api", "payment-requests", id.as_str(), "conditions"])
            .extend([condition.as_str(), decision.name()]);

        Ok(url)
    }
}
