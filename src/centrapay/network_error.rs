//! Classifies network errors: whether a call left this machine, and what failed.

use std::error::Error;
use std::io;

use rustls::{AlertDescription, CertificateError, InvalidMessage};

use super::waiting_connection::Opened;
use crate::domain::payment::{Distrust, Text, Unsent};

/// Whether the call only opened the waiting connection, as it was meant to.
pub(super) fn is_open(error: &reqwest::Error) -> bool {
    find::<Opened>(error).is_some()
}

/// Returns why nothing was sent; `None` if something may have been sent.
pub(super) fn not_sent(error: &reqwest::Error) -> Option<Unsent> {
    if error.is_builder() {
        detail(error);

        return Some(Unsent::Other(Text::clean("the call could not be built")));
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

/// Names the cause that interrupted a call after it was sent.
pub(super) fn interruption(error: &reqwest::Error) -> &'static str {
    detail(error);
    if let Some(tls) = find::<rustls::Error>(error) {
        return match tls {
            rustls::Error::InvalidCertificate(_) => "the certificate is no longer trusted",
            _ => "the encrypted connection broke off",
        };
    }
    if error.is_decode() || error.is_body() {
        return "the answer breaks off";
    }
    match find::<io::Error>(error).map(io::Error::kind) {
        Some(kind) if is_cut_off(kind) => "the connection was cut off",
        _ => "the connection broke off, or the answer is not HTTP",
    }
}

fn is_cut_off(kind: io::ErrorKind) -> bool {
    matches!(
        kind,
        io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof
    )
}

/// Logs the innermost cause for a technician. The cause never contains a header.
fn detail(error: &reqwest::Error) {
    let innermost = causes(error).last().unwrap_or(error);
    tracing::warn!(detail = %innermost, "network error");
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
            Some(io::ErrorKind::PermissionDenied) => "this machine blocks outgoing calls",
            Some(io::ErrorKind::AddrNotAvailable) => "this machine has no network",
            _ => "no connection was made",
        })),
    }
}

fn of_tls(error: &rustls::Error) -> Unsent {
    use rustls::Error as E;

    Unsent::NoTls(Text::clean(match error {
        E::InvalidCertificate(error) => return Unsent::Distrusted(of_certificate(error)),
        E::InvalidMessage(
            InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion,
        ) => "it does not speak TLS",
        E::AlertReceived(AlertDescription::ProtocolVersion) => "it speaks only an old TLS",
        E::AlertReceived(_) => "the other end refused it",
        E::PeerIncompatible(_) => "it offers no safe encryption",
        E::NoCertificatesPresented => "it shows no certificate",
        E::InvalidMessage(_)
        | E::PeerMisbehaved(_)
        | E::InappropriateMessage { .. }
        | E::InappropriateHandshakeMessage { .. }
        | E::DecryptError => "it breaks the rules of TLS",
        _ => "the log names the cause",
    }))
}

fn of_certificate(error: &CertificateError) -> Distrust {
    use CertificateError as E;

    Distrust::Unusable(Text::clean(match error {
        E::Expired | E::ExpiredContext { .. } => return Distrust::Expired,
        E::NotValidYet | E::NotValidYetContext { .. } => return Distrust::NotYetValid,
        E::NotValidForName | E::NotValidForNameContext { .. } => return Distrust::OtherName,
        // A bad signature: the named issuer did not sign the certificate.
        E::UnknownIssuer | E::BadSignature => return Distrust::UnknownIssuer,
        E::Revoked => return Distrust::Revoked,
        E::BadEncoding => "it cannot be read",
        E::InvalidPurpose | E::InvalidPurposeContext { .. } => "it is not meant for servers",
        E::UnhandledCriticalExtension => "it needs an unsupported extension",
        // Only the variant's name in the error's text identifies this error.
        E::Other(inner) if inner.to_string().contains("CaUsedAsEndEntity") => {
            "it is an authority's, not a server's"
        }
        _ => "it is not safe enough",
    }))
}

fn find<T: Error + 'static>(error: &reqwest::Error) -> Option<&T> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// Lists an error and its causes, including the inner error of an I/O error. The standard library's `source`
/// leaves that inner error out.
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
