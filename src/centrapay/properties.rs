//! Properties of reading the platform's answers; see [`crate::properties`].

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use serde_json::Value;

use super::headers::{LONGEST_RETRY_AFTER, is_json, platform_date, retry_after};
use super::refusal;
use super::wire::activity::ActivityIn;
use super::wire::{ListIn, ListedIn, PaymentRequestIn};
use crate::domain::money::Currency;
use crate::domain::payment::{
    Activity, ActivityKind, BadUrl, CancellationReason, Liveness, PaymentRequest, QrContent,
    Refund, Refunds, Refusal, Status, Text,
};
use crate::properties::pay_url::assert_is_plain;
use crate::properties::shop;
use crate::properties::text::{assert_name, assert_sentence, assert_steers_nothing};
use crate::sale::Moment;

pub(crate) fn check(body: &[u8]) {
    texts_can_be_shown(body);
    an_unknown_status_is_no_verdict(body);
    money_is_as_written(body);
    activities_can_be_shown(body);
    refunds_are_as_written(body);
    listed_ids_are_plain(body);
    a_refusal_has_a_code(body);
    only_what_fits_is_accepted(body);
}

/// Checks `bytes` as headers. The first three lines are `Retry-After`, `Date` and `Content-Type`.
pub(crate) fn check_headers(bytes: &[u8]) {
    waits_are_short(bytes);
    dates_are_as_written(bytes);
    json_is_called_so(bytes);
}

/// Reads a body as the client reads the answer to a create or a read.
fn payment_request(body: &[u8]) -> Option<PaymentRequest> {
    // Ten seconds after the platform's documented sample was created.
    const DATE: i64 = 1_623_125_077;
    let read = |date| {
        serde_json::from_slice::<PaymentRequestIn>(body)
            .ok()?
            .answered_at(date)
            .ok()
    };
    // Even the most wrong clock must not break the arithmetic.
    for date in [Timestamp::MIN, Timestamp::MAX] {
        let _ = read(date);
    }

    read(Timestamp::from_second(DATE).expect("a time"))
}

fn object(body: &[u8]) -> Option<Value> {
    serde_json::from_slice(body).ok().filter(Value::is_object)
}

/// Every text of a payment request is clean, and its id is safe in a URL.
pub(crate) fn texts_can_be_shown(body: &[u8]) {
    let Some(request) = payment_request(body) else {
        return;
    };

    assert_is_plain(&request.id);
    names_of(&request).into_iter().for_each(assert_name);
    request
        .conditions
        .iter()
        .for_each(|condition| assert_sentence(&condition.message));
    match &request.url {
        Ok(url) => assert_is_plain(url.id()),
        Err(why) => assert_steers_nothing(&why.to_string()),
    }
}

fn names_of(request: &PaymentRequest) -> Vec<&Text> {
    // Destructured, so that a new text field is not forgotten here.
    let PaymentRequest {
        id: _,
        short_code,
        url,
        value: _,
        status,
        liveness: _,
        external_ref: _,
        config_id: _,
        merchant_name,
        validity: _,
        time_left: _,
        age: _,
        created_at: _,
        expires_at,
        updated_at: _,
        remaining: _,
        conditions: _,
        paid_by,
        cancellation_reason,
    } = request;
    let status = match status {
        Status::Unknown(word) => Some(word),
        Status::New | Status::Paid | Status::Expired | Status::Cancelled => None,
    };
    let reason = match cancellation_reason {
        Some(CancellationReason::Other(reason)) => Some(reason),
        Some(_) | None => None,
    };
    let url = match url {
        Err(BadUrl::Scheme(scheme)) => Some(scheme),
        Ok(_) | Err(_) => None,
    };

    [short_code, merchant_name, expires_at]
        .into_iter()
        .flatten()
        .chain(status)
        .chain(reason)
        .chain(url)
        .chain(paid_by.iter().map(|paid| &paid.description))
        .collect()
}

/// Only the platform's four status words are known.
pub(crate) fn an_unknown_status_is_no_verdict(body: &[u8]) {
    let (Some(request), Some(written)) = (payment_request(body), object(body)) else {
        return;
    };
    let known = match written["status"].as_str() {
        Some("new") => Some(Status::New),
        Some("paid") => Some(Status::Paid),
        Some("expired") => Some(Status::Expired),
        Some("cancelled") => Some(Status::Cancelled),
        _ => None,
    };

    match known {
        Some(status) => assert_eq!(request.status, status),
        None => assert!(!request.status.is_final(), "{:?}", request.status),
    }
}

/// In activities, only the platform's own words are a refund or a cancellation.
pub(crate) fn activities_can_be_shown(body: &[u8]) {
    let one = serde_json::from_slice::<ActivityIn>(body);
    let list = serde_json::from_slice::<ListIn<ActivityIn>>(body).map(|list| list.activities().0);
    let written = serde_json::from_slice::<Value>(body).ok();

    let activities = one.into_iter().chain(list.into_iter().flatten());
    for activity in activities.map(Activity::from) {
        match (&activity.kind, &written) {
            (ActivityKind::Other(word), _) => assert_name(word),
            (known, Some(written)) => assert!(says(written, known.name()), "{written}"),
            (_, None) => {}
        }
    }
}

fn says(written: &Value, word: &str) -> bool {
    match written {
        Value::String(text) => text == word,
        Value::Array(items) => items.iter().any(|item| says(item, word)),
        Value::Object(members) => members.values().any(|member| says(member, word)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The ids in a page of a lookup are safe in a URL.
pub(crate) fn listed_ids_are_plain(body: &[u8]) {
    if let Ok(page) = serde_json::from_slice::<ListIn<ListedIn>>(body) {
        page.ids().0.iter().for_each(assert_is_plain);
    }
}

/// Every refusal has a code: the platform's code if the body has one.
pub(crate) fn a_refusal_has_a_code(body: &[u8]) {
    let Refusal {
        status,
        code,
        reason,
    } = refusal::read(403, body);
    assert_eq!(status, 403);
    assert!(!code.is_empty());
    assert_name(&code);
    if let Some(reason) = &reason {
        assert!(!reason.is_empty());
        assert_sentence(reason);
    }

    let written = object(body).and_then(|object| {
        let code = Text::clean(object.get("message")?.as_str()?);

        (!code.is_empty()).then_some(code)
    });
    if let Some(written) = written {
        assert_eq!(code, written);
    }
}

/// The display shows a code exactly for answers that fit the order: same amount, currency, merchant
/// config and liveness, no larger remaining amount, and a URL of an allowed host that pays this request.
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

/// The id and payload that a display of this liveness would show.
fn accepted(request: &PaymentRequest, liveness: Liveness) -> Option<(String, String)> {
    let order = shop::order(liveness);
    let accepted = shop::rules(QrContent::PaymentUrl)
        .fit(&order, request, Moment::default())
        .ok()?;

    Some((accepted.id.to_string(), accepted.payload))
}

/// The id and URL of a fitting answer, computed from plain JSON without the client's reader.
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

/// Whether `written` is a possible remaining amount of the order. An amount in an unknown currency passes.
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

/// Returns a member by `name`, or by `place` if `of` is an array: serde also reads a struct from an array.
fn member<'a>(of: &'a Value, name: &str, place: usize) -> &'a Value {
    if of.is_array() { &of[place] } else { &of[name] }
}

/// Every sum has the same digits as the answer: it is never rounded, negative, or made from a fraction.
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

/// A whole number of minor units, as text or as a number.
fn minor(written: &Value) -> Option<u64> {
    match written {
        Value::String(digits) if digits.chars().all(|c| c.is_ascii_digit()) => digits.parse().ok(),
        Value::Number(number) => number.as_u64(),
        _ => None,
    }
}

fn has(written: &Value, number: u64) -> bool {
    match written {
        Value::Array(items) => items.iter().any(|item| has(item, number)),
        Value::Object(members) => members.values().any(|member| has(member, number)),
        scalar => minor(scalar) == Some(number),
    }
}

/// Only what the platform calls a refund counts as a refund. Its amount has the digits of the answer, or is
/// unknown.
pub(crate) fn refunds_are_as_written(body: &[u8]) {
    let Ok(written) = serde_json::from_slice::<Value>(body) else {
        return;
    };
    let one = serde_json::from_slice::<ActivityIn>(body)
        .ok()
        .and_then(ActivityIn::refund);
    let list = serde_json::from_slice::<ListIn<ActivityIn>>(body).map(Refunds::from);
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

fn headers(bytes: &[u8]) -> HeaderMap {
    let names = [RETRY_AFTER, DATE, CONTENT_TYPE];
    let lines = bytes.split(|byte| *byte == b'\n');

    names
        .into_iter()
        .zip(lines)
        .filter_map(|(name, line)| Some((name, HeaderValue::from_bytes(line).ok()?)))
        .collect()
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    Some(headers.get(name)?.to_str().ok()?.trim())
}

/// `Retry-After` in seconds is read exactly up to one minute. No form of the header gives a longer wait.
pub(crate) fn waits_are_short(bytes: &[u8]) {
    let headers = headers(bytes);
    let wait = retry_after(&headers);
    assert!(wait.is_none_or(|wait| wait <= LONGEST_RETRY_AFTER));

    let digits = text(&headers, &RETRY_AFTER)
        .filter(|text| text.chars().all(|c| c.is_ascii_digit()))
        .and_then(|digits| digits.parse().ok());
    if let Some(seconds) = digits {
        let written = Duration::from_secs(seconds);
        assert_eq!(wait, Some(written.min(LONGEST_RETRY_AFTER)));
    }
}

/// A `Date` in the usual form is read as the time that it states.
pub(crate) fn dates_are_as_written(bytes: &[u8]) {
    let headers = headers(bytes);
    if let Some(written) = text(&headers, &DATE).and_then(moment) {
        assert_eq!(platform_date(&headers), Some(written));
    }
}

/// Reads `Tue, 24 Nov 2026 01:00:00 GMT` with a library that the client does not use. Other forms are `None`.
fn moment(text: &str) -> Option<Timestamp> {
    const FORM: &str = "%a, %d %b %Y %H:%M:%S GMT";
    let date = DateTime::strptime(FORM, text).ok()?;
    let usual = date.year() >= 1970 && date.strftime(FORM).to_string() == text;

    usual
        .then(|| date.to_zoned(TimeZone::UTC).ok())
        .flatten()
        .map(|date| date.timestamp())
}

/// Only a JSON content type counts as JSON.
pub(crate) fn json_is_called_so(bytes: &[u8]) {
    let headers = headers(bytes);
    if is_json(&headers) {
        let kind = text(&headers, &CONTENT_TYPE).expect("a content type");
        let kind = kind.to_ascii_lowercase();
        assert!(kind.starts_with("application/"), "{kind}");
        assert!(kind.contains("json"), "{kind}");
    }
}

#[cfg(test)]
mod tests;
