//! A shop: a platform on loopback, and a home directory with its configuration.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use patron_display::sandbox::{Control, Options, Sandbox};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

/// The command line of every sale: 12.50 under this reference.
pub(crate) const SALE: [&str; 6] = ["sale", "--amount", "12.50", "--ref", "A1", "--json"];

/// The API key. No other text contains it.
pub(crate) const KEY: &str = "a-key-for-the-sandbox";

/// The platform: a sandbox in this process on a free port.
#[derive(Debug)]
pub(crate) struct Platform {
    sandbox: Sandbox,
    // Must be dropped after the sandbox, because it runs the sandbox's tasks.
    _runtime: Runtime,
}

impl Platform {
    pub(crate) fn start(options: Options) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let sandbox = runtime
            .block_on(Sandbox::start(options))
            .expect("a sandbox on loopback");

        Self {
            sandbox,
            _runtime: runtime,
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.sandbox.address()
    }

    pub(crate) fn control(&self) -> Control {
        self.sandbox.control()
    }
}

/// The settings of the configuration that tests change.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    pub(crate) expiry_seconds: u32,
    pub(crate) close_after: &'static str,
    pub(crate) content: &'static str,
    /// Lines to add to `[display]`.
    pub(crate) display: &'static str,
    /// The file in the home with the authority's certificate, if the platform is reached by TLS as `localhost`.
    pub(crate) tls_roots: Option<&'static str>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            expiry_seconds: 120,
            close_after: "3s",
            content: "payment-url",
            display: "",
            tls_roots: None,
        }
    }
}

impl Settings {
    /// Returns the default settings with this change.
    pub(crate) fn with(change: impl FnOnce(&mut Self)) -> Self {
        let mut settings = Self::default();
        change(&mut settings);

        settings
    }
}

/// A home directory only for the program, so that it uses no files of the real user.
#[derive(Debug)]
pub(crate) struct Home(TempDir);

impl Home {
    /// Creates a home with a configuration: the platform is at `api`, and codes point to `pay_host`.
    pub(crate) fn new(api: SocketAddr, pay_host: SocketAddr, settings: Settings) -> Self {
        let home = Self(tempfile::tempdir().expect("a directory"));
        let Settings {
            expiry_seconds,
            close_after,
            content,
            display,
            tls_roots,
        } = settings;
        let api = match tls_roots {
            None => format!("base-url = \"http://{api}\""),
            Some(file) => {
                let port = api.port();

                format!("base-url = \"https://localhost:{port}\"\ntls-roots = \"{file}\"")
            }
        };
        let configuration = format!(
            r#"[api]
{api}
pay-hosts = ["{pay_host}"]
api-key-file = "centrapay.key"

[merchants.cafe]
config-id = "5ee168e8597be5002af7b454"
name = "Centrapay Café"
liveness = "test"
expiry-seconds = {expiry_seconds}

[terminal]
terminal-id = "COUNTER-1"
device-id = "SN-0042"
conditions = true

[display]
close-after = "{close_after}"
{display}

[qr]
content = "{content}"
"#
        );
        fs::write(home.configuration(), configuration).expect("a configuration");
        let key = home.path().join("centrapay.key");
        fs::write(&key, format!("{KEY}\n")).expect("a key");
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("a private key");

        home
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    fn configuration(&self) -> PathBuf {
        self.path().join("patron-display.toml")
    }

    /// The data directory.
    pub(crate) fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    /// Returns a command for the program `executable` on this X display, with an otherwise empty environment.
    pub(crate) fn command(&self, executable: &Path, display: &str) -> Command {
        let mut command = Command::new(executable);
        command
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .env("DISPLAY", display)
            .env("HOME", self.path())
            .env("XDG_CONFIG_HOME", self.path().join("config"))
            .env("XDG_DATA_HOME", self.path().join("share"))
            .env("XDG_CACHE_HOME", self.path().join("cache"))
            .env("XDG_RUNTIME_DIR", self.path())
            .stdin(Stdio::null());

        command
    }

    /// Returns the options that name this home's configuration and data directory.
    pub(crate) fn options(&self) -> [std::ffi::OsString; 4] {
        [
            "--config".into(),
            self.configuration().into(),
            "--data-dir".into(),
            self.data().into(),
        ]
    }
}
