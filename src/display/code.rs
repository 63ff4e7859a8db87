//! The code itself, drawn module by module on whole device pixels.

use std::sync::Arc;

use iced::advanced::layout::{self, Layout};
use iced::advanced::renderer::{self, Quad};
use iced::advanced::widget::{Tree, Widget};
use iced::{Color, Element, Length, Point, Rectangle, Size, mouse};

use crate::qr::Code;

/// A code as large as fits into a square of `available` logical pixels.
pub(super) fn code<'a, Message: 'a>(
    code: &Arc<Code>,
    available: f32,
    scale_factor: f32,
) -> Element<'a, Message> {
    Element::new(QrCode {
        module: module_side(available, code.modules(), scale_factor),
        code: Arc::clone(code),
        scale_factor,
    })
}

/// The largest side of a module, in logical pixels, that is a whole number of device pixels.
fn module_side(available: f32, modules: u32, scale_factor: f32) -> f32 {
    let pixels = (available * scale_factor / modules as f32).floor();

    pixels.max(1.0) / scale_factor
}

struct QrCode {
    code: Arc<Code>,
    /// The side of a module, in logical pixels.
    module: f32,
    scale_factor: f32,
}

impl QrCode {
    fn side(&self) -> f32 {
        self.module * self.code.modules() as f32
    }
}

impl<Message, Theme, Renderer: renderer::Renderer> Widget<Message, Theme, Renderer> for QrCode {
    fn size(&self) -> Size<Length> {
        Size::new(Length::Fixed(self.side()), Length::Fixed(self.side()))
    }

    fn layout(
        &mut self,
        _tree: &mut Tree,
        _renderer: &Renderer,
        _limits: &layout::Limits,
    ) -> layout::Node {
        layout::Node::new(Size::new(self.side(), self.side()))
    }

    /// Black on white, whatever the theme: nothing else is read by every phone.
    fn draw(
        &self,
        _tree: &Tree,
        renderer: &mut Renderer,
        _theme: &Theme,
        _style: &renderer::Style,
        layout: Layout<'_>,
        _cursor: mouse::Cursor,
        _viewport: &Rectangle,
    ) {
        let whole = |length: f32| (length * self.scale_factor).round() / self.scale_factor;
        let bounds = layout.bounds();
        let origin = Point::new(whole(bounds.x), whole(bounds.y));
        let mut fill = |origin: Point, size: Size, color: Color| {
            let quad = Quad {
                bounds: Rectangle::new(origin, size),
                snap: true,
                ..Quad::default()
            };
            renderer.fill_quad(quad, color);
        };

        fill(origin, Size::new(self.side(), self.side()), Color::WHITE);
        for run in self.code.dark_runs() {
            let at = Point::new(
                origin.x + run.x as f32 * self.module,
                origin.y + run.y as f32 * self.module,
            );
            let size = Size::new(run.length as f32 * self.module, self.module);
            fill(at, size, Color::BLACK);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_module_has_the_same_whole_number_of_device_pixels() {
        for (available, scale_factor) in [(480.0, 1.0), (1080.0, 1.0), (540.0, 2.0), (720.0, 1.5)] {
            let pixels = module_side(available, 37, scale_factor) * scale_factor;
            assert!((pixels - pixels.round()).abs() < 1e-3, "{pixels}");
            assert!(pixels >= 4.0, "{pixels}");
            assert!(pixels * 37.0 <= available * scale_factor, "{pixels}");
        }
    }
}
