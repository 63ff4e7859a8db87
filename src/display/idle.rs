//! Nobody is served: whose shop this is, in the shop's own languages, and nothing that a customer could
//! take for a question.

use iced::widget::{Space, center, column, container, text};
use iced::{Alignment, Background, Border, Length, Padding, Size, Theme};

use super::look::Look;
use super::shop;
use super::{Column, Element};
use super::{Message, measure, parts};
use crate::locale::{Phrase, Said};

/// What the idle screen says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Idle {
    /// The shop.
    pub name: String,
    /// The time of day, where it is shown.
    pub clock: Option<String>,
}

/// Draws it: the logo, the name and a welcome in the middle, the clock at the foot.
pub(super) fn view<'a>(idle: &Idle, look: &Look) -> Element<'a, Message> {
    let surface = look.palette.calm;
    let margin = look.space(4.0);
    let width = look.size.width - 2.0 * margin;
    let logo = shop::logo::<Message>(
        Size::new(width * 0.7, look.size.height * 0.34),
        look.scale_factor,
        look,
    );
    let largest = look.letters(if logo.is_some() { 5.0 } else { 8.0 });
    let mut middle = Column::new().align_x(Alignment::Center);
    if let Some(logo) = logo {
        middle = middle.push(logo).push(gap(look.space(3.4)));
    }
    middle = middle
        .push(name(&idle.name, largest, width, look))
        .push(gap(look.space(2.4)))
        .push(rule(look))
        .push(gap(look.space(2.2)));
    let welcomes = look.tongue.say_in_all(&Phrase::Welcome.into());
    for (index, welcome) in welcomes.into_iter().enumerate() {
        let largest = look.letters(if index == 0 { 3.2 } else { 2.6 });
        middle = middle.push(parts::line(welcome, largest, width, surface.quiet));
    }
    // As high as the foot, so that the middle is the screen's own.
    let edge = look.letters(2.6) * 1.25;
    let clock: Element<'a, Message> = match &idle.clock {
        Some(clock) => parts::letters(clock, look.letters(2.6), surface.quiet).into(),
        None => Space::new().into(),
    };
    let screen = column![
        gap(edge),
        center(middle),
        container(clock)
            .height(Length::Fixed(edge))
            .width(Length::Fill)
            .align_x(Alignment::Center),
    ]
    .padding(Padding::from([look.space(2.0), margin]));

    parts::screen(screen, look, surface)
}

/// The name on one line, or on more where it would get small.
fn name<'a>(name: &str, largest: f32, width: f32, look: &Look) -> Element<'a, Message> {
    let words = look.say(Said::verbatim(name));
    let smallest = largest * 0.6;
    let on_one_line = measure::on_one_line(&words, largest, width);
    let size = on_one_line.max(measure::unbroken(&words, smallest, width));
    let broken_at = measure::balanced(&words, size, 1.25, width);

    parts::words(words, size, look.palette.calm.ink)
        .width(Length::Fixed(broken_at.ceil()))
        .align_x(text::Alignment::Center)
        .wrapping(text::Wrapping::WordOrGlyph)
        .into()
}

/// A short line in the shop's own colour.
fn rule<'a>(look: &Look) -> Element<'a, Message> {
    let colour = look.palette.calm.action;
    let height = look.space(0.5);

    container(Space::new())
        .width(Length::Fixed(look.space(9.0)))
        .height(Length::Fixed(height))
        .style(move |_theme: &Theme| container::Style {
            background: Some(Background::Color(colour)),
            border: Border {
                radius: (height / 2.0).into(),
                ..Border::default()
            },
            ..container::Style::default()
        })
        .into()
}

fn gap(height: f32) -> Space {
    Space::new().height(Length::Fixed(height))
}
