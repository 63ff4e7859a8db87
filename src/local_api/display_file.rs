//! The file in the data directory by which the program's own commands find the resident display.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};

use crate::files::{bounded_read, private};

const NAME: &str = "display.json";
/// The longest file, in bytes.
const LONGEST: usize = 4096;
/// The longest wait of a command for the new version of a display, in seconds.
const RESTART_PATIENCE: u64 = 10;
/// The length of a secret or a nonce, in bytes.
const SECRET: usize = 32;

/// The address of the resident display, and its secret. The secret is new at each start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct DisplayFile {
    pub(super) address: SocketAddr,
    /// Lets its owner do everything. Only this user can read the file.
    pub(super) token: String,
    pub(super) version: String,
    pub(super) pid: u32,
    /// The time at which the display ended to start a new version of itself, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) restarting: Option<u64>,
}

/// The file on disk. Dropping it removes the file.
#[derive(Debug)]
pub(super) struct PlacedFile {
    path: PathBuf,
    content: DisplayFile,
}

impl DisplayFile {
    /// Creates the content for a display at this address, with a new secret.
    pub(super) fn new(address: SocketAddr) -> io::Result<Self> {
        Ok(Self {
            address,
            token: random_text()?,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            pid: std::process::id(),
            restarting: None,
        })
    }

    /// Reads the file; `None` if there is none, or if it cannot be trusted. A display that died may have left it.
    pub(super) fn read(data_directory: &Path) -> Option<Self> {
        let path = data_directory.join(NAME);
        fs::symlink_metadata(&path).ok()?;
        // In an unsafe directory, other users could plant a file. Opening the journal reports that directory.
        private::check_directory(data_directory).ok()?;
        private::check_file(&path).ok()?;
        let bytes = bounded_read::bytes(&path, LONGEST).ok()?;
        let read: Self = serde_json::from_slice(&bytes)
            .inspect_err(|error| tracing::warn!(%error, "cannot understand {NAME}"))
            .ok()?;

        read.address.ip().is_loopback().then_some(read)
    }

    /// Whether a new version of the display is about to replace this one.
    pub(super) fn is_restarting(&self) -> bool {
        self.restarting
            .is_some_and(|since| now().abs_diff(since) < RESTART_PATIENCE)
    }

    /// Writes the file. The caller must hold the lock of the counter: then an existing file is of a dead display.
    pub(super) fn place(self, data_directory: &Path) -> io::Result<PlacedFile> {
        let path = data_directory.join(NAME);
        private::replace(&path, &serde_json::to_vec(&self)?)?;

        Ok(PlacedFile {
            path,
            content: self,
        })
    }
}

impl PlacedFile {
    /// Leaves the file for the next version of the display. Meanwhile commands wait for that version.
    pub(super) fn leave_to_next(mut self) -> io::Result<()> {
        self.content.restarting = Some(now());

        private::replace(&self.path, &serde_json::to_vec(&self.content)?)?;
        // The drop does not know this content, so it leaves the file.
        self.content.restarting = None;

        Ok(())
    }
}

impl Drop for PlacedFile {
    fn drop(&mut self) {
        let directory = self.path.parent().unwrap_or(&self.path);
        if DisplayFile::read(directory).is_some_and(|placed| placed == self.content) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn now() -> u64 {
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);

    since_1970.map_or(0, |time| time.as_secs())
}

/// Returns random text that nobody can guess, from the system.
pub(super) fn random_text() -> io::Result<String> {
    let mut bytes = [0; SECRET];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| io::Error::other("the system has no random numbers"))?;

    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// Returns the proof that the answerer knows the token. Another program could listen at the address of a display that
/// died; the token is sent only after this proof.
pub(super) fn proof(token: &str, nonce: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, token.as_bytes());

    URL_SAFE_NO_PAD.encode(hmac::sign(&key, nonce.as_bytes()))
}

/// Whether `proof` is right, in constant time.
pub(super) fn is_proof(token: &str, nonce: &str, proof: &str) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, token.as_bytes());

    URL_SAFE_NO_PAD
        .decode(proof)
        .is_ok_and(|proof| hmac::verify(&key, nonce.as_bytes(), &proof).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn display() -> DisplayFile {
        DisplayFile::new(SocketAddr::from(([127, 0, 0, 1], 8790))).unwrap()
    }

    #[test]
    fn placed_file_is_found_and_removed() {
        let data = tempfile::tempdir().unwrap();
        let placed = display().place(data.path()).unwrap();
        assert_eq!(
            DisplayFile::read(data.path()).as_ref(),
            Some(&placed.content)
        );
        drop(placed);
        assert_eq!(DisplayFile::read(data.path()), None);
    }

    #[test]
    fn file_of_the_next_display_stays() {
        let data = tempfile::tempdir().unwrap();
        let old = display().place(data.path()).unwrap();
        let new = display().place(data.path()).unwrap();
        drop(old);
        assert_eq!(DisplayFile::read(data.path()).as_ref(), Some(&new.content));
    }

    #[test]
    fn file_is_left_to_the_next_version() {
        let data = tempfile::tempdir().unwrap();
        let old = display().place(data.path()).unwrap();
        old.leave_to_next().unwrap();
        let mut left = DisplayFile::read(data.path()).unwrap();
        assert!(left.is_restarting());
        // A version that never comes is not waited for.
        left.restarting = Some(now() - RESTART_PATIENCE);
        assert!(!left.is_restarting());
        let _new = display().place(data.path()).unwrap();
        assert!(!DisplayFile::read(data.path()).unwrap().is_restarting());
    }

    #[cfg(unix)]
    #[test]
    fn f72_file_is_private_and_no_link() {
        use std::os::unix::fs::PermissionsExt;

        let data = tempfile::tempdir().unwrap();
        let _placed = display().place(data.path()).unwrap();
        let path = data.path().join(NAME);
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let elsewhere = data.path().join("elsewhere");
        fs::rename(&path, &elsewhere).unwrap();
        std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
        assert_eq!(DisplayFile::read(data.path()), None);
    }

    #[test]
    fn proof_needs_token_and_nonce() {
        let right = proof("token", "nonce");
        assert!(is_proof("token", "nonce", &right));
        assert!(!is_proof("other", "nonce", &right));
        assert!(!is_proof("token", "other", &right));
        assert!(!is_proof("token", "nonce", ""));
    }
}
