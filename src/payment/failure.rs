use std::fmt;
use std::time::Duration;

use crate::payment::Text;

/// Why a call to the platform brought no usable answer, sorted by what may be done about it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Failure {
    /// It provably never left this machine: no name, no connection or no TLS on a fresh
    /// connection. Sending it again is safe.
    NotSent(String),

    /// It may or may not have taken effect: a time-out, a broken connection, a 5xx, an answer
    /// that cannot be read. Only reading again tells.
    Ambiguous(String),

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
