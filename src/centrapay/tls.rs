//! TLS set-up: which root certificates the client trusts.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;
use thiserror::Error;

use crate::config::{Api, TlsRoots};
use crate::files::bounded_read;

/// Limit of a file of root certificates, in bytes. A browser's roots take about 250 KiB.
const LARGEST: usize = 4 * 1024 * 1024;

const NOT_PEM: &str = "it is not PEM; a PEM file has lines with BEGIN CERTIFICATE";

/// Error of setting up TLS.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum TlsError {
    /// The system's root certificates cannot be used.
    #[error(
        "the system's root certificates cannot be used; install them (ca-certificates), or \
         write tls-roots = \"bundled\" in [api]"
    )]
    System(#[source] rustls::Error),
    /// The file of `tls-roots` cannot be used.
    #[error(
        "{path}: cannot read the root certificates: {reason}; correct tls-roots in [api]",
        path = .path.display()
    )]
    File {
        /// Path of the file.
        path: PathBuf,
        /// Why the file cannot be used.
        reason: String,
    },
    /// The TLS library cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Setup(rustls::Error),
}

/// Builds the TLS configuration. Certificates are always checked against the configured roots.
///
/// For plain http to a local sandbox no roots are loaded: reading them takes longer than the rest of a start.
pub(super) fn config(api: &Api) -> Result<ClientConfig, TlsError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(TlsError::Setup)?;
    let builder = match &api.tls_roots {
        _ if api.base_url.scheme() != "https" => {
            builder.with_root_certificates(RootCertStore::empty())
        }
        TlsRoots::System => builder.with_platform_verifier().map_err(|error| {
            tracing::warn!(%error, "the system's root certificates cannot be used");

            TlsError::System(error)
        })?,
        TlsRoots::Bundled => builder.with_root_certificates(RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        }),
        TlsRoots::File(path) => builder.with_root_certificates(from_file(path)?),
    };

    Ok(builder.with_no_client_auth())
}

fn from_file(path: &Path) -> Result<RootCertStore, TlsError> {
    let failed = |reason: String| TlsError::File {
        path: path.to_owned(),
        reason,
    };
    let pem = bounded_read::bytes(path, LARGEST).map_err(|error| failed(error.to_string()))?;
    let certificates = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| failed(NOT_PEM.to_owned()))?;
    // Text between certificates may be a comment, but a block of another kind means that something was not read.
    if let Some(line) = unread(&pem) {
        return Err(failed(format!(
            "line {line} begins or ends something that is not a whole certificate; leave only whole certificates in it"
        )));
    }
    let mut roots = RootCertStore::empty();
    for certificate in certificates {
        roots.add(certificate).map_err(|error| {
            tracing::warn!(%error, path = %path.display(), "a root certificate cannot be used");

            failed("a certificate in it cannot be used".to_owned())
        })?;
    }
    if roots.is_empty() {
        return Err(failed("there is no certificate in it".to_owned()));
    }

    Ok(roots)
}

/// Returns the first line, counted from 1, that begins or ends a block other than a whole certificate.
fn unread(pem: &[u8]) -> Option<usize> {
    const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";
    const END: &[u8] = b"-----END CERTIFICATE-----";
    let marks = |line: &[u8]| {
        let has = |mark: &[u8]| line.windows(mark.len()).any(|part| part == mark);

        has(b"--BEGIN") || has(b"--END")
    };
    let mut inside = false;
    for (index, line) in pem.split(|byte| *byte == b'\n').enumerate() {
        if !marks(line) {
            continue;
        }
        if line.trim_ascii_end() != if inside { END } else { BEGIN } {
            return Some(index + 1);
        }
        inside = !inside;
    }

    None
}
