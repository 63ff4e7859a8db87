//! The journal's directory and files are their owner's alone.

use std::path::Path;

use super::file::COMPANIONS;
use super::{FILE, JournalError, LOCK};
use crate::private;

/// Makes the data directory where it is missing, and takes it and what is in it from all other users.
///
/// # Errors
///
/// When the directory or one of its files is another user's, a link, or can be written by others: then none of them is
/// opened.
pub(super) fn claim(directory: &Path) -> Result<(), JournalError> {
    private::claim_directory(directory)?;

    Ok(files().try_for_each(|file| private::claim_name(&directory.join(file)))?)
}

/// Checks the same, and changes nothing.
///
/// # Errors
///
/// As [`claim`].
pub(super) fn check(directory: &Path) -> Result<(), JournalError> {
    private::check_directory(directory)?;

    Ok(files().try_for_each(|file| private::check_file(&directory.join(file)))?)
}

fn files() -> impl Iterator<Item = String> {
    let beside = COMPANIONS.iter().map(|suffix| format!("{FILE}{suffix}"));

    [LOCK, FILE].map(str::to_owned).into_iter().chain(beside)
}
