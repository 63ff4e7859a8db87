//! The steps of a start, as spans that `--timings` prints. Without `--timings`, a step costs almost nothing.

use std::io::{Write, stderr};
use std::time::Instant;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Instrument, Level, Subscriber, trace_span};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

const TARGET: &str = "patron_display_timings";

pub(crate) fn step<T>(name: &'static str, work: impl FnOnce() -> T) -> T {
    trace_span!(target: TARGET, "step", name).in_scope(work)
}

pub(crate) fn timed<F: Future>(name: &'static str, work: F) -> impl Future<Output = F::Output> {
    work.instrument(trace_span!(target: TARGET, "step", name))
}

pub(crate) fn reached(name: &'static str) {
    tracing::event!(target: TARGET, Level::TRACE, name);
}

/// Prints each step on standard error when it ends.
struct Timings {
    begun: Instant,
}

struct RunningStep(Instant, String);

/// Returns the layer that prints the steps, if `--timings` is set.
pub(crate) fn layer<S>(wanted: bool) -> Option<impl Layer<S>>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let steps = Targets::new().with_target(TARGET, LevelFilter::TRACE);
    let timings = Timings {
        begun: Instant::now(),
    };

    wanted.then(|| timings.with_filter(steps))
}

impl Timings {
    fn tell(&self, begun: Instant, step: &str) {
        let at = milliseconds(begun, self.begun);
        let took = milliseconds(Instant::now(), begun);
        // A failure of standard error cannot be reported.
        let _ = writeln!(stderr(), "{at:>8.1} ms  {took:>7.1} ms  {step}");
    }
}

fn milliseconds(at: Instant, since: Instant) -> f64 {
    at.saturating_duration_since(since).as_secs_f64() * 1000.0
}

#[derive(Default)]
struct StepName(String);

impl Visit for StepName {
    fn record_str(&mut self, _: &Field, value: &str) {
        value.clone_into(&mut self.0);
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

impl<S> Layer<S> for Timings
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            let mut name = StepName::default();
            attributes.record(&mut name);
            let step = RunningStep(Instant::now(), name.0);
            span.extensions_mut().insert(step);
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut name = StepName::default();
        event.record(&mut name);
        self.tell(Instant::now(), &name.0);
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        if let Some(span) = context.span(&id)
            && let Some(RunningStep(begun, name)) = span.extensions().get()
        {
            self.tell(*begun, name);
        }
    }
}
