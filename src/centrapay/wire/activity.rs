//! Activities of a payment request. The answer to a void, a refund or a condition is an activity.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ListIn, MoneyIn, MoneyOut, text};
use crate::domain::basket::Basket;
use crate::domain::payment::{
    Activity, ActivityKind, ExternalRef, Failure, Refund, Refunds, RequestId, Text,
};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct RefundBody<'a> {
    pub(in super::super) value: MoneyOut,
    pub(in super::super) external_ref: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) invoice_ref: Option<&'a str>,
    #[serde(skip_serializing_if = "Basket::is_empty")]
    pub(in super::super) line_items: &'a Basket,
}

/// An activity. Each field is read separately, so that an odd field does not hide a refund.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct ActivityIn {
    #[serde(rename = "type")]
    kind: Option<Value>,
    payment_request_id: Option<Value>,
    external_ref: Option<Value>,
    value: Option<Value>,
    short_code: Option<Value>,
}

impl ActivityIn {
    fn has_kind(&self) -> bool {
        self.kind.as_ref().is_some_and(Value::is_string)
    }

    /// Returns the refund, or `None` for another kind of activity.
    pub(in super::super) fn refund(self) -> Option<Refund> {
        let reference = text(self.external_ref.clone());
        let short_code = text(self.short_code.clone()).map(|code| Text::clean(&code));
        let activity = Activity::from(self);
        if activity.kind != ActivityKind::Refund {
            return None;
        }

        Some(Refund {
            request: activity.request,
            external_ref: reference.map(|reference| ExternalRef::new(&reference)),
            value: activity.value,
            short_code: short_code.filter(|code| !code.is_empty()),
        })
    }
}

impl From<ActivityIn> for Activity {
    fn from(activity: ActivityIn) -> Self {
        let kind = activity.kind.as_ref().and_then(Value::as_str);

        Self {
            kind: match kind.unwrap_or_default() {
                "refund" => ActivityKind::Refund,
                "cancellation" => ActivityKind::Cancellation,
                other => ActivityKind::Other(Text::clean(other)),
            },
            request: text(activity.payment_request_id).and_then(|id| RequestId::new(&id)),
            value: activity
                .value
                .and_then(|value| serde_json::from_value::<MoneyIn>(value).ok()?.amount()),
        }
    }
}

impl ListIn<ActivityIn> {
    /// Returns the activities, and whether the list is complete. Every request has activities, so an empty list is
    /// incomplete.
    pub(in super::super) fn activities(self) -> (Vec<ActivityIn>, bool) {
        let (items, next) = self.into_parts();
        let is_complete =
            next.is_none() && !items.is_empty() && items.iter().all(ActivityIn::has_kind);

        (items, is_complete)
    }

    /// Returns the activities. Fails if the list shows no refund and may be incomplete.
    pub(crate) fn or_incomplete(self) -> Result<Vec<Activity>, Failure> {
        let (items, is_complete) = self.activities();
        let activities: Vec<_> = items.into_iter().map(Activity::from).collect();
        let has_refund = activities
            .iter()
            .any(|activity| activity.kind == ActivityKind::Refund);

        match is_complete || has_refund {
            true => Ok(activities),
            false => Err(Failure::Ambiguous(Text::clean(
                "the list of activities is not complete",
            ))),
        }
    }
}

impl From<ListIn<ActivityIn>> for Refunds {
    fn from(list: ListIn<ActivityIn>) -> Self {
        let (items, is_complete) = list.activities();

        Self {
            listed: items.into_iter().filter_map(ActivityIn::refund).collect(),
            is_complete,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::{Amount, Currency};

    fn listed(json: &str) -> Refunds {
        serde_json::from_str::<ListIn<ActivityIn>>(json)
            .expect("a list")
            .into()
    }

    #[test]
    fn refund_is_read_in_every_written_form() {
        let whole = Refund {
            request: RequestId::new("MhocUmpxxmgdHjr7DgKoKw"),
            external_ref: Some(ExternalRef::new("7")),
            value: Some(Amount::from_minor(500, Currency::NZD)),
            short_code: Some(Text::clean("CP-C7F-ZS5-032")),
        };
        for amount in ["\"500\"", "500"] {
            for reference in ["\"7\"", "7"] {
                let refund = format!(
                    r#"{{"type":"refund","paymentRequestId":"MhocUmpxxmgdHjr7DgKoKw",
                        "externalRef":{reference},"value":{{"amount":{amount},"currency":"NZD"}},
                        "shortCode":"CP-C7F-ZS5-032"}}"#
                );
                for list in [
                    format!("[{refund}]"),
                    format!(r#"{{"items":[{{"type":"paid"}},{refund}]}}"#),
                    format!(r#"{{"activities":[{refund},{{"type":"new-one"}}]}}"#),
                ] {
                    let found = listed(&list);
                    assert_eq!(found.listed, std::slice::from_ref(&whole), "{list}");
                    assert!(found.is_complete);
                }
            }
        }
    }

    #[test]
    fn refund_body_matches_the_sample() {
        let items = Basket::parse(
            r#"[{"name":"Hard Hat","sku":"GH1234","qty":"1","price":"4000","tax":"15","discount":"400"}]"#,
        )
        .expect("items");
        let body = RefundBody {
            value: Amount::from_minor(3600, Currency::NZD).into(),
            external_ref: "e8df06e2",
            invoice_ref: Some("sy8CRmo3"),
            line_items: &items,
        };
        assert_eq!(
            serde_json::to_value(&body).expect("a body"),
            serde_json::json!({
                "value": { "amount": "3600", "currency": "NZD" },
                "externalRef": "e8df06e2",
                "invoiceRef": "sy8CRmo3",
                "lineItems": [{
                    "name": "Hard Hat", "sku": "GH1234", "qty": "1", "price": "4000", "tax": "15",
                    "discount": "400",
                }],
            })
        );
    }

    #[test]
    fn refund_money_is_never_guessed() {
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
    fn list_with_a_next_page_is_incomplete() {
        for key in ["pageKey", "nextPageKey"] {
            let page = |next: &str| {
                listed(&format!(
                    r#"{{"items":[{{"type":"paid"}}],"{key}":{next}}}"#
                ))
            };
            assert!(!page("\"x\"").is_complete);
            assert!(page("null").is_complete);
        }
    }

    #[test]
    fn list_with_unclear_entries_is_incomplete() {
        for list in [
            "[]",
            r#"{"items":[]}"#,
            r#"[{"type":"paid"},{"type":7}]"#,
            r#"[{"type":"paid"},{}]"#,
        ] {
            assert!(!listed(list).is_complete, "{list}");
        }
    }
}
