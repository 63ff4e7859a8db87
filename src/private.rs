//! Directories and files that belong to one user of the machine alone.
//!
//! The files of a counter record what was sold and decide what may be sold next. No other user may read them, hold
//! the lock, or plant a journal or a link. All checks look at the file itself and follow no link.

#[cfg(not(unix))]
mod elsewhere;
#[cfg(unix)]
mod unix;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

#[cfg(not(unix))]
use elsewhere as system;
#[cfg(unix)]
use unix as system;

pub(crate) use system::{
    check_directory, check_file, claim_directory, claim_inner, claim_name, create_only_for_owner,
    is_read_only, open_lock,
};

/// Why a directory or a file is not used.
#[derive(Debug, Clone, Error)]
pub enum PrivateError {
    /// Other users can change what is in it.
    #[error(
        "other users can write to {path}, so what is in {directory} may be planted. Find out who has written there, \
         then {change}; on a disk without permissions (FAT, a Windows share) that does nothing: mount it \
         for this user alone",
        path = .path.display(), directory = .directory.display(), change = closing(.path, .directory)
    )]
    Writable {
        /// What they can write to.
        path: PathBuf,
        /// The directory that was to be used.
        directory: PathBuf,
    },
    /// It belongs to another user.
    #[error("{}", foreign(.path, .directory, *.owner, *.own))]
    Foreign {
        /// What belongs to the other user.
        path: PathBuf,
        /// The directory that was to be used.
        directory: PathBuf,
        /// The number of the user that it belongs to.
        owner: u32,
        /// The number of the user who runs this program.
        own: u32,
    },
    /// It is a link, or a file with a second name.
    #[error(
        "{path} is a link to something else, or has a second name elsewhere; links are never followed here: find out \
         who has put it there, and move it away",
        path = .path.display()
    )]
    Link {
        /// The link.
        path: PathBuf,
    },
    /// It is no regular file.
    #[error("{path} is no regular file; find out who has put it there, and move it away", path = .path.display())]
    NoFile {
        /// The path.
        path: PathBuf,
    },
    /// This user may not make the directory.
    #[error(
        "{directory} cannot be made, since this user may not write to {path}; make it once: \
         sudo install -d -m 700 -o {own} {directory} (where {path} should belong to this user: sudo chown {own} {path})",
        path = .path.display(), directory = .directory.display()
    )]
    Denied {
        /// The directory that it would be made in.
        path: PathBuf,
        /// The directory that was to be made.
        directory: PathBuf,
        /// The number of the user who runs this program.
        own: u32,
    },
    /// The system says no.
    #[error("{path}: {cause}", path = .path.display())]
    System {
        /// The path.
        path: PathBuf,
        /// What it says.
        cause: Arc<io::Error>,
    },
}

/// What takes the right to write from others: of a directory above, only that, since others may have to read it.
fn closing(path: &Path, directory: &Path) -> String {
    match directory.starts_with(path) && path != directory {
        true => format!("run: chmod go-w {}", path.display()),
        false if is_shared(directory) => OF_ITS_OWN.to_owned(),
        false => format!("run: chmod -R go-rwx {}", directory.display()),
    }
}

/// What to do about a directory such as `/var/lib`, where to change all files would break other programs.
const OF_ITS_OWN: &str = "move this program's files, if there are any, from it to a directory of this user's alone, and \
                          name that one: this one holds files of other programs";

/// Whether a directory holds anything that is not this program's. One that cannot be read may.
fn is_shared(directory: &Path) -> bool {
    let is_own = |name: &str| {
        ["lock", "stand"].contains(&name)
            || ["journal.sqlite3", ".journal-", "patron-display."]
                .iter()
                .any(|begin| name.starts_with(begin))
    };
    let Ok(mut entries) = std::fs::read_dir(directory) else {
        return true;
    };

    entries.any(|entry| !entry.is_ok_and(|entry| entry.file_name().to_str().is_some_and(is_own)))
}

/// What to do about a directory of another user. Never to use another directory: that would forget open sales.
fn foreign(path: &Path, directory: &Path, owner: u32, own: u32) -> String {
    // Of a directory above only itself, not what others may keep in it.
    let change = match directory.starts_with(path) && path != directory {
        true => format!("chown {own} {}", path.display()),
        false => format!("chown -R {own} {}", directory.display()),
    };
    match (own, owner) {
        (0, _) => format!(
            "{path} belongs to user {owner}, and this was started by root: run it as that user, without sudo \
             (sudo -u '#{owner}' patron-display ...). What root has made there before is given back with: \
             chown -R {owner} {}",
            directory.display(),
            path = path.display(),
        ),
        (_, 0) if path == directory && is_shared(directory) => {
            format!(
                "{path} belongs to root: {OF_ITS_OWN}",
                path = path.display()
            )
        }
        (_, 0) => format!(
            "{path} belongs to root, not to the user who runs this; perhaps it was once run with sudo. Give it \
             back: sudo {change} (on a disk without owners, such as FAT: mount it with uid={own})",
            path = path.display(),
        ),
        _ => format!(
            "{path} belongs to user {owner}, not to the user who runs this; run it as that user, or give it to \
             this one: sudo {change}",
            path = path.display(),
        ),
    }
}
