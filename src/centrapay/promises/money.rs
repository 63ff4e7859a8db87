use serde_json::Value;

use super::{object, payment_request, says};

/// Every sum has the digits that were written: none is rounded, negative, or made from a fraction.
pub(crate) fn money_is_as_written(body: &[u8]) {
    let (Some(request), Some(written)) = (payment_request(body), object(body)) else {
        return;
    };
    let paid = request.paid_by.iter().filter_map(|paid| paid.total);
    let sums = request.value.into_iter().chain(request.remaining);
    for sum in sums.chain(paid) {
        assert!(has(&written, sum.minor()), "{sum:?} of {written}");
        assert!(
            says(&written, sum.currency().code()),
            "{sum:?} of {written}"
        );
    }

    if let (Some(value), Some(written)) = (request.value, written["value"].as_object()) {
        assert_eq!(minor(&written["amount"]), Some(value.minor()));
        assert_eq!(written["currency"], value.currency().code());
    }
}

/// A whole number of minor units, written as text or as a number.
pub(super) fn minor(written: &Value) -> Option<u64> {
    match written {
        Value::String(digits) if digits.chars().all(|c| c.is_ascii_digit()) => digits.parse().ok(),
        Value::Number(number) => number.as_u64(),
        _ => None,
    }
}

/// Whether this number is somewhere in it.
fn has(written: &Value, number: u64) -> bool {
    match written {
        Value::Array(items) => items.iter().any(|item| has(item, number)),
        Value::Object(members) => members.values().any(|member| has(member, number)),
        scalar => minor(scalar) == Some(number),
    }
}
