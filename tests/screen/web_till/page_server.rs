//! The server of a till's page. The page reports each step of its scenario, and waits for the answer.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tower_http::cors::CorsLayer;

const SCRIPT: [(header::HeaderName, &str); 1] = [(header::CONTENT_TYPE, "text/javascript")];
const PAGE: [(header::HeaderName, &str); 1] = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];

/// A running server. Dropping it closes its port and all connections.
#[derive(Debug)]
pub(crate) struct PageServer {
    steps: Receiver<Step>,
    _runtime: Runtime,
}

/// A step that the page reported. The page goes on when this is dropped.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) report: Value,
    _answer: oneshot::Sender<()>,
}

#[derive(Debug)]
struct Shared {
    parameters: Value,
    steps: Sender<Step>,
}

/// Opens a free port for a server.
pub(crate) fn listener() -> TcpListener {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port")
}

/// Returns a port for a display that can be started more than once. It is below the ports that the system gives to
/// clients, so no one takes it in between.
pub(crate) fn lasting_address() -> SocketAddr {
    let free = std::iter::repeat_with(|| {
        SocketAddr::from((Ipv4Addr::LOCALHOST, fastrand::u16(20_000..32_000)))
    })
    .take(100)
    .find(|address| TcpListener::bind(address).is_ok());

    free.expect("a free port")
}

impl PageServer {
    /// Serves the files of the scenarios. `parameters` is what the page asks for first.
    pub(crate) fn start(listener: TcpListener, parameters: Value) -> Self {
        let (sender, steps) = mpsc::channel();
        let shared = Arc::new(Shared {
            parameters,
            steps: sender,
        });
        let router = Router::new()
            .route("/scenario.html", get((PAGE, include_str!("scenario.html"))))
            .route("/scenario.js", get((SCRIPT, include_str!("scenario.js"))))
            .route(
                "/patron-display.js",
                get((SCRIPT, include_str!("../../../docs/till/patron-display.js"))),
            )
            .route("/parameters", get(parameters_of))
            .route("/report", post(report))
            // The page of the scenario `rebound` comes from another server.
            .layer(CorsLayer::permissive())
            .with_state(shared);
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        listener.set_nonblocking(true).expect("a listener");
        let context = runtime.enter();
        let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
        runtime.spawn(async { axum::serve(listener, router).await });
        drop(context);

        Self {
            steps,
            _runtime: runtime,
        }
    }

    /// Returns the next step, or an error if none comes in time.
    pub(crate) fn next(&self, patience: Duration) -> Result<Step, RecvTimeoutError> {
        self.steps.recv_timeout(patience)
    }
}

async fn parameters_of(State(shared): State<Arc<Shared>>) -> Json<Value> {
    Json(shared.parameters.clone())
}

async fn report(State(shared): State<Arc<Shared>>, Json(report): Json<Value>) -> StatusCode {
    let (answer, answered) = oneshot::channel();
    let step = Step {
        report,
        _answer: answer,
    };
    // Ignores errors: after a failed test no one reads the steps, and a step is answered by dropping it.
    let _ = shared.steps.send(step);
    let _ = answered.await;

    StatusCode::NO_CONTENT
}
