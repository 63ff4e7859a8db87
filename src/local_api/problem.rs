//! Errors of the local API, as `application/problem+json` (RFC 9457).

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::desk::CallRefusal;

/// The reason why a call was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemReason {
    /// The token is missing or unknown.
    Unauthorized,
    /// This till may not do this.
    Forbidden,
    /// The page comes from an origin that this till does not list.
    WrongOrigin,
    /// The call names another host than this machine.
    WrongHost,
    /// There is no such address.
    NotFound,
    /// The address takes another method.
    WrongMethod,
    /// The display has no such sale.
    NoSuchSale,
    /// The call, or a value in it, is wrong.
    Invalid,
    /// The body is too large.
    TooLarge,
    /// The body did not arrive in time.
    Timeout,
    /// Another sale has the display.
    Busy,
    /// The sale with this reference has another amount or merchant.
    OtherTerms,
    /// The sale is over, or it is not on the screen.
    NotNow,
    /// There are too many commands or streams.
    TooMany,
    /// The configuration, the key or the journal is wrong.
    Configuration,
    /// This machine has a problem.
    Unavailable,
    /// The display is ending, and starts nothing.
    Leaving,
}

/// An error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// The error in a few words.
    pub title: String,
    /// The status of the answer.
    pub status: u16,
    /// The error and its remedy, for people.
    pub detail: String,
    /// The error, for programs.
    pub reason: ProblemReason,
    /// The exit code of the command for this error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<u8>,
    /// The sale that has the display.
    #[serde(default, rename = "ref", skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

impl ProblemReason {
    fn status_and_title(self) -> (StatusCode, &'static str) {
        match self {
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "No valid token"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "Not allowed"),
            Self::WrongOrigin => (StatusCode::FORBIDDEN, "Origin not allowed"),
            Self::WrongHost => (StatusCode::FORBIDDEN, "Wrong host"),
            Self::NotFound => (StatusCode::NOT_FOUND, "No such address"),
            Self::WrongMethod => (StatusCode::METHOD_NOT_ALLOWED, "Wrong method"),
            Self::NoSuchSale => (StatusCode::NOT_FOUND, "No such sale"),
            Self::Invalid => (StatusCode::BAD_REQUEST, "Wrong call"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "Body too large"),
            Self::Timeout => (StatusCode::REQUEST_TIMEOUT, "Body too slow"),
            Self::Busy => (StatusCode::CONFLICT, "Another sale has the display"),
            Self::OtherTerms => (StatusCode::CONFLICT, "Same reference, another sale"),
            Self::NotNow => (StatusCode::CONFLICT, "Not now"),
            Self::TooMany => (StatusCode::TOO_MANY_REQUESTS, "Too many"),
            Self::Configuration => (StatusCode::SERVICE_UNAVAILABLE, "Wrong configuration"),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "Not available"),
            Self::Leaving => (StatusCode::SERVICE_UNAVAILABLE, "The display is ending"),
        }
    }
}

impl Problem {
    /// Creates a problem with a sentence for people.
    pub(super) fn new(reason: ProblemReason, detail: impl Into<String>) -> Self {
        let (status, title) = reason.status_and_title();

        Self {
            title: title.to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            reason,
            exit_code: None,
            reference: None,
        }
    }

    pub(super) fn with_exit_code(self, code: u8) -> Self {
        Self {
            exit_code: Some(code),
            ..self
        }
    }

    pub(super) fn leaving() -> Self {
        Self::new(
            ProblemReason::Leaving,
            "the display is ending; nothing was started; try again in a moment",
        )
        .with_exit_code(75)
    }
}

impl From<CallRefusal> for Problem {
    fn from(refusal: CallRefusal) -> Self {
        let reason = match refusal.code {
            64 => ProblemReason::Invalid,
            78 => ProblemReason::Configuration,
            _ => ProblemReason::Unavailable,
        };

        Self::new(reason, refusal.sentence).with_exit_code(refusal.code)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );

        response
    }
}
