//! The platform behind TLS and a delay line.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use patron_display::sandbox::Options;
use tokio::runtime::{Builder, Runtime};
use url::Url;

use crate::certificates::{Authority, Leaf};
use crate::creates::Creates;
use crate::line;
use crate::shop::{Home, Platform, Settings};
use crate::tls::{self, SERVER_TIME};

/// The file in a home with the authority's certificate.
const ROOTS: &str = "authority.pem";
/// The host in the codes. Nothing listens there.
const PAY_HOST: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 38787);

/// A network with one round trip, and the platform at its end.
pub(crate) struct Network {
    round_trip: Duration,
    address: SocketAddr,
    authority: Authority,
    pub(crate) creates: Creates,
    pub(crate) platform: Platform,
    _runtime: Runtime,
}

impl Network {
    pub(crate) fn start(round_trip: Duration) -> Self {
        // Codes of a platform that is reached by TLS must have https, too.
        let codes = Url::parse(&format!("https://{PAY_HOST}")).expect("a URL");
        let platform = Platform::start(Options {
            public_url: Some(codes),
            rate_limit: 10_000,
            ..Options::default()
        });
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let authority = Authority::new();
        let creates = Creates::default();
        let server = runtime.block_on(tls::start(
            Leaf::Valid.acceptor(&authority),
            platform.address(),
            creates.clone(),
        ));

        Self {
            round_trip,
            address: line::start(round_trip, server, creates.clone()),
            authority,
            creates,
            platform,
            _runtime: runtime,
        }
    }

    /// The base URL of the platform's API.
    pub(crate) fn base_url(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }

    /// The certificate of the authority that issued the server's certificate, in PEM.
    pub(crate) fn authority(&self) -> String {
        self.authority.pem()
    }

    /// Creates a home whose display uses this network.
    pub(crate) fn home(&self) -> Home {
        let settings = Settings::with(|settings| {
            settings.close_after = "500ms";
            settings.tls_roots = Some(ROOTS);
        });
        let home = Home::new(self.address, PAY_HOST, settings);
        fs::write(home.path().join(ROOTS), self.authority()).expect("a file");

        home
    }

    /// The least time from a launch to the answer to a create: a round trip each for TCP, TLS and the request.
    pub(crate) fn launch_floor(&self) -> Duration {
        3 * self.round_trip + SERVER_TIME
    }

    /// The least time of a create on an open connection.
    pub(crate) fn open_floor(&self) -> Duration {
        self.round_trip + SERVER_TIME
    }

    /// Returns the address in the code of the newest payment request.
    pub(crate) fn latest_url(&self) -> Option<String> {
        let control = self.platform.control();

        control
            .latest()
            .and_then(|id| control.request(&id))
            .map(|request| request.url)
    }

    /// Pays the newest payment request.
    pub(crate) fn pay_latest(&self) {
        let control = self.platform.control();
        let id = control.latest().expect("a request");
        control.pay(&id).expect("a payment");
    }
}
