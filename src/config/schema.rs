//! The JSON schema of the configuration, for editors that complete and check it while it is written.
//!
//! Which keys there are comes from the tables of keys, what they are for from the comments of the sample, and defaults
//! and limits from where the values are read. The schema is never stricter than the reader, which has the last word.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::keys::Section;
use super::read::{CONTENTS, LIVENESS, PLATFORM, REFERENCE_FORMS, THEMES};
use super::value::{EXPIRY, MOST_COUNTERS};
use super::{Config, ConfigError, Merchant, QrContent, Theme, look, read};
use crate::locale::Language;

/// The least that a configuration can say; what comes of it beside are the defaults.
const LEAST: &str = "[merchants.shop]\nconfig-id = \"0\"\nname = \"Shop\"\n";

/// The schema as the text of a file, by JSON Schema draft 7, which every editor knows.
///
/// # Errors
///
/// When not even the least configuration is right, which does not happen.
pub fn text() -> Result<String, ConfigError> {
    Ok(format!("{:#}\n", schema()?))
}

/// The schema.
///
/// # Errors
///
/// As [`text`].
pub fn schema() -> Result<Value, ConfigError> {
    let writer = Writer {
        comments: comments(),
        defaults: read::config(LEAST, Path::new("config.toml"))?,
    };
    let mut top = writer.table(Section::Top);
    top["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    top["title"] = json!("The configuration of patron-display");

    Ok(top)
}

struct Writer {
    comments: BTreeMap<&'static str, String>,
    defaults: Config,
}

impl Writer {
    fn table(&self, section: Section) -> Value {
        let properties: Map<String, Value> = section
            .keys()
            .iter()
            .map(|key| ((*key).to_owned(), self.property(key)))
            .collect();
        let mut table = json!({
            "type": "object",
            "additionalProperties": false,
            "properties": properties,
        });
        for (keyword, value) in rules(section) {
            table[keyword] = value;
        }

        table
    }

    /// What `key` may be, what it is for, and what it is where it is left out.
    fn property(&self, key: &str) -> Value {
        let mut property = match key {
            "api" => self.table(Section::Api),
            "terminal" => self.table(Section::Terminal),
            "display" => self.table(Section::Display),
            "qr" => self.table(Section::Qr),
            "merchants" => json!({
                "type": "object",
                "minProperties": 1,
                "propertyNames": { "pattern": r"^\S+$" },
                "additionalProperties": self.table(Section::Merchant),
            }),
            _ => value(key),
        };
        let description = about(key).or_else(|| self.comments.get(key).map(String::as_str));
        if let Some(description) = description {
            property["description"] = json!(description);
        }
        if let Some(default) = self.default(key) {
            property["default"] = default;
        }

        property
    }

    /// What holds where `key` is left out; `None` where nothing does.
    fn default(&self, key: &str) -> Option<Value> {
        let Config {
            api,
            terminal,
            display,
            qr,
            ..
        } = &self.defaults;
        let merchant = self.defaults.merchants.values().next();
        let of_merchant = |value: fn(&Merchant) -> Value| merchant.map(value);

        match key {
            "base-url" => Some(json!(PLATFORM)),
            "pay-hosts" => {
                let hosts: Vec<String> = api.pay_hosts.iter().map(ToString::to_string).collect();

                Some(json!(hosts))
            }
            "tls-roots" => Some(json!("system")),
            "counters" => Some(json!(api.counters)),
            "currency" => of_merchant(|merchant| json!(merchant.currency.code())),
            "liveness" => of_merchant(|merchant| json!(word(&LIVENESS, merchant.liveness))),
            "expiry-seconds" => of_merchant(|merchant| json!(merchant.expiry_seconds)),
            "locale" => display.locale.first().map(|language| json!(language.tag())),
            "theme" => Some(json!(word::<Theme>(&THEMES, display.theme))),
            "text-size" => Some(json!(display.text_size)),
            "reduced-motion" => Some(json!(display.reduced_motion)),
            "conditions" => Some(json!(terminal.conditions)),
            "part-payments" => Some(json!(terminal.part_payments)),
            "external-ref" => Some(json!(word(&REFERENCE_FORMS, terminal.external_ref))),
            "reference-lifetime" => {
                let days = terminal.reference_lifetime.as_secs() / (24 * 60 * 60);

                Some(json!(format!("{days}d")))
            }
            "tones" => Some(json!(display.tones)),
            "keep-awake" => Some(json!(display.keep_awake)),
            "clock" => Some(json!(display.clock)),
            "apps" => Some(json!(display.apps)),
            "close-after" => Some(json!(format!("{}s", display.close_after.as_secs()))),
            "content" => Some(json!(word::<QrContent>(&CONTENTS, qr.content))),
            "logo" => Some(json!("none")),
            _ => None,
        }
    }
}

/// What holds between the keys of a table.
fn rules(section: Section) -> Vec<(&'static str, Value)> {
    match section {
        Section::Top => vec![
            ("required", json!(["merchants"])),
            (
                "if",
                json!({ "properties": { "merchants": { "minProperties": 2 } } }),
            ),
            ("then", json!({ "required": ["default-merchant"] })),
        ],
        Section::Merchant => vec![("required", json!(["config-id", "name"]))],
        Section::Api => vec![
            (
                "not",
                json!({ "required": ["api-key-file", "authorization-file"] }),
            ),
            ("dependencies", json!({ "account": ["authorization-file"] })),
        ],
        Section::Terminal | Section::Display | Section::Qr => Vec::new(),
    }
}

/// What the tables are for, which have no comment of their own in the sample.
fn about(key: &str) -> Option<&'static str> {
    match key {
        "api" => Some("How to reach the platform, and as whom."),
        "terminal" => Some("What the platform is told about this counter."),
        "display" => Some("How the screens look and how long they stay."),
        "qr" => Some("The code the customer scans."),
        _ => None,
    }
}

/// What a setting may be. One that is not known here may be anything; a test sees to it that there is none.
fn value(key: &str) -> Value {
    const ID: &str = "^[!-~]+$";
    const ADDRESS: &str = r"^[Hh][Tt][Tt][Pp][Ss]?://[^/\\]";
    const DURATION: &str = r"^[0-9]+\s*(ms|s|m|h|d)$";
    match key {
        "default-merchant" | "terminal-id" | "device-id" | "name" | "monitor" => pattern(r"\S"),
        "base-url" | "proxy" => pattern(ADDRESS),
        "pay-hosts" => list(pattern(r"^[^\s/@*?#]+$")),
        // Only a shell understands a tilde.
        "api-key-file" | "authorization-file" => pattern("^[^~]"),
        "account" | "account-id" => pattern(ID),
        "tls-roots" => any_of(&["system", "bundled"], r"[./\\]"),
        "counters" => whole_number(1_u32, MOST_COUNTERS),
        "config-id" => pattern("^(mc_)?[0-9A-Za-z]+$"),
        "currency" => pattern("^[A-Z]{3}$"),
        "liveness" => json!({ "enum": words(&LIVENESS) }),
        "expiry-seconds" => whole_number(*EXPIRY.start(), *EXPIRY.end()),
        "locale" => locale(),
        "theme" => json!({ "enum": words(&THEMES) }),
        "accent" => pattern("^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$"),
        "shop-logo" => pattern(PICTURE),
        "text-size" => whole_number(look::USUAL_TEXT_SIZE, look::LARGEST_TEXT_SIZE),
        "conditions" | "part-payments" | "reduced-motion" | "tones" | "keep-awake" | "clock" => {
            json!({ "type": "boolean" })
        }
        "tone-player" => list(json!({ "type": "string" })),
        "apps" => apps(),
        "close-after" | "leave-after" | "reference-lifetime" => pattern(DURATION),
        "external-ref" => json!({ "enum": words(&REFERENCE_FORMS) }),
        "content" => json!({ "enum": words(&CONTENTS) }),
        "logo" => any_of(&["none", "mark"], PICTURE),
        _ => json!({}),
    }
}

/// One to three names. Blanks around a name do not count for the reader, so its length is not bounded here.
fn apps() -> Value {
    json!({
        "type": "array",
        "items": pattern(r"\S"),
        "minItems": 1,
        "maxItems": look::MOST_APPS,
        "uniqueItems": true,
    })
}

const PICTURE: &str = r"\.([sS][vV][gG][zZ]?|[pP][nN][gG])$";

/// One language or a list. The reader also takes tags that mean one of ours, such as `zh-CN`.
fn locale() -> Value {
    let tags: Vec<&str> = Language::ALL
        .iter()
        .map(|language| language.tag())
        .collect();
    let one = any_of(&tags, "^[A-Za-z]{2}(-[0-9A-Za-z]+)*$");
    let several = json!({
        "type": "array",
        "items": one,
        "minItems": 1,
        "maxItems": look::MOST_LANGUAGES,
        "uniqueItems": true,
    });

    json!({ "anyOf": [one, several] })
}

fn pattern(pattern: &str) -> Value {
    json!({ "type": "string", "pattern": pattern })
}

fn list(items: Value) -> Value {
    json!({ "type": "array", "minItems": 1, "items": items })
}

fn whole_number(least: impl Into<u32>, most: impl Into<u32>) -> Value {
    json!({ "type": "integer", "minimum": least.into(), "maximum": most.into() })
}

/// One of `words`, or text of this pattern.
fn any_of(words: &[&str], other: &str) -> Value {
    json!({ "anyOf": [{ "enum": words }, pattern(other)] })
}

fn words<T>(choices: &[(&'static str, T)]) -> Vec<&'static str> {
    choices.iter().map(|(word, _)| *word).collect()
}

fn word<T: PartialEq>(choices: &[(&'static str, T)], value: T) -> Option<&'static str> {
    choices
        .iter()
        .find_map(|(word, choice)| (*choice == value).then_some(*word))
}

/// The comment above each setting of the sample, by its key. Settings with nothing between them share one.
fn comments() -> BTreeMap<&'static str, String> {
    let mut comments = BTreeMap::new();
    let mut comment: Vec<&str> = Vec::new();
    let mut is_over = false;
    for line in super::SAMPLE.lines() {
        if let Some(key) = setting(line) {
            comments.insert(key, comment.join("\n"));
            is_over = true;
        } else if let Some(text) = line.strip_prefix("# ") {
            if is_over {
                comment.clear();
            }
            comment.push(text);
            is_over = false;
        } else {
            comment.clear();
        }
    }

    comments
}

/// The key that a line of the sample sets, be it commented out; of a merchant's heading, the table of all merchants.
fn setting(line: &'static str) -> Option<&'static str> {
    if line.starts_with("[merchants.") {
        return Some("merchants");
    }
    let line = line.strip_prefix('#').unwrap_or(line);
    let (key, _) = line.split_once(" = ")?;
    let is_key = key.chars().all(|c| c.is_ascii_lowercase() || c == '-');

    is_key.then_some(key)
}
