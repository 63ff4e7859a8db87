//! Finds the configuration file. The environment is passed in, so that tests can check the order of the places.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use serde::Serialize;

use crate::files::bounded_read::{self, ReadError};

/// The environment variable that names the configuration file.
pub(super) const VARIABLE: &str = "PATRON_DISPLAY_CONFIG";

/// The largest configuration in bytes. The sample has about 10 KiB.
const LARGEST: usize = 1024 * 1024;

/// A place where the configuration may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The file's path.
    pub path: PathBuf,
    /// The source of this path.
    pub origin: Origin,
}

impl Candidate {
    /// Returns whether the file exists. A file that cannot be inspected counts as existing, as in
    /// [`super::Config::load_first`].
    pub fn exists(&self) -> bool {
        !matches!(fs::metadata(&self.path), Err(error) if is_missing(error.kind()))
    }
}

/// The source of a path to the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The option `--config`.
    CommandLine,
    /// The environment variable `PATRON_DISPLAY_CONFIG`.
    Environment,
    /// The user's configuration directory.
    User,
    /// The directory for the whole machine.
    Machine,
}

impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        match self.origin {
            Origin::CommandLine => f.write_str(" (named by --config)"),
            Origin::Environment => write!(f, " (named by {VARIABLE})"),
            Origin::User | Origin::Machine => Ok(()),
        }
    }
}

/// Returns the places to search, in order. A named file is the only one: a typing error must not lead to another shop's
/// configuration. An empty variable names no file.
pub(super) fn candidates(
    explicit: Option<&Path>,
    variable: Option<&OsStr>,
    user_directory: Option<&Path>,
) -> Vec<Candidate> {
    let at = |path: PathBuf, origin| Candidate { path, origin };
    if let Some(path) = explicit {
        return vec![at(path.to_owned(), Origin::CommandLine)];
    }
    if let Some(path) = variable.filter(|value| !value.is_empty()) {
        return vec![at(path.into(), Origin::Environment)];
    }

    let user = user_directory.map(|directory| at(directory.join("config.toml"), Origin::User));
    // On other systems, any user may create `/etc`.
    let machine = cfg!(unix).then(|| at("/etc/patron-display/config.toml".into(), Origin::Machine));

    user.into_iter().chain(machine).collect()
}

/// Returns the first candidate that exists, and its content.
pub(super) fn first(candidates: &[Candidate]) -> Option<(&Path, Result<Vec<u8>, ReadError>)> {
    candidates
        .iter()
        .map(|candidate| {
            let read = bounded_read::bytes(&candidate.path, LARGEST);

            (candidate.path.as_path(), read)
        })
        .find(|(_, read)| !matches!(read, Err(error) if error.kind().is_some_and(is_missing)))
}

fn is_missing(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origins(explicit: Option<&str>, variable: Option<&str>, user: Option<&str>) -> Vec<Origin> {
        let found = candidates(
            explicit.map(Path::new),
            variable.map(OsStr::new),
            user.map(Path::new),
        );

        found.iter().map(|candidate| candidate.origin).collect()
    }

    #[test]
    fn named_file_is_the_only_place() {
        assert_eq!(
            origins(Some("a.toml"), Some("b.toml"), Some("/home/c")),
            [Origin::CommandLine]
        );
        assert_eq!(
            origins(None, Some("b.toml"), Some("/home/c")),
            [Origin::Environment]
        );
    }

    #[cfg(unix)]
    #[test]
    fn user_comes_before_machine() {
        let found = candidates(None, Some(OsStr::new("")), Some(Path::new("/home/c")));

        let places: Vec<String> = found.iter().map(Candidate::to_string).collect();
        assert_eq!(
            places,
            ["/home/c/config.toml", "/etc/patron-display/config.toml"]
        );
        assert_eq!(origins(None, None, None), [Origin::Machine]);
    }

    #[test]
    fn first_existing_file_is_read() {
        let directory = tempfile::tempdir().unwrap();
        let (missing, present) = (
            directory.path().join("none.toml"),
            directory.path().join("some.toml"),
        );
        fs::write(&present, "text").unwrap();
        let candidates =
            [missing, present.join("below-a-file.toml"), present.clone()].map(|path| Candidate {
                path,
                origin: Origin::User,
            });

        let (path, bytes) = first(&candidates).unwrap();

        assert_eq!(path, present);
        assert_eq!(bytes.unwrap(), b"text");
    }
}
