//! Checks that a screen can be read: no text is clipped, overlaps other text, or is too small. Every screen fits
//! into the tested layouts; in a smaller window each screen is measured.

use std::cell::RefCell;

use iced::advanced::graphics::text::Text;
use iced::advanced::layout::{self, Layout};
use iced::advanced::widget::Tree;
use iced::advanced::{self, Widget};
use iced::{Length, Pixels, Rectangle, Size, Theme, mouse};
use iced_runtime::user_interface::Cache;

use crate::app::message::Message;
use crate::app::painter;
use crate::app::renderer::{Element, Renderer, is_seen};
use crate::app::theme::look::{FONT, Look, SMALLEST_LETTERS};

/// The smallest window that every screen fits into, in logical pixels. Width and height may be swapped.
const SMALLEST: Size = Size::new(800.0, 480.0);

/// A screen so large that it shows every word that a small screen may lack.
const ROOMY: Size = Size::new(1920.0, 1440.0);

/// The largest overlap that is not visible, in logical pixels.
const TOLERANCE: f32 = 0.6;

/// Text on the screen, and the room that it takes.
pub(crate) struct WrittenText {
    pub(crate) words: String,
    pub(crate) room: Rectangle,
    pub(crate) size: f32,
    /// The bounds that the text must not leave.
    within: Rectangle,
}

/// Returns whether every screen fits into the size of `look`, the room below a band. The smallest layout includes
/// a band, so its height is added.
pub(crate) fn is_large_enough(look: &Look) -> bool {
    let Size { width, height } = look.size;
    let height = height + look.band_height();

    width.max(height) >= SMALLEST.width && width.min(height) >= SMALLEST.height
}

pub(crate) fn is_legible(screen: Element<'_, Message>, look: &Look) -> bool {
    written_legibly(screen, look).is_some()
}

/// Returns whether the screen that `draw` draws can be read in this size, and has every word that it has on a
/// large screen.
pub(crate) fn is_whole<'a>(draw: impl Fn(&Look) -> Element<'a, Message>, look: &Look) -> bool {
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
    let is_there = |wanted: &WrittenText| written.iter().any(|one| one.words == wanted.words);

    wanted.iter().all(is_there)
}

/// Returns the texts on a screen; `None` if one of them cannot be read. Texts that are wholly outside the screen
/// are left out.
fn written_legibly(screen: Element<'_, Message>, look: &Look) -> Option<Vec<WrittenText>> {
    measured(screen, look, |renderer| {
        let (written, edges) = (words(renderer), edges(renderer));
        let is_large = |one: &WrittenText| one.size * look.scale_factor >= SMALLEST_LETTERS;
        let is_legible = written.iter().all(is_large) && faults(&written, &edges).is_empty();

        is_legible.then_some(written)
    })
}

/// Lays a screen out and passes the renderer to `inspect`.
fn measured<T>(
    screen: Element<'_, Message>,
    look: &Look,
    inspect: impl FnOnce(&mut Renderer) -> T,
) -> T {
    thread_local! {
        static MEASURING: RefCell<Renderer> = RefCell::new(Renderer::new(FONT, Pixels(16.0)));
    }
    MEASURING.with_borrow_mut(|renderer| {
        let style = iced::theme::Base::base(&Theme::Light);

        painter::lay_out(screen, &style, look.size, Cache::new(), renderer, inspect).0
    })
}

/// Returns a sentence about each fault of the texts, and about each text that crosses the edge of a box.
pub(crate) fn faults(written: &[WrittenText], boxes: &[Rectangle]) -> Vec<String> {
    let mut faults = Vec::new();
    for (index, one) in written.iter().enumerate() {
        if !contains(one.within, one.room) {
            faults.push(format!("{:?} is clipped", one.words));
        }
        for other in written.iter().skip(index + 1) {
            if overlap(one.room, other.room) {
                faults.push(format!("{:?} overlaps {:?}", one.words, other.words));
            }
        }
        if boxes
            .iter()
            .any(|edge| overlap(*edge, one.room) && !contains(*edge, one.room))
        {
            faults.push(format!("{:?} crosses an edge", one.words));
        }
    }

    faults
}

pub(crate) fn words(renderer: &mut Renderer) -> Vec<WrittenText> {
    let layers = renderer.layers().iter();
    let texts = layers.flat_map(|layer| {
        let items = layer.text.iter().flat_map(|item| item.as_slice());

        items.map(|text| (text, layer.bounds))
    });

    texts
        .filter_map(|(text, bounds)| read(text, bounds))
        .collect()
}

/// Returns the bounds of everything with a visible border.
pub(crate) fn edges(renderer: &mut Renderer) -> Vec<Rectangle> {
    let quads = renderer.layers().iter().flat_map(|layer| &layer.quads);

    quads
        .filter(|(quad, _)| quad.border.width > 0.0)
        .map(|(quad, _)| quad.bounds)
        .collect()
}

fn read(text: &Text, layer: Rectangle) -> Option<WrittenText> {
    // Screens have no other kind of text than paragraphs.
    let Text::Paragraph {
        paragraph,
        position,
        clip_bounds,
        ..
    } = text
    else {
        return None;
    };
    if !is_seen(text) {
        return None;
    }
    let shaped = paragraph.upgrade()?;
    let words: Vec<_> = shaped
        .buffer()
        .lines
        .iter()
        .map(|line| line.text().to_owned())
        .collect();
    let words = words.join(" ");
    if words.trim().is_empty() {
        return None;
    }

    Some(WrittenText {
        words,
        size: shaped.buffer().metrics().font_size,
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

/// An invisible widget that records on the frame that words were left out. Then no key can answer a question that
/// the screen does not show.
pub(crate) struct LeftOut;

impl<M> Widget<M, Theme, Renderer> for LeftOut {
    fn size(&self) -> Size<Length> {
        Size::new(Length::Fill, Length::Fill)
    }

    fn layout(
        &mut self,
        _tree: &mut Tree,
        _renderer: &Renderer,
        limits: &layout::Limits,
    ) -> layout::Node {
        layout::Node::new(limits.max())
    }

    fn draw(
        &self,
        _tree: &Tree,
        renderer: &mut Renderer,
        _theme: &Theme,
        _style: &advanced::renderer::Style,
        _layout: Layout<'_>,
        _cursor: mouse::Cursor,
        _viewport: &Rectangle,
    ) {
        renderer.note_left_out();
    }
}
