//! Draws the create screen: the entry, a keypad, and the buttons.

use iced::widget::{center, column, container, responsive, row};
use iced::{Length, Size};

use super::{Create, Entering, EntryError, EntryMessage, FUNCTION_KEYS, PATRON_CODE_KEY};
use crate::app::message::Message;
use crate::app::renderer::{Column, Element, Row};
use crate::app::screens::words;
use crate::app::theme::look::Look;
use crate::app::widgets::parts;
use crate::app::widgets::shop::shop;
use crate::app::widgets::stack::Stack;
use crate::domain::merchant::Merchant;
use crate::domain::money::Currency;
use crate::domain::payment::PatronCodeError;
use crate::locale::{Phrase, ScreenText};

impl Create {
    pub(crate) fn view(&self, look: &Look) -> Element<'static, Message> {
        let surface = look.palette.calm;
        let margin = look.space(2.5);
        let screen: Element<'static, EntryMessage> = if look.is_portrait() {
            let width = look.size.width - 2.0 * margin;
            column![
                self.merchants(look, width),
                container(self.entry(look, width)).height(Length::FillPortion(1)),
                container(keypad(look, width)).height(Length::FillPortion(3)),
                self.buttons(look, width)
            ]
            .spacing(margin)
            .padding(margin)
            .into()
        } else {
            let width = (look.size.width - 3.0 * margin) / 2.0;
            row![
                column![
                    self.merchants(look, width),
                    self.entry(look, width),
                    self.buttons(look, width)
                ]
                .spacing(look.space(0.8))
                .width(width),
                keypad(look, width),
            ]
            .spacing(margin)
            .padding(margin)
            .into()
        };

        parts::screen(screen.map(Message::Create), look, surface)
    }

    /// The amount or the code that is entered, with its notes below, or beside it if both would get small.
    fn entry(&self, look: &Look, width: f32) -> Element<'static, EntryMessage> {
        /// If the notes below the amount shrink both to less than this share of their size, the notes go beside
        /// the amount.
        const SMALL: f32 = 0.7;
        let surface = look.palette.calm;
        let (shown, ink) = match self.entering {
            Entering::Amount if self.typed.is_empty() => ("0".to_owned(), surface.quiet),
            Entering::Amount => (self.typed.clone(), surface.ink),
            Entering::PatronCode if self.digits.is_empty() => ("–".to_owned(), surface.quiet),
            Entering::PatronCode => (in_fours(&self.digits), surface.ink),
        };
        let figure = |width| {
            Stack::default().line(
                look.translator.figures(&shown),
                look.space(12.0),
                width,
                ink,
            )
        };
        let notes = |lines: Stack, width| self.about_entry(lines, look, width);
        let below = notes(figure(width), width);
        if self.entering == Entering::PatronCode {
            return responsive(move |room| below.view(room).0.into()).into();
        }
        let half = (width - look.space(2.0)) / 2.0;
        let (left, right) = (figure(half), notes(Stack::default(), half));

        responsive(move |room| {
            if below.share(room) > SMALL {
                return below.view(room).0.into();
            }
            let in_half = |lines: &Stack| {
                let room = Size::new(half, room.height);

                lines.view(room).0.width(half)
            };

            row![in_half(&left), in_half(&right)]
                .spacing(room.width - 2.0 * half)
                .into()
        })
        .into()
    }

    /// Adds the notes: the field's name, the code that was entered, and an error.
    fn about_entry(&self, lines: Stack, look: &Look, width: f32) -> Stack {
        let surface = look.palette.calm;
        let mut lines = lines.line(
            look.say(self.field_name()),
            look.body(),
            width,
            surface.quiet,
        );
        if let (Some(code), Entering::Amount) = (&self.patron_code, self.entering) {
            let said = ScreenText::from(Phrase::CodeEnding).with("digits", code.masked());
            lines = lines.words(look.say(said), look.body(), surface.ink);
        }
        if let Some(error) = &self.error {
            let said = look.say(error.said(self.currency()));
            lines = lines.words(said, look.body(), surface.ink);
        } else if self.entering == Entering::PatronCode {
            lines = lines.words(look.say(Phrase::ScanOrType), look.body(), surface.ink);
        }

        lines
    }

    fn field_name(&self) -> ScreenText {
        match self.entering {
            Entering::Amount => {
                ScreenText::from(Phrase::AmountIn).with("currency", self.currency().code())
            }
            Entering::PatronCode => Phrase::CustomersCode.into(),
        }
    }

    /// The buttons. The main button is as wide as the room allows.
    fn buttons(&self, look: &Look, width: f32) -> Element<'static, EntryMessage> {
        let surface = look.palette.calm;
        let gap = look.space(1.2);
        let least = look.space(13.5);
        let button = |label: Phrase, key: &str, message, main, width: f32| {
            parts::labelled(look.say(label), key, main, look, surface, width)
                .width(width)
                .height(look.touch().max(look.space(6.4)))
                .on_press(message)
        };
        if self.entering == Entering::PatronCode {
            let back = (width * 0.33).max(least);

            return row![
                button(
                    Phrase::Confirm,
                    "Enter",
                    EntryMessage::Confirmed,
                    true,
                    width - gap - back
                ),
                button(Phrase::Back, "Esc", EntryMessage::Closed, false, back),
            ]
            .spacing(gap)
            .into();
        }
        let main = match self.patron_code {
            Some(_) => Phrase::Confirm,
            None => Phrase::ShowQr,
        };
        let key = PATRON_CODE_KEY.to_string();
        let close = (width * 0.33).max(least);

        column![
            button(main, "Enter", EntryMessage::Confirmed, true, width),
            row![
                button(
                    Phrase::CustomersCode,
                    &key,
                    EntryMessage::PatronCode,
                    false,
                    width - gap - close
                ),
                button(Phrase::Close, "Esc", EntryMessage::Closed, false, close),
            ]
            .spacing(gap)
        ]
        .spacing(gap)
        .into()
    }

    /// The merchant's name. With several merchants: a button and a function key for each.
    fn merchants(&self, look: &Look, width: f32) -> Element<'static, EntryMessage> {
        let surface = look.palette.calm;
        let named = |merchant: &Merchant| look.say(ScreenText::verbatim(&merchant.name));
        if self.counter.merchants.len() == 1 {
            let merchant = self
                .merchant()
                .map(|merchant| shop(named(merchant), look.title(), width, surface.ink, look, 2));

            return container(merchant).into();
        }
        let buttons = self.counter.merchants.iter().enumerate();
        let buttons = buttons.map(|(index, (key, merchant))| {
            let chosen = *key == self.merchant;
            let shortcut = FUNCTION_KEYS.get(index).map_or("", |(_, name)| *name);

            let name = parts::name_on_button(named(merchant), shortcut, look, width);

            parts::labelled(name, shortcut, chosen, look, surface, width)
                .on_press(EntryMessage::Chose(key.clone()))
                .into()
        });

        parts::wrapped(buttons, look)
    }
}

fn keypad(look: &Look, width: f32) -> Element<'static, EntryMessage> {
    let surface = look.palette.calm;
    let gap = look.space(1.0);
    let key_width = (width - 2.0 * gap) / 3.0;
    let key = |label: &'static str| -> Element<'static, EntryMessage> {
        let (words, size, message) = match label.chars().next() {
            Some(character) if label.len() == 1 => (
                look.translator.figures(label),
                look.space(4.4),
                EntryMessage::Typed(character),
            ),
            _ => (
                look.say(Phrase::BackspaceKey),
                look.space(1.7),
                EntryMessage::Backspace,
            ),
        };
        let words = parts::line(words, size, key_width - look.space(1.6), surface.ink);

        container(
            parts::touchable(center(words), look, surface.ground, surface.line)
                .width(Length::Fill)
                .height(Length::Fill)
                .on_press(message),
        )
        .width(Length::FillPortion(1))
        .height(Length::Fill)
        .into()
    };
    let rows = KEYPAD.iter().map(|labels| {
        Row::with_children(labels.iter().map(|label| key(label)))
            .spacing(gap)
            .height(Length::FillPortion(1))
            .into()
    });

    Column::with_children(rows)
        .spacing(gap)
        .width(width)
        .height(Length::Fill)
        .into()
}

/// The keypad, each button labelled with its own key.
const KEYPAD: [[&str; 3]; 4] = [
    ["7", "8", "9"],
    ["4", "5", "6"],
    ["1", "2", "3"],
    [".", "0", "Backspace"],
];

impl EntryError {
    /// Says what is wrong with the entry, and what to do.
    fn said(&self, currency: Currency) -> ScreenText {
        match self {
            Self::Amount(error) => words::not_an_amount(error, currency),
            Self::PatronCode(PatronCodeError::Missing) => Phrase::ScanOrType.into(),
            Self::Misread => Phrase::CodeMisread.into(),
            Self::PatronCode(PatronCodeError::NotDigits | PatronCodeError::TooLong)
            | Self::NoPatronCode => Phrase::NoCustomersCode.into(),
        }
    }
}

/// Groups digits by four, as the phone that shows the code does.
fn in_fours(digits: &str) -> String {
    const GROUP: usize = 4;
    let mut spaced = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && place % GROUP == 0 {
            spaced.push(' ');
        }
        spaced.push(digit);
    }

    spaced
}
