use std::fmt;
use std::time::Duration;

use url::Url;

use crate::config::{Config, PayHost, QrContent};
use crate::payment::{BadUrl, Liveness, PayUrl, PaymentRequest, RequestId, Status, Text};
use crate::sale::{Known, Moment, Order};

/// By so much a request may seem older than the attempt that made it: the platform dates an answer in
/// whole seconds, and not by the clock that dates requests.
const AGE_MARGIN: Duration = Duration::from_secs(30);
/// The longest time after which an abandoned create can still reach the platform.
const LATEST_ARRIVAL: Duration = Duration::from_secs(15 * 60);

/// What every answer is checked against beside the order itself: which hosts a code may point to,
/// and which form it has.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Rules {
    /// The platform's base url.
    pub base_url: Url,
    /// The only hosts a code may point to.
    pub pay_hosts: Vec<PayHost>,
    /// What the code says.
    pub content: QrContent,
}

/// A payment request that fits what was asked for, reduced to what the sale needs of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Accepted {
    /// Its id.
    pub id: RequestId,
    /// Its name for people.
    pub short_code: Option<Text>,
    /// What the code says.
    pub payload: String,
    /// Whether it is test money.
    pub liveness: Option<Liveness>,
    /// When it expires in the platform's words, for the till.
    pub expires_at: Option<Text>,
    /// What the platform said last was said then, by `updatedAt`; an older answer is stale.
    pub updated_at: Option<i64>,
    /// When it was sent.
    pub sent_at: Moment,
    /// When its time is over, by the monotonic clock.
    pub deadline: Moment,
}

impl From<Known> for Accepted {
    /// A request of an earlier launch, as this one begins.
    fn from(known: Known) -> Self {
        Self {
            id: known.id,
            short_code: known.short_code,
            payload: known.payload,
            liveness: None,
            expires_at: None,
            updated_at: None,
            sent_at: Moment::default(),
            deadline: Moment::after_start(known.time_left),
        }
    }
}

impl Accepted {
    /// How long it is payable in all.
    pub fn validity(&self) -> Duration {
        self.deadline.since(self.sent_at)
    }
}

/// In what an answer differs from what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Misfit {
    /// Another request's id.
    Id,
    /// Another amount or currency, or none.
    Value,
    /// Another merchant config.
    Config,
    /// Test money in a live shop, or the reverse.
    Liveness(Liveness),
    /// A url that a code must not point to.
    Url(BadUrl),
    /// A new request is not open.
    Status(Status),
    /// More is still owed than was asked for, or in another currency.
    Remaining,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id => f.write_str("the platform answered for another payment request"),
            Self::Value => f.write_str("the platform answered with another amount"),
            Self::Config => f.write_str("the platform answered for another merchant config"),
            Self::Liveness(Liveness::Test) => {
                f.write_str("the platform answered with test money, the shop is live")
            }
            Self::Liveness(Liveness::Main) => {
                f.write_str("the platform answered with real money, the shop is a test")
            }
            Self::Status(status) => {
                write!(f, "the platform calls a new request {}", status.word())
            }
            Self::Remaining => {
                f.write_str("the platform answered with a remaining amount that cannot be")
            }
            Self::Url(why) => write!(f, "the platform's pay url is not allowed: {why}"),
        }
    }
}

impl From<&Config> for Rules {
    fn from(config: &Config) -> Self {
        Self {
            base_url: config.api.base_url.clone(),
            pay_hosts: config.api.pay_hosts.clone(),
            content: config.qr.content,
        }
    }
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
    ) -> Result<Accepted, Misfit> {
        same_terms(order, request)?;
        if request.value.is_none() {
            return Err(Misfit::Value);
        }
        // The platform's own clock on both ends, so that a wrong clock here changes nothing.
        let validity = request.validity.unwrap_or(Duration::from_secs(u64::from(
            order.merchant.expiry_seconds,
        )));

        Ok(Accepted {
            id: request.id.clone(),
            short_code: request.short_code.clone(),
            payload: self.payload(request).map_err(Misfit::Url)?,
            liveness: request.liveness,
            expires_at: request.expires_at.clone(),
            updated_at: request.updated_at,
            sent_at,
            deadline: sent_at.plus(validity),
        })
    }

    /// What the code of this request says, made from the shop's own list of hosts and from
    /// checked parts.
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

    /// The host of the shop's own list that a url leads to, if the url pays this request; over
    /// plain http only where the platform itself is a rehearsal over it.
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

/// Whether this attempt made a request that was found under its reference. `since`: the time since its create was sent,
/// if that is known. A reference without a token proves nothing: another counter may use it too.
pub(super) fn is_made_by(
    order: &Order,
    attempt: u32,
    since: Option<Duration>,
    request: &PaymentRequest,
) -> bool {
    let ages = request.age.zip(since);
    let is_older = ages.is_some_and(|(age, since)| age > since.saturating_add(AGE_MARGIN));
    let is_too_late = ages.is_some_and(|(age, since)| age.saturating_add(LATEST_ARRIVAL) < since);

    order.token.is_some()
        && !has_other_reference(order, attempt, request)
        && !is_older
        && !is_too_late
        && same_terms(order, request).is_ok()
}

/// Whether an answer to the create of an attempt states another reference: it is about another request. Its dates
/// decide nothing here, since a clock may be wrong.
pub(super) fn has_other_reference(order: &Order, attempt: u32, request: &PaymentRequest) -> bool {
    let external_ref = order.external_ref(attempt);

    request
        .external_ref
        .as_ref()
        .is_some_and(|stated| !stated.is(&external_ref))
}

/// Checks what must hold of every answer about a request of this order. What an answer leaves out
/// contradicts nothing: its terms were checked when the request was made.
///
/// # Errors
///
/// The first difference found.
pub(super) fn same_terms(order: &Order, request: &PaymentRequest) -> Result<(), Misfit> {
    if request.value.is_some_and(|value| value != order.amount) {
        return Err(Misfit::Value);
    }
    if request
        .remaining
        .is_some_and(|remaining| order.amount.checked_sub(remaining).is_none())
    {
        return Err(Misfit::Remaining);
    }
    if let Some(config_id) = &request.config_id
        && !config_id.is(&order.merchant.config_id)
    {
        return Err(Misfit::Config);
    }
    match request.liveness {
        Some(liveness) if liveness != order.merchant.liveness => Err(Misfit::Liveness(liveness)),
        _ => Ok(()),
    }
}
