//! The code itself, drawn module by module on whole device pixels.

use std::sync::Arc;

use iced::advanced::graphics::geometry::Renderer as _;
use iced::advanced::layout::{self, Layout};
use iced::advanced::renderer::Renderer as _;
use iced::advanced::widget::tree::{self, Tree};
use iced::advanced::{self, Widget};
use iced::widget::canvas::{self, Path};
use iced::{Color, Length, Point, Rectangle, Size, Theme, Vector, mouse};

use super::{Element, Renderer};
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
pub(super) fn module_side(available: f32, modules: u32, scale_factor: f32) -> f32 {
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

    /// Black on white, whatever the theme: nothing else is read by every phone.
    fn paint(&self, frame: &mut canvas::Frame<Renderer>) {
        frame.fill_rectangle(Point::ORIGIN, frame.size(), Color::WHITE);
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
    }
}

/// The drawn code, kept while it stands: as one piece, since the renderer looks at every piece in
/// every frame.
#[derive(Default)]
struct Drawn {
    cache: canvas::Cache<Renderer>,
    of: Option<(Arc<Code>, f32)>,
}

impl<Message> Widget<Message, Theme, Renderer> for QrCode {
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<Drawn>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(Drawn::default())
    }

    fn size(&self) -> Size<Length> {
        Size::new(Length::Fixed(self.side()), Length::Fixed(self.side()))
    }

    fn layout(
        &mut self,
        tree: &mut Tree,
        _renderer: &Renderer,
        _limits: &layout::Limits,
    ) -> layout::Node {
        let drawn = tree.state.downcast_mut::<Drawn>();
        let wanted = Some((Arc::clone(&self.code), self.module));
        if drawn.of != wanted {
            drawn.cache.clear();
            drawn.of = wanted;
        }

        layout::Node::new(Size::new(self.side(), self.side()))
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
        let drawn = tree.state.downcast_ref::<Drawn>();
        let geometry = drawn
            .cache
            .draw(renderer, layout.bounds().size(), |frame| self.paint(frame));
        let whole = |length: f32| (length * self.scale_factor).round() / self.scale_factor;
        let origin = layout.position();
        let origin = Vector::new(whole(origin.x), whole(origin.y));

        renderer.with_translation(origin, |renderer| renderer.draw_geometry(geometry));
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
