//! How a language writes sums, as its file in `assets/locales` says.

use crate::money::{Amount, Currency};

/// How a language writes sums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MoneyFormat {
    /// Between whole units and parts of one.
    pub(super) decimal: String,
    /// Between groups of figures.
    group: String,
    grouping: Grouping,
}

/// How figures are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grouping {
    /// Always by three.
    Three,
    /// By three, from five figures on.
    ThreeFromFive,
    /// The last three, and then by two.
    Indian,
}

impl MoneyFormat {
    /// The format that a language's messages describe.
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

    /// The sign of a currency at a counter in New Zealand, where `$` is the country's own.
    pub(super) fn sign(currency: Currency) -> Option<&'static str> {
        (currency == Currency::NZD).then_some("$")
    }

    /// The figures of a sum.
    pub(super) fn figures(&self, amount: Amount) -> String {
        let plain = amount.decimal();
        let (whole, decimals) = match plain.split_once('.') {
            Some((whole, decimals)) => (whole, Some(decimals)),
            None => (plain.as_str(), None),
        };
        let whole = self.grouped(whole);

        match decimals {
            Some(decimals) => format!("{whole}{}{decimals}", self.decimal),
            None => whole,
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
