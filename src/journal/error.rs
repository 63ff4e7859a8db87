//! Errors of the journal: what failed, on which file, and what to do.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::ErrorCode;
use thiserror::Error;

use crate::files::private::PrivateError;

/// Why the journal cannot be opened, read or written.
#[allow(missing_docs, reason = "the message of each variant explains it")]
#[derive(Debug, Clone, Error)]
pub enum JournalError {
    #[error("the data directory {path} cannot be used: {cause}; {}", remedy(.cause))]
    Directory {
        path: PathBuf,
        cause: Arc<std::io::Error>,
    },
    #[error("{0}")]
    NotPrivate(PrivateError),
    #[error(
        "the journal {path} was written by a newer version (schema {found}, this version knows \
         {known}); install that version again, or move the file away only when every sale in it \
         is settled"
    )]
    Newer {
        path: PathBuf,
        found: i64,
        known: i64,
    },
    #[error(
        "the journal {path} was written by a trial version (schema {found}, this version needs \
         {known}); settle every sale in it with that version, then move the file away"
    )]
    Older {
        path: PathBuf,
        found: i64,
        known: i64,
    },
    /// To read a write-ahead log, SQLite must write files next to the journal.
    #[error(
        "the journal {path} is on a disk that is read-only now, so its newest records cannot be read: mount \
         the disk so that it can be written, or copy the whole directory to another disk and look at the copy"
    )]
    ReadOnly { path: PathBuf },
    #[error(
        "another display has this counter (its data directory is {path}); end it first. A second \
         counter on this machine needs its own data directory"
    )]
    Taken { path: PathBuf },
    #[error("the journal is gone from {path}; mount the disk that holds it")]
    Gone { path: PathBuf },
    #[error(
        "the journal {path} {fault}; the true journal may have open sales. Put its newest good copy back. If there is \
         none, look in the Centrapay portal for unsettled payments; then move away all files whose names begin \
         with {path}"
    )]
    File { path: PathBuf, fault: FileFault },
    #[error(
        "the journal {path} cannot be read: {cause}; let the user who runs the display read and write it"
    )]
    NotReadable {
        path: PathBuf,
        cause: Arc<std::io::Error>,
    },
    #[error("the journal has a record that cannot be read: {0}")]
    Unreadable(String),
    #[error(
        "the journal {path} cannot be opened: {cause}. Put a good copy of it back; move it away \
         only when every sale in it is settled"
    )]
    Damaged {
        path: PathBuf,
        cause: Arc<rusqlite::Error>,
    },
    #[error("{0}")]
    Database(Arc<rusqlite::Error>),
    /// A payment request belongs to exactly one attempt.
    #[error("the journal already has the payment request {id} under another attempt")]
    KnownRequest { id: String },
    #[error("the journal has no such attempt")]
    NoAttempt,
    #[error("the journal has stopped")]
    Stopped,
}

impl JournalError {
    /// Adds the path of the file to an SQLite error.
    pub(super) fn at(self, path: &Path) -> Self {
        match self {
            Self::Database(cause) => Self::Damaged {
                path: path.to_owned(),
                cause,
            },
            error => error,
        }
    }

    /// Adds the path if the error is about the file's content. Other errors, such as a full disk, stay unchanged.
    pub(super) fn at_if_damaged(self, path: &Path) -> Self {
        let is_damage = matches!(&self, Self::Database(cause) if is_missing(cause) || matches!(
            cause.sqlite_error_code(),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
        ));

        match is_damage {
            true => self.at(path),
            false => self,
        }
    }
}

/// Returns whether the error is a missing table or column. SQLite has no error code for that.
fn is_missing(error: &rusqlite::Error) -> bool {
    matches!(error, rusqlite::Error::SqlInputError { .. })
        || error.sqlite_error_code() == Some(ErrorCode::Unknown)
}

impl From<PrivateError> for JournalError {
    fn from(error: PrivateError) -> Self {
        match error {
            PrivateError::System { path, cause } => Self::Directory { path, cause },
            error => Self::NotPrivate(error),
        }
    }
}

impl From<rusqlite::Error> for JournalError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(Arc::new(error))
    }
}

/// Says what to do about a data directory that cannot be used. Another directory is never suggested, since open
/// sales would then be lost.
fn remedy(cause: &std::io::Error) -> &'static str {
    match cause.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "make room on its disk",
        ErrorKind::ReadOnlyFilesystem => {
            "its disk is read-only: mount it so that it can be written"
        }
        ErrorKind::PermissionDenied => {
            "let the user who runs the display own it: sudo chown -R USER DIRECTORY"
        }
        ErrorKind::NotADirectory | ErrorKind::NotFound => {
            "correct --data-dir or PATRON_DISPLAY_DATA_DIR, or mount the disk that it is on"
        }
        _ => "look at its disk",
    }
}

/// A fault of the journal's file, found before SQLite opens the file.
#[allow(missing_docs, reason = "the message of each variant explains it")]
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FileFault {
    #[error("is empty (0 bytes)")]
    Empty,
    /// The journal's file is missing, but another SQLite file that belongs to it exists.
    #[error("is gone, but {left} is still there")]
    Orphaned { left: PathBuf },
    /// Lengths in bytes.
    #[error("is cut off: it has {length} bytes, and its header says {expected}")]
    CutOff { length: u64, expected: u64 },
    #[error("is not a journal of this program: it is {what}")]
    Foreign { what: &'static str },
    /// A file next to the journal belongs to another database or is damaged.
    #[error("cannot be opened: {file} is {what}")]
    Companion { file: PathBuf, what: &'static str },
}

impl FileFault {
    pub(super) const WITHOUT_TABLES: Self = Self::Foreign {
        what: "a database without its tables",
    };
}
