//! What can be wrong with the configuration, each in one sentence that says what to do.

use std::io;
use std::path::{Path, PathBuf};

use super::search::Candidate;
use crate::bounded_read::ReadError;

/// Why there is no usable configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// No file in any of the places.
    #[error(
        "no configuration was found in {}; {}", list(.looked_at), remedy(.looked_at)
    )]
    NotFound {
        /// The places in the order they were looked at.
        looked_at: Vec<Candidate>,
    },
    /// The file exists and cannot be read.
    #[error("{}: cannot read the configuration: {reason}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not, and what to do about it.
        reason: String,
    },
    /// Something in the file is not right.
    #[error("{}:{line}:{column}: {message}", .path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
        /// What is wrong and what would be right.
        message: String,
    },
    /// A sale asked for a merchant that is not configured.
    #[error("{}: there is no merchant {given:?}; {hint}", .path.display())]
    UnknownMerchant {
        /// The file.
        path: PathBuf,
        /// The key that was asked for.
        given: String,
        /// The nearest key, or all of them.
        hint: String,
    },
}

impl ConfigError {
    /// The file exists but the system would not give it out.
    pub(super) fn unreadable(path: &Path, error: &ReadError) -> Self {
        let reason = match error.kind() {
            Some(io::ErrorKind::IsADirectory) => {
                "it is a directory; name the file in it, such as config.toml".to_owned()
            }
            _ => error.to_string(),
        };

        Self::Unreadable {
            path: path.to_owned(),
            reason,
        }
    }
}

fn list(candidates: &[Candidate]) -> String {
    let places: Vec<String> = candidates.iter().map(Candidate::to_string).collect();

    places.join(", ")
}

fn remedy(looked_at: &[Candidate]) -> &'static str {
    match looked_at {
        [_] => {
            "correct the path, or put the sample there, which `patron-display config example` prints, and write your config-id into it"
        }
        _ => {
            "put the sample, which `patron-display config example` prints, in one of these places and write your config-id into it"
        }
    }
}
