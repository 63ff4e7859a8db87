//! Names of tills.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::{letters, printable};

/// The most characters of a name.
const LONGEST: usize = 40;

/// The name of a till: one line of characters that people can see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TillName(String);

impl TillName {
    /// Checks a name. Spaces around it are removed.
    ///
    /// # Errors
    ///
    /// If it is empty, too long, or has characters that cannot be seen. The error says what to write.
    pub fn parse(text: &str) -> Result<Self, String> {
        let name = text.trim();
        if letters::is_blank(name) || name.chars().count() > LONGEST {
            return Err(format!(
                "write 1 to {LONGEST} characters, such as \"Front counter\""
            ));
        }
        let is_hidden =
            |c: &char| letters::is_hidden(*c) || !printable::is_seen(*c) || is_odd_space(*c);
        if let Some(hidden) = name.chars().find(is_hidden) {
            return Err(format!(
                "it has {} in it; type the name again without it",
                letters::named(hidden)
            ));
        }
        if letters::has_towers(name) {
            return Err(format!(
                "a letter has more than {} marks on it; type the name again without them",
                letters::MOST_MARKS
            ));
        }

        Ok(Self(name.to_owned()))
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether this looks like a space and is another character, so that two names would look the same.
fn is_odd_space(character: char) -> bool {
    character.is_whitespace() && character != ' '
}

impl fmt::Display for TillName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for TillName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl From<TillName> for String {
    fn from(name: TillName) -> Self {
        name.0
    }
}
