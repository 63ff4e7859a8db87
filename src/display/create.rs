//! The cashier enters the amount, by touch or by keyboard.

mod view;

use iced::keyboard::key;

use super::keys::{Stroke, decimal_digit};
use crate::config::{Merchant, MerchantKey};
use crate::counter::Counter;
use crate::money::{Amount, AmountError, Currency};
use crate::payment::{PatronCode, PatronCodeError};
use crate::sale::Order;

/// More than the longest amount there is.
const LONGEST: usize = 16;
/// More than the longest code there is.
const LONGEST_CODE: usize = PatronCode::LENGTH + 4;
/// What is scanned has more digits than an amount can have, or it is no customer's code.
const SHORTEST_SCAN: usize = 9;
/// The key that turns to the customer's code.
const PATRON_CODE_KEY: char = 'B';

/// What has been entered so far.
#[derive(Debug, Clone)]
pub struct Create {
    counter: Counter,
    merchant: MerchantKey,
    entering: Entering,
    /// The amount.
    typed: String,
    /// The customer's code, while it is entered.
    digits: String,
    /// The customer's code, once it was entered.
    patron_code: Option<PatronCode>,
    /// A code that was most likely misread. Read the same twice, it is what the phone shows.
    doubted: Option<PatronCode>,
    refusal: Option<Refusal>,
}

/// What is being entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entering {
    Amount,
    PatronCode,
}

/// What is wrong with what was entered.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Refusal {
    Amount(AmountError),
    PatronCode(PatronCodeError),
    /// Its digits do not go together.
    Misread,
    /// Something else was scanned, such as the goods.
    NoPatronCode,
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
    /// Turn to the customer's code.
    PatronCode,
    /// A scanner has read these digits, or something else that no customer shows.
    Scanned(String),
    /// Show the code; or take the customer's.
    Confirmed,
    /// Close without a sale; or back to the amount.
    Closed,
}

impl Message {
    /// Whether it only changes what is entered.
    pub(super) fn is_typing(&self) -> bool {
        matches!(self, Self::Typed(_) | Self::Backspace)
    }
}

/// What the screen asks of whoever owns it.
#[derive(Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "there are a few at a time, each moved a few times"
)]
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
            patron_code: counter.patron_code.clone(),
            counter,
            entering: Entering::Amount,
            typed: String::new(),
            digits: String::new(),
            doubted: None,
            refusal: None,
        }
    }

    /// The merchant that is chosen.
    pub fn merchant(&self) -> Option<&Merchant> {
        self.counter.merchants.get(&self.merchant)
    }

    /// What is being entered.
    pub(super) fn entering(&self) -> Entering {
        self.entering
    }

    /// Takes in what the cashier did.
    pub fn update(&mut self, message: Message) -> Action {
        self.refusal = None;
        match (message, self.entering) {
            (Message::Typed(character), Entering::Amount) => {
                if self.typed.len() < LONGEST {
                    self.typed.push(character);
                }
            }
            (Message::Typed(character), Entering::PatronCode) => {
                if character.is_ascii_digit() && self.digits.len() < LONGEST_CODE {
                    self.digits.push(character);
                }
            }
            (Message::Backspace, Entering::Amount) => {
                self.typed.pop();
            }
            (Message::Backspace, Entering::PatronCode) => {
                self.digits.pop();
            }
            (Message::Chose(merchant), _) => self.merchant = merchant,
            (Message::PatronCode, _) => {
                self.patron_code = None;
                self.digits.clear();
                self.entering = Entering::PatronCode;
            }
            (Message::Scanned(digits), entering) => return self.scanned(&digits, entering),
            (Message::Confirmed, Entering::Amount) => return self.confirm(),
            (Message::Confirmed, Entering::PatronCode) => {
                let digits = self.digits.clone();

                return self.take_code(&digits);
            }
            (Message::Closed, Entering::Amount) => return Action::Close,
            (Message::Closed, Entering::PatronCode) => self.entering = Entering::Amount,
        }

        Action::None
    }

    /// What a scanner has read never is an amount, nor a part of one.
    fn scanned(&mut self, digits: &str, entering: Entering) -> Action {
        let shortest = match entering {
            Entering::Amount => SHORTEST_SCAN,
            Entering::PatronCode => 1,
        };
        self.digits.clear();
        if digits.len() < shortest {
            self.refusal = Some(Refusal::NoPatronCode);

            return Action::None;
        }

        self.take_code(digits)
    }

    /// Sells with this code, once there is an amount.
    fn take_code(&mut self, digits: &str) -> Action {
        match PatronCode::parse(digits) {
            Ok(code) if !code.is_consistent() && self.doubted.as_ref() != Some(&code) => {
                self.doubted = Some(code);
                self.refusal = Some(Refusal::Misread);

                Action::None
            }
            Ok(code) => {
                self.patron_code = Some(code);
                self.digits.clear();
                self.entering = Entering::Amount;

                self.confirm()
            }
            Err(error) => {
                self.refusal = Some(Refusal::PatronCode(error));

                Action::None
            }
        }
    }

    fn confirm(&mut self) -> Action {
        let currency = self.currency();
        let amount = match Amount::parse(&self.typed, currency) {
            Ok(amount) => amount,
            Err(error) => {
                self.refusal = Some(Refusal::Amount(error));

                return Action::None;
            }
        };
        let Some(order) = self.counter.order(&self.merchant, amount) else {
            return Action::None;
        };

        Action::Start(Order {
            patron_code: self.patron_code.take(),
            ..order
        })
    }

    fn currency(&self) -> Currency {
        self.merchant()
            .map_or(Currency::NZD, |merchant| merchant.currency)
    }

    /// What a key means here.
    pub fn key(&self, stroke: &Stroke) -> Option<Message> {
        match stroke {
            Stroke::Named(key::Named::Enter) => Some(Message::Confirmed),
            Stroke::Named(key::Named::Escape) => Some(Message::Closed),
            Stroke::Named(key::Named::Backspace) => Some(Message::Backspace),
            Stroke::Named(named) => {
                let index = FUNCTION_KEYS.iter().position(|(known, _)| known == named)?;
                let merchant = self.counter.merchants.keys().nth(index)?;

                Some(Message::Chose(merchant.clone()))
            }
            Stroke::Text { letter, .. }
                if *letter == Some(PATRON_CODE_KEY.to_ascii_lowercase()) =>
            {
                Some(Message::PatronCode)
            }
            Stroke::Text { text, .. } => match text.chars().next()? {
                // Keypads type a comma in some layouts, and Arabic ones a separator of their own; all
                // mean the point that is written here.
                '.' | ',' | '\u{66b}' | '\u{ff0e}' => Some(Message::Typed('.')),
                character => decimal_digit(character).map(Message::Typed),
            },
            Stroke::Inert => None,
        }
    }
}

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

#[cfg(test)]
mod tests;
