use serde_json::Value;

use super::super::wire::activity::{ActivitiesIn, ActivityIn};
use super::money::minor;
use crate::payment::{Refund, Refunds};
use crate::promises::pay_url::assert_is_plain;
use crate::promises::text::assert_name;

/// The answer to a refund and the list of what happened: only what the platform calls a refund is
/// one, and its money has the digits that were written, or is not known.
pub(crate) fn refunds_are_as_written(body: &[u8]) {
    let Ok(written) = serde_json::from_slice::<Value>(body) else {
        return;
    };
    let one = serde_json::from_slice::<ActivityIn>(body)
        .ok()
        .and_then(ActivityIn::refund);
    let list = serde_json::from_slice::<ActivitiesIn>(body).map(Refunds::from);
    let listed = list.map(|list| list.listed).unwrap_or_default();
    for refund in one.into_iter().chain(listed) {
        if let Some(id) = &refund.request {
            assert_is_plain(id);
        }
        if let Some(code) = &refund.short_code {
            assert_name(code);
        }
        assert!(is_written(&written, &refund), "{refund:?} of {written}");
    }
}

/// Whether a refund of this value is somewhere in it.
fn is_written(written: &Value, refund: &Refund) -> bool {
    match written {
        Value::Array(items) => items.iter().any(|item| is_written(item, refund)),
        Value::Object(members) => {
            let value = &written["value"];
            let is_it = written["type"] == "refund"
                && refund.value.is_none_or(|amount| {
                    minor(&value["amount"]) == Some(amount.minor())
                        && value["currency"] == amount.currency().code()
                });

            is_it || members.values().any(|member| is_written(member, refund))
        }
        _ => false,
    }
}
