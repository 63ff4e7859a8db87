use serde_json::Value;

use super::money::minor;
use super::{object, payment_request};
use crate::config::{Liveness, QrContent};
use crate::money::Currency;
use crate::payment::PaymentRequest;
use crate::promises::shop;
use crate::sale::Moment;

/// A code is shown for an answer with the amount, the currency, the merchant config and the
/// liveness of the order, no more left to pay than that amount, and a url of the shop's own hosts
/// that pays this very request: for each such answer, and for no other.
pub(crate) fn only_what_fits_is_accepted(body: &[u8]) {
    let (Some(request), Some(written)) = (payment_request(body), object(body)) else {
        return;
    };

    for (liveness, word) in [(Liveness::Main, "main"), (Liveness::Test, "test")] {
        assert_eq!(
            accepted(&request, liveness),
            fitting(&written, word),
            "{written}"
        );
    }
}

/// The id and the payload of a request that a shop of this liveness would show.
pub(super) fn accepted(request: &PaymentRequest, liveness: Liveness) -> Option<(String, String)> {
    let order = shop::order(liveness);
    let accepted = shop::rules(QrContent::PaymentUrl)
        .fit(&order, request, Moment::default())
        .ok()?;

    Some((accepted.id.to_string(), accepted.payload))
}

/// The id and the url of an answer that fits, read as any JSON.
fn fitting(written: &Value, liveness: &str) -> Option<(String, String)> {
    let value = &written["value"];
    let same_value = minor(member(value, "amount", 0)) == Some(shop::MINOR)
        && member(value, "currency", 1) == "NZD";
    let config_id = written["configId"].as_str();
    let same_config =
        config_id.is_none_or(|id| id.strip_prefix("mc_").unwrap_or(id) == shop::CONFIG_ID);
    let same_liveness = written["liveness"]
        .as_str()
        .is_none_or(|word| word == liveness);
    let id = written["id"].as_str()?;
    let url = shop::PAY_URLS
        .map(|start| format!("{start}{id}"))
        .into_iter()
        .find(|url| written["url"] == url.as_str())?;

    (same_value && same_config && same_liveness && can_remain(&written["remainingAmount"]))
        .then(|| (id.to_owned(), url))
}

/// Whether this can be what is left to pay of the order. A currency that is not known says nothing.
fn can_remain(written: &Value) -> bool {
    let (amount, currency) = match minor(written) {
        Some(amount) => (Some(amount), "NZD"),
        None => (
            minor(member(written, "amount", 0)),
            member(written, "currency", 1).as_str().unwrap_or_default(),
        ),
    };

    match Currency::from_code(currency) {
        Some(currency) => {
            currency == Currency::NZD && amount.is_some_and(|left| left <= shop::MINOR)
        }
        None => true,
    }
}

/// A member of an object; serde takes a list of the members in order for one, too.
fn member<'a>(of: &'a Value, name: &str, place: usize) -> &'a Value {
    if of.is_array() { &of[place] } else { &of[name] }
}
