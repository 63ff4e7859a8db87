//! Who is meant by the words of a notice, beside these.

use iced::widget::container;
use iced::{Alignment, Border, Length, Theme};

use crate::display::look::Look;
use crate::display::palette::Surface;
use crate::display::{Element, Message, measure, parts};
use crate::locale::Phrase;

/// The width of a label.
pub(super) fn label_width(look: &Look) -> f32 {
    look.space(8.4)
}

/// The gap between a label and the words beside it.
pub(super) fn label_gap(look: &Look) -> f32 {
    look.space(1.2)
}

/// Who is meant, beside the first line that is meant for them.
pub(super) fn label_of<'a>(
    label: Option<Phrase>,
    height: f32,
    look: &Look,
    surface: Surface,
) -> Element<'a, Message> {
    let room = container(label.map(|label| chip(label, height, look, surface)))
        .width(Length::Fixed(label_width(look)))
        .height(Length::Fixed(height));

    room.align_y(Alignment::Center).into()
}

fn chip<'a>(label: Phrase, height: f32, look: &Look, surface: Surface) -> Element<'a, Message> {
    // How much of a line its letters are.
    const LETTERS: f32 = 0.75;
    let radius = look.space(0.4);
    let words = look.say(label);
    let largest = look.space(1.6).min(height * LETTERS);
    let size = measure::on_one_line(&words, largest, label_width(look) - look.space(0.8));

    container(parts::words(words, size, surface.ink))
        .width(Length::Fill)
        .align_x(Alignment::Center)
        .style(move |_theme: &Theme| container::Style {
            border: Border {
                color: surface.ink,
                width: 1.0,
                radius: radius.into(),
            },
            ..container::Style::default()
        })
        .into()
}
