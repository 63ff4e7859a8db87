//! Errors of the configuration. Each is one sentence that says what to do.

use std::io;
use std::path::{Path, PathBuf};

use super::search::Candidate;
use crate::files::bounded_read::ReadError;

/// The reason why there is no usable configuration.
#[allow(missing_docs, reason = "the message of each variant explains it")]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    #[error(
        "no configuration was found in {}; {}", list(.looked_at), remedy(.looked_at)
    )]
    NotFound { looked_at: Vec<Candidate> },
    #[error("{}: cannot read the configuration: {reason}", .path.display())]
    Unreadable { path: PathBuf, reason: String },
    /// The first line and the first column are 1. Columns are characters.
    #[error("{}:{line}:{column}: {message}", .path.display())]
    Invalid {
        path: PathBuf,
        line: usize,
        column: usize,
        message: String,
    },
    #[error("{}: there is no merchant {given:?}; {hint}", .path.display())]
    UnknownMerchant {
        path: PathBuf,
        given: String,
        hint: String,
    },
}

impl ConfigError {
    /// Describes why an existing file cannot be read.
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
