//! Looks at the files that SQLite keeps beside the journal, before SQLite opens it.
//!
//! SQLite takes a write-ahead log that it cannot read for an empty one, and writes one of another database into the
//! journal. Either way a sale that is open would be forgotten.
//! The formats: <https://www.sqlite.org/fileformat.html> and <https://www.sqlite.org/walformat.html>

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use super::file::{APPLICATION_ID, COMPANIONS, FileFault, Header, beside};

/// The header of a write-ahead log, in bytes.
const LOG_HEADER: usize = 32;
/// What stands before each page in it, in bytes.
const FRAME_HEADER: usize = 24;
/// Without its last bit, which says how its checksums are counted.
const LOG_MAGIC: u32 = 0x377f_0682;
const LOG_VERSION: u32 = 3_007_000;
/// Returns what is wrong with a file beside the journal at `path`.
///
/// # Errors
///
/// When one of them cannot be read.
pub(super) fn fault(path: &Path, header: &Header) -> io::Result<Option<FileFault>> {
    let [log, _, index] = COMPANIONS.map(|ending| beside(path, ending));
    // What a rollback journal says is left to SQLite: after a power cut one of the journal's first moment may be back.
    // Before the log: each frame is in the log before the index counts it.
    let counted = begin(&index, Counted::LENGTH)?;
    let log_bytes = match fs::read(&log) {
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        read => Some(read?),
    };
    let what = match log_bytes {
        // The index goes first when the last program closes the journal. A power cut may bring it back, but by then all was
        // copied from the log.
        None if counted
            .as_deref()
            .and_then(Counted::of)
            .is_some_and(|counted| counted.frames > counted.copied)
            && begin(&index, 0)?.is_some()
            && !log.exists() =>
        {
            return Ok(Some(FileFault::LogGone { log }));
        }
        None => None,
        Some(bytes) if bytes.is_empty() => None,
        Some(bytes) => Log::of(&bytes, header.page_size)
            .map_or(Some("not a whole write-ahead log of it"), |found| {
                found.fault(counted.as_deref().and_then(Counted::of), header)
            }),
    };

    Ok(what.map(|what| FileFault::Beside { file: log, what }))
}

/// The first bytes of a file, `None` where there is no such file.
fn begin(path: &Path, length: usize) -> io::Result<Option<Vec<u8>>> {
    let mut begin = Vec::with_capacity(length);
    match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        file => file?.take(length as u64).read_to_end(&mut begin)?,
    };

    Ok(Some(begin))
}

fn big_endian(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// What the shared memory says of the write-ahead log.
struct Counted {
    frames: usize,
    /// Those of them that are in the journal as well.
    copied: usize,
    salts: [u8; 8],
}

impl Counted {
    const LENGTH: usize = 100;

    /// `None` where it says nothing, as before the first record.
    fn of(begin: &[u8]) -> Option<Self> {
        let number = |at: usize| {
            let bytes = begin.get(at..at + 4)?.try_into().ok()?;
            // It never leaves the machine.
            Some(u32::from_ne_bytes(bytes))
        };
        let is_of_use = number(0)? == LOG_VERSION && *begin.get(12)? != 0;

        Some(Self {
            frames: usize::try_from(number(16)?).ok()?,
            copied: usize::try_from(number(96)?).ok()?,
            salts: begin.get(32..40)?.try_into().ok()?,
        })
        .filter(|_| is_of_use)
    }
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

    fn fault(&self, counted: Option<Counted>, header: &Header) -> Option<&'static str> {
        let frames = self.frames.chunks_exact(self.frame_size);
        let is_cut_off = counted
            .is_some_and(|counted| counted.salts == self.salts && counted.frames > frames.len());
        if is_cut_off {
            return Some("cut off: the newest records are gone");
        }
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
