//! Whom the client trusts.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;
use thiserror::Error;

use crate::bounded_read;
use crate::config::{Api, TlsRoots};

/// The largest file of roots that is read, in bytes. All the roots of a browser have some 250 KiB.
const LARGEST: usize = 4 * 1024 * 1024;

const NOT_PEM: &str = "it is not PEM, which has lines that say BEGIN CERTIFICATE";

/// Why there are no roots that a certificate could lead to.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum TlsError {
    /// The system's own could not be read.
    #[error(
        "the system's root certificates cannot be used; install them (ca-certificates), or \
         write tls-roots = \"bundled\" in [api]"
    )]
    System(#[source] rustls::Error),
    /// The file of tls-roots could not be read.
    #[error(
        "{path}: cannot read the root certificates: {reason}; correct tls-roots in [api]",
        path = .path.display()
    )]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// TLS itself could not be set up.
    #[error("TLS cannot be set up: {0}")]
    Setup(rustls::Error),
}

/// The TLS set-up for a platform: certificates are checked against the configured roots, and there
/// is no way to leave the check out.
///
/// A rehearsal over plain http on this machine needs none, and reading some hundred certificates
/// takes longer than all the rest of a start.
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
    // Comments may stand between certificates. Anything else that begins or ends there was not read.
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

/// The first line, counted from 1, that begins or ends something and is neither end of a certificate.
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
