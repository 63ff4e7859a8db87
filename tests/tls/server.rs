//! A TLS server on loopback with a certificate of choice. It says 401 to whoever believes it, and
//! keeps what it was told.

use std::sync::{Arc, Mutex};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// Calls that a server takes before it stops listening.
const MOST_CALLS: usize = 16;

/// Who issues certificates.
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

/// The certificate of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leaf {
    Right,
    Expired,
    NotYetValid,
    OtherName,
    OtherIssuer,
    /// Issued by somebody who calls himself the trusted one.
    Impostor,
    SelfSigned,
    ForClients,
    /// An authority, not a server.
    Authority,
}

/// A certificate with its key.
pub(crate) struct Issued {
    certificate: CertificateDer<'static>,
    key: KeyPair,
}

impl Leaf {
    /// Issued by `authority`, unless it is about that.
    pub(crate) fn issued(self, authority: &Authority) -> Issued {
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

        Issued {
            certificate: certificate.unwrap().der().clone(),
            key,
        }
    }
}

/// A server that listens at `localhost`. It ends when it is dropped.
pub(crate) struct Server {
    port: u16,
    received: Arc<Mutex<Vec<u8>>>,
    listening: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(issued: &Issued) -> Self {
        let key = PrivateKeyDer::try_from(issued.key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![issued.certificate.clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let received = Arc::<Mutex<Vec<u8>>>::default();
        let told = Arc::clone(&received);
        let listening = tokio::spawn(async move {
            for _ in 0..MOST_CALLS {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(answer(acceptor.clone(), stream, Arc::clone(&told)));
            }
        });

        Self {
            port,
            received,
            listening,
        }
    }

    pub(crate) fn base_url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// What callers said once they believed the certificate.
    pub(crate) fn received(&self) -> String {
        String::from_utf8_lossy(&self.received.lock().unwrap()).into_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn answer(acceptor: TlsAcceptor, stream: TcpStream, told: Arc<Mutex<Vec<u8>>>) {
    let Ok(mut stream) = acceptor.accept(stream).await else {
        return;
    };
    let mut bytes = [0; 4096];
    if let Ok(length) = stream.read(&mut bytes).await {
        told.lock().unwrap().extend_from_slice(&bytes[..length]);
        let _ = stream
            .write_all(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")
            .await;
        let _ = stream.shutdown().await;
    }
}
