//! Reads single settings: what each may be, and what an error says about a wrong one.
//!
//! Most functions return any `U` that a `T` can become, so that they read `T` and `Option<T>`.

use std::fmt::{self, Display};
use std::marker::PhantomData;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use schemars::{Schema, SchemaGenerator, json_schema};
use serde::de::{DeserializeSeed, Deserializer, Error, SeqAccess, Unexpected, Visitor};

use super::TlsRoots;
use super::wrong::KEY;
use crate::text::letters;

/// The result of a check: the value, or the error message.
pub(super) type Checked<T> = Result<T, String>;

/// Reads text and checks it with `parse`. `expected` completes "must be …".
struct TextReader<'a, F> {
    expected: &'a str,
    parse: F,
}

impl<T, F: FnOnce(&str) -> Checked<T>> Visitor<'_> for TextReader<'_, F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.parse)(text).map_err(E::custom)
    }
}

impl<'de, T, F: FnOnce(&str) -> Checked<T>> DeserializeSeed<'de> for TextReader<'_, F> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<T, D::Error> {
        from.deserialize_str(self)
    }
}

pub(super) fn text<'de, D: Deserializer<'de>, T, U: From<T>>(
    from: D,
    expected: &str,
    parse: impl FnOnce(&str, &str) -> Checked<T>,
) -> Result<U, D::Error> {
    let parse = |text: &str| parse(text, expected);

    TextReader { expected, parse }
        .deserialize(from)
        .map(U::from)
}

/// Defines readers of text for `deserialize_with`. Each row has a name, a type, the words after "must be …", and
/// the check. The check gets the setting's text and these words.
macro_rules! text_readers {
    ($($name:ident -> $type:ty, $expected:literal, $parse:expr;)*) => {$(
        pub(super) fn $name<'de, D: Deserializer<'de>>(from: D) -> Result<$type, D::Error> {
            $crate::config::value::text(from, $expected, $parse)
        }
    )*};
}

pub(super) use text_readers;

/// Reads a list of text. `parse` gets each element and the elements before it.
struct List<'a, F, T> {
    expected: &'a str,
    element: &'a str,
    takes_text: bool,
    parse: F,
    of: PhantomData<T>,
}

impl<'de, T, F: Fn(&str, &[T]) -> Checked<T>> Visitor<'de> for List<'_, F, T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Vec<T>, E> {
        if !self.takes_text {
            return Err(E::invalid_type(Unexpected::Str(text), &self));
        }

        (self.parse)(text, &[])
            .map(|one| vec![one])
            .map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element_seed(TextReader {
            expected: self.element,
            parse: |text: &str| (self.parse)(text, &list),
        })? {
            list.push(element);
        }

        Ok(list)
    }
}

/// Reads a list of texts that is not empty. `expected` and `element` complete "must be …" for the list and for its
/// elements, and `is_empty` completes the error of an empty list. `takes_text`: a single text counts as a list of
/// one.
pub(super) fn list<'de, D: Deserializer<'de>, T>(
    from: D,
    [expected, element, is_empty]: [&str; 3],
    takes_text: bool,
    parse: impl Fn(&str, &[T]) -> Checked<T>,
) -> Result<Vec<T>, D::Error> {
    let list = from.deserialize_any(List {
        expected,
        element,
        takes_text,
        parse,
        of: PhantomData,
    })?;
    if list.is_empty() {
        return Err(D::Error::custom(format_args!("{KEY} {is_empty}")));
    }

    Ok(list)
}

/// Checks text for people or for the platform's records: visible, on one line. Unusual spaces become usual ones.
pub(super) fn visible(text: &str, expected: &str) -> Checked<String> {
    if text.trim().is_empty() {
        return Err(format!("{KEY} is empty; write {expected}"));
    }
    if text.contains(char::is_control) {
        return Err(format!(
            "{KEY} has a line break or another invisible character in it; write it in one line"
        ));
    }
    if let Some(hidden) = text.chars().find(|c| letters::is_hidden(*c)) {
        return Err(format!(
            "{KEY} has a character in it that cannot be seen ({}); write the text anew, in one line",
            letters::named(hidden)
        ));
    }
    if letters::is_blank(text) {
        return Err(format!(
            "{KEY} has nothing in it that can be seen; write {expected}"
        ));
    }
    if letters::has_towers(text) {
        return Err(format!(
            "{KEY} has a letter with more than {} marks on it, which would run over other words; write it without them",
            letters::MOST_MARKS
        ));
    }
    let text: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .collect();

    Ok(text.trim().to_owned())
}

text_readers! {
    terminal_id -> Option<String>, "text in quotes, such as \"COUNTER-1\"", visible;
    device_id -> Option<String>, "text in quotes, such as \"SN-0042\"", visible;
    identifier -> Option<String>, "an id in quotes, such as \"C4QnjXvj8At6SMsEN4LRi9\"", parse_identifier;
    poll_every -> Duration, "a time in quotes with its unit, such as \"1s\" or \"500ms\"", parse_poll_every;
    reference_lifetime -> Duration, "a time in quotes with its unit, such as \"30d\" or \"48h\"", parse_lifetime;
    path -> Option<PathBuf>, "the path of a file in quotes, such as \"centrapay.key\"", parse_path;
    tls_roots -> TlsRoots, "\"system\", \"bundled\", or the path of a PEM file in quotes", parse_tls_roots;
}

/// Names the first character that an id cannot have, for people who do not see it.
pub(super) fn odd_character(id: &str) -> String {
    id.chars()
        .find(|c| !c.is_ascii_graphic() && *c != ' ')
        .map(|odd| format!(" (it has {} in it)", letters::named(odd)))
        .unwrap_or_default()
}

/// An id is sent in headers and addresses, so it must be plain ASCII without spaces.
fn parse_identifier(id: &str, _: &str) -> Checked<String> {
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(format!(
            "{KEY} must be one word of plain letters and digits{}; copy the id as the platform shows it",
            odd_character(id)
        ));
    }

    Ok(id.to_owned())
}

struct NumberReader(&'static str);

impl Visitor<'_> for NumberReader {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a whole number {}", self.0)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<i64, E> {
        Ok(number)
    }
}

/// Reads a whole number within `range`. `unit` follows the range in an error.
pub(super) fn whole_number<'de, D: Deserializer<'de>, T: TryFrom<i64> + PartialOrd + Display>(
    from: D,
    expected: &'static str,
    range: &RangeInclusive<T>,
    unit: &str,
) -> Result<T, D::Error> {
    let number = from.deserialize_i64(NumberReader(expected))?;
    let (least, most) = (range.start(), range.end());

    T::try_from(number)
        .ok()
        .filter(|number| range.contains(number))
        .ok_or_else(|| D::Error::custom(format_args!("{KEY} must be from {least} to {most}{unit}")))
}

/// The number of counters. With 100, each polls once a minute, and most requests can be paid for only two minutes.
pub(super) const COUNTERS: RangeInclusive<u32> = 1..=100;

pub(super) fn counters<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    let unit = ": the counters that use this key's account, this one included";

    whole_number(from, "without quotes, such as 4", &COUNTERS, unit)
}

/// Reads how long a screen stays. Nothing can be read in less than half a second.
pub(super) fn duration<'de, D: Deserializer<'de>, U: From<Duration>>(
    from: D,
) -> Result<U, D::Error> {
    const STAY: RangeInclusive<Duration> = Duration::from_millis(500)..=Duration::from_secs(86_400);
    let expected = "a time in quotes with its unit, such as \"8s\", \"500ms\" or \"2m\"";

    text(from, expected, |text, _| {
        let duration = parse_duration(text).ok_or_else(|| {
            format!("{KEY} must be a whole number with the unit ms, s, m, h or d, such as \"8s\", \"500ms\" or \"2m\"")
        })?;
        if !STAY.contains(&duration) {
            return Err(format!("{KEY} must be from \"500ms\" to \"24h\""));
        }

        Ok(duration)
    })
}

/// Parses a reference's lifetime. It is at least a day, since a payment may come a day late.
fn parse_lifetime(text: &str, _: &str) -> Checked<Duration> {
    const DAY: u64 = 24 * 60 * 60;
    const LIFETIME: RangeInclusive<Duration> =
        Duration::from_secs(DAY)..=Duration::from_secs(3660 * DAY);

    parse_duration(text)
        .filter(|duration| LIFETIME.contains(duration))
        .ok_or_else(|| {
            format!("{KEY} must be from \"1d\" to \"3660d\", such as \"30d\" or \"48h\"")
        })
}

/// The time between two polls. The platform asks for about a second, and a customer waits for the tick.
const POLL_EVERY: RangeInclusive<Duration> = Duration::from_millis(500)..=Duration::from_secs(10);

/// Writes the shortest value of `poll-every` that is at least `interval`. `None` if every value is shorter.
pub(super) fn shortest_poll_every(interval: Duration) -> Option<String> {
    let milliseconds = interval.as_nanos().div_ceil(1_000_000);
    if interval > *POLL_EVERY.end() {
        return None;
    }

    Some(match milliseconds % 1_000 {
        0 => format!("{}s", milliseconds / 1_000),
        _ => format!("{milliseconds}ms"),
    })
}

fn parse_poll_every(text: &str, _: &str) -> Checked<Duration> {
    parse_duration(text)
        .filter(|duration| POLL_EVERY.contains(duration))
        .ok_or_else(|| format!("{KEY} must be from \"500ms\" to \"10s\", such as \"1s\""))
}

pub(super) fn parse_duration(text: &str) -> Option<Duration> {
    let unit_at = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit_at);
    let number: u64 = number.parse().ok()?;
    let milliseconds = match unit.trim_start() {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };

    number.checked_mul(milliseconds).map(Duration::from_millis)
}

/// Reads the path of a file. The file is not looked for.
pub(super) fn parse_path(text: &str, _: &str) -> Checked<PathBuf> {
    if text.trim().is_empty() {
        return Err(format!(
            "{KEY} is empty; write the path of a file, or remove the line"
        ));
    }
    if text.starts_with('~') {
        return Err(format!(
            "{KEY} cannot begin with ~, which only a shell understands; write the whole path"
        ));
    }

    Ok(PathBuf::from(text))
}

fn parse_tls_roots(text: &str, _: &str) -> Checked<TlsRoots> {
    let words = [("system", TlsRoots::System), ("bundled", TlsRoots::Bundled)];
    let file = || parse_path(text, "").map(TlsRoots::File);

    word_or_path(text, words, "a PEM file, such as \"shop-roots.pem\"", file)
}

/// Reads one of two words, or the path of a file. Text without a folder or an ending is a misspelt word, not a path.
pub(super) fn word_or_path<T>(
    text: &str,
    words: [(&str, T); 2],
    a_file: &str,
    file: impl FnOnce() -> Checked<T>,
) -> Checked<T> {
    if text.contains(['.', '/', '\\']) {
        return file();
    }
    let [(first, one), (second, other)] = words;
    match text {
        text if text == first => Ok(one),
        text if text == second => Ok(other),
        _ => Err(format!(
            "{KEY} cannot be {text:?}; write {first:?}, {second:?}, or the path of {a_file}"
        )),
    }
}

pub(super) fn tls_roots_schema(_: &mut SchemaGenerator) -> Schema {
    any_of(&["system", "bundled"], r"[./\\]")
}

pub(super) fn any_of(words: &[&str], pattern: &str) -> Schema {
    json_schema!({ "anyOf": [{ "enum": words }, { "type": "string", "pattern": pattern }] })
}
