//! A counter with a screen and a platform, and the real program at it as a till starts it.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use patron_display::sandbox::{Call, Control, Snapshot};
use serde_json::Value;

use crate::process::{self, PATIENCE, Process};
use crate::shop::{self, Shop};
use crate::xvfb::Xvfb;

pub(crate) struct Counter {
    shop: Shop,
    screen: Xvfb,
}

/// A sale that runs. What it tells is read by the test alone.
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

    /// A command line that ends up in the program, in the program's surroundings.
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

    /// Starts a sale of 12.50, with more options and its standard input.
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

    /// The only request, once it was read so often.
    pub(crate) fn read_so_often(&self, times: u64) -> Snapshot {
        let control = self.control();
        let wanted = control.calls(Call::Read) + times;
        let read = || (control.calls(Call::Read) >= wanted).then(|| control.requests());
        let requests = process::poll(PATIENCE, read).expect("it polls on");
        assert_eq!(requests.len(), 1);

        requests.into_iter().next().unwrap()
    }
}

impl Sale {
    pub(crate) fn child(&mut self) -> &mut Child {
        self.process.child()
    }

    /// Writes this to its standard input, all at once and without waiting for it.
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

    /// Makes its standard output as small as a pipe can be, so that little fills it.
    pub(crate) fn narrow(&mut self) {
        let stdout = self.child().stdout.as_ref().expect("a pipe");
        rustix::pipe::fcntl_setpipe_size(stdout, 1).expect("a smaller pipe");
    }

    /// Reads what it tells until it ends, and answers with that and the exit code.
    pub(crate) fn end(mut self) -> (Vec<Value>, Option<i32>) {
        let mut stdout = self.child().stdout.take().expect("a pipe");
        let reader = thread::spawn(move || {
            let mut told = String::new();
            stdout.read_to_string(&mut told).unwrap();

            told
        });
        let exit_code = self.exit_code(PATIENCE);
        let told = reader.join().unwrap();
        let events = told
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();

        (events, exit_code)
    }

    pub(crate) fn exit_code(&mut self, patience: Duration) -> Option<i32> {
        self.process.exit(patience)?.code()
    }
}

/// The names of what was told.
pub(crate) fn names(events: &[Value]) -> Vec<&str> {
    events
        .iter()
        .map(|event| event["event"].as_str().unwrap())
        .collect()
}
