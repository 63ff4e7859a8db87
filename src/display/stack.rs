//! Lines below each other that give way together: where the room is low all of them get smaller, so
//! that what is largest stays the largest.

use iced::widget::{container, text};
use iced::{Color, Padding, Size};

use super::{Column, Element};
use super::{measure, parts};
use crate::locale::Words;

/// The smallest share of the size that was wanted.
const SMALLEST: f32 = 0.35;

/// Lines below each other.
#[derive(Debug, Clone, Default)]
pub(super) struct Stack {
    lines: Vec<Line>,
}

#[derive(Debug, Clone)]
struct Line {
    words: Words,
    size: f32,
    line_height: f32,
    gap_above: f32,
    ink: Color,
    wraps: bool,
}

impl Stack {
    /// One more line, in letters of at most this size and of this width at most.
    #[must_use]
    pub(super) fn line(self, words: Words, largest: f32, width: f32, ink: Color) -> Self {
        let size = measure::on_one_line(&words, largest, width);

        self.with(words, size, ink, false)
    }

    /// Words on as many lines as they need.
    #[must_use]
    pub(super) fn words(self, words: Words, size: f32, ink: Color) -> Self {
        self.with(words, size, ink, true)
    }

    fn with(mut self, words: Words, size: f32, ink: Color, wraps: bool) -> Self {
        let first = self.lines.is_empty();
        self.lines.push(Line {
            words,
            size,
            line_height: if first { 1.05 } else { 1.25 },
            gap_above: if first { 0.0 } else { size * 0.1 },
            ink,
            wraps,
        });

        self
    }

    /// Draws the lines, smaller where the room is low, and says what room is left below them.
    pub(super) fn view<'a, M: 'a>(&self, room: Size) -> (Column<'a, M>, f32) {
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
                .padding(Padding {
                    top: line.gap_above * share,
                    ..Padding::ZERO
                })
                .into();

            line
        });

        (
            Column::with_children(lines),
            room.height - self.height(share, room.width),
        )
    }

    /// How small its lines get in this room, as a share of the size that was wanted.
    pub(super) fn share(&self, room: Size) -> f32 {
        let mut share = 1.0;
        while share > SMALLEST && self.height(share, room.width) > room.height {
            share -= 0.05;
        }

        share
    }

    /// The height that the lines take at this share of their size.
    fn height(&self, share: f32, width: f32) -> f32 {
        let heights = self.lines.iter().map(|line| {
            measure::room(&line.words, line.at(share), line.line_height, width).height
                + line.gap_above * share
        });

        heights.sum()
    }
}

impl Line {
    fn at(&self, share: f32) -> f32 {
        (self.size * share).floor()
    }
}
