//! The panel on which staff close a sale whose outcome is unknown. Its first step takes a name, and
//! has keys for a counter that has none. Its second step asks whether the sale was paid.

use iced::widget::{Space, center, column, container, responsive, row, text};
use iced::{Alignment, Border, Length, Padding, Size, Theme};

use super::about::About;
use super::by_hand::{ANSWERS, ByHand, Message};
use super::look::Look;
use super::notice::{Notice, Tone};
use super::palette::Surface;
use super::symbol::Shape;
use super::view::Strip;
use super::{Column, Element, Row};
use super::{measure, notice, parts};
use crate::locale::{Phrase, Said, Words};

/// A key on the screen, and how many others it is as wide as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cap {
    Letter(char),
    Space,
    Backspace,
}

impl Cap {
    fn width(self) -> u16 {
        match self {
            Self::Letter(_) | Self::Space => 1,
            Self::Backspace => 2,
        }
    }
}

/// A keyboard of so many columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Keyboard {
    columns: u16,
    /// The letters of each row; space and backspace close the last one.
    rows: &'static [&'static str],
}

const WIDE: Keyboard = Keyboard {
    columns: 10,
    rows: &["QWERTYUIOP", "ASDFGHJKL-", "ZXCVBNM"],
};

/// For screens on which ten keys beside each other would be too small to hit.
const NARROW: Keyboard = Keyboard {
    columns: 6,
    rows: &["ABCDEF", "GHIJKL", "MNOPQR", "STUVWX", "YZ-"],
};

impl Keyboard {
    /// The usual one where its keys are wide enough to hit.
    fn for_width(width: f32, gap: f32, look: &Look) -> Self {
        if WIDE.key_width(width, gap) >= look.touch() {
            WIDE
        } else {
            NARROW
        }
    }

    fn key_width(self, width: f32, gap: f32) -> f32 {
        let columns = f32::from(self.columns);

        (width - gap * (columns - 1.0)) / columns
    }

    fn caps(self) -> impl Iterator<Item = Vec<Cap>> {
        let last = self.rows.len() - 1;

        self.rows.iter().enumerate().map(move |(index, letters)| {
            let mut caps: Vec<_> = letters.chars().map(Cap::Letter).collect();
            if index == last {
                caps.extend([Cap::Space, Cap::Backspace]);
            }

            caps
        })
    }
}

/// Draws the panel.
pub(super) fn view(
    panel: &ByHand,
    about: &About,
    strip: &Strip,
    look: &Look,
) -> Element<'static, super::Message> {
    if panel.is_asking() {
        return question(panel.name(), about, strip, look);
    }

    name(panel, about, strip, look)
}

/// Draws the second step. Both answers look alike: neither is what most people want here.
fn question(
    name: &str,
    about: &About,
    strip: &Strip,
    look: &Look,
) -> Element<'static, super::Message> {
    let mut notice = Notice::new(
        Tone::Unsure,
        Shape::Question,
        about.amount,
        Phrase::WasItPaid,
    );
    notice.cashier = vec![
        Phrase::LookFirst.into(),
        Said::from(Phrase::AnswersForIt).with("name", name),
    ];
    // An earlier sale's banner has said it already.
    if about.banner().is_none() {
        notice.detail.push(about.named());
    }

    notice::over_buttons(notice, ANSWERS.len(), strip, look, answers)
}

/// The answers, wide and well apart: a finger must not hit the one beside.
fn answers(look: &Look, surface: Surface, width: f32) -> Element<'static, super::Message> {
    let gap = look.space(2.4);
    let columns = if look.is_portrait() { 2 } else { ANSWERS.len() };
    let each = ((width - gap * (columns - 1) as f32) / columns as f32).floor();
    let rows = ANSWERS.chunks(columns).map(|answers| {
        let buttons = answers.iter().map(|answer| {
            let is_back = answer.message == Message::Back;
            let label = look.say(answer.label);

            parts::labelled_wide(label, &answer.key.name(), !is_back, look, surface, each)
                .on_press(answer.message)
                .into()
        });

        Row::with_children(buttons).spacing(gap).into()
    });

    Element::from(Column::with_children(rows).spacing(look.space(1.2))).map(super::Message::ByHand)
}

/// Draws the first step.
fn name(
    panel: &ByHand,
    about: &About,
    strip: &Strip,
    look: &Look,
) -> Element<'static, super::Message> {
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
    let content = column![head(about, look, surface, width), entry].spacing(look.space(1.0));
    let below_bars: Element<'static, Message> = content
        .padding(Padding::ZERO.horizontal(margin).vertical(look.space(1.2)))
        .into();

    parts::screen(
        notice::bars(strip, look)
            .push(below_bars)
            .height(Length::Fill),
        look,
        surface,
    )
    .map(super::Message::ByHand)
}

/// The name, the buttons and the keyboard, whose keys are as high as the room allows.
fn entry(panel: &ByHand, look: &Look, room: Size) -> Element<'static, Message> {
    let surface = look.palette.unsure;
    let gap = look.space(1.0);
    let each = if look.is_portrait() {
        (room.width - gap) / 2.0
    } else {
        look.space(19.0)
    };
    let buttons = row![confirm(look, surface, each), back(look, surface, each)].spacing(gap);
    let keys = |lines_beside: f32| {
        let height = room.height - lines_beside * (look.touch() + gap);

        keyboard(look, surface, Size::new(room.width, height))
    };
    if look.is_portrait() {
        return column![field(panel, look, surface, room.width), keys(2.0), buttons]
            .spacing(gap)
            .into();
    }
    let for_name = room.width - look.space(36.0);

    column![
        row![field(panel, look, surface, for_name), buttons].spacing(gap),
        keys(1.0)
    ]
    .spacing(gap)
    .into()
}

/// Less on an upright screen, where the keys need the width.
fn margin(look: &Look) -> f32 {
    look.space(if look.is_portrait() { 2.5 } else { 3.0 })
}

/// Which sale is closed, and what a name below it stands for.
fn head(about: &About, look: &Look, surface: Surface, width: f32) -> Element<'static, Message> {
    let says = |said: Said, size: f32| {
        parts::words(look.say(said), size, surface.ink).wrapping(text::Wrapping::WordOrGlyph)
    };
    let portrait = look.is_portrait();
    let (amount, title, small) = if portrait {
        (9.5, 4.4, look.body())
    } else {
        (5.8, 2.8, look.small())
    };
    let mut words = column![
        says(Phrase::ClosedByStaff.into(), look.space(title)),
        says(Phrase::CheckedAndAnswer.into(), small),
    ];
    // An earlier sale's banner has said it already.
    if about.banner().is_none() {
        words = words.push(says(about.named(), small));
    }
    let amount = about.amount.map(|sum| {
        let largest = look.space(amount);

        parts::amount(
            sum,
            largest,
            look,
            width / if portrait { 1.0 } else { 2.5 },
            surface.ink,
        )
    });
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

/// The name so far, or what is missing.
fn field(panel: &ByHand, look: &Look, surface: Surface, width: f32) -> Element<'static, Message> {
    let padding = look.space(1.4);
    let caret_width = look.space(0.25).max(2.0);
    let says = match panel.name() {
        "" if panel.name_is_missing() => look.say(Phrase::NameFirst),
        "" => look.say(Phrase::YourName),
        name => look.say(Said::verbatim(name)),
    };
    let ink = if panel.name().is_empty() {
        surface.quiet
    } else {
        surface.ink
    };
    let room = width - 2.0 * padding - 4.0 * caret_width;
    let caret = container(Space::new())
        .width(Length::Fixed(caret_width))
        .height(Length::Fixed(look.space(3.4)))
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
        .height(Length::Fixed(look.touch()))
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

fn confirm(look: &Look, surface: Surface, width: f32) -> Element<'static, Message> {
    parts::labelled(
        look.say(Phrase::Confirm),
        "Enter",
        true,
        look,
        surface,
        width,
    )
    .on_press(Message::Confirmed)
    .into()
}

fn back(look: &Look, surface: Surface, width: f32) -> Element<'static, Message> {
    parts::labelled(look.say(Phrase::Back), "Esc", false, look, surface, width)
        .on_press(Message::Back)
        .into()
}

fn keyboard(look: &Look, surface: Surface, room: Size) -> Element<'static, Message> {
    let gap = look.space(0.8);
    let keyboard = Keyboard::for_width(room.width, gap, look);
    let one = keyboard.key_width(room.width, gap);
    let lines = keyboard.rows.len() as f32;
    let height = ((room.height - gap * (lines - 1.0)) / lines)
        .floor()
        .clamp(look.touch(), look.touch() * 1.4);
    let rows = keyboard.caps().map(|caps| {
        let caps = caps.into_iter().map(|cap| {
            let keys = f32::from(cap.width());
            let size = Size::new(one * keys + gap * (keys - 1.0), height);

            key(cap, size, look, surface)
        });

        Row::with_children(caps).spacing(gap).into()
    });

    Column::with_children(rows).spacing(gap).into()
}

fn key(cap: Cap, key: Size, look: &Look, surface: Surface) -> Element<'static, Message> {
    let (label, size, message): (Words, f32, Message) = match cap {
        Cap::Letter(letter) => (
            measure::letters(letter.encode_utf8(&mut [0; 4])),
            look.space(3.0),
            Message::Touched(letter),
        ),
        Cap::Space => (
            look.say(Phrase::SpaceKey),
            look.space(1.7),
            Message::Typed(' '),
        ),
        Cap::Backspace => (
            look.say(Phrase::BackspaceKey),
            look.space(1.7),
            Message::Backspace,
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
    .width(Length::Fixed(key.width))
    .height(Length::Fixed(key.height))
    .on_press(message)
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display::look::Appearance;

    #[test]
    fn both_keyboards_have_every_letter_a_hyphen_a_space_and_a_way_back() {
        for keyboard in [WIDE, NARROW] {
            let caps: Vec<_> = keyboard.caps().flatten().collect();
            for letter in ('A'..='Z').chain(['-']) {
                assert!(caps.contains(&Cap::Letter(letter)), "{letter}");
            }
            assert!(caps.contains(&Cap::Space) && caps.contains(&Cap::Backspace));
            for row in keyboard.caps() {
                let width: u16 = row.iter().map(|cap| cap.width()).sum();
                assert_eq!(width, keyboard.columns);
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
            let keyboard = Keyboard::for_width(room, gap, &look);
            assert!(keyboard.key_width(room, gap) >= 64.0, "{width}x{height}");
        }
    }
}
