//! The create screen: the cashier enters the amount, and may enter the patron's code.

mod view;

use iced::keyboard::key;

use crate::app::input::keys::{Stroke, decimal_digit};
use crate::domain::counter::Counter;
use crate::domain::merchant::{Merchant, MerchantKey};
use crate::domain::money::{Amount, AmountError, Currency};
use crate::domain::order::Order;
use crate::domain::payment::{PatronCode, PatronCodeError};
use crate::runtime::fresh_names::fresh_names;

/// The most characters of a typed amount. Every valid amount is shorter.
const LONGEST_AMOUNT: usize = 16;
const LONGEST_CODE: usize = PatronCode::LENGTH + 4;
/// A scan with fewer digits is not a patron's code. Every amount has fewer digits than this.
const SHORTEST_SCAN: usize = 9;
const PATRON_CODE_KEY: char = 'B';

/// The state of the create screen.
#[derive(Debug, Clone)]
pub struct Create {
    counter: Counter,
    merchant: MerchantKey,
    entering: Entering,
    /// The amount as typed.
    typed: String,
    /// The digits of the patron's code, as typed.
    digits: String,
    /// The patron's code, once it is complete.
    patron_code: Option<PatronCode>,
    /// A code with a wrong check digit. If the same code is read again, the phone really shows it, and it is
    /// accepted.
    doubted: Option<PatronCode>,
    error: Option<EntryError>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entering {
    Amount,
    PatronCode,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum EntryError {
    Amount(AmountError),
    PatronCode(PatronCodeError),
    Misread,
    /// A scanner read something that is not a patron's code, such as goods.
    NoPatronCode,
}

/// An input on the create screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryMessage {
    /// A digit or a decimal point.
    Typed(char),
    /// Remove the last character.
    Backspace,
    /// Sell for this merchant.
    Chose(MerchantKey),
    /// Enter the patron's code.
    PatronCode,
    /// A scanner read these digits. Empty if the scanned code cannot be a patron's.
    Scanned(String),
    /// Show the QR, or accept the patron's code.
    Confirmed,
    /// Close without a sale, or go back to the amount.
    Closed,
}

impl EntryMessage {
    /// Returns whether the input only changes the typed text.
    pub(crate) fn is_typing(&self) -> bool {
        matches!(self, Self::Typed(_) | Self::Backspace)
    }
}

/// The screen's request to the display.
#[derive(Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "there are a few at a time, each moved a few times"
)]
pub enum EntryAction {
    /// The display has nothing to do.
    None,
    /// Start this sale.
    Start(Order),
    /// Close without a sale.
    Close,
}

impl Create {
    /// Creates an empty entry.
    pub fn new(counter: Counter) -> Self {
        Self {
            merchant: counter.default_merchant.clone(),
            patron_code: counter.patron_code.clone(),
            counter,
            entering: Entering::Amount,
            typed: String::new(),
            digits: String::new(),
            doubted: None,
            error: None,
        }
    }

    /// Returns the chosen merchant.
    pub fn merchant(&self) -> Option<&Merchant> {
        self.counter.merchants.get(&self.merchant)
    }

    pub(crate) fn entering(&self) -> Entering {
        self.entering
    }

    /// Handles an input.
    pub fn update(&mut self, message: EntryMessage) -> EntryAction {
        self.error = None;
        match (message, self.entering) {
            (EntryMessage::Typed(character), Entering::Amount) => {
                if self.typed.len() < LONGEST_AMOUNT {
                    self.typed.push(character);
                }
            }
            (EntryMessage::Typed(character), Entering::PatronCode) => {
                if character.is_ascii_digit() && self.digits.len() < LONGEST_CODE {
                    self.digits.push(character);
                }
            }
            (EntryMessage::Backspace, Entering::Amount) => {
                self.typed.pop();
            }
            (EntryMessage::Backspace, Entering::PatronCode) => {
                self.digits.pop();
            }
            (EntryMessage::Chose(merchant), _) => self.merchant = merchant,
            (EntryMessage::PatronCode, _) => {
                self.patron_code = None;
                self.digits.clear();
                self.entering = Entering::PatronCode;
            }
            (EntryMessage::Scanned(digits), entering) => return self.scanned(&digits, entering),
            (EntryMessage::Confirmed, Entering::Amount) => return self.confirm(),
            (EntryMessage::Confirmed, Entering::PatronCode) => {
                let digits = self.digits.clone();

                return self.take_code(&digits);
            }
            (EntryMessage::Closed, Entering::Amount) => return EntryAction::Close,
            (EntryMessage::Closed, Entering::PatronCode) => self.entering = Entering::Amount,
        }

        EntryAction::None
    }

    /// Handles a scan, which is never an amount or a part of one.
    fn scanned(&mut self, digits: &str, entering: Entering) -> EntryAction {
        let shortest = match entering {
            Entering::Amount => SHORTEST_SCAN,
            Entering::PatronCode => 1,
        };
        self.digits.clear();
        if digits.len() < shortest {
            self.error = Some(EntryError::NoPatronCode);

            return EntryAction::None;
        }

        self.take_code(digits)
    }

    /// Accepts a code and starts the sale if there is an amount.
    fn take_code(&mut self, digits: &str) -> EntryAction {
        match PatronCode::parse(digits) {
            Ok(code) if !code.is_consistent() && self.doubted.as_ref() != Some(&code) => {
                self.doubted = Some(code);
                self.error = Some(EntryError::Misread);

                EntryAction::None
            }
            Ok(code) => {
                self.patron_code = Some(code);
                self.digits.clear();
                self.entering = Entering::Amount;

                self.confirm()
            }
            Err(error) => {
                self.error = Some(EntryError::PatronCode(error));

                EntryAction::None
            }
        }
    }

    fn confirm(&mut self) -> EntryAction {
        let currency = self.currency();
        let amount = match Amount::parse(&self.typed, currency) {
            Ok(amount) => amount,
            Err(error) => {
                self.error = Some(EntryError::Amount(error));

                return EntryAction::None;
            }
        };
        let Some(order) = self.counter.order(&self.merchant, amount, fresh_names()) else {
            return EntryAction::None;
        };

        EntryAction::Start(Order {
            patron_code: self.patron_code.take(),
            ..order
        })
    }

    fn currency(&self) -> Currency {
        self.merchant()
            .map_or(Currency::NZD, |merchant| merchant.currency)
    }

    /// Returns the input of a key.
    pub fn key(&self, stroke: &Stroke) -> Option<EntryMessage> {
        match stroke {
            Stroke::Named(key::Named::Enter) => Some(EntryMessage::Confirmed),
            Stroke::Named(key::Named::Escape) => Some(EntryMessage::Closed),
            Stroke::Named(key::Named::Backspace) => Some(EntryMessage::Backspace),
            Stroke::Named(named) => {
                let index = FUNCTION_KEYS.iter().position(|(known, _)| known == named)?;
                let merchant = self.counter.merchants.keys().nth(index)?;

                Some(EntryMessage::Chose(merchant.clone()))
            }
            Stroke::Text { letter, .. }
                if *letter == Some(PATRON_CODE_KEY.to_ascii_lowercase()) =>
            {
                Some(EntryMessage::PatronCode)
            }
            Stroke::Text { text, .. } => match text.chars().next()? {
                // Some keypads type a comma, Arabic keypads the Arabic separator. All of these mean a point.
                '.' | ',' | '\u{66b}' | '\u{ff0e}' => Some(EntryMessage::Typed('.')),
                character => decimal_digit(character).map(EntryMessage::Typed),
            },
            Stroke::Inert => None,
        }
    }
}

/// The function keys that choose the first merchants.
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
