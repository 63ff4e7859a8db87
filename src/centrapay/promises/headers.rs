use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};

use crate::centrapay::headers::{LONGEST_RETRY_AFTER, is_json, platform_date, retry_after};

/// The header on each line, where it can be one.
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

/// `Retry-After` in seconds is waited for as written, up to a minute; in any other form up to a
/// minute as well.
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

/// A `Date` in its usual form is the moment that is written.
pub(crate) fn dates_are_as_written(bytes: &[u8]) {
    let headers = headers(bytes);
    if let Some(written) = text(&headers, &DATE).and_then(moment) {
        assert_eq!(platform_date(&headers), Some(written));
    }
}

/// A date such as `Tue, 24 Nov 2026 01:00:00 GMT`, read by the library that does not read them for
/// the client; `None` where it is written in another way.
fn moment(text: &str) -> Option<Timestamp> {
    const FORM: &str = "%a, %d %b %Y %H:%M:%S GMT";
    let date = DateTime::strptime(FORM, text).ok()?;
    let usual = date.year() >= 1970 && date.strftime(FORM).to_string() == text;

    usual
        .then(|| date.to_zoned(TimeZone::UTC).ok())
        .flatten()
        .map(|date| date.timestamp())
}

/// Only what calls itself JSON is taken for it.
pub(crate) fn json_is_called_so(bytes: &[u8]) {
    let headers = headers(bytes);
    if is_json(&headers) {
        let kind = text(&headers, &CONTENT_TYPE).expect("a content type");
        let kind = kind.to_ascii_lowercase();
        assert!(kind.starts_with("application/"), "{kind}");
        assert!(kind.contains("json"), "{kind}");
    }
}
