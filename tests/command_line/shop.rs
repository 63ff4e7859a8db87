//! A shop on a machine of its own, and the real program in it.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use patron_display::sandbox::{Options, Sandbox, Snapshot};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// A shop with its configuration, and a platform that tells whether anything was created.
pub(crate) struct Shop {
    directory: TempDir,
    pub(crate) sandbox: Option<Sandbox>,
    runtime: Runtime,
}

impl Shop {
    pub(crate) fn open() -> Self {
        Self::open_at(Options::default())
    }

    /// One whose platform knows only this key.
    pub(crate) fn open_with_key(key: &str) -> Self {
        Self::open_at(Options {
            api_key: Some(key.to_owned()),
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
        shop.write("centrapay.key", "a-key\n");
        shop.only_for_owner("centrapay.key");
        shop.write("config.toml", &shop.configuration());

        shop
    }

    pub(crate) fn configuration(&self) -> String {
        let address = self.address();

        format!(
            "default-merchant = \"cafe\"\n\
             [api]\n\
             base-url = \"http://{address}\"\n\
             pay-hosts = [\"{address}\"]\n\
             api-key-file = \"centrapay.key\"\n\
             [merchants.cafe]\n\
             config-id = \"5ee168e8597be5002af7b454\"\n\
             name = \"Café\"\n\
             liveness = \"test\"\n"
        )
    }

    /// Where the platform listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.sandbox.as_ref().unwrap().address()
    }

    /// What the platform has created.
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

    #[cfg(unix)]
    pub(crate) fn only_for_owner(&self, name: &str) {
        use std::os::unix::fs::PermissionsExt;

        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o600)).unwrap();
    }

    #[cfg(not(unix))]
    pub(crate) fn only_for_owner(&self, _name: &str) {}

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        program(self.directory.path())
            .arg("--config")
            .arg(self.path("config.toml"))
            .args(arguments)
            .output()
            .unwrap()
    }

    /// Runs a sale that must be refused, and answers with its sentence.
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

/// The program in a bare environment: no screen, no key, nobody's home.
pub(crate) fn program(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_patron-display"));
    command
        .env_clear()
        .env("HOME", home)
        .env("PATRON_DISPLAY_DATA_DIR", home.join("data"));

    command
}

/// What was said, which must be one line that begins with the program's name and is no panic.
pub(crate) fn sentence(output: &Output) -> String {
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(!said.contains("panicked"), "{said}");

    said
}

pub(crate) fn one_line(said: &str) {
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    assert!(said.starts_with("patron-display: "), "{said}");
}
