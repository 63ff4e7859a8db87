//! How the entry looks: what is entered, a keypad, and what comes next.

use iced::widget::{center, column, container, responsive, row};
use iced::{Length, Size};

use super::{Create, Entering, FUNCTION_KEYS, Message, PATRON_CODE_KEY, Refusal};
use crate::config::Merchant;
use crate::display::look::Look;
use crate::display::shop::shop;
use crate::display::stack::Stack;
use crate::display::{Column, Element, Row};
use crate::display::{parts, words};
use crate::locale::{Phrase, Said};
use crate::money::Currency;
use crate::payment::PatronCodeError;

impl Create {
    /// Draws the screen.
    pub(in crate::display) fn view(
        &self,
        look: &Look,
    ) -> Element<'static, crate::display::Message> {
        let surface = look.palette.calm;
        let margin = look.space(2.5);
        let screen: Element<'static, Message> = if look.is_portrait() {
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
                .width(Length::Fixed(width)),
                keypad(look, width),
            ]
            .spacing(margin)
            .padding(margin)
            .into()
        };

        parts::screen(screen.map(crate::display::Message::Create), look, surface)
    }

    /// The amount so far, and what is wrong with it: below it, or beside it where both would get small.
    fn entry(&self, look: &Look, width: f32) -> Element<'static, Message> {
        /// The share of their size at which words below the amount go beside it.
        const SMALL: f32 = 0.7;
        let surface = look.palette.calm;
        let (shown, ink) = match self.entering {
            Entering::Amount if self.typed.is_empty() => ("0".to_owned(), surface.quiet),
            Entering::Amount => (self.typed.clone(), surface.ink),
            Entering::PatronCode if self.digits.is_empty() => ("–".to_owned(), surface.quiet),
            Entering::PatronCode => (in_fours(&self.digits), surface.ink),
        };
        let figure = |width| {
            Stack::default().line(look.tongue.figures(&shown), look.space(12.0), width, ink)
        };
        let about = |lines: Stack, width| self.about_entry(lines, look, width);
        let below = about(figure(width), width);
        if self.entering == Entering::PatronCode {
            return responsive(move |room| below.view(room).0.into()).into();
        }
        let half = (width - look.space(2.0)) / 2.0;
        let (left, right) = (figure(half), about(Stack::default(), half));

        responsive(move |room| {
            if below.share(room) > SMALL {
                return below.view(room).0.into();
            }
            let in_half = |lines: &Stack| {
                let room = Size::new(half, room.height);

                lines.view(room).0.width(Length::Fixed(half))
            };

            row![in_half(&left), in_half(&right)]
                .spacing(room.width - 2.0 * half)
                .into()
        })
        .into()
    }

    /// What is said of what is entered.
    fn about_entry(&self, lines: Stack, look: &Look, width: f32) -> Stack {
        let surface = look.palette.calm;
        let mut lines = lines.line(look.say(self.asks_for()), look.body(), width, surface.quiet);
        if let (Some(code), Entering::Amount) = (&self.patron_code, self.entering) {
            let said = Said::from(Phrase::CodeEnding).with("digits", code.masked());
            lines = lines.words(look.say(said), look.body(), surface.ink);
        }
        if let Some(refusal) = &self.refusal {
            let said = look.say(refusal.said(self.currency()));
            lines = lines.words(said, look.body(), surface.ink);
        } else if self.entering == Entering::PatronCode {
            lines = lines.words(look.say(Phrase::ScanOrType), look.body(), surface.ink);
        }

        lines
    }

    /// What is entered, below it.
    fn asks_for(&self) -> Said {
        match self.entering {
            Entering::Amount => {
                Said::from(Phrase::AmountIn).with("currency", self.currency().code())
            }
            Entering::PatronCode => Phrase::CustomersCode.into(),
        }
    }

    /// What comes next is what most people want, so it is as wide as the room allows.
    fn buttons(&self, look: &Look, width: f32) -> Element<'static, Message> {
        let surface = look.palette.calm;
        let gap = look.space(1.2);
        let least = look.space(13.5);
        let button = |label: Phrase, key: &str, message, main, width: f32| {
            parts::labelled(look.say(label), key, main, look, surface, width)
                .width(Length::Fixed(width))
                .height(Length::Fixed(look.touch().max(look.space(6.4))))
                .on_press(message)
        };
        if self.entering == Entering::PatronCode {
            let back = (width * 0.33).max(least);

            return row![
                button(
                    Phrase::Confirm,
                    "Enter",
                    Message::Confirmed,
                    true,
                    width - gap - back
                ),
                button(Phrase::Back, "Esc", Message::Closed, false, back),
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
            button(main, "Enter", Message::Confirmed, true, width),
            row![
                button(
                    Phrase::CustomersCode,
                    &key,
                    Message::PatronCode,
                    false,
                    width - gap - close
                ),
                button(Phrase::Close, "Esc", Message::Closed, false, close),
            ]
            .spacing(gap)
        ]
        .spacing(gap)
        .into()
    }

    /// The merchant's name; with several merchants, a button and a function key for each.
    fn merchants(&self, look: &Look, width: f32) -> Element<'static, Message> {
        let surface = look.palette.calm;
        let named = |merchant: &Merchant| look.say(Said::verbatim(&merchant.name));
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
                .on_press(Message::Chose(key.clone()))
                .into()
        });

        parts::wrapped(buttons, look)
    }
}

fn keypad(look: &Look, width: f32) -> Element<'static, Message> {
    let surface = look.palette.calm;
    let gap = look.space(1.0);
    let key_width = (width - 2.0 * gap) / 3.0;
    let key = |label: &'static str| -> Element<'static, Message> {
        let (words, size, message) = match label.chars().next() {
            Some(character) if label.len() == 1 => (
                look.tongue.figures(label),
                look.space(4.4),
                Message::Typed(character),
            ),
            _ => (
                look.say(Phrase::BackspaceKey),
                look.space(1.7),
                Message::Backspace,
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
        .width(Length::Fixed(width))
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

impl Refusal {
    /// What is wrong, and what to do.
    fn said(&self, currency: Currency) -> Said {
        match self {
            Self::Amount(error) => words::not_an_amount(error, currency),
            Self::PatronCode(PatronCodeError::Missing) => Phrase::ScanOrType.into(),
            Self::Misread => Phrase::CodeMisread.into(),
            Self::PatronCode(PatronCodeError::NotDigits | PatronCodeError::TooLong)
            | Self::NoPatronCode => Phrase::NoCustomersCode.into(),
        }
    }
}

/// Digits as they stand below the code on a phone.
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
