use std::fmt;
use std::time::Duration;

use crate::payment::Text;

/// Why a call to the platform brought no usable answer, sorted by what may be done about it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Failure {
    /// It provably never left this machine: no name, no connection or no TLS on a fresh
    /// connection. Sending it again is safe.
    NotSent(Unsent),

    /// It may or may not have taken effect: a time-out, a broken connection, a 5xx, an answer
    /// that cannot be read. Only reading again tells.
    Ambiguous(Text),

    /// The platform asks for patience (HTTP 429). It took no effect.
    Throttled {
        /// How long the platform asked to wait, where it said so (`Retry-After`).
        retry_after: Option<Duration>,
    },

    /// The credential was not accepted (HTTP 401).
    Unauthorised(Refusal),

    /// The platform understood and said no (HTTP 4xx). Sending the same again changes nothing.
    Refused(Refusal),
}

impl Failure {
    /// The platform's refusal, where there was one.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Unauthorised(refusal) | Self::Refused(refusal) => Some(refusal),
            Self::NotSent(_) | Self::Ambiguous(_) | Self::Throttled { .. } => None,
        }
    }

    /// What a refusal means and what to do; `None` for all else, and where the platform has not published that.
    pub fn meaning(&self) -> Option<&'static str> {
        self.refusal().and_then(Refusal::meaning)
    }

    /// The platform's code of a refusal, such as `REQUEST_EXPIRED`; empty where there is none.
    pub fn code(&self) -> &str {
        self.refusal().map_or("", |refusal| refusal.code.as_str())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSent(why) => write!(f, "not sent: {why}"),
            Self::Ambiguous(why) => write!(f, "no usable answer: {why}"),
            Self::Throttled { retry_after: None } => f.write_str("rate limit reached"),
            Self::Throttled {
                retry_after: Some(wait),
            } => write!(f, "rate limit reached, wait {} s", wait.as_secs()),
            Self::Unauthorised(refusal) => write!(f, "key not accepted: {refusal}"),
            Self::Refused(refusal) => write!(f, "refused: {refusal}"),
        }
    }
}

/// Why a call could not leave this machine.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Unsent {
    /// The platform's name was not found.
    NoName,
    /// Nobody listens where the platform should be, or a firewall says no.
    Refused,
    /// No connection in time: the packets get lost.
    NoAnswer,
    /// Who answered is not, or not provably, the platform.
    Distrusted(Distrust),
    /// No encrypted connection came about, for this reason.
    NoTls(Text),
    /// Anything else, in the system's words.
    Other(Text),
}

/// Why a certificate is not believed. There is no way around it: what is not believed could be
/// anybody, and would get the key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Distrust {
    /// It has expired, by the clock of this machine.
    Expired,
    /// It is not valid yet, by the clock of this machine.
    NotYetValid,
    /// It is for another name.
    OtherName,
    /// Nobody that this machine trusts has issued it.
    UnknownIssuer,
    /// It was taken back.
    Revoked,
    /// It is not for servers, badly signed, or cannot be read.
    Unusable(Text),
}

impl fmt::Display for Unsent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoName => f.write_str(
                "the platform's name was not found; check the network cable or the Wi-Fi, and the \
                 name server",
            ),
            Self::Refused => f.write_str(
                "the connection was refused; check base-url, and that no firewall is in the way",
            ),
            Self::NoAnswer => f.write_str(
                "no connection in time; check the network cable, the Wi-Fi and the router",
            ),
            Self::Distrusted(distrust) => distrust.fmt(f),
            Self::NoTls(why) => write!(
                f,
                "no encrypted connection ({why}); what answers may be a login page of this \
                 network: open a browser and see"
            ),
            Self::Other(why) => write!(f, "{why}; check the network"),
        }
    }
}

impl fmt::Display for Distrust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expired => f.write_str(
                "the certificate has expired by this machine's clock; check the date and the time \
                 here, then the network",
            ),
            Self::NotYetValid => f.write_str(
                "the certificate is not valid yet by this machine's clock; set the date and the \
                 time here",
            ),
            Self::OtherName => f.write_str(
                "the certificate is for another name, so somebody else answers; check the network \
                 (a login page?) and base-url",
            ),
            Self::UnknownIssuer => f.write_str(
                "nobody that is trusted here has issued the certificate; something in this network \
                 may answer in the platform's place, or the root certificates are missing: \
                 install ca-certificates, or set tls-roots in [api]",
            ),
            Self::Revoked => f.write_str(
                "the certificate was revoked; do not sell by this network, and ask Centrapay",
            ),
            Self::Unusable(why) => write!(
                f,
                "the certificate cannot be used ({why}); something in this network may answer in the \
                 platform's place: check the network and base-url"
            ),
        }
    }
}

/// A refusal in the platform's own terms.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The platform's code (`message` in its error body), to decide by.
    pub code: Text,
    /// The platform's explanation for people; never to decide by.
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
