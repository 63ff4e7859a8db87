//! Explains errors of a file that is not TOML, since the parser's messages are for people who know the format.

use crate::text::letters;

const NO_VALUE: &str = "string values must be quoted";

const UNQUOTED: &str = "this value is not understood; write text in double quotes, as in \"text\"";

const BACKSLASH: &str =
    "a backslash stands for itself only in single quotes; write such text as 'text'";

/// The beginning of the parser's message about a common error, and the text that replaces it. Other messages are kept.
const EXPLANATIONS: [(&str, &str); 11] = [
    (NO_VALUE, UNQUOTED),
    (
        "key with no value",
        "an equals sign is missing; write each setting as key = value",
    ),
    (
        "unclosed table",
        "the heading is not closed; end it with ], and put a name with spaces in double quotes",
    ),
    (
        "missing comma between array elements",
        "the list is not closed before this; end it with ], and put commas between its elements",
    ),
    (
        "unclosed array",
        "the list is not closed before this; end it with ]",
    ),
    (
        "invalid basic string",
        "the text is not closed; end it with a double quote",
    ),
    (
        "invalid literal string",
        "the text is not closed; end it with a single quote, as it began",
    ),
    ("missing escaped value", BACKSLASH),
    ("too few unicode value digits", BACKSLASH),
    (
        "unexpected key or value",
        "the line goes on after its value; begin a new line, or a comment with #",
    ),
    (
        "invalid unquoted key",
        "a name with such characters needs double quotes, as in [merchants.\"name\"]",
    ),
];

/// Returns what to do about a message of the parser. `found` is the text that the message points at. The result
/// quotes only keys, since a value may be a secret in the wrong place.
pub(super) fn advice(message: &str, found: &str) -> String {
    if message == "duplicate key" {
        return format!("{:?} is written twice; keep one of the two", found.trim());
    }
    if message.starts_with(NO_VALUE) && found.is_empty() {
        return "a value is missing here; write one, text in double quotes".to_owned();
    }

    let explanation = EXPLANATIONS
        .iter()
        .find(|(start, _)| message.starts_with(start));

    match explanation {
        Some((_, advice)) => (*advice).to_owned(),
        // The parser's messages about unquoted words differ: it takes `name` for a broken `nan`, and `tru` for a
        // broken `true`.
        None if found.starts_with(char::is_alphabetic) => UNQUOTED.to_owned(),
        None => format!("this is not valid TOML ({message}); compare it with the sample"),
    }
}

/// Characters that look like ASCII ones, such as the quotes of word processors, each with the character to type.
const LOOK_ALIKES: [(&str, char); 8] = [
    (
        "\u{201c}\u{201d}\u{201e}\u{201f}\u{ab}\u{bb}\u{2033}\u{ff02}\u{300c}\u{300d}",
        '"',
    ),
    (
        "\u{2018}\u{2019}\u{201a}\u{201b}\u{2032}\u{b4}`\u{ff07}",
        '\'',
    ),
    (
        "\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2212}\u{ff0d}",
        '-',
    ),
    ("\u{ff1d}", '='),
    ("\u{ff3b}\u{3010}", '['),
    ("\u{ff3d}\u{3011}", ']'),
    ("\u{ff0c}\u{3001}", ','),
    ("\u{ff03}", '#'),
];

/// Finds the first character outside of quotes that TOML does not know, in the line of the byte `at`. Such
/// characters come from other programs. Returns the character's offset and what to type instead.
pub(super) fn odd_character(text: &str, at: usize) -> Option<(usize, String)> {
    let start = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(start..)?.split('\n').next()?;
    let mut quote = None;
    for (offset, character) in line.char_indices() {
        match (quote, character) {
            (Some(open), _) if character == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(character),
            (None, '#') => return None,
            (None, _) => {
                let rest = line
                    .get(offset + character.len_utf8()..)
                    .unwrap_or_default();
                if let Some(advice) = odd(character, rest) {
                    return Some((start + offset, advice));
                }
            }
        }
    }

    None
}

/// Returns what to type instead of a character that TOML does not know. `rest` follows it in its line.
fn odd(character: char, rest: &str) -> Option<String> {
    let instead = LOOK_ALIKES
        .iter()
        .find_map(|(alike, typed)| alike.contains(character).then_some(*typed));
    if let Some(instead) = instead {
        return Some(format!(
            "here is {}, which is not the {instead} of a keyboard; type {instead} instead",
            letters::named(character)
        ));
    }
    if character == '\r' {
        return (!rest.is_empty()).then(|| {
            "the lines of this file end in an old way (CR alone); save it again with the line ends of Windows or Unix"
                .to_owned()
        });
    }
    if character.is_whitespace() && !matches!(character, ' ' | '\t') {
        return Some(format!(
            "here is {}, which only looks like a space; type a usual space instead, or delete it",
            letters::named(character)
        ));
    }
    if letters::is_hidden(character) && character != '\t' {
        return Some(format!(
            "here is a character that cannot be seen ({}); delete it, or write the line anew",
            letters::named(character)
        ));
    }

    None
}
