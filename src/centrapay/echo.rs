//! Answers that repeat the credential they were asked with, as a proxy or a server does that writes
//! a call's headers into its errors. What repeats it goes no further than here: not to a screen, the
//! till, the journal or the log. What cannot be searched goes no further either.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use reqwest::header::{HeaderMap, HeaderValue};
use serde_json::Value;
use serde_json::value::RawValue;

/// A shorter secret is none, but the word of a rehearsal, which may well be in an answer.
const SHORTEST: usize = 12;
/// So much of a secret in a row gives it away: a text may have been cut before it came here.
const WINDOW: usize = 16;
/// What lies deeper in an answer than this is left out. The platform's own have some six levels.
const DEEPEST: usize = 64;
/// So often what was escaped may have been escaped again.
const MOST_ROUNDS: usize = 4;

/// The answer, but every text empty that has a secret of `credential` in it, and without what cannot be searched; `None` where
/// that leaves it as it is.
pub(super) fn emptied(credential: &HeaderMap, body: &[u8]) -> Option<Value> {
    let text = String::from_utf8_lossy(body);
    let mut search = Search {
        secrets: secrets(credential),
        has_taken: matches!(text, Cow::Owned(_)),
    };
    // Whatever is no JSON at all is not quoted by anybody.
    let raw: &RawValue = serde_json::from_str(&text).ok()?;
    let left = search.value(raw, 0);

    search.has_taken.then_some(left)
}

/// Looks for secrets in each text of an answer by itself. JSON that is valid and still does not fit a [`Value`], such as `1e999`, a
/// lone surrogate or a thousand levels, must not keep the rest from being searched.
struct Search {
    secrets: Vec<Secret>,
    has_taken: bool,
}

impl Search {
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
            self.has_taken = true;

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
            self.has_taken = true;

            return Value::String(String::new());
        }

        Value::String(text)
    }

    /// Whether a text has a secret in it, as it stands or escaped in one of the usual ways.
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

        // Whoever escapes that often hides something.
        true
    }
}

/// What gives a secret away: each run of its characters, as long as [`WINDOW`] or as the secret.
struct Secret {
    runs: HashSet<Vec<u8>>,
    length: usize,
    form: fn(&str) -> String,
}

impl Secret {
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

/// The secrets of a credential as an answer may have them: as they are, backwards, as numbers, and in Base64 with up to two
/// characters before them, such as a user's name.
fn secrets(credential: &HeaderMap) -> Vec<Secret> {
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
                // The characters that depend on nothing that follows.
                let whole = &whole[..whole.len() / 3 * 3];

                Secret::new(&STANDARD_NO_PAD.encode(whole), letters)
            });

            [
                Secret::new(secret, plain),
                Secret::new(secret, letters),
                Secret::new(&backwards, plain),
                Secret::new(&backwards, letters),
                Secret::new(&hexadecimal, letters),
                Secret::new(&decimal, letters),
            ]
            .into_iter()
            .flatten()
            .chain(base64)
            .collect::<Vec<_>>()
        })
        .collect()
}

/// What is left when everything is gone that cleaning a text may take away or a url may change.
fn plain(text: &str) -> String {
    text.chars()
        .map(narrow)
        .filter(char::is_ascii_graphic)
        .map(|character| character.to_ascii_lowercase())
        .collect()
}

/// The same without what may have been put between the letters.
fn letters(text: &str) -> String {
    text.chars()
        .map(narrow)
        .filter(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_lowercase())
        .collect()
}

/// A letter that is drawn in full width, as a usual one.
fn narrow(character: char) -> char {
    const APART: u32 = '\u{ff01}' as u32 - '!' as u32;
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(character as u32 - APART).unwrap_or(character),
        other => other,
    }
}

/// The text with what urls (`%61`), JSON (`\u0061`), programs (`\x61`, `\u{61}`, `\U00000061`, `\141`, `0x61`), pages (`&#97;`,
/// `&#x61;`, `&#97`), mails (`=61`) and people (`U+0061`) escape as the characters that it stands for.
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

/// The character that a text begins with, where it is escaped, and how many bytes that takes.
fn escape(text: &str) -> Option<(char, usize)> {
    let digits = |before: &str, count: usize| {
        let digits = text.strip_prefix(before)?.get(..count)?;
        let number = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let number = number.then(|| u32::from_str_radix(digits, 16).ok())??;

        Some((char::from_u32(number)?, before.len() + count))
    };
    let between = |before: &str, after: char, radix: u32| {
        const LONGEST: usize = 8;
        let (digits, _) = text.strip_prefix(before)?.split_once(after)?;
        let is_number = digits.len() <= LONGEST && !digits.starts_with('+');
        let number = is_number.then(|| u32::from_str_radix(digits, radix).ok())??;

        Some((char::from_u32(number)?, before.len() + digits.len() + 1))
    };
    let octal = || {
        let digits = text.get(1..4)?;
        let is_number = digits.bytes().all(|digit| matches!(digit, b'0'..=b'7'));
        let number = is_number.then(|| u32::from_str_radix(digits, 8).ok())??;

        Some((char::from_u32(number)?, 4))
    };
    // A page may leave the semicolon out.
    let open = || {
        let (before, radix) = match text.get(..3)? {
            "&#x" | "&#X" => (3, 16),
            _ => (text.starts_with("&#").then_some(2)?, 10),
        };
        let rest = text.get(before..)?;
        let length = rest
            .bytes()
            .take_while(|one| char::from(*one).is_digit(radix))
            .count();
        let number = u32::from_str_radix(rest.get(..length)?, radix).ok()?;

        Some((char::from_u32(number)?, before + length))
    };
    match text.as_bytes().first()? {
        b'%' => digits("%", 2),
        b'=' => digits("=", 2),
        b'\\' => digits("\\u", 4)
            .or_else(|| digits("\\x", 2))
            .or_else(|| between("\\u{", '}', 16))
            .or_else(|| digits("\\U", 8))
            .or_else(octal),
        b'0' => digits("0x", 2),
        b'U' => digits("U+", 4),
        b'&' => between("&#x", ';', 16)
            .or_else(|| between("&#X", ';', 16))
            .or_else(|| between("&#", ';', 10))
            .or_else(open),
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

    /// The key as it is escaped on its way.
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
    fn f74_key_in_a_disguise_is_emptied() {
        for disguise in disguises() {
            let said = json!({ "status": "paid", "reason": format!("no key {disguise} here") });
            let expected = json!({ "status": "paid", "reason": "" });
            assert_eq!(left(KEY, &said), Some(expected), "{disguise}");
        }
    }

    #[test]
    fn f74_what_cannot_be_searched_is_left_out() {
        let deep = format!("{}\"{KEY}\"{}", "[".repeat(200), "]".repeat(200));
        let unsearchable = ["1e999", "\"\\ud800\"", "{\"\\udc00\": 1}", deep.as_str()];
        for odd in unsearchable {
            let body = format!("{{\"merchantName\":\"{KEY}\",\"status\":\"paid\",\"odd\":{odd}}}");
            let left = emptied(&credential(KEY), body.as_bytes()).expect("what is left");
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
        let left = emptied(&credential(KEY), &not_text).expect("what is left");
        assert_eq!(left["merchantName"], "");
    }

    #[test]
    fn f74_key_as_a_number_is_left_out() {
        let body = br#"{"externalRef":123456789012345678}"#;
        let left = emptied(&credential("123456789012345678"), body);
        assert_eq!(left, Some(json!({ "externalRef": null })));
    }
}
