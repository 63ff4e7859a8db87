//! Reads the API key or the token of this counter.
//!
//! The secret is never part of an error or of debug output.

use std::ffi::OsString;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use super::Api;
use crate::files::bounded_read;

/// The name under which systemd passes the key (`LoadCredential=centrapay-api-key:…`).
const SYSTEMD_CREDENTIAL: &str = "centrapay-api-key";
const VARIABLE: &str = "CENTRAPAY_API_KEY";
/// The largest key in bytes. Tokens can be long, but must fit in a header.
const LONGEST: usize = 16 * 1024;

/// The secret that a call is sent with. It fits in an HTTP header.
#[derive(Clone, Debug)]
pub enum Credential {
    /// Sent as `X-Api-Key`.
    ApiKey(SecretString),
    /// Sent as `Authorization`, without a scheme.
    Authorization {
        /// The value of the header.
        token: SecretString,
        /// The account that the token acts for, sent as `X-Centrapay-Account`.
        account: Option<String>,
    },
}

/// The reason why there is no usable credential, and what to do. It names the source, never the secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct KeyError(String);

/// The sources of the credential. It can be read from them more than once.
#[derive(Clone, Debug)]
pub struct KeySource {
    api: Api,
    env: fn(&str) -> Option<OsString>,
}

impl KeySource {
    /// Creates the sources that `api` names. `env` looks up environment variables.
    pub fn new(api: Api, env: fn(&str) -> Option<OsString>) -> Self {
        Self { api, env }
    }

    /// Describes the source for people. It does not check that the source can be read.
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

    /// Reads the credential again, because the key may have been replaced.
    ///
    /// # Errors
    ///
    /// The same as for [`Credential::load`].
    pub fn load(&self) -> Result<Credential, KeyError> {
        Credential::load(&self.api, &self.env)
    }
}

impl Credential {
    /// Finds the credential. With `authorization-file`, that file is the only source. Otherwise the first of these
    /// is: the systemd credential, `api-key-file`, the variable `CENTRAPAY_API_KEY`. `env` looks up environment
    /// variables.
    ///
    /// # Errors
    ///
    /// If no source has a key, or the first source with a key cannot be used. A later source could belong to
    /// another account.
    pub fn load(api: &Api, env: &dyn Fn(&str) -> Option<OsString>) -> Result<Self, KeyError> {
        if let Some(path) = &api.authorization_file {
            return Ok(Self::Authorization {
                token: from_file(path, is_exposed)?,
                account: api.account.clone(),
            });
        }
        let key = if let Some(path) = systemd_credential(env) {
            // The file's mode does not matter: systemd protects the directory in another way.
            from_file(&path, |_| false)
        } else if let Some(path) = &api.api_key_file {
            from_file(path, is_exposed)
        } else if let Some(value) = env(VARIABLE) {
            secret(value.as_encoded_bytes())
                .map_err(|fault| KeyError(format!("{VARIABLE}: {fault}")))
        } else {
            Err(KeyError(format!(
                "there is no API key; pass it as the systemd credential {SYSTEMD_CREDENTIAL}, or in a file named by \
                 api-key-file in [api], or in the environment variable {VARIABLE}"
            )))
        };

        key.map(Self::ApiKey)
    }
}

/// Returns the file in which systemd passes the key; `None` if the service has no credentials, or only others.
fn systemd_credential(env: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let directory = env("CREDENTIALS_DIRECTORY").filter(|value| !value.is_empty())?;
    let path = Path::new(&directory).join(SYSTEMD_CREDENTIAL);
    // A directory that cannot be read is an error to report. It does not mean that there is no key.
    let present = path.try_exists().unwrap_or(true);

    present.then_some(path)
}

/// Reads the secret from a file. Stops waiting if the disk does not answer.
fn from_file(path: &Path, is_exposed: fn(&Metadata) -> bool) -> Result<SecretString, KeyError> {
    let owned = path.to_owned();

    bounded_read::in_time(move || read(&owned, is_exposed))
        .unwrap_or_else(|error| Err(format!("cannot read the key: {error}")))
        .map_err(|fault| KeyError(format!("{}: {fault}", path.display())))
}

fn read(path: &Path, is_exposed: fn(&Metadata) -> bool) -> Result<SecretString, String> {
    // This check comes before opening, because opening a pipe would wait for its writer.
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err("the key must be in a regular file; correct its path".to_owned());
    }
    let file = File::open(path).map_err(unreadable)?;
    // Checks the open file and not its path, because the path could lead to another file by now.
    if is_exposed(&file.metadata().map_err(unreadable)?) {
        let path = path.display();

        return Err(format!(
            "other users have access to the key; run chmod 600 {path}"
        ));
    }
    // The vector has its full capacity from the beginning: one that grows leaves copies of the secret in memory.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
    file.take(LONGEST as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;

    secret(&bytes)
}

fn unreadable(error: io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            "the key file does not exist; write the key into it, or correct its path in [api]"
                .to_owned()
        }
        kind => {
            format!("cannot read the key: {kind}; let the user who runs the display read it")
        }
    }
}

/// Returns the secret in `bytes` without the byte order mark and the line break that editors add.
fn secret(bytes: &[u8]) -> Result<SecretString, String> {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    let bytes = bytes.strip_prefix(MARK).unwrap_or(bytes).trim_ascii();
    if bytes.is_empty() {
        return Err("the key is empty; write the key into it, or remove it".to_owned());
    }
    if let Some(what) = pasted(bytes) {
        return Err(format!(
            "this is not a key alone: {what}; write only the key itself, on one line"
        ));
    }

    match std::str::from_utf8(bytes) {
        Ok(text) if bytes.len() <= LONGEST && bytes.iter().all(u8::is_ascii_graphic) => {
            Ok(SecretString::from(text))
        }
        _ => Err(
            "this is not a key, which is one word of visible ASCII characters; copy it again, without anything \
             before or after it"
                .to_owned(),
        ),
    }
}

/// Describes what was pasted around the key, without quoting it. Returns `None` if the bytes may be a key alone.
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
    // A key may end with `=`.
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

/// Returns whether users other than the owner can use the file.
#[cfg(unix)]
fn is_exposed(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;

    metadata.permissions().mode() & 0o077 != 0
}

/// Other systems have access lists, which the standard library does not read. A profile's directory is private by default.
#[cfg(not(unix))]
fn is_exposed(_: &Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests;
