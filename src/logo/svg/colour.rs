//! Colours that the drawing library does not support. It silently draws them black or not at all.

use std::borrow::Cow;

use svgtypes::{Color, Paint};

pub(super) const COLOURED: [&str; 6] = [
    "fill",
    "stroke",
    "stop-color",
    "flood-color",
    "lighting-color",
    "color",
];

/// Colours beyond sRGB. For readers that do not support them, drawing programs write the nearest sRGB colour
/// before each.
const WIDE: [&str; 5] = ["color", "lab", "lch", "oklab", "oklch"];

/// Colours for print. Each follows an sRGB colour after a space.
const FOR_PRINT: [&str; 2] = ["icc-color", "device-cmyk"];

/// Whether a colour is a function that the drawing library does not support.
pub(super) fn is_unknown(value: &str) -> bool {
    value.contains('(') && !value.starts_with("url(") && Paint::from_str(value).is_err()
}

pub(super) fn is_clear(value: &str) -> bool {
    value.parse().is_ok_and(|colour: Color| colour.alpha == 0)
}

/// Removes each colour of these kinds that follows an sRGB colour.
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

/// The letters and hyphens at the end of a text.
fn last_word(text: &str) -> &str {
    let rest = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '-');

    &text[rest.len()..]
}

/// Returns the start of the declaration at the end of `text`, if the declaration before it sets the same property.
fn repeated(text: &str) -> Option<usize> {
    let named = text.trim_end().strip_suffix(':')?.trim_end();
    let name = last_word(named);
    let start = named.len() - name.len();
    let before = text[..start].trim_end().strip_suffix(';')?;
    let begins = before.rfind([';', '{', '"', '\'']).map_or(0, |at| at + 1);
    let (other, _) = before[begins..].split_once(':')?;

    (!name.is_empty() && other.trim() == name).then_some(start)
}

/// Returns the end of the colour before the space at the end of `text`; `None` without such a colour.
fn behind_another(text: &str) -> Option<usize> {
    let colour = text.trim_end();

    (colour.len() < text.len() && colour.ends_with(|c: char| c.is_ascii_alphanumeric() || c == ')'))
        .then_some(colour.len())
}
