//! Systems without owners and modes: access lists decide there, and a profile's directory is private by default.

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

pub(crate) fn claim_inner(directory: &Path) -> io::Result<()> {
    fs::create_dir_all(directory)
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
