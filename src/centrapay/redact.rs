//! Removes the credential from answers. A proxy or a server may write a call's headers into its
//! errors. Neither the credential nor JSON that cannot be searched may reach a screen, the till, the
//! journal or the log.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::ops::RangeInclusive;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use reqwest::header::{HeaderMap, HeaderValue};
use serde_json::Value;
use serde_json::value::RawValue;

/// Length of the shortest secret to search for. A shorter key is a sandbox's word, which answers may contain.
const SHORTEST: usize = 12;
/// Length of a part that counts as the whole secret. A text may be cut before it arrives, so it may have only a
/// part.
const WINDOW: usize = 16;
/// Number of levels of an answer that are kept. Deeper levels are removed. The platform's answers have about six.
const DEEPEST: usize = 64;
/// The most rounds of unescaping for one text.
const MOST_ROUNDS: usize = 4;

/// Empties every text in `body` that contains a secret of `credential`, and removes what cannot be searched.
/// Returns `None` if nothing changes.
pub(super) fn redacted(credential: &HeaderMap, body: &[u8]) -> Option<Value> {
    let text = String::from_utf8_lossy(body);
    let mut search = SecretSearch {
        secrets: secrets(credential),
        has_changed: matches!(text, Cow::Owned(_)),
    };
    // A body that is not JSON needs no search, because no message quotes it.
    let raw: &RawValue = serde_json::from_str(&text).ok()?;
    let left = search.value(raw, 0);

    search.has_changed.then_some(left)
}

/// Searches each text of an answer for secrets. It walks the raw JSON: valid JSON such as `1e999`, a
/// lone surrogate or a thousand levels does not fit a [`Value`], and must not stop the search.
struct SecretSearch {
    secrets: Vec<SecretPattern>,
    has_changed: bool,
}

impl SecretSearch {
    fn value(&mut self, raw: &RawValue, depth: usize) -> Value {
        let text = raw.get();
        let left = match text.as_bytes().first() {
            Some(b'{' | b'[') if depth == DEEPEST => None,
            Some(b'{') => self.object(text, depth),
            Some(b'[') => self.array(text, depth),
            Some(b'"') => serde_json::from_str::<String>(text)
                .ok()
                .map(|text| self.text(text)),
            _ => serde_json::from_str::<Value>(text)
                .ok()
                .filter(|_| !self.repeats(text)),
        };

        left.unwrap_or_else(|| {
            self.has_changed = true;

            Value::Null
        })
    }

    fn object(&mut self, text: &str, depth: usize) -> Option<Value> {
        let fields: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
        let fields = fields
            .into_iter()
            .map(|(name, raw)| (name, self.value(raw, depth + 1)));

        Some(Value::Object(fields.collect()))
    }

    fn array(&mut self, text: &str, depth: usize) -> Option<Value> {
        let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
        let items = items.into_iter().map(|raw| self.value(raw, depth + 1));

        Some(Value::Array(items.collect()))
    }

    fn text(&mut self, text: String) -> Value {
        if self.repeats(&text) {
            self.has_changed = true;

            return Value::String(String::new());
        }

        Value::String(text)
    }

    /// Whether a text contains a secret, plain or escaped in one of the usual ways.
    fn repeats(&self, text: &str) -> bool {
        let mut form = text.to_owned();
        for _ in 0..MOST_ROUNDS {
            if self.secrets.iter().any(|secret| secret.is_in(&form)) {
                return true;
            }
            let next = unescaped(&form);
            if next == form {
                return false;
            }
            form = next;
        }

        // A text that is escaped more often probably hides something.
        true
    }
}

/// Every part of a secret with the length [`WINDOW`]; the whole secret if it is shorter.
struct SecretPattern {
    runs: HashSet<Vec<u8>>,
    length: usize,
    form: fn(&str) -> String,
}

impl SecretPattern {
    fn new(secret: &str, form: fn(&str) -> String) -> Option<Self> {
        let secret = form(secret);
        let length = secret.len().min(WINDOW);
        let runs = secret.as_bytes().windows(length.max(1));

        (secret.len() >= SHORTEST).then(|| Self {
            runs: runs.map(<[u8]>::to_vec).collect(),
            length,
            form,
        })
    }

    fn is_in(&self, text: &str) -> bool {
        let text = (self.form)(text);
        let mut runs = text.as_bytes().windows(self.length);

        runs.any(|run| self.runs.contains(run))
    }
}

/// The patterns to search for: each secret as it is, backwards, as hexadecimal or decimal numbers, and in Base64.
/// There are three Base64 forms, because other bytes may come before the secret, such as a user name.
fn secrets(credential: &HeaderMap) -> Vec<SecretPattern> {
    credential
        .values()
        .filter(|value| value.is_sensitive())
        .filter_map(|value: &HeaderValue| value.to_str().ok())
        .filter(|secret| plain(secret).len() >= SHORTEST)
        .flat_map(|secret| {
            let bytes = secret.as_bytes();
            let hexadecimal: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            let decimal: String = bytes.iter().map(u8::to_string).collect();
            let backwards: String = secret.chars().rev().collect();
            let base64 = (0..3).filter_map(|begin| {
                let whole = bytes.get(begin..)?;
                // Only whole groups of three bytes: their Base64 does not depend on the bytes that follow.
                let whole = &whole[..whole.len() / 3 * 3];

                SecretPattern::new(&STANDARD_NO_PAD.encode(whole), letters)
            });

            [
                SecretPattern::new(secret, plain),
                SecretPattern::new(secret, letters),
                SecretPattern::new(&backwards, plain),
                SecretPattern::new(&backwards, letters),
                SecretPattern::new(&hexadecimal, letters),
                SecretPattern::new(&decimal, letters),
            ]
            .into_iter()
            .flatten()
            .chain(base64)
            .collect::<Vec<_>>()
        })
        .collect()
}

/// Keeps printable ASCII, in lower case. Cleaning a text or building a URL may drop or change other characters.
fn plain(text: &str) -> String {
    lower_case(text, char::is_ascii_graphic)
}

/// Keeps letters and digits, in lower case. Other characters may separate the characters of a secret.
fn letters(text: &str) -> String {
    lower_case(text, char::is_ascii_alphanumeric)
}

fn lower_case(text: &str, is_kept: fn(&char) -> bool) -> String {
    let narrow = text.chars().map(narrow).filter(is_kept);

    narrow
        .map(|character| character.to_ascii_lowercase())
        .collect()
}

/// Maps a full-width letter to the usual one.
fn narrow(character: char) -> char {
    const APART: u32 = '\u{ff01}' as u32 - '!' as u32;
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(character as u32 - APART).unwrap_or(character),
        other => other,
    }
}

/// Replaces escapes by their characters: URLs (`%61`), JSON (`\u0061`), programs (`\x61`, `\u{61}`, `\U00000061`, `\141`,
/// `0x61`), HTML (`&#97;`, `&#x61;`, `&#97`), e-mail (`=61`) and Unicode notation (`U+0061`).
fn unescaped(text: &str) -> String {
    let mut unescaped = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (character, length) = escape(rest).unwrap_or((first, first.len_utf8()));
        unescaped.push(character);
        rest = &rest[length..];
    }

    unescaped
}

/// The escaped character at the start of a text, and the length of the escape in bytes.
fn escape(text: &str) -> Option<(char, usize)> {
    // Reads an escape: `before`, then as many digits as `lengths` allows, then `after`.
    let code = |before: &str, radix: u32, lengths: RangeInclusive<usize>, after: &str| {
        let rest = text.strip_prefix(before)?;
        let is_digit = |byte: &u8| char::from(*byte).is_digit(radix);
        let count = rest
            .bytes()
            .take(*lengths.end())
            .take_while(is_digit)
            .count();
        let (digits, rest) = rest.split_at(count);
        let is_code = lengths.contains(&count) && rest.starts_with(after);
        let number = is_code.then(|| u32::from_str_radix(digits, radix).ok())??;

        Some((char::from_u32(number)?, before.len() + count + after.len()))
    };
    let hexadecimal = |before: &str, count: usize| code(before, 16, count..=count, "");
    // HTML allows the semicolon to be left out.
    let html = |before: &str, radix: u32| {
        code(before, radix, 1..=usize::MAX, ";").or_else(|| code(before, radix, 1..=usize::MAX, ""))
    };
    match text.as_bytes().first()? {
        b'%' => hexadecimal("%", 2),
        b'=' => hexadecimal("=", 2),
        b'\\' => hexadecimal("\\u", 4)
            .or_else(|| hexadecimal("\\x", 2))
            .or_else(|| code("\\u{", 16, 1..=8, "}"))
            .or_else(|| hexadecimal("\\U", 8))
            .or_else(|| code("\\", 8, 3..=3, "")),
        b'0' => hexadecimal("0x", 2),
        b'U' => hexadecimal("U+", 4),
        b'&' => html("&#x", 16)
            .or_else(|| html("&#X", 16))
            .or_else(|| html("&#", 10)),
        _ => None,
    }
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
        redacted(&credential(key), answer.to_string().as_bytes())
    }

    #[test]
    fn f55_only_texts_with_the_key_are_emptied() {
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
    fn f55_invisible_characters_hide_no_key() {
        let hidden: String = KEY
            .chars()
            .flat_map(|character| [character, '\u{200b}', '\u{7}'])
            .collect();
        assert_eq!(left(KEY, &json!([hidden])), Some(json!([""])));
        // Escaped in JSON.
        let escaped = br#"["\u0061-key-7Qm2xV-of-a-shop"]"#;
        assert_eq!(redacted(&credential(KEY), escaped), Some(json!([""])));
    }

    #[test]
    fn answer_without_the_key_is_unchanged() {
        for answer in [
            json!({ "account": "C4QnjXvj8At6SMsEN4LRi9" }),
            json!("a-key-7Qm2xV"),
        ] {
            assert_eq!(left(KEY, &answer), None, "{answer}");
        }
        assert_eq!(redacted(&credential(KEY), KEY.as_bytes()), None);
    }

    #[test]
    fn short_sandbox_key_empties_nothing() {
        assert_eq!(left("test", &json!({ "liveness": "test" })), None);
    }

    fn disguises() -> Vec<String> {
        let each = |escape: fn(char) -> String| KEY.chars().map(escape).collect::<String>();
        let percent = each(|one| format!("%{:02X}", one as u32));

        vec![
            percent.replace('%', "%25"),
            percent,
            each(|one| format!("\\u{:04x}", one as u32)),
            each(|one| format!("&#{};", one as u32)),
            each(|one| format!("&#x{:x};", one as u32)),
            each(|one| format!("&#{}", one as u32)),
            each(|one| format!("&#x{:x}", one as u32)),
            each(|one| format!("\\U{:08x}", one as u32)),
            each(|one| format!("\\{:03o}", one as u32)),
            each(|one| format!("0x{:02x}, ", one as u32)),
            each(|one| format!("U+{:04X} ", one as u32)),
            each(|one| format!("{}, ", one as u32)),
            KEY.chars().rev().collect(),
            each(|one| format!("{one} ")),
            each(|one| format!("{one}.")),
            each(|one| format!("{:02x}", one as u32)),
            STANDARD_NO_PAD.encode(KEY),
            format!("Basic {}", STANDARD_NO_PAD.encode(format!("a:{KEY}"))),
            format!("Basic {}", STANDARD_NO_PAD.encode(format!("{KEY}:"))),
            KEY[..18].to_owned(),
            KEY[4..].to_owned(),
        ]
    }

    #[test]
    fn f74_disguised_key_is_emptied() {
        for disguise in disguises() {
            let said = json!({ "status": "paid", "reason": format!("no key {disguise} here") });
            let expected = json!({ "status": "paid", "reason": "" });
            assert_eq!(left(KEY, &said), Some(expected), "{disguise}");
        }
    }

    #[test]
    fn f74_unsearchable_json_is_removed() {
        let deep = format!("{}\"{KEY}\"{}", "[".repeat(200), "]".repeat(200));
        let unsearchable = ["1e999", "\"\\ud800\"", "{\"\\udc00\": 1}", deep.as_str()];
        for odd in unsearchable {
            let body = format!("{{\"merchantName\":\"{KEY}\",\"status\":\"paid\",\"odd\":{odd}}}");
            let left = redacted(&credential(KEY), body.as_bytes()).expect("what is left");
            assert_eq!(left["merchantName"], "", "{odd}");
            assert_eq!(left["status"], "paid", "{odd}");
            assert!(!left.to_string().contains(KEY), "{odd}");
        }
        let not_text = [
            br#"{"merchantName":"a-key-7Qm2xV-of-a-shop","odd":""#,
            &[0xff][..],
            b"\"}",
        ]
        .concat();
        let left = redacted(&credential(KEY), &not_text).expect("what is left");
        assert_eq!(left["merchantName"], "");
    }

    #[test]
    fn f74_numeric_key_is_removed() {
        let body = br#"{"externalRef":123456789012345678}"#;
        let left = redacted(&credential("123456789012345678"), body);
        assert_eq!(left, Some(json!({ "externalRef": null })));
    }
}
