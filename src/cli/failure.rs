//! The error of a command, with its exit code.

use std::fmt::Display;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;

use thiserror::Error;

use crate::app::painter::PainterError;
use crate::app::{Breakdown, NoScreen};
use crate::centrapay::ClientError;
use crate::config::ConfigError;
use crate::config::key::KeyError;
use crate::domain::money::{Amount, AmountError};
use crate::domain::payment::PatronCodeError;
use crate::journal::JournalError;
use crate::local_api::tills::TillError;
use crate::local_api::{CallRefusal, Problem};
use crate::logo::LogoError;
use crate::refund::UsageError;
use crate::sandbox;
use crate::text::printable::{Lines, spelled};

/// The command line is wrong (sysexits).
pub(super) const USAGE: u8 = 64;
/// There is no usable screen (sysexits).
const UNAVAILABLE: u8 = 69;
/// The exit code of a rejected sale: nothing was charged.
const REJECTED: u8 = 40;
/// This machine has a problem (sysexits).
pub(super) const SYSTEM: u8 = 71;
/// Another display uses the counter (sysexits).
pub(super) const TEMPORARY: u8 = 75;
/// The configuration is wrong (sysexits).
const CONFIGURATION: u8 = 78;

/// Why a command failed. Nothing was created before the failure.
#[derive(Debug, Error)]
pub(super) enum CommandError {
    #[error("--amount: {0}")]
    Amount(#[from] AmountError),
    #[error("--basket: {0}")]
    Basket(AmountError),
    #[error(
        "--basket is {}, less than the amount {}; the basket is the price of everything, so write {1} or \
         more",
        .basket.decimal(), .asked.decimal()
    )]
    BasketTooSmall { basket: Amount, asked: Amount },
    #[error("--barcode: {0}")]
    Barcode(PatronCodeError),
    #[error("--items {path}: {why}", path = .path.display())]
    Items { path: PathBuf, why: String },
    /// A value of a call to the local API is wrong.
    #[error("{key}: {why}")]
    Value { key: &'static str, why: String },
    #[error("--part: {0}")]
    Part(String),
    #[error("--merchant: {0}")]
    Merchant(ConfigError),
    #[error("{0}")]
    Config(#[from] ConfigError),
    #[error("{setting}: {cause}")]
    Logo {
        setting: &'static str,
        cause: LogoError,
    },
    #[error("{0}")]
    Key(#[from] KeyError),
    #[error("{0}")]
    Client(#[from] ClientError),
    #[error("{0}")]
    Journal(#[from] JournalError),
    #[error("{0}")]
    Till(#[from] TillError),
    #[error("the till was not added, because its token cannot be written to standard output: {0}")]
    Token(io::Error),
    /// The resident display refused the request.
    #[error("{sentence}")]
    Refused { code: u8, sentence: String },
    #[error(
        "the resident display of this counter does not answer; stop it (its data directory is {path}), or \
         read its log, which patron-display check names",
        path = .path.display()
    )]
    Silent { path: PathBuf },
    #[error(
        "cannot start the resident display: its local API cannot listen at {address}: {cause}; end the program that \
         listens there, or change [local-api] listen in the configuration"
    )]
    Listen {
        address: SocketAddr,
        cause: io::Error,
    },
    #[error("cannot start the resident display at {path}: {cause}", path = .path.display())]
    Resident { path: PathBuf, cause: io::Error },
    #[error("{0}")]
    Refund(UsageError),
    #[error(
        "this user has no data directory; set one with --data-dir or \
         PATRON_DISPLAY_DATA_DIR"
    )]
    NoDataDirectory,
    #[error("{0}")]
    NoScreen(#[from] NoScreen),
    #[error("{path}: {cause}", path = .path.display())]
    Monitor { path: PathBuf, cause: NoScreen },
    #[error(
        "the window could not be opened, or it failed: {0}; run patron-display check to test the screen, and see \
         the log"
    )]
    Window(#[from] Breakdown),
    #[error(
        "the window is gone: another program or the window manager destroyed it; start the display \
         again"
    )]
    WindowGone,
    #[error(
        "the new version of the program cannot be started ({path}: {cause}); start the display again",
        path = .path.display()
    )]
    NewVersion { path: PathBuf, cause: io::Error },
    #[error(
        "the screen is too small for a readable code ({width}x{height} pixels; the code needs \
         {needed}x{needed}); use a larger screen or window, or take the payment another way"
    )]
    TooSmall {
        width: u32,
        height: u32,
        needed: u32,
    },
    #[error("{0}")]
    Sandbox(#[from] sandbox::StartError),
    #[error("--faults: {0}")]
    Script(#[from] sandbox::ScriptError),
    #[error("{0}")]
    Painter(#[from] PainterError),
    #[error("{path}: {cause}", path = .path.display())]
    File { path: PathBuf, cause: io::Error },
    #[error("cannot write to standard output: {0}")]
    Output(io::Error),
    #[error("{0}")]
    System(#[from] io::Error),
    #[error(
        "the system does not allow {what}: {cause}; raise the limit (ulimit {option}; in a \
         systemd unit LimitNOFILE=, LimitNPROC= or LimitAS=)"
    )]
    Limit {
        what: String,
        /// The option of the shell's `ulimit` that changes this limit.
        option: &'static str,
        cause: io::Error,
    },
    #[error("{name} is {value:?}; remove it, or write {wanted}")]
    Variable {
        name: &'static str,
        value: String,
        wanted: &'static str,
    },
    #[error("the demo failed: {0}")]
    Demo(String),
}

impl From<UsageError> for CommandError {
    fn from(mistake: UsageError) -> Self {
        match mistake {
            UsageError::Journal(error) => Self::Journal(error),
            typed => Self::Refund(typed),
        }
    }
}

impl From<Problem> for CommandError {
    fn from(problem: Problem) -> Self {
        Self::Refused {
            code: problem.exit_code.unwrap_or(SYSTEM),
            sentence: problem.detail,
        }
    }
}

impl From<CommandError> for CallRefusal {
    fn from(failure: CommandError) -> Self {
        tracing::info!(%failure, "command failed");

        Self {
            code: failure.exit_code(),
            sentence: failure.to_string(),
        }
    }
}

impl CommandError {
    /// Prints the error and returns its exit code.
    pub(super) fn tell(&self) -> u8 {
        warn(self);
        tracing::info!(failure = %self, "command failed");

        self.exit_code()
    }

    pub(super) fn exit_code(&self) -> u8 {
        match self {
            Self::Amount(_)
            | Self::Basket(_)
            | Self::BasketTooSmall { .. }
            | Self::Barcode(_)
            | Self::Items { .. }
            | Self::Value { .. }
            | Self::Part(_)
            | Self::Merchant(_)
            | Self::Refund(_)
            | Self::Till(TillError::Exists { .. } | TillError::Unknown { .. }) => USAGE,
            Self::Refused { code, .. } => *code,
            Self::TooSmall { .. } => REJECTED,
            Self::Journal(JournalError::Taken { .. })
            | Self::Silent { .. }
            | Self::NewVersion { .. }
            | Self::Till(TillError::Busy { .. }) => TEMPORARY,
            Self::Config(_)
            | Self::Logo { .. }
            | Self::Key(_)
            | Self::Client(_)
            | Self::Journal(_)
            | Self::Till(
                TillError::NotPrivate(_)
                | TillError::NotReadable { .. }
                | TillError::Damaged { .. }
                | TillError::Full { .. },
            )
            | Self::Script(_)
            | Self::Monitor { .. }
            | Self::NoDataDirectory => CONFIGURATION,
            Self::NoScreen(_) | Self::Window(_) | Self::WindowGone | Self::Sandbox(_) => {
                UNAVAILABLE
            }
            Self::Listen { .. }
            | Self::Resident { .. }
            | Self::Limit { .. }
            | Self::Variable { .. }
            | Self::Painter(_)
            | Self::File { .. }
            | Self::Till(TillError::NotWritable { .. } | TillError::NoRandomBytes)
            | Self::Output(_)
            | Self::Token(_)
            | Self::System(_)
            | Self::Demo(_) => SYSTEM,
        }
    }
}

/// Logs a printed sentence. If standard output failed, prints a warning: the money has already moved, and the exit code
/// reports the result.
pub(super) fn printed(sentence: &dyn Display, told: io::Result<()>) {
    match told {
        Ok(()) => tracing::info!(told = %sentence, "told"),
        Err(error) => {
            tracing::warn!(%error, unprinted = %sentence, "cannot write to standard output");
            warn(&format_args!(
                "cannot write to standard output ({error}); this is the missing text: {sentence}"
            ));
        }
    }
}

/// Warns that events cannot be written. A till that closed the pipe did so on purpose, so only the log mentions
/// that.
pub(super) fn unprinted(error: &io::Error) {
    tracing::warn!(%error, "cannot write to standard output");
    if error.kind() != io::ErrorKind::BrokenPipe {
        warn(&format_args!(
            "cannot write to standard output ({error}); the exit code tells the outcome"
        ));
    }
}

/// Prints a sentence to standard error. Characters that control a terminal are escaped.
pub(super) fn warn(sentence: &dyn Display) {
    // A failure of standard error cannot be reported.
    let _ = writeln!(
        io::stderr(),
        "patron-display: {}",
        spelled(&sentence.to_string(), Lines::Keep)
    );
}
