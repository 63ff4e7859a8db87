//! How much room words take, so that a screen can choose sizes at which nothing is clipped.

use iced::advanced::text::{self, Paragraph as _};
use iced::{Pixels, Size, alignment};
use unicode_segmentation::UnicodeSegmentation;

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

/// Whether `words` fit into this width in so many lines.
fn fits(words: &Words, size: f32, line_height: f32, width: f32, lines: u32) -> bool {
    let needed = room(words, size, line_height, width);

    // A letter that is wider than its line is not broken.
    needed.height <= size * line_height * (lines as f32 + 0.5) && needed.width <= width.max(size)
}

/// `words` as far as they fit into this width in so many lines, and a sign where there is more of them.
pub(super) fn cut(words: Words, size: f32, line_height: f32, width: f32, lines: u32) -> Words {
    let letters: Vec<_> = words.text.graphemes(true).take(MOST_LETTERS + 1).collect();
    let fits = |words: &Words| fits(words, size, line_height, width, lines);
    if letters.len() <= MOST_LETTERS && fits(&words) {
        return words;
    }
    let first = |count: usize| Words {
        text: format!("{}…", letters[..count].concat().trim_end()),
        language: words.language,
    };
    let (mut fitting, mut too_many) = (0, letters.len());
    while too_many - fitting > 1 {
        let middle = usize::midpoint(fitting, too_many);
        if fits(&first(middle)) {
            fitting = middle;
        } else {
            too_many = middle;
        }
    }

    first(fitting)
}

/// More letters than this fit on no screen, and measuring them takes time.
const MOST_LETTERS: usize = 400;

/// A name with the size to draw it in: on one line where its letters then are no smaller than `smallest`, else as
/// large as it fits on `lines` lines, cut where even the smallest letters are too large.
pub(super) fn name(
    name: Words,
    (smallest, largest): (f32, f32),
    line_height: f32,
    width: f32,
    lines: u32,
) -> (Words, f32) {
    let smallest = smallest.min(largest).max(1.0);
    let name = if name.text.len() > MOST_LETTERS {
        cut(name, smallest, line_height, width, lines)
    } else {
        name
    };
    let size = on_one_line(&name, largest, width);
    if size >= smallest {
        return (name, size);
    }

    on_lines(name, (smallest, largest), line_height, width, lines)
}

/// Words with the size at which they fit on so many lines, cut where even the smallest letters are too large.
pub(super) fn on_lines(
    name: Words,
    (smallest, largest): (f32, f32),
    line_height: f32,
    width: f32,
    lines: u32,
) -> (Words, f32) {
    const STEP: f32 = 0.85;
    let sizes = std::iter::successors(Some(largest), |size| Some((size * STEP).floor()));
    let size = sizes
        .take_while(|size| *size > smallest)
        .find(|size| fits(&name, *size, line_height, width, lines));

    match size {
        Some(size) => (name, size),
        None => (cut(name, smallest, line_height, width, lines), smallest),
    }
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
    fn f79_long_name_wraps_and_is_cut() {
        for text in [
            "A long name ".repeat(40),
            "W".repeat(60),
            "街角".repeat(90),
            "👩‍🍳".repeat(60),
        ] {
            for width in [90.0, 250.0, 600.0] {
                let (name, size) = name(letters(&text), (13.0, 20.0), 1.25, width, 2);
                assert!(size >= 13.0, "{size}");
                let needed = room(&name, size, 1.25, width);
                assert!(needed.height <= 2.0 * size * 1.25 + 1.0, "{text} {width}");
                assert!(needed.width <= width, "{text} {width}");
                assert!(
                    name.text == text || name.text.ends_with('…'),
                    "{}",
                    name.text
                );
            }
        }
        let (short, size) = name(letters("Café"), (13.0, 20.0), 1.25, 250.0, 2);
        assert_eq!((short.text.as_str(), size), ("Café", 20.0));
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
