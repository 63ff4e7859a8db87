//! `--timings`: when each step of a start began and how long it took, on standard error.

use std::io::{Write, stderr};
use std::time::Instant;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

use crate::timing;

/// Tells of the steps that [`timing`] makes, as each is over.
struct Timings {
    begun: Instant,
}

/// A step that has begun.
struct Begun {
    at: Instant,
    name: String,
}

/// What tells of the steps, where that was asked for.
pub(super) fn layer<S>(wanted: bool) -> Option<impl Layer<S>>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let steps = Targets::new().with_target(timing::TARGET, LevelFilter::TRACE);
    let timings = Timings {
        begun: Instant::now(),
    };

    wanted.then(|| timings.with_filter(steps))
}

impl Timings {
    fn tell(&self, begun: Instant, step: &str) {
        let at = milliseconds(begun, self.begun);
        let took = milliseconds(Instant::now(), begun);
        // Nothing can be done about a terminal that is gone.
        let _ = writeln!(stderr(), "{at:>8.1} ms  {took:>7.1} ms  {step}");
    }
}

fn milliseconds(at: Instant, since: Instant) -> f64 {
    at.saturating_duration_since(since).as_secs_f64() * 1000.0
}

/// Reads a step's name, which is its only field.
#[derive(Default)]
struct Name(String);

impl Visit for Name {
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
            let mut name = Name::default();
            attributes.record(&mut name);
            span.extensions_mut().insert(Begun {
                at: Instant::now(),
                name: name.0,
            });
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut name = Name::default();
        event.record(&mut name);
        self.tell(Instant::now(), &name.0);
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        if let Some(span) = context.span(&id)
            && let Some(begun) = span.extensions().get::<Begun>()
        {
            self.tell(begun.at, &begun.name);
        }
    }
}
