use std::ffi::OsString;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::cli::SaleArgs;

/// What a caller asks of the display that stands: what its own command line asked for.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::cli) struct Errand {
    /// The configuration, by its absolute path.
    config: OsString,
    /// Whether events are told as JSON.
    pub(in crate::cli) json: bool,
    /// How much of the log is told on standard error.
    pub(in crate::cli) verbose: u8,
    pub(in crate::cli) what: What,
}

/// What for.
#[allow(
    clippy::large_enum_variant,
    reason = "there is one at a time, moved a few times"
)]
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::cli) enum What {
    /// To sell this.
    Sale(SaleArgs),
    /// To settle what earlier sales have left.
    Settle,
}

impl Errand {
    pub(in crate::cli) fn new(config: PathBuf, json: bool, verbose: u8, what: What) -> Self {
        Self {
            config: config.into(),
            json,
            verbose,
            what,
        }
    }

    /// The configuration to sell under.
    pub(in crate::cli) fn config(&self) -> PathBuf {
        PathBuf::from(&self.config)
    }
}
