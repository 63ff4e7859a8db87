//! A shop: a platform on loopback, and a home directory with a configuration for it.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use patron_display::sandbox::{Control, Options, Sandbox};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

/// What the till asks for in every sale: 12.50 under this reference.
pub(crate) const SALE: [&str; 6] = ["sale", "--amount", "12.50", "--ref", "A1", "--json"];

/// The key, as nothing else is written.
pub(crate) const KEY: &str = "a-key-for-the-sandbox";

/// The platform, in this process, on a free port.
#[derive(Debug)]
pub(crate) struct Platform {
    sandbox: Sandbox,
    // Ends after the sandbox, whose tasks it runs.
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

/// What a configuration says beside where the platform is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    pub(crate) expiry_seconds: u32,
    pub(crate) close_after: &'static str,
    pub(crate) content: &'static str,
    /// More lines of `[display]`.
    pub(crate) display: &'static str,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            expiry_seconds: 120,
            close_after: "3s",
            content: "payment-url",
            display: "",
        }
    }
}

/// A home directory of its own for the program: nothing of this machine's user gets in.
#[derive(Debug)]
pub(crate) struct Home(TempDir);

impl Home {
    /// Writes the configuration for a platform that is called at `api` and whose codes point to
    /// `pay_host`.
    pub(crate) fn new(api: SocketAddr, pay_host: SocketAddr, settings: Settings) -> Self {
        let home = Self(tempfile::tempdir().expect("a directory"));
        let Settings {
            expiry_seconds,
            close_after,
            content,
            display,
        } = settings;
        let configuration = format!(
            r#"[api]
base-url = "http://{api}"
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

    /// The program `executable` on this display, in an environment with nothing else in it.
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

    /// The options that name this configuration and a data directory in this home.
    pub(crate) fn options(&self) -> [std::ffi::OsString; 4] {
        [
            "--config".into(),
            self.configuration().into(),
            "--data-dir".into(),
            self.path().join("data").into(),
        ]
    }
}
