//! The cashier enters the amount, by touch or by keyboard.

use iced::keyboard::{Key, key};
use iced::widget::{Column, Row, Space, center, column, container, row};
use iced::{Element, Length};

use super::look::Look;
use super::parts;
use crate::config::{Merchant, MerchantKey};
use crate::counter::Counter;
use crate::money::{Amount, Currency};
use crate::sale::Order;

/// More than the longest amount there is.
const LONGEST: usize = 12;

/// What has been entered so far.
#[derive(Debug, Clone)]
pub struct Create {
    counter: Counter,
    merchant: MerchantKey,
    typed: String,
    refusal: Option<String>,
}

/// What the cashier did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// A figure or a point.
    Typed(char),
    /// Take the last character back.
    Backspace,
    /// Sell for this merchant.
    Chose(MerchantKey),
    /// Show the code.
    Confirmed,
    /// Close without a sale.
    Closed,
}

/// What the screen asks of whoever owns it.
#[derive(Debug)]
pub enum Action {
    /// Nothing.
    None,
    /// Start this sale.
    Start(Order),
    /// Close.
    Close,
}

impl Create {
    /// An empty entry.
    pub fn new(counter: Counter) -> Self {
        Self {
            merchant: counter.default_merchant.clone(),
            counter,
            typed: String::new(),
            refusal: None,
        }
    }

    /// The merchant that is chosen.
    pub fn merchant(&self) -> Option<&Merchant> {
        self.counter.merchants.get(&self.merchant)
    }

    /// Takes in what the cashier did.
    pub fn update(&mut self, message: Message) -> Action {
        self.refusal = None;
        match message {
            Message::Typed(character) => {
                if self.typed.len() < LONGEST {
                    self.typed.push(character);
                }
            }
            Message::Backspace => {
                self.typed.pop();
            }
            Message::Chose(merchant) => self.merchant = merchant,
            Message::Confirmed => return self.confirm(),
            Message::Closed => return Action::Close,
        }

        Action::None
    }

    fn confirm(&mut self) -> Action {
        let currency = self.currency();
        match Amount::parse(&self.typed, currency) {
            Ok(amount) => self
                .counter
                .order(&self.merchant, amount)
                .map_or(Action::None, Action::Start),
            Err(error) => {
                self.refusal = Some(error.to_string());

                Action::None
            }
        }
    }

    fn currency(&self) -> Currency {
        self.merchant()
            .map_or(Currency::NZD, |merchant| merchant.currency)
    }

    /// What a key means here.
    pub fn key(&self, key: &Key) -> Option<Message> {
        match key {
            Key::Named(key::Named::Enter) => Some(Message::Confirmed),
            Key::Named(key::Named::Escape) => Some(Message::Closed),
            Key::Named(key::Named::Backspace) => Some(Message::Backspace),
            Key::Named(named) => {
                let index = FUNCTION_KEYS.iter().position(|(known, _)| known == named)?;
                let merchant = self.counter.merchants.keys().nth(index)?;

                Some(Message::Chose(merchant.clone()))
            }
            Key::Character(character) => match character.chars().next()? {
                // Keypads send a comma in some layouts; both mean the point that is written here.
                ',' => Some(Message::Typed('.')),
                character @ ('0'..='9' | '.') => Some(Message::Typed(character)),
                _ => None,
            },
            Key::Unidentified => None,
        }
    }

    /// Draws the screen.
    pub fn view(&self, look: &Look) -> Element<'static, super::Message> {
        let surface = look.palette.calm;
        let margin = look.space(2.5);
        let screen: Element<'static, Message> = if look.is_portrait() {
            let width = look.size.width - 2.0 * margin;
            column![
                self.entry(look, width),
                keypad(look, width),
                Self::confirm_buttons(look)
            ]
            .spacing(margin)
            .padding(margin)
            .into()
        } else {
            let width = (look.size.width - 3.0 * margin) / 2.0;
            row![
                column![
                    self.entry(look, width),
                    Space::new().height(Length::Fill),
                    Self::confirm_buttons(look)
                ]
                .width(Length::Fixed(width)),
                keypad(look, width),
            ]
            .spacing(margin)
            .padding(margin)
            .into()
        };

        parts::screen(screen.map(super::Message::Create), look, surface)
    }

    fn entry(&self, look: &Look, width: f32) -> Element<'static, Message> {
        let surface = look.palette.calm;
        let shown = if self.typed.is_empty() {
            "0".to_owned()
        } else {
            self.typed.clone()
        };
        let size = look.fitted(&shown, look.space(10.0), width);
        let ink = if self.typed.is_empty() {
            surface.quiet
        } else {
            surface.ink
        };
        let hint = self
            .refusal
            .clone()
            .map_or_else(String::new, |refusal| format!("Please check: {refusal}."));

        column![
            self.merchants(look),
            parts::words(
                format!("Amount in {}", self.currency().code()),
                look.body(),
                surface.quiet
            ),
            parts::words(shown, size, ink).line_height(1.05),
            parts::words(hint, look.body(), surface.ink),
        ]
        .spacing(look.space(0.8))
        .into()
    }

    /// The merchant's name; with several merchants, a button and a function key for each.
    fn merchants(&self, look: &Look) -> Element<'static, Message> {
        let surface = look.palette.calm;
        if self.counter.merchants.len() == 1 {
            let name = self
                .merchant()
                .map(|merchant| merchant.name.clone())
                .unwrap_or_default();

            return parts::words(name, look.title(), surface.ink).into();
        }
        let buttons = self.counter.merchants.iter().enumerate();
        let buttons = buttons.map(|(index, (key, merchant))| {
            let chosen = *key == self.merchant;
            let shortcut = FUNCTION_KEYS
                .get(index)
                .map_or_else(String::new, |(_, name)| (*name).to_owned());

            parts::labelled(merchant.name.clone(), shortcut, chosen, look, surface)
                .on_press(Message::Chose(key.clone()))
                .into()
        });

        parts::wrapped(buttons, look)
    }

    fn confirm_buttons(look: &Look) -> Element<'static, Message> {
        let surface = look.palette.calm;
        let button = |label, key: &str, message, main| {
            parts::labelled(label, key.to_owned(), main, look, surface)
                .on_press(message)
                .into()
        };

        parts::wrapped(
            [
                button("Show QR", "Enter", Message::Confirmed, true),
                button("Close", "Esc", Message::Closed, false),
            ],
            look,
        )
    }
}

fn keypad(look: &Look, width: f32) -> Element<'static, Message> {
    let surface = look.palette.calm;
    let gap = look.space(1.0);
    let key = |label: &'static str, message: Message| -> Element<'static, Message> {
        let size = if label.len() > 1 {
            look.small()
        } else {
            look.title()
        };
        container(
            parts::touchable(
                center(parts::words(label, size, surface.ink)),
                look,
                surface.ground,
                surface.line,
            )
            .width(Length::Fill)
            .height(Length::Fill)
            .on_press(message),
        )
        .width(Length::FillPortion(1))
        .height(Length::Fill)
        .into()
    };
    let rows = KEYPAD.iter().map(|labels| {
        Row::with_children(labels.iter().map(|label| {
            let message = match label.chars().next() {
                Some(character) if label.len() == 1 => Message::Typed(character),
                _ => Message::Backspace,
            };
            key(label, message)
        }))
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

/// The keys of the first merchants.
const FUNCTION_KEYS: [(key::Named, &str); 8] = [
    (key::Named::F1, "F1"),
    (key::Named::F2, "F2"),
    (key::Named::F3, "F3"),
    (key::Named::F4, "F4"),
    (key::Named::F5, "F5"),
    (key::Named::F6, "F6"),
    (key::Named::F7, "F7"),
    (key::Named::F8, "F8"),
];
