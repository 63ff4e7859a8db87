//! What a refusal says: a code to decide by, and a reason for people.

use serde_json::Value;

use crate::payment::{Refusal, Text};

/// Reads the body of a refusal with this HTTP status. One that has no code, or cannot be read, is
/// called by its status; what else is odd about it does not hide the code.
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

/// Whether this is how the platform, and hardly anybody else, says that there is no such request or
/// that it is another's: with a code of its own. 404 is its word for a route that it does not have,
/// and 400 for a call that it does not understand. By the API's schema 404 may mean "no access" too, but any
/// server answers so at a wrong address, so it proves nothing.
pub(super) fn is_for_want_of_a_request(refusal: &Refusal) -> bool {
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
    fn f33_a_code_is_read_whatever_is_beside_it() {
        for body in [
            r#"{"message":"REPEAT_REFERENCE"}"#,
            r#"{"message":"REPEAT_REFERENCE","reason":{"text":["x"]},"statusCode":"403"}"#,
        ] {
            assert_eq!(code(body), "REPEAT_REFERENCE", "{body}");
        }
    }

    #[test]
    fn f5_a_refusal_without_a_code_is_called_by_its_status() {
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
