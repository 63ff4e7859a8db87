//! Texts, buttons and bars that all screens use.

use iced::widget::{Space, Stack, button, center, container, row, text};
use iced::{Alignment, Background, Border, Color, Length, Padding, Theme, border};

use crate::app::choice::Choice;
use crate::app::message::Message;
use crate::app::renderer::{Button, Column, Element, Row, Text};
use crate::app::theme::look::{Look, font};
use crate::app::theme::palette::SurfaceColours;
use crate::app::widgets::legible::LeftOut;
use crate::app::widgets::measure;
use crate::domain::money::Amount;
use crate::locale::{Phrase, TranslatedText};

/// The small texts for the cashier.
#[derive(Debug, Clone, Default)]
pub(crate) struct Strip {
    pub(crate) merchant: Option<TranslatedText>,
    pub(crate) short_code: Option<TranslatedText>,
    pub(crate) link: Option<TranslatedText>,
    /// The banner of an earlier sale.
    pub(crate) earlier: Option<TranslatedText>,
    /// The outcome to write down, because the journal could not record it.
    pub(crate) unsaved: Option<TranslatedText>,
    /// The late payment of another sale.
    pub(crate) late: Option<TranslatedText>,
}

pub(crate) fn filled(colour: Color, radius: f32) -> container::Style {
    container::Style::default()
        .background(colour)
        .border(border::rounded(radius))
}

pub(crate) fn outlined(ink: Color, radius: f32) -> container::Style {
    container::Style::default().border(border::color(ink).width(1.0).rounded(radius))
}

/// A full-size screen with its background. The window itself paints the calm background: if a screen painted it,
/// every second of the countdown would repaint it.
pub(crate) fn screen<'a, M: 'a>(
    content: impl Into<Element<'a, M>>,
    look: &Look,
    surface: SurfaceColours,
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

pub(crate) fn amount<'a, M: 'a>(
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

pub(crate) fn words<'a>(words: TranslatedText, size: f32, color: Color) -> Text<'a> {
    text(words.text)
        .font(font(words.language))
        .size(measure::letters_of(size))
        .line_height(1.25)
        .color(color)
}

/// Letters that belong to no language, such as a key or a short code.
pub(crate) fn letters<'a>(letters: &str, size: f32, color: Color) -> Text<'a> {
    words(measure::letters(letters), size, color)
}

/// Words on one line of at most this width and size.
pub(crate) fn line<'a>(line: TranslatedText, largest: f32, width: f32, color: Color) -> Text<'a> {
    let size = measure::on_one_line(&line, largest, width);

    words(line, size, color).wrapping(text::Wrapping::None)
}

/// A name on up to `lines` lines, in text of at most `largest` that is large enough to read. A name that does not
/// fit is cut.
pub(crate) fn name<'a>(
    name: TranslatedText,
    largest: f32,
    width: f32,
    color: Color,
    look: &Look,
    lines: u32,
) -> Text<'a> {
    let (name, size) = measure::name(name, (look.small(), largest), width, lines);

    words(name, size, color).wrapping(text::Wrapping::WordOrGlyph)
}

/// Cuts a name to fit on a button of this width, next to the key.
pub(crate) fn name_on_button(
    name: TranslatedText,
    key: &str,
    look: &Look,
    width: f32,
) -> TranslatedText {
    let room = label_room(key, look, width);

    measure::name(name, (look.small(), look.body()), room, 1).0
}

/// The choices as buttons in rows. If a choice explains its consequence, the buttons are in a grid.
pub(crate) fn buttons<'a>(
    choices: &[Choice],
    look: &Look,
    surface: SurfaceColours,
    width: f32,
) -> Element<'a, Message> {
    if choices.iter().all(|choice| choice.explains.is_none()) {
        let buttons = choices.iter().map(|choice| {
            let (label, key) = (look.say(choice.label), choice.key.name());

            labelled(label, &key, choice.main, look, surface, width)
                .on_press(choice.action.message())
                .into()
        });

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

/// A button with its consequence below its label.
fn explained<'a>(
    choice: &Choice,
    look: &Look,
    surface: SurfaceColours,
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
    .width(width)
    .height(
        look.touch()
            .max((look.body() + look.small()) * 1.25 + look.space(1.0)),
    )
    .padding(Padding::ZERO.horizontal(padding))
    .on_press(choice.action.message())
    .into()
}

/// Returns the background, the text colour and the edge of a button.
fn colours(main: bool, surface: SurfaceColours) -> (Color, Color, Color) {
    if main {
        (surface.action, surface.on_action, surface.action)
    } else {
        (surface.ground, surface.ink, surface.line)
    }
}

/// Elements in as many rows as they need.
pub(crate) fn wrapped<'a, M: 'a>(
    elements: impl IntoIterator<Item = Element<'a, M>>,
    look: &Look,
) -> Element<'a, M> {
    Row::with_children(elements)
        .spacing(look.space(1.2))
        .wrap()
        .vertical_spacing(look.space(1.2))
        .into()
}

/// A button of at most this width with a label and its key.
pub(crate) fn labelled<'a, M: Clone + 'a>(
    label: TranslatedText,
    key: &str,
    main: bool,
    look: &Look,
    surface: SurfaceColours,
    width: f32,
) -> Button<'a, M> {
    with_label(label, key, main, look, surface, (width, Length::Shrink))
}

/// A button of exactly this width with a label and its key.
pub(crate) fn labelled_wide<'a, M: Clone + 'a>(
    label: TranslatedText,
    key: &str,
    main: bool,
    look: &Look,
    surface: SurfaceColours,
    width: f32,
) -> Button<'a, M> {
    with_label(label, key, main, look, surface, (width, Length::Fill)).width(width)
}

/// A button with a label and a key, at most `most` wide; `filled` says whether they fill the button.
fn with_label<'a, M: Clone + 'a>(
    label: TranslatedText,
    key: &str,
    main: bool,
    look: &Look,
    surface: SurfaceColours,
    (most, filled): (f32, Length),
) -> Button<'a, M> {
    let (ground, ink, edge) = colours(main, surface);
    let content = row![
        line(label, look.body(), label_room(key, look, most), ink),
        key_cap(key, look, ink)
    ]
    .spacing(label_gap(look))
    .align_y(Alignment::Center);

    touchable(center(content).width(filled), look, ground, edge)
        .padding(Padding::ZERO.horizontal(label_padding(look)))
}

fn label_padding(look: &Look) -> f32 {
    look.space(1.5)
}

fn label_gap(look: &Look) -> f32 {
    look.space(1.0)
}

/// Returns the width of the label on a button of this width.
fn label_room(key: &str, look: &Look, width: f32) -> f32 {
    width - 2.0 * label_padding(look) - label_gap(look) - cap_width(key, look)
}

/// A button. It has no hover style, because a touch leaves the pointer where it was.
pub(crate) fn touchable<'a, M: Clone + 'a>(
    content: impl Into<Element<'a, M>>,
    look: &Look,
    ground: Color,
    edge: Color,
) -> Button<'a, M> {
    let radius = look.radius();
    let line = look.space(0.15).max(1.0);

    button(content)
        .height(look.touch())
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

/// The text size on a key cap. The configured text size does not enlarge the key cap, so that the label has room.
fn cap_letters(look: &Look) -> f32 {
    look.space(1.7)
}

pub(crate) fn cap_width(name: &str, look: &Look) -> f32 {
    let width = measure::width(&measure::letters(name), cap_letters(look));

    (width + look.space(1.2)).ceil()
}

/// The picture of the button's key.
pub(crate) fn key_cap<'a, M: 'a>(name: &str, look: &Look, ink: Color) -> Element<'a, M> {
    let radius = look.space(0.4);

    container(letters(name, cap_letters(look), ink).wrapping(text::Wrapping::None))
        .padding([look.space(0.1), look.space(0.6)])
        .style(move |_theme: &Theme| outlined(ink, radius))
        .into()
}

/// The strip for the cashier: merchant, short code and connection, in small letters.
pub(crate) fn strip<'a>(
    strip: &Strip,
    look: &Look,
    surface: SurfaceColours,
) -> Element<'a, Message> {
    let item = |said: TranslatedText| words(said, look.small(), surface.quiet);
    let mut items = Row::new()
        .spacing(look.space(2.0))
        .align_y(Alignment::Center);
    // The items wrap, but none may be wider than a line.
    let half = look.size.width * 0.5;
    let merchant = strip
        .merchant
        .clone()
        .map(|name| measure::cut(name, look.small(), half, 1));
    for part in [merchant, strip.short_code.clone(), strip.link.clone()] {
        items = items.push(part.map(item));
    }
    let late = strip.late.as_ref();

    items
        .push(late.map(|late| late_payment(late, look.small(), look)))
        .wrap()
        .into()
}

/// A late payment of another sale, for the cashier: small, with its own background.
pub(crate) fn late_payment<'a>(
    says: &TranslatedText,
    size: f32,
    look: &Look,
) -> Element<'a, Message> {
    let surface = look.palette.late;
    let radius = look.space(0.4);

    container(words(says.clone(), size, surface.ink).wrapping(text::Wrapping::WordOrGlyph))
        .padding(Padding::ZERO.horizontal(look.space(0.8)))
        .style(move |_theme: &Theme| filled(surface.ground, radius))
        .into()
}

/// A bar that is full at 1 and empty at 0.
pub(crate) fn bar<'a>(
    share: f32,
    width: f32,
    look: &Look,
    surface: SurfaceColours,
) -> Element<'a, Message> {
    let height = look.space(0.8);
    let full = (width * share.clamp(0.0, 1.0)).round();
    let block = move |width: f32, color: Color| {
        container(Space::new())
            .width(width)
            .height(height)
            .style(move |_theme: &Theme| filled(color, 0.0))
    };

    row![
        block(full, surface.action),
        block((width - full).max(0.0), surface.line)
    ]
    .into()
}

/// A screen that says that the window is too small, in the largest text that fits.
pub(crate) fn too_small<'a, M: 'a>(look: &Look) -> Element<'a, M> {
    let surface = look.palette.calm;
    let says = look.say(Phrase::WindowTooSmall);
    let width = look.size.width - look.space(1.0);
    let size = measure::unbroken(&says, look.usual().body(), width);
    let says = words(says, size, surface.ink).wrapping(text::Wrapping::WordOrGlyph);

    with_words_left_out(center(says), look, surface)
}

/// A full-size screen that has no room for some words. The frame records that words are left out.
pub(crate) fn with_words_left_out<'a, M: 'a>(
    content: impl Into<Element<'a, M>>,
    look: &Look,
    surface: SurfaceColours,
) -> Element<'a, M> {
    let marked = Stack::with_children([Element::new(LeftOut), content.into()])
        .width(Length::Fill)
        .height(Length::Fill);

    screen(marked, look, surface)
}
