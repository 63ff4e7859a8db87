//! Checks the journal's files before SQLite opens them.
//!
//! SQLite repairs some faults silently, and open sales would then be lost. It takes an empty file for a new
//! database. It ignores an unreadable write-ahead log. It writes the log of another database into the journal. The
//! file formats: <https://www.sqlite.org/fileformat.html> and <https://www.sqlite.org/walformat.html>

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::{FileFault, JournalError};
use crate::files::private;

/// Name of the journal in the data directory.
pub(super) const FILE: &str = "journal.sqlite3";
/// The file that the display of a counter locks. Nothing may delete the file, or a second display could start.
pub(super) const LOCK: &str = "lock";

/// The number in the header that marks a database as a journal of this program.
pub(super) const APPLICATION_ID: i32 = 0x5064_4a6c;

const HEADER_LENGTH: usize = 100;
const MAGIC: &[u8] = b"SQLite format 3\0";

const WAL: &str = "-wal";
/// Endings of the files that SQLite keeps next to an open database, or leaves after a crash.
const COMPANIONS: [&str; 3] = [WAL, "-journal", "-shm"];

const WAL_HEADER_LENGTH: usize = 32;
/// Length of the header before each page in the write-ahead log, in bytes.
const FRAME_HEADER_LENGTH: usize = 24;
/// The first bytes of the write-ahead log, without the last bit: it gives the byte order of the checksums.
const WAL_MAGIC: u32 = 0x377f_0682;
const WAL_VERSION: u32 = 3_007_000;

/// Creates the data directory if it is missing, and denies other users access to the directory and its files.
///
/// # Errors
///
/// If another user owns or can write the directory or a file, or a file is a link. The journal must not be opened
/// then.
pub(super) fn claim(directory: &Path) -> Result<(), JournalError> {
    private::claim_directory(directory)?;

    Ok(names().try_for_each(|name| private::claim_name(&directory.join(name)))?)
}

/// Checks the same as [`claim`], but changes nothing.
pub(super) fn check_private(directory: &Path) -> Result<(), JournalError> {
    private::check_directory(directory)?;

    Ok(names().try_for_each(|name| private::check_file(&directory.join(name)))?)
}

fn names() -> impl Iterator<Item = String> {
    let companions = COMPANIONS.iter().map(|ending| format!("{FILE}{ending}"));

    [LOCK, FILE]
        .map(str::to_owned)
        .into_iter()
        .chain(companions)
}

/// Checks the journal's file without changing it. Returns whether the file exists.
///
/// # Errors
///
/// If the file is empty, cut off or not a journal, or if it is missing but a companion file exists. SQLite must
/// not open the journal then.
pub(super) fn check(path: &Path) -> Result<bool, JournalError> {
    let wrong = |fault| JournalError::File {
        path: path.to_owned(),
        fault,
    };
    let unusable = |cause: io::Error| JournalError::NotReadable {
        path: path.to_owned(),
        cause: Arc::new(cause),
    };
    let foreign = |what| Err(wrong(FileFault::Foreign { what }));
    let found = match fs::metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return match companion_of(path) {
                // Another program may have created the journal just now.
                Some(_) if path.exists() => check(path),
                Some(left) => Err(wrong(FileFault::Orphaned { left })),
                None => Ok(false),
            };
        }
        Err(error) => return Err(unusable(error)),
    };
    if !found.is_file() {
        return foreign("no regular file");
    }
    if found.len() == 0 {
        return Err(wrong(FileFault::Empty));
    }
    let mut bytes = Vec::with_capacity(HEADER_LENGTH);
    File::open(path)
        .and_then(|file| file.take(HEADER_LENGTH as u64).read_to_end(&mut bytes))
        .map_err(unusable)?;
    let header = DatabaseHeader::parse(&bytes).map_err(wrong)?;
    if header.application_id != APPLICATION_ID {
        return foreign("a database without the mark of this program");
    }
    if header.version < 1 {
        return Err(wrong(FileFault::WITHOUT_TABLES));
    }
    if let Some(fault) = wal_fault(path, &header).map_err(unusable)? {
        return Err(wrong(fault));
    }
    // Pages that the file lacks may be in the write-ahead log. A program that closes the journal moves them into
    // the file, so the file's length is read last.
    let expected = header.length();
    if found.len() < expected && !has_wal(path) {
        let length = fs::metadata(path).map_err(unusable)?.len();
        if length < expected {
            return Err(wrong(FileFault::CutOff { length, expected }));
        }
    }

    Ok(true)
}

/// Returns whether the journal has a write-ahead log that is not empty.
pub(super) fn has_wal(path: &Path) -> bool {
    fs::metadata(with_ending(path, WAL)).is_ok_and(|found| found.len() > 0)
}

fn companion_of(path: &Path) -> Option<PathBuf> {
    COMPANIONS
        .iter()
        .map(|ending| with_ending(path, ending))
        .find(|companion| companion.symlink_metadata().is_ok())
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);

    name.into()
}

fn big_endian(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

struct DatabaseHeader {
    page_size: u64,
    pages: u64,
    version: i32,
    application_id: i32,
}

impl DatabaseHeader {
    fn parse(bytes: &[u8]) -> Result<Self, FileFault> {
        if !bytes.starts_with(MAGIC) {
            let what = "not a database";
            return Err(FileFault::Foreign { what });
        }
        let number = |at| big_endian(bytes, at);
        let (Some(sizes), Some(pages), Some(version), Some(id)) =
            (number(16), number(28), number(60), number(68))
        else {
            return Err(FileFault::CutOff {
                length: bytes.len() as u64,
                expected: HEADER_LENGTH as u64,
            });
        };
        let page_size = match u64::from(sizes >> 16) {
            // The header stores a page size of 65,536 as 1, since two bytes cannot hold it.
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

    /// Returns the length that the file must have, in bytes.
    fn length(&self) -> u64 {
        self.page_size.saturating_mul(self.pages)
    }
}

/// Returns the fault of the write-ahead log of the journal at `path`, if any. A missing or short log is no fault,
/// since a power cut can leave it so.
fn wal_fault(path: &Path, header: &DatabaseHeader) -> io::Result<Option<FileFault>> {
    let file = with_ending(path, WAL);
    let bytes = match fs::read(&file) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        read => read?,
    };
    let what = match WriteAheadLog::parse(&bytes, header.page_size) {
        _ if bytes.is_empty() => None,
        None => Some("not a whole write-ahead log of it"),
        Some(log) => log
            .is_of_another(header)
            .then_some("the write-ahead log of another database"),
    };

    Ok(what.map(|what| FileFault::Companion { file, what }))
}

/// A write-ahead log with a header that SQLite accepts.
struct WriteAheadLog<'a> {
    frames: &'a [u8],
    salts: &'a [u8],
    frame_length: usize,
}

impl<'a> WriteAheadLog<'a> {
    fn parse(bytes: &'a [u8], page_size: u64) -> Option<Self> {
        let (header, frames) = bytes.split_at_checked(WAL_HEADER_LENGTH)?;
        let magic = big_endian(header, 0)?;
        let fits = magic & !1 == WAL_MAGIC
            && big_endian(header, 4)? == WAL_VERSION
            && u64::from(big_endian(header, 8)?) == page_size;
        let sums = (big_endian(header, 24)?, big_endian(header, 28)?);
        let is_whole = fits && checksum(&header[..24], magic & 1 == 1) == sums;

        Some(Self {
            frames,
            salts: &header[16..24],
            frame_length: FRAME_HEADER_LENGTH + usize::try_from(page_size).ok()?,
        })
        .filter(|_| is_whole)
    }

    fn is_of_another(&self, header: &DatabaseHeader) -> bool {
        let frames = self.frames.chunks_exact(self.frame_length);
        // Frames that were left from an earlier use of the log have other salts.
        let mut own = frames.filter(|frame| frame[8..16] == *self.salts);
        let pages = own
            .clone()
            .filter_map(|frame| big_endian(frame, 4))
            .rfind(|pages| *pages > 0);
        let mark = own
            .rfind(|frame| big_endian(frame, 0) == Some(1))
            .and_then(|frame| big_endian(frame, FRAME_HEADER_LENGTH + 68))
            .map(u32::cast_signed);

        // The log must fit: a journal never shrinks, and the newest copy of its first page has the application id.
        pages.is_some_and(|pages| u64::from(pages) < header.pages)
            || mark.is_some_and(|mark| mark != APPLICATION_ID)
    }
}

fn checksum(header: &[u8], is_big_endian: bool) -> (u32, u32) {
    let number = |bytes: &[u8]| {
        let number = big_endian(bytes, 0).unwrap_or_default();

        match is_big_endian {
            true => number,
            false => number.swap_bytes(),
        }
    };
    header.chunks_exact(8).fold((0_u32, 0_u32), |sums, pair| {
        let first = sums.0.wrapping_add(number(pair)).wrapping_add(sums.1);

        (
            first,
            sums.1.wrapping_add(number(&pair[4..])).wrapping_add(first),
        )
    })
}
