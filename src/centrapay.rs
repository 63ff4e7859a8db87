//! Client of the Centrapay API. Each call returns plain data or a [`Failure`], whose variant says what the caller
//! may do.
//!
//! The client has no access to screens and keeps no state of a sale. It never repeats a create, because the
//! platform has no idempotency key for creates.

mod diagnostics;
mod headers;
mod http;
mod look_up;
mod network_error;
#[cfg(test)]
pub(crate) mod properties;
mod redact;
mod refusal;
mod tls;
mod waiting_connection;
mod wire;

use std::sync::Arc;

use reqwest::RequestBuilder;
use reqwest::dns::Resolve;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::json;
use thiserror::Error;
use url::Url;

use crate::config::key::Credential;
use crate::config::{Api, Terminal};
use crate::domain::basket::Basket;
use crate::domain::money::Amount;
use crate::domain::payment::{
    Activity, ConditionId, Decision, Failure, PatronCode, PaymentRequest, Refund, Refunds,
    RequestId, ShortCode, Text, Unsent,
};
use crate::sale::NewRequest;
use diagnostics::Diagnostics;
use http::{ApiAnswer, Clients};
use wire::activity::{ActivityIn, RefundBody};
use wire::{CreateBody, ListIn, PaymentRequestIn};

pub(crate) use diagnostics::clocks_disagree;
pub use http::ConnectionCheck;
pub use tls::TlsError;

/// A client for one account at one platform. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    http: Clients,
    /// The headers that authenticate a call, marked as sensitive so that debug output hides them.
    credential: HeaderMap,
    base_url: Url,
    terminal: Arc<Terminal>,
    diagnostics: Arc<Diagnostics>,
}

/// A refund to send.
#[derive(Debug, Clone, Copy)]
pub struct NewRefund<'a> {
    /// The amount to refund.
    pub amount: Amount,
    /// The refund's reference, unique per refund. It makes the refund idempotent.
    pub external_ref: &'a str,
    /// The invoice number of the refund.
    pub invoice_ref: Option<&'a str>,
    /// The returned items; empty if unknown.
    pub line_items: &'a Basket,
}

/// Error of building a [`Client`].
#[allow(missing_docs, reason = "the message of each variant explains it")]
#[derive(Debug, Clone, Error)]
pub enum ClientError {
    #[error("the key has characters that cannot be sent in an HTTP header")]
    Key,
    #[error("{0}")]
    Tls(#[from] TlsError),
    #[error("cannot set up the network client; check proxy and tls-roots in [api]")]
    Setup(#[source] Arc<reqwest::Error>),
}

impl Client {
    /// Returns a client for `api` that sends `credential` with every call and `terminal` with every create.
    ///
    /// # Errors
    /// If the key does not fit in a header, or TLS cannot be set up.
    pub fn new(
        api: &Api,
        credential: &Credential,
        terminal: Terminal,
    ) -> Result<Self, ClientError> {
        Self::without_credential(api, terminal)?.with_credential(credential)
    }

    /// Returns a client without a credential, to check the connection before a key is configured.
    ///
    /// # Errors
    /// If TLS cannot be set up.
    pub fn without_credential(api: &Api, terminal: Terminal) -> Result<Self, ClientError> {
        Self::build(api, terminal, None)
    }

    /// Returns a client that asks `resolver` for the platform's addresses instead of the system. It is for tests.
    ///
    /// # Errors
    /// If the key does not fit in a header, or TLS cannot be set up.
    pub fn with_resolver(
        api: &Api,
        credential: &Credential,
        terminal: Terminal,
        resolver: &Arc<dyn Resolve>,
    ) -> Result<Self, ClientError> {
        Self::build(api, terminal, Some(resolver))?.with_credential(credential)
    }

    fn build(
        api: &Api,
        terminal: Terminal,
        resolver: Option<&Arc<dyn Resolve>>,
    ) -> Result<Self, ClientError> {
        let tls = tls::config(api)?;
        let http =
            Clients::new(&api.base_url, api.proxy.as_ref(), &tls, resolver).map_err(|error| {
                tracing::error!(detail = %error, "cannot set up the network client");

                ClientError::Setup(Arc::new(error))
            })?;

        Ok(Self {
            http,
            credential: HeaderMap::new(),
            base_url: api.base_url.clone(),
            terminal: Arc::new(terminal),
            diagnostics: Arc::default(),
        })
    }

    /// Returns a client with another credential that shares the connections of this one.
    ///
    /// # Errors
    /// If the key does not fit in a header.
    pub fn with_credential(&self, credential: &Credential) -> Result<Self, ClientError> {
        Ok(Self {
            credential: credential_headers(credential)?,
            ..self.clone()
        })
    }

    /// Returns a client for another sale, which shares the connections and counts its own unreadable answers.
    #[must_use]
    pub fn for_sale(&self) -> Self {
        Self {
            diagnostics: Arc::default(),
            ..self.clone()
        }
    }

    /// Opens a connection for the next call that changes something, unless one waits already. Such a call then needs
    /// one round trip. Sends no request. If no connection can be opened, that call tells why.
    pub async fn open_connection(&self) {
        if let Err(error) = self.http.open(&self.base_url).await {
            tracing::debug!(%error, "no connection waits for the first call");
        }
    }

    /// Keeps one unused connection open for calls that change something, for as long as it is polled.
    pub async fn keep_connection_open(&self) {
        self.http.keep_open(&self.base_url).await;
    }

    /// Creates a payment request.
    ///
    /// # Errors
    /// [`Failure::Ambiguous`] means that the payment request may exist.
    pub async fn create(&self, new: &NewRequest) -> Result<PaymentRequest, Failure> {
        let basket_amount = new.particulars.basket_amount;
        let body = CreateBody {
            config_id: &new.config_id,
            value: new.amount.into(),
            expiry_seconds: new.expiry_seconds,
            external_ref: &new.external_ref,
            terminal_id: self.terminal.terminal_id.as_deref(),
            device_id: self.terminal.device_id.as_deref(),
            operator_id: new.operator.as_deref(),
            conditions_enabled: self.terminal.conditions,
            line_items: &new.particulars.basket,
            basket_amount: basket_amount.map(|amount| amount.minor().to_string()),
            partial_allowed: basket_amount.map(|_| true),
            invoice_ref: new.particulars.invoice_ref.as_deref(),
            patron_not_present: new.particulars.patron_not_present,
            barcode: new.barcode.as_ref().map(PatronCode::digits),
        };
        let request = self.post(self.url(&[])).json(&body);

        self.payment_request(self.call(request).await?)
    }

    /// Reads a payment request.
    ///
    /// # Errors
    /// See [`Failure`]. A failure is no evidence of the request's status.
    pub async fn read(&self, id: &RequestId) -> Result<PaymentRequest, Failure> {
        let request = self.get(self.url(&[id.as_str()]));

        self.payment_request(self.call(request).await?)
    }

    /// Reads a payment request by its short code.
    ///
    /// # Errors
    /// See [`Failure`]. The platform refuses a mistyped code with `CHECKSUM_FAILED`.
    pub async fn read_by_short_code(&self, code: &ShortCode) -> Result<PaymentRequest, Failure> {
        let request = self.get(self.url(&["short-code", code.as_str()]));

        self.payment_request(self.call(request).await?)
    }

    /// Voids a payment request. The platform refunds it if it was paid.
    ///
    /// # Errors
    /// [`Failure::Ambiguous`] means that the request may be cancelled or refunded.
    pub async fn void(&self, id: &RequestId) -> Result<Activity, Failure> {
        let url = self.url(&[id.as_str(), "void"]);
        let request = self.post(url).json(&json!({}));
        let activity: ActivityIn = self.call(request).await?.body;

        Ok(activity.into())
    }

    /// Lists the activities of a payment request.
    ///
    /// # Errors
    /// See [`Failure`]. It is [`Failure::Ambiguous`] if the list shows no refund but may be incomplete.
    pub async fn activities(&self, id: &RequestId) -> Result<Vec<Activity>, Failure> {
        self.list(id).await?.or_incomplete()
    }

    /// Refunds all or part of a payment. Unlike a create, the call may be repeated: with the same reference,
    /// the platform refunds only once.
    ///
    /// # Errors
    /// [`Failure::Ambiguous`] means that the refund may have been carried out.
    pub async fn refund(&self, id: &RequestId, new: NewRefund<'_>) -> Result<Refund, Failure> {
        let url = self.url(&[id.as_str(), "refund"]);
        let request = self.post(url).json(&RefundBody {
            value: new.amount.into(),
            external_ref: new.external_ref,
            invoice_ref: new.invoice_ref,
            line_items: new.line_items,
        });
        let activity: ActivityIn = self.call(request).await?.body;

        activity
            .refund()
            .ok_or_else(|| Failure::Ambiguous(Text::clean("the answer is not about a refund")))
    }

    /// Lists the refunds of a payment request.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn refunds(&self, id: &RequestId) -> Result<Refunds, Failure> {
        Ok(self.list(id).await?.into())
    }

    /// Accepts or declines a payment condition. Declining cancels the request.
    ///
    /// # Errors
    /// See [`Failure`]. After a lost answer, the request's conditions show whether the decision arrived.
    pub async fn answer_condition(
        &self,
        id: &RequestId,
        condition: &ConditionId,
        decision: Decision,
    ) -> Result<Activity, Failure> {
        let condition = condition.address().ok_or_else(|| {
            let why = "the condition has no usable id and cannot be answered; cancel the sale";

            Failure::NotSent(Unsent::Other(Text::sentence(why)))
        })?;
        let url = self.url(&[id.as_str(), "conditions", condition, decision.name()]);
        let request = self.post(url).json(&json!({}));
        let activity: ActivityIn = self.call(request).await?.body;

        Ok(activity.into())
    }

    /// Checks the connection and the key by reading a request that does not exist. Only the platform's own refusal
    /// code proves that the platform answered and knows the key.
    pub async fn check_connection(&self) -> ConnectionCheck {
        const MISSING_ID: &str = "0000000000000000000000";
        let mut greeting = http::greet(self.get(self.url(&[MISSING_ID])), &self.credential).await;
        match &greeting.answer {
            Err(Failure::Refused(refusal)) if refusal::is_request_not_found(refusal) => {
                greeting.answer = Ok(());
            }
            Ok(()) => {
                let why = "it answers about a request that does not exist";
                greeting.answer = Err(Failure::Ambiguous(Text::clean(why)));
            }
            Err(_) => {}
        }

        greeting
    }

    /// Number of unreadable answers up to now: not JSON, cut off, too long, or without a required field.
    pub fn unreadable_answers(&self) -> u32 {
        self.diagnostics.unreadable_answers()
    }

    async fn list(&self, id: &RequestId) -> Result<ListIn<ActivityIn>, Failure> {
        let request = self.get(self.url(&[id.as_str(), "activities"]));

        Ok(self.call(request).await?.body)
    }

    fn get(&self, url: Url) -> RequestBuilder {
        self.http.reads.get(url).headers(self.credential.clone())
    }

    fn post(&self, url: Url) -> RequestBuilder {
        self.http.writes.post(url).headers(self.credential.clone())
    }

    async fn call<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
    ) -> Result<ApiAnswer<T>, Failure> {
        http::call(request, &self.credential, &self.diagnostics).await
    }

    fn payment_request(
        &self,
        answer: ApiAnswer<PaymentRequestIn>,
    ) -> Result<PaymentRequest, Failure> {
        answer.body.answered_at(answer.date).map_err(|why| {
            self.diagnostics.unreadable();

            Failure::Ambiguous(Text::sentence(&format!("the answer cannot be read: {why}")))
        })
    }

    /// Builds the URL of a path below `payment-requests`. No segment may be empty or consist of dots only.
    fn url(&self, below: &[&str]) -> Url {
        let mut url = self.base_url.clone();
        // Every http URL can have a path.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty()
                .extend(["api", "payment-requests"])
                .extend(below);
        }

        url
    }
}

/// The headers that authenticate a call, marked as sensitive so that no debug output shows them.
fn credential_headers(credential: &Credential) -> Result<HeaderMap, ClientError> {
    let mut headers = HeaderMap::new();
    match credential {
        Credential::ApiKey(key) => {
            headers.insert("x-api-key", secret_value(key)?);
        }
        Credential::Authorization { token, account } => {
            // The platform takes the bare token, without "Bearer".
            headers.insert(AUTHORIZATION, secret_value(token)?);
            if let Some(account) = account {
                let account = HeaderValue::from_str(account).map_err(|_| ClientError::Key)?;
                headers.insert("x-centrapay-account", account);
            }
        }
    }

    Ok(headers)
}

fn secret_value(secret: &SecretString) -> Result<HeaderValue, ClientError> {
    let mut value = HeaderValue::from_str(secret.expose_secret()).map_err(|_| ClientError::Key)?;
    value.set_sensitive(true);

    Ok(value)
}
