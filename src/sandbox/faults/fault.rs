//! One entry of a fault script: a behaviour, when the effect takes place, and how often.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::behaviour::{Answer, Behaviour, LONGEST, RetryAfter};

/// What happens to one call, or to several in a row. Where nothing else is said it happens once.
#[must_use]
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub(super) behaviour: Behaviour,
    /// Whether the effect takes place before what comes in the place of the answer.
    pub(super) after_effect: bool,
    pub(super) repeat: Repeat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repeat {
    Times(u32),
    Forever,
}

impl Fault {
    /// Nothing goes wrong.
    pub fn pass() -> Self {
        Self::from(Behaviour::Pass {})
    }

    /// The call takes place so much later, even when the caller has gone by then; with
    /// [`after_effect`](Self::after_effect) at once, and only its answer is late.
    pub fn delay(wait: Duration) -> Self {
        Self::from(Behaviour::Delay {
            millis: millis(wait),
        })
    }

    /// The connection closes without an answer and without the effect.
    pub fn drop_before() -> Self {
        Self::from(Behaviour::DropBefore {})
    }

    /// The effect takes place, then the connection closes without an answer.
    pub fn drop_after() -> Self {
        Self::from(Behaviour::DropAfter {})
    }

    /// This answer instead of the effect.
    pub fn answer(answer: Answer) -> Self {
        Self::from(Behaviour::Answer(answer))
    }

    /// An empty answer with this status instead of the effect.
    pub fn status(status: u16) -> Self {
        Self::answer(Answer::status(status))
    }

    /// A refusal as the platform writes it, with its code, such as `REQUEST_PAID`.
    pub fn refusal(status: u16, code: &str) -> Self {
        let error = StatusCode::from_u16(status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or_default();

        Self::answer(Answer::status(status).body(json!({
            "statusCode": status,
            "error": error,
            "message": code,
        })))
    }

    /// 200 with a page of HTML, as from a captive portal.
    pub fn html() -> Self {
        Self::from(Behaviour::Html {})
    }

    /// 200 with nothing in it.
    pub fn empty() -> Self {
        Self::from(Behaviour::Empty {})
    }

    /// The real answer under another content type, such as `text/plain`.
    pub fn wrong_content_type(content_type: impl Into<String>) -> Self {
        Self::from(Behaviour::WrongContentType {
            content_type: content_type.into(),
        })
    }

    /// Half of the real answer, then the connection closes.
    pub fn truncated() -> Self {
        Self::from(Behaviour::Truncated {})
    }

    /// The real answer byte by byte, with this pause before each.
    pub fn drip(pause: Duration) -> Self {
        Self::from(Behaviour::Drip {
            millis: millis(pause),
        })
    }

    /// 200 with a body of so many MiB.
    pub fn huge(mebibytes: u32) -> Self {
        Self::from(Behaviour::Huge { mebibytes })
    }

    /// 429 `RATE_LIMIT_EXCEEDED`.
    pub fn throttle(retry_after: impl Into<Option<RetryAfter>>) -> Self {
        Self::from(Behaviour::Throttle {
            retry_after: retry_after.into(),
        })
    }

    /// A redirect with this status (301, 302, 303, 307, 308) to this place.
    pub fn redirect(status: u16, location: impl Into<String>) -> Self {
        Self::from(Behaviour::Redirect {
            status,
            location: location.into(),
        })
    }

    /// The real answer with this JSON Merge Patch (RFC 7396) applied: `null` removes a field. In
    /// its strings `{id}` stands for the answer's own `id`, and so on for each of its fields;
    /// `{now}` is the time, and `{expiresAt-115s}` a time moved by so much.
    pub fn edit(patch: Value) -> Self {
        Self::from(Behaviour::Edit {
            patch,
            remove: Vec::new(),
        })
    }

    /// No answer, for ten minutes; then the connection closes.
    pub fn never() -> Self {
        Self::from(Behaviour::Never { millis: LONGEST })
    }

    /// The effect takes place first. It says something of what comes in the place of an answer:
    /// of [`delay`](Self::delay), [`answer`](Self::answer), [`status`](Self::status),
    /// [`refusal`](Self::refusal), [`html`](Self::html), [`empty`](Self::empty),
    /// [`huge`](Self::huge), [`throttle`](Self::throttle), [`redirect`](Self::redirect) and
    /// [`never`](Self::never).
    pub fn after_effect(mut self) -> Self {
        self.after_effect = true;
        self
    }

    /// So many calls in a row.
    pub fn times(mut self, times: u32) -> Self {
        self.repeat = Repeat::Times(times);
        self
    }

    /// Every call from here on; what follows in the sequence is never reached.
    pub fn forever(mut self) -> Self {
        self.repeat = Repeat::Forever;
        self
    }

    pub(super) fn is_forever(&self) -> bool {
        self.repeat == Repeat::Forever
    }

    /// Whether it is for at least one call.
    pub(super) fn is_due(&self) -> bool {
        self.repeat != Repeat::Times(0)
    }

    /// One call less.
    pub(super) fn use_up(&mut self) {
        if let Repeat::Times(times) = &mut self.repeat {
            *times = times.saturating_sub(1);
        }
    }

    /// Says what does not make sense in a script that a person wrote.
    pub(super) fn check(&self) -> Result<(), String> {
        if !self.is_due() {
            return Err("times must be 1 or more".to_owned());
        }
        if self.after_effect && !self.behaviour.replaces() {
            return Err("this fault leaves no choice, so remove after-effect".to_owned());
        }

        self.behaviour.check()
    }
}

impl From<Behaviour> for Fault {
    fn from(behaviour: Behaviour) -> Self {
        Self {
            behaviour,
            after_effect: false,
            repeat: Repeat::Times(1),
        }
    }
}

impl From<Answer> for Fault {
    fn from(answer: Answer) -> Self {
        Self::answer(answer)
    }
}

fn millis(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis()).unwrap_or(LONGEST)
}
