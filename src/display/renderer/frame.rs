//! What a frame consists of, kept to be compared with the next one.

use std::ptr;

use iced::advanced::graphics::text::{Paragraph, Text};
use iced::{Background, Color, Rectangle};
use iced_tiny_skia::Layer;

use super::Quad;
#[cfg(target_os = "linux")]
use super::plain::{self, Filled};

/// A frame.
#[derive(Debug)]
pub(super) struct Frame {
    layers: Vec<Layer>,
    background: Color,
    /// The layers know their words only as long as somebody else keeps them.
    _words: Vec<Paragraph>,
}

/// Where a text is taken to be, and how far it may reach out of there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Inked {
    /// The room of its lines.
    pub(super) room: Rectangle,
    /// All of its letters.
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

    /// Whether there is nothing on its background.
    pub(super) fn is_empty(&self) -> bool {
        self.layers.iter().all(|layer| {
            layer.quads.is_empty()
                && layer.primitives.is_empty()
                && layer.images.is_empty()
                && layer.text.is_empty()
        })
    }

    /// Its rectangles, where it consists of nothing else.
    #[cfg(target_os = "linux")]
    pub(super) fn plain(&self, scale_factor: f32) -> Option<Vec<Filled>> {
        plain::of(&self.layers, self.background, scale_factor)
    }

    pub(super) fn background(&self) -> Color {
        self.background
    }

    /// Where the two frames differ, in logical pixels; `None` where everything does.
    pub(super) fn differences(&self, other: &Self) -> Option<Vec<Rectangle>> {
        if self.background != other.background {
            return None;
        }
        let mut found = Vec::new();
        let same = |one: &Layer, other: &Layer| one.bounds == other.bounds;
        for (one, other) in pairs(&self.layers, &other.layers) {
            match (one, other) {
                (Some(one), Some(other)) if same(one, other) => {
                    // What moved within a layer stays within it.
                    let places = layer_differences(one, other).into_iter();
                    found.extend(places.filter_map(|place| place.intersection(&one.bounds)));
                }
                (one, other) => found.extend(one.into_iter().chain(other).map(|it| it.bounds)),
            }
        }

        Some(found)
    }

    /// Every text of it.
    pub(super) fn inked(&self) -> impl Iterator<Item = Inked> {
        texts(&self.layers).filter_map(|(text, layer)| inked(text, layer))
    }
}

fn texts(layers: &[Layer]) -> impl Iterator<Item = (&Text, &Layer)> {
    layers.iter().flat_map(|layer| {
        let items = layer.text.iter().flat_map(|item| item.as_slice());

        items.map(move |text| (text, layer))
    })
}

/// What stands at the same place in both, and what only one of them has.
fn pairs<'a, T>(
    one: &'a [T],
    other: &'a [T],
) -> impl Iterator<Item = (Option<&'a T>, Option<&'a T>)> {
    (0..one.len().max(other.len())).map(move |index| (one.get(index), other.get(index)))
}

/// Where `one` and `other` differ, which have the same bounds.
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
                && same_pieces(one.as_slice(), other.as_slice())
        },
        // Nothing is drawn outside of these.
        |shape| shape.clip_bounds(),
        &mut found,
    );
    differing(
        &one.images,
        &other.images,
        PartialEq::eq,
        |_| bounds,
        &mut found,
    );
    differing(
        &one.text,
        &other.text,
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

fn differing<T>(
    one: &[T],
    other: &[T],
    same: impl Fn(&T, &T) -> bool,
    bounds: impl Fn(&T) -> Rectangle,
    found: &mut Vec<Rectangle>,
) {
    for (one, other) in pairs(one, other) {
        match (one, other) {
            (Some(one), Some(other)) if same(one, other) => {}
            (one, other) => found.extend(one.into_iter().chain(other).map(&bounds)),
        }
    }
}

fn quad_bounds((quad, _): &(Quad, Background)) -> Rectangle {
    // Its edges are smoothed.
    let bounds = quad.bounds.expand(1.0);
    if quad.shadow.color.a == 0.0 {
        return bounds;
    }
    let shadow = (quad.bounds + quad.shadow.offset).expand(quad.shadow.blur_radius + 1.0);

    bounds.union(&shadow)
}

/// What is cached is mostly the very same; only then it need not be gone through.
fn same_pieces<T: PartialEq>(one: &[T], other: &[T]) -> bool {
    ptr::eq(one, other) || one == other
}

fn same_text(one: &Text, other: &Text) -> bool {
    let (Text::Paragraph { paragraph: a, .. }, Text::Paragraph { paragraph: b, .. }) = (one, other)
    else {
        return one == other;
    };
    let (Some(a), Some(b)) = (a.upgrade(), b.upgrade()) else {
        return false;
    };

    // Paragraphs of the same measures are equal to each other, whatever they say.
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

/// `None` for texts that are not laid out yet, which no screen has.
fn inked(text: &Text, layer: &Layer) -> Option<Inked> {
    /// How far a letter reaches out of its line at most, in parts of its size: accents on capitals,
    /// the stacked marks of other scripts, and what leans over the end of a line.
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

    Some(Inked {
        room: room * *transformation,
        ink: ink.intersection(&layer.bounds).unwrap_or(none),
    })
}
