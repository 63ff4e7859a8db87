//! A sandbox with a script, and a caller that sees the bytes.

use std::time::{Duration, Instant};

use reqwest::{Method, Response};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::sandbox::tests::shop::{SandboxShop, id, read};
use crate::sandbox::{ApiCall, Control, Fault, Options, SandboxStatus};

/// Time limit of every wait.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// Longer than any test.
pub(super) const VERY_LONG: Duration = Duration::from_secs(500);

/// A sandbox with one payment request.
pub(super) struct ScriptedSandbox {
    pub(super) shop: SandboxShop,
    pub(super) control: Control,
    pub(super) id: String,
    /// Number of tasks before the first call.
    pub(super) idle: usize,
}

impl ScriptedSandbox {
    pub(super) async fn open() -> Self {
        Self::with(Options::default()).await
    }

    pub(super) async fn with(options: Options) -> Self {
        let shop = SandboxShop::open(options).await;
        // Lets the server's tasks start.
        tokio::task::yield_now().await;
        let idle = tasks();
        let created = shop.create(json!({})).await;

        Self {
            control: shop.sandbox.control(),
            id: id(&created).to_owned(),
            shop,
            idle,
        }
    }

    /// Opens a sandbox where calls of this kind get these faults.
    pub(super) async fn scripted(call: ApiCall, faults: impl IntoIterator<Item = Fault>) -> Self {
        let counter = Self::open().await;
        counter.control.script(call, faults);

        counter
    }

    /// The platform's status of the request.
    pub(super) fn status(&self) -> SandboxStatus {
        self.control.request(&self.id).unwrap().status
    }

    pub(super) fn path(&self) -> String {
        format!("/api/payment-requests/{}", self.id)
    }

    /// Reads the request.
    pub(super) async fn read(&self) -> Response {
        self.shop
            .send(Method::GET, &self.path(), Some("key"), None)
            .await
    }

    /// Reads the request and parses the answer.
    pub(super) async fn read_json(&self) -> (u16, Value) {
        read(self.read().await).await
    }

    pub(super) async fn read_status(&self) -> u16 {
        self.read().await.status().as_u16()
    }

    pub(super) async fn void(&self) -> Response {
        let path = self.path() + "/void";
        self.shop
            .send(Method::POST, &path, Some("key"), Some(json!({})))
            .await
    }

    /// Reads the request on a separate connection.
    pub(super) async fn raw_read(&self) -> RawCall {
        self.raw("GET", &self.path(), "").await
    }

    pub(super) async fn raw_void(&self) -> RawCall {
        self.raw("POST", &(self.path() + "/void"), "{}").await
    }

    async fn raw(&self, method: &str, path: &str, body: &str) -> RawCall {
        let mut stream = TcpStream::connect(self.shop.sandbox.address())
            .await
            .unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: sandbox\r\nX-Api-Key: key\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();

        RawCall { stream }
    }
}

/// A connection that has sent one call.
pub(super) struct RawCall {
    pub(super) stream: TcpStream,
}

impl RawCall {
    /// Reads until the server closes the connection without a reset.
    pub(super) async fn until_closed(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        timeout(PATIENCE, self.stream.read_to_end(&mut bytes))
            .await
            .expect("the connection stays open")
            .expect("closed, not reset");

        bytes
    }

    /// Reads the head of the answer.
    pub(super) async fn head(&mut self) -> String {
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"\r\n\r\n") {
            bytes.push(self.byte().await);
        }

        String::from_utf8(bytes).unwrap()
    }

    pub(super) async fn byte(&mut self) -> u8 {
        timeout(PATIENCE, self.stream.read_u8())
            .await
            .expect("nothing comes")
            .expect("a byte")
    }

    /// Whether nothing arrives for this long.
    pub(super) async fn is_silent_for(&mut self, long: Duration) -> bool {
        timeout(long, self.stream.read_u8()).await.is_err()
    }
}

/// The `Content-Length` in a head.
pub(super) fn length(head: &str) -> usize {
    head.lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .expect("a length")
        .parse()
        .unwrap()
}

/// Waits until a condition holds.
pub(super) async fn until(what: &str, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(
            start.elapsed() < PATIENCE,
            "not before the test ends: {what}"
        );
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Number of tasks in this test's runtime; each open connection is one.
pub(super) fn tasks() -> usize {
    tokio::runtime::Handle::current()
        .metrics()
        .num_alive_tasks()
}
