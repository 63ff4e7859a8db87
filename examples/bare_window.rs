//! A minimal iced window that shows a QR code and the words beside it on the full screen. Each line on standard input
//! inverts the picture, so that every pixel changes. `benches/real-line` compares the display with this window.

use std::io;
use std::thread;

use iced::futures::Stream;
use iced::futures::channel::mpsc;
use iced::widget::canvas::{self, Canvas, Frame, Geometry, Path};
use iced::{
    Color, Element, Length, Point, Rectangle, Renderer, Size, Subscription, Theme, mouse, window,
};
use qrcode::QrCode;

/// A pay URL, as the platform on loopback makes it.
const URL: &str = "http://127.0.0.1:38787/pay/MhocUmpxxmgdHjr7DgKoKw";
/// The light border that scanners need, in modules.
const QUIET_ZONE: usize = 4;
/// The words of the display on the same screen, each with the height of its place and its size.
const WORDS: [(&str, f32, f32); 6] = [
    ("Centrapay Café", 40.0, 50.0),
    ("$12.50", 110.0, 270.0),
    ("Scan to pay", 405.0, 99.0),
    ("with Payap or your phone’s camera", 535.0, 50.0),
    ("1:45 left to pay", 812.0, 50.0),
    ("CP-C7F-ZS5", 961.0, 38.0),
];
/// The distance from the code's square to the words.
const MARGIN: f32 = 40.0;

fn main() -> iced::Result {
    iced::application(Picture::new, update, view)
        .subscription(|_| Subscription::run(lines))
        .window(window::Settings {
            size: Size::new(1920.0, 1080.0),
            position: window::Position::Specific(Point::ORIGIN),
            fullscreen: true,
            decorations: false,
            ..window::Settings::default()
        })
        .run()
}

/// A line was read from standard input.
#[derive(Debug, Clone, Copy)]
struct LineRead;

fn lines() -> impl Stream<Item = LineRead> {
    let (tell, told) = mpsc::unbounded();
    thread::spawn(move || {
        for _ in io::stdin().lines().map_while(Result::ok) {
            // Ignores an error: the window has closed.
            let _ = tell.unbounded_send(LineRead);
        }
    });

    told
}

struct Picture {
    code: Option<QrCode>,
    is_inverted: bool,
}

impl Picture {
    fn new() -> Self {
        Self {
            code: QrCode::new(URL).ok(),
            is_inverted: false,
        }
    }
}

fn update(picture: &mut Picture, LineRead: LineRead) {
    picture.is_inverted = !picture.is_inverted;
}

fn view(picture: &Picture) -> Element<'_, LineRead> {
    Canvas::new(picture)
        .width(Length::Fill)
        .height(Length::Fill)
        .into()
}

impl canvas::Program<LineRead> for &Picture {
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
        let (light, dark) = if self.is_inverted {
            (Color::BLACK, Color::WHITE)
        } else {
            (Color::WHITE, Color::BLACK)
        };
        frame.fill_rectangle(Point::ORIGIN, bounds.size(), light);
        if let Some(code) = &self.code {
            frame.fill(&dark_modules(code, bounds.height), dark);
        }

        for (words, y, size) in WORDS {
            frame.fill_text(canvas::Text {
                content: words.to_owned(),
                position: Point::new(bounds.height + MARGIN, y),
                color: dark,
                size: size.into(),
                ..canvas::Text::default()
            });
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
