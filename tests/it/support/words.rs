//! Reads the texts of a screen.

use iced::advanced::renderer::Headless;
use iced::advanced::widget::Operation;
use iced::{Font, Pixels, Rectangle, Size};
use iced_runtime::user_interface::{Cache, UserInterface};
use patron_display::app::SaleDisplay;
use patron_display::app::renderer::Renderer;

/// Returns every text that a screen of this size shows now, one per line.
pub(crate) async fn on(display: &SaleDisplay, size: Size<u32>) -> String {
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

/// Insists that `text` contains `part`.
#[track_caller]
pub(crate) fn assert_has(text: &str, part: &str) {
    assert!(text.contains(part), "{part:?} is not in:\n{text}");
}
