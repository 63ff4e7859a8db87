use std::fmt;

use url::Url;

use crate::payment::{RequestId, Text};

/// Where a phone pays a request, taken apart into checked parts. What the platform wrote does not
/// get past this: a code is made from the parts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PayUrl {
    secure: bool,
    host: String,
    port: Option<u16>,
    id: RequestId,
}

/// Why a url is not one that a code may point to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum BadUrl {
    /// The platform sent none.
    Missing,
    /// It is no url, or not written in the one way it can be written plainly.
    NotPlain,
    /// Neither https nor, for a rehearsal, http: this.
    Scheme(Text),
    /// It carries a user name or a password: what stands before the host may look like one.
    UserInfo,
    /// More than `/pay/` and an id.
    Path,
    /// The id of another request.
    Id,
    /// A host and port that the configuration does not allow.
    Host(Text),
}

impl PayUrl {
    /// Takes apart `https://HOST[:PORT]/pay/ID`.
    ///
    /// # Errors
    ///
    /// When it is anything else, or is the same written in another way.
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
        // An empty user name, an upper-case host or the usual port written out: harmless, perhaps,
        // but nothing that the platform does.
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

    /// Whether it is https; otherwise it is http.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// The host in lower case, an international one in its ASCII form, IPv6 in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, where it is not the scheme's own.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// The request that it pays.
    pub fn id(&self) -> &RequestId {
        &self.id
    }
}

impl fmt::Display for BadUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("there is none"),
            Self::NotPlain => f.write_str("it is not written plainly"),
            Self::Scheme(scheme) => write!(f, "{scheme} instead of https"),
            Self::UserInfo => f.write_str("it carries a user name"),
            Self::Path => f.write_str("its path is not /pay/ and an id"),
            Self::Id => f.write_str("it pays another request"),
            Self::Host(host) => write!(f, "host {host} is not in pay-hosts"),
        }
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
    fn f8_a_url_that_is_not_plainly_a_pay_url_is_refused_with_the_reason() {
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
    fn f8_a_host_in_other_letters_that_look_the_same_is_another_host() {
        // A Cyrillic "а" at the start.
        assert_eq!(
            PayUrl::parse("https://\u{430}pp.centrapay.com/pay/a"),
            Err(BadUrl::NotPlain)
        );
        let ascii = PayUrl::parse("https://xn--pp-6kc.centrapay.com/pay/a").unwrap();
        assert_ne!(ascii.host(), "app.centrapay.com");
    }
}
