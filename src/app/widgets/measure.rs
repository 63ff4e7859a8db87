//! Measures words, so that a screen can choose sizes at which nothing is clipped.

use std::cell::RefCell;
use std::collections::HashMap;

use iced::advanced::text::{self, Paragraph as _};
use iced::{Pixels, Size, alignment};
use unicode_segmentation::UnicodeSegmentation;

use crate::app::renderer::Renderer;
use crate::app::theme::look::font;
use crate::locale::{Language, TranslatedText};

type Paragraph = <Renderer as text::Renderer>::Paragraph;

/// Letters that belong to no language, such as a key or a short code.
pub(crate) fn letters(letters: &str) -> TranslatedText {
    TranslatedText {
        text: letters.to_owned(),
        language: Language::EnNz,
    }
}

/// Returns `size`, but at least one pixel: the text shaper cannot take a smaller size.
pub(crate) fn letters_of(size: f32) -> f32 {
    size.max(1.0)
}

/// Words with the numbers that decide how much room they take.
type Measured = (TranslatedText, [u32; 3]);

/// The number of results to remember. A screen measures about fifty words.
const MOST_REMEMBERED: usize = 500;

/// Returns the room that `words` of this size take in lines of at most `width`. A screen is laid out several times a
/// second, with few new words, so the results are remembered.
pub(crate) fn room(words: &TranslatedText, size: f32, line_height: f32, width: f32) -> Size {
    thread_local! {
        static REMEMBERED: RefCell<HashMap<Measured, Size>> = RefCell::default();
    }
    let key = (words.clone(), [size, line_height, width].map(f32::to_bits));
    REMEMBERED.with_borrow_mut(|remembered| {
        if let Some(room) = remembered.get(&key) {
            return *room;
        }
        if remembered.len() >= MOST_REMEMBERED {
            remembered.clear();
        }
        let room = measured(words, size, line_height, width);
        remembered.insert(key, room);

        room
    })
}

fn measured(words: &TranslatedText, size: f32, line_height: f32, width: f32) -> Size {
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

/// Returns the width that `words` of this size take on one line.
pub(crate) fn width(words: &TranslatedText, size: f32) -> f32 {
    room(words, size, 1.0, f32::INFINITY).width
}

/// Returns the size, at most `largest`, at which `words` fit into `width` on one line. The size is at least one
/// pixel, even if there is no room: the text shaper never finishes a text of size 0.
pub(crate) fn on_one_line(words: &TranslatedText, largest: f32, width: f32) -> f32 {
    let needed = self::width(words, largest);
    if needed <= width {
        return largest;
    }

    (largest * width / needed).floor().max(1.0)
}

/// Returns the size, at most `largest`, at which every word fits into `width`, so that no line ends within
/// a word.
pub(crate) fn unbroken(words: &TranslatedText, largest: f32, width: f32) -> f32 {
    let sizes = words.text.split_whitespace().map(|word| {
        let word = TranslatedText {
            text: word.to_owned(),
            language: words.language,
        };

        on_one_line(&word, largest, width)
    });

    sizes.fold(largest, f32::min)
}

/// The usual height of a line as a multiple of the text size.
pub(crate) const LINE_HEIGHT: f32 = 1.25;

fn fits(words: &TranslatedText, size: f32, width: f32, lines: u32) -> bool {
    let needed = room(words, size, LINE_HEIGHT, width);

    // A single letter cannot be broken, so it may be wider than its line.
    needed.height <= size * LINE_HEIGHT * (lines as f32 + 0.5) && needed.width <= width.max(size)
}

/// Cuts `words` to fit into `width` on `lines` lines, with an ellipsis if something is cut off.
pub(crate) fn cut(words: TranslatedText, size: f32, width: f32, lines: u32) -> TranslatedText {
    let letters: Vec<_> = words.text.graphemes(true).take(MOST_LETTERS + 1).collect();
    let fits = |words: &TranslatedText| fits(words, size, width, lines);
    if letters.len() <= MOST_LETTERS && fits(&words) {
        return words;
    }
    let first = |count: usize| TranslatedText {
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

/// The most letters of a name to measure: no screen has room for more, and measuring takes time.
const MOST_LETTERS: usize = 400;

/// Returns a name with its text size. The name is on one line if that leaves at least the size `smallest`, else on
/// `lines` lines in the largest size that fits. A name that is too long even in the smallest size is cut.
pub(crate) fn name(
    name: TranslatedText,
    (smallest, largest): (f32, f32),
    width: f32,
    lines: u32,
) -> (TranslatedText, f32) {
    let smallest = smallest.min(largest).max(1.0);
    let name = if name.text.len() > MOST_LETTERS {
        cut(name, smallest, width, lines)
    } else {
        name
    };
    let size = on_one_line(&name, largest, width);
    if size >= smallest {
        return (name, size);
    }

    on_lines(name, (smallest, largest), width, lines)
}

/// Returns words with the size at which they fit on `lines` lines. Words that are too long even in the smallest
/// size are cut.
pub(crate) fn on_lines(
    name: TranslatedText,
    (smallest, largest): (f32, f32),
    width: f32,
    lines: u32,
) -> (TranslatedText, f32) {
    const STEP: f32 = 0.85;
    let sizes = std::iter::successors(Some(largest), |size| Some((size * STEP).floor()));
    let size = sizes
        .take_while(|size| *size > smallest)
        .find(|size| fits(&name, *size, width, lines));

    match size {
        Some(size) => (name, size),
        None => (cut(name, smallest, width, lines), smallest),
    }
}

/// Returns the least width at which `words` take no more lines than in `width`, so that no line has only
/// one short word.
pub(crate) fn balanced(words: &TranslatedText, size: f32, line_height: f32, width: f32) -> f32 {
    // A smaller difference is not visible.
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
    fn long_line_gets_smaller() {
        let words = &letters("An earlier sale whose reference is long");
        assert!(room(words, 30.0, 1.0, f32::INFINITY).width > 300.0);
        let size = on_one_line(words, 30.0, 300.0);
        assert!(size < 30.0);
        assert!(room(words, size, 1.0, f32::INFINITY).width <= 300.0);
        assert!((on_one_line(&letters("A1"), 30.0, 300.0) - 30.0).abs() < f32::EPSILON);
    }

    #[test]
    fn lines_are_balanced_and_none_is_added() {
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
                let (name, size) = name(letters(&text), (13.0, 20.0), width, 2);
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
        let (short, size) = name(letters("Café"), (13.0, 20.0), 250.0, 2);
        assert_eq!((short.text.as_str(), size), ("Café", 20.0));
    }

    #[test]
    fn f54_no_room_still_gives_a_size() {
        for width in [-300.0, 0.0, 0.5] {
            let size = on_one_line(&letters("CP-C7F-ZS5"), 30.0, width);
            assert!((size - 1.0).abs() < f32::EPSILON, "{size}");
        }
    }

    #[test]
    fn long_reference_is_broken_not_clipped() {
        let reference = "PD-20261123T101500Z-abcdefgh-PD-20261123T101500Z";
        assert!(room(&letters(reference), 30.0, 1.25, 200.0).width <= 200.0);
    }
}
