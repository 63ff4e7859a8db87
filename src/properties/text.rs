//! Cleaned text from the network is safe to show and keeps its words.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
use unicode_segmentation::UnicodeSegmentation;

use crate::domain::payment::Text;

const NAME: usize = 40;
const SENTENCE: usize = 240;
/// The most code points that one letter may have.
const LETTER: usize = 8;

pub(crate) fn check(bytes: &[u8]) {
    let raw = String::from_utf8_lossy(bytes);
    for (text, most) in [(Text::clean(&raw), NAME), (Text::sentence(&raw), SENTENCE)] {
        assert_cleaned(&text, most);
        assert_in_order(text.as_str(), &raw);
        if raw.is_ascii() {
            assert_eq!(text.as_str(), plainly(&raw, most), "{raw:?}");
        }
    }
}

pub(crate) fn assert_name(text: &Text) {
    assert_cleaned(text, NAME);
}

pub(crate) fn assert_sentence(text: &Text) {
    assert_cleaned(text, SENTENCE);
}

/// Asserts that the text is one line, and controls neither a terminal nor the writing direction.
pub(crate) fn assert_steers_nothing(text: &str) {
    for character in text.chars() {
        assert!(
            !matches!(
                character.general_category(),
                GeneralCategory::Control
                    | GeneralCategory::Format
                    | GeneralCategory::LineSeparator
                    | GeneralCategory::ParagraphSeparator
            ),
            "{character:?} in {text:?}"
        );
    }
}

fn assert_cleaned(text: &Text, most: usize) {
    let text = text.as_str();
    assert_steers_nothing(text);
    for character in text.chars() {
        assert!(
            character == ' ' || !character.is_whitespace(),
            "{character:?} in {text:?}"
        );
    }
    assert!(!text.starts_with(' ') && !text.ends_with(' '), "{text:?}");

    let kept = text.strip_suffix('…').unwrap_or(text);
    assert!(kept.graphemes(true).count() <= most, "{text:?}");
    assert!(kept.chars().count() <= most * LETTER, "{text:?}");
}

/// Asserts that every visible character of `text` is in `raw`, in the same order.
fn assert_in_order(text: &str, raw: &str) {
    let mut written = raw.chars();
    let kept = text.strip_suffix('…').unwrap_or(text);
    for character in kept.chars().filter(|character| *character != ' ') {
        assert!(
            written.any(|other| other == character),
            "{character:?} of {text:?} is not in {raw:?}"
        );
    }
}

/// Returns cleaned ASCII text, built independently: visible words with single spaces, cut with a mark at the
/// limit.
fn plainly(raw: &str, most: usize) -> String {
    let visible: String = raw
        .chars()
        .filter(|character| !character.is_control() || character.is_whitespace())
        .collect();
    let words = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.len() <= most {
        return words;
    }
    let (kept, _) = words.split_at(most);

    format!("{}…", kept.trim_end())
}
