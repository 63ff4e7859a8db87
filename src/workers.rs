//! The threads that work is done on.

use std::io;
use std::thread;

use tokio::runtime::{Builder, Runtime};

/// A runtime with a thread for each processor.
///
/// # Errors
///
/// What the system has too little of.
pub(crate) fn runtime() -> io::Result<Runtime> {
    let count = thread::available_parallelism().map_or(1, Into::into);

    Builder::new_multi_thread()
        // Otherwise a variable is read, and panicked over where it is no number: TOKIO_WORKER_THREADS.
        .worker_threads(count)
        .enable_all()
        .build()
}
