//! Bounds the size of a daily log file.

use std::borrow::Cow;
use std::fs;
use std::path::Path;

use jiff::Timestamp;

/// The largest file, in bytes. A day of a thousand sales needs about 3 MiB.
const LARGEST: u64 = 32 * 1024 * 1024;

/// The longest line, in bytes.
const LONGEST_LINE: usize = 16 * 1024;

/// The beginning and the end of a file's name. The day is between them.
pub(super) const PREFIX: &str = "patron-display";
pub(super) const SUFFIX: &str = "log";

/// Cuts a line for today's file in `directory`; `None` if the file is full. Other processes write to the same file, so
/// this reads its length for each line.
pub(super) fn fitting<'a>(directory: &Path, line: &'a [u8]) -> Option<Cow<'a, [u8]>> {
    // The files change at midnight UTC.
    let day = Timestamp::now().strftime("%Y-%m-%d");
    let file = directory.join(format!("{PREFIX}.{day}.{SUFFIX}"));
    let length = fs::metadata(file).map_or(0, |found| found.len());

    fitting_after(length, line)
}

fn fitting_after(length: u64, line: &[u8]) -> Option<Cow<'_, [u8]>> {
    if length >= LARGEST {
        return None;
    }
    let mut fitting = Cow::Borrowed(line);
    if let Some(kept) = line.get(..LONGEST_LINE)
        && line.len() > LONGEST_LINE
    {
        let kept = String::from_utf8_lossy(kept);
        fitting = Cow::Owned(format!("{kept} … ({} bytes, cut)\n", line.len()).into_bytes());
    }
    if length + fitting.len() as u64 >= LARGEST {
        let full = format!(
            "the log of this day is full ({} MiB): it gets no more lines until tomorrow (UTC); see above what \
             fills it\n",
            LARGEST / 1024 / 1024
        );
        fitting.to_mut().extend_from_slice(full.as_bytes());
    }

    Some(fitting)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(fitting: Option<Cow<'_, [u8]>>) -> String {
        String::from_utf8(fitting.unwrap().into_owned()).unwrap()
    }

    #[test]
    fn f70_full_log_says_so_once() {
        assert_eq!(text(fitting_after(0, b"line\n")), "line\n");
        let last = text(fitting_after(LARGEST - 2, b"line\n"));
        assert!(last.starts_with("line\nthe log of this day is full (32 MiB)"));
        assert_eq!(fitting_after(LARGEST, b"line\n"), None);
        assert_eq!(fitting_after(LARGEST + 100, b"line\n"), None);
    }

    #[test]
    fn f70_line_without_end_is_cut() {
        let line = "é".repeat(LONGEST_LINE);
        let line = text(fitting_after(0, line.as_bytes()));
        assert!(line.len() < LONGEST_LINE + 50);
        assert!(line.ends_with("cut)\n"));
    }
}
