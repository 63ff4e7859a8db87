//! The widget of the code, drawn module by module on whole device pixels.

use std::sync::Arc;

use iced::advanced::graphics::geometry::Renderer as _;
use iced::advanced::image::{FilterMethod, Handle};
use iced::advanced::layout::{self, Layout};
use iced::advanced::renderer::Renderer as _;
use iced::advanced::widget::tree::{self, Tree};
use iced::advanced::{self, Widget};
use iced::widget::canvas::{self, Image, Path};
use iced::{Color, Length, Point, Rectangle, Size, Theme, Vector, mouse};

use crate::app::platform::sight::Placed;
use crate::app::renderer::{Element, Renderer};
use crate::qr::Code;

/// Draws a code in the middle of a square of `available` logical pixels, as large as fits. The square must be white.
pub(crate) fn code<'a, Message: 'a>(
    code: &Arc<Code>,
    available: f32,
    scale_factor: f32,
) -> Element<'a, Message> {
    Element::new(QrCode {
        square: available,
        module: module_side(available, code, scale_factor),
        code: Arc::clone(code),
        scale_factor,
    })
}

/// Returns the largest side of a module, in logical pixels, that is a whole number of device pixels.
pub(crate) fn module_side(available: f32, code: &Code, scale_factor: f32) -> f32 {
    // Dividing may have made a whole number of device pixels slightly smaller.
    let room = available.mul_add(scale_factor, 0.01).max(0.0) as u32;

    code.pixels_in(room) as f32 / scale_factor
}

struct QrCode {
    code: Arc<Code>,
    /// The side of the square around the code, in logical pixels. All of it is drawn at once, because the renderer is
    /// slow at the edge of a part that is drawn alone.
    square: f32,
    /// The side of a module, in logical pixels.
    module: f32,
    scale_factor: f32,
}

impl QrCode {
    fn side(&self) -> f32 {
        self.module * self.code.modules() as f32
    }

    /// Returns the distance from the square's edge to the code: whole device pixels, in logical pixels.
    fn inset(&self) -> f32 {
        // Dividing may have made a whole number of device pixels slightly smaller.
        let room = (self.square - self.side()).max(0.0) * self.scale_factor;

        (room / 2.0 + 0.01).floor() / self.scale_factor
    }

    /// Returns the code, drawn in a square at `origin`, with its place in the window in device pixels.
    fn placed(&self, origin: Vector) -> Placed {
        let device = |length: f32| (length * self.scale_factor).round();

        Placed {
            code: Arc::clone(&self.code),
            place: Rectangle {
                x: device(origin.x + self.inset()),
                y: device(origin.y + self.inset()),
                width: device(self.side()),
                height: device(self.side()),
            },
        }
    }

    /// Draws the code black in every theme, because some phones cannot read other colours.
    fn paint(&self, frame: &mut canvas::Frame<Renderer>) {
        frame.translate(Vector::new(self.inset(), self.inset()));
        let dark = Path::new(|path| {
            for run in self.code.dark_runs() {
                let at = Point::new(run.x as f32, run.y as f32);
                path.rectangle(
                    Point::new(at.x * self.module, at.y * self.module),
                    Size::new(run.length as f32 * self.module, self.module),
                );
            }
        });
        frame.fill(&dark, Color::BLACK);
        self.paint_logo(frame);
    }

    /// Draws the logo with the same pixels as in the picture from which the code was proven.
    fn paint_logo(&self, frame: &mut canvas::Frame<Renderer>) {
        // The renderer cuts off the fraction of a position, and rounding errors can make a whole number slightly
        // smaller.
        const INTO_THE_PIXEL: f32 = 0.25;
        let scale = (self.module * self.scale_factor).round() as u32;
        let Some((emblem, clearing)) = self.code.emblem(scale).zip(self.code.clearing()) else {
            return;
        };
        let start = clearing.start as f32 * self.module + INTO_THE_PIXEL / self.scale_factor;
        let side = clearing.side as f32 * self.module;
        let (width, height) = emblem.dimensions();
        let handle = Handle::from_rgba(width, height, emblem.into_raw());

        frame.draw_image(
            Rectangle::new(Point::new(start, start), Size::new(side, side)),
            Image::new(handle).filter_method(FilterMethod::Nearest),
        );
    }
}

/// The drawn code, cached as one piece, because the renderer visits every piece in every frame.
#[derive(Default)]
struct CachedCode {
    cache: canvas::Cache<Renderer>,
    of: Option<(Arc<Code>, f32, f32)>,
}

impl<Message> Widget<Message, Theme, Renderer> for QrCode {
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<CachedCode>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(CachedCode::default())
    }

    fn size(&self) -> Size<Length> {
        Size::new(Length::Fixed(self.square), Length::Fixed(self.square))
    }

    fn layout(
        &mut self,
        tree: &mut Tree,
        _renderer: &Renderer,
        _limits: &layout::Limits,
    ) -> layout::Node {
        let drawn = tree.state.downcast_mut::<CachedCode>();
        let wanted = Some((Arc::clone(&self.code), self.module, self.square));
        if drawn.of != wanted {
            drawn.cache.clear();
            drawn.of = wanted;
        }

        layout::Node::new(Size::new(self.square, self.square))
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut Renderer,
        _theme: &Theme,
        _style: &advanced::renderer::Style,
        layout: Layout<'_>,
        _cursor: mouse::Cursor,
        _viewport: &Rectangle,
    ) {
        let drawn = tree.state.downcast_ref::<CachedCode>();
        let geometry = drawn
            .cache
            .draw(renderer, layout.bounds().size(), |frame| self.paint(frame));
        let whole = |length: f32| (length * self.scale_factor).round() / self.scale_factor;
        let origin = layout.position();
        let origin = Vector::new(whole(origin.x), whole(origin.y));

        renderer.note_code(self.placed(origin));
        renderer.with_translation(origin, |renderer| renderer.draw_geometry(geometry));
    }
}

#[cfg(test)]
mod tests;
