use std::fmt;
use std::time::Duration;

use thiserror::Error;

use crate::domain::payment::Text;

/// A call to the platform without a usable answer. The kinds differ in what to do next.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Error)]
pub enum Failure {
    /// The call provably never left this machine: no name, no connection, or no TLS on a fresh connection. Sending
    /// the call again is safe.
    #[error("not sent: {0}")]
    NotSent(Unsent),
    /// The call may have taken effect: a time-out, a broken connection, a 5xx, or an answer that cannot be read.
    /// Only another read tells.
    #[error("no usable answer: {0}")]
    Ambiguous(Text),
    /// The platform asks to wait (HTTP 429). The call had no effect.
    #[error("rate limit reached{}", .retry_after.map(wait).unwrap_or_default())]
    Throttled {
        /// The time to wait, if the platform named one (`Retry-After`).
        retry_after: Option<Duration>,
    },
    /// The platform did not accept the API key (HTTP 401).
    #[error("key not accepted: {0}")]
    Unauthorised(Refusal),
    /// The platform understood the call and refused it (HTTP 4xx). Sending the same call again changes nothing.
    #[error("refused: {0}")]
    Refused(Refusal),
}

fn wait(time: Duration) -> String {
    format!(", wait {} s", time.as_secs())
}

impl Failure {
    /// Returns the platform's refusal, if there was one.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Unauthorised(refusal) | Self::Refused(refusal) => Some(refusal),
            Self::NotSent(_) | Self::Ambiguous(_) | Self::Throttled { .. } => None,
        }
    }

    /// Returns what a refusal means and what to do. `None` for other failures, and for a code that the platform
    /// has not published.
    pub fn meaning(&self) -> Option<&'static str> {
        self.refusal().and_then(Refusal::meaning)
    }

    /// Returns the platform's code of a refusal, such as `REQUEST_EXPIRED`; empty for other failures.
    pub fn code(&self) -> &str {
        self.refusal().map_or("", |refusal| refusal.code.as_str())
    }
}

/// The reason why a call could not leave this machine.
#[allow(missing_docs, reason = "the message of each variant explains it")]
#[derive(Debug, Clone, PartialEq, Eq, Hash, Error)]
pub enum Unsent {
    #[error(
        "the platform's name was not found; check the network cable or the Wi-Fi, and the name server"
    )]
    NoName,
    /// No server listens at the platform's address, or a firewall refuses.
    #[error("the connection was refused; check base-url, and that no firewall is in the way")]
    Refused,
    /// No packet came back in time.
    #[error("no connection in time; check the network cable, the Wi-Fi and the router")]
    NoAnswer,
    /// The server that answered did not prove to be the platform.
    #[error("{0}")]
    Distrusted(Distrust),
    #[error(
        "no encrypted connection ({0}); what answers may be a login page of this network: open a \
         browser and see"
    )]
    NoTls(Text),
    /// Any other cause, in the system's words.
    #[error("{0}; check the network")]
    Other(Text),
}

/// The reason why a certificate is not trusted. No setting accepts such a certificate: an untrusted server could
/// be anyone, and would get the key.
#[allow(missing_docs, reason = "the message of each variant explains it")]
#[derive(Debug, Clone, PartialEq, Eq, Hash, Error)]
pub enum Distrust {
    #[error(
        "the certificate has expired by this machine's clock; check the date and the time here, \
         then the network"
    )]
    Expired,
    #[error(
        "the certificate is not valid yet by this machine's clock; set the date and the time here"
    )]
    NotYetValid,
    #[error(
        "the certificate is for another name, so somebody else answers; check the network (a login \
         page?) and base-url"
    )]
    OtherName,
    #[error(
        "the certificate's issuer is not trusted here; something in this network may \
         answer in the platform's place, or the root certificates are missing: install \
         ca-certificates, or set tls-roots in [api]"
    )]
    UnknownIssuer,
    #[error("the certificate was revoked; do not sell over this network, and ask Centrapay")]
    Revoked,
    /// The certificate is not for servers, has a wrong signature, or cannot be read.
    #[error(
        "the certificate cannot be used ({0}); something in this network may answer in the \
         platform's place: check the network and base-url"
    )]
    Unusable(Text),
}

/// A refusal in the platform's own terms.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The platform's code (`message` in its error body). Decisions use only this.
    pub code: Text,
    /// The platform's explanation for people. No decision uses it.
    pub reason: Option<Text>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, self.code)?;
        if let Some(reason) = &self.reason {
            write!(f, " ({reason})")?;
        }

        Ok(())
    }
}
