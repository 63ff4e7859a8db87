//! Why a call could not leave this machine, from what the HTTP and TLS libraries say.

use std::error::Error;
use std::io;

use rustls::{AlertDescription, CertificateError, InvalidMessage};

use crate::payment::{Distrust, Text, Unsent};

/// Why nothing was sent; `None` where something may have been.
pub(super) fn why(error: &reqwest::Error) -> Option<Unsent> {
    if error.is_builder() {
        detail(error);

        return Some(Unsent::Other(Text::clean("the call could not be made")));
    }
    if !error.is_connect() {
        return None;
    }
    if error.is_dns() {
        return Some(Unsent::NoName);
    }

    detail(error);

    Some(if let Some(tls) = find::<rustls::Error>(error) {
        of_tls(tls)
    } else if error.is_timeout() {
        Unsent::NoAnswer
    } else {
        of_connection(error)
    })
}

/// What broke a call off after it had begun, in words for a shop.
pub(super) fn broken_off(error: &reqwest::Error) -> &'static str {
    detail(error);
    if let Some(tls) = find::<rustls::Error>(error) {
        return match tls {
            rustls::Error::InvalidCertificate(_) => "the certificate is not believed any more",
            _ => "the encrypted connection broke off",
        };
    }
    if error.is_decode() || error.is_body() {
        return "the answer breaks off";
    }
    match find::<io::Error>(error).map(io::Error::kind) {
        Some(kind) if is_cut_off(kind) => "the connection was cut off",
        _ => "the connection broke off, or what answers does not speak HTTP",
    }
}

/// Whether the connection was closed from outside.
fn is_cut_off(kind: io::ErrorKind) -> bool {
    matches!(
        kind,
        io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof
    )
}

/// Writes into the log what the libraries say. It never carries a header, and no shop could make anything of it.
fn detail(error: &reqwest::Error) {
    tracing::warn!(detail = %innermost(error), "the network library says");
}

/// The cause behind all others. It says what happened, and never carries a header.
fn innermost<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
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
        kind => Unsent::Other(Text::clean(match kind {
            Some(kind) if is_cut_off(kind) => "the connection was cut off",
            Some(io::ErrorKind::PermissionDenied) => "this machine lets no call out",
            Some(io::ErrorKind::AddrNotAvailable) => "this machine has no network",
            _ => "no connection came about",
        })),
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
        rustls::Error::AlertReceived(_) => Unsent::NoTls(Text::clean("the other end refused it")),
        rustls::Error::PeerIncompatible(_) => {
            Unsent::NoTls(Text::clean("it has no encryption that is safe"))
        }
        rustls::Error::NoCertificatesPresented => {
            Unsent::NoTls(Text::clean("it shows no certificate"))
        }
        rustls::Error::InvalidMessage(_)
        | rustls::Error::PeerMisbehaved(_)
        | rustls::Error::InappropriateMessage { .. }
        | rustls::Error::InappropriateHandshakeMessage { .. }
        | rustls::Error::DecryptError => {
            Unsent::NoTls(Text::clean("it does not keep to the rules of TLS"))
        }
        _ => Unsent::NoTls(Text::clean("the log names the cause")),
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
        E::BadEncoding => Distrust::Unusable(Text::clean("it cannot be read")),
        E::InvalidPurpose | E::InvalidPurposeContext { .. } => {
            Distrust::Unusable(Text::clean("it is not meant for servers"))
        }
        E::UnhandledCriticalExtension => {
            Distrust::Unusable(Text::clean("it asks for what is not known here"))
        }
        // What is inside has the names of a library's variants.
        E::Other(inner) if inner.to_string().contains("CaUsedAsEndEntity") => {
            Distrust::Unusable(Text::clean("it is an authority's own, not a server's"))
        }
        _ => Distrust::Unusable(Text::clean("it is of a kind that is not safe")),
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
