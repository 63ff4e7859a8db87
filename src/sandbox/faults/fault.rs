//! One entry of a fault script: the fault, its order with the effect, and how often it happens.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::behaviour::{FaultAnswer, FaultKind, LONGEST, RetryAfter};

/// A fault for one or more calls; by default for one.
#[must_use]
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub(super) behaviour: FaultKind,
    /// Whether the call takes effect before the faulty answer.
    pub(super) after_effect: bool,
    pub(super) repeat: Repeat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repeat {
    Times(u32),
    Forever,
}

impl Fault {
    /// Lets the call succeed, as without a script.
    pub fn pass() -> Self {
        Self::from(FaultKind::Pass {})
    }

    /// Carries the call out after a delay, even if the caller has gone by then. With
    /// [`after_effect`](Self::after_effect), only the answer is late.
    pub fn delay(wait: Duration) -> Self {
        Self::from(FaultKind::Delay {
            millis: millis(wait),
        })
    }

    /// Closes the connection without an answer and without the effect.
    pub fn drop_before() -> Self {
        Self::from(FaultKind::DropBefore {})
    }

    /// Closes the connection without an answer after the effect.
    pub fn drop_after() -> Self {
        Self::from(FaultKind::DropAfter {})
    }

    /// Sends `answer`, without the effect.
    pub fn answer(answer: FaultAnswer) -> Self {
        Self::from(FaultKind::Answer(answer))
    }

    /// Answers with this status and no body, without the effect.
    pub fn status(status: u16) -> Self {
        Self::answer(FaultAnswer::status(status))
    }

    /// Refuses in the platform's form, with a code such as `REQUEST_PAID`.
    pub fn refusal(status: u16, code: &str) -> Self {
        let error = StatusCode::from_u16(status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or_default();

        Self::answer(FaultAnswer::status(status).body(json!({
            "statusCode": status,
            "error": error,
            "message": code,
        })))
    }

    /// Answers 200 with an HTML page, like a captive portal.
    pub fn html() -> Self {
        Self::from(FaultKind::Html {})
    }

    /// Answers 200 with an empty body.
    pub fn empty() -> Self {
        Self::from(FaultKind::Empty {})
    }

    /// Sends the real answer with another content type, such as `text/plain`.
    pub fn wrong_content_type(content_type: impl Into<String>) -> Self {
        Self::from(FaultKind::WrongContentType {
            content_type: content_type.into(),
        })
    }

    /// Sends half of the real answer, then closes the connection.
    pub fn truncated() -> Self {
        Self::from(FaultKind::Truncated {})
    }

    /// Sends the real answer byte by byte, with a pause before each.
    pub fn drip(pause: Duration) -> Self {
        Self::from(FaultKind::Drip {
            millis: millis(pause),
        })
    }

    /// Answers 200 with a body of this many MiB.
    pub fn huge(mebibytes: u32) -> Self {
        Self::from(FaultKind::Huge { mebibytes })
    }

    /// Answers 429 `RATE_LIMIT_EXCEEDED`.
    pub fn throttle(retry_after: impl Into<Option<RetryAfter>>) -> Self {
        Self::from(FaultKind::Throttle {
            retry_after: retry_after.into(),
        })
    }

    /// Redirects with this status (301, 302, 303, 307, 308).
    pub fn redirect(status: u16, location: impl Into<String>) -> Self {
        Self::from(FaultKind::Redirect {
            status,
            location: location.into(),
        })
    }

    /// Applies a JSON Merge Patch (RFC 7396) to the real answer: `null` removes a field. In its texts `{id}` becomes
    /// the answer's field `id`, `{now}` the time, and `{expiresAt-115s}` a time with an offset.
    pub fn edit(patch: Value) -> Self {
        Self::from(FaultKind::Edit {
            patch,
            remove: Vec::new(),
        })
    }

    /// Sends no answer for ten minutes, then closes the connection.
    pub fn never() -> Self {
        Self::from(FaultKind::Never { millis: LONGEST })
    }

    /// Lets the call take effect first. Only for faults that replace the answer.
    pub fn after_effect(mut self) -> Self {
        self.after_effect = true;
        self
    }

    /// Repeats the fault for this many calls.
    pub fn times(mut self, times: u32) -> Self {
        self.repeat = Repeat::Times(times);
        self
    }

    /// Repeats the fault for every further call. Later faults of the sequence are never reached.
    pub fn forever(mut self) -> Self {
        self.repeat = Repeat::Forever;
        self
    }

    /// Whether the fault applies to at least one more call.
    pub(super) fn is_due(&self) -> bool {
        self.repeat != Repeat::Times(0)
    }

    pub(super) fn use_up(&mut self) {
        if let Repeat::Times(times) = &mut self.repeat {
            *times = times.saturating_sub(1);
        }
    }

    pub(super) fn check(&self) -> Result<(), String> {
        if !self.is_due() {
            return Err("times must be 1 or more".to_owned());
        }
        if self.after_effect && !self.behaviour.replaces() {
            return Err("this fault always or never takes effect; remove after-effect".to_owned());
        }

        self.behaviour.check()
    }
}

impl From<FaultKind> for Fault {
    fn from(behaviour: FaultKind) -> Self {
        Self {
            behaviour,
            after_effect: false,
            repeat: Repeat::Times(1),
        }
    }
}

impl From<FaultAnswer> for Fault {
    fn from(answer: FaultAnswer) -> Self {
        Self::answer(answer)
    }
}

fn millis(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis()).unwrap_or(LONGEST)
}
