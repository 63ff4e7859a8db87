//! The content of a frame, kept for comparison with the next frame.

use std::ptr;

use iced::advanced::graphics::text::{Paragraph, Text};
use iced::{Background, Color, Rectangle};
use iced_tiny_skia::Layer;

use super::Quad;

/// The content of a drawn frame.
#[derive(Debug)]
pub(super) struct Frame {
    layers: Vec<Layer>,
    pub(super) background: Color,
    /// Keeps the text alive, because the layers hold only weak references to it.
    _words: Vec<Paragraph>,
}

/// Whether a text is seen. Without colour, its letters are only prepared.
pub(in crate::app) fn is_seen(text: &Text) -> bool {
    !matches!(text, Text::Paragraph { color, .. } if color.a == 0.0)
}

/// The bounds of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct TextBounds {
    /// The bounds of the text's lines.
    pub(super) room: Rectangle,
    /// The bounds of the text's letters, which may reach out of the lines.
    pub(super) ink: Rectangle,
}

impl Frame {
    pub(super) fn of(layers: &[Layer], background: Color) -> Self {
        let words = texts(layers).filter_map(|(text, _)| match text {
            Text::Paragraph { paragraph, .. } => paragraph.upgrade(),
            _ => None,
        });

        Self {
            _words: words.collect(),
            layers: layers.to_vec(),
            background,
        }
    }

    /// Returns the places where the frames differ, in logical pixels; `None` if everything differs.
    pub(super) fn differences(&self, other: &Self) -> Option<Vec<Rectangle>> {
        if self.background != other.background {
            return None;
        }
        let mut found = Vec::new();
        let same = |one: &Layer, other: &Layer| one.bounds == other.bounds;
        for (one, other) in pairs(&self.layers, &other.layers) {
            match (one, other) {
                (Some(one), Some(other)) if same(one, other) => {
                    // A change within a layer cannot be visible outside the layer's bounds.
                    let places = layer_differences(one, other).into_iter();
                    found.extend(places.filter_map(|place| place.intersection(&one.bounds)));
                }
                (one, other) => found.extend(one.into_iter().chain(other).map(|it| it.bounds)),
            }
        }

        Some(found)
    }

    /// Returns the bounds of every text that is seen.
    pub(super) fn inked(&self) -> impl Iterator<Item = TextBounds> {
        let seen = texts(&self.layers).filter(|(text, _)| is_seen(text));

        seen.filter_map(|(text, layer)| inked(text, layer))
    }
}

fn texts(layers: &[Layer]) -> impl Iterator<Item = (&Text, &Layer)> {
    layers.iter().flat_map(|layer| {
        let items = layer.text.iter().flat_map(|item| item.as_slice());

        items.map(move |text| (text, layer))
    })
}

/// Pairs the items with the same index. If one list is longer, its last items are paired with `None`.
fn pairs<'a, T>(
    one: &'a [T],
    other: &'a [T],
) -> impl Iterator<Item = (Option<&'a T>, Option<&'a T>)> {
    (0..one.len().max(other.len())).map(move |index| (one.get(index), other.get(index)))
}

/// Returns the places where two layers with the same bounds differ.
fn layer_differences(one: &Layer, other: &Layer) -> Vec<Rectangle> {
    let bounds = one.bounds;
    let mut found = Vec::new();
    differing(
        &one.quads,
        &other.quads,
        PartialEq::eq,
        quad_bounds,
        &mut found,
    );
    differing(
        &one.primitives,
        &other.primitives,
        |one, other| {
            one.clip_bounds() == other.clip_bounds()
                && one.transformation() == other.transformation()
                && one.as_slice() == other.as_slice()
        },
        // Shapes are clipped to these bounds.
        |shape| shape.clip_bounds(),
        &mut found,
    );
    // Images are few, and have no simple bounds.
    if one.images != other.images {
        found.push(bounds);
    }
    // A drawing has a group of texts, too, which is usually empty.
    let lettered = |layer: &Layer| {
        let texts = layer.text.iter();

        texts
            .filter(|text| !text.as_slice().is_empty())
            .cloned()
            .collect::<Vec<_>>()
    };
    differing(
        &lettered(one),
        &lettered(other),
        |one, other| {
            one.clip_bounds() == other.clip_bounds()
                && one.transformation() == other.transformation()
                && pairs(one.as_slice(), other.as_slice()).all(|pair| match pair {
                    (Some(one), Some(other)) => same_text(one, other),
                    _ => false,
                })
        },
        |text| match text.as_slice() {
            [text] => inked(text, one).map_or(bounds, |inked| inked.ink),
            _ => bounds,
        },
        &mut found,
    );

    found
}

/// Finds the bounds of the items that differ. An item that comes or goes does not count as a change of those after it.
fn differing<T>(
    one: &[T],
    other: &[T],
    same: impl Fn(&T, &T) -> bool,
    bounds: impl Fn(&T) -> Rectangle,
    found: &mut Vec<Rectangle>,
) {
    let alike = |(one, other): &(&T, &T)| same(one, other);
    let first = one.iter().zip(other).take_while(alike).count();
    let (one, other) = (&one[first..], &other[first..]);
    let last = one.iter().rev().zip(other.iter().rev());
    let last = last.take_while(alike).count();
    let (one, other) = (&one[..one.len() - last], &other[..other.len() - last]);
    for (one, other) in pairs(one, other) {
        match (one, other) {
            (Some(one), Some(other)) if same(one, other) => {}
            (one, other) => found.extend(one.into_iter().chain(other).map(&bounds)),
        }
    }
}

fn quad_bounds((quad, _): &(Quad, Background)) -> Rectangle {
    // Smoothed edges reach out of the bounds.
    let bounds = quad.bounds.expand(1.0);
    if quad.shadow.color.a == 0.0 {
        return bounds;
    }
    let shadow = (quad.bounds + quad.shadow.offset).expand(quad.shadow.blur_radius + 1.0);

    bounds.union(&shadow)
}

fn same_text(one: &Text, other: &Text) -> bool {
    let (Text::Paragraph { paragraph: a, .. }, Text::Paragraph { paragraph: b, .. }) = (one, other)
    else {
        return one == other;
    };
    let (Some(a), Some(b)) = (a.upgrade(), b.upgrade()) else {
        return false;
    };

    // Iced compares only the sizes of paragraphs, not their words.
    one == other && same_words(&a, &b)
}

fn same_words(one: &Paragraph, other: &Paragraph) -> bool {
    let (one, other) = (one.buffer(), other.buffer());

    ptr::eq(one, other)
        || pairs(&one.lines, &other.lines).all(|pair| match pair {
            (Some(one), Some(other)) => {
                one.text() == other.text() && one.attrs_list() == other.attrs_list()
            }
            _ => false,
        })
}

/// Returns the bounds of a text; `None` if the text has no layout, which no screen has.
fn inked(text: &Text, layer: &Layer) -> Option<TextBounds> {
    /// The longest distance that a letter can reach out of its line, as a multiple of the text size. Such letters
    /// are capitals with accents, scripts with stacked marks, and slanted letters.
    const REACH: f32 = 0.5;
    let Text::Paragraph {
        paragraph,
        position,
        clip_bounds,
        transformation,
        ..
    } = text
    else {
        return None;
    };
    let size = paragraph.upgrade()?.buffer().metrics().font_size;
    let room = Rectangle::new(*position, paragraph.min_bounds);
    let none = Rectangle::new(*position, iced::Size::ZERO);
    let ink = room.expand(size * REACH).intersection(clip_bounds);
    let ink = ink.unwrap_or(none) * *transformation;

    Some(TextBounds {
        room: room * *transformation,
        ink: ink.intersection(&layer.bounds).unwrap_or(none),
    })
}
