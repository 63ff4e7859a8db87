//! A served sandbox and its client.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::{Client, Method, Response, redirect};
use serde_json::{Value, json};

use crate::sandbox::options::Options;
use crate::sandbox::request::SandboxRequest;
use crate::sandbox::server::Sandbox;
use crate::sandbox::store::RequestStore;

/// The start time of tests.
pub(super) fn start() -> Timestamp {
    "2026-08-01T09:30:00.250Z".parse().unwrap()
}

pub(super) fn after(seconds: u64) -> Timestamp {
    start() + Duration::from_secs(seconds)
}

/// The documented body with `changes`.
pub(super) fn body(changes: Value) -> Value {
    let mut body = json!({
        "configId": "5ee168e8597be5002af7b454",
        "value": { "amount": "10000", "currency": "NZD" },
    });
    for (key, value) in changes.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

/// Creates a request at [`start`] in a store, without HTTP.
pub(super) fn create(store: &mut RequestStore, changes: Value) -> SandboxRequest {
    let body = serde_json::from_value(body(changes)).unwrap();
    store.create(body, start()).unwrap()
}

/// A served sandbox and a client.
pub(super) struct SandboxShop {
    pub(super) sandbox: Sandbox,
    pub(super) client: Client,
}

impl SandboxShop {
    pub(super) async fn open(options: Options) -> Self {
        // A failure means that another test has installed it, which is fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .build()
            .unwrap();

        Self {
            sandbox: Sandbox::start(options).await.unwrap(),
            client,
        }
    }

    pub(super) async fn create(&self, changes: Value) -> Value {
        let (status, created) = self.post("/api/payment-requests", body(changes)).await;
        assert_eq!(status, 200, "{created}");
        created
    }

    pub(super) async fn get(&self, path: &str) -> (u16, Value) {
        read(self.send(Method::GET, path, Some("key"), None).await).await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        read(self.send(Method::POST, path, Some("key"), Some(body)).await).await
    }

    /// Makes a call about one request.
    pub(super) async fn call(&self, id: &str, verb: &str, body: Value) -> (u16, Value) {
        self.post(&format!("/api/payment-requests/{id}/{verb}"), body)
            .await
    }

    pub(super) async fn poll(&self, id: &str) -> Value {
        let (status, request) = self.get(&format!("/api/payment-requests/{id}")).await;
        assert_eq!(status, 200, "{request}");
        request
    }

    pub(super) async fn send(
        &self,
        method: Method,
        path: &str,
        key: Option<&str>,
        body: Option<Value>,
    ) -> Response {
        let url = self.sandbox.base_url() + path;
        let mut request = self.client.request(method, url);
        if let Some(key) = key {
            request = request.header("X-Api-Key", key);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        request.send().await.unwrap()
    }
}

pub(super) async fn read(response: Response) -> (u16, Value) {
    (response.status().as_u16(), response.json().await.unwrap())
}

/// The status and code of a refusal.
pub(super) fn refused(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["message"].as_str().unwrap_or_default())
}

pub(super) fn id(request: &Value) -> &str {
    request["id"].as_str().unwrap()
}
