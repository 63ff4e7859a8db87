//! What a command without a window runs its calls on.

use std::io;

use tokio::runtime;

use crate::workers;

/// A runtime that nothing is awaited of when it goes. Looking up a name cannot be given up by whoever
/// asked for it, and a name server that never answers must not hold up a command that is done.
pub(super) struct Runtime(Option<runtime::Runtime>);

impl Runtime {
    pub(super) fn new() -> io::Result<Self> {
        workers::runtime().map(|runtime| Self(Some(runtime)))
    }

    /// One without threads of its own, for little to do.
    pub(super) fn of_one_thread() -> io::Result<Self> {
        runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map(|runtime| Self(Some(runtime)))
    }

    pub(super) fn block_on<F: Future>(&self, work: F) -> F::Output {
        match &self.0 {
            Some(runtime) => runtime.block_on(work),
            None => unreachable!("it is there until it is dropped"),
        }
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn f4_a_name_server_that_never_answers_does_not_hold_up_the_end() {
        let begun = Instant::now();
        let runtime = Runtime::new().expect("a runtime");
        runtime.block_on(async {
            // What looks up a name is such a task.
            tokio::task::spawn_blocking(|| thread::sleep(Duration::from_secs(30)));
        });
        drop(runtime);
        assert!(begun.elapsed() < Duration::from_secs(10));
    }
}
