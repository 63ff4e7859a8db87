//! The least that iced can do: a full-screen window with a QR code and nothing else. What the
//! display is measured against by `cargo bench --bench first_code`.

use std::sync::Arc;

use iced::widget::canvas::{self, Canvas, Frame, Geometry, Path};
use iced::{Color, Element, Length, Point, Rectangle, Renderer, Size, Theme, mouse, window};
use patron_display::qr::Code;

fn main() -> iced::Result {
    let code = Code::proven("http://127.0.0.1:8787/pay/MhocUmpxxmgdHjr7DgKoKw")
        .ok()
        .map(Arc::new);

    iced::application(move || code.clone(), update, view)
        .window(window::Settings {
            size: Size::new(1920.0, 1080.0),
            position: window::Position::Specific(Point::ORIGIN),
            fullscreen: true,
            ..window::Settings::default()
        })
        .run()
}

fn update(_code: &mut Option<Arc<Code>>, (): ()) {}

fn view(code: &Option<Arc<Code>>) -> Element<'_, ()> {
    Canvas::new(Picture(code.as_deref()))
        .width(Length::Fill)
        .height(Length::Fill)
        .into()
}

struct Picture<'a>(Option<&'a Code>);

impl canvas::Program<()> for Picture<'_> {
    type State = ();

    fn draw(
        &self,
        (): &(),
        renderer: &Renderer,
        _theme: &Theme,
        bounds: Rectangle,
        _cursor: mouse::Cursor,
    ) -> Vec<Geometry> {
        let mut frame = Frame::new(renderer, bounds.size());
        frame.fill_rectangle(Point::ORIGIN, bounds.size(), Color::WHITE);
        if let Some(code) = self.0 {
            #[allow(clippy::cast_precision_loss)]
            let module = (bounds.height / code.modules() as f32).floor();
            let dark = Path::new(|path| {
                for run in code.dark_runs() {
                    #[allow(clippy::cast_precision_loss)]
                    let [x, y, length] = [run.x, run.y, run.length].map(|side| side as f32);
                    path.rectangle(
                        Point::new(x * module, y * module),
                        Size::new(length * module, module),
                    );
                }
            });
            frame.fill(&dark, Color::BLACK);
        }

        vec![frame.into_geometry()]
    }
}
