//! The pieces that all screens are made of.

use iced::widget::{Space, Stack, button, center, container, row, text};
use iced::{Alignment, Background, Border, Color, Length, Padding, Size, Theme};

use super::choice::Choice;
use super::left_out::LeftOut;
use super::look::{Look, font};
use super::palette::Surface;
use super::view::Strip;
use super::{Button, Column, Element, Row, Text};
use super::{Message, measure};
use crate::locale::{Phrase, Words};
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
    let sum = look.say(amount);
    let size = measure::on_one_line(&sum, largest, width);

    words(sum, size, color)
        .line_height(1.05)
        .wrapping(text::Wrapping::None)
        .into()
}

/// A line or more of words.
pub(super) fn words<'a>(words: Words, size: f32, color: Color) -> Text<'a> {
    text(words.text)
        .font(font(words.language))
        .size(measure::letters_of(size))
        .line_height(1.25)
        .color(color)
}

/// Letters that are no language's: a key's, a short code.
pub(super) fn letters<'a>(letters: &str, size: f32, color: Color) -> Text<'a> {
    words(measure::letters(letters), size, color)
}

/// Words on one line of at most this width, in letters of at most this size.
pub(super) fn line<'a>(line: Words, largest: f32, width: f32, color: Color) -> Text<'a> {
    let size = measure::on_one_line(&line, largest, width);

    words(line, size, color).wrapping(text::Wrapping::None)
}

/// A name in letters of at most this size, and never smaller than what a cashier reads: it takes up to so many lines of
/// this width, and is cut where that is too little.
pub(super) fn name<'a>(
    name: Words,
    largest: f32,
    width: f32,
    color: Color,
    look: &Look,
    lines: u32,
) -> Text<'a> {
    const LINE_HEIGHT: f32 = 1.25;
    let sizes = (look.small(), largest);
    let (name, size) = measure::name(name, sizes, LINE_HEIGHT, width, lines);

    words(name, size, color).wrapping(text::Wrapping::WordOrGlyph)
}

/// A name as it fits on a button of this width that also says its key.
pub(super) fn name_on_button(name: Words, key: &str, look: &Look, width: f32) -> Words {
    let room = label_room(key, look, width);

    measure::name(name, (look.small(), look.body()), 1.25, room, 1).0
}

/// The choices as buttons: in as many rows as they need, or in a grid where it must be said what
/// comes of them.
pub(super) fn buttons<'a>(
    choices: &[Choice],
    look: &Look,
    surface: Surface,
    width: f32,
) -> Element<'a, Message> {
    if choices.iter().all(|choice| choice.explains.is_none()) {
        let buttons = choices
            .iter()
            .map(|choice| choice_button(choice, look, surface, width));

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
    let cap = cap_width(&key, look);
    let beside = width - 2.0 * padding - gap - cap;
    let label = look.say(choice.label);
    let explains = choice.explains.map(|explains| look.say(explains));
    let content = row![
        Column::new()
            .push(line(label, look.body(), beside, ink))
            .push(explains.map(|explains| line(explains, look.small(), beside, ink)))
            .width(Length::Fill),
        key_cap(&key, look, ink)
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
    .height(Length::Fixed(
        look.touch()
            .max((look.body() + look.small()) * 1.25 + look.space(1.0)),
    ))
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

fn choice_button<'a>(
    choice: &Choice,
    look: &Look,
    surface: Surface,
    width: f32,
) -> Element<'a, Message> {
    let label = look.say(choice.label);

    labelled(label, &choice.key.name(), choice.main, look, surface, width)
        .on_press(choice.deed.message())
        .into()
}

/// A button of at most this width that says what it does and which key does the same; the main one
/// stands out.
pub(super) fn labelled<'a, M: Clone + 'a>(
    label: Words,
    key: &str,
    main: bool,
    look: &Look,
    surface: Surface,
    width: f32,
) -> Button<'a, M> {
    with_label(label, key, main, look, surface, (width, Length::Shrink))
}

/// The same, of exactly this width.
pub(super) fn labelled_wide<'a, M: Clone + 'a>(
    label: Words,
    key: &str,
    main: bool,
    look: &Look,
    surface: Surface,
    width: f32,
) -> Button<'a, M> {
    with_label(label, key, main, look, surface, (width, Length::Fill)).width(Length::Fixed(width))
}

/// Its label and key need at most so much; they fill the button, or it is as small as they are.
fn with_label<'a, M: Clone + 'a>(
    label: Words,
    key: &str,
    main: bool,
    look: &Look,
    surface: Surface,
    (most, filled): (f32, Length),
) -> Button<'a, M> {
    let (ground, ink, edge) = colours(main, surface);
    let content = label_and_key(label, key, look, ink, most);

    touchable(center(content).width(filled), look, ground, edge)
        .padding(Padding::ZERO.horizontal(label_padding(look)))
}

fn label_padding(look: &Look) -> f32 {
    look.space(1.5)
}

fn label_and_key<'a, M: 'a>(
    label: Words,
    key: &str,
    look: &Look,
    ink: Color,
    width: f32,
) -> Row<'a, M> {
    row![
        line(label, look.body(), label_room(key, look, width), ink),
        key_cap(key, look, ink)
    ]
    .spacing(label_gap(look))
    .align_y(Alignment::Center)
}

fn label_gap(look: &Look) -> f32 {
    look.space(1.0)
}

/// The width that a label has on a button of this width.
fn label_room(key: &str, look: &Look, width: f32) -> f32 {
    width - 2.0 * label_padding(look) - label_gap(look) - cap_width(key, look)
}

/// Something to touch. It looks the same under a pointer as without: a touch leaves the pointer
/// where it was.
pub(super) fn touchable<'a, M: Clone + 'a>(
    content: impl Into<Element<'a, M>>,
    look: &Look,
    ground: Color,
    edge: Color,
) -> Button<'a, M> {
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

/// The size of what stands on a key cap. It is not enlarged, so that the label beside it can be.
fn cap_letters(look: &Look) -> f32 {
    look.space(1.7)
}

/// How wide the cap of a key is.
pub(super) fn cap_width(name: &str, look: &Look) -> f32 {
    let name = measure::letters(name);
    let room = measure::room(&name, cap_letters(look), 1.25, f32::INFINITY);

    (room.width + look.space(1.2)).ceil()
}

/// The key that does the same as the button it stands on.
pub(super) fn key_cap<'a, M: 'a>(name: &str, look: &Look, ink: Color) -> Element<'a, M> {
    let radius = look.space(0.4);

    container(letters(name, cap_letters(look), ink).wrapping(text::Wrapping::None))
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
    let item = |said: Words| words(said, look.small(), surface.quiet);
    let mut items = Row::new()
        .spacing(look.space(2.0))
        .align_y(Alignment::Center);
    // All of them wrap, but none is wider than a line.
    let merchant = strip.merchant.clone().map(|name| {
        let width = look.size.width * 0.5;

        measure::cut(name, look.small(), 1.25, width, 1)
    });
    for part in [&merchant, &strip.short_code, &strip.link]
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
pub(super) fn late_payment<'a>(says: &Words, size: f32, look: &Look) -> Element<'a, Message> {
    let surface = look.palette.late;
    let radius = look.space(0.4);

    container(words(says.clone(), size, surface.ink).wrapping(text::Wrapping::WordOrGlyph))
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

/// Says that a window is too small for what belongs on it, as large as it can, in place of it.
pub(super) fn too_small<'a, M: 'a>(look: &Look, surface: Surface) -> Element<'a, M> {
    let says = look.say(Phrase::WindowTooSmall);
    let width = look.size.width - look.space(1.0);
    let size = measure::unbroken(&says, look.usual().body(), width);
    let says = words(says, size, surface.ink).wrapping(text::Wrapping::WordOrGlyph);

    with_words_left_out(center(says), look, surface)
}

/// A full-size screen on which there is no room for its words; the frame has a note of that.
pub(super) fn with_words_left_out<'a, M: 'a>(
    content: impl Into<Element<'a, M>>,
    look: &Look,
    surface: Surface,
) -> Element<'a, M> {
    let marked = Stack::with_children([Element::new(LeftOut), content.into()])
        .width(Length::Fill)
        .height(Length::Fill);

    screen(marked, look, surface)
}

/// The part of the screen that is left below a band of this height.
pub(super) fn below_band(look: &Look, band: f32) -> Look {
    look.within(Size::new(look.size.width, look.size.height - band))
}
