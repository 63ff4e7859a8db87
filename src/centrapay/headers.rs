//! What the headers of an answer say: whether it is JSON, when it was given, and how long to wait.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderName, RETRY_AFTER};

/// Longer than this a platform may not make the counter wait.
pub(super) const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60);

/// Whether the answer says that it is JSON.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| {
            let kind = kind.trim().to_ascii_lowercase();

            kind == "application/json"
                || (kind.starts_with("application/") && kind.ends_with("+json"))
        })
}

/// When the answer was given, by the platform's clock, where it says so.
pub(super) fn platform_date(headers: &HeaderMap) -> Option<Timestamp> {
    http_date(headers, &DATE).and_then(|date| Timestamp::try_from(date).ok())
}

/// When the answer was given: the platform's clock where it says so, the one here otherwise.
pub(super) fn date(headers: &HeaderMap) -> Timestamp {
    platform_date(headers).unwrap_or_else(Timestamp::now)
}

/// `Retry-After`, in seconds as the platform sends it, or as a date; then by the clock of the server
/// that wrote it, since the one here may be wrong.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = || {
        let text = headers.get(RETRY_AFTER)?.to_str().ok()?;

        text.trim().parse().map(Duration::from_secs).ok()
    };
    let until = || {
        let from = http_date(headers, &DATE).unwrap_or_else(SystemTime::now);

        Some(
            http_date(headers, &RETRY_AFTER)?
                .duration_since(from)
                .unwrap_or_default(),
        )
    };

    seconds()
        .or_else(until)
        .map(|wait| wait.min(LONGEST_RETRY_AFTER))
}

fn http_date(headers: &HeaderMap, name: &HeaderName) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(name)?.to_str().ok()?.trim()).ok()
}

#[cfg(test)]
mod tests;
