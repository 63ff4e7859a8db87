//! The steps of a start, as spans that `--timings` tells of. Where nobody asked for that they cost
//! a look at one variable.

use tracing::{Instrument, Level, trace_span};

/// What the spans of steps are called by.
pub(crate) const TARGET: &str = "patron_display_timings";

/// Does something as a step of this name.
pub(crate) fn step<T>(name: &'static str, work: impl FnOnce() -> T) -> T {
    trace_span!(target: TARGET, "step", name).in_scope(work)
}

/// A future as a step of this name.
pub(crate) fn timed<F: Future>(name: &'static str, work: F) -> impl Future<Output = F::Output> {
    work.instrument(trace_span!(target: TARGET, "step", name))
}

/// Something has happened that has this name.
pub(crate) fn reached(name: &'static str) {
    tracing::event!(target: TARGET, Level::TRACE, name);
}
