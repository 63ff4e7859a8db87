//! Where the log goes: to standard error, and for what handles real sales also to files, one a
//! day, so that it can be found out weeks later what happened at a counter.

mod day;
mod repeats;

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use directories::ProjectDirs;
use thiserror::Error;
use tracing::Subscriber;
use tracing_appender::rolling::{InitError, RollingFileAppender, RollingWriter, Rotation};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::{self, MakeWriter};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

use super::failure::warn;
use super::stand::Overheard;
use super::{Command, Common, launch, timings};
use crate::private::{self, PrivateError};
use repeats::Repeats;

/// So many files are kept at most, which is as many days of trade.
const KEPT: usize = 14;

/// Starts the log, and writes down what was launched. That no files can be written is no reason
/// not to sell.
pub(super) fn start(common: &Common, command: &Command) {
    let files = keeps_files(command)
        .then(|| Files::open(directory(common)?))
        .and_then(|opened| opened.inspect_err(|why| warn(why)).ok());
    let (on_stderr, in_files) = match common.verbose {
        0 => (LevelFilter::ERROR, LevelFilter::INFO),
        1 => (LevelFilter::INFO, LevelFilter::DEBUG),
        _ => (LevelFilter::DEBUG, LevelFilter::DEBUG),
    };
    let stderr = lines(
        Repeats::counted(io::stderr),
        io::stderr().is_terminal(),
        on_stderr,
    );
    let files = files.map(|files| lines(Repeats::counted(files), false, in_files));
    let overheard =
        matches!(command, Command::Stand(_)).then(|| lines(Overheard, false, LevelFilter::DEBUG));
    // Whoever has started a log in this process before keeps it.
    let _ = tracing_subscriber::registry()
        .with(stderr)
        .with(files)
        .with(overheard)
        .with(timings::layer(common.timings))
        .try_init();
    tracing::info!(
        command = command.name(),
        version = env!("CARGO_PKG_VERSION"),
        data_directory = ?launch::data_directory(common).ok(),
        "launched"
    );
}

/// Writes down that the program ends, and what was still counted.
pub(super) fn end(exit_code: u8) {
    repeats::end();
    tracing::info!(exit_code, "the program ends");
}

/// Whether a command's log is kept. What only looks or plays leaves nothing behind.
fn keeps_files(command: &Command) -> bool {
    match command {
        Command::Sale(_) | Command::Stand(_) | Command::Settle(_) | Command::Refund(_) => true,
        Command::History(_)
        | Command::Check(_)
        | Command::Config(_)
        | Command::Demo(_)
        | Command::Sandbox(_)
        | Command::Generate(_) => false,
    }
}

fn lines<S, W>(writer: W, ansi: bool, level: LevelFilter) -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    // What the libraries have to say is for whoever works on them.
    let ours = Targets::new()
        .with_default(LevelFilter::ERROR)
        .with_target(env!("CARGO_CRATE_NAME"), level);

    fmt::layer()
        .with_writer(writer)
        .with_ansi(ansi)
        // It would be said on standard error, at every line.
        .log_internal_errors(false)
        .with_filter(ours)
}

/// Where the log is kept, made and tried.
///
/// # Errors
///
/// Why none can be kept there.
pub(super) fn checked_directory(common: &Common) -> Result<PathBuf, NoFiles> {
    let directory = directory(common)?;
    claim(&directory)?;

    match tempfile::tempfile_in(&directory) {
        Ok(_) => Ok(directory),
        Err(cause) => Err(NoFiles::Directory {
            path: directory,
            cause,
        }),
    }
}

fn directory(common: &Common) -> Result<PathBuf, NoFiles> {
    if let Some(directory) = &common.state_dir {
        return Ok(directory.clone());
    }
    let directories = ProjectDirs::from("", "", "patron-display").ok_or(NoFiles::NoDirectory)?;

    Ok(directories
        .state_dir()
        .map_or_else(|| directories.data_local_dir().join("log"), Path::to_owned))
}

/// Why no log is kept.
#[derive(Debug, Error)]
pub(super) enum NoFiles {
    #[error(
        "no log is kept: there is no user's state directory on this system; name one with \
         --state-dir or PATRON_DISPLAY_STATE_DIR"
    )]
    NoDirectory,
    #[error(
        "no log is kept: the state directory {path} cannot be used: {cause}; give another one \
         with --state-dir",
        path = .path.display()
    )]
    Directory { path: PathBuf, cause: io::Error },
    #[error("no log is kept: {0}")]
    NotPrivate(PrivateError),
    #[error(
        "no log is kept: {cause} in the state directory {path}; give another one with --state-dir",
        path = .path.display()
    )]
    File { path: PathBuf, cause: InitError },
    #[error(
        "the log has gaps: the state directory {path} cannot be written: {cause}; make room there \
         or give another one with --state-dir",
        path = .path.display()
    )]
    Write { path: PathBuf, cause: String },
}

impl From<PrivateError> for NoFiles {
    fn from(error: PrivateError) -> Self {
        match error {
            PrivateError::System { path, cause } => Self::Directory {
                path,
                cause: io::Error::new(cause.kind(), cause.to_string()),
            },
            error => Self::NotPrivate(error),
        }
    }
}

/// The files. They are written directly and not by a thread, so that a kill loses no line, and
/// never synced, so that nobody waits for the disk.
struct Files {
    appender: RollingFileAppender,
    directory: PathBuf,
    has_warned: AtomicBool,
}

impl Files {
    fn open(directory: PathBuf) -> Result<Self, NoFiles> {
        claim(&directory)?;
        let appender = RollingFileAppender::builder()
            .rotation(Rotation::DAILY)
            .filename_prefix(day::PREFIX)
            .filename_suffix(day::SUFFIX)
            .max_log_files(KEPT)
            .build(&directory);

        match appender {
            Ok(appender) => Ok(Self {
                appender,
                directory,
                has_warned: AtomicBool::new(false),
            }),
            Err(cause) => Err(NoFiles::File {
                path: directory,
                cause,
            }),
        }
    }

    fn warn_once(&self, cause: &io::Error) {
        if !self.has_warned.swap(true, Ordering::Relaxed) {
            warn(&NoFiles::Write {
                path: self.directory.clone(),
                cause: cause.to_string(),
            });
        }
    }
}

impl<'a> MakeWriter<'a> for Files {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line {
            files: self,
            writer: self.appender.make_writer(),
        }
    }
}

/// The writer of one line.
struct Line<'a> {
    files: &'a Files,
    writer: RollingWriter<'a>,
}

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(line) = day::fitting(&self.files.directory, bytes) {
            self.writer
                .write_all(&line)
                .inspect_err(|cause| self.files.warn_once(cause))?;
        }

        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// Makes the directory where it is missing, and takes it and the logs in it from all other users.
fn claim(directory: &Path) -> Result<(), NoFiles> {
    private::claim_directory(directory)?;
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        if entry
            .file_name()
            .as_encoded_bytes()
            .starts_with(day::PREFIX.as_bytes())
        {
            private::claim_name(&entry.path())?;
        }
    }

    Ok(())
}
