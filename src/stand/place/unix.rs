//! Unix sockets.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net;
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixStream};

use crate::private;

/// Nobody else may look into it, so that nobody else reaches what is in it.
const DIRECTORY: &str = "stand";
const SOCKET: &str = "socket";

/// Both ends of a connection.
pub(in crate::stand) type Stream = UnixStream;

/// A place that is taken. It is given back when this is dropped.
#[derive(Debug)]
pub struct Place {
    listener: net::UnixListener,
    path: PathBuf,
}

impl Place {
    /// Takes the place of this data directory. To be called by who has its lock: then what is found
    /// there is a dead stand's.
    ///
    /// # Errors
    ///
    /// When the directory cannot be made private, or nothing can be listened to there.
    pub fn take(data_directory: &Path) -> io::Result<Self> {
        let directory = data_directory.join(DIRECTORY);
        // It may have been there, and open to others.
        private::claim_inner(&directory)?;
        let path = directory.join(SOCKET);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = within_length(&path, |path| net::UnixListener::bind(path))?;
        fs::set_permissions(&path, Permissions::from_mode(0o600))?;
        listener.set_nonblocking(true)?;

        Ok(Self { listener, path })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Does something with the path of a socket. Such a path may have some hundred bytes only, which a long
/// data directory exceeds: then it is named by way of its open directory.
fn within_length<T>(path: &Path, with: impl Fn(&Path) -> io::Result<T>) -> io::Result<T> {
    match with(path) {
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
            let directory = File::open(path.parent().unwrap_or(path))?;
            let short = format!("/proc/self/fd/{}/{SOCKET}", directory.as_raw_fd());

            with(Path::new(&short))
        }
        done => done,
    }
}

/// The next connection; `None` where it was another user's, who is not listened to.
pub(in crate::stand) async fn accept(place: &Place) -> io::Result<Option<Stream>> {
    // Registered anew each time, since who owns the place need not run in a runtime.
    let listener = UnixListener::from_std(place.listener.try_clone()?)?;
    let (stream, _) = listener.accept().await?;

    Ok(is_own(&stream).then_some(stream))
}

/// Whether there is a socket, alive or dead.
pub(in crate::stand) fn may_be_taken(data_directory: &Path) -> bool {
    fs::symlink_metadata(data_directory.join(DIRECTORY).join(SOCKET)).is_ok()
}

/// A connection to whoever stands there. Costs one call of the system where nobody does. To be called
/// within a runtime.
pub(in crate::stand) fn connect(data_directory: &Path) -> Option<Stream> {
    let directory = data_directory.join(DIRECTORY);
    let path = directory.join(SOCKET);
    fs::symlink_metadata(&path).ok()?;
    // Where others can write, the way to the socket may be a link to one that is not a display's. Whoever opens the journal
    // is told so.
    private::check_directory(data_directory).ok()?;
    if fs::symlink_metadata(&directory).ok()?.is_symlink() {
        return None;
    }
    let stream = within_length(&path, |path| net::UnixStream::connect(path)).ok()?;
    stream.set_nonblocking(true).ok()?;

    UnixStream::from_std(stream).ok().filter(is_own)
}

/// Whether the other end is a program of the same user.
fn is_own(stream: &UnixStream) -> bool {
    let peer = stream.peer_cred().map(|peer| peer.uid());
    let own = rustix::process::geteuid().as_raw();
    if !peer.as_ref().is_ok_and(|uid| *uid == own) {
        tracing::warn!(?peer, "somebody else is at the other end of the socket");

        return false;
    }

    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[tokio::test]
    async fn a_place_is_its_users_alone_also_where_its_directory_was_open_to_others() {
        let data = tempfile::tempdir().unwrap();
        let directory = data.path().join(DIRECTORY);
        fs::create_dir(&directory).unwrap();
        fs::set_permissions(&directory, Permissions::from_mode(0o777)).unwrap();
        let _place = Place::take(data.path()).unwrap();
        assert_eq!(mode(&directory), 0o700);
        assert_eq!(mode(&directory.join(SOCKET)), 0o600);
    }

    #[tokio::test]
    async fn f72_link_in_the_place_of_the_directory_is_refused() {
        let data = tempfile::tempdir().unwrap();
        let foreign = tempfile::tempdir().unwrap();
        fs::set_permissions(foreign.path(), Permissions::from_mode(0o755)).unwrap();
        std::os::unix::fs::symlink(foreign.path(), data.path().join(DIRECTORY)).unwrap();
        assert!(Place::take(data.path()).is_err());
        assert_eq!(mode(foreign.path()), 0o755);
        assert_eq!(fs::read_dir(foreign.path()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn the_socket_of_a_dead_stand_is_nobody_and_is_replaced() {
        let data = tempfile::tempdir().unwrap();
        let dead = Place::take(data.path()).unwrap();
        let path = dead.path.clone();
        let Place { listener, .. } = &dead;
        let kept = listener.try_clone().unwrap();
        std::mem::forget(dead);
        drop(kept);
        assert!(path.exists());
        let alive = Place::take(data.path()).unwrap();
        assert!(connect(data.path()).is_some());
        drop(alive);
        assert!(connect(data.path()).is_none());
        assert!(!path.exists());
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_data_directory_with_a_long_path_has_a_place_like_any_other() {
        let data = tempfile::tempdir().unwrap();
        let long = data.path().join("d".repeat(120)).join("e".repeat(120));
        fs::create_dir_all(&long).unwrap();
        let place = Place::take(&long).unwrap();
        let caller = connect(&long);
        assert!(caller.is_some());
        assert!(accept(&place).await.unwrap().is_some());
    }
}
