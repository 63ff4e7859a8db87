//! Safe text for output: characters that control a terminal, change the writing direction or are invisible are escaped.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lines {
    Keep,
    /// Escapes line breaks, which would break a table.
    Spell,
}

/// Escapes every character that a reader does not see as itself, such as `\u{1b}`.
pub(crate) fn spelled(text: &str, lines: Lines) -> Cow<'_, str> {
    let is_kept = |character| character == '\n' && lines == Lines::Keep;
    if text
        .chars()
        .all(|character| is_seen(character) || is_kept(character))
    {
        return Cow::Borrowed(text);
    }
    let mut spelled = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_seen(character) || is_kept(character) {
            spelled.push(character);
        } else {
            spelled.extend(character.escape_default());
        }
    }

    Cow::Owned(spelled)
}

/// Whether the character is drawn as itself or as a space.
pub(crate) fn is_seen(character: char) -> bool {
    !matches!(
        character.general_category(),
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
            | GeneralCategory::Surrogate
            | GeneralCategory::PrivateUse
            | GeneralCategory::Unassigned
    )
}

/// The characters that begin a formula in a spreadsheet, also in full width.
const FORMULA_STARTS: [char; 8] = [
    '=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
];

/// Escapes a text as a cell that no spreadsheet calculates. An apostrophe goes before the start of a
/// formula, also after a semicolon, because some spreadsheets split cells at semicolons.
pub(crate) fn cell(text: &str) -> String {
    let spelled = spelled(text, Lines::Spell);
    let parts = spelled.split(';').map(|part| {
        let begin = part.trim_start();
        if begin.starts_with(FORMULA_STARTS) {
            let space = &part[..part.len() - begin.len()];

            return Cow::Owned(format!("{space}'{begin}"));
        }

        Cow::Borrowed(part)
    });

    parts.collect::<Vec<_>>().join(";")
}

/// Writes a value as one line of JSON, in one call of `out`. Hidden characters are escaped; programs read the same
/// value.
///
/// # Errors
///
/// If `out` cannot be written.
pub(crate) fn json_line(mut out: impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut line = Vec::new();
    json(&mut line, value)?;
    line.push(b'\n');

    out.write_all(&line)
}

/// Writes a value as JSON, with hidden characters escaped.
///
/// # Errors
///
/// If `out` cannot be written.
pub(crate) fn json(out: impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(out, Escaping);

    Ok(value.serialize(&mut serializer)?)
}

struct Escaping;

impl Formatter for Escaping {
    fn write_string_fragment<W: Write + ?Sized>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(hidden) = rest.chars().find(|character| !is_seen(*character)) {
            let (before, after) = rest.split_once(hidden).unwrap_or((rest, ""));
            writer.write_all(before.as_bytes())?;
            for unit in hidden.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = after;
        }

        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f75_control_characters_are_escaped() {
        let steering = "a\u{1b}[31m\u{7}\u{9b}2J\u{202e}b\nc";
        assert_eq!(
            spelled(steering, Lines::Spell),
            "a\\u{1b}[31m\\u{7}\\u{9b}2J\\u{202e}b\\nc"
        );
        assert!(spelled(steering, Lines::Keep).ends_with("b\nc"));
        for name in ["Te Whare W\u{101}nanga", "街角咖啡店", "Café & Co. № 1"] {
            assert_eq!(spelled(name, Lines::Spell), name);
        }
    }

    #[test]
    fn f75_json_has_no_hidden_characters() {
        let text = "a\u{9b}b\u{202e}\u{1b}c\u{f0000}\n\"é";
        let mut line = Vec::new();
        json(&mut line, &text).unwrap();
        let line = String::from_utf8(line).unwrap();
        assert!(line.chars().all(is_seen), "{line:?}");
        assert_eq!(serde_json::from_str::<String>(&line).unwrap(), text);
    }

    #[test]
    fn f75_no_cell_starts_a_formula() {
        for (text, expected) in [
            ("=1+1", "'=1+1"),
            ("-A1", "'-A1"),
            (" @x", " '@x"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("\t=1", "\\t=1"),
            ("Visa; =1;+2", "Visa; '=1;'+2"),
            ("A-1", "A-1"),
            ("", ""),
        ] {
            assert_eq!(cell(text), expected, "{text:?}");
        }
    }
}
