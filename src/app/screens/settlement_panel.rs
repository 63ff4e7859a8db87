//! Draws the panel on which staff close a sale whose outcome is unknown. The first step takes a name, with
//! keys on the screen for a counter without a keyboard. The second step asks whether the sale was paid.

use iced::widget::{Space, center, column, container, responsive, row, text};
use iced::{Alignment, Border, Length, Padding, Size, Theme};

use crate::app::message::Message;
use crate::app::renderer::{Column, Element, Row};
use crate::app::screens::manual_settlement::{ANSWERS, ManualSettlement, SettlementMessage};
use crate::app::screens::notice;
use crate::app::screens::sale_summary::SaleSummary;
use crate::app::theme::look::Look;
use crate::app::theme::palette::SurfaceColours;
use crate::app::widgets::measure;
use crate::app::widgets::parts::{self, Strip};
use crate::app::widgets::symbol::Shape;
use crate::locale::{Phrase, ScreenText};

/// The keys of each row of a keyboard on the screen.
type Keyboard = &'static [&'static str];

/// The backspace key, which is as wide as two other keys.
const BACKSPACE: char = '\u{8}';

const WIDE: Keyboard = &["QWERTYUIOP", "ASDFGHJKL-", "ZXCVBNM \u{8}"];

/// The keyboard for screens on which ten keys in a row would be too small to hit.
const NARROW: Keyboard = &["ABCDEF", "GHIJKL", "MNOPQR", "STUVWX", "YZ- \u{8}"];

/// Returns the wide keyboard if its keys are wide enough to hit, else the narrow one.
fn keyboard_for(width: f32, gap: f32, look: &Look) -> Keyboard {
    if key_width(WIDE, width, gap) >= look.touch() {
        WIDE
    } else {
        NARROW
    }
}

fn key_width(keyboard: Keyboard, width: f32, gap: f32) -> f32 {
    let columns = keyboard[0].len() as f32;

    (width - gap * (columns - 1.0)) / columns
}

fn columns(key: char) -> u8 {
    if key == BACKSPACE { 2 } else { 1 }
}

pub(crate) fn view(
    panel: &ManualSettlement,
    summary: &SaleSummary,
    strip: &Strip,
    look: &Look,
) -> Element<'static, Message> {
    if panel.is_asking() {
        question(panel.name(), summary, strip, look)
    } else {
        name(panel, summary, strip, look)
    }
}

/// Draws the second step. Both answers look alike, so that the screen suggests neither.
fn question(
    name: &str,
    summary: &SaleSummary,
    strip: &Strip,
    look: &Look,
) -> Element<'static, Message> {
    let notice = summary
        .notice(|palette| palette.unsure, Shape::Question, Phrase::WasItPaid)
        .cashier([
            Phrase::LookFirst.into(),
            ScreenText::from(Phrase::AnswersForIt).with("name", name),
        ])
        .detail(summary.named_without_banner());

    notice::over_buttons(notice, ANSWERS.len(), strip, look, answers)
}

/// The answers, wide and well apart, so that a finger does not hit the wrong one.
fn answers(look: &Look, surface: SurfaceColours, width: f32) -> Element<'static, Message> {
    let gap = look.space(2.4);
    let columns = if look.is_portrait() { 2 } else { ANSWERS.len() };
    let each = ((width - gap * (columns - 1) as f32) / columns as f32).floor();
    let rows = ANSWERS.chunks(columns).map(|answers| {
        let buttons = answers.iter().map(|(label, key, message)| {
            let is_back = *message == SettlementMessage::Back;
            let label = look.say(*label);

            parts::labelled_wide(label, &key.name(), !is_back, look, surface, each)
                .on_press(*message)
                .into()
        });

        Row::with_children(buttons).spacing(gap).into()
    });

    Element::from(Column::with_children(rows).spacing(look.space(1.2)))
        .map(Message::ManualSettlement)
}

fn name(
    panel: &ManualSettlement,
    summary: &SaleSummary,
    strip: &Strip,
    look: &Look,
) -> Element<'static, Message> {
    let surface = look.palette.unsure;
    let margin = margin(look);
    let width = look.size.width - 2.0 * margin;
    let (measures, entered) = (look.clone(), panel.clone());
    let entry = responsive(move |room| {
        container(entry(&entered, &measures, room))
            .height(Length::Fill)
            .align_y(Alignment::End)
            .into()
    });
    let content = column![head(summary, look, surface, width), entry].spacing(look.space(1.0));
    let below_bars: Element<'static, SettlementMessage> = content
        .padding(Padding::ZERO.horizontal(margin).vertical(look.space(1.2)))
        .into();

    parts::screen(
        notice::bars(strip, look)
            .push(below_bars)
            .height(Length::Fill),
        look,
        surface,
    )
    .map(Message::ManualSettlement)
}

/// The name, the buttons and the keyboard. The keys are as high as the room allows.
fn entry(panel: &ManualSettlement, look: &Look, room: Size) -> Element<'static, SettlementMessage> {
    let surface = look.palette.unsure;
    let gap = look.space(1.0);
    let each = if look.is_portrait() {
        (room.width - gap) / 2.0
    } else {
        look.space(19.0)
    };
    let button = |label: Phrase, key: &str, main, message| {
        parts::labelled(look.say(label), key, main, look, surface, each).on_press(message)
    };
    let buttons = row![
        button(Phrase::Confirm, "Enter", true, SettlementMessage::Confirmed),
        button(Phrase::Back, "Esc", false, SettlementMessage::Back)
    ]
    .spacing(gap);
    let keys = |lines_beside: f32| {
        let height = room.height - lines_beside * (look.touch() + gap);

        keyboard(look, surface, Size::new(room.width, height))
    };
    if look.is_portrait() {
        return column![field(panel, look, surface, room.width), keys(2.0), buttons]
            .spacing(gap)
            .into();
    }
    let for_name = room.width - 2.0 * (each + gap);

    column![
        row![field(panel, look, surface, for_name), buttons].spacing(gap),
        keys(1.0)
    ]
    .spacing(gap)
    .into()
}

/// The margin of the panel. It is smaller on an upright screen, where the keys need the width.
fn margin(look: &Look) -> f32 {
    look.space(if look.is_portrait() { 2.5 } else { 3.0 })
}

/// The text above the name: which sale is closed, and what staff declare with their name.
fn head(
    summary: &SaleSummary,
    look: &Look,
    surface: SurfaceColours,
    width: f32,
) -> Element<'static, SettlementMessage> {
    let says = |said: ScreenText, size: f32| {
        parts::words(look.say(said), size, surface.ink).wrapping(text::Wrapping::WordOrGlyph)
    };
    let portrait = look.is_portrait();
    let (amount, title, small) = if portrait {
        (9.5, 4.4, look.body())
    } else {
        (5.8, 2.8, look.small())
    };
    let words = column![
        says(Phrase::ClosedByStaff.into(), look.space(title)),
        says(Phrase::CheckedAndAnswer.into(), small),
    ]
    .push(
        summary
            .named_without_banner()
            .map(|named| says(named, small)),
    );
    let room = width / if portrait { 1.0 } else { 2.5 };
    let amount = summary
        .amount
        .map(|sum| parts::amount(sum, look.space(amount), look, room, surface.ink));
    if portrait {
        return Column::new()
            .push(amount)
            .push(words.spacing(look.space(0.6)))
            .into();
    }

    Row::new()
        .push(amount)
        .push(words)
        .spacing(look.space(2.5))
        .align_y(Alignment::Center)
        .into()
}

/// The name as typed, or a request to enter a name.
fn field(
    panel: &ManualSettlement,
    look: &Look,
    surface: SurfaceColours,
    width: f32,
) -> Element<'static, SettlementMessage> {
    let padding = look.space(1.4);
    let caret_width = look.space(0.25).max(2.0);
    let says = match panel.name() {
        "" if panel.name_is_missing() => look.say(Phrase::NameFirst),
        "" => look.say(Phrase::YourName),
        name => look.say(ScreenText::verbatim(name)),
    };
    let ink = if panel.name().is_empty() {
        surface.quiet
    } else {
        surface.ink
    };
    let room = width - 2.0 * padding - 4.0 * caret_width;
    let caret = container(Space::new())
        .width(caret_width)
        .height(look.space(3.4))
        .style(move |_theme: &Theme| container::Style::default().background(surface.ink));
    let name = parts::line(says, look.space(3.0), room, ink);
    let content = if panel.name().is_empty() {
        row![caret, name]
    } else {
        row![name, caret]
    };
    let radius = look.radius();

    container(content.spacing(caret_width).align_y(Alignment::Center))
        .width(Length::Fill)
        .height(look.touch())
        .align_y(Alignment::Center)
        .padding(Padding::ZERO.horizontal(padding))
        .style(move |_theme: &Theme| container::Style {
            border: Border {
                color: surface.ink,
                width: caret_width,
                radius,
            },
            ..container::Style::default()
        })
        .into()
}

fn keyboard(
    look: &Look,
    surface: SurfaceColours,
    room: Size,
) -> Element<'static, SettlementMessage> {
    let gap = look.space(0.8);
    let keyboard = keyboard_for(room.width, gap, look);
    let one = key_width(keyboard, room.width, gap);
    let lines = keyboard.len() as f32;
    let height = ((room.height - gap * (lines - 1.0)) / lines)
        .floor()
        .clamp(look.touch(), look.touch() * 1.4);
    let rows = keyboard.iter().map(|row| {
        let keys = row.chars().map(|letter| {
            let columns = f32::from(columns(letter));
            let size = Size::new(one * columns + gap * (columns - 1.0), height);

            key(letter, size, look, surface)
        });

        Row::with_children(keys).spacing(gap).into()
    });

    Column::with_children(rows).spacing(gap).into()
}

fn key(
    letter: char,
    key: Size,
    look: &Look,
    surface: SurfaceColours,
) -> Element<'static, SettlementMessage> {
    let small = look.space(1.7);
    let (label, size, message) = match letter {
        ' ' => (
            look.say(Phrase::SpaceKey),
            small,
            SettlementMessage::Typed(' '),
        ),
        BACKSPACE => (
            look.say(Phrase::BackspaceKey),
            small,
            SettlementMessage::Backspace,
        ),
        _ => (
            measure::letters(letter.encode_utf8(&mut [0; 4])),
            look.space(3.0),
            SettlementMessage::Touched(letter),
        ),
    };
    let room = key.width - look.space(0.8);

    parts::touchable(
        center(parts::line(label, size, room, surface.ink)),
        look,
        surface.ground,
        surface.line,
    )
    .padding(0)
    .width(key.width)
    .height(key.height)
    .on_press(message)
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::theme::look::Appearance;

    #[test]
    fn keyboards_have_all_letters_and_backspace() {
        for (keyboard, width) in [(WIDE, 10), (NARROW, 6)] {
            let keys = keyboard.concat();
            for letter in ('A'..='Z').chain(['-', ' ', BACKSPACE]) {
                assert!(keys.contains(letter), "{letter}");
            }
            for row in keyboard {
                assert_eq!(row.chars().map(columns).sum::<u8>(), width);
            }
        }
    }

    #[test]
    fn no_key_is_smaller_than_a_finger() {
        for (width, height) in [
            (1920.0, 1080.0),
            (1080.0, 1920.0),
            (1280.0, 800.0),
            (1024.0, 600.0),
            (800.0, 480.0),
            (480.0, 800.0),
        ] {
            let look = Look::new(Size::new(width, height), 1.0, &Appearance::default());
            let (room, gap) = (width - 2.0 * margin(&look), look.space(0.8));
            let keyboard = keyboard_for(room, gap, &look);
            assert!(key_width(keyboard, room, gap) >= 64.0, "{width}x{height}");
        }
    }
}
