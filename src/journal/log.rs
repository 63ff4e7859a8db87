//! Looks at the journal's write-ahead log before SQLite opens it.
//!
//! SQLite takes a write-ahead log that it cannot read for an empty one, and writes one of another database into the
//! journal. Either way a sale that is open would be forgotten.
//! The formats: <https://www.sqlite.org/fileformat.html> and <https://www.sqlite.org/walformat.html>

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use super::file::{APPLICATION_ID, COMPANIONS, FileFault, Header, beside};

/// The header of a write-ahead log, in bytes.
const LOG_HEADER: usize = 32;
/// What stands before each page in it, in bytes.
const FRAME_HEADER: usize = 24;
/// Without its last bit, which says how its checksums are counted.
const LOG_MAGIC: u32 = 0x377f_0682;
const LOG_VERSION: u32 = 3_007_000;

/// Returns what is wrong with the write-ahead log of the journal at `path`.
///
/// # Errors
///
/// When it cannot be read.
pub(super) fn fault(path: &Path, header: &Header) -> io::Result<Option<FileFault>> {
    let log = beside(path, COMPANIONS[0]);
    let bytes = match fs::read(&log) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        read => read?,
    };
    // A log that is gone or shorter cannot be told from what a power cut leaves.
    let what = match Log::of(&bytes, header.page_size) {
        _ if bytes.is_empty() => None,
        None => Some("not a whole write-ahead log of it"),
        Some(found) => found.fault(header),
    };

    Ok(what.map(|what| FileFault::Beside { file: log, what }))
}

pub(super) fn big_endian(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// A write-ahead log that SQLite would read.
struct Log<'a> {
    frames: &'a [u8],
    salts: &'a [u8],
    frame_size: usize,
}

impl<'a> Log<'a> {
    fn of(bytes: &'a [u8], page_size: u64) -> Option<Self> {
        let (header, frames) = bytes.split_at_checked(LOG_HEADER)?;
        let magic = big_endian(header, 0)?;
        let fits = magic & !1 == LOG_MAGIC
            && big_endian(header, 4)? == LOG_VERSION
            && u64::from(big_endian(header, 8)?) == page_size;
        let sums = (big_endian(header, 24)?, big_endian(header, 28)?);
        let is_whole = fits && checksum(&header[..24], magic & 1 == 1) == sums;

        Some(Self {
            frames,
            salts: &header[16..24],
            frame_size: FRAME_HEADER + usize::try_from(page_size).ok()?,
        })
        .filter(|_| is_whole)
    }

    fn fault(&self, header: &Header) -> Option<&'static str> {
        let frames = self.frames.chunks_exact(self.frame_size);
        // What is left of an earlier use of the log has other salts.
        let mut own = frames.filter(|frame| frame[8..16] == *self.salts);
        // A journal never shrinks, and the newest copy of its first page has its mark.
        let mut pages = own
            .clone()
            .filter_map(|frame| big_endian(frame, 4))
            .filter(|pages| *pages > 0);
        let mark = own
            .rfind(|frame| big_endian(frame, 0) == Some(1))
            .and_then(|frame| big_endian(frame, FRAME_HEADER + 68))
            .map(u32::cast_signed);
        let is_smaller = pages
            .next_back()
            .is_some_and(|pages| u64::from(pages) < header.pages);
        // A journal of an earlier version is being marked.
        let is_marked =
            mark.is_none_or(|mark| [APPLICATION_ID, header.application_id].contains(&mark));

        (is_smaller || !is_marked).then_some("the write-ahead log of another database")
    }
}

fn checksum(header: &[u8], is_big_endian: bool) -> (u32, u32) {
    let mut numbers = header.chunks_exact(4).map(|bytes| {
        let number = bytes
            .iter()
            .fold(0, |number, byte| number << 8 | u32::from(*byte));

        if is_big_endian {
            number
        } else {
            number.swap_bytes()
        }
    });
    let mut sums = (0_u32, 0_u32);
    while let (Some(left), Some(right)) = (numbers.next(), numbers.next()) {
        sums.0 = sums.0.wrapping_add(left).wrapping_add(sums.1);
        sums.1 = sums.1.wrapping_add(right).wrapping_add(sums.0);
    }

    sums
}
