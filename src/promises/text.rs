//! Text from the network is fit to be shown, and says what was written.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
use unicode_segmentation::UnicodeSegmentation;

use crate::payment::Text;

const NAME: usize = 40;
const SENTENCE: usize = 240;
/// The code points of a letter, at most.
const LETTER: usize = 8;

/// Any bytes, cleaned as a name and as a sentence.
pub(crate) fn hold(bytes: &[u8]) {
    let raw = String::from_utf8_lossy(bytes);
    for (text, most) in [(Text::clean(&raw), NAME), (Text::sentence(&raw), SENTENCE)] {
        assert_cleaned(&text, most);
        assert_in_order(text.as_str(), &raw);
        if raw.is_ascii() {
            assert_eq!(text.as_str(), plainly(&raw, most), "{raw:?}");
        }
    }
}

/// Of a name, a code or a word: it can be shown.
pub(crate) fn assert_name(text: &Text) {
    assert_cleaned(text, NAME);
}

/// Of a message or an explanation: it can be shown.
pub(crate) fn assert_sentence(text: &Text) {
    assert_cleaned(text, SENTENCE);
}

/// It stays on its line, and steers neither a terminal nor the direction of writing.
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

/// Nothing is made up or moved: what can be seen was written, in this order.
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

/// The cleaning of ASCII by its definition: visible words with one space between them, cut with a
/// mark where there is more.
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
