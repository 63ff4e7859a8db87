//! The cashier enters the amount, by touch or by keyboard.

use iced::Length;
use iced::keyboard::{Key, key};
use iced::widget::{center, column, container, responsive, row};

use super::look::Look;
use super::shop::shop;
use super::stack::Stack;
use super::{Column, Element, Row};
use super::{parts, words};
use crate::config::{Merchant, MerchantKey};
use crate::counter::Counter;
use crate::locale::{Phrase, Said};
use crate::money::{Amount, AmountError, Currency};
use crate::sale::Order;

/// More than the longest amount there is.
const LONGEST: usize = 12;

/// What has been entered so far.
#[derive(Debug, Clone)]
pub struct Create {
    counter: Counter,
    merchant: MerchantKey,
    typed: String,
    refusal: Option<AmountError>,
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
                self.refusal = Some(error);

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
                self.merchants(look, width),
                container(self.entry(look, width)).height(Length::FillPortion(1)),
                container(keypad(look, width)).height(Length::FillPortion(3)),
                buttons(look, width)
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
                    buttons(look, width)
                ]
                .spacing(look.space(0.8))
                .width(Length::Fixed(width)),
                keypad(look, width),
            ]
            .spacing(margin)
            .padding(margin)
            .into()
        };

        parts::screen(screen.map(super::Message::Create), look, surface)
    }

    /// The amount so far, and what is wrong with it.
    fn entry(&self, look: &Look, width: f32) -> Element<'static, Message> {
        let surface = look.palette.calm;
        let (shown, ink) = match self.typed.as_str() {
            "" => ("0", surface.quiet),
            typed => (typed, surface.ink),
        };
        let unit = Said::from(Phrase::AmountIn).with("currency", self.currency().code());
        let mut lines = Stack::default()
            .line(look.tongue.figures(shown), look.space(12.0), width, ink)
            .line(look.say(unit), look.body(), width, surface.quiet);
        if let Some(refusal) = &self.refusal {
            let said = look.say(words::not_an_amount(refusal, self.currency()));
            lines = lines.words(said, look.body(), surface.ink);
        }

        responsive(move |room| lines.view(room).0.into()).into()
    }

    /// The merchant's name; with several merchants, a button and a function key for each.
    fn merchants(&self, look: &Look, width: f32) -> Element<'static, Message> {
        let surface = look.palette.calm;
        let named = |merchant: &Merchant| look.say(Said::verbatim(&merchant.name));
        if self.counter.merchants.len() == 1 {
            let merchant = self
                .merchant()
                .map(|merchant| shop(named(merchant), look.title(), width, surface.ink, look));

            return container(merchant).into();
        }
        let buttons = self.counter.merchants.iter().enumerate();
        let buttons = buttons.map(|(index, (key, merchant))| {
            let chosen = *key == self.merchant;
            let shortcut = FUNCTION_KEYS.get(index).map_or("", |(_, name)| *name);

            parts::labelled(named(merchant), shortcut, chosen, look, surface, width)
                .on_press(Message::Chose(key.clone()))
                .into()
        });

        parts::wrapped(buttons, look)
    }
}

/// What comes next is what most people want, so it is as wide as the room allows.
fn buttons(look: &Look, width: f32) -> Element<'static, Message> {
    let surface = look.palette.calm;
    let gap = look.space(1.2);
    let close_width = (width * 0.33).max(look.space(13.5));
    let button = |label: Phrase, key: &str, message, main, width: f32| {
        parts::labelled(look.say(label), key, main, look, surface, width)
            .width(Length::Fixed(width))
            .height(Length::Fixed(look.touch().max(look.space(6.4))))
            .on_press(message)
    };

    row![
        button(
            Phrase::ShowQr,
            "Enter",
            Message::Confirmed,
            true,
            width - gap - close_width
        ),
        button(Phrase::Close, "Esc", Message::Closed, false, close_width),
    ]
    .spacing(gap)
    .into()
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
