//! The client of the platform's API: create, read, void, refund and list, each answered by plain data or
//! by a failure sorted by what may be done about it.
//!
//! It knows no screens and keeps no state of a sale. A create has no idempotency key at the
//! platform, so nothing here ever sends one twice by itself.

mod condition;
mod echo;
mod headers;
mod http;
mod look_up;
mod noticed;
#[cfg(test)]
pub(crate) mod promises;
mod refund;
mod refusal;
mod tls;
mod unsent;
mod wire;

use std::sync::Arc;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Client as HttpClient, IntoUrl, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use thiserror::Error;
use url::Url;

use crate::config::key::Credential;
use crate::config::{Api, Terminal};
use crate::payment::{
    Activity, Failure, PatronCode, PaymentRequest, RequestId, ShortCode, Text, Unsent,
};
use crate::sale::NewRequest;
use http::{Answer, Kind};
use noticed::Noticed;
use wire::PaymentRequestIn;
use wire::activity::{ActivitiesIn, ActivityIn};
use wire::create::{CreateBody, MinorUnitsOut};

pub use http::Greeting;
pub(crate) use noticed::are_apart;
pub use refund::NewRefund;
pub use tls::TlsError;

/// A client for one account at one platform. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    reads: HttpClient,
    writes: HttpClient,
    /// Marked as sensitive, so that no debug output shows them.
    credential: HeaderMap,
    base_url: Url,
    terminal: Arc<Terminal>,
    noticed: Arc<Noticed>,
}

/// Why no client could be made.
#[derive(Debug, Clone, Error)]
pub enum ClientError {
    /// The key has characters that no HTTP header can carry.
    #[error("the key has characters that cannot be sent in an HTTP header")]
    Key,
    /// The root certificates could not be read.
    #[error("{0}")]
    Tls(#[from] TlsError),
    /// The HTTP client could not be set up.
    #[error("the network client could not be set up; check proxy and tls-roots in [api]")]
    Setup(#[source] Arc<reqwest::Error>),
}

impl Client {
    /// A client that speaks to `api` with `credential` and names this terminal in every request.
    ///
    /// # Errors
    ///
    /// When the key cannot be sent, or TLS cannot be set up.
    pub fn new(
        api: &Api,
        credential: &Credential,
        terminal: Terminal,
    ) -> Result<Self, ClientError> {
        Self::without_credential(api, terminal)?.with_credential(credential)
    }

    /// The same without a credential, to look at the way to the platform before there is one.
    ///
    /// # Errors
    ///
    /// When TLS cannot be set up.
    pub fn without_credential(api: &Api, terminal: Terminal) -> Result<Self, ClientError> {
        let tls = tls::config(api)?;
        let client = |kind| {
            http::client(kind, &api.base_url, api.proxy.as_ref(), tls.clone()).map_err(|error| {
                tracing::error!(detail = %error, "the network library says");

                ClientError::Setup(Arc::new(error))
            })
        };

        Ok(Self {
            reads: client(Kind::Read)?,
            writes: client(Kind::Write)?,
            credential: HeaderMap::new(),
            base_url: api.base_url.clone(),
            terminal: Arc::new(terminal),
            noticed: Arc::default(),
        })
    }

    /// The same client with another credential. It shares the connections of this one.
    ///
    /// # Errors
    ///
    /// When the key cannot be sent.
    pub fn with_credential(&self, credential: &Credential) -> Result<Self, ClientError> {
        Ok(Self {
            credential: credential_headers(credential)?,
            ..self.clone()
        })
    }

    /// Creates a payment request.
    ///
    /// # Errors
    ///
    /// [`Failure::Ambiguous`] means that a request may exist all the same.
    pub async fn create(&self, new: &NewRequest) -> Result<PaymentRequest, Failure> {
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
            basket_amount: new.particulars.basket_amount.map(MinorUnitsOut::from),
            partial_allowed: new.particulars.basket_amount.map(|_| true),
            invoice_ref: new.particulars.invoice_ref.as_deref(),
            patron_not_present: new.particulars.patron_not_present,
            barcode: new.barcode.as_ref().map(PatronCode::digits),
        };
        let request = self.write(&[]).json(&body);

        self.payment_request(self.call(request).await?)
    }

    /// Reads a payment request.
    ///
    /// # Errors
    ///
    /// See [`Failure`]; none of them says anything about the request.
    pub async fn read(&self, id: &RequestId) -> Result<PaymentRequest, Failure> {
        let request = self.get(self.url(&[id.as_str()]));

        self.payment_request(self.call(request).await?)
    }

    /// Reads a payment request by its name for people.
    ///
    /// # Errors
    ///
    /// See [`Failure`]; a code with a typing error is refused as `CHECKSUM_FAILED`.
    pub async fn read_by_short_code(&self, code: &ShortCode) -> Result<PaymentRequest, Failure> {
        let request = self.get(self.url(&["short-code", code.as_str()]));

        self.payment_request(self.call(request).await?)
    }

    /// Cancels a payment request; one that was paid is refunded by it.
    ///
    /// # Errors
    ///
    /// [`Failure::Ambiguous`] means that it may have been cancelled or refunded all the same.
    pub async fn void(&self, id: &RequestId) -> Result<Activity, Failure> {
        let request = self
            .write(&[id.as_str(), "void"])
            .json(&serde_json::json!({}));
        let activity: ActivityIn = self.call(request).await?.body;

        Ok(activity.into())
    }

    /// Lists what happened to a payment request.
    ///
    /// # Errors
    ///
    /// See [`Failure`].
    pub async fn activities(&self, id: &RequestId) -> Result<Vec<Activity>, Failure> {
        let request = self.get(self.url(&[id.as_str(), "activities"]));
        let activities: ActivitiesIn = self.call(request).await?.body;

        activities.or_incomplete()
    }

    /// Makes a call that changes nothing, to learn whether the platform takes calls from here: it
    /// reads a request that does not exist. Only that the platform says so in its own terms proves
    /// that it was the platform, and that it knows the key.
    pub async fn greet(&self) -> Greeting {
        const NOBODYS: &str = "0000000000000000000000";
        let mut greeting = http::greet(self.get(self.url(&[NOBODYS])), &self.credential).await;
        match &greeting.answer {
            Err(Failure::Refused(refusal)) if refusal::is_for_want_of_a_request(refusal) => {
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

    /// How many answers have come so far that nobody can read: no JSON, cut off, too long, or
    /// without what a request must have.
    pub fn unreadable_answers(&self) -> u32 {
        self.noticed.unreadable_answers()
    }

    fn get(&self, url: impl IntoUrl) -> RequestBuilder {
        self.reads.get(url).headers(self.credential.clone())
    }

    fn write(&self, below: &[&str]) -> RequestBuilder {
        self.write_to(self.url(below))
    }

    fn write_to(&self, url: impl IntoUrl) -> RequestBuilder {
        self.writes.post(url).headers(self.credential.clone())
    }

    async fn call<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
    ) -> Result<Answer<T>, Failure> {
        http::call(request, &self.credential, &self.noticed).await
    }

    fn payment_request(&self, answer: Answer<PaymentRequestIn>) -> Result<PaymentRequest, Failure> {
        answer.body.answered_at(answer.date).map_err(|why| {
            self.noticed.unreadable();

            Failure::Ambiguous(Text::sentence(&format!("the answer cannot be read: {why}")))
        })
    }

    /// The url below the collection of payment requests.
    fn url(&self, below: &[&str]) -> String {
        let mut url = format!(
            "{}/api/payment-requests",
            self.base_url.as_str().trim_end_matches('/')
        );
        for segment in below {
            url.push('/');
            url.push_str(segment);
        }

        url
    }

    /// The same where what is below may be any text, of the till's or of the platform's.
    fn escaped_url(&self, below: &[&str]) -> Result<Url, Failure> {
        let no_path =
            |()| Failure::NotSent(Unsent::Other(Text::clean("the base url takes no path")));
        // The url would take these away, or what is before them, and lead to something else.
        if below
            .iter()
            .any(|segment| [".", "..", ""].contains(segment))
        {
            let why = "a name that is empty or only dots cannot be looked up";

            return Err(Failure::NotSent(Unsent::Other(Text::clean(why))));
        }
        let mut url = self.base_url.clone();
        url.path_segments_mut()
            .map_err(no_path)?
            .pop_if_empty()
            .extend(["api", "payment-requests"])
            .extend(below);

        Ok(url)
    }
}

/// The headers that authenticate a call, marked so that they never show up in debug output.
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
