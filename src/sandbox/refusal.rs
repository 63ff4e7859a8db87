use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A call the sandbox refuses, as the platform would.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {reason}")]
pub struct Refusal {
    status: StatusCode,
    code: &'static str,
    reason: String,
    /// Seconds, for a refusal that ends by itself.
    retry_after: Option<u64>,
}

impl Refusal {
    /// The HTTP status that a caller over HTTP sees.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// The platform's code, such as `REQUEST_EXPIRED`: the error body's `message`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// An explanation for people; nothing may be decided by it.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// 403: a business rule says no.
    pub(super) fn rule(code: &'static str, reason: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, reason)
    }

    /// 400 with a code of its own.
    pub(super) fn mistake(code: &'static str, reason: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, reason)
    }

    /// 400 for a body or a query that does not fit.
    pub(super) fn misfit(reason: impl Into<String>) -> Self {
        Self::mistake("BAD_REQUEST", reason)
    }

    /// 403 for something that does not exist: the platform does not tell that from "not yours".
    pub(super) fn unknown(what: &str) -> Self {
        Self::rule("FORBIDDEN", format!("no such {what}"))
    }

    /// 401: no key, or the wrong one.
    pub(super) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Missing authentication", "")
    }

    /// 404: no such route. An unknown id is another matter, see [`Refusal::unknown`].
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

impl IntoResponse for Refusal {
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
