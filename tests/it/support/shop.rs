//! A shop's files and its platform, for tests of the real program or of the client alone.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use patron_display::centrapay::{Client, ClientError};
use patron_display::config::Config;
use patron_display::config::key::Credential;
use patron_display::domain::money::{Amount, Currency};
use patron_display::domain::order::Particulars;
use patron_display::sale::NewRequest;
use patron_display::sandbox::{Options, Sandbox, Snapshot};
use secrecy::SecretString;
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

pub(crate) const CONFIG_ID: &str = "5ee168e8597be5002af7b454";

/// Returns the configuration of the merchant "cafe" for the platform at this address.
pub(crate) fn configuration(address: SocketAddr) -> String {
    format!(
        "default-merchant = \"cafe\"\n\
         [api]\n\
         base-url = \"http://{address}\"\n\
         pay-hosts = [\"{address}\"]\n\
         api-key-file = \"centrapay.key\"\n\
         [merchants.cafe]\n\
         config-id = \"{CONFIG_ID}\"\n\
         name = \"Café\"\n\
         liveness = \"test\"\n"
    )
}

/// Creates a client of the platform at `base_url`. `api` is lines of `[api]`, with paths relative to `folder`.
pub(crate) fn client(
    base_url: &str,
    api: &str,
    folder: &Path,
    key: &str,
) -> Result<Client, ClientError> {
    let config = client_config(base_url, api, folder);
    let credential = Credential::ApiKey(SecretString::from(key));

    Client::new(&config.api, &credential, config.terminal)
}

pub(crate) fn client_config(base_url: &str, api: &str, folder: &Path) -> Config {
    let text = format!(
        "[api]\nbase-url = \"{base_url}\"\n{api}\n\
         [merchants.cafe]\nconfig-id = \"{CONFIG_ID}\"\nname = \"Café\"\n"
    );

    Config::from_str(&text, &folder.join("config.toml")).unwrap()
}

/// Returns the create of the first attempt of the sale A1 of 12.50.
pub(crate) fn new_request() -> NewRequest {
    NewRequest {
        base_url: String::new(),
        config_id: CONFIG_ID.to_owned(),
        amount: Amount::from_minor(1250, Currency::NZD),
        external_ref: "A1".to_owned(),
        expiry_seconds: 120,
        operator: None,
        particulars: Particulars::default().into(),
        barcode: None,
    }
}

/// Writes the API key to its file, which only the owner may read.
pub(crate) fn write_key(directory: &Path, key: &str) {
    let path = directory.join("centrapay.key");
    fs::write(&path, key).unwrap();
    only_for_owner(&path);
}

#[cfg(unix)]
fn only_for_owner(path: &Path) {
    use std::os::unix::fs::PermissionsExt;

    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

#[cfg(not(unix))]
fn only_for_owner(_path: &Path) {}

/// A shop: its configuration and its platform.
pub(crate) struct Shop {
    directory: TempDir,
    pub(crate) sandbox: Option<Sandbox>,
    runtime: Runtime,
}

impl Shop {
    pub(crate) fn open() -> Self {
        Self::open_at(Options::default())
    }

    /// Opens a shop whose platform accepts only this key.
    pub(crate) fn open_with_key(key: &str) -> Self {
        Self::open_at(Options {
            api_key: Some(key.into()),
            ..Options::default()
        })
    }

    fn open_at(options: Options) -> Self {
        let runtime = Runtime::new().unwrap();
        let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
        let shop = Self {
            directory: tempfile::tempdir().unwrap(),
            sandbox: Some(sandbox),
            runtime,
        };
        write_key(shop.directory.path(), "a-key\n");
        shop.write("config.toml", &shop.configuration());

        shop
    }

    pub(crate) fn configuration(&self) -> String {
        configuration(self.address())
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.sandbox.as_ref().unwrap().address()
    }

    pub(crate) fn requests(&self) -> Vec<Snapshot> {
        self.sandbox.as_ref().unwrap().control().requests()
    }

    pub(crate) fn close_the_platform(&mut self) {
        let gone = self.sandbox.take().unwrap();
        self.runtime.block_on(gone.shutdown());
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn only_for_owner(&self, name: &str) {
        only_for_owner(&self.path(name));
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        program(self.directory.path())
            .arg("--config")
            .arg(self.path("config.toml"))
            .args(arguments)
            .output()
            .unwrap()
    }

    /// Runs a sale that must be refused with this exit code. Returns its error text.
    pub(crate) fn refused(&self, arguments: &[&str], exit_code: i32) -> String {
        let output = self.run(arguments);
        let sentence = sentence(&output);
        assert_eq!(output.status.code(), Some(exit_code), "{sentence}");
        assert!(output.stdout.is_empty(), "nothing but events on stdout");
        assert!(self.requests().is_empty(), "nothing is created");

        sentence
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        if let Some(sandbox) = self.sandbox.take() {
            self.runtime.block_on(sandbox.shutdown());
        }
    }
}

/// The output and the exit code of one run of the program. A run must not panic.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) exit_code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Finished {
    fn from(output: Output) -> Self {
        Self {
            exit_code: output.status.code(),
            stderr: sentence(&output),
            stdout: String::from_utf8(output.stdout).unwrap(),
        }
    }
}

impl Finished {
    pub(crate) fn with(self, exit_code: i32) -> Self {
        assert_eq!(self.exit_code, Some(exit_code), "{self:?}");

        self
    }

    /// Checks the exit code and that standard output is empty. Returns the sentence on standard error.
    pub(crate) fn is_refused_with(&self, exit_code: i32) -> &str {
        assert_eq!(self.exit_code, Some(exit_code), "{self:?}");
        assert!(self.stdout.is_empty(), "{self:?}");
        one_line(&self.stderr);

        &self.stderr
    }

    /// Returns the only line of standard output, as JSON.
    pub(crate) fn event(&self) -> Value {
        assert_eq!(self.stdout.lines().count(), 1, "{self:?}");

        serde_json::from_str(&self.stdout).unwrap()
    }
}

/// Returns the program with an empty environment, so without a screen and a key.
pub(crate) fn program(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_patron-display"));
    command
        .env_clear()
        .env("HOME", home)
        .env("PATRON_DISPLAY_DATA_DIR", home.join("data"));

    command
}

/// Returns the text on standard error, which must not be a panic.
pub(crate) fn sentence(output: &Output) -> String {
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(!said.contains("panicked"), "{said}");

    said
}

pub(crate) fn one_line(said: &str) {
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    assert!(said.starts_with("patron-display: "), "{said}");
}
