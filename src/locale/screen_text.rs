//! Texts before translation.

use super::Phrase;
use crate::domain::money::Amount;

/// A text that is not translated yet: a phrase with its values, or words that are the same in every language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScreenText(pub(super) TextSource);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TextSource {
    /// A phrase with its values by name.
    Phrase(Phrase, Vec<(&'static str, TextValue)>),
    /// Words that are the same in every language: the platform's words, a name, a code.
    Verbatim(String),
    Amount(Amount),
}

/// The value of a phrase's variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TextValue {
    Text(String),
    /// Names. Each language has its own separator.
    Names(Vec<String>),
    Amount(Amount),
    /// A typed number, with a point before its decimals.
    Figures(String),
    /// Texts that are translated before they are put into the phrase.
    Texts(Vec<ScreenText>),
}

impl ScreenText {
    /// Creates a text that is the same in every language: the platform's words, a name, a code.
    pub fn verbatim(words: impl Into<String>) -> Self {
        Self(TextSource::Verbatim(words.into()))
    }

    /// Sets the variable `name` to `words`.
    #[must_use]
    pub fn with(self, name: &'static str, words: impl Into<String>) -> Self {
        self.with_value(name, TextValue::Text(words.into()))
    }

    /// Sets the variable `name` to a list of names.
    #[must_use]
    pub fn with_list(self, name: &'static str, names: &[String]) -> Self {
        self.with_value(name, TextValue::Names(names.to_vec()))
    }

    /// Sets the variable `name` to an amount of money.
    #[must_use]
    pub fn with_amount(self, name: &'static str, amount: Amount) -> Self {
        self.with_value(name, TextValue::Amount(amount))
    }

    /// Sets the variable `name` to a typed number, such as `12.50`.
    #[must_use]
    pub fn with_figures(self, name: &'static str, typed: impl Into<String>) -> Self {
        self.with_value(name, TextValue::Figures(typed.into()))
    }

    /// Sets the variable `name` to texts, which are translated and then separated by commas.
    #[must_use]
    pub fn with_texts(self, name: &'static str, said: Vec<Self>) -> Self {
        self.with_value(name, TextValue::Texts(said))
    }

    fn with_value(mut self, name: &'static str, value: TextValue) -> Self {
        if let TextSource::Phrase(_, values) = &mut self.0 {
            values.push((name, value));
        }

        self
    }
}

impl From<Phrase> for ScreenText {
    fn from(phrase: Phrase) -> Self {
        Self(TextSource::Phrase(phrase, Vec::new()))
    }
}

impl From<Amount> for ScreenText {
    fn from(amount: Amount) -> Self {
        Self(TextSource::Amount(amount))
    }
}
