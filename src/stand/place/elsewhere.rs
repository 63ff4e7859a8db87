//! Systems on which no display can stand yet.

use std::convert::Infallible;
use std::io;
use std::path::Path;

use tokio::io::DuplexStream;

/// Both ends of a connection, which never comes about here.
pub(in crate::stand) type Stream = DuplexStream;

/// A place that is taken: there is none here.
#[derive(Debug)]
pub struct Place(Infallible);

impl Place {
    /// Takes the place of this data directory.
    ///
    /// # Errors
    ///
    /// Always, on this system.
    pub fn take(_data_directory: &Path) -> io::Result<Self> {
        Err(io::Error::new(
            io::ErrorKind::Unsupported,
            "a display cannot stand between sales on this system yet; each sale opens a window of its own",
        ))
    }
}

/// The next connection.
pub(in crate::stand) async fn accept(place: &Place) -> io::Result<Option<Stream>> {
    match place.0 {}
}

/// Whether there is anybody: no.
pub(in crate::stand) fn may_be_taken(_data_directory: &Path) -> bool {
    false
}

/// A connection to whoever stands there: nobody.
pub(in crate::stand) fn connect(_data_directory: &Path) -> Option<Stream> {
    None
}
