//! Hides the pointer.
//!
//! A mouse area cannot hide the pointer over the buttons within it. So this widget wraps the whole content, and
//! passes on everything that does not concern the pointer's look.

use iced::advanced::layout::{self, Layout};
use iced::advanced::widget::tree::{self, Tree};
use iced::advanced::widget::{Operation, Widget};
use iced::advanced::{Clipboard, Shell, overlay, renderer};
use iced::{Event, Length, Rectangle, Size, Theme, Vector, mouse};

use crate::app::renderer::{Element, Renderer};

/// Wraps `content` so that no pointer is drawn over it.
pub(in crate::app) fn no_pointer<'a, Message: 'a>(
    content: impl Into<Element<'a, Message>>,
) -> Element<'a, Message> {
    Element::new(NoPointer(content.into()))
}

struct NoPointer<'a, Message>(Element<'a, Message>);

impl<Message> Widget<Message, Theme, Renderer> for NoPointer<'_, Message> {
    fn mouse_interaction(
        &self,
        _tree: &Tree,
        _layout: Layout<'_>,
        _cursor: mouse::Cursor,
        _viewport: &Rectangle,
        _renderer: &Renderer,
    ) -> mouse::Interaction {
        mouse::Interaction::Hidden
    }

    fn tag(&self) -> tree::Tag {
        self.0.as_widget().tag()
    }

    fn state(&self) -> tree::State {
        self.0.as_widget().state()
    }

    fn children(&self) -> Vec<Tree> {
        self.0.as_widget().children()
    }

    fn diff(&self, tree: &mut Tree) {
        self.0.as_widget().diff(tree);
    }

    fn size(&self) -> Size<Length> {
        self.0.as_widget().size()
    }

    fn size_hint(&self) -> Size<Length> {
        self.0.as_widget().size_hint()
    }

    fn layout(
        &mut self,
        tree: &mut Tree,
        renderer: &Renderer,
        limits: &layout::Limits,
    ) -> layout::Node {
        self.0.as_widget_mut().layout(tree, renderer, limits)
    }

    fn operate(
        &mut self,
        tree: &mut Tree,
        layout: Layout<'_>,
        renderer: &Renderer,
        operation: &mut dyn Operation,
    ) {
        self.0
            .as_widget_mut()
            .operate(tree, layout, renderer, operation);
    }

    fn update(
        &mut self,
        tree: &mut Tree,
        event: &Event,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        renderer: &Renderer,
        clipboard: &mut dyn Clipboard,
        shell: &mut Shell<'_, Message>,
        viewport: &Rectangle,
    ) {
        self.0.as_widget_mut().update(
            tree, event, layout, cursor, renderer, clipboard, shell, viewport,
        );
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut Renderer,
        theme: &Theme,
        style: &renderer::Style,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        self.0
            .as_widget()
            .draw(tree, renderer, theme, style, layout, cursor, viewport);
    }

    fn overlay<'b>(
        &'b mut self,
        tree: &'b mut Tree,
        layout: Layout<'b>,
        renderer: &Renderer,
        viewport: &Rectangle,
        translation: Vector,
    ) -> Option<overlay::Element<'b, Message, Theme, Renderer>> {
        self.0
            .as_widget_mut()
            .overlay(tree, layout, renderer, viewport, translation)
    }
}

#[cfg(test)]
mod tests {
    use iced::advanced::clipboard;
    use iced::widget::{button, container};
    use iced::{Fill, Font, Pixels, Point};
    use iced_runtime::user_interface::{Cache, State, UserInterface};

    use super::*;

    const SIZE: Size = Size::new(200.0, 100.0);
    const ON_THE_BUTTON: mouse::Cursor = mouse::Cursor::Available(Point::new(20.0, 20.0));

    fn screen<'a>() -> Element<'a, &'static str> {
        container(button("Cancel").width(100).height(50).on_press("cancelled"))
            .width(Fill)
            .height(Fill)
            .into()
    }

    /// Returns the look of the pointer at this place, and the messages of a click there.
    fn clicked(
        screen: Element<'_, &'static str>,
        cursor: mouse::Cursor,
    ) -> (mouse::Interaction, Vec<&'static str>) {
        let mut renderer = Renderer::new(Font::DEFAULT, Pixels(16.0));
        let mut said = Vec::new();
        let mut interface = UserInterface::build(screen, SIZE, Cache::new(), &mut renderer);
        let click = [
            mouse::Event::ButtonPressed(mouse::Button::Left),
            mouse::Event::ButtonReleased(mouse::Button::Left),
        ]
        .map(Event::Mouse);
        let (state, _) = interface.update(
            &click,
            cursor,
            &mut renderer,
            &mut clipboard::Null,
            &mut said,
        );
        let State::Updated {
            mouse_interaction, ..
        } = state
        else {
            panic!("the interface is outdated");
        };

        (mouse_interaction, said)
    }

    #[test]
    fn wrapped_button_hides_the_pointer() {
        let (plain, said) = clicked(screen(), ON_THE_BUTTON);
        assert_eq!(plain, mouse::Interaction::Pointer);
        assert_eq!(said, ["cancelled"]);

        let (wrapped, said) = clicked(no_pointer(screen()), ON_THE_BUTTON);
        assert_eq!(wrapped, mouse::Interaction::Hidden);
        assert_eq!(said, ["cancelled"]);
    }

    #[test]
    fn pointer_is_hidden_outside_of_buttons() {
        let beside = mouse::Cursor::Available(Point::new(180.0, 90.0));
        for cursor in [beside, mouse::Cursor::Unavailable] {
            let (interaction, said) = clicked(no_pointer(screen()), cursor);
            assert_eq!(interaction, mouse::Interaction::Hidden);
            assert!(said.is_empty());
        }
    }
}
