//! The file of tills in the data directory.
//!
//! The display reads the file at each call. A change writes a new file and renames it, so that a reader sees all of it.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::{TillError, Tills};
use crate::files::bounded_read;
use crate::files::private;

const FILE: &str = "tills.json";
const LOCK: &str = "tills.lock";
/// The largest file, in bytes.
const LARGEST: usize = 0x10_0000;
/// The longest wait for another change. A change takes milliseconds.
const LOCK_PATIENCE: Duration = Duration::from_secs(10);

/// Reads the tills. A missing file has none.
pub(super) fn read(directory: &Path) -> Result<Tills, TillError> {
    let path = directory.join(FILE);
    private::check_directory(directory)?;
    private::check_file(&path)?;
    let bytes = match bounded_read::bytes(&path, LARGEST) {
        Err(error) if error.kind() == Some(io::ErrorKind::NotFound) => return Ok(Tills::default()),
        read => read.map_err(|cause| TillError::NotReadable {
            path: path.clone(),
            cause,
        })?,
    };
    let tills = serde_json::from_slice(&bytes).map_err(|error| error.to_string());

    tills
        .and_then(|tills: Tills| match has_repeated_name(&tills) {
            true => Err("two tills have the same name".to_owned()),
            false => Ok(tills),
        })
        .map_err(|why| TillError::Damaged { path, why })
}

fn has_repeated_name(tills: &Tills) -> bool {
    let mut names: Vec<&str> = tills.iter().map(|till| till.name.as_str()).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();

    names.len() < count
}

/// The right to change the file. Other programs wait until it is dropped.
pub(super) struct Lock {
    path: PathBuf,
    _file: File,
}

impl Lock {
    /// Claims the data directory, and waits for other changes.
    pub(super) fn take(directory: &Path) -> Result<Self, TillError> {
        let (path, lock) = (directory.join(FILE), directory.join(LOCK));
        private::claim_directory(directory)?;
        private::claim_name(&path)?;
        private::claim_name(&lock)?;
        let unusable = |cause| TillError::NotWritable {
            path: lock.clone(),
            cause,
        };
        let file = private::open_lock(&lock, true).map_err(unusable)?;
        let begun = Instant::now();
        while let Err(error) = file.try_lock() {
            match error {
                TryLockError::WouldBlock if begun.elapsed() < LOCK_PATIENCE => {
                    thread::sleep(Duration::from_millis(10));
                }
                TryLockError::WouldBlock => return Err(TillError::Busy { path: lock }),
                TryLockError::Error(cause) => return Err(unusable(cause)),
            }
        }

        Ok(Self { path, _file: file })
    }

    pub(super) fn write(&self, tills: &Tills) -> Result<(), TillError> {
        let unusable = |cause| TillError::NotWritable {
            path: self.path.clone(),
            cause,
        };
        let mut text = serde_json::to_vec_pretty(tills).map_err(|error| unusable(error.into()))?;
        text.push(b'\n');
        if text.len() > LARGEST {
            return Err(TillError::Full {
                path: self.path.clone(),
            });
        }

        private::replace(&self.path, &text).map_err(unusable)
    }
}

/// Times in the file: RFC 3339, to the second.
pub(super) mod time {
    use jiff::Timestamp;
    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::Serializer;

    /// Returns the time as it is read from the file again.
    pub(in super::super) fn now() -> Timestamp {
        let now = Timestamp::now();

        Timestamp::from_second(now.as_second()).unwrap_or(now)
    }

    pub(in super::super) fn serialize<S: Serializer>(
        time: &Timestamp,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_str(time)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Timestamp, D::Error> {
        let text = String::deserialize(from)?;

        text.parse().map_err(|_| D::Error::custom("a wrong time"))
    }
}
