//! How much room words take, so that a screen can choose sizes at which nothing is clipped.

use iced::advanced::text::{self, Paragraph as _};
use iced::{Pixels, Size, alignment};

use super::Renderer;
use super::look::font;
use crate::locale::{Language, Words};

type Paragraph = <Renderer as text::Renderer>::Paragraph;

/// Letters that are no language's: a key's, a short code.
pub(super) fn letters(letters: &str) -> Words {
    Words {
        text: letters.to_owned(),
        language: Language::EnNz,
    }
}

/// A size that letters can have: none under a pixel, which the library that shapes them cannot take.
pub(super) fn letters_of(size: f32) -> f32 {
    size.max(1.0)
}

/// The room that `words` of this size take in lines of at most `width`.
pub(super) fn room(words: &Words, size: f32, line_height: f32, width: f32) -> Size {
    Paragraph::with_text(text::Text {
        content: words.text.as_str(),
        bounds: Size::new(width, f32::INFINITY),
        size: Pixels(letters_of(size)),
        line_height: text::LineHeight::Relative(line_height),
        font: font(words.language),
        align_x: text::Alignment::Default,
        align_y: alignment::Vertical::Top,
        shaping: text::Shaping::default(),
        wrapping: text::Wrapping::WordOrGlyph,
    })
    .min_bounds()
}

/// The size, at most `largest`, at which `words` fit into `width` on one line. Never less than one
/// pixel, whatever is left of the room: text without a size would be shaped for ever.
pub(super) fn on_one_line(words: &Words, largest: f32, width: f32) -> f32 {
    let needed = room(words, largest, 1.0, f32::INFINITY).width;
    if needed <= width {
        return largest;
    }

    (largest * width / needed).floor().max(1.0)
}

/// The size, at most `largest`, at which every word of `words` fits into `width`, so that a line
/// ends between words and not within one.
pub(super) fn unbroken(words: &Words, largest: f32, width: f32) -> f32 {
    let sizes = words.text.split_whitespace().map(|word| {
        let word = Words {
            text: word.to_owned(),
            language: words.language,
        };

        on_one_line(&word, largest, width)
    });

    sizes.fold(largest, f32::min)
}

/// The least width at which `words` take no more lines than in `width`, so that no line is left with
/// a single short word.
pub(super) fn balanced(words: &Words, size: f32, line_height: f32, width: f32) -> f32 {
    // Narrower steps than this are not seen.
    const STEP: f32 = 2.0;
    let allowed = room(words, size, line_height, width);
    if allowed.height <= size * line_height * 1.5 {
        return width;
    }
    let (mut too_narrow, mut wide) = (allowed.width / 2.0, allowed.width);
    while wide - too_narrow > STEP {
        let middle = f32::midpoint(too_narrow, wide);
        if room(words, size, line_height, middle).height <= allowed.height {
            wide = middle;
        } else {
            too_narrow = middle;
        }
    }

    wide.ceil()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_too_long_for_a_line_are_made_smaller_until_they_fit() {
        let words = &letters("An earlier sale whose reference is long");
        assert!(room(words, 30.0, 1.0, f32::INFINITY).width > 300.0);
        let size = on_one_line(words, 30.0, 300.0);
        assert!(size < 30.0);
        assert!(room(words, size, 1.0, f32::INFINITY).width <= 300.0);
        assert!((on_one_line(&letters("A1"), 30.0, 300.0) - 30.0).abs() < f32::EPSILON);
    }

    #[test]
    fn no_line_is_left_with_a_single_short_word_and_none_is_added() {
        let words = letters("Checking whether your payment came in. One moment, please.");
        for width in [200.0, 320.0, 400.0, 500.0] {
            let before = room(&words, 30.0, 1.25, width);
            let balanced = balanced(&words, 30.0, 1.25, width);
            let after = room(&words, 30.0, 1.25, balanced);
            assert!(balanced <= width, "{balanced} of {width}");
            assert!((after.height - before.height).abs() < 0.1, "{width}");
        }
        let one_line = letters("Paid");
        assert!((balanced(&one_line, 30.0, 1.25, 400.0) - 400.0).abs() < f32::EPSILON);
    }

    #[test]
    fn f54_words_without_any_room_left_still_have_a_size() {
        for width in [-300.0, 0.0, 0.5] {
            let size = on_one_line(&letters("CP-C7F-ZS5"), 30.0, width);
            assert!((size - 1.0).abs() < f32::EPSILON, "{size}");
        }
    }

    #[test]
    fn a_reference_without_spaces_is_broken_rather_than_clipped() {
        let reference = "PD-20261123T101500Z-abcdefgh-PD-20261123T101500Z";
        assert!(room(&letters(reference), 30.0, 1.25, 200.0).width <= 200.0);
    }
}
