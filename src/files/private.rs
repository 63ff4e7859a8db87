//! Directories and files that only one user of the machine may use.
//!
//! The files of a counter record its sales and decide what may be sold next. No other user may read them, hold the lock, or
//! plant a journal or a link. The checks inspect the file itself and follow no link.

#[cfg(unix)]
mod unix;

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[cfg(not(unix))]
use elsewhere as system;
#[cfg(unix)]
use unix as system;

pub(crate) use system::{
    check_directory, check_file, claim_directory, claim_name, create_only_for_owner, is_read_only,
    open_lock,
};

/// Why a directory or a file is refused, and what to do about it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PrivateError {
    /// Another user could read, plant or replace files.
    #[error("{0}")]
    Refused(String),
    #[error("{path}: {cause}", path = .path.display())]
    System {
        path: PathBuf,
        cause: Arc<io::Error>,
    },
}

/// Writes a private file in a claimed directory, or replaces it. Another program reads either the old file or the new one,
/// also after a power cut.
///
/// # Errors
///
/// If it cannot be written. The old file is then unchanged.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    // Only the owner can use a file that this makes.
    let mut new = tempfile::Builder::new()
        .prefix(".patron-display-")
        .suffix(".new")
        .tempfile_in(directory)?;
    new.write_all(bytes)?;
    new.as_file().sync_all()?;
    new.persist(path)?;
    // Without this, the old name could come back after a power cut. Some systems cannot and need not do that.
    let _ = File::open(directory).and_then(|directory| directory.sync_all());

    Ok(())
}

/// Systems without owners and modes. There, access lists decide, and a user's profile is private by default.
#[cfg(not(unix))]
mod elsewhere {
    use std::fs::{self, File, OpenOptions};
    use std::io;
    use std::path::Path;
    use std::sync::Arc;

    use super::PrivateError;

    pub(crate) fn claim_directory(directory: &Path) -> Result<(), PrivateError> {
        fs::create_dir_all(directory).map_err(|cause| PrivateError::System {
            path: directory.to_owned(),
            cause: Arc::new(cause),
        })
    }

    pub(crate) fn check_directory(_: &Path) -> Result<(), PrivateError> {
        Ok(())
    }

    pub(crate) fn check_file(_: &Path) -> Result<(), PrivateError> {
        Ok(())
    }

    pub(crate) fn claim_name(_: &Path) -> Result<(), PrivateError> {
        Ok(())
    }

    pub(crate) fn open_lock(path: &Path, create: bool) -> io::Result<File> {
        OpenOptions::new()
            .read(true)
            .write(true)
            .create(create)
            .truncate(false)
            .open(path)
    }

    pub(crate) fn create_only_for_owner() {}

    pub(crate) fn is_read_only(_: &Path) -> bool {
        false
    }
}
