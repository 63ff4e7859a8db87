//! Whether a screen can be read: nothing is clipped, nothing stands over something else, and no letters
//! are too small. The layouts that were looked at are large enough for every screen; for a smaller window it
//! is measured.

use std::cell::RefCell;

use iced::advanced::graphics::text::Text;
use iced::{Pixels, Rectangle, Size, Theme};
use iced_runtime::user_interface::Cache;

use super::band;
use super::look::{FONT, Look};
use super::{Element, Message, Renderer, painter};

/// The smallest window that every screen fits into, in logical pixels, either way up.
const SMALLEST: Size = Size::new(800.0, 480.0);

/// A screen with room for all words of a small one, whose letters are small.
const ROOMY: Size = Size::new(1920.0, 1440.0);

/// Letters of fewer device pixels than these are no letters.
pub(super) const SMALLEST_LETTERS: f32 = 9.0;

/// Less than this is not seen.
const TOLERANCE: f32 = 0.6;

/// Words on the screen, and the room that they take.
pub(in crate::display) struct Written {
    pub(in crate::display) words: String,
    pub(in crate::display) room: Rectangle,
    /// The size of their letters.
    pub(in crate::display) size: f32,
    /// What they must not get out of.
    within: Rectangle,
}

/// Whether every screen fits into this one. The smallest layout was looked at with a band above it, too.
pub(super) fn is_large_enough(look: &Look) -> bool {
    let Size { width, height } = look.size;
    let height = height + band::height(look);

    width.max(height) >= SMALLEST.width && width.min(height) >= SMALLEST.height
}

/// Whether `screen` can be read on a screen of this size.
pub(super) fn is_legible(screen: Element<'_, Message>, look: &Look) -> bool {
    written_legibly(screen, look).is_some()
}

/// Whether the screen that `draw` draws can be read on a screen of this size, with every word that it has on
/// one with room for all of them.
pub(super) fn is_whole<'a>(draw: impl Fn(&Look) -> Element<'a, Message>, look: &Look) -> bool {
    let roomy = if look.is_portrait() {
        Size::new(ROOMY.height, ROOMY.width)
    } else {
        ROOMY
    };
    let roomy = look.within(roomy);
    let wanted = measured(draw(&roomy), &roomy, words);
    let Some(written) = written_legibly(draw(look), look) else {
        return false;
    };
    let is_there = |wanted: &Written| written.iter().any(|one| one.words == wanted.words);

    wanted.iter().all(is_there)
}

/// What is written on a screen, if all of that can be read. What is wholly outside is not among it.
fn written_legibly(screen: Element<'_, Message>, look: &Look) -> Option<Vec<Written>> {
    measured(screen, look, |renderer| {
        let (written, edges) = (words(renderer), edges(renderer));
        let is_large = |one: &Written| one.size * look.scale_factor >= SMALLEST_LETTERS;
        let is_legible = written.iter().all(is_large) && faults(&written, &edges).is_empty();

        is_legible.then_some(written)
    })
}

/// Lays out a screen and hands on what was drawn.
fn measured<T>(
    screen: Element<'_, Message>,
    look: &Look,
    hand_on: impl FnOnce(&mut Renderer) -> T,
) -> T {
    thread_local! {
        static MEASURING: RefCell<Renderer> = RefCell::new(Renderer::new(FONT, Pixels(16.0)));
    }
    MEASURING.with_borrow_mut(|renderer| {
        let style = iced::theme::Base::base(&Theme::Light);
        let room = painter::Room::Logical(look.size);

        painter::lay_out(screen, &style, room, Cache::new(), renderer, hand_on).0
    })
}

/// What is wrong with what is written and with what has edges, in sentences.
pub(super) fn faults(written: &[Written], boxes: &[Rectangle]) -> Vec<String> {
    let mut faults = Vec::new();
    for (index, one) in written.iter().enumerate() {
        if !contains(one.within, one.room) {
            faults.push(format!("{:?} is clipped", one.words));
        }
        for other in written.iter().skip(index + 1) {
            if overlap(one.room, other.room) {
                faults.push(format!("{:?} stands over {:?}", one.words, other.words));
            }
        }
        if boxes
            .iter()
            .any(|edge| overlap(*edge, one.room) && !contains(*edge, one.room))
        {
            faults.push(format!("{:?} gets over an edge", one.words));
        }
    }

    faults
}

/// All that is written.
pub(in crate::display) fn words(renderer: &mut Renderer) -> Vec<Written> {
    let layers = renderer.layers().iter();
    let texts = layers.flat_map(|layer| {
        let items = layer.text.iter().flat_map(|item| item.as_slice());

        items.map(|text| (text, layer.bounds))
    });

    texts
        .filter_map(|(text, bounds)| read(text, bounds))
        .collect()
}

/// What has an edge that is drawn.
pub(in crate::display) fn edges(renderer: &mut Renderer) -> Vec<Rectangle> {
    let quads = renderer.layers().iter().flat_map(|layer| &layer.quads);

    quads
        .filter(|(quad, _)| quad.border.width > 0.0)
        .map(|(quad, _)| quad.bounds)
        .collect()
}

fn read(text: &Text, layer: Rectangle) -> Option<Written> {
    // No screen has text of another kind.
    let Text::Paragraph {
        paragraph,
        position,
        clip_bounds,
        ..
    } = text
    else {
        return None;
    };
    let paragraph_ = paragraph.upgrade()?;
    let words: Vec<_> = paragraph_
        .buffer()
        .lines
        .iter()
        .map(|line| line.text().to_owned())
        .collect();
    let words = words.join(" ");
    if words.trim().is_empty() {
        return None;
    }

    Some(Written {
        words,
        size: paragraph_.buffer().metrics().font_size,
        room: Rectangle::new(*position, paragraph.min_bounds),
        within: layer.intersection(clip_bounds).unwrap_or(*clip_bounds),
    })
}

fn contains(outer: Rectangle, inner: Rectangle) -> bool {
    inner.x >= outer.x - TOLERANCE
        && inner.y >= outer.y - TOLERANCE
        && inner.x + inner.width <= outer.x + outer.width + TOLERANCE
        && inner.y + inner.height <= outer.y + outer.height + TOLERANCE
}

fn overlap(a: Rectangle, b: Rectangle) -> bool {
    a.intersection(&b)
        .is_some_and(|both| both.width > TOLERANCE && both.height > TOLERANCE)
}
