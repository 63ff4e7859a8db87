//! Reads the headers of an answer: content type, date and `Retry-After`.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderName, RETRY_AFTER};

/// The longest wait that the counter accepts from `Retry-After`.
pub(super) const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60);

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

/// Reads the `Date` header, which is the platform's clock.
pub(super) fn platform_date(headers: &HeaderMap) -> Option<Timestamp> {
    http_date(headers, &DATE).and_then(|date| Timestamp::try_from(date).ok())
}

/// Reads `Retry-After`, in seconds or as a date. A date is compared with the answer's own `Date`, because the
/// local clock may be wrong.
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
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_str(value).expect("a value")))
            .collect()
    }

    fn wait(after: &str) -> Option<u64> {
        let date = "Tue, 24 Nov 2026 01:00:00 GMT";

        retry_after(&headers(&[(DATE, date), (RETRY_AFTER, after)])).map(|wait| wait.as_secs())
    }

    #[test]
    fn f6_f12_retry_after_takes_seconds_or_date() {
        assert_eq!(wait("7"), Some(7));
        assert_eq!(wait(" 7 "), Some(7));
        assert_eq!(wait("Tue, 24 Nov 2026 01:00:07 GMT"), Some(7));
        assert_eq!(wait("Tuesday, 24-Nov-26 01:00:07 GMT"), Some(7));
        assert_eq!(wait("Tue Nov 24 01:00:07 2026"), Some(7));
    }

    #[test]
    fn f12_retry_date_counts_by_server_clock() {
        let long_ago = headers(&[
            (DATE, "Mon, 01 Jan 2001 00:00:00 GMT"),
            (RETRY_AFTER, "Mon, 01 Jan 2001 00:00:09 GMT"),
        ]);
        assert_eq!(retry_after(&long_ago), Some(Duration::from_secs(9)));
    }

    #[test]
    fn f12_past_wait_is_zero_and_long_wait_is_cut() {
        assert_eq!(wait("Tue, 24 Nov 2026 00:59:00 GMT"), Some(0));
        assert_eq!(wait("86400"), Some(60));
        assert_eq!(wait("Wed, 25 Nov 2026 01:00:00 GMT"), Some(60));
    }

    #[test]
    fn f12_unreadable_retry_after_is_ignored() {
        for garbage in ["", "soon", "-1", "1.5", "99999999999999999999999", "7 s"] {
            assert_eq!(wait(garbage), None, "{garbage:?}");
        }
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }

    #[test]
    fn f15_only_json_types_count_as_json() {
        let is = |kind: &str| is_json(&headers(&[(CONTENT_TYPE, kind)]));
        for json in [
            "application/json",
            "Application/JSON; charset=utf-8",
            "application/problem+json",
        ] {
            assert!(is(json), "{json}");
        }
        for other in ["text/html", "text/plain", "application/jsonp", "json", ""] {
            assert!(!is(other), "{other}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }
}
