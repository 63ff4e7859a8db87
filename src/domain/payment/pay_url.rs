use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::Url;

use crate::domain::payment::{RequestId, Text};

/// A host that a QR code may point to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PayHost {
    /// The host in the form of [`Url::host_str`]: lower case, IPv6 in brackets.
    pub host: String,
    /// The port in the form of [`Url::port`]: `None` for the default port of https, even if it was written.
    pub port: Option<u16>,
}

impl fmt::Display for PayHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => write!(f, "{}:{port}", self.host),
            None => f.write_str(&self.host),
        }
    }
}

/// The content of the QR code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum QrContent {
    /// The `url` of the payment request. The platform's current guide asks for this.
    #[default]
    PaymentUrl,
    /// The API endpoint that pays the request. An older edition of the guide asked for this.
    PayEndpoint,
}

/// The URL at which a phone pays a request, in checked parts. A QR code is made only from these parts, never from
/// the platform's text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PayUrl {
    secure: bool,
    host: String,
    port: Option<u16>,
    id: RequestId,
}

/// Why a QR code must not point to a URL.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Error)]
pub enum BadUrl {
    /// The platform sent no URL.
    #[error("there is none")]
    Missing,
    /// The text is no URL, or the URL is written in an unusual form.
    #[error("it is not written plainly")]
    NotPlain,
    /// The scheme is neither https nor, in the sandbox, http.
    #[error("{0} instead of https")]
    Scheme(Text),
    /// The URL has a user name or a password. Such text before the host may look like a host.
    #[error("it carries a user name")]
    UserInfo,
    /// The path is not exactly `/pay/` and an id.
    #[error("its path is not /pay/ and an id")]
    Path,
    /// The id is of another request.
    #[error("it pays another request")]
    Id,
    /// The configuration does not allow the host and port.
    #[error("host {0} is not in pay-hosts")]
    Host(Text),
}

impl PayUrl {
    /// Parses `https://HOST[:PORT]/pay/ID`.
    ///
    /// # Errors
    ///
    /// If the text has another form, or spells the same URL in another way.
    pub fn parse(raw: &str) -> Result<Self, BadUrl> {
        let url = Url::parse(raw).map_err(|_| BadUrl::NotPlain)?;
        let secure = match url.scheme() {
            "https" => true,
            "http" => false,
            other => return Err(BadUrl::Scheme(Text::clean(other))),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadUrl::UserInfo);
        }
        let host = url.host_str().ok_or(BadUrl::NotPlain)?.to_owned();
        if url.query().is_some() || url.fragment().is_some() {
            return Err(BadUrl::Path);
        }
        let id = url
            .path()
            .strip_prefix("/pay/")
            .and_then(RequestId::new)
            .ok_or(BadUrl::Path)?;
        // An empty user name, an upper-case host or an explicit default port may be harmless, but the platform
        // sends none of them.
        if url.as_str() != raw {
            return Err(BadUrl::NotPlain);
        }

        Ok(Self {
            secure,
            host,
            port: url.port(),
            id,
        })
    }

    /// Whether the scheme is https; otherwise it is http.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// Returns the host in lower case. An international host is in ASCII, and IPv6 is in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns the port, if it is not the default port of the scheme.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// Returns the id of the request that this URL pays.
    pub fn id(&self) -> &RequestId {
        &self.id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_url_is_taken_apart() {
        let url = PayUrl::parse("https://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw").unwrap();
        assert!(url.is_secure());
        assert_eq!(url.host(), "app.centrapay.com");
        assert_eq!(url.port(), None);
        assert_eq!(url.id().as_str(), "MhocUmpxxmgdHjr7DgKoKw");
    }

    #[test]
    fn f8_other_urls_are_refused_with_the_reason() {
        use BadUrl::{NotPlain, Path, UserInfo};

        for (raw, why) in [
            ("", NotPlain),
            ("pay/a", NotPlain),
            (
                "javascript:alert(1)",
                BadUrl::Scheme(Text::clean("javascript")),
            ),
            ("upi://pay/a", BadUrl::Scheme(Text::clean("upi"))),
            ("https://app.centrapay.com@evil.example/pay/a", UserInfo),
            ("https://:secret@app.centrapay.com/pay/a", UserInfo),
            ("https://@app.centrapay.com/pay/a", NotPlain),
            ("https://APP.centrapay.com/pay/a", NotPlain),
            ("https://app.centrapay.com:443/pay/a", NotPlain),
            ("https:\\\\app.centrapay.com\\pay\\a", NotPlain),
            (" https://app.centrapay.com/pay/a", NotPlain),
            ("https://app.centrapay.com/pay/\ta", NotPlain),
            ("https://app.centrapay.com/pay/x/../a", NotPlain),
            ("https://app.centrapay.com/pay/a/", Path),
            ("https://app.centrapay.com/pay/a?to=b", Path),
            ("https://app.centrapay.com/pay/a#b", Path),
            ("https://app.centrapay.com/pay/a%2fb", Path),
            ("https://app.centrapay.com/", Path),
            ("https://app.centrapay.com/Pay/a", Path),
        ] {
            assert_eq!(PayUrl::parse(raw), Err(why), "{raw:?}");
        }
    }

    #[test]
    fn f8_look_alike_host_is_refused() {
        // A Cyrillic "а" at the start.
        assert_eq!(
            PayUrl::parse("https://\u{430}pp.centrapay.com/pay/a"),
            Err(BadUrl::NotPlain)
        );
        let ascii = PayUrl::parse("https://xn--pp-6kc.centrapay.com/pay/a").unwrap();
        assert_ne!(ascii.host(), "app.centrapay.com");
    }
}
