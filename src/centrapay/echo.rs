//! Answers that repeat the credential they were asked with, as a proxy or a server does that writes
//! a call's headers into its errors. What repeats it goes no further than here: not to a screen, the
//! till, the journal or the log.

use reqwest::header::{HeaderMap, HeaderValue};
use serde_json::Value;

/// A shorter secret is none, but the word of a rehearsal, which may well be in an answer.
const SHORTEST: usize = 12;

/// The answer, but every text empty that has a secret of `credential` in it; `None` where none has.
pub(super) fn emptied(credential: &HeaderMap, body: &[u8]) -> Option<Value> {
    let secrets: Vec<String> = credential
        .values()
        .filter(|value| value.is_sensitive())
        .filter_map(|value: &HeaderValue| value.to_str().ok())
        .map(plain)
        .filter(|secret| secret.len() >= SHORTEST)
        .collect();
    let mut answer = serde_json::from_slice(body).ok()?;

    empty(&mut answer, &secrets).then_some(answer)
}

/// Whether there was something to empty.
fn empty(value: &mut Value, secrets: &[String]) -> bool {
    match value {
        Value::String(text) => {
            let all = plain(text);
            let repeats = secrets.iter().any(|secret| all.contains(secret));
            if repeats {
                text.clear();
            }

            repeats
        }
        Value::Array(items) => any(items, secrets),
        Value::Object(fields) => any(fields.values_mut(), secrets),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The same of several. Each is looked at, whatever the others have.
fn any<'a>(values: impl IntoIterator<Item = &'a mut Value>, secrets: &[String]) -> bool {
    let mut found = false;
    for value in values {
        found |= empty(value, secrets);
    }

    found
}

/// What is left when everything is gone that cleaning a text may take away or a url may change.
fn plain(text: &str) -> String {
    text.chars()
        .filter(char::is_ascii_graphic)
        .map(|character| character.to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const KEY: &str = "a-key-7Qm2xV-of-a-shop";

    fn credential(key: &str) -> HeaderMap {
        let mut value = HeaderValue::from_str(key).expect("a value");
        value.set_sensitive(true);

        [
            ("x-api-key".parse().expect("a name"), value),
            (
                "x-centrapay-account".parse().expect("a name"),
                HeaderValue::from_static("C4QnjXvj8At6SMsEN4LRi9"),
            ),
        ]
        .into_iter()
        .collect()
    }

    fn left(key: &str, answer: &Value) -> Option<Value> {
        emptied(&credential(key), answer.to_string().as_bytes())
    }

    #[test]
    fn f55_every_text_that_has_the_key_in_it_is_emptied_and_no_other() {
        let answer = json!({
            "status": "paid",
            "merchantName": KEY,
            "paidBy": { "assetTotals": [
                { "description": format!("by {KEY}"), "type": "cash" },
                { "description": KEY.to_uppercase(), "total": { "amount": 7 } },
            ] },
        });
        let expected = json!({
            "status": "paid",
            "merchantName": "",
            "paidBy": { "assetTotals": [
                { "description": "", "type": "cash" },
                { "description": "", "total": { "amount": 7 } },
            ] },
        });
        assert_eq!(left(KEY, &answer), Some(expected));
    }

    #[test]
    fn f55_the_key_is_found_between_characters_that_cleaning_drops() {
        let hidden: String = KEY
            .chars()
            .flat_map(|character| [character, '\u{200b}', '\u{7}'])
            .collect();
        assert_eq!(left(KEY, &json!([hidden])), Some(json!([""])));
        // In JSON's own disguise.
        let escaped = br#"["\u0061-key-7Qm2xV-of-a-shop"]"#;
        assert_eq!(emptied(&credential(KEY), escaped), Some(json!([""])));
    }

    #[test]
    fn an_answer_without_the_key_stays_as_it_is() {
        for answer in [
            json!({ "account": "C4QnjXvj8At6SMsEN4LRi9" }),
            json!("a-key-7Qm2xV"),
        ] {
            assert_eq!(left(KEY, &answer), None, "{answer}");
        }
        assert_eq!(emptied(&credential(KEY), KEY.as_bytes()), None);
    }

    #[test]
    fn the_short_key_of_a_rehearsal_empties_nothing() {
        assert_eq!(left("test", &json!({ "liveness": "test" })), None);
    }
}
