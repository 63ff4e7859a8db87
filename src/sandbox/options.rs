use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde::Serialize;
use url::Url;

/// How a sandbox listens and behaves. The default suits a test: a free port on loopback, any API
/// key, and a patron who pays only when told to.
#[derive(Clone)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Base of each request's `url`, for a sandbox that phones reach under another name than the
    /// one it listens on. `None`: the address it listens on.
    pub public_url: Option<Url>,
    /// The only key (or token) that is accepted. `None`: any that is not empty.
    pub api_key: Option<String>,
    /// Who pays.
    pub patron: Patron,
    /// Calls a minute for each key; the next one answers 429. Pay pages and `pay` do not count.
    pub rate_limit: u32,
    /// Whether requests claim to move real money.
    pub liveness: Liveness,
    /// The shop's name, in answers and on the pay page.
    pub merchant_name: String,
    /// The longest `expirySeconds` that a create may ask for, in seconds.
    pub max_expiry_seconds: u32,
    /// Items on one page of a look-up by `externalRef`.
    pub page_size: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            public_url: None,
            api_key: None,
            patron: Patron::Manual,
            rate_limit: 200,
            liveness: Liveness::Test,
            merchant_name: "Sandbox Café".to_owned(),
            max_expiry_seconds: 24 * 60 * 60,
            page_size: 20,
        }
    }
}

impl fmt::Debug for Options {
    /// Leaves the key out: a shop may rehearse with its real one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("listen", &self.listen)
            .field("public_url", &self.public_url.as_ref().map(Url::as_str))
            .field("patron", &self.patron)
            .field("rate_limit", &self.rate_limit)
            .field("liveness", &self.liveness)
            .field("merchant_name", &self.merchant_name)
            .field("max_expiry_seconds", &self.max_expiry_seconds)
            .field("page_size", &self.page_size)
            .finish_non_exhaustive()
    }
}

/// Who pays the sandbox's requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patron {
    /// Somebody does: on the pay page, by the `pay` call, or through [`Control`](super::Control).
    Manual,
    /// Each request is paid in full this long after its first poll (the GET by its id), if it is
    /// still new then and no condition waits for an answer.
    PaysAfter(Duration),
}

/// Whether a payment request is about real money, in the platform's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Liveness {
    /// Test money.
    Test,
    /// What a live shop's requests say. The sandbox still moves nothing.
    Main,
}

impl Liveness {
    /// The asset that pays in `currency`, such as `centrapay.nzd.test`.
    pub(super) fn asset_type(self, currency: &str) -> String {
        let suffix = match self {
            Self::Test => "test",
            Self::Main => "main",
        };

        format!("centrapay.{}.{suffix}", currency.to_ascii_lowercase())
    }
}
