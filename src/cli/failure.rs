//! Why a command could not be carried out: one sentence, and the exit code that goes with it.

use std::fmt::Display;
use std::io::{self, Write};

use thiserror::Error;

use crate::centrapay::ClientError;
use crate::config::ConfigError;
use crate::config::key::KeyError;
use crate::display::painter::PainterError;
use crate::display::{Breakdown, NoScreen};
use crate::journal::JournalError;
use crate::logo::LogoError;
use crate::money::{Amount, AmountError};
use crate::payment::PatronCodeError;
use crate::refund::Mistake;
use crate::sandbox;

use super::USAGE;
use crate::printable::{Lines, spelled};

/// No screen to show anything on, by sysexits.
const UNAVAILABLE: u8 = 69;

/// As a sale that was refused: nothing was charged.
const NO_SALE: u8 = 40;
/// Something is wrong with this machine, by sysexits.
pub(super) const SYSTEM: u8 = 71;
/// Another display has the counter, by sysexits.
pub(super) const TEMPORARY: u8 = 75;
/// The configuration, by sysexits.
const CONFIGURATION: u8 = 78;

/// Why a command could not be carried out. Nothing has been created when one of these is told.
#[derive(Debug, Error)]
pub(super) enum Failure {
    #[error("--amount: {0}")]
    Amount(#[from] AmountError),
    #[error("--basket: {0}")]
    Basket(AmountError),
    #[error(
        "--basket is {}, and {} is asked for; the basket is what everything costs, so write that or \
         more",
        .basket.decimal(), .asked.decimal()
    )]
    BasketTooSmall { basket: Amount, asked: Amount },
    #[error("--barcode: {0}")]
    Barcode(PatronCodeError),
    #[error("--items {path}: {why}", path = .path.display())]
    Items {
        path: std::path::PathBuf,
        why: String,
    },
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
    /// The display that stands says so.
    #[error("{sentence}")]
    Refused {
        /// The exit code that goes with it.
        code: u8,
        sentence: String,
    },
    #[error(
        "a display stands at this counter and does not answer; end it (its data directory is {path}), or \
         look at its log, which patron-display check names",
        path = .path.display()
    )]
    Silent { path: std::path::PathBuf },
    #[error("no display can stand at {path}: {cause}", path = .path.display())]
    Stand {
        path: std::path::PathBuf,
        cause: std::io::Error,
    },
    #[error("{0}")]
    Refund(Mistake),
    #[error(
        "there is no user's data directory on this system; name one with --data-dir or \
         PATRON_DISPLAY_DATA_DIR"
    )]
    NoDataDirectory,
    #[error("{0}")]
    NoScreen(#[from] NoScreen),
    #[error("{path}: {cause}", path = .path.display())]
    Monitor {
        path: std::path::PathBuf,
        cause: NoScreen,
    },
    #[error(
        "no window could be opened, or it broke down: {0}; patron-display check looks at the screen, and the \
         log has more"
    )]
    Window(#[from] Breakdown),
    #[error(
        "the window is gone: another program or the window manager has destroyed it; start the display \
         again"
    )]
    WindowGone,
    #[error(
        "no readable code could be made: the screen is too small for it ({width}x{height} pixels; the \
         code needs {needed}x{needed}); use a larger screen or window, or take the payment another way"
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
    File {
        path: std::path::PathBuf,
        cause: std::io::Error,
    },
    #[error("standard output cannot be written: {0}")]
    Output(std::io::Error),
    #[error("{0}")]
    System(#[from] std::io::Error),
    #[error(
        "this system does not let the program have {what}: {cause}; raise the limit (ulimit {option}; in a \
         systemd unit LimitNOFILE=, LimitNPROC= or LimitAS=)"
    )]
    Limit {
        what: String,
        /// By which a shell sets it.
        option: &'static str,
        cause: std::io::Error,
    },
    #[error("{name} is {value:?}; remove it, or write {wanted}")]
    Variable {
        name: &'static str,
        value: String,
        wanted: &'static str,
    },
    #[error("the demo did not go as it should: {0}")]
    Story(String),
}

impl From<Mistake> for Failure {
    fn from(mistake: Mistake) -> Self {
        match mistake {
            Mistake::Journal(error) => Self::Journal(error),
            typed => Self::Refund(typed),
        }
    }
}

impl Failure {
    /// Says it on standard error and answers with the exit code.
    pub(super) fn tell(&self) -> u8 {
        warn(self);
        tracing::info!(failure = %self, "command failed");

        self.exit_code()
    }

    /// The exit code that stands for it.
    pub(super) fn exit_code(&self) -> u8 {
        match self {
            Self::Amount(_)
            | Self::Basket(_)
            | Self::BasketTooSmall { .. }
            | Self::Barcode(_)
            | Self::Items { .. }
            | Self::Part(_)
            | Self::Merchant(_)
            | Self::Refund(_) => USAGE,
            Self::Refused { code, .. } => *code,
            Self::TooSmall { .. } => NO_SALE,
            Self::Journal(JournalError::Taken { .. }) | Self::Silent { .. } => TEMPORARY,
            Self::Config(_)
            | Self::Logo { .. }
            | Self::Key(_)
            | Self::Client(_)
            | Self::Journal(_)
            | Self::Script(_)
            | Self::Monitor { .. }
            | Self::NoDataDirectory => CONFIGURATION,
            Self::NoScreen(_) | Self::Window(_) | Self::WindowGone | Self::Sandbox(_) => {
                UNAVAILABLE
            }
            Self::Stand { cause, .. } if cause.kind() == std::io::ErrorKind::Unsupported => {
                UNAVAILABLE
            }
            Self::Stand { .. } => SYSTEM,
            Self::Limit { .. }
            | Self::Variable { .. }
            | Self::Painter(_)
            | Self::File { .. }
            | Self::Output(_)
            | Self::System(_)
            | Self::Story(_) => SYSTEM,
        }
    }
}

/// Makes a warning of what could not be printed about a deed that is done: what became of the money is told by the exit code.
/// `sentence` says what was to be told; it stands in the log in any case.
pub(super) fn printed(sentence: &dyn Display, told: io::Result<()>) {
    match told {
        Ok(()) => tracing::info!(told = %sentence, "told"),
        Err(error) => {
            tracing::warn!(%error, unprinted = %sentence, "standard output cannot be written");
            warn(&format_args!(
                "standard output cannot be written ({error}); this was to be told there: {sentence}"
            ));
        }
    }
}

/// Warns that events cannot be written. A reader that has closed its end has done so on purpose: that stands in the log alone.
pub(super) fn unprinted(error: &io::Error) {
    tracing::warn!(%error, "standard output cannot be written");
    if error.kind() != io::ErrorKind::BrokenPipe {
        warn(&format_args!(
            "standard output cannot be written ({error}); the exit code tells the outcome"
        ));
    }
}

/// Says something on standard error. What would steer a terminal is spelled out.
pub(super) fn warn(sentence: &dyn Display) {
    // Nothing can be done about a standard error that is gone.
    let _ = writeln!(
        io::stderr(),
        "patron-display: {}",
        spelled(&sentence.to_string(), Lines::Keep)
    );
}
