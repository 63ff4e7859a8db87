//! Changes fields of real answers.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use json_patch::{PatchOperation, RemoveOperation};
use serde_json::Value;

use crate::sandbox::wire::iso;

/// Fills in the placeholders of a JSON Merge Patch, applies it, then removes the fields that the JSON
/// Pointers name.
pub(super) fn edit(answer: &mut Value, patch: &Value, remove: &[String], now: Timestamp) {
    let patch = fill(patch, answer, now);
    json_patch::merge(answer, &patch);
    for path in remove.iter().filter_map(|pointer| pointer.parse().ok()) {
        let removal = PatchOperation::Remove(RemoveOperation { path });
        // A failure means that the answer has no such field.
        let _ = json_patch::patch(answer, &[removal]);
    }
}

fn fill(patch: &Value, answer: &Value, now: Timestamp) -> Value {
    match patch {
        Value::String(text) => fill_text(text, answer, now).into(),
        Value::Array(items) => items.iter().map(|item| fill(item, answer, now)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), fill(value, answer, now)))
            .collect(),
        other => other.clone(),
    }
}

/// Unknown placeholders stay as they are.
fn fill_text(text: &str, answer: &Value, now: Timestamp) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let found = after
            .split_once('}')
            .and_then(|(name, after)| Some((placeholder(name, answer, now)?, after)));
        match found {
            Some((value, after)) => {
                filled.push_str(&value);
                rest = after;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }

    filled + rest
}

/// Examples: `id`, `value.amount`, `now`, `expiresAt-115s`.
fn placeholder(name: &str, answer: &Value, now: Timestamp) -> Option<String> {
    let Some(sign) = name.find(['+', '-']) else {
        return field(name, answer, now);
    };
    let (name, shift) = name.split_at(sign);
    let at: Timestamp = field(name, answer, now)?.parse().ok()?;
    let amount: SignedDuration = shift.get(1..)?.parse().ok()?;
    let amount = Duration::try_from(amount).ok()?;
    let moved = if shift.starts_with('-') {
        at.checked_sub(amount)
    } else {
        at.checked_add(amount)
    };

    Some(iso(moved.ok()?))
}

fn field(name: &str, answer: &Value, now: Timestamp) -> Option<String> {
    if name == "now" {
        return Some(iso(now));
    }

    match answer.pointer(&format!("/{}", name.replace('.', "/")))? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn edited(patch: &Value, remove: &[&str]) -> Value {
        let mut answer = json!({
            "id": "MhocUmpxxmgdHjr7DgKoKw",
            "value": { "amount": "1250", "currency": "NZD" },
            "expiresAt": "2026-08-17T04:06:27.426Z",
            "items": [1, 2, 3],
        });
        let remove: Vec<_> = remove.iter().map(|&pointer| pointer.to_owned()).collect();
        edit(
            &mut answer,
            patch,
            &remove,
            "2026-08-17T04:05:00Z".parse().unwrap(),
        );
        answer
    }

    #[test]
    fn patch_changes_only_named_fields() {
        let answer = edited(&json!({ "value": { "amount": "1" }, "id": null }), &[]);
        assert_eq!(answer["value"], json!({ "amount": "1", "currency": "NZD" }));
        assert_eq!(answer.get("id"), None);
        assert_eq!(answer["items"], json!([1, 2, 3]));
    }

    #[test]
    fn pointers_remove_existing_fields() {
        let answer = edited(
            &json!({ "a/b": 1 }),
            &[
                "/value/currency",
                "/items/1",
                "/a~1b",
                "/none/at/all",
                "/items/9",
                "",
            ],
        );
        assert_eq!(answer["value"], json!({ "amount": "1250" }));
        assert_eq!(answer["items"], json!([1, 3]));
        assert_eq!(answer.get("a/b"), None);
        assert_eq!(answer.get("none"), None);
    }

    #[test]
    fn placeholders_become_fields_and_times() {
        for (text, expected) in [
            ("{id}", "MhocUmpxxmgdHjr7DgKoKw"),
            (
                "https://app.example/pay/{id}?a={value.amount}",
                "https://app.example/pay/MhocUmpxxmgdHjr7DgKoKw?a=1250",
            ),
            ("{now}", "2026-08-17T04:05:00.000Z"),
            ("{now+90s}", "2026-08-17T04:06:30.000Z"),
            ("{expiresAt-1m}", "2026-08-17T04:05:27.426Z"),
        ] {
            assert_eq!(edited(&json!({ "x": text }), &[])["x"], expected);
        }
        let nested = edited(&json!({ "x": [{ "y": "{id}" }] }), &[]);
        assert_eq!(nested["x"][0]["y"], "MhocUmpxxmgdHjr7DgKoKw");
    }

    #[test]
    fn unknown_placeholders_stay() {
        for text in [
            "{",
            "}",
            "{}",
            "{nothing}",
            "{id",
            "{{",
            "{id-5s}",
            "{now-}",
            "{now--5s}",
            "{value}",
        ] {
            assert_eq!(edited(&json!({ "x": text }), &[])["x"], text);
        }
        let mixed = edited(&json!({ "x": "{ {value.amount}" }), &[]);
        assert_eq!(mixed["x"], "{ 1250");
    }
}
