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
fn f6_f12_retry_after_is_read_in_seconds_and_as_a_date() {
    assert_eq!(wait("7"), Some(7));
    assert_eq!(wait(" 7 "), Some(7));
    assert_eq!(wait("Tue, 24 Nov 2026 01:00:07 GMT"), Some(7));
    assert_eq!(wait("Tuesday, 24-Nov-26 01:00:07 GMT"), Some(7));
    assert_eq!(wait("Tue Nov 24 01:00:07 2026"), Some(7));
}

#[test]
fn f12_retry_after_as_a_date_goes_by_the_servers_clock_and_not_by_this_ones() {
    let long_ago = headers(&[
        (DATE, "Mon, 01 Jan 2001 00:00:00 GMT"),
        (RETRY_AFTER, "Mon, 01 Jan 2001 00:00:09 GMT"),
    ]);
    assert_eq!(retry_after(&long_ago), Some(Duration::from_secs(9)));
}

#[test]
fn f12_a_wait_that_is_over_is_none_and_a_long_one_is_cut() {
    assert_eq!(wait("Tue, 24 Nov 2026 00:59:00 GMT"), Some(0));
    assert_eq!(wait("86400"), Some(60));
    assert_eq!(wait("Wed, 25 Nov 2026 01:00:00 GMT"), Some(60));
}

#[test]
fn f12_a_retry_after_that_says_nothing_is_none() {
    for garbage in ["", "soon", "-1", "1.5", "99999999999999999999999", "7 s"] {
        assert_eq!(wait(garbage), None, "{garbage:?}");
    }
    assert_eq!(retry_after(&HeaderMap::new()), None);
}

#[test]
fn f15_only_json_is_taken_for_json() {
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
