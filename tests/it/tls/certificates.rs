//! Valid and wrong certificates for a TLS server.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio_rustls::TlsAcceptor;

/// An issuer of certificates.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new() -> Self {
        Self::called("the shop's authority")
    }

    fn called(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);

        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }
}

/// A kind of server certificate. Each but the first is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leaf {
    Valid,
    Expired,
    NotYetValid,
    OtherName,
    OtherIssuer,
    /// Issued by another authority that has the trusted authority's name.
    Impostor,
    SelfSigned,
    ForClients,
    /// A certificate of an authority, not of a server.
    Authority,
}

impl Leaf {
    /// Returns the TLS side of a server with this kind of certificate. `authority` issues it, if the kind allows.
    pub(crate) fn acceptor(self, authority: &Authority) -> TlsAcceptor {
        let name = if self == Self::OtherName {
            "login.example.nz"
        } else {
            "localhost"
        };
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        match self {
            Self::Expired => params.not_after = date_time_ymd(2020, 1, 1),
            Self::Authority => params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained),
            Self::NotYetValid => params.not_before = date_time_ymd(3000, 1, 1),
            _ => {}
        }
        let usage = if self == Self::ForClients {
            ExtendedKeyUsagePurpose::ClientAuth
        } else {
            ExtendedKeyUsagePurpose::ServerAuth
        };
        params.insert_extended_key_usage(usage);
        let key = KeyPair::generate().unwrap();
        let certificate = match self {
            Self::SelfSigned => params.self_signed(&key),
            Self::OtherIssuer => params.signed_by(&key, &Authority::called("somebody").0),
            Self::Impostor => params.signed_by(&key, &Authority::new().0),
            _ => params.signed_by(&key, &authority.0),
        };

        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.unwrap().der().clone()], key)
            .unwrap();

        TlsAcceptor::from(Arc::new(config))
    }
}
