//! The log: goes to standard error, and for commands that handle real sales also to daily files.

mod day;
mod repeats;

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use directories::ProjectDirs;
use thiserror::Error;
use tracing::{Level, Subscriber};
use tracing_appender::rolling::{InitError, RollingFileAppender, Rotation};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::{self, MakeWriter};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

use super::arguments::{CliCommand, Common};
use super::failure::{CommandError, warn};
use super::session::data_directory;
use crate::files::private::{self, PrivateError};
use crate::runtime::timing;
use repeats::Repeats;

/// The number of files, which is also the number of days.
const MOST_FILES: usize = 14;

/// Starts the log. If the log files cannot be written, prints a warning, and the sale goes on.
pub(super) fn start(common: &Common, command: &CliCommand) {
    let files = keeps_files(command)
        .then(|| LogFiles::open(directory(common)?))
        .and_then(|opened| opened.inspect_err(|why| warn(why)).ok());
    let (on_stderr, in_files) = (
        level(common.verbose),
        level(common.verbose.saturating_add(1)),
    );
    let is_terminal = io::stderr().is_terminal();
    let stderr = lines(Repeats::counted(io::stderr), is_terminal, on_stderr);
    let files = files.map(|files| lines(Repeats::counted(files), false, in_files));
    // Fails only if a test has already started a log in this process.
    let _ = tracing_subscriber::registry()
        .with(stderr)
        .with(files)
        .with(timing::layer(common.timings))
        .try_init();
    tracing::info!(
        command = command.name(),
        version = env!("CARGO_PKG_VERSION"),
        data_directory = ?data_directory(common).ok(),
        "launched"
    );
}

fn level(verbose: u8) -> Level {
    match verbose {
        0 => Level::ERROR,
        1 => Level::INFO,
        _ => Level::DEBUG,
    }
}

/// Prints the error of a command, if it failed, and returns the exit code. Writes the last line of the log.
pub(super) fn finish(done: Result<u8, CommandError>) -> u8 {
    let exit_code = done.unwrap_or_else(|failure| failure.tell());
    repeats::end();
    tracing::info!(exit_code, "the program ends");

    exit_code
}

/// Whether a command writes log files. A command without real sales leaves no files.
fn keeps_files(command: &CliCommand) -> bool {
    use CliCommand::{Refund, Sale, Settle, Stand};

    matches!(command, Sale(_) | Stand(_) | Settle(_) | Refund(_))
}

fn lines<S, W>(writer: W, ansi: bool, level: Level) -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    // Libraries log only errors.
    let ours = Targets::new()
        .with_default(LevelFilter::ERROR)
        .with_target(env!("CARGO_CRATE_NAME"), level);

    fmt::layer()
        .with_writer(writer)
        .with_ansi(ansi)
        // If a write fails, this layer would otherwise print an error on standard error for every line.
        .log_internal_errors(false)
        .with_filter(ours)
}

/// Creates the directory of the log and tests that it is writable.
pub(super) fn checked_directory(common: &Common) -> Result<PathBuf, LogError> {
    let directory = directory(common)?;
    claim(&directory)?;

    match tempfile::tempfile_in(&directory) {
        Ok(_) => Ok(directory),
        Err(cause) => Err(LogError::Directory {
            path: directory,
            cause: cause.into(),
        }),
    }
}

fn directory(common: &Common) -> Result<PathBuf, LogError> {
    if let Some(directory) = &common.state_dir {
        return Ok(directory.clone());
    }
    let directories = ProjectDirs::from("", "", "patron-display").ok_or(LogError::NoDirectory)?;

    Ok(directories
        .state_dir()
        .map_or_else(|| directories.data_local_dir().join("log"), Path::to_owned))
}

#[derive(Debug, Error)]
pub(super) enum LogError {
    #[error(
        "no log files: this user has no state directory; set one with --state-dir or \
         PATRON_DISPLAY_STATE_DIR"
    )]
    NoDirectory,
    #[error(
        "no log files: cannot use the state directory {path}: {cause}; set another one \
         with --state-dir",
        path = .path.display()
    )]
    Directory {
        path: PathBuf,
        cause: Arc<io::Error>,
    },
    #[error("no log files: {0}")]
    NotPrivate(PrivateError),
    #[error(
        "no log files: {cause} in the state directory {path}; set another one with --state-dir",
        path = .path.display()
    )]
    File { path: PathBuf, cause: InitError },
    #[error(
        "the log has gaps: cannot write to the state directory {path}: {cause}; make room there \
         or set another one with --state-dir",
        path = .path.display()
    )]
    Write { path: PathBuf, cause: String },
}

impl From<PrivateError> for LogError {
    fn from(error: PrivateError) -> Self {
        match error {
            PrivateError::System { path, cause } => Self::Directory { path, cause },
            error => Self::NotPrivate(error),
        }
    }
}

/// The log files. The calling thread writes them, so that a kill loses no line. They are never synced, because that would
/// wait for the disk.
struct LogFiles {
    appender: RollingFileAppender,
    directory: PathBuf,
    has_warned: AtomicBool,
}

impl LogFiles {
    fn open(directory: PathBuf) -> Result<Self, LogError> {
        claim(&directory)?;
        let appender = RollingFileAppender::builder()
            .rotation(Rotation::DAILY)
            .filename_prefix(day::PREFIX)
            .filename_suffix(day::SUFFIX)
            .max_log_files(MOST_FILES)
            .build(&directory);

        match appender {
            Ok(appender) => Ok(Self {
                appender,
                directory,
                has_warned: AtomicBool::new(false),
            }),
            Err(cause) => Err(LogError::File {
                path: directory,
                cause,
            }),
        }
    }

    fn warn_once(&self, cause: &io::Error) {
        if !self.has_warned.swap(true, Ordering::Relaxed) {
            warn(&LogError::Write {
                path: self.directory.clone(),
                cause: cause.to_string(),
            });
        }
    }
}

impl<'a> MakeWriter<'a> for LogFiles {
    type Writer = &'a Self;

    fn make_writer(&'a self) -> &'a Self {
        self
    }
}

impl Write for &LogFiles {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(line) = day::fitting(&self.directory, bytes) {
            let mut file = self.appender.make_writer();
            file.write_all(&line)
                .inspect_err(|cause| self.warn_once(cause))?;
        }

        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Creates the directory if it is missing, and removes other users' access to it and to its logs.
fn claim(directory: &Path) -> Result<(), LogError> {
    private::claim_directory(directory)?;
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let name = entry.file_name();
        if name.as_encoded_bytes().starts_with(day::PREFIX.as_bytes()) {
            private::claim_name(&entry.path())?;
        }
    }

    Ok(())
}
