//! A mark below a screen that cannot be seen: it notes on the frame that words were left out of it, so that no key answers
//! what is not asked.

use iced::advanced::layout::{self, Layout};
use iced::advanced::renderer;
use iced::advanced::widget::{Tree, Widget};
use iced::{Length, Rectangle, Size, Theme, mouse};

use super::Renderer;

pub(super) struct LeftOut;

impl<Message> Widget<Message, Theme, Renderer> for LeftOut {
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
        _style: &renderer::Style,
        _layout: Layout<'_>,
        _cursor: mouse::Cursor,
        _viewport: &Rectangle,
    ) {
        renderer.note_left_out();
    }
}
