//! The errors of single keys and values, before their place in the file is known.

use std::fmt;

use serde::de::{self, Expected, Unexpected};

use crate::text::nearest::nearest;

/// Placeholder for the quoted key at the beginning of an error. The code that checks a value does not know its
/// key.
pub(super) const KEY: &str = "{key}";

/// An error of a key or a value.
#[derive(Debug)]
pub(super) enum Wrong {
    /// A complete message and its offset in the file.
    Located(usize, String),
    /// A message that may begin with [`KEY`].
    Message(String),
    /// The value does not have this expected type.
    Type(String),
    /// A table has a key that it cannot have. The allowed keys follow.
    UnknownKey(&'static [&'static str]),
    MissingKey(&'static str),
}

impl de::Error for Wrong {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Message(message.to_string())
    }

    // The value is not quoted: it may be a secret.
    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Type(expected.to_string())
    }

    fn unknown_variant(word: &str, known: &'static [&'static str]) -> Self {
        let hint = nearest(word, known.iter().copied());

        Self::custom(format_args!("{KEY} cannot be {word:?}; {hint}"))
    }

    fn unknown_field(_: &str, known: &'static [&'static str]) -> Self {
        Self::UnknownKey(known)
    }

    fn missing_field(key: &'static str) -> Self {
        Self::MissingKey(key)
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Wrong {}
