//! The pieces that all screens are made of.

use iced::widget::{Column, Row, Space, button, center, column, container, row, text};
use iced::{Alignment, Background, Border, Color, Element, Length, Padding, Size, Theme};

use super::choice::Choice;
use super::look::{Look, Surface};
use super::view::Strip;
use super::{Message, measure};
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

/// The amount: the largest text on every screen, of at most this size.
pub(super) fn amount<'a, M: 'a>(
    amount: Amount,
    largest: f32,
    look: &Look,
    width: f32,
    color: Color,
) -> Element<'a, M> {
    let words = amount.to_string();
    let size = look.fitted(&words, largest, width);

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

/// The choices as buttons: in as many rows as they need, or in a grid where it must be said what
/// comes of them.
pub(super) fn buttons<'a>(
    choices: &[Choice],
    look: &Look,
    surface: Surface,
    width: f32,
) -> Element<'a, Message> {
    if choices.iter().all(|choice| choice.explains.is_empty()) {
        let buttons = choices
            .iter()
            .map(|choice| choice_button(choice, look, surface));

        return wrapped(buttons, look);
    }
    let columns = if look.is_portrait() { 1 } else { 2 };
    let gap = look.space(1.2);
    let each = (width - gap * (columns - 1) as f32) / columns as f32;
    let rows = choices.chunks(columns).map(|choices| {
        let buttons = choices
            .iter()
            .map(|choice| explained(choice, look, surface, each));

        Row::with_children(buttons).spacing(gap).into()
    });

    Column::with_children(rows).spacing(gap).into()
}

/// A button with what comes of it below its label.
fn explained<'a>(
    choice: &Choice,
    look: &Look,
    surface: Surface,
    width: f32,
) -> Element<'a, Message> {
    let (ground, ink, edge) = colours(choice.main, surface);
    let (padding, gap) = (look.space(1.4), look.space(0.8));
    let key = choice.key.name();
    let cap = measure::room(&key, look.small(), 1.25, f32::INFINITY).width + look.space(1.2);
    let beside = width - 2.0 * padding - gap - cap;
    let size = |words: &str, largest: f32| measure::on_one_line(words, largest, beside);
    let line = |said: &'static str, largest: f32| {
        words(said, size(said, largest), ink).wrapping(text::Wrapping::None)
    };
    let content = row![
        column![
            line(choice.label, look.body()),
            line(choice.explains, look.small()),
        ]
        .width(Length::Fill),
        key_cap(key, look, ink)
    ]
    .spacing(gap)
    .align_y(Alignment::Center);

    touchable(
        container(content)
            .height(Length::Fill)
            .align_y(Alignment::Center),
        look,
        ground,
        edge,
    )
    .width(Length::Fixed(width))
    .height(Length::Fixed(look.touch().max(look.space(6.0))))
    .padding(Padding::ZERO.horizontal(padding))
    .on_press(choice.deed.message())
    .into()
}

/// The ground, the ink and the edge of a button; the main one stands out.
fn colours(main: bool, surface: Surface) -> (Color, Color, Color) {
    if main {
        (surface.action, surface.on_action, surface.action)
    } else {
        (surface.ground, surface.ink, surface.line)
    }
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
        .on_press(choice.deed.message())
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
    let (ground, ink, edge) = colours(main, surface);
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
    let mut items = Row::new()
        .spacing(look.space(2.0))
        .align_y(Alignment::Center);
    for part in [&strip.merchant, &strip.short_code, &strip.link]
        .into_iter()
        .flatten()
    {
        items = items.push(item(part.clone()));
    }
    if let Some(late) = &strip.late {
        items = items.push(late_payment(late, look.small(), look));
    }

    items.wrap().into()
}

/// A late payment of another sale, for the cashier: small, but on a ground of its own.
pub(super) fn late_payment<'a>(says: &str, size: f32, look: &Look) -> Element<'a, Message> {
    let surface = look.palette.late;
    let radius = look.space(0.4);

    container(words(says.to_owned(), size, surface.ink).wrapping(text::Wrapping::WordOrGlyph))
        .padding(Padding::ZERO.horizontal(look.space(0.8)))
        .style(move |_theme: &Theme| container::Style {
            background: Some(Background::Color(surface.ground)),
            border: Border {
                radius: radius.into(),
                ..Border::default()
            },
            ..container::Style::default()
        })
        .into()
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
