//! The secret the platform knows this counter by: where it comes from, and when it is refused.
//!
//! The secret is never part of an error or of debug output.

use std::ffi::OsString;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use super::Api;
use crate::bounded_read;

/// The name under which systemd passes the key (`LoadCredential=centrapay-api-key:…`).
const SYSTEMD_CREDENTIAL: &str = "centrapay-api-key";

/// The environment variable that may hold the key.
const VARIABLE: &str = "CENTRAPAY_API_KEY";

/// Bytes beyond which a file is certainly no key; tokens can be long, but a header has to hold them.
const LONGEST: usize = 16 * 1024;

/// What a call proves itself with. All secrets fit an HTTP header.
#[derive(Clone, Debug)]
pub enum Credential {
    /// Sent as `X-Api-Key`.
    ApiKey(SecretString),
    /// Sent as `Authorization`, bare.
    Authorization {
        /// The token.
        token: SecretString,
        /// The account it acts for, sent as `X-Centrapay-Account`.
        account: Option<String>,
    },
}

/// Why there is no usable credential. The source is named, the secret never.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// No source has one.
    #[error(
        "there is no API key; pass it as the systemd credential {SYSTEMD_CREDENTIAL}, or in a file named by api-key-file in [api], or in the environment variable {VARIABLE}"
    )]
    Missing,
    /// The file is not there.
    #[error("{}: the key file does not exist; write the key into it, or correct its path in [api]", .path.display())]
    NoFile {
        /// The file.
        path: PathBuf,
    },
    /// The path leads to a directory or the like.
    #[error("{}: the key must be in a regular file; correct its path", .path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// The file cannot be read.
    #[error("{}: cannot read the key: {reason}; let the user who runs the display read it", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not, in the words of the system.
        reason: String,
    },
    /// The disk does not answer.
    #[error("{}: cannot read the key: {reason}", .path.display())]
    NotInTime {
        /// The file.
        path: PathBuf,
        /// Why not, and what to do.
        reason: String,
    },
    /// Other users of the machine can read the file.
    #[error("{path}: other users have access to the key; run chmod 600 {path}", path = .path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
    },
    /// The source is there and has nothing in it.
    #[error("{source_name}: the key is empty; write the key into it, or remove it")]
    Empty {
        /// The file or variable.
        source_name: String,
    },
    /// There is more in the source than a key.
    #[error(
        "{source_name}: this is not a key alone: {what}; write only the key itself, on one line"
    )]
    NotAlone {
        /// The file or variable.
        source_name: String,
        /// What is there besides it.
        what: &'static str,
    },
    /// What is in the source cannot be sent in a header.
    #[error(
        "{source_name}: this is not a key, which is one word of visible ASCII characters; copy it again, without anything before or after it"
    )]
    Unusable {
        /// The file or variable.
        source_name: String,
    },
}

/// Where the credential is found, now and whenever it is asked for again.
#[derive(Clone, Debug)]
pub struct KeySource {
    api: Api,
    env: fn(&str) -> Option<OsString>,
}

impl KeySource {
    /// The sources that `api` names, with these environment variables.
    pub fn new(api: Api, env: fn(&str) -> Option<OsString>) -> Self {
        Self { api, env }
    }

    /// Where the credential comes from, for people. It does not say whether it can be read.
    pub fn place(&self) -> String {
        if let Some(path) = &self.api.authorization_file {
            return format!("a token in {}, its owner's alone", path.display());
        }
        match (systemd_credential(&self.env), &self.api.api_key_file) {
            (Some(_), _) => format!("the systemd credential {SYSTEMD_CREDENTIAL}"),
            (None, Some(path)) => format!("{}, its owner's alone", path.display()),
            (None, None) => format!(
                "the environment variable {VARIABLE}; a file is safer, since whatever starts this \
                 program knows it too"
            ),
        }
    }

    /// Reads the credential as it is now.
    ///
    /// # Errors
    ///
    /// As [`Credential::load`].
    pub fn load(&self) -> Result<Credential, KeyError> {
        Credential::load(&self.api, &self.env)
    }
}

impl Credential {
    /// Finds the credential. With `authorization-file` that file is the only source; else the first of: the systemd
    /// credential, `api-key-file`, the variable `CENTRAPAY_API_KEY`. `env` looks up environment variables.
    ///
    /// # Errors
    ///
    /// When no source has a key, or the first that does cannot be used: a later one could belong to another account.
    pub fn load(api: &Api, env: &dyn Fn(&str) -> Option<OsString>) -> Result<Self, KeyError> {
        if let Some(path) = &api.authorization_file {
            return Ok(Self::Authorization {
                token: from_file(path)?,
                account: api.account.clone(),
            });
        }
        if let Some(path) = systemd_credential(env) {
            return Ok(Self::ApiKey(from_systemd(&path)?));
        }
        if let Some(path) = &api.api_key_file {
            return Ok(Self::ApiKey(from_file(path)?));
        }
        let Some(value) = env(VARIABLE) else {
            return Err(KeyError::Missing);
        };

        secret(value.as_encoded_bytes(), VARIABLE.to_owned()).map(Self::ApiKey)
    }
}

/// The file in which systemd passes the key, where it passes one; a service may have other credentials only.
fn systemd_credential(env: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let directory = env("CREDENTIALS_DIRECTORY").filter(|value| !value.is_empty())?;
    let path = Path::new(&directory).join(SYSTEMD_CREDENTIAL);
    // A directory that cannot be looked into is an error to report, not the absence of a key.
    let present = path.try_exists().unwrap_or(true);

    present.then_some(path)
}

/// systemd guards its directory by other means than the mode of the files in it.
fn from_systemd(path: &Path) -> Result<SecretString, KeyError> {
    in_time(path, |path| {
        let (file, _) = open(path)?;

        read(file, path)
    })
}

fn from_file(path: &Path) -> Result<SecretString, KeyError> {
    in_time(path, |path| {
        let (file, metadata) = open(path)?;
        if is_exposed(&metadata) {
            return Err(KeyError::Exposed {
                path: path.to_owned(),
            });
        }

        read(file, path)
    })
}

/// Gives up on a disk that does not answer.
fn in_time(
    path: &Path,
    read: impl FnOnce(&Path) -> Result<SecretString, KeyError> + Send + 'static,
) -> Result<SecretString, KeyError> {
    let owned = path.to_owned();
    let in_time = bounded_read::in_time(move || read(&owned));

    in_time.unwrap_or_else(|error| {
        Err(KeyError::NotInTime {
            path: path.to_owned(),
            reason: error.to_string(),
        })
    })
}

/// The file and what it is; asked of the open file, so that both are about the same one.
fn open(path: &Path) -> Result<(File, Metadata), KeyError> {
    // Before opening, since opening a pipe would wait for its writer.
    let found = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    if !found.is_file() {
        return Err(KeyError::NotAFile {
            path: path.to_owned(),
        });
    }

    File::open(path)
        .and_then(|file| file.metadata().map(|metadata| (file, metadata)))
        .map_err(|error| unreadable(path, &error))
}

fn read(file: File, path: &Path) -> Result<SecretString, KeyError> {
    // Room for everything at once: a vector that grows leaves copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
    file.take(LONGEST as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(path, &error))?;

    secret(&bytes, path.display().to_string())
}

fn unreadable(path: &Path, error: &io::Error) -> KeyError {
    let path = path.to_owned();
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => KeyError::NoFile { path },
        kind => KeyError::Unreadable {
            path,
            reason: kind.to_string(),
        },
    }
}

/// The secret in `bytes`, without the mark and the line break that editors put around it.
fn secret(bytes: &[u8], source_name: String) -> Result<SecretString, KeyError> {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    let bytes = bytes.strip_prefix(MARK).unwrap_or(bytes).trim_ascii();
    if bytes.is_empty() {
        return Err(KeyError::Empty { source_name });
    }
    if let Some(what) = pasted(bytes) {
        return Err(KeyError::NotAlone { source_name, what });
    }

    match std::str::from_utf8(bytes) {
        Ok(text) if bytes.len() <= LONGEST && bytes.iter().all(u8::is_ascii_graphic) => {
            Ok(SecretString::from(text))
        }
        _ => Err(KeyError::Unusable { source_name }),
    }
}

/// What was pasted along with a key; `None` if it may be a key alone. It never quotes what is there.
fn pasted(bytes: &[u8]) -> Option<&'static str> {
    const HEADERS: [&str; 7] = [
        "x-api-key:",
        "authorization:",
        "api-key:",
        "api_key:",
        "apikey:",
        "key:",
        "bearer ",
    ];
    if bytes.contains(&0) || bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Some("the text is UTF-16; save it with the encoding UTF-8");
    }
    let text = str::from_utf8(bytes).ok()?;
    let quotes = [
        '"', '\'', '`', '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}',
    ];
    let lower = text.to_ascii_lowercase();
    if text.starts_with(['{', '[']) {
        return Some("it looks like JSON");
    }
    if HEADERS.iter().any(|header| lower.starts_with(header)) {
        return Some("the name of a header is before it");
    }
    // At its end `=` fills a key up.
    if text.trim_end_matches('=').contains('=') || lower.trim_end_matches('=').ends_with("api_key")
    {
        return Some("a name with = is before it");
    }
    if text.contains(quotes) {
        return Some("it is in quotes");
    }
    if text.contains(['<', '>', '{', '}', '$', '%', '\\', ',', ';', '(', ')']) {
        return Some("it has a sign in it that keys do not have, such as $ % < or a comma");
    }

    None
}

/// Whether others than the owner can use the file.
#[cfg(unix)]
fn is_exposed(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;

    metadata.permissions().mode() & 0o077 != 0
}

/// Elsewhere access lists decide, which the standard library does not read; a profile's directory is private by default.
#[cfg(not(unix))]
fn is_exposed(_: &Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests;
