//! Text as it is printed: what would steer a terminal, turn the writing or cannot be seen is spelled out.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// What becomes of line breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lines {
    /// They are meant.
    Keep,
    /// They would break a table.
    Spell,
}

/// The text with every character spelled out that is not seen as itself, such as `\u{1b}`.
pub(crate) fn spelled(text: &str, lines: Lines) -> Cow<'_, str> {
    let is_meant = |character| character == '\n' && lines == Lines::Keep;
    if text
        .chars()
        .all(|character| is_seen(character) || is_meant(character))
    {
        return Cow::Borrowed(text);
    }
    let mut spelled = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_seen(character) || is_meant(character) {
            spelled.push(character);
        } else {
            spelled.extend(character.escape_default());
        }
    }

    Cow::Owned(spelled)
}

/// Whether a reader sees the character, or a space, in the place where it stands.
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

/// What spreadsheets take for the beginning of a formula, also in full width.
const BEGIN_A_FORMULA: [char; 8] = [
    '=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
];

/// The text as a cell that no spreadsheet calculates: an apostrophe goes before what would begin a formula, also after a
/// semicolon, by which some spreadsheets part the cells.
pub(crate) fn cell(text: &str) -> String {
    let spelled = spelled(text, Lines::Spell);
    let parts = spelled.split(';').map(|part| {
        let begin = part.trim_start();
        if begin.starts_with(BEGIN_A_FORMULA) {
            let space = &part[..part.len() - begin.len()];

            return Cow::Owned(format!("{space}'{begin}"));
        }

        Cow::Borrowed(part)
    });

    parts.collect::<Vec<_>>().join(";")
}

/// Writes a value as JSON. What would steer a terminal is escaped there, and reads the same to a program.
///
/// # Errors
///
/// When it cannot be written.
pub(crate) fn json(out: impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(out, Escaping);

    Ok(value.serialize(&mut serializer)?)
}

/// JSON without spaces, with more escaped than JSON asks for.
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
    fn f75_what_steers_a_terminal_is_spelled_out() {
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
    fn f75_json_has_no_hidden_characters_and_reads_the_same() {
        let text = "a\u{9b}b\u{202e}\u{1b}c\u{f0000}\n\"é";
        let mut line = Vec::new();
        json(&mut line, &text).unwrap();
        let line = String::from_utf8(line).unwrap();
        assert!(line.chars().all(is_seen), "{line:?}");
        assert_eq!(serde_json::from_str::<String>(&line).unwrap(), text);
    }

    #[test]
    fn f75_no_cell_begins_like_a_formula() {
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
