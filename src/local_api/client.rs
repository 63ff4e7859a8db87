//! The client of the program's own commands: finds the resident display of a data directory, and calls it.

use std::io;
use std::path::Path;
use std::pin::Pin;
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use sse_stream::SseStream;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::display_file::{DisplayFile, is_proof, random_text};
use super::problem::{Problem, ProblemReason};
use super::protocol::{Hello, NewSale, SaleCommand, SettleOrder, encoded};
use crate::runtime::control::ControlCommand;

/// The longest wait for a display that has accepted a connection.
const HELLO_PATIENCE: Duration = Duration::from_secs(5);
/// The longest wait for a sale to begin; longer than the display waits for itself.
const ANSWER_PATIENCE: Duration = Duration::from_secs(15);
/// The pause between two looks for the new version of a display.
const RESTART_PAUSE: Duration = Duration::from_millis(30);
/// The longest answer, in bytes.
const LONGEST_ANSWER: usize = 16 * 1024 * 1024;

/// The resident display of a data directory.
#[derive(Debug, Clone)]
pub struct DisplayClient {
    display: DisplayFile,
}

/// The reason why a call failed.
#[derive(Debug)]
pub enum CallError {
    /// The display refused, and nothing was started.
    Refused(Problem),
    /// The display is ending or has ended, and nothing was started.
    Leaving,
    /// The display accepts connections but does not answer.
    Silent,
    /// The connection broke after the call was sent.
    Broken(io::Error),
}

/// The answer to a settle call.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SettleAnswer {
    /// The exit code.
    pub exit_code: u8,
    /// The `earlier` events.
    pub earlier: Vec<Box<RawValue>>,
}

/// The events of a sale.
pub type SaleEvents = Pin<Box<dyn Stream<Item = io::Result<SaleEvent>> + Send>>;

/// An event of a sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaleEvent {
    /// The name, such as `outcome`.
    pub name: String,
    /// The object that `--json` prints.
    pub json: String,
}

impl DisplayClient {
    /// Whether the data directory names a display, perhaps a dead one.
    pub fn may_exist(data_directory: &Path) -> bool {
        DisplayFile::read(data_directory).is_some()
    }

    /// Finds the display of this data directory; `None` if none runs. Call it within a tokio runtime.
    ///
    /// # Errors
    ///
    /// [`CallError::Silent`] if a program listens there and does not answer.
    pub async fn find(data_directory: &Path) -> Result<Option<Self>, CallError> {
        let Some(display) = placed(data_directory).await else {
            return Ok(None);
        };
        let client = Self { display };
        match timeout(HELLO_PATIENCE, client.is_known()).await {
            Ok(Ok(true)) => Ok(Some(client)),
            Ok(Ok(false)) => {
                tracing::warn!("another program listens where the resident display was");

                Ok(None)
            }
            Ok(Err(error)) => {
                tracing::info!(%error, "no resident display listens");

                Ok(None)
            }
            Err(_) => Err(CallError::Silent),
        }
    }

    /// The version of the display.
    pub fn version(&self) -> &str {
        &self.display.version
    }

    /// The process of the display.
    pub fn process_id(&self) -> u32 {
        self.display.pid
    }

    /// Starts a sale.
    ///
    /// # Errors
    ///
    /// If the display refused it, or the connection broke.
    pub async fn sell(&self, sale: &NewSale) -> Result<(), CallError> {
        let asked = self.ask::<serde::de::IgnoredAny>(Method::POST, "/v1/sales", Some(sale));

        timeout(ANSWER_PATIENCE, asked)
            .await
            .map_err(|_| CallError::Silent)?
            .map(|_| ())
    }

    /// Returns the events of a sale from its start to its outcome.
    ///
    /// # Errors
    ///
    /// If the display does not have the sale, or the connection broke.
    pub async fn events(&self, reference: &str) -> Result<SaleEvents, CallError> {
        let path = format!("/v1/sales/{}/events", encoded(reference));
        let response = self.send(Method::GET, &path, String::new()).await?;
        let events = SseStream::new(accepted(response).await?.into_body());

        Ok(Box::pin(events.map(|event| {
            let event = event.map_err(io::Error::other)?;

            Ok(SaleEvent {
                name: event.event.unwrap_or_default(),
                json: event.data.unwrap_or_default(),
            })
        })))
    }

    /// Sends a command to a sale.
    ///
    /// # Errors
    ///
    /// If the display refused it, or the connection broke.
    pub async fn command(&self, reference: &str, command: ControlCommand) -> Result<(), CallError> {
        let path = format!("/v1/sales/{}/commands", encoded(reference));
        let body = body(&SaleCommand {
            command,
            attempt: None,
        })?;
        let response = self.send(Method::POST, &path, body).await?;

        accepted(response).await.map(|_| ())
    }

    /// Ends a sale early.
    ///
    /// # Errors
    ///
    /// If the display does not have the sale, or the connection broke.
    pub async fn leave(&self, reference: &str) -> Result<(), CallError> {
        let path = format!("/v1/sales/{}", encoded(reference));
        let response = self.send(Method::DELETE, &path, String::new()).await?;

        accepted(response).await.map(|_| ())
    }

    /// Settles what earlier sales left open.
    ///
    /// # Errors
    ///
    /// If the display refused it, or the connection broke.
    pub async fn settle(&self, order: &SettleOrder) -> Result<SettleAnswer, CallError> {
        self.ask(Method::POST, "/v1/settle", Some(order)).await
    }

    /// Whether the program at the display's address knows its token.
    async fn is_known(&self) -> io::Result<bool> {
        let nonce = random_text()?;
        let request = Request::get(format!("/v1/hello?nonce={nonce}"))
            .header(HOST, self.display.address.to_string())
            .body(Full::default())
            .map_err(io::Error::other)?;
        let response = self.exchange(request).await?;
        if response.status() != StatusCode::OK {
            return Ok(false);
        }
        let hello: Hello = match read(response).await {
            Ok(hello) => hello,
            Err(_) => return Ok(false),
        };
        if hello.version != env!("CARGO_PKG_VERSION") {
            tracing::info!(version = hello.version, "the display has another version");
        }

        Ok(is_proof(&self.display.token, &nonce, &hello.proof))
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        value: Option<&impl Serialize>,
    ) -> Result<T, CallError> {
        let body = value.map(body).transpose()?.unwrap_or_default();
        let response = self.send(method, path, body).await?;

        read(accepted(response).await?)
            .await
            .map_err(CallError::Broken)
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: String,
    ) -> Result<Response<Incoming>, CallError> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, self.display.address.to_string())
            .header(AUTHORIZATION, format!("Bearer {}", self.display.token))
            .header(CONTENT_TYPE, "application/json")
            .body(Full::from(body))
            .map_err(|error| CallError::Broken(io::Error::other(error)))?;

        self.exchange(request)
            .await
            .map_err(|error| match error.kind() {
                io::ErrorKind::ConnectionRefused => CallError::Leaving,
                _ => CallError::Broken(error),
            })
    }

    /// Sends a request on a connection of its own.
    async fn exchange(&self, request: Request<Full<Bytes>>) -> io::Result<Response<Incoming>> {
        let stream = TcpStream::connect(self.display.address).await?;
        stream.set_nodelay(true)?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(io::Error::other)?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "the connection to the display broke");
            }
        });

        sender.send_request(request).await.map_err(io::Error::other)
    }
}

/// Reads the display's file. If the display is being replaced by a new version, waits for that version.
async fn placed(data_directory: &Path) -> Option<DisplayFile> {
    loop {
        let display = DisplayFile::read(data_directory)?;
        if !display.is_restarting() {
            return Some(display);
        }
        sleep(RESTART_PAUSE).await;
    }
}

fn body(value: &impl Serialize) -> Result<String, CallError> {
    serde_json::to_string(value).map_err(|error| CallError::Broken(error.into()))
}

/// Returns the answer if it is no error.
async fn accepted(response: Response<Incoming>) -> Result<Response<Incoming>, CallError> {
    if response.status().is_success() {
        return Ok(response);
    }
    let status = response.status();
    match read::<Problem>(response).await {
        Ok(problem) if problem.reason == ProblemReason::Leaving => Err(CallError::Leaving),
        Ok(problem) => Err(CallError::Refused(problem)),
        Err(error) => {
            tracing::warn!(%status, %error, "cannot understand the resident display");

            Err(CallError::Broken(error))
        }
    }
}

async fn read<T: DeserializeOwned>(response: Response<Incoming>) -> io::Result<T> {
    let body = Limited::new(response.into_body(), LONGEST_ANSWER);
    let bytes = body.collect().await.map_err(io::Error::other)?.to_bytes();

    Ok(serde_json::from_slice(&bytes)?)
}
