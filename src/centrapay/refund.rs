//! Gives back what was paid, and lists what was given back.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Client;
use super::wire::{MoneyIn, MoneyOut, TextOrNumber};
use crate::money::Amount;
use crate::payment::{ExternalRef, Failure, Refund, Refunds, RequestId, Text};

/// The activity that a refund is, in the platform's word.
const REFUND: &str = "refund";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RefundBody<'a> {
    value: MoneyOut,
    external_ref: &'a str,
}

/// An activity, as far as a refund is found by it. What a refund has beside its type is read one
/// by one, so that one odd field does not hide that money went back.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ActivityIn {
    #[serde(rename = "type")]
    kind: Option<Value>,
    payment_request_id: Option<Value>,
    external_ref: Option<Value>,
    value: Option<Value>,
}

/// A list of activities, bare or in an envelope.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum ActivitiesIn {
    Bare(Vec<ActivityIn>),
    #[serde(rename_all = "camelCase")]
    Items {
        #[serde(alias = "activities")]
        items: Vec<ActivityIn>,
        /// Both names are documented for lists.
        page_key: Option<Value>,
        next_page_key: Option<Value>,
    },
}

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

impl ActivityIn {
    /// The refund that it is; `None` where it is anything else.
    fn refund(self) -> Option<Refund> {
        if self.kind.as_ref().and_then(Value::as_str) != Some(REFUND) {
            return None;
        }
        let text = |value: Option<Value>| {
            serde_json::from_value::<TextOrNumber>(value?)
                .ok()
                .map(|text| text.0)
        };

        Some(Refund {
            request: text(self.payment_request_id).and_then(|id| RequestId::new(&id)),
            external_ref: text(self.external_ref).map(|reference| ExternalRef::new(&reference)),
            value: self
                .value
                .and_then(|value| serde_json::from_value::<MoneyIn>(value).ok()?.amount()),
        })
    }
}

impl From<ActivitiesIn> for Refunds {
    fn from(list: ActivitiesIn) -> Self {
        let (items, is_complete) = match list {
            ActivitiesIn::Bare(items) => (items, true),
            ActivitiesIn::Items {
                items,
                page_key,
                next_page_key,
            } => (items, page_key.is_none() && next_page_key.is_none()),
        };

        Self {
            listed: items.into_iter().filter_map(ActivityIn::refund).collect(),
            is_complete,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    fn listed(json: &str) -> Refunds {
        serde_json::from_str::<ActivitiesIn>(json)
            .expect("a list")
            .into()
    }

    #[test]
    fn a_refund_is_read_however_unevenly_it_is_written() {
        let whole = Refund {
            request: RequestId::new("MhocUmpxxmgdHjr7DgKoKw"),
            external_ref: Some(ExternalRef::new("7")),
            value: Some(Amount::from_minor(500, Currency::NZD)),
        };
        for amount in ["\"500\"", "500"] {
            for reference in ["\"7\"", "7"] {
                let refund = format!(
                    r#"{{"type":"refund","paymentRequestId":"MhocUmpxxmgdHjr7DgKoKw",
                        "externalRef":{reference},"value":{{"amount":{amount},"currency":"NZD"}}}}"#
                );
                for list in [
                    format!("[{refund}]"),
                    format!(r#"{{"items":[{{"type":"paid"}},{refund}]}}"#),
                    format!(r#"{{"activities":[{refund},{{"type":7}}]}}"#),
                ] {
                    let found = listed(&list);
                    assert_eq!(found.listed, [whole.clone()], "{list}");
                    assert!(found.is_complete);
                }
            }
        }
    }

    #[test]
    fn money_of_a_refund_is_never_guessed() {
        for amount in ["5e2", "500.0", "-500", "\"+500\"", "true", "null"] {
            let list = listed(&format!(
                r#"[{{"type":"refund","externalRef":["x"],
                    "value":{{"amount":{amount},"currency":"NZD"}}}}]"#
            ));
            assert_eq!(list.listed.len(), 1, "that money went back stays known");
            assert_eq!(list.listed[0].value, None, "{amount}");
            assert_eq!(list.listed[0].external_ref, None);
        }
    }

    #[test]
    fn a_list_with_another_page_is_not_taken_for_all() {
        for key in ["pageKey", "nextPageKey"] {
            assert!(!listed(&format!(r#"{{"items":[],"{key}":"x"}}"#)).is_complete);
            assert!(listed(&format!(r#"{{"items":[],"{key}":null}}"#)).is_complete);
        }
    }
}
