//! For any URL of the platform, a code leads only to an allowed host and to the requested payment.

use std::time::Duration;

use crate::domain::money::{Amount, Currency};
use crate::domain::payment::{Liveness, PayUrl, PaymentRequest, QrContent, RequestId, Status};
use crate::properties::shop;
use crate::properties::text::assert_steers_nothing;
use crate::sale::{Moment, Rules};

pub(crate) fn check(bytes: &[u8]) {
    let raw = String::from_utf8_lossy(bytes);
    match PayUrl::parse(&raw) {
        Ok(url) => assert_matches_text(&url, &raw),
        Err(why) => assert_steers_nothing(&why.to_string()),
    }

    assert_host_is_allowed(&raw);
    assert_endpoint_is_own(&raw);
    assert_sandbox_stays_local(&raw);
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Parts<'a> {
    secure: bool,
    host: &'a str,
    port: Option<&'a str>,
    id: &'a str,
}

/// Splits `SCHEME://HOST[:PORT]/pay/ID` without a URL library.
pub(crate) fn cut(raw: &str) -> Option<Parts<'_>> {
    let (secure, rest) = match raw.strip_prefix("https://") {
        Some(rest) => (true, rest),
        None => (false, raw.strip_prefix("http://")?),
    };
    let parts: Vec<&str> = rest.split('/').collect();
    let &[place, "pay", id] = parts.as_slice() else {
        return None;
    };
    let (host, port) = match place.rsplit_once(':') {
        // A colon within the brackets of an IPv6 address begins no port.
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (place, None),
    };

    Some(Parts {
        secure,
        host,
        port,
        id,
    })
}

/// Asserts that the parsed parts are exactly the written ones, and that no character hides another host.
fn assert_matches_text(url: &PayUrl, raw: &str) {
    assert!(raw.bytes().all(|byte| byte.is_ascii_graphic()), "{raw:?}");
    assert!(!raw.contains(['@', '?', '#', '\\', '%']), "{raw:?}");
    assert!(
        !raw.split("/pay/")
            .next()
            .is_some_and(|before| before.contains(char::is_uppercase)),
        "{raw:?}"
    );

    let port = url.port().map(|port| port.to_string());
    assert_eq!(
        cut(raw),
        Some(Parts {
            secure: url.is_secure(),
            host: url.host(),
            port: port.as_deref(),
            id: url.id().as_str(),
        }),
        "{raw:?}"
    );
    assert_is_plain(url.id());
}

pub(crate) fn assert_is_plain(id: &RequestId) {
    let id = id.as_str();
    assert!((1..=64).contains(&id.len()), "{id:?}");
    assert!(
        id.chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'),
        "{id:?}"
    );
}

/// Returns a request that fits the order in every field, except perhaps the URL.
pub(crate) fn request(raw: &str) -> PaymentRequest {
    let written = raw.rsplit('/').next().and_then(RequestId::new);

    PaymentRequest {
        id: written.unwrap_or_else(|| RequestId::new(shop::ID).expect("an id")),
        short_code: None,
        url: PayUrl::parse(raw),
        value: Some(Amount::from_minor(shop::MINOR, Currency::NZD)),
        status: Status::New,
        liveness: None,
        external_ref: None,
        config_id: None,
        merchant_name: None,
        validity: Some(Duration::from_secs(120)),
        time_left: None,
        age: None,
        created_at: None,
        expires_at: None,
        updated_at: None,
        remaining: None,
        conditions: Vec::new(),
        paid_by: Vec::new(),
        cancellation_reason: None,
    }
}

/// Returns the text of the request's code, if the code may be shown.
pub(crate) fn payload(rules: &Rules, request: &PaymentRequest) -> Option<String> {
    rules
        .fit(&shop::order(Liveness::Main), request, Moment::default())
        .ok()
        .map(|accepted| accepted.payload)
}

/// Asserts that the text of the code is exactly `https://`, an allowed host, `/pay/` and the id.
fn assert_host_is_allowed(raw: &str) {
    let request = request(raw);
    let allowed = shop::PAY_URLS
        .map(|start| format!("{start}{}", request.id))
        .into_iter()
        .find(|url| url == raw);
    let payload = payload(&shop::rules(QrContent::PaymentUrl), &request);
    assert_eq!(payload, allowed, "{raw:?}");
}

/// Asserts that the older form of the code contains only the id of the platform's answer.
fn assert_endpoint_is_own(raw: &str) {
    let request = request(raw);
    let payload = payload(&shop::rules(QrContent::PayEndpoint), &request);
    let endpoint = format!("{}/api/payment-requests/{}/pay", shop::PLATFORM, request.id);
    assert_eq!(payload, Some(endpoint), "{raw:?}");
}

fn assert_sandbox_stays_local(raw: &str) {
    if let Some(payload) = payload(&shop::sandbox(), &request(raw)) {
        assert_eq!(payload, raw);
        assert_eq!(cut(raw).map(|parts| parts.host), Some("127.0.0.1"));
    }
}
