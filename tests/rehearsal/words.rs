//! What a screen says, word for word.

use iced::advanced::renderer::Headless;
use iced::advanced::widget::Operation;
use iced::{Font, Pixels, Rectangle, Size};
use iced_runtime::user_interface::{Cache, UserInterface};
use patron_display::display::Display;
use patron_display::display::renderer::Renderer;

/// Every text on the present screen of this size, a line each.
pub(crate) async fn on(display: &Display, size: Size<u32>) -> String {
    let mut renderer = <Renderer as Headless>::new(Font::DEFAULT, Pixels(16.0), None)
        .await
        .unwrap();
    #[allow(clippy::cast_precision_loss, reason = "a screen is not that large")]
    let size = Size::new(size.width as f32, size.height as f32);
    let mut interface = UserInterface::build(display.view(), size, Cache::new(), &mut renderer);
    let mut words = Words::default();
    interface.operate(&renderer, &mut words);

    words.0.join("\n")
}

#[derive(Default)]
struct Words(Vec<String>);

impl Operation for Words {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }

    fn text(&mut self, _id: Option<&iced::advanced::widget::Id>, _bounds: Rectangle, text: &str) {
        if !text.is_empty() {
            self.0.push(text.to_owned());
        }
    }
}
