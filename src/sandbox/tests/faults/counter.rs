//! A shop whose sandbox has a script, and a caller who looks at the bytes.

use std::time::{Duration, Instant};

use reqwest::{Method, Response};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::sandbox::tests::shop::{Shop, id, read};
use crate::sandbox::{Call, Control, Fault, Options, Status};

/// Nothing in these tests takes this long, unless it is broken.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// A fault that holds a call for so long holds it until the test ends.
pub(super) const VERY_LONG: Duration = Duration::from_secs(500);

/// A shop with one payment request.
pub(super) struct Counter {
    pub(super) shop: Shop,
    pub(super) control: Control,
    pub(super) id: String,
    /// The tasks of a sandbox that nobody has called.
    pub(super) idle: usize,
}

impl Counter {
    pub(super) async fn open() -> Self {
        Self::with(Options::default()).await
    }

    pub(super) async fn with(options: Options) -> Self {
        let shop = Shop::open(options).await;
        // The server's task begins, and with it the one that can stop it.
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

    /// One whose calls of this kind meet with these faults.
    pub(super) async fn scripted(call: Call, faults: impl IntoIterator<Item = Fault>) -> Self {
        let counter = Self::open().await;
        counter.control.script(call, faults);

        counter
    }

    /// Where the request stands at the platform.
    pub(super) fn status(&self) -> Status {
        self.control.request(&self.id).unwrap().status
    }

    pub(super) fn path(&self) -> String {
        format!("/api/payment-requests/{}", self.id)
    }

    /// A read by id.
    pub(super) async fn read(&self) -> Response {
        self.shop
            .send(Method::GET, &self.path(), Some("key"), None)
            .await
    }

    /// The answer's status and its body as JSON.
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

    /// A read by id on a connection of its own.
    pub(super) async fn raw_read(&self) -> Raw {
        self.raw("GET", &self.path(), "").await
    }

    pub(super) async fn raw_void(&self) -> Raw {
        self.raw("POST", &(self.path() + "/void"), "{}").await
    }

    async fn raw(&self, method: &str, path: &str, body: &str) -> Raw {
        let mut stream = TcpStream::connect(self.shop.sandbox.address())
            .await
            .unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: sandbox\r\nX-Api-Key: key\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();

        Raw { stream }
    }
}

/// A connection over which one call has gone out.
pub(super) struct Raw {
    pub(super) stream: TcpStream,
}

impl Raw {
    /// Everything until the server closes, which it does without a reset.
    pub(super) async fn until_closed(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        timeout(PATIENCE, self.stream.read_to_end(&mut bytes))
            .await
            .expect("the connection stays open")
            .expect("closed, not reset");

        bytes
    }

    /// The head of the answer, without the body.
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

    /// Whether nothing comes for so long.
    pub(super) async fn is_silent_for(&mut self, long: Duration) -> bool {
        timeout(long, self.stream.read_u8()).await.is_err()
    }
}

/// What a `Content-Length` in this head says.
pub(super) fn length(head: &str) -> usize {
    head.lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .expect("a length")
        .parse()
        .unwrap()
}

/// Waits until this holds.
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

/// How many tasks this test's runtime has; a connection that is served is one.
pub(super) fn tasks() -> usize {
    tokio::runtime::Handle::current()
        .metrics()
        .num_alive_tasks()
}
