//! Text as it is printed for people: what would steer a terminal, turn the writing or cannot be seen is spelled out.

use std::borrow::Cow;

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// What becomes of line breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lines {
    /// They are meant.
    Keep,
    /// They would break a table.
    Spell,
}

/// The text with every character spelled out that is not seen as itself, such as `\u{1b}`.
pub(super) fn spelled(text: &str, lines: Lines) -> Cow<'_, str> {
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
pub(super) fn is_seen(character: char) -> bool {
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
pub(super) fn cell(text: &str) -> String {
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
