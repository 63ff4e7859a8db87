//! Origins of web pages.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

const EXAMPLE: &str = "https://till.example";

/// The origin of a web page, as browsers send it in the header `Origin`: scheme, host, and the port if it is not the
/// usual one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebOrigin(String);

impl WebOrigin {
    /// Checks an origin. The result is written as browsers write it.
    ///
    /// # Errors
    ///
    /// If it is more or less than an origin, or it is not encrypted. The error says what to write.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text == "null" {
            return Err(format!(
                "browsers send \"null\" for many pages, such as files, so it names none; serve the page from an address, \
                 such as {EXAMPLE}"
            ));
        }
        if text.contains('*') {
            return Err(format!(
                "each origin must be named, since * would let pages of others use the token; write {EXAMPLE}"
            ));
        }
        let whole = || format!("write the scheme and the host of the page, such as {EXAMPLE}");
        // The parser would also take "https:host" and "https:///host", and remove tabs and line breaks.
        let has_host = text.split_once("://").is_some_and(|(_, rest)| {
            !rest.starts_with(['/', '\\']) && !rest.contains(char::is_whitespace)
        });
        let url = Url::parse(text)
            .ok()
            .filter(|url| has_host && matches!(url.scheme(), "http" | "https"))
            .ok_or_else(whole)?;
        let host = url.host().ok_or_else(whole)?;
        let origin = url.origin().ascii_serialization();
        if has_more(&url, text) {
            return Err(format!(
                "write only scheme, host and port, without a path or anything else: {origin}"
            ));
        }
        if url.scheme() == "http" && !is_this_machine(&host) {
            return Err(
                "http is only for pages of this machine, such as http://localhost:3000, since others in the network can \
                 change any other such page and use its token; serve the page with https"
                    .to_owned(),
            );
        }

        Ok(Self(origin))
    }

    /// Returns the origin as browsers write it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn has_more(url: &Url, text: &str) -> bool {
    !url.username().is_empty()
        || url.password().is_some()
        || text.contains('@')
        || url.path() != "/"
        || url.query().is_some()
        || url.fragment().is_some()
}

fn is_this_machine(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => *address == std::net::Ipv4Addr::LOCALHOST,
        Host::Ipv6(address) => address.is_loopback(),
    }
}

impl fmt::Display for WebOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for WebOrigin {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl From<WebOrigin> for String {
    fn from(origin: WebOrigin) -> Self {
        origin.0
    }
}
