//! The shop's logo and its name.

use std::sync::Arc;

use iced::widget::canvas::{self, Cache, Canvas, Frame, Geometry, Image};
use iced::widget::{Row, container};
use iced::{Alignment, Color, Rectangle, Size, Theme, mouse};

use crate::app::renderer::{Element, Renderer};
use crate::app::theme::look::Look;
use crate::app::widgets::parts;
use crate::locale::TranslatedText;
use crate::qr::Logo;

/// The height of a logo as a multiple of the name's text size.
const HEIGHT_OF_NAME: f32 = 1.5;
/// The white margin of a logo as a share of its height. Most logos are made for white paper.
const MARGIN: f32 = 0.12;

/// Draws the logo, if there is one, and the name in text of at most `size`. If the name would be too small to read
/// on one line, it takes up to `lines` lines.
pub(crate) fn shop<'a, M: 'a>(
    name: TranslatedText,
    size: f32,
    width: f32,
    ink: Color,
    look: &Look,
    lines: u32,
) -> Element<'a, M> {
    let gap = size * 0.5;
    let logo = look.shop_logo.as_ref().map(|logo| {
        let height = size * HEIGHT_OF_NAME;

        sized(logo, Size::new(width / 2.0, height), look.scale_factor)
    });
    let taken = logo.as_ref().map_or(0.0, |(_, size)| {
        size.width + 2.0 * MARGIN * size.height + gap
    });
    let chip = logo.map(|(logo, size)| chip(logo, size, look));

    Row::new()
        .push(chip)
        .push(parts::name(name, size, width - taken, ink, look, lines))
        .spacing(gap)
        .align_y(Alignment::Center)
        .into()
}

/// Draws the logo alone, in the largest size that fits; `None` if the shop has no logo.
pub(crate) fn logo<'a, M: 'a>(
    room: Size,
    scale_factor: f32,
    look: &Look,
) -> Option<Element<'a, M>> {
    let white = 1.0 + 2.0 * MARGIN;
    let inner = Size::new(room.width / white, room.height / white);
    let (sized, size) = sized(look.shop_logo.as_ref()?, inner, scale_factor);

    Some(chip(sized, size, look))
}

/// Returns the logo, and its size in this room in logical pixels.
fn sized(logo: &Arc<Logo>, room: Size, scale_factor: f32) -> (SizedLogo, Size) {
    let pixels = |length: f32| (length * scale_factor).round().max(1.0) as u32;
    let (width, height) = logo.size_in(pixels(room.width), pixels(room.height));
    let size = Size::new(width as f32 / scale_factor, height as f32 / scale_factor);
    let sized = SizedLogo {
        logo: Arc::clone(logo),
        width,
        height,
    };

    (sized, size)
}

/// A logo on white.
fn chip<'a, M: 'a>(logo: SizedLogo, size: Size, look: &Look) -> Element<'a, M> {
    let radius = look.space(0.4);

    container(Canvas::new(logo).width(size.width).height(size.height))
        .padding((size.height * MARGIN).round())
        .style(move |_theme: &Theme| parts::filled(Color::WHITE, radius))
        .into()
}

/// A logo with its size in device pixels.
struct SizedLogo {
    logo: Arc<Logo>,
    width: u32,
    height: u32,
}

impl<M> canvas::Program<M, Theme, Renderer> for SizedLogo {
    type State = Cache<Renderer>;

    fn draw(
        &self,
        cache: &Cache<Renderer>,
        renderer: &Renderer,
        _theme: &Theme,
        bounds: Rectangle,
        _cursor: mouse::Cursor,
    ) -> Vec<Geometry<Renderer>> {
        vec![
            cache.draw(renderer, bounds.size(), |frame: &mut Frame<Renderer>| {
                let drawn = self.logo.raster(self.width, self.height);
                let handle = iced::advanced::image::Handle::from_rgba(
                    self.width,
                    self.height,
                    drawn.into_raw(),
                );
                frame.draw_image(Rectangle::with_size(bounds.size()), Image::new(handle));
            }),
        ]
    }
}
