//! A counter whose last launch left a code unsettled, and the real program that settles it.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use patron_display::sandbox::{ApiCall, Fault, Sandbox};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::logs::PATIENCE;
use crate::support::scene::{KEY, Rehearsal};
use crate::support::shop::{Finished, configuration};

/// The counter and its platform.
pub(crate) struct Counter {
    request: String,
    home: TempDir,
    data: TempDir,
    sandbox: Option<Sandbox>,
    runtime: Runtime,
}

impl Counter {
    pub(crate) fn with_a_code_left() -> Self {
        let runtime = Runtime::new().unwrap();
        let (request, sandbox, data) = runtime.block_on(async {
            let sale = Rehearsal::shown("").await;
            let request = sale.latest();
            let (sandbox, data) = sale.leave();

            (request, sandbox, data)
        });
        let counter = Self {
            request,
            home: tempfile::tempdir().unwrap(),
            data,
            sandbox: Some(sandbox),
            runtime,
        };
        fs::write(counter.path("config.toml"), counter.configuration()).unwrap();

        counter
    }

    fn configuration(&self) -> String {
        let text = configuration(self.sandbox.as_ref().unwrap().address());

        // The program takes the key from the environment.
        text.replace("api-key-file = \"centrapay.key\"\n", "")
    }

    /// Removes the merchant from the configuration.
    pub(crate) fn forget_the_merchant(&self) {
        let text = self.configuration();
        let (api, _) = text.split_once("[merchants").unwrap();
        fs::write(self.path("config.toml"), api).unwrap();
    }

    /// Returns the id of the request whose code was left unsettled.
    pub(crate) fn request(&self) -> &str {
        &self.request
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Returns the path of the state directory, which does not exist until the program creates it.
    pub(crate) fn state(&self) -> PathBuf {
        self.path("state")
    }

    pub(crate) fn settles(&self, options: &[&str]) -> Finished {
        self.runs(&[&["settle"], options].concat())
    }

    /// Runs `settle` with a size limit for each file: 2 or 4 MB, because shells count in 512 or 1024 bytes.
    pub(crate) fn settles_with_little_room(&self) -> Finished {
        let mut shell = Command::new("sh");
        let program = self.program(KEY, &["settle"]);
        shell
            .args(["-c", "ulimit -f 4096; trap '' XFSZ; exec \"$0\" \"$@\""])
            .arg(program.get_program())
            .args(program.get_args())
            .env_clear()
            .envs(
                program
                    .get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            );

        shell.output().unwrap().into()
    }

    pub(crate) fn settles_with(&self, key: &str, options: &[&str]) -> Finished {
        self.runs_with(key, &[&["settle"], options].concat())
    }

    pub(crate) fn runs(&self, arguments: &[&str]) -> Finished {
        self.runs_with(KEY, arguments)
    }

    /// Runs the real program with this key in an otherwise empty environment.
    fn runs_with(&self, key: &str, arguments: &[&str]) -> Finished {
        self.program(key, arguments).output().unwrap().into()
    }

    fn program(&self, key: &str, arguments: &[&str]) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_patron-display"));
        program
            .env_clear()
            .env("HOME", self.home.path())
            .env("CENTRAPAY_API_KEY", key)
            .env("PATRON_DISPLAY_DATA_DIR", self.data.path())
            .env("PATRON_DISPLAY_STATE_DIR", self.state())
            .arg("--config")
            .arg(self.path("config.toml"))
            .args(arguments);

        program
    }

    /// Starts the real program and returns it while it waits for an answer that never comes. The program has
    /// already read and sent the key. The caller must end it.
    pub(crate) fn settles_and_is_kept_waiting(&self) -> Child {
        let control = self.sandbox.as_ref().unwrap().control();
        control.script(ApiCall::Read, [Fault::never().forever()]);
        let before = control.calls(ApiCall::Read);
        let waiting = self.program(KEY, &["settle"]).spawn().unwrap();
        let begun = Instant::now();
        while control.calls(ApiCall::Read) == before {
            assert!(begun.elapsed() < PATIENCE, "it has not called");
            thread::sleep(Duration::from_millis(10));
        }

        waiting
    }

    /// Returns the names of the log files, sorted.
    pub(crate) fn log_files(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(self.state())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();

        names
    }

    /// Returns the text of all log files.
    pub(crate) fn log(&self) -> String {
        self.log_files()
            .iter()
            .map(|name| fs::read_to_string(self.state().join(name)).unwrap())
            .collect()
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        if let Some(sandbox) = self.sandbox.take() {
            self.runtime.block_on(sandbox.shutdown());
        }
    }
}
