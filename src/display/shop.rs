//! Who sells: the shop's logo and its name.

use std::sync::Arc;

use iced::widget::canvas::{self, Cache, Canvas, Frame, Geometry, Image};
use iced::widget::{Row, container};
use iced::{Alignment, Background, Border, Color, Length, Point, Rectangle, Size, Theme, mouse};

use super::look::Look;
use super::{Element, Renderer, parts};
use crate::locale::Words;
use crate::logo::Logo;

/// A logo is this much higher than the name beside it.
const HEIGHT_OF_NAME: f32 = 1.5;
/// The white around a logo, in parts of its height: most are made for white paper.
const MARGIN: f32 = 0.12;

/// The logo, where there is one, and the name in letters of this size at most, in this width. A name that would get
/// smaller than what is read takes up to so many lines.
pub(super) fn shop<'a, M: 'a>(
    name: Words,
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

/// The logo alone, as large as this room has it; `None` where the shop has none.
pub(super) fn logo<'a, M: 'a>(
    room: Size,
    scale_factor: f32,
    look: &Look,
) -> Option<Element<'a, M>> {
    let white = 1.0 + 2.0 * MARGIN;
    let inner = Size::new(room.width / white, room.height / white);
    let (mark, size) = sized(look.shop_logo.as_ref()?, inner, scale_factor);

    Some(chip(mark, size, look))
}

/// The logo with the size that it has in this room, in logical pixels.
fn sized(logo: &Arc<Logo>, room: Size, scale_factor: f32) -> (Mark, Size) {
    let pixels = |length: f32| (length * scale_factor).round().max(1.0) as u32;
    let (width, height) = logo.size_in(pixels(room.width), pixels(room.height));
    let size = Size::new(width as f32 / scale_factor, height as f32 / scale_factor);
    let mark = Mark {
        logo: Arc::clone(logo),
        width,
        height,
    };

    (mark, size)
}

/// A logo on white.
fn chip<'a, M: 'a>(logo: Mark, size: Size, look: &Look) -> Element<'a, M> {
    let radius = look.space(0.4);

    container(
        Canvas::new(logo)
            .width(Length::Fixed(size.width))
            .height(Length::Fixed(size.height)),
    )
    .padding((size.height * MARGIN).round())
    .style(move |_theme: &Theme| container::Style {
        background: Some(Background::Color(Color::WHITE)),
        border: Border {
            radius: radius.into(),
            ..Border::default()
        },
        ..container::Style::default()
    })
    .into()
}

/// A logo of so many device pixels.
struct Mark {
    logo: Arc<Logo>,
    width: u32,
    height: u32,
}

impl<M> canvas::Program<M, Theme, Renderer> for Mark {
    type State = Cache<Renderer>;

    fn draw(
        &self,
        cache: &Cache<Renderer>,
        renderer: &Renderer,
        _theme: &Theme,
        bounds: Rectangle,
        _cursor: mouse::Cursor,
    ) -> Vec<Geometry<Renderer>> {
        vec![cache.draw(renderer, bounds.size(), |frame| {
            let drawn = self.logo.raster(self.width, self.height);
            let handle =
                iced::advanced::image::Handle::from_rgba(self.width, self.height, drawn.into_raw());
            paint(frame, Image::new(handle), bounds.size());
        })]
    }
}

fn paint(frame: &mut Frame<Renderer>, logo: Image, size: Size) {
    frame.draw_image(Rectangle::new(Point::ORIGIN, size), logo);
}
