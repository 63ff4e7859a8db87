//! A platform on loopback that gives scripted answers and records the calls that it receives.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub(crate) struct Platform {
    pub(crate) address: SocketAddr,
    script: Arc<Mutex<Script>>,
    server: JoinHandle<()>,
}

#[derive(Default)]
struct Script {
    answers: VecDeque<(u16, String)>,
    calls: Vec<Call>,
}

/// A call that the platform has received.
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) body: Bytes,
}

impl Call {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Returns the method and the path, such as `GET /api/payment-requests/a1`.
    pub(crate) fn line(&self) -> String {
        format!("{} {}", self.method, self.uri.path())
    }
}

impl Platform {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let script = Arc::<Mutex<Script>>::default();
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&script));

        Self {
            address,
            script,
            server: tokio::spawn(async { axum::serve(listener, router).await.unwrap() }),
        }
    }

    /// Scripts the answer to one more call.
    pub(crate) fn will_answer(&self, status: u16, body: impl Into<String>) {
        let mut script = self.script.lock().unwrap();
        script.answers.push_back((status, body.into()));
    }

    /// Returns the calls since the last time. Fails if a scripted answer was not used.
    pub(crate) fn calls(&self) -> Vec<Call> {
        let mut script = self.script.lock().unwrap();
        assert!(script.answers.is_empty(), "an answer was not asked for");

        std::mem::take(&mut script.calls)
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(
    State(script): State<Arc<Mutex<Script>>>,
    method: Method,
    uri: Uri,
    body: Bytes,
) -> Response {
    let mut script = script.lock().unwrap();
    script.calls.push(Call { method, uri, body });
    let Some((status, body)) = script.answers.pop_front() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::DATE, "Tue, 08 Jun 2021 04:04:37 GMT"),
        (header::RETRY_AFTER, "7"),
    ];

    (StatusCode::from_u16(status).unwrap(), headers, body).into_response()
}
