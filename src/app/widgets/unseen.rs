//! Words that are prepared before they are seen.

use iced::advanced::layout::{self, Layout};
use iced::advanced::widget::Tree;
use iced::advanced::{self, Widget};
use iced::{Length, Rectangle, Size, Theme, mouse};

use crate::app::renderer::{Element, Renderer};

/// Takes the room of `content`, prepares its letters, and shows nothing of it. The renderer draws a letter for the first
/// time several times as slowly as later.
pub(crate) fn unseen<'a, Message: 'a>(
    content: impl Into<Element<'a, Message>>,
) -> Element<'a, Message> {
    Element::new(Unseen(content.into()))
}

/// Content that no one sees or touches.
struct Unseen<'a, Message>(Element<'a, Message>);

impl<Message> Widget<Message, Theme, Renderer> for Unseen<'_, Message> {
    fn children(&self) -> Vec<Tree> {
        vec![Tree::new(&self.0)]
    }

    fn diff(&self, tree: &mut Tree) {
        tree.diff_children(&[&self.0]);
    }

    fn size(&self) -> Size<Length> {
        self.0.as_widget().size()
    }

    fn layout(
        &mut self,
        tree: &mut Tree,
        renderer: &Renderer,
        limits: &layout::Limits,
    ) -> layout::Node {
        let content = self.0.as_widget_mut();

        content.layout(&mut tree.children[0], renderer, limits)
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut Renderer,
        theme: &Theme,
        style: &advanced::renderer::Style,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        let (content, tree) = (self.0.as_widget(), &tree.children[0]);
        renderer.unseen(|renderer| {
            content.draw(tree, renderer, theme, style, layout, cursor, viewport);
        });
    }
}
