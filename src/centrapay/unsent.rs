//! Why a call could not leave this machine, from what the HTTP and TLS libraries say.

use std::error::Error;
use std::io;

use rustls::{AlertDescription, CertificateError, InvalidMessage};

use crate::payment::{Distrust, Text, Unsent};

/// Why nothing was sent; `None` where something may have been.
pub(super) fn why(error: &reqwest::Error) -> Option<Unsent> {
    if error.is_builder() {
        return Some(Unsent::Other(cleaned(innermost(error))));
    }
    if !error.is_connect() {
        return None;
    }
    if error.is_dns() {
        return Some(Unsent::NoName);
    }

    Some(if let Some(tls) = find::<rustls::Error>(error) {
        of_tls(tls)
    } else if error.is_timeout() {
        Unsent::NoAnswer
    } else {
        of_connection(error)
    })
}

/// The cause behind all others. It says what happened, and never carries a header.
pub(super) fn innermost<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    causes(error).last().unwrap_or(error)
}

fn of_connection(error: &reqwest::Error) -> Unsent {
    match find::<io::Error>(error).map(io::Error::kind) {
        Some(io::ErrorKind::ConnectionRefused) => Unsent::Refused,
        Some(
            io::ErrorKind::TimedOut
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::NetworkDown,
        ) => Unsent::NoAnswer,
        _ => Unsent::Other(cleaned(innermost(error))),
    }
}

fn of_tls(error: &rustls::Error) -> Unsent {
    match error {
        rustls::Error::InvalidCertificate(error) => Unsent::Distrusted(of_certificate(error)),
        rustls::Error::InvalidMessage(
            InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion,
        ) => Unsent::NoTls(Text::clean("it does not speak TLS")),
        rustls::Error::AlertReceived(AlertDescription::ProtocolVersion) => {
            Unsent::NoTls(Text::clean("it speaks only an old TLS"))
        }
        other => Unsent::NoTls(Text::clean(&other.to_string())),
    }
}

fn of_certificate(error: &CertificateError) -> Distrust {
    use CertificateError as E;

    match error {
        E::Expired | E::ExpiredContext { .. } => Distrust::Expired,
        E::NotValidYet | E::NotValidYetContext { .. } => Distrust::NotYetValid,
        E::NotValidForName | E::NotValidForNameContext { .. } => Distrust::OtherName,
        // A bad signature: who is named as the issuer did not sign it.
        E::UnknownIssuer | E::BadSignature => Distrust::UnknownIssuer,
        E::Revoked => Distrust::Revoked,
        // The wrapping says nothing.
        E::Other(inner) => Distrust::Unusable(Text::clean(&inner.to_string())),
        other => Distrust::Unusable(Text::clean(&other.to_string())),
    }
}

/// The first cause of this kind.
fn find<T: Error + 'static>(error: &reqwest::Error) -> Option<&T> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// An error and all that is behind it. What an I/O error was made of is no source of it to the
/// standard library, but here it is what matters.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&cause| {
        let inner = cause
            .downcast_ref::<io::Error>()
            .and_then(|error| error.get_ref());

        match inner {
            Some(inner) => Some(inner as &(dyn Error + 'static)),
            None => cause.source(),
        }
    })
}

fn cleaned(error: &dyn Error) -> Text {
    Text::sentence(&error.to_string())
}
