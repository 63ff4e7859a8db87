//! A minimal iced window that shows only a QR code on the full screen. `benches/side-by-side` compares the
//! display with this window.

use iced::widget::canvas::{self, Canvas, Frame, Geometry, Path};
use iced::{Color, Element, Length, Point, Rectangle, Renderer, Size, Theme, mouse, window};
use qrcode::QrCode;

/// A pay URL, as the platform on loopback makes it.
const URL: &str = "http://127.0.0.1:38787/pay/MhocUmpxxmgdHjr7DgKoKw";
/// The light border that scanners need, in modules.
const QUIET_ZONE: usize = 4;

fn main() -> iced::Result {
    iced::application(|| QrCode::new(URL).ok(), update, view)
        .window(window::Settings {
            size: Size::new(1920.0, 1080.0),
            position: window::Position::Specific(Point::ORIGIN),
            fullscreen: true,
            decorations: false,
            ..window::Settings::default()
        })
        .run()
}

fn update(_code: &mut Option<QrCode>, (): ()) {}

fn view(code: &Option<QrCode>) -> Element<'_, ()> {
    Canvas::new(Picture(code.as_ref()))
        .width(Length::Fill)
        .height(Length::Fill)
        .into()
}

struct Picture<'a>(Option<&'a QrCode>);

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
            frame.fill(&dark_modules(code, bounds.height), Color::BLACK);
        }

        vec![frame.into_geometry()]
    }
}

/// Returns the dark modules of a code that is as high as the window.
fn dark_modules(code: &QrCode, height: f32) -> Path {
    let width = code.width();
    let module = (height / (width + 2 * QUIET_ZONE) as f32).floor();

    Path::new(|path| {
        for (index, color) in code.to_colors().into_iter().enumerate() {
            if color == qrcode::Color::Dark {
                let [x, y] = [index % width, index / width]
                    .map(|place| (QUIET_ZONE + place) as f32 * module);
                path.rectangle(Point::new(x, y), Size::new(module, module));
            }
        }
    })
}
