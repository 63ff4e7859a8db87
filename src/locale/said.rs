//! Something said, before it is put into words.

use super::Phrase;
use crate::money::Amount;

/// Something that is said: a phrase with what it speaks of, or words that are somebody else's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said(pub(super) Saying);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Saying {
    /// A phrase, and its variables by name.
    Phrase(Phrase, Vec<(&'static str, Value)>),
    /// The platform's words, a name, a code: the same in every language.
    Verbatim(String),
    /// A sum by itself.
    Amount(Amount),
}

/// What stands for a variable of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// The same in every language.
    Text(String),
    /// Names, which each language separates in its own way.
    Names(Vec<String>),
    /// A sum, which each language writes in its own way.
    Amount(Amount),
    /// A number as it is typed, with a point before its decimals.
    Figures(String),
    /// Something that is put into words first.
    Said(Vec<Said>),
}

impl Said {
    /// Words that are the same in every language: the platform's, a name, a code.
    pub fn verbatim(words: impl Into<String>) -> Self {
        Self(Saying::Verbatim(words.into()))
    }

    /// The same with the variable `name` standing for `words`.
    #[must_use]
    pub fn with(self, name: &'static str, words: impl Into<String>) -> Self {
        self.with_value(name, Value::Text(words.into()))
    }

    /// The same with the variable `name` standing for a list of names that are the same in every language.
    #[must_use]
    pub fn with_list(self, name: &'static str, names: &[String]) -> Self {
        self.with_value(name, Value::Names(names.to_vec()))
    }

    /// The same with the variable `name` standing for a sum.
    #[must_use]
    pub fn with_amount(self, name: &'static str, amount: Amount) -> Self {
        self.with_value(name, Value::Amount(amount))
    }

    /// The same with the variable `name` standing for a number as it is typed, such as `12.50`.
    #[must_use]
    pub fn with_figures(self, name: &'static str, typed: impl Into<String>) -> Self {
        self.with_value(name, Value::Figures(typed.into()))
    }

    /// The same with the variable `name` standing for what is said, one after the other.
    #[must_use]
    pub fn with_said(self, name: &'static str, said: Vec<Self>) -> Self {
        self.with_value(name, Value::Said(said))
    }

    fn with_value(mut self, name: &'static str, value: Value) -> Self {
        if let Saying::Phrase(_, values) = &mut self.0 {
            values.push((name, value));
        }

        self
    }
}

impl From<Phrase> for Said {
    fn from(phrase: Phrase) -> Self {
        Self(Saying::Phrase(phrase, Vec::new()))
    }
}

/// A sum by itself.
impl From<Amount> for Said {
    fn from(amount: Amount) -> Self {
        Self(Saying::Amount(amount))
    }
}
