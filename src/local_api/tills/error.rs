//! Errors of the file of tills: what failed, and what to do.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::TillName;
use crate::files::bounded_read::ReadError;
use crate::files::private::PrivateError;

/// The reason why tills cannot be read or changed.
#[allow(missing_docs, reason = "the message of each variant explains it")]
#[derive(Debug, Error)]
pub enum TillError {
    #[error(
        "there is a till {:?} already; choose another name, or remove that till first: patron-display till remove {0:?}",
        .name.as_str()
    )]
    Exists { name: TillName },
    #[error("there is no till {given:?}; {hint}")]
    Unknown { given: String, hint: String },
    #[error("{0}")]
    NotPrivate(#[from] PrivateError),
    #[error("cannot read the tills in {path}: {cause}", path = .path.display())]
    NotReadable { path: PathBuf, cause: ReadError },
    #[error(
        "the file of tills {path} is damaged, or a newer version wrote it: {why}. Put a good copy of it back; or move it \
         away, and add each till again",
        path = .path.display()
    )]
    Damaged { path: PathBuf, why: String },
    #[error("cannot write the tills to {path}: {cause}; check the disk and its permissions", path = .path.display())]
    NotWritable { path: PathBuf, cause: io::Error },
    #[error("there is no room for another till in {path}; remove tills that no one uses", path = .path.display())]
    Full { path: PathBuf },
    #[error(
        "another program is changing the tills (it has locked {path}); try again, or end that program",
        path = .path.display()
    )]
    Busy { path: PathBuf },
    #[error("the system has no random bytes for a token; try again later")]
    NoRandomBytes,
}
