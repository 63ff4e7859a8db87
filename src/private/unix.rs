//! Owners and modes.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{Mode, OFlags, StatVfsMountFlags};
use rustix::process::{getegid, geteuid, umask};

use super::{PrivateError, is_shared};

const DIRECTORY: u32 = 0o700;
const FILE: u32 = 0o600;
/// What others may not have: to write.
const WRITTEN_BY_OTHERS: u32 = 0o022;
/// What is taken away where it is found.
const USED_BY_OTHERS: u32 = 0o077;
const STICKY: u32 = 0o1000;
/// The system's own limit.
const MOST_LINKS: u32 = 40;

/// From now on whatever this process creates is for its user alone, whatever the one who started it has set.
pub(crate) fn create_only_for_owner() {
    umask(Mode::RWXG | Mode::RWXO);
}

/// Makes a directory and those above it where they are missing, and makes sure that nobody else can use it.
///
/// # Errors
///
/// When it cannot be made, is another user's, or others can write to it or exchange it.
pub(crate) fn claim_directory(directory: &Path) -> Result<(), PrivateError> {
    walk(directory, true)
}

/// Checks the same, and changes nothing. One that is not there is nobody's.
///
/// # Errors
///
/// When it is another user's, or others can write to it or exchange it.
pub(crate) fn check_directory(directory: &Path) -> Result<(), PrivateError> {
    walk(directory, false)
}

/// Makes a directory inside a claimed one, and takes it from all others. It holds nothing that is trusted.
///
/// # Errors
///
/// When it is a link or another user's, or cannot be made.
pub(crate) fn claim_inner(directory: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(DIRECTORY).create(directory) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    // A link is not followed: it would lead to a directory that is not this program's.
    let flags = OFlags::NOFOLLOW | OFlags::DIRECTORY;
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(directory)?;
    if opened.metadata()?.uid() != own() {
        return Err(io::Error::new(
            ErrorKind::PermissionDenied,
            "it belongs to another user; move it away",
        ));
    }

    opened.set_permissions(Permissions::from_mode(DIRECTORY))
}

/// Checks that a file in a claimed directory is this user's, is no link, and that no one else can write to it. One that is
/// not there is nobody's.
///
/// # Errors
///
/// What is wrong with it.
pub(crate) fn check_file(path: &Path) -> Result<(), PrivateError> {
    found_file(path).map(|_| ())
}

/// Checks the same, and takes the right to read from all others.
///
/// # Errors
///
/// What is wrong with it.
pub(crate) fn claim_name(path: &Path) -> Result<(), PrivateError> {
    if let Some(found) = found_file(path)?
        && found.mode() & USED_BY_OTHERS != 0
    {
        mend(path, FILE);
    }

    Ok(())
}

/// Opens the file whose lock is the counter's, and makes it where `create` says so. What is in it stays.
///
/// # Errors
///
/// When it is a link, or cannot be opened.
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

/// Whether the disk that a file is on cannot be written now.
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
    let path = path.to_owned();
    let directory = path.parent().unwrap_or(&path).to_owned();
    if found.is_symlink() {
        return Err(PrivateError::Link { path });
    }
    if !found.is_file() {
        return Err(PrivateError::NoFile { path });
    }
    if found.uid() != own() {
        return Err(PrivateError::Foreign {
            owner: found.uid(),
            own: own(),
            path,
            directory,
        });
    }
    if found.nlink() > 1 {
        return Err(PrivateError::Link { path });
    }
    if found.mode() & WRITTEN_BY_OTHERS != 0 {
        return Err(PrivateError::Writable { path, directory });
    }

    Ok(Some(found))
}

/// Goes down to `directory` as the system would, so that no one but root and this user can have a say in where that leads.
fn walk(directory: &Path, create: bool) -> Result<(), PrivateError> {
    let directory = &std::path::absolute(directory).map_err(|cause| system(directory, cause))?;
    let mut below = names(directory);
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
            // Whoever owns the link decides where it leads.
            if !is_trusted(found.uid()) || links > MOST_LINKS {
                return Err(PrivateError::Link { path: next });
            }
            let leads_to = fs::read_link(&next).map_err(|cause| system(&next, cause))?;
            if leads_to.is_absolute() {
                here = PathBuf::from("/");
            }
            let mut names = names(&leads_to);
            names.append(&mut below);
            below = names;
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

fn names(path: &Path) -> VecDeque<OsString> {
    path.components()
        .filter_map(|component| match component {
            Component::Normal(name) => Some(name.to_owned()),
            Component::ParentDir => Some("..".into()),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => None,
        })
        .collect()
}

fn make(next: &Path, parent: &Path, directory: &Path) -> Result<Metadata, PrivateError> {
    // In a directory of another user root makes nothing, and nobody else could.
    check_owner(parent, directory)?;
    match DirBuilder::new().mode(DIRECTORY).create(next) {
        Ok(()) => mend(next, DIRECTORY),
        // Another program of this user was faster.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            return Err(PrivateError::Denied {
                path: parent.to_owned(),
                directory: directory.to_owned(),
                own: own(),
            });
        }
        Err(cause) => return Err(system(next, cause)),
    }

    fs::symlink_metadata(next).map_err(|cause| system(next, cause))
}

/// Whether no one but root and this user can exchange what is in a directory above.
fn check_parent(parent: &Path, directory: &Path) -> Result<(), PrivateError> {
    let found = check_owner(parent, directory)?;
    let is_of_own_group = found.gid() == getegid().as_raw();
    // A sticky directory, such as /tmp, lets no one exchange what is another's. A user's own group is often nobody else's.
    let is_open = match (found.mode() & STICKY != 0, is_of_own_group) {
        (true, _) => false,
        (false, true) => found.mode() & 0o002 != 0,
        (false, false) => found.mode() & WRITTEN_BY_OTHERS != 0,
    };
    if is_open {
        return Err(PrivateError::Writable {
            path: parent.to_owned(),
            directory: directory.to_owned(),
        });
    }

    Ok(())
}

fn check_owner(parent: &Path, directory: &Path) -> Result<Metadata, PrivateError> {
    let found = fs::symlink_metadata(parent).map_err(|cause| system(parent, cause))?;
    // In a container the root directory may belong to nobody that is known in it.
    if !is_trusted(found.uid()) && parent != Path::new("/") {
        return Err(PrivateError::Foreign {
            path: parent.to_owned(),
            directory: directory.to_owned(),
            owner: found.uid(),
            own: own(),
        });
    }

    Ok(found)
}

fn check_last(last: &Path, directory: &Path, may_mend: bool) -> Result<(), PrivateError> {
    let found = fs::symlink_metadata(last).map_err(|cause| system(last, cause))?;
    if found.uid() != own() {
        return Err(PrivateError::Foreign {
            path: last.to_owned(),
            directory: directory.to_owned(),
            owner: found.uid(),
            own: own(),
        });
    }
    if found.mode() & WRITTEN_BY_OTHERS != 0 {
        return Err(PrivateError::Writable {
            path: last.to_owned(),
            directory: directory.to_owned(),
        });
    }
    // In a directory such as /var/log other programs have files that must stay within reach.
    if may_mend && found.mode() & USED_BY_OTHERS != 0 && !is_shared(last) {
        mend(last, DIRECTORY);
    }

    Ok(())
}

fn is_trusted(owner: u32) -> bool {
    owner == 0 || owner == own()
}

/// Takes from all others what older versions have left them. Where the disk knows no modes this does nothing, and that is no
/// reason not to sell: writing was looked at before.
fn mend(path: &Path, mode: u32) {
    if let Err(error) = fs::set_permissions(path, Permissions::from_mode(mode)) {
        tracing::warn!(path = %path.display(), %error, "other users of this machine can look into it");
    }
}

fn system(path: &Path, cause: io::Error) -> PrivateError {
    PrivateError::System {
        path: path.to_owned(),
        cause: Arc::new(cause),
    }
}
