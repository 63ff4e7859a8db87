//! A stack of lines. If the height is too small, all lines shrink together, so that the largest line stays the
//! largest.

use iced::widget::{container, text};
use iced::{Color, Padding, Size};

use crate::app::renderer::{Column, Element};
use crate::app::widgets::{measure, parts};
use crate::locale::TranslatedText;

/// The smallest share to which the wanted sizes shrink.
const SMALLEST: f32 = 0.35;

#[derive(Debug, Clone, Default)]
pub(crate) struct Stack {
    lines: Vec<StackLine>,
}

#[derive(Debug, Clone)]
struct StackLine {
    words: TranslatedText,
    size: f32,
    line_height: f32,
    gap_above: f32,
    ink: Color,
    wraps: bool,
}

impl Stack {
    /// Adds a line of at most this size and width.
    #[must_use]
    pub(crate) fn line(self, words: TranslatedText, largest: f32, width: f32, ink: Color) -> Self {
        let size = measure::on_one_line(&words, largest, width);

        self.with(words, size, ink, false)
    }

    /// Adds words on as many lines as they need.
    #[must_use]
    pub(crate) fn words(self, words: TranslatedText, size: f32, ink: Color) -> Self {
        self.with(words, size, ink, true)
    }

    fn with(mut self, words: TranslatedText, size: f32, ink: Color, wraps: bool) -> Self {
        let first = self.lines.is_empty();
        self.lines.push(StackLine {
            words,
            size,
            line_height: if first { 1.05 } else { 1.25 },
            gap_above: if first { 0.0 } else { size * 0.1 },
            ink,
            wraps,
        });

        self
    }

    /// Draws the lines, and returns the height that is left below them.
    pub(crate) fn view<'a, M: 'a>(&self, room: Size) -> (Column<'a, M>, f32) {
        let share = self.share(room);
        let lines = self.lines.iter().map(|line| {
            let wrapping = if line.wraps {
                text::Wrapping::WordOrGlyph
            } else {
                text::Wrapping::None
            };
            let words = parts::words(line.words.clone(), line.at(share), line.ink)
                .line_height(line.line_height)
                .wrapping(wrapping);
            let line: Element<'a, M> = container(words)
                .padding(Padding::ZERO.top(line.gap_above * share))
                .into();

            line
        });

        (
            Column::with_children(lines),
            room.height - self.height(share, room.width),
        )
    }

    /// Returns the share of the wanted sizes at which all lines fit.
    pub(crate) fn share(&self, room: Size) -> f32 {
        let mut share = 1.0;
        while share > SMALLEST && self.height(share, room.width) > room.height {
            share -= 0.05;
        }

        share
    }

    fn height(&self, share: f32, width: f32) -> f32 {
        let heights = self.lines.iter().map(|line| {
            measure::room(&line.words, line.at(share), line.line_height, width).height
                + line.gap_above * share
        });

        heights.sum()
    }
}

impl StackLine {
    fn at(&self, share: f32) -> f32 {
        (self.size * share).floor()
    }
}
