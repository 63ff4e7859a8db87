//! Where the configuration is looked for. The environment comes in as arguments, so that the order can be tested.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use serde::Serialize;

use super::ConfigError;
use crate::bounded_read;

/// The environment variable that names the configuration file.
pub(super) const VARIABLE: &str = "PATRON_DISPLAY_CONFIG";

/// The largest configuration that is read, in bytes. The sample has some 10 KiB.
const LARGEST: usize = 1024 * 1024;

/// A place where the configuration may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The file.
    pub path: PathBuf,
    /// Who says that it may be there.
    pub origin: Origin,
}

impl Candidate {
    /// Whether anything is there. What cannot be looked at counts as there, as it does for [`super::Config::load_first`].
    pub fn exists(&self) -> bool {
        match fs::metadata(&self.path) {
            Ok(_) => true,
            Err(error) => !is_missing(error.kind()),
        }
    }
}

/// Who says where the configuration is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// `--config`.
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

/// The places to look at, in order. A file that was named is the only one: a typing error must not end in another shop's
/// configuration. An empty variable names nothing.
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
    let machine = machine_file().map(|path| at(path, Origin::Machine));

    user.into_iter().chain(machine).collect()
}

/// The first candidate that exists, and what is in it.
pub(super) fn first(candidates: &[Candidate]) -> Result<(&Path, Vec<u8>), ConfigError> {
    for candidate in candidates {
        match bounded_read::bytes(&candidate.path, LARGEST) {
            Ok(bytes) => return Ok((&candidate.path, bytes)),
            Err(error) if error.kind().is_some_and(is_missing) => {}
            Err(error) => return Err(ConfigError::unreadable(&candidate.path, &error)),
        }
    }

    Err(ConfigError::NotFound {
        looked_at: candidates.to_vec(),
    })
}

fn is_missing(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

#[cfg(unix)]
fn machine_file() -> Option<PathBuf> {
    Some(PathBuf::from("/etc/patron-display/config.toml"))
}

/// Elsewhere `/etc` would be a directory that any user may create.
#[cfg(not(unix))]
fn machine_file() -> Option<PathBuf> {
    None
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
    fn a_named_file_is_the_only_place_looked_at() {
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
    fn without_a_name_the_user_comes_before_the_machine() {
        let found = candidates(None, Some(OsStr::new("")), Some(Path::new("/home/c")));

        let places: Vec<String> = found.iter().map(Candidate::to_string).collect();
        assert_eq!(
            places,
            ["/home/c/config.toml", "/etc/patron-display/config.toml"]
        );
        assert_eq!(origins(None, None, None), [Origin::Machine]);
    }

    #[test]
    fn the_first_file_that_exists_is_read() {
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

        assert_eq!((path, bytes.as_slice()), (present.as_path(), &b"text"[..]));
    }
}
