//! What is promised of the platform's answers, whatever comes in their place; see
//! [`crate::promises`].

mod fit;
mod headers;
mod money;
mod refunds;

use jiff::Timestamp;
use serde_json::Value;

use super::refusal;
use super::wire::activity::{ActivitiesIn, ActivityIn};
use super::wire::{PaymentRequestIn, RequestsIn};
use crate::payment::{
    Activity, ActivityKind, BadUrl, CancellationReason, PaymentRequest, Refusal, Status, Text,
};
use crate::promises::pay_url::assert_is_plain;
use crate::promises::text::{assert_name, assert_sentence, assert_steers_nothing};

pub(crate) use fit::only_what_fits_is_accepted;
pub(crate) use headers::{dates_are_as_written, json_is_called_so, waits_are_short};
pub(crate) use money::money_is_as_written;
pub(crate) use refunds::refunds_are_as_written;

/// Any bytes, as the answer to each of the calls.
pub(crate) fn hold(body: &[u8]) {
    texts_can_be_shown(body);
    an_unknown_status_is_no_verdict(body);
    money_is_as_written(body);
    activities_can_be_shown(body);
    refunds_are_as_written(body);
    listed_ids_are_plain(body);
    a_refusal_has_a_code(body);
    only_what_fits_is_accepted(body);
}

/// Any lines, the first three as the headers `Retry-After`, `Date` and `Content-Type`.
pub(crate) fn hold_headers(bytes: &[u8]) {
    waits_are_short(bytes);
    dates_are_as_written(bytes);
    json_is_called_so(bytes);
}

/// The answer to a create or a read, as the client takes it.
fn payment_request(body: &[u8]) -> Option<PaymentRequest> {
    // Answered within the time of the platform's documented sample.
    const DATE: i64 = 1_623_125_077;
    let read = |date| {
        serde_json::from_slice::<PaymentRequestIn>(body)
            .ok()?
            .answered_at(date)
            .ok()
    };
    // No clock of the platform is too wrong to be reckoned with.
    for date in [Timestamp::MIN, Timestamp::MAX] {
        let _ = read(date);
    }

    read(Timestamp::from_second(DATE).expect("a time"))
}

/// An answer that is an object, read as any JSON.
fn object(body: &[u8]) -> Option<Value> {
    serde_json::from_slice(body).ok().filter(Value::is_object)
}

/// Every text of a payment request is cleaned, and its id can stand in a url.
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
    // Taken apart, so that a text that is added is not forgotten here.
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

/// Only the platform's own three words are verdicts.
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

/// The answer to a void and the list of activities: only the platform's own words are a refund or
/// a cancellation.
pub(crate) fn activities_can_be_shown(body: &[u8]) {
    let one = serde_json::from_slice::<ActivityIn>(body).map(Activity::from);
    let list = serde_json::from_slice::<ActivitiesIn>(body).map(Vec::<Activity>::from);
    let written = serde_json::from_slice::<Value>(body).ok();

    for activity in one.into_iter().chain(list.into_iter().flatten()) {
        match (&activity.kind, &written) {
            (ActivityKind::Other(word), _) => assert_name(word),
            (known, Some(written)) => assert!(says(written, known.name()), "{written}"),
            (_, None) => {}
        }
    }
}

/// Whether this is a text somewhere in it.
fn says(written: &Value, word: &str) -> bool {
    match written {
        Value::String(text) => text == word,
        Value::Array(items) => items.iter().any(|item| says(item, word)),
        Value::Object(members) => members.values().any(|member| says(member, word)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A page of a look-up names requests that can be read.
pub(crate) fn listed_ids_are_plain(body: &[u8]) {
    let Ok(page) = serde_json::from_slice::<RequestsIn>(body) else {
        return;
    };

    page.ids().iter().for_each(assert_is_plain);
    let _ = page.next_page();
}

/// A refusal has a code to decide by, the platform's where it has written one.
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

#[cfg(test)]
mod tests;
