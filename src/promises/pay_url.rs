//! A code leads to a host of the shop's own list and to the request that was asked for, whatever
//! url the platform sends.

use std::time::Duration;

use crate::config::{Liveness, QrContent};
use crate::money::{Amount, Currency};
use crate::payment::{PayUrl, PaymentRequest, RequestId, Status};
use crate::promises::shop;
use crate::promises::text::assert_steers_nothing;
use crate::sale::{Moment, Rules};

/// Any text, sent as the url of a payment request.
pub(crate) fn hold(bytes: &[u8]) {
    let raw = String::from_utf8_lossy(bytes);
    match PayUrl::parse(&raw) {
        Ok(url) => assert_is_what_is_written(&url, &raw),
        Err(why) => assert_steers_nothing(&why.to_string()),
    }

    assert_leads_to_the_shops_hosts(&raw);
    assert_the_endpoint_is_the_shops_own(&raw);
    assert_a_rehearsal_stays_on_this_machine(&raw);
}

/// The parts of a pay url by position alone.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Parts<'a> {
    secure: bool,
    host: &'a str,
    port: Option<&'a str>,
    id: &'a str,
}

/// `SCHEME://HOST[:PORT]/pay/ID`, cut by hand.
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
        // The colons of an address in brackets are its own.
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

/// What was taken apart is exactly what is written, which has nothing in it that hides another host.
fn assert_is_what_is_written(url: &PayUrl, raw: &str) {
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

/// Of an id: it can stand in a path as it is.
pub(crate) fn assert_is_plain(id: &RequestId) {
    let id = id.as_str();
    assert!((1..=64).contains(&id.len()), "{id:?}");
    assert!(
        id.chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'),
        "{id:?}"
    );
}

/// A request that fits in everything but, perhaps, its url.
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

/// What the code of such a request says, if it may be shown.
pub(crate) fn payload(rules: &Rules, request: &PaymentRequest) -> Option<String> {
    rules
        .fit(&shop::order(Liveness::Main), request, Moment::default())
        .ok()
        .map(|accepted| accepted.payload)
}

/// A code says `https://`, a host of the list, `/pay/` and the id: neither more nor less than that
/// is accepted.
fn assert_leads_to_the_shops_hosts(raw: &str) {
    let request = request(raw);
    let allowed = shop::PAY_URLS
        .map(|start| format!("{start}{}", request.id))
        .into_iter()
        .find(|url| url == raw);
    let payload = payload(&shop::rules(QrContent::PaymentUrl), &request);
    assert_eq!(payload, allowed, "{raw:?}");
}

/// The older form has nothing of the platform's answer in it but the id.
fn assert_the_endpoint_is_the_shops_own(raw: &str) {
    let request = request(raw);
    let payload = payload(&shop::rules(QrContent::PayEndpoint), &request);
    let endpoint = format!("{}/api/payment-requests/{}/pay", shop::PLATFORM, request.id);
    assert_eq!(payload, Some(endpoint), "{raw:?}");
}

fn assert_a_rehearsal_stays_on_this_machine(raw: &str) {
    if let Some(payload) = payload(&shop::rehearsal(), &request(raw)) {
        assert_eq!(payload, raw);
        assert_eq!(cut(raw).map(|parts| parts.host), Some("127.0.0.1"));
    }
}
