//! The state of a running sandbox.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::task::JoinSet;

use super::call::CallLog;
use super::faults::script::Script;
use super::options::Options;
use super::rate_limit::RateLimit;
use super::store::RequestStore;

#[derive(Debug)]
pub(super) struct SandboxState {
    pub(super) options: Options,
    /// Base URL of pay pages, without a trailing slash.
    pub(super) public_base: String,
    store: Mutex<RequestStore>,
    rate_limit: Mutex<RateLimit>,
    script: Mutex<Script>,
    calls: Mutex<CallLog>,
    /// Delayed calls. `None` once the sandbox has stopped.
    late: Mutex<Option<JoinSet<()>>>,
}

impl SandboxState {
    pub(super) fn new(options: Options, public_base: String) -> Self {
        Self {
            store: Mutex::new(RequestStore::new(options.clone())),
            rate_limit: Mutex::new(RateLimit::new(options.rate_limit)),
            script: Mutex::default(),
            calls: Mutex::default(),
            late: Mutex::new(Some(JoinSet::new())),
            options,
            public_base,
        }
    }

    pub(super) fn store(&self) -> MutexGuard<'_, RequestStore> {
        lock(&self.store)
    }

    pub(super) fn rate_limit(&self) -> MutexGuard<'_, RateLimit> {
        lock(&self.rate_limit)
    }

    /// The unused part of the fault script.
    pub(super) fn script(&self) -> MutexGuard<'_, Script> {
        lock(&self.script)
    }

    pub(super) fn calls(&self) -> MutexGuard<'_, CallLog> {
        lock(&self.calls)
    }

    /// Runs a delayed call, unless the sandbox stops first.
    pub(super) fn late(&self, work: impl Future<Output = ()> + Send + 'static) {
        if let Some(late) = lock(&self.late).as_mut() {
            while late.try_join_next().is_some() {}
            late.spawn(work);
        }
    }

    /// Aborts the delayed calls. Later ones are never run.
    pub(super) fn stop(&self) {
        drop(lock(&self.late).take());
    }
}

/// Locks a mutex, also a poisoned one: a panic in another thread leaves the data valid.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
