//! Reads refusals: a code to decide by, and a reason for people.

use serde_json::Value;

use crate::domain::payment::{Refusal, Text};

/// Reads the body of a refusal. Without a readable code, the code is made from the HTTP status.
pub(super) fn read(status: u16, body: &[u8]) -> Refusal {
    let said: Value = serde_json::from_slice(body).unwrap_or_default();
    let cleaned = |name: &str, clean: fn(&str) -> Text| {
        said[name]
            .as_str()
            .map(clean)
            .filter(|text| !text.is_empty())
    };

    Refusal {
        status,
        code: cleaned("message", Text::clean).unwrap_or_else(|| by_status(status)),
        reason: cleaned("reason", Text::sentence),
    }
}

/// Whether the refusal means that the request does not exist or belongs to another account. The platform says so
/// with 403 and a code. 400 means a wrong call. 404 proves nothing: the API's schema allows 404 for "no access",
/// but any server answers 404 at a wrong address.
pub(super) fn is_request_not_found(refusal: &Refusal) -> bool {
    refusal.status == 403 && refusal.code != by_status(403)
}

fn by_status(status: u16) -> Text {
    Text::clean(&format!("HTTP_{status}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(body: &str) -> String {
        read(403, body.as_bytes()).code.to_string()
    }

    #[test]
    fn f33_odd_fields_do_not_hide_the_code() {
        for body in [
            r#"{"message":"REPEAT_REFERENCE"}"#,
            r#"{"message":"REPEAT_REFERENCE","reason":{"text":["x"]},"statusCode":"403"}"#,
        ] {
            assert_eq!(code(body), "REPEAT_REFERENCE", "{body}");
        }
    }

    #[test]
    fn f5_refusal_without_code_is_named_by_status() {
        for body in [
            "",
            "<html></html>",
            "[]",
            "null",
            r#"{"message":["x"]}"#,
            r#"{"message":"\u200b"}"#,
        ] {
            assert_eq!(code(body), "HTTP_403", "{body}");
        }
    }
}
