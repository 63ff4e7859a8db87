//! Reads files up to a size and within a time. A pipe without a writer, a disk that hangs and a device without an end are
//! errors.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use thiserror::Error;

/// The longest time of a read. The writer of a pipe may start later than the reader.
const PATIENCE: Duration = Duration::from_secs(5);

/// The most reads that hang at the same time. A resident display reads files for each sale, and a read that hangs keeps
/// its thread.
const MOST_HANGING: usize = 16;

static HANGING: AtomicUsize = AtomicUsize::new(0);

/// Why a file cannot be read, and what to do about it.
#[derive(Debug, Clone, Error)]
pub enum ReadError {
    #[error("{}", refusal(.0))]
    System(Arc<io::Error>),
    /// The file is larger than this limit in bytes.
    #[error("the file is larger than {}; name another file", size(*.0))]
    TooLarge(usize),
    #[error(
        "the file did not end within {} s; name a file on a disk that answers, or a pipe that is written and \
         closed at once",
        PATIENCE.as_secs()
    )]
    TooSlow,
    #[error("the file is not UTF-8 text; save it as UTF-8")]
    NotText,
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::System(Arc::new(error))
    }
}

impl ReadError {
    pub(crate) fn kind(&self) -> Option<io::ErrorKind> {
        match self {
            Self::System(error) => Some(error.kind()),
            Self::TooLarge(_) | Self::TooSlow | Self::NotText => None,
        }
    }
}

/// Reads a file of up to `most` bytes. It is an error if the file is larger, does not end in time, or cannot be read.
pub(crate) fn bytes(path: &Path, most: usize) -> Result<Vec<u8>, ReadError> {
    let path = path.to_owned();

    in_time(move || up_to(File::open(path)?, most))?
}

/// Reads a UTF-8 file like [`bytes`]. Other text is [`ReadError::NotText`].
pub(crate) fn text(path: &Path, most: usize) -> Result<String, ReadError> {
    String::from_utf8(bytes(path, most)?).map_err(|_| ReadError::NotText)
}

fn up_to(file: File, most: usize) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    file.take(limit).read_to_end(&mut bytes)?;
    if bytes.len() > most {
        return Err(ReadError::TooLarge(most));
    }

    Ok(bytes)
}

/// Does `work` on a new thread and waits for it as long as a read may take. Opening a pipe, or even reading the type of a
/// path, may block for ever.
///
/// # Errors
///
/// [`ReadError::TooSlow`]. The thread then continues without a receiver.
pub(crate) fn in_time<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ReadError> {
    if HANGING.load(Ordering::Relaxed) >= MOST_HANGING {
        return Err(ReadError::TooSlow);
    }
    let (done, answer) = mpsc::sync_channel(1);
    HANGING.fetch_add(1, Ordering::Relaxed);
    let running = RunningRead;
    thread::Builder::new()
        .name("file".to_owned())
        .spawn(move || {
            let result = work();
            drop(running);
            // After a time-out no one receives the result.
            let _ = done.send(result);
        })?;

    answer.recv_timeout(PATIENCE).map_err(|error| match error {
        RecvTimeoutError::Timeout => ReadError::TooSlow,
        RecvTimeoutError::Disconnected => io::Error::other("the read panicked").into(),
    })
}

/// Ends the count of a running read when dropped, also if the read panics.
struct RunningRead;

impl Drop for RunningRead {
    fn drop(&mut self) {
        HANGING.fetch_sub(1, Ordering::Relaxed);
    }
}

fn refusal(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            "there is no such file; correct the path".to_owned()
        }
        io::ErrorKind::PermissionDenied => {
            "permission denied; let the user who runs the display read it".to_owned()
        }
        io::ErrorKind::IsADirectory => "it is a directory; name a file in it".to_owned(),
        _ => format!("{error}; check the disk and the path"),
    }
}

fn size(bytes: usize) -> String {
    match bytes {
        0x10_0000.. if bytes.is_multiple_of(0x10_0000) => format!("{} MiB", bytes / 0x10_0000),
        0x400.. if bytes.is_multiple_of(0x400) => format!("{} KiB", bytes / 0x400),
        _ => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f68_file_of_the_largest_size_is_read() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        std::fs::write(&path, "12345").unwrap();
        assert_eq!(bytes(&path, 5).unwrap(), b"12345");
        let refused = bytes(&path, 4).unwrap_err().to_string();
        assert!(refused.contains("4 bytes"), "{refused}");
    }

    #[cfg(unix)]
    #[test]
    fn f68_device_without_end_is_refused() {
        let refused = bytes(Path::new("/dev/zero"), 0x10_0000).unwrap_err();
        assert!(refused.to_string().contains("1 MiB"), "{refused}");
    }

    #[test]
    fn f68_directory_and_missing_file_are_named() {
        let directory = tempfile::tempdir().unwrap();
        let refused = text(&directory.path().join("none"), 5).unwrap_err();
        assert!(refused.to_string().contains("no such file"), "{refused}");
        #[cfg(unix)]
        {
            let refused = text(directory.path(), 5).unwrap_err();
            assert!(refused.to_string().contains("directory"), "{refused}");
        }
    }
}
