//! Formats amounts of money in a language.

use crate::domain::money::Amount;

/// A language's format of amounts, from its file in `assets/locales`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MoneyFormat {
    pub(super) decimal: String,
    group: String,
    grouping: Grouping,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grouping {
    Three,
    /// Groups of three digits, but only in numbers of five or more digits.
    ThreeFromFive,
    /// The last three digits form a group; the digits before form groups of two.
    Indian,
}

impl MoneyFormat {
    pub(super) fn of(message: impl Fn(&str) -> String) -> Self {
        Self {
            decimal: message("decimal-sign"),
            group: message("group-sign"),
            grouping: match message("grouping").as_str() {
                "indian" => Grouping::Indian,
                "three-from-five" => Grouping::ThreeFromFive,
                _ => Grouping::Three,
            },
        }
    }

    /// Returns the digits of an amount with separators, without the currency.
    pub(super) fn figures(&self, amount: Amount) -> String {
        let plain = amount.decimal();

        match plain.split_once('.') {
            Some((whole, decimals)) => {
                format!("{}{}{decimals}", self.grouped(whole), self.decimal)
            }
            None => self.grouped(&plain),
        }
    }

    fn grouped(&self, digits: &str) -> String {
        let all = digits.len();
        let is_seam = |rest: usize| match self.grouping {
            Grouping::Three => rest.is_multiple_of(3),
            Grouping::ThreeFromFive => all >= 5 && rest.is_multiple_of(3),
            Grouping::Indian => rest >= 3 && (rest - 3).is_multiple_of(2),
        };
        let mut text = String::with_capacity(all * 2);
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && is_seam(all - index) {
                text.push_str(&self.group);
            }
            text.push(digit);
        }

        text
    }
}
