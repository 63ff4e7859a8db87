//! The checks on Unix, with owners and modes.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{Mode, OFlags, StatVfsMountFlags};
use rustix::process::{getegid, geteuid, umask};

use super::PrivateError;

const DIRECTORY: u32 = 0o700;
const FILE: u32 = 0o600;
/// The mode bits that let others write. Such files are refused.
const WRITABLE_BY_OTHERS: u32 = 0o022;
/// The mode bits of all rights of others. These rights are removed.
const USABLE_BY_OTHERS: u32 = 0o077;
const STICKY: u32 = 0o1000;
/// The most links in a path, as on Linux.
const MOST_LINKS: u32 = 40;

/// Makes every file that this process creates private, whatever umask it inherited.
pub(crate) fn create_only_for_owner() {
    umask(Mode::RWXG | Mode::RWXO);
}

/// Creates a directory and its missing parents, and makes sure that only this user can use it.
///
/// # Errors
///
/// If it cannot be created, belongs to another user, or others can write to it or replace it.
pub(crate) fn claim_directory(directory: &Path) -> Result<(), PrivateError> {
    walk(directory, true)
}

/// Checks a directory like [`claim_directory`], and changes nothing. A missing directory passes.
///
/// # Errors
///
/// If it belongs to another user, or others can write to it or replace it.
pub(crate) fn check_directory(directory: &Path) -> Result<(), PrivateError> {
    walk(directory, false)
}

/// Checks that a file in a claimed directory belongs to this user, is not a link, and is not writable by others. A missing
/// file passes. The error is that of the first check that fails.
pub(crate) fn check_file(path: &Path) -> Result<(), PrivateError> {
    found_file(path).map(|_| ())
}

/// Checks a file like [`check_file`], and makes it private.
pub(crate) fn claim_name(path: &Path) -> Result<(), PrivateError> {
    if let Some(found) = found_file(path)?
        && found.mode() & USABLE_BY_OTHERS != 0
    {
        restrict(path, FILE);
    }

    Ok(())
}

/// Opens the lock file of the counter, and creates it if `create` is set. It never truncates the file.
///
/// # Errors
///
/// If it is a link, or cannot be opened.
pub(crate) fn open_lock(path: &Path, create: bool) -> io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;

    OpenOptions::new()
        .read(true)
        .write(create)
        .create(create)
        .truncate(false)
        .mode(FILE)
        .custom_flags(flags.bits().cast_signed())
        .open(path)
}

/// Whether the file's disk is mounted read-only.
pub(crate) fn is_read_only(path: &Path) -> bool {
    let disk = rustix::fs::statvfs(path);

    disk.is_ok_and(|disk| disk.f_flag.contains(StatVfsMountFlags::RDONLY))
}

fn own() -> u32 {
    geteuid().as_raw()
}

fn found_file(path: &Path) -> Result<Option<Metadata>, PrivateError> {
    let found = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        found => found.map_err(|cause| system(path, cause))?,
    };
    let directory = path.parent().unwrap_or(path);
    if found.is_symlink() {
        return Err(link(path));
    }
    if !found.is_file() {
        return Err(PrivateError::Refused(format!(
            "{} is not a regular file; find out who put it there, and move it away",
            path.display()
        )));
    }
    if found.uid() != own() {
        return Err(foreign(path, directory, found.uid()));
    }
    if found.nlink() > 1 {
        return Err(link(path));
    }
    if found.mode() & WRITABLE_BY_OTHERS != 0 {
        return Err(writable(path, directory));
    }

    Ok(Some(found))
}

/// Resolves `directory` step by step, so that only root and this user can influence where it leads.
fn walk(directory: &Path, create: bool) -> Result<(), PrivateError> {
    let directory = &std::path::absolute(directory).map_err(|cause| system(directory, cause))?;
    let mut below = components(directory);
    let mut here = PathBuf::from("/");
    let mut links = 0;
    check_parent(&here, directory)?;
    while let Some(name) = below.pop_front() {
        let next = here.join(&name);
        let found = match fs::symlink_metadata(&next) {
            Err(error) if error.kind() == ErrorKind::NotFound && create => {
                make(&next, &here, directory)?
            }
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            found => found.map_err(|cause| system(&next, cause))?,
        };
        if found.is_symlink() {
            links += 1;
            // The owner of a link can change where it leads.
            if !is_trusted(found.uid()) || links > MOST_LINKS {
                return Err(link(&next));
            }
            let leads_to = fs::read_link(&next).map_err(|cause| system(&next, cause))?;
            if leads_to.is_absolute() {
                here = PathBuf::from("/");
            }
            let mut target = components(&leads_to);
            target.append(&mut below);
            below = target;
            continue;
        }
        if !found.is_dir() {
            return Err(system(&next, ErrorKind::NotADirectory.into()));
        }
        here = next;
        if !below.is_empty() {
            check_parent(&here, directory)?;
        }
    }

    check_last(&here, directory, create)
}

fn components(path: &Path) -> VecDeque<OsString> {
    path.components()
        .filter_map(|component| match component {
            Component::Normal(name) => Some(name.to_owned()),
            Component::ParentDir => Some("..".into()),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => None,
        })
        .collect()
}

fn make(next: &Path, parent: &Path, directory: &Path) -> Result<Metadata, PrivateError> {
    // Root creates nothing in a directory of another user.
    check_owner(parent, directory)?;
    match DirBuilder::new().mode(DIRECTORY).create(next) {
        Ok(()) => restrict(next, DIRECTORY),
        // Another process of this user was faster.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            return Err(denied(parent, directory));
        }
        Err(cause) => return Err(system(next, cause)),
    }

    fs::symlink_metadata(next).map_err(|cause| system(next, cause))
}

/// Checks that only root and this user can replace entries of a parent directory.
fn check_parent(parent: &Path, directory: &Path) -> Result<(), PrivateError> {
    let found = check_owner(parent, directory)?;
    let is_of_own_group = found.gid() == getegid().as_raw();
    // In a sticky directory, such as /tmp, no one can replace another user's entries. A user's own group often has no other
    // member.
    let is_open = match (found.mode() & STICKY != 0, is_of_own_group) {
        (true, _) => false,
        (false, true) => found.mode() & 0o002 != 0,
        (false, false) => found.mode() & WRITABLE_BY_OTHERS != 0,
    };
    if is_open {
        return Err(writable(parent, directory));
    }

    Ok(())
}

fn check_owner(parent: &Path, directory: &Path) -> Result<Metadata, PrivateError> {
    let found = fs::symlink_metadata(parent).map_err(|cause| system(parent, cause))?;
    // In a container, the root directory may belong to an unknown user.
    if !is_trusted(found.uid()) && parent != Path::new("/") {
        return Err(foreign(parent, directory, found.uid()));
    }

    Ok(found)
}

fn check_last(last: &Path, directory: &Path, may_restrict: bool) -> Result<(), PrivateError> {
    let found = fs::symlink_metadata(last).map_err(|cause| system(last, cause))?;
    if found.uid() != own() {
        return Err(foreign(last, directory, found.uid()));
    }
    if found.mode() & WRITABLE_BY_OTHERS != 0 {
        return Err(writable(last, directory));
    }
    // A directory such as /var/log must stay open to other programs.
    if may_restrict && found.mode() & USABLE_BY_OTHERS != 0 && !is_shared(last) {
        restrict(last, DIRECTORY);
    }

    Ok(())
}

fn is_trusted(owner: u32) -> bool {
    owner == 0 || owner == own()
}

/// Removes the rights that older versions of this program left to others. A disk without modes ignores this, and
/// the sale goes on, because the right to write was checked before.
fn restrict(path: &Path, mode: u32) {
    if let Err(error) = fs::set_permissions(path, Permissions::from_mode(mode)) {
        tracing::warn!(path = %path.display(), %error, "cannot make it private: other users of this machine can read it");
    }
}

fn system(path: &Path, cause: io::Error) -> PrivateError {
    PrivateError::System {
        path: path.to_owned(),
        cause: Arc::new(cause),
    }
}

fn writable(path: &Path, directory: &Path) -> PrivateError {
    PrivateError::Refused(format!(
        "other users can write to {}, so files in {} may be planted. Find out who wrote there, then {}; on a disk \
         without permissions (FAT, a Windows share) that has no effect: mount it for this user only",
        path.display(),
        directory.display(),
        closing(path, directory)
    ))
}

/// Returns the command that removes other users' right to write. A parent directory stays readable, because others may
/// need it.
fn closing(path: &Path, directory: &Path) -> String {
    match directory.starts_with(path) && path != directory {
        true => format!("run: chmod go-w {}", path.display()),
        false if is_shared(directory) => MOVE_AWAY.to_owned(),
        false => format!("run: chmod -R go-rwx {}", directory.display()),
    }
}

/// The advice for a directory such as `/var/lib`: changing all its files would break other programs.
const MOVE_AWAY: &str = "it contains files of other programs: move this program's files, if there are any, to a \
                         directory of this user only, and use that one";

/// Whether a directory contains files of other programs. An unreadable directory counts as one that does.
fn is_shared(directory: &Path) -> bool {
    let is_own = |name: &str| {
        ["lock", "stand", "display.json", "tills.json", "tills.lock"].contains(&name)
            || [
                "journal.sqlite3",
                ".journal-",
                "patron-display.",
                ".patron-display-",
            ]
            .iter()
            .any(|begin| name.starts_with(begin))
    };
    let Ok(mut entries) = std::fs::read_dir(directory) else {
        return true;
    };

    entries.any(|entry| !entry.is_ok_and(|entry| entry.file_name().to_str().is_some_and(is_own)))
}

/// Returns the advice for a directory of another user. It never advises using a different directory, because the
/// display would then forget open sales.
fn foreign(path: &Path, directory: &Path, owner: u32) -> PrivateError {
    let (own, name, whole) = (own(), path.display(), directory.display());
    // A parent directory may contain files of others, so only the directory itself changes its owner.
    let change = match directory.starts_with(path) && path != directory {
        true => format!("chown {own} {name}"),
        false => format!("chown -R {own} {whole}"),
    };

    PrivateError::Refused(match (own, owner) {
        (0, _) => format!(
            "{name} belongs to user {owner}, but root started this program: run it as that user, without sudo \
             (sudo -u '#{owner}' patron-display ...). To give files of root back to that user, run: \
             chown -R {owner} {whole}"
        ),
        (_, 0) if path == directory && is_shared(directory) => {
            format!("{name} belongs to root: {MOVE_AWAY}")
        }
        (_, 0) => format!(
            "{name} belongs to root, not to the user of this program; perhaps it was once run with sudo. Give it \
             back: sudo {change} (on a disk without owners, such as FAT: mount it with uid={own})"
        ),
        _ => format!(
            "{name} belongs to user {owner}, not to the user of this program; run it as that user, or give it to \
             this one: sudo {change}"
        ),
    })
}

fn link(path: &Path) -> PrivateError {
    PrivateError::Refused(format!(
        "{} is a link, or has a second name elsewhere; the program follows no links here: find out who put it there, \
         and move it away",
        path.display()
    ))
}

fn denied(path: &Path, directory: &Path) -> PrivateError {
    let (own, path, directory) = (own(), path.display(), directory.display());

    PrivateError::Refused(format!(
        "cannot create {directory}: this user may not write to {path}; create it once: \
         sudo install -d -m 700 -o {own} {directory} (if {path} should belong to this user: sudo chown {own} {path})"
    ))
}
