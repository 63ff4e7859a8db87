//! Files: bounded reads, and private files of one user.

pub(crate) mod bounded_read;
pub(crate) mod private;
