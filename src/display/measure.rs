//! How much room words take, so that a screen can choose sizes at which nothing is clipped.

use iced::advanced::text::{self, Paragraph as _};
use iced::{Pixels, Renderer, Size, alignment};

use super::look::FONT;

type Paragraph = <Renderer as text::Renderer>::Paragraph;

/// The room that `words` of this size take in lines of at most `width`.
pub(super) fn room(words: &str, size: f32, line_height: f32, width: f32) -> Size {
    Paragraph::with_text(text::Text {
        content: words,
        bounds: Size::new(width, f32::INFINITY),
        size: Pixels(size),
        line_height: text::LineHeight::Relative(line_height),
        font: FONT,
        align_x: text::Alignment::Default,
        align_y: alignment::Vertical::Top,
        shaping: text::Shaping::default(),
        wrapping: text::Wrapping::WordOrGlyph,
    })
    .min_bounds()
}

/// The size, at most `largest`, at which `words` fit into `width` on one line.
pub(super) fn on_one_line(words: &str, largest: f32, width: f32) -> f32 {
    let needed = room(words, largest, 1.0, f32::INFINITY).width;
    if needed <= width {
        return largest;
    }

    (largest * width / needed).floor()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_too_long_for_a_line_are_made_smaller_until_they_fit() {
        let words = "An earlier sale whose reference is long";
        assert!(room(words, 30.0, 1.0, f32::INFINITY).width > 300.0);
        let size = on_one_line(words, 30.0, 300.0);
        assert!(size < 30.0);
        assert!(room(words, size, 1.0, f32::INFINITY).width <= 300.0);
        assert!((on_one_line("A1", 30.0, 300.0) - 30.0).abs() < f32::EPSILON);
    }

    #[test]
    fn a_reference_without_spaces_is_broken_rather_than_clipped() {
        let reference = "PD-20261123T101500Z-abcdefgh-PD-20261123T101500Z";
        assert!(room(reference, 30.0, 1.25, 200.0).width <= 200.0);
    }
}
