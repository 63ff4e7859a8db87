//! The tills that may call the display, each with a token, its rights and the web pages that it calls from.
//!
//! They are in a file of the data directory. It has only a hash of each token, so a copy of the file opens nothing.

mod error;
mod file;
mod name;
mod origin;
mod token;

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::text::nearest::nearest;
pub use error::TillError;
use file::Lock;
pub use name::TillName;
pub use origin::WebOrigin;
use token::TokenHash;

/// A right of a till. Every till may ask for the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Right {
    /// Begin sales, follow them and end them.
    Sell,
    /// Refund payments.
    Refund,
    /// Read all sales and refunds of the counter.
    History,
    /// Settle earlier sales, and decide part payments.
    Settle,
}

impl Right {
    /// Returns the word of the command line and of the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sell => "sell",
            Self::Refund => "refund",
            Self::History => "history",
            Self::Settle => "settle",
        }
    }
}

/// A till that may call the display.
// An unknown key could be a limit that this version does not enforce, so it is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Till {
    /// The name for people.
    pub name: TillName,
    #[serde(rename = "tokenSha256")]
    token_hash: TokenHash,
    /// The origins of the web pages that may use the token.
    pub origins: Vec<WebOrigin>,
    /// Its rights.
    pub may: BTreeSet<Right>,
    /// The time at which it was added.
    #[serde(with = "file::time")]
    pub added: Timestamp,
}

impl Till {
    /// Whether a page of this origin may use the token. `origin` is the value of the header `Origin`.
    pub fn is_origin_listed(&self, origin: &str) -> bool {
        self.origins.iter().any(|listed| listed.as_str() == origin)
    }
}

/// A till to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTill {
    /// The name for people; no other till has it.
    pub name: TillName,
    /// The origins of the web pages that may use the token. A program needs none.
    pub origins: Vec<WebOrigin>,
    /// Its rights.
    pub may: BTreeSet<Right>,
}

/// All tills of a data directory.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tills {
    tills: Vec<Till>,
}

impl Tills {
    /// Reads the tills. Without a file there are none. A slow disk can block this for some seconds.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, is damaged, or others could have written it.
    pub fn load(data_directory: &Path) -> Result<Self, TillError> {
        file::read(data_directory)
    }

    /// Adds a till to the file, and returns its token. Only its hash is kept. Creates the data directory if it is missing.
    ///
    /// # Errors
    ///
    /// If there is a till of this name, the system has no random bytes, or the file cannot be read or written.
    pub fn add(data_directory: &Path, new: NewTill) -> Result<(Till, SecretString), TillError> {
        let lock = Lock::take(data_directory)?;
        let mut all = Self::load(data_directory)?;
        if all.tills.iter().any(|till| till.name == new.name) {
            return Err(TillError::Exists { name: new.name });
        }
        let token = token::fresh()?;
        let mut origins = Vec::new();
        for origin in new.origins {
            if !origins.contains(&origin) {
                origins.push(origin);
            }
        }
        let till = Till {
            name: new.name,
            token_hash: TokenHash::of(token.expose_secret()),
            origins,
            may: new.may,
            added: file::time::now(),
        };
        all.tills.push(till.clone());
        lock.write(&all)?;

        Ok((till, token))
    }

    /// Removes a till from the file. Its token is refused from the next call on.
    ///
    /// # Errors
    ///
    /// If there is no till of this name, or the file cannot be read or written.
    pub fn remove(data_directory: &Path, name: &str) -> Result<Till, TillError> {
        let lock = Lock::take(data_directory)?;
        let mut all = Self::load(data_directory)?;
        let found = all.iter().position(|till| till.name.as_str() == name);
        let Some(found) = found else {
            return Err(all.unknown(name));
        };
        let removed = all.tills.remove(found);
        lock.write(&all)?;

        Ok(removed)
    }

    /// Returns the till of this token.
    pub fn find(&self, token: &str) -> Option<&Till> {
        let hash = TokenHash::of(token);

        self.iter().find(|till| till.token_hash.is(&hash))
    }

    /// Whether any till lists this origin. `origin` is the value of the header `Origin`.
    pub fn is_origin_known(&self, origin: &str) -> bool {
        self.iter().any(|till| till.is_origin_listed(origin))
    }

    /// Returns all tills, in the order in which they were added.
    pub fn iter(&self) -> std::slice::Iter<'_, Till> {
        self.tills.iter()
    }

    fn unknown(&self, name: &str) -> TillError {
        let hint = match self.tills.is_empty() {
            true => "none was added yet".to_owned(),
            false => nearest(name, self.iter().map(|till| till.name.as_str())),
        };

        TillError::Unknown {
            given: name.to_owned(),
            hint,
        }
    }
}

#[cfg(test)]
mod tests;
