//! Whom the client trusts.

use std::sync::Arc;

use rustls::{ClientConfig, Error, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;
use url::Url;

/// The TLS set-up for a platform at `base_url`: the certificates that this system trusts.
///
/// A rehearsal over plain http on this machine needs none, and reading some hundred certificates
/// takes longer than all the rest of a start.
pub(super) fn config(base_url: &Url) -> Result<ClientConfig, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let builder = if base_url.scheme() == "https" {
        builder.with_platform_verifier()?
    } else {
        builder.with_root_certificates(RootCertStore::empty())
    };

    Ok(builder.with_no_client_auth())
}
