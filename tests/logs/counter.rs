//! A counter whose last launch left a code on the screen, and the real program that settles it.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Output};
use std::thread;
use std::time::{Duration, Instant};

use iced::Size;
use patron_display::sandbox::{Call, Fault, Sandbox};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::PATIENCE;
use crate::scene::{KEY, Rehearsal};

/// The counter and its platform, which runs beside it.
pub(crate) struct Counter {
    request: String,
    home: TempDir,
    data: TempDir,
    sandbox: Option<Sandbox>,
    runtime: Runtime,
}

/// What came of a launch.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Counter {
    pub(crate) fn with_a_code_left() -> Self {
        let runtime = Runtime::new().unwrap();
        let (request, sandbox, data) = runtime.block_on(async {
            let mut sale = Rehearsal::begin(Size::new(800, 480), "").await;
            sale.until_shown().await;
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
        let address = self.sandbox.as_ref().unwrap().address();

        format!(
            "[api]\nbase-url = \"http://{address}\"\npay-hosts = [\"{address}\"]\n\
             [merchants.cafe]\nconfig-id = \"5ee168e8597be5002af7b454\"\nname = \"Café\"\n\
             liveness = \"test\"\n"
        )
    }

    /// The configuration lacks what it must have.
    pub(crate) fn forget_the_merchant(&self) {
        let text = self.configuration();
        let (api, _) = text.split_once("[merchants").unwrap();
        fs::write(self.path("config.toml"), api).unwrap();
    }

    /// The request whose code was left.
    pub(crate) fn request(&self) -> &str {
        &self.request
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The state directory, which the program has to make.
    pub(crate) fn state(&self) -> PathBuf {
        self.path("state")
    }

    pub(crate) fn settles(&self, options: &[&str]) -> Ended {
        self.runs(&[&["settle"], options].concat())
    }

    /// The same where no file may grow beyond some 4 MB (the shell counts in 512 or in 1024 bytes).
    pub(crate) fn settles_with_little_room(&self) -> Ended {
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

        Self::ended(&mut shell)
    }

    pub(crate) fn settles_with(&self, key: &str, options: &[&str]) -> Ended {
        self.runs_with(key, &[&["settle"], options].concat())
    }

    pub(crate) fn runs(&self, arguments: &[&str]) -> Ended {
        self.runs_with(KEY, arguments)
    }

    /// Runs the real program in a bare environment that has this key.
    fn runs_with(&self, key: &str, arguments: &[&str]) -> Ended {
        Self::ended(&mut self.program(key, arguments))
    }

    fn ended(program: &mut Command) -> Ended {
        let Output {
            status,
            stdout,
            stderr,
        } = program.output().unwrap();

        Ended {
            code: status.code(),
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
        }
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

    /// The real program while it waits for an answer that does not come: it has read the key, and
    /// sent it. Whoever gets it has to end it.
    pub(crate) fn settles_and_is_kept_waiting(&self) -> Child {
        let control = self.sandbox.as_ref().unwrap().control();
        control.script(Call::Read, [Fault::never().forever()]);
        let before = control.calls(Call::Read);
        let waiting = self.program(KEY, &["settle"]).spawn().unwrap();
        let begun = Instant::now();
        while control.calls(Call::Read) == before {
            assert!(begun.elapsed() < PATIENCE, "it has not called");
            thread::sleep(Duration::from_millis(10));
        }

        waiting
    }

    /// The names of the log files, in order.
    pub(crate) fn log_files(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(self.state())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();

        names
    }

    /// Everything that was logged.
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
