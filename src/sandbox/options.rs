//! Options of a sandbox.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use crate::domain::payment::Liveness;

/// Options of a sandbox. The default suits a test: a free port on loopback, any API key, and a patron who
/// pays only when told to.
#[derive(Clone, Debug)]
pub struct Options {
    /// Address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Base of each request's `url`, if phones reach the sandbox under another name. `None`: the address that the
    /// sandbox listens on.
    pub public_url: Option<Url>,
    /// The only accepted key or token. `None`: any that is not empty.
    pub api_key: Option<SecretString>,
    /// How requests are paid.
    pub patron: PatronMode,
    /// Calls per minute for each key. A call over the limit gets 429. Pay pages and `pay` do not count.
    pub rate_limit: u32,
    /// Whether requests claim real money.
    pub liveness: Liveness,
    /// Name of the shop in answers and on the pay page.
    pub merchant_name: String,
    /// Items per page of a lookup by `externalRef`.
    pub page_size: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            public_url: None,
            api_key: None,
            patron: PatronMode::Manual,
            rate_limit: 200,
            liveness: Liveness::Test,
            merchant_name: "Sandbox Café".to_owned(),
            page_size: 20,
        }
    }
}

/// The way in which the sandbox's requests are paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatronMode {
    /// By a person or a test: on the pay page, with the `pay` call, or through [`Control`](super::Control).
    Manual,
    /// Automatically, in full, this long after the first poll. The request must still be new and have no open
    /// condition.
    PaysAfter(Duration),
}

impl Options {
    /// The platform's word for the liveness.
    pub(super) fn liveness_word(&self) -> &'static str {
        match self.liveness {
            Liveness::Test => "test",
            Liveness::Main => "main",
        }
    }

    /// The asset for `currency`, such as `centrapay.nzd.test`.
    pub(super) fn asset_type(&self, currency: &str) -> String {
        let currency = currency.to_ascii_lowercase();

        format!("centrapay.{currency}.{}", self.liveness_word())
    }
}
