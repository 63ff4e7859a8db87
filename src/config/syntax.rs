//! What to say about a file that is not TOML: the parser's messages are for people who know the format.

const NO_VALUE: &str = "string values must be quoted";

const UNQUOTED: &str = "this value is not understood; write text in double quotes, as in \"text\"";

const BACKSLASH: &str =
    "a backslash stands for itself only in single quotes; write such text as 'text'";

/// How the parser's message about a common slip begins, and what to say instead. A message that is not here is passed on.
const SLIPS: [(&str, &str); 11] = [
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

/// What to do about a message of the parser; `found` is the text it points at. Of that only keys are repeated, for a value
/// may be a secret in the wrong place.
pub(super) fn advice(message: &str, found: &str) -> String {
    if message == "duplicate key" {
        return format!("{:?} is written twice; keep one of the two", found.trim());
    }
    if message.starts_with(NO_VALUE) && found.is_empty() {
        return "a value is missing here; write one, text in double quotes".to_owned();
    }

    let slip = SLIPS.iter().find(|(start, _)| message.starts_with(start));

    match slip {
        Some((_, advice)) => (*advice).to_owned(),
        // `nobody` is taken for a broken `nan`, `tru` for a broken `true`: each has a message of its own.
        None if found.starts_with(char::is_alphabetic) => UNQUOTED.to_owned(),
        None => format!("this is not valid TOML ({message}); compare it with the sample"),
    }
}
