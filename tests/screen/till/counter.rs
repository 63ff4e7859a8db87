//! A counter with a screen and a platform, and the real program as a till starts it.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use patron_display::sandbox::{ApiCall, Control, Snapshot};
use serde_json::Value;

use crate::process::{self, PATIENCE, Process};
use crate::support::shop::{self, Shop};
use crate::xvfb::Xvfb;

pub(crate) struct Counter {
    shop: Shop,
    screen: Xvfb,
}

/// A running sale. Its output is read only when the test asks for it.
pub(crate) struct Sale {
    process: Process,
}

impl Counter {
    pub(crate) fn open() -> Self {
        let shop = Shop::open();
        let configuration = format!("{}[display]\nclose-after = \"1s\"\n", shop.configuration());
        shop.write("config.toml", &configuration);

        Self {
            shop,
            screen: Xvfb::start::<&str>((800, 480), &[]),
        }
    }

    pub(crate) fn control(&self) -> Control {
        self.shop.sandbox.as_ref().unwrap().control()
    }

    /// Returns a command with the environment of the program.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let own = shop::program(self.shop.path("").as_path());
        let built = Path::new(own.get_program()).parent().unwrap().to_owned();
        let mut path = OsString::from(built);
        path.push(":/usr/local/bin:/usr/bin:/bin");
        command.env_clear();
        command.envs(
            own.get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
        command
            .env("PATH", path)
            .env("DISPLAY", self.screen.display())
            .env("PATRON_DISPLAY_STATE_DIR", self.shop.path("state"))
            .env("PATRON_DISPLAY_CONFIG", self.shop.path("config.toml"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());

        command
    }

    /// Starts a sale of 12.50 with these additional options and this standard input.
    pub(crate) fn sell(&self, more: &[&str], stdin: Stdio) -> Sale {
        let mut command = self.command(env!("CARGO_BIN_EXE_patron-display"));
        command
            .args(["sale", "--amount", "12.50", "--json", "--control"])
            .args(more)
            .stdin(stdin);

        Sale {
            process: Process::start(&mut command, "It was built beside this test."),
        }
    }

    /// Waits for this many reads of the only request, and pays it.
    pub(crate) fn pays_after(&self, times: u64) -> Snapshot {
        let request = self.read_so_often(times);
        self.control().pay(&request.id).unwrap();

        request
    }

    /// Waits for this many reads of the only request, and returns it.
    pub(crate) fn read_so_often(&self, times: u64) -> Snapshot {
        let control = self.control();
        let wanted = control.calls(ApiCall::Read) + times;
        let read = || (control.calls(ApiCall::Read) >= wanted).then(|| control.requests());
        let requests = process::poll(PATIENCE, read).expect("it polls on");
        assert_eq!(requests.len(), 1);

        requests.into_iter().next().unwrap()
    }
}

impl Sale {
    pub(crate) fn child(&mut self) -> &mut Child {
        self.process.child()
    }

    /// Writes this text to standard input, and waits until the program has read it.
    pub(crate) fn write(&mut self, text: Vec<u8>) {
        let mut stdin = self.child().stdin.take().expect("a pipe");
        let (give_back, back) = mpsc::channel();
        thread::spawn(move || {
            let written = stdin.write_all(&text);
            let _ = give_back.send(written.map(|()| stdin));
        });
        let stdin = back
            .recv_timeout(PATIENCE)
            .expect("it reads what is written");
        self.child().stdin = stdin.ok();
    }

    /// Makes the pipe of standard output as small as the system allows.
    pub(crate) fn narrow(&mut self) {
        let stdout = self.child().stdout.as_ref().expect("a pipe");
        rustix::pipe::fcntl_setpipe_size(stdout, 1).expect("a smaller pipe");
    }

    /// Reads standard output until the program ends with exit code 0. Returns the events.
    pub(crate) fn ends_well(mut self) -> Vec<Value> {
        let mut stdout = self.child().stdout.take().expect("a pipe");
        let reader = thread::spawn(move || {
            let mut told = String::new();
            stdout.read_to_string(&mut told).unwrap();

            told
        });
        assert_eq!(self.exit_code(PATIENCE), Some(0));
        let told = reader.join().unwrap();

        told.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    pub(crate) fn exit_code(&mut self, patience: Duration) -> Option<i32> {
        self.process.exit(patience)?.code()
    }
}

pub(crate) fn names(events: &[Value]) -> Vec<&str> {
    events
        .iter()
        .map(|event| event["event"].as_str().unwrap())
        .collect()
}
