//! The faults and their fields.

use std::collections::BTreeMap;

use axum::http::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Limit of every wait, in milliseconds.
pub(super) const LONGEST: u64 = 10 * 60 * 1000;
const MOST_MEBIBYTES: u32 = 1024;
const REDIRECTS: [u16; 5] = [301, 302, 303, 307, 308];

/// The kinds of faults, with their fields in a script. Times are in milliseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    deny_unknown_fields
)]
pub(super) enum FaultKind {
    Pass {},
    Delay {
        millis: u64,
    },
    DropBefore {},
    DropAfter {},
    Answer(FaultAnswer),
    Html {},
    Empty {},
    WrongContentType {
        #[serde(default = "plain_text")]
        content_type: String,
    },
    Truncated {},
    Drip {
        #[serde(default = "drip_pause")]
        millis: u64,
    },
    Huge {
        #[serde(default = "huge_size")]
        mebibytes: u32,
    },
    Throttle {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<RetryAfter>,
    },
    Redirect {
        #[serde(default = "temporary_redirect")]
        status: u16,
        location: String,
    },
    Edit {
        #[serde(default = "no_change")]
        patch: Value,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        remove: Vec<String>,
    },
    Never {
        #[serde(default = "longest")]
        millis: u64,
    },
}

fn plain_text() -> String {
    "text/plain".to_owned()
}

fn drip_pause() -> u64 {
    100
}

fn huge_size() -> u32 {
    64
}

fn temporary_redirect() -> u16 {
    307
}

fn no_change() -> Value {
    json!({})
}

fn longest() -> u64 {
    LONGEST
}

/// An answer that replaces the real one.
#[must_use]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultAnswer {
    pub(super) status: u16,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) headers: BTreeMap<String, String>,
    /// Text is sent as it is, anything else as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<Value>,
}

impl FaultAnswer {
    /// Returns an answer with this status (200 to 999) and no body.
    pub fn status(status: u16) -> Self {
        Self {
            status,
            headers: BTreeMap::new(),
            body: None,
        }
    }

    /// Adds a header.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.insert(name.into(), value.into());
        self
    }

    /// Sets the body: text as it is (`text/plain` unless a header says otherwise), anything else as JSON.
    pub fn body(mut self, body: impl Into<Value>) -> Self {
        self.body = Some(body.into());
        self
    }
}

/// The value of `Retry-After`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "write a number of seconds, { date-in = SECONDS } for a date, or any text"
)]
pub enum RetryAfter {
    /// Seconds to wait, as the platform sends it.
    Seconds(u64),
    /// An HTTP date in the future.
    Date {
        /// Seconds from now.
        #[serde(rename = "date-in")]
        seconds: u32,
    },
    /// Any text, also an invalid one.
    Text(String),
}

impl FaultKind {
    /// Whether the call may take effect before or after this fault, so that `after_effect` has a meaning.
    pub(super) fn replaces(&self) -> bool {
        matches!(
            self,
            Self::Delay { .. }
                | Self::Answer(_)
                | Self::Html {}
                | Self::Empty {}
                | Self::Huge { .. }
                | Self::Throttle { .. }
                | Self::Redirect { .. }
                | Self::Never { .. }
        )
    }

    pub(super) fn check(&self) -> Result<(), String> {
        match self {
            Self::Delay { millis } | Self::Drip { millis } | Self::Never { millis }
                if !(1..=LONGEST).contains(millis) =>
            {
                Err(format!("millis must be from 1 to {LONGEST}"))
            }
            Self::Answer(answer) => check_answer(answer),
            Self::WrongContentType { content_type } => check_value("content-type", content_type),
            Self::Huge { mebibytes } if !(1..=MOST_MEBIBYTES).contains(mebibytes) => {
                Err(format!("mebibytes must be from 1 to {MOST_MEBIBYTES}"))
            }
            Self::Throttle {
                retry_after: Some(RetryAfter::Text(text)),
            } => check_value("retry-after", text),
            Self::Redirect { status, .. } if !REDIRECTS.contains(status) => Err(format!(
                "status {status} is not a redirect; write one of {REDIRECTS:?}"
            )),
            Self::Redirect { location, .. } => check_value("location", location),
            Self::Edit { remove, .. } => check_pointers(remove),
            _ => Ok(()),
        }
    }
}

fn check_answer(answer: &FaultAnswer) -> Result<(), String> {
    if !(200..=999).contains(&answer.status) {
        return Err("status must be from 200 to 999".to_owned());
    }
    for (name, value) in &answer.headers {
        HeaderName::try_from(name).map_err(|_| format!("{name:?} is not a header name"))?;
        check_value(name, value)?;
    }

    Ok(())
}

fn check_value(name: &str, value: &str) -> Result<(), String> {
    HeaderValue::try_from(value)
        .map(drop)
        .map_err(|_| format!("{name} cannot be {value:?}: a header is one line of text"))
}

fn check_pointers(pointers: &[String]) -> Result<(), String> {
    match pointers.iter().find(|pointer| !pointer.starts_with('/')) {
        Some(wrong) => Err(format!(
            "remove needs full paths, such as \"/{wrong}\" or \"/value/currency\", not {wrong:?}"
        )),
        None => Ok(()),
    }
}
