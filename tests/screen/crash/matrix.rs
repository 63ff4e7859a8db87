//! Plays several scenes at once. Each scene has its own counter and spends most of its time waiting.

use std::panic::{self, AssertUnwindSafe};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// The number of scenes that are played at once.
const STAGES: usize = 4;

/// Plays every scene. If some fail, panics with their names.
pub(crate) fn play<S: Sync>(
    scenes: &[S],
    name: impl Fn(&S) -> String + Sync,
    act: impl Fn(&S) + Sync,
) {
    let waiting = Mutex::new(scenes.iter());
    let failed = Mutex::new(Vec::new());
    let next = || {
        waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .next()
    };
    thread::scope(|scope| {
        for _ in 0..STAGES.min(scenes.len()) {
            scope.spawn(|| {
                while let Some(scene) = next() {
                    if let Err(why) = panic::catch_unwind(AssertUnwindSafe(|| act(scene))) {
                        let why = why
                            .downcast_ref::<String>()
                            .cloned()
                            .or_else(|| why.downcast_ref::<&str>().map(|&why| why.to_owned()))
                            .unwrap_or_default();
                        let mut failed = failed.lock().unwrap_or_else(PoisonError::into_inner);
                        failed.push(format!("=== {}\n{why}", name(scene)));
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    assert!(
        failed.is_empty(),
        "{} of {} scenes failed:\n{}",
        failed.len(),
        scenes.len(),
        failed.join("\n")
    );
}
