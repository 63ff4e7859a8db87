//! Refusals in the platform's form.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A refused call, with the platform's code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {reason}")]
pub struct SandboxRefusal {
    status: StatusCode,
    code: &'static str,
    reason: String,
    /// Seconds to wait, for a refusal that ends by itself.
    retry_after: Option<u64>,
}

impl SandboxRefusal {
    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// The platform's code, such as `REQUEST_EXPIRED`. It is the field `message` of the body.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// An explanation for people. No decision may depend on it.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// 403: a business rule forbids the call.
    pub(super) fn rule(code: &'static str, reason: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, reason)
    }

    /// 403 for an amount above `most` minor units, or in another currency.
    pub(super) fn invalid_amount(what: &str, most: u64) -> Self {
        Self::rule(
            "INVALID_AMOUNT",
            format!("{what} can be at most {most} here"),
        )
    }

    /// 400 with a code for this mistake.
    pub(super) fn mistake(code: &'static str, reason: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, reason)
    }

    /// 400 for an invalid body or query.
    pub(super) fn misfit(reason: impl Into<String>) -> Self {
        Self::mistake("BAD_REQUEST", reason)
    }

    /// 403 for something that does not exist. The platform answers the same for what belongs to another account.
    pub(super) fn unknown(what: &str) -> Self {
        Self::rule("FORBIDDEN", format!("no such {what}"))
    }

    /// 401: the key is missing or wrong.
    pub(super) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Missing authentication", "")
    }

    /// 404: the route does not exist. For an unknown id see [`SandboxRefusal::unknown`].
    pub(super) fn no_route() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not Found", "there is no such route")
    }

    /// 429: too many calls; `retry_after` is in seconds.
    pub(super) fn rate_limited(retry_after: u64) -> Self {
        Self {
            retry_after: Some(retry_after),
            ..Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "RATE_LIMIT_EXCEEDED",
                "too many calls in a minute",
            )
        }
    }

    fn new(status: StatusCode, code: &'static str, reason: impl Into<String>) -> Self {
        Self {
            status,
            code,
            reason: reason.into(),
            retry_after: None,
        }
    }
}

impl IntoResponse for SandboxRefusal {
    fn into_response(self) -> Response {
        let mut body = json!({
            "statusCode": self.status.as_u16(),
            "error": self.status.canonical_reason().unwrap_or_default(),
            "message": self.code,
        });
        if !self.reason.is_empty() {
            body["reason"] = self.reason.into();
        }

        let mut response = (self.status, Json(body)).into_response();
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}
