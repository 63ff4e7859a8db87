//! Looks at the journal's file before SQLite opens it, and makes a new one.
//!
//! SQLite takes an empty file, and a missing one whose write-ahead log is still there, for a new database. Here that would
//! forget a sale that is open. So a new journal is made under another name and appears whole: a file of 0 bytes is never
//! a new one.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, OpenFlags};

use super::{JournalError, log, schema};

/// Marks a database as a journal of this program, in its header. Journals of earlier versions have 0.
pub(super) const APPLICATION_ID: i32 = 0x5064_4a6c;

/// The header of a database: <https://www.sqlite.org/fileformat.html>
const HEADER: usize = 100;
const MAGIC: &[u8] = b"SQLite format 3\0";

/// What SQLite keeps beside a database while it is open, or after a crash.
pub(super) const COMPANIONS: [&str; 3] = ["-wal", "-journal", "-shm"];

/// What is wrong with a journal's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileFault {
    /// It has no content.
    Empty,
    /// It is gone, and this file of it is still there.
    Orphaned {
        /// The file that is left.
        left: PathBuf,
    },
    /// It is shorter than its header says.
    CutOff {
        /// Its length, in bytes.
        length: u64,
        /// What the length must be, in bytes.
        expected: u64,
    },
    /// It is something else.
    Foreign {
        /// What it is.
        what: &'static str,
    },
    /// A file beside it is not what SQLite left there.
    Beside {
        /// The file.
        file: PathBuf,
        /// What it is.
        what: &'static str,
    },
}

impl FileFault {
    /// It has none of this program's tables.
    pub(super) const WITHOUT_TABLES: Self = Self::Foreign {
        what: "a database without its tables",
    };
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("is empty (0 bytes)"),
            Self::Orphaned { left } => {
                write!(f, "is gone, while {} is still there", left.display())
            }
            Self::CutOff { length, expected } => write!(
                f,
                "is cut off: it has {length} bytes, and its header says {expected}"
            ),
            Self::Foreign { what } => {
                write!(f, "is not a journal of this program: it is {what}")
            }
            Self::Beside { file, what } => write!(
                f,
                "cannot be opened with what is beside it: {} is {what}",
                file.display()
            ),
        }
    }
}

/// Looks at the journal's file, and changes nothing. Returns whether there is one.
///
/// # Errors
///
/// When it is empty, gone while a part of it is left, cut off, or something else: then it must not be opened.
pub(super) fn check(path: &Path) -> Result<bool, JournalError> {
    let wrong = |fault| JournalError::File {
        path: path.to_owned(),
        fault,
    };
    let unusable = |cause: io::Error| JournalError::NotReadable {
        path: path.to_owned(),
        cause: Arc::new(cause),
    };
    let found = match fs::metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            // Another program may just have made it.
            return match left_of(path) {
                Some(left) if !path.exists() => Err(wrong(FileFault::Orphaned { left })),
                Some(_) => check(path),
                None => Ok(false),
            };
        }
        Err(error) => return Err(unusable(error)),
    };
    if !found.is_file() {
        let what = "no regular file";
        return Err(wrong(FileFault::Foreign { what }));
    }
    if found.len() == 0 {
        return Err(wrong(FileFault::Empty));
    }
    let mut header = Vec::with_capacity(HEADER);
    File::open(path)
        .and_then(|file| file.take(HEADER as u64).read_to_end(&mut header))
        .map_err(unusable)?;
    let header = Header::of(&header).map_err(wrong)?;
    let found_beside = log::fault(path, &header).map_err(unusable)?;
    if let Some(fault) = found_beside {
        return Err(wrong(fault));
    }
    match header.application_id {
        // The mark is written together with the schema's version.
        APPLICATION_ID if header.version < 1 => return Err(wrong(FileFault::WITHOUT_TABLES)),
        APPLICATION_ID => {}
        0 => legacy(path)?,
        _ => {
            let what = "another program's database";
            return Err(wrong(FileFault::Foreign { what }));
        }
    }
    // While there is a write-ahead log, the rest may be in it. Another program that closes the journal moves it here, so
    // the length is asked for last.
    let expected = header.length();
    if found.len() < expected && !has_content(&beside(path, COMPANIONS[0])) {
        let length = fs::metadata(path).map_err(unusable)?.len();
        if length < expected {
            return Err(wrong(FileFault::CutOff { length, expected }));
        }
    }

    Ok(true)
}

/// Makes a new journal. It appears under its name with everything that a journal begins with, or not at all.
///
/// # Errors
///
/// When it cannot be written. That another program makes one at the same time is no error.
pub(super) fn create(path: &Path) -> Result<(), JournalError> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let unusable = |cause: io::Error| JournalError::Directory {
        path: directory.to_owned(),
        cause: Arc::new(cause),
    };
    let new = tempfile::Builder::new()
        .prefix(".journal-")
        .suffix(".new")
        .tempfile_in(directory)
        .map_err(unusable)?;
    let mut database = Connection::open(new.path())?;
    schema::begin(&mut database)?;
    database.close().map_err(|(_, error)| error)?;
    new.as_file().sync_all().map_err(unusable)?;
    match new.persist_noclobber(path) {
        Ok(_) => {}
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => return Ok(()),
        Err(error) => return Err(unusable(error.error)),
    }
    // So that the name survives a power cut as well. Where directories cannot be synced, the file system sees to it.
    let _ = File::open(directory).and_then(|directory| directory.sync_all());

    Ok(())
}

/// Accepts a journal of an earlier version of this program, which has no mark, by its table of attempts. SQLite only
/// reads it for that.
fn legacy(path: &Path) -> Result<(), JournalError> {
    // Every version since the first has these.
    const TABLES: [&str; 2] = [
        "SELECT sale, attempt, external_ref, amount, currency, config_id, base_url, phase, request_id FROM attempt",
        "SELECT sale, attempt, at, kind, detail FROM event",
    ];
    let database = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    for statement in TABLES {
        if let Err(error) = database.prepare(statement) {
            if !schema::is_missing(&error) {
                return Err(error.into());
            }
            return Err(JournalError::File {
                path: path.to_owned(),
                fault: FileFault::WITHOUT_TABLES,
            });
        }
    }

    schema::check(path, schema::version(&database)?)
}

/// The first file that is left of a journal.
fn left_of(path: &Path) -> Option<PathBuf> {
    COMPANIONS
        .iter()
        .map(|ending| beside(path, ending))
        .find(|left| left.symlink_metadata().is_ok())
}

pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);

    name.into()
}

pub(super) fn has_content(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.len() > 0)
}

/// What the header of a database says.
pub(super) struct Header {
    pub(super) page_size: u64,
    pub(super) pages: u64,
    version: i32,
    pub(super) application_id: i32,
}

impl Header {
    fn of(header: &[u8]) -> Result<Self, FileFault> {
        if !header.starts_with(MAGIC) {
            let what = "not a database";
            return Err(FileFault::Foreign { what });
        }
        let number = |at| log::big_endian(header, at);
        let (Some(sizes), Some(pages), Some(version), Some(id)) =
            (number(16), number(28), number(60), number(68))
        else {
            return Err(FileFault::CutOff {
                length: header.len() as u64,
                expected: HEADER as u64,
            });
        };
        let page_size = match u64::from(sizes >> 16) {
            // What has no room in two bytes.
            1 => 65_536,
            size => size,
        };

        Ok(Self {
            page_size,
            pages: pages.into(),
            version: version.cast_signed(),
            application_id: id.cast_signed(),
        })
    }

    /// How long the file has to be, in bytes.
    fn length(&self) -> u64 {
        self.page_size.saturating_mul(self.pages)
    }
}
