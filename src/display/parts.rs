//! The pieces that all screens are made of.

use iced::widget::{Column, Row, Space, button, center, column, container, row, text};
use iced::{Alignment, Background, Border, Color, Element, Length, Padding, Size, Theme};

use super::Message;
use super::choice::Choice;
use super::look::{Look, Surface};
use super::symbol::{Shape, symbol};
use super::view::Strip;
use crate::money::Amount;

/// A full-size screen on its ground. The calm ground is the window's own: painted again, all of it
/// would be painted with every second of the countdown.
pub(super) fn screen<'a, M: 'a>(
    content: impl Into<Element<'a, M>>,
    look: &Look,
    surface: Surface,
) -> Element<'a, M> {
    let painted = surface.ground != look.palette.calm.ground;

    container(content)
        .width(Length::Fill)
        .height(Length::Fill)
        .style(move |_theme: &Theme| container::Style {
            background: painted.then_some(Background::Color(surface.ground)),
            text_color: Some(surface.ink),
            ..container::Style::default()
        })
        .into()
}

/// The amount: the largest text on every screen.
pub(super) fn amount<'a>(
    amount: Amount,
    look: &Look,
    width: f32,
    color: Color,
) -> Element<'a, Message> {
    let words = amount.to_string();
    let size = look.fitted(&words, look.space(9.5), width);

    text(words)
        .size(size)
        .line_height(1.05)
        .color(color)
        .wrapping(text::Wrapping::None)
        .into()
}

/// A line or more of words.
pub(super) fn words<'a>(
    words: impl text::IntoFragment<'a>,
    size: f32,
    color: Color,
) -> iced::widget::Text<'a> {
    text(words).size(size).line_height(1.25).color(color)
}

/// The choices as buttons, in as many rows as they need.
pub(super) fn buttons<'a>(
    choices: &[Choice],
    look: &Look,
    surface: Surface,
) -> Element<'a, Message> {
    wrapped(
        choices
            .iter()
            .map(|choice| choice_button(choice, look, surface)),
        look,
    )
}

/// Elements side by side, in as many rows as they need.
pub(super) fn wrapped<'a, M: 'a>(
    elements: impl IntoIterator<Item = Element<'a, M>>,
    look: &Look,
) -> Element<'a, M> {
    Row::with_children(elements)
        .spacing(look.space(1.2))
        .wrap()
        .vertical_spacing(look.space(1.2))
        .into()
}

fn choice_button<'a>(choice: &Choice, look: &Look, surface: Surface) -> Element<'a, Message> {
    labelled(choice.label, choice.key.name(), choice.main, look, surface)
        .on_press(Message::Asked(choice.command.clone()))
        .into()
}

/// A button that says what it does and which key does the same; the main one stands out.
pub(super) fn labelled<'a, M: Clone + 'a>(
    label: impl text::IntoFragment<'a>,
    key: String,
    main: bool,
    look: &Look,
    surface: Surface,
) -> iced::widget::Button<'a, M> {
    let (ground, ink, edge) = if main {
        (surface.action, surface.on_action, surface.action)
    } else {
        (surface.ground, surface.ink, surface.line)
    };
    let content = row![words(label, look.body(), ink), key_cap(key, look, ink)]
        .spacing(look.space(1.2))
        .align_y(Alignment::Center);

    touchable(center(content).width(Length::Shrink), look, ground, edge)
        .padding(Padding::ZERO.horizontal(look.space(2.0)))
}

/// Something to touch. It looks the same under a pointer as without: a touch leaves the pointer
/// where it was.
pub(super) fn touchable<'a, M: Clone + 'a>(
    content: impl Into<Element<'a, M>>,
    look: &Look,
    ground: Color,
    edge: Color,
) -> iced::widget::Button<'a, M> {
    let radius = look.radius();
    let line = look.space(0.15).max(1.0);

    button(content)
        .height(Length::Fixed(look.touch()))
        .style(move |_theme: &Theme, status| button::Style {
            background: Some(Background::Color(match status {
                button::Status::Pressed => Color { a: 0.7, ..ground },
                _ => ground,
            })),
            border: Border {
                color: edge,
                width: line,
                radius,
            },
            ..button::Style::default()
        })
}

/// The key that does the same as the button it stands on.
pub(super) fn key_cap<'a, M: 'a>(name: String, look: &Look, ink: Color) -> Element<'a, M> {
    let radius = look.space(0.4);

    container(words(name, look.small(), ink))
        .padding(
            Padding::ZERO
                .horizontal(look.space(0.6))
                .vertical(look.space(0.1)),
        )
        .style(move |_theme: &Theme| container::Style {
            border: Border {
                color: ink,
                width: 1.0,
                radius: radius.into(),
            },
            ..container::Style::default()
        })
        .into()
}

/// The strip for the cashier: merchant, short code and connection, in small letters.
pub(super) fn strip<'a>(strip: &Strip, look: &Look, surface: Surface) -> Element<'a, Message> {
    let item = |words_: String| words(words_, look.small(), surface.quiet);
    let mut items = Row::new().spacing(look.space(2.0));
    for part in [&strip.merchant, &strip.short_code, &strip.link]
        .into_iter()
        .flatten()
    {
        items = items.push(item(part.clone()));
    }

    items.wrap().into()
}

/// What a screen for an ending, or for a wait, says.
pub(super) struct Notice<'a> {
    /// The shape that says what happened.
    pub shape: Shape,
    /// The sum, where there is one.
    pub amount: Option<Amount>,
    /// What happened.
    pub headline: &'a str,
    /// What to know or do, for the customer first.
    pub lines: Vec<String>,
    /// What the cashier needs in addition.
    pub detail: Vec<String>,
}

/// The shape is as large as what has to stand beside or below it allows.
fn symbol_side(choices: &[Choice], look: &Look) -> f32 {
    look.space(match (look.is_portrait(), choices.len()) {
        (true, 0..=2) => 20.0,
        (true, _) => 11.0,
        (false, _) => 18.0,
    })
}

/// Draws a notice: shape, amount, what happened, what to do, buttons, strip.
pub(super) fn notice<'a>(
    notice: Notice<'_>,
    choices: &[Choice],
    line: &Strip,
    look: &Look,
    surface: Surface,
) -> Element<'a, Message> {
    let margin = look.space(3.0);
    let symbol_side = symbol_side(choices, look);
    let beside = !look.is_portrait();
    let text_width = if beside {
        look.size.width - 3.0 * margin - symbol_side
    } else {
        look.size.width - 2.0 * margin
    };

    let mut says = Column::new().spacing(look.space(0.9));
    if let Some(sum) = notice.amount {
        says = says.push(amount(sum, look, text_width, surface.ink));
    }
    says = says.push(words(
        notice.headline.to_owned(),
        look.headline(),
        surface.ink,
    ));
    for said in notice.lines {
        says = says.push(words(said, look.body(), surface.quiet));
    }
    for said in notice.detail {
        says = says.push(words(said, look.small(), surface.quiet));
    }
    let shape = symbol(notice.shape, surface.ink, symbol_side);
    let body: Element<'a, Message> = if beside {
        row![shape, says.width(Length::Fixed(text_width))]
            .spacing(margin)
            .align_y(Alignment::Center)
            .into()
    } else {
        column![shape, says.width(Length::Fixed(text_width))]
            .spacing(margin)
            .into()
    };
    let foot = column![buttons(choices, look, surface), strip(line, look, surface),]
        .spacing(look.space(1.4));

    screen(
        column![
            container(body)
                .height(Length::Fill)
                .align_y(Alignment::Center),
            foot,
        ]
        .spacing(look.space(1.4))
        .padding(Padding {
            top: look.space(2.0),
            right: margin,
            bottom: look.space(1.6),
            left: margin,
        }),
        look,
        surface,
    )
}

/// A bar that is full at 1 and empty at 0.
pub(super) fn bar<'a>(
    share: f32,
    width: f32,
    look: &Look,
    surface: Surface,
) -> Element<'a, Message> {
    let height = look.space(0.8);
    let full = (width * share.clamp(0.0, 1.0)).round();
    let block = move |width: f32, color: Color| {
        container(Space::new())
            .width(Length::Fixed(width))
            .height(Length::Fixed(height))
            .style(move |_theme: &Theme| container::Style {
                background: Some(Background::Color(color)),
                ..container::Style::default()
            })
    };

    row![
        block(full, surface.action),
        block((width - full).max(0.0), surface.line)
    ]
    .into()
}

/// The part of the screen that is left below a band of this height.
pub(super) fn below_band(look: Look, band: f32) -> Look {
    look.within(Size::new(look.size.width, look.size.height - band))
}
