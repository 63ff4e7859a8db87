//! Where a stand is found: a socket below its data directory, for its own user alone.

#[cfg(not(unix))]
mod elsewhere;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
use elsewhere as system;
#[cfg(unix)]
use unix as system;

pub use system::Place;
pub(super) use system::{Stream, accept, connect, may_be_taken};
