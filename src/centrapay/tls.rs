//! Whom the client trusts.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{self, PemObject};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;
use thiserror::Error;

use crate::config::{Api, TlsRoots};

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
    let certificates = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| failed(plain(&error)))?;
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

fn plain(error: &pem::Error) -> String {
    match error {
        pem::Error::Io(error) => error.kind().to_string(),
        _ => "it is not PEM, which has lines that say BEGIN CERTIFICATE".to_owned(),
    }
}
