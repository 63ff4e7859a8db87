use std::time::Duration;

use thiserror::Error;
use url::Url;

use crate::domain::order::Order;
use crate::domain::payment::{
    BadUrl, Liveness, PayHost, PayUrl, PaymentRequest, QrContent, RequestId, Status, Text,
};
use crate::sale::Moment;

/// Rules for every answer, whatever the order: the hosts that a code may point to, and the form of the code.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Rules {
    /// The platform's base url.
    pub base_url: Url,
    /// The only hosts a code may point to.
    pub pay_hosts: Vec<PayHost>,
    /// The form of the code.
    pub content: QrContent,
}

/// The data that the sale needs of a payment request that fits the order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Accepted {
    /// The request's id.
    pub id: RequestId,
    /// The request's name for people.
    pub short_code: Option<Text>,
    /// The text of the QR code.
    pub payload: String,
    /// Whether the request takes real or test money.
    pub liveness: Option<Liveness>,
    /// The time of expiry in the platform's words, for the till.
    pub expires_at: Option<Text>,
    /// The latest `updatedAt` of an answer. An older answer is stale.
    pub updated_at: Option<i64>,
    /// The time when the create was sent.
    pub sent_at: Moment,
    /// The time when the request expires, by the monotonic clock.
    pub deadline: Moment,
}

impl Accepted {
    /// Returns the time from the create to the deadline.
    pub fn validity(&self) -> Duration {
        self.deadline.since(self.sent_at)
    }
}

/// A difference between an answer and the order.
#[allow(missing_docs, reason = "the message of each variant explains it")]
#[derive(Debug, Clone, PartialEq, Eq, Hash, Error)]
pub enum Mismatch {
    #[error("the platform answered for another payment request")]
    Id,
    /// The amount or the currency is another one, or missing.
    #[error("the platform answered with another amount")]
    Value,
    #[error("the platform answered for another merchant config")]
    Config,
    #[error("the platform answered with {}", match .0 {
        Liveness::Test => "test money, the shop is live",
        Liveness::Main => "real money, the shop is a test",
    })]
    Liveness(Liveness),
    #[error("the platform's pay url is not allowed: {0}")]
    Url(BadUrl),
    /// A new request is not open.
    #[error("the platform calls a new request {}", .0.word())]
    Status(Status),
    /// The remaining amount is more than the order's amount, or in another currency.
    #[error("the platform answered with an impossible remaining amount")]
    Remaining,
}

impl Rules {
    /// Checks a new request against its order. `sent_at` is when the create was sent.
    ///
    /// # Errors
    ///
    /// The first difference found. A code of such a request must never be shown.
    pub fn fit(
        &self,
        order: &Order,
        request: &PaymentRequest,
        sent_at: Moment,
    ) -> Result<Accepted, Mismatch> {
        same_terms(order, request)?;
        if request.value.is_none() {
            return Err(Mismatch::Value);
        }
        // Both dates are by the platform's clock, so a wrong clock here changes nothing.
        let validity = request.validity.unwrap_or(Duration::from_secs(u64::from(
            order.merchant.expiry_seconds,
        )));

        Ok(Accepted {
            id: request.id.clone(),
            short_code: request.short_code.clone(),
            payload: self.payload(request).map_err(Mismatch::Url)?,
            liveness: request.liveness,
            expires_at: request.expires_at.clone(),
            updated_at: request.updated_at,
            sent_at,
            deadline: sent_at.plus(validity),
        })
    }

    /// Returns the text of the code, made of a host from the shop's own list and of checked parts.
    fn payload(&self, request: &PaymentRequest) -> Result<String, BadUrl> {
        match self.content {
            QrContent::PaymentUrl => {
                let url = request.url.as_ref().map_err(Clone::clone)?;
                let pay_host = self.pay_host(url, &request.id)?;
                let scheme = if url.is_secure() { "https" } else { "http" };
                let port = url.port().map(|port| format!(":{port}"));

                Ok(format!(
                    "{scheme}://{}{}/pay/{}",
                    pay_host.host,
                    port.unwrap_or_default(),
                    request.id
                ))
            }
            QrContent::PayEndpoint => Ok(format!(
                "{}/api/payment-requests/{}/pay",
                self.base_url.as_str().trim_end_matches('/'),
                request.id,
            )),
        }
    }

    /// Returns the host in the shop's own list that the URL points to, if the URL pays this request. Plain http is
    /// allowed only if the platform itself is a sandbox over http.
    fn pay_host(&self, url: &PayUrl, id: &RequestId) -> Result<&PayHost, BadUrl> {
        let rehearsal = self.base_url.scheme() == "http";
        if !url.is_secure() && !rehearsal {
            return Err(BadUrl::Scheme(Text::clean("http")));
        }
        if url.id() != id {
            return Err(BadUrl::Id);
        }
        let allowed = |pay_host: &&PayHost| {
            pay_host.host == url.host()
                && (pay_host.port == url.port() || (pay_host.port.is_none() && rehearsal))
        };

        self.pay_hosts.iter().find(allowed).ok_or_else(|| {
            let port = url.port().map(|port| format!(":{port}"));

            BadUrl::Host(Text::sentence(&format!(
                "{}{}",
                url.host(),
                port.unwrap_or_default()
            )))
        })
    }
}

/// Checks what must hold for every answer about a request of this order. A field that the answer leaves out is no
/// difference: it was checked when the request was created.
///
/// # Errors
///
/// The first difference found.
pub(crate) fn same_terms(order: &Order, request: &PaymentRequest) -> Result<(), Mismatch> {
    if request.value.is_some_and(|value| value != order.amount) {
        return Err(Mismatch::Value);
    }
    if request
        .remaining
        .is_some_and(|remaining| order.amount.checked_sub(remaining).is_none())
    {
        return Err(Mismatch::Remaining);
    }
    if let Some(config_id) = &request.config_id
        && !config_id.is(&order.merchant.config_id)
    {
        return Err(Mismatch::Config);
    }
    match request.liveness {
        Some(liveness) if liveness != order.merchant.liveness => Err(Mismatch::Liveness(liveness)),
        _ => Ok(()),
    }
}
