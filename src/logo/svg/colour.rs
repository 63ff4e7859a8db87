//! Colours that the drawing library does not know. It draws black for them, or nothing, and says so to nobody.

use std::borrow::Cow;

use svgtypes::{Color, Paint};

/// The properties that have a colour.
pub(super) const COLOURED: [&str; 6] = [
    "fill",
    "stroke",
    "stop-color",
    "flood-color",
    "lighting-color",
    "color",
];

/// Colours beyond sRGB. Drawing programs write them after the nearest one in sRGB, for a reader that knows no other.
const WIDE: [&str; 5] = ["color", "lab", "lch", "oklab", "oklch"];

/// Colours for print. They stand behind one in sRGB, with a space between.
const FOR_PRINT: [&str; 2] = ["icc-color", "device-cmyk"];

/// Whether a colour is a function that the drawing library does not know.
pub(super) fn is_unknown(value: &str) -> bool {
    value.contains('(') && !value.starts_with("url(") && Paint::from_str(value).is_err()
}

/// Whether nothing is seen of what has this colour.
pub(super) fn is_clear(value: &str) -> bool {
    value.parse().is_ok_and(|colour: Color| colour.alpha == 0)
}

/// The text of an SVG without the colours that stand behind one in sRGB.
pub(super) fn in_srgb(text: &str) -> Cow<'_, str> {
    let has = |word: &&str| text.contains(&format!("{word}("));
    if !WIDE.iter().chain(&FOR_PRINT).any(has) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('(') {
        kept.push_str(before);
        let word = last_word(&kept);
        let cut = if WIDE.contains(&word) {
            repeated(&kept[..kept.len() - word.len()])
        } else if FOR_PRINT.contains(&word) {
            behind_another(&kept[..kept.len() - word.len()])
        } else {
            None
        };
        match cut.zip(after.split_once(')')) {
            Some((cut, (_, after))) => {
                kept.truncate(cut);
                rest = after;
            }
            None => {
                kept.push('(');
                rest = after;
            }
        }
    }
    kept.push_str(rest);

    Cow::Owned(kept)
}

/// The letters and hyphens at the end.
fn last_word(text: &str) -> &str {
    let rest = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '-');

    &text[rest.len()..]
}

/// Where a declaration begins whose value would follow here, if the one before it is of the same property.
fn repeated(text: &str) -> Option<usize> {
    let named = text.trim_end().strip_suffix(':')?.trim_end();
    let name = last_word(named);
    let start = named.len() - name.len();
    let before = text[..start].trim_end().strip_suffix(';')?;
    let begins = before.rfind([';', '{', '"', '\'']).map_or(0, |at| at + 1);
    let (other, _) = before[begins..].split_once(':')?;

    (!name.is_empty() && other.trim() == name).then_some(start)
}

/// Where the space begins behind another colour.
fn behind_another(text: &str) -> Option<usize> {
    let colour = text.trim_end();

    (colour.len() < text.len() && colour.ends_with(|c: char| c.is_ascii_alphanumeric() || c == ')'))
        .then_some(colour.len())
}
