//! Reads the body of a call, within bounds.

use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::problem::{Problem, ProblemReason};

/// The longest body: items of 1 MiB, and the rest.
const LONGEST: usize = 2 * 1024 * 1024;
/// The longest wait for a body.
const PATIENCE: Duration = Duration::from_secs(10);

/// A body of JSON. An empty body counts as an empty object.
#[derive(Debug)]
pub(super) struct JsonBody<T>(pub(super) T);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let read = timeout(PATIENCE, to_bytes(request.into_body(), LONGEST)).await;
        let bytes = read
            .map_err(|_| {
                Problem::new(
                    ProblemReason::Timeout,
                    "the body did not arrive within 10 s",
                )
            })?
            .map_err(|_| {
                Problem::new(
                    ProblemReason::TooLarge,
                    "the body is longer than 2 MiB, or it was cut off",
                )
            })?;
        let bytes = match bytes.trim_ascii() {
            b"" => b"{}",
            bytes => bytes,
        };
        let mut json = serde_json::Deserializer::from_slice(bytes);
        let read = serde_path_to_error::deserialize(&mut json).map_err(|error| error.to_string());
        let read = read.and_then(|value| {
            json.end()
                .map(|()| value)
                .map_err(|error| error.to_string())
        });

        read.map(Self).map_err(|why| {
            Problem::new(
                ProblemReason::Invalid,
                format!("cannot read the body: {why}"),
            )
            .with_exit_code(64)
        })
    }
}
