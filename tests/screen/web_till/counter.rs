//! A counter: a virtual screen, the real resident display, its platform and a till that may call it.

use std::fs::OpenOptions;
use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Output};

use patron_display::sandbox::{ApiCall, Control, Options, Snapshot};
use serde_json::Value;

use crate::process::{PATIENCE, poll, tested_program, wait_until};
use crate::program::Program;
use crate::support::api::Api;
use crate::watchdog::Watchdog;
use crate::window::shop::{Home, Platform, Settings};
use crate::xvfb::Xvfb;

use super::page_server::lasting_address;

/// All that a till can be allowed to do.
pub(crate) const ALL_RIGHTS: &str = "sell,refund,history,settle";

pub(crate) struct Counter {
    /// `None` before the display is started.
    display: Option<(Program, Watchdog)>,
    screen: Xvfb,
    home: Home,
    platform: Platform,
    address: SocketAddr,
    starts: u32,
}

impl Counter {
    /// Opens a counter whose display does not run yet.
    pub(crate) fn closed() -> Self {
        let platform = Platform::start(Options {
            rate_limit: u32::MAX,
            ..Options::default()
        });
        let home = Home::new(
            platform.address(),
            platform.address(),
            Settings::with(|settings| settings.close_after = "1s"),
        );
        let address = lasting_address();
        let configuration = OpenOptions::new()
            .append(true)
            .open(home.path().join("patron-display.toml"));
        writeln!(
            configuration.expect("a configuration"),
            "\n[local-api]\nlisten = \"{address}\""
        )
        .expect("a longer configuration");

        Self {
            display: None,
            screen: Xvfb::start::<&str>((800, 480), &[]),
            home,
            platform,
            address,
            starts: 0,
        }
    }

    /// Opens a counter with a running display.
    pub(crate) fn open() -> Self {
        let mut counter = Self::closed();
        counter.start_display();

        counter
    }

    pub(crate) fn control(&self) -> Control {
        self.platform.control()
    }

    /// The address of the display's local API.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Starts the display, and waits until it listens.
    pub(crate) fn start_display(&mut self) {
        self.starts += 1;
        let mut command = self.command();
        command.arg("-v").arg("stand");
        let log = format!("display-{}.txt", self.starts);
        let program = Program::start(command, self.home.path().join(log));
        let watchdog = Watchdog::over([program.process(), self.screen.process()]);
        let (program, _) = self.display.insert((program, watchdog));
        let listens = poll(PATIENCE, || TcpStream::connect(self.address).ok());
        assert!(listens.is_some(), "no display comes\n{}", program.log());
    }

    /// Kills the display with SIGKILL.
    pub(crate) fn kill_display(&mut self) {
        let (mut program, _watchdog) = self.display.take().expect("a display");
        program.kill();
    }

    pub(crate) fn log(&self) -> String {
        let display = self.display.as_ref();

        display.map_or_else(String::new, |(program, _)| program.log())
    }

    /// Adds a till as staff do. Returns its token.
    pub(crate) fn adds_till(&self, origin: &str, may: &str) -> String {
        let mut command = self.command();
        command.args(["till", "add", "web", "--origin", origin, "--may", may]);
        let output = command.output().expect("the program");
        let told = succeeded(output);

        told.trim().to_owned()
    }

    /// Starts a sale of 12.50 by the program, which hands it over to the display.
    pub(crate) fn sells(&self, reference: &str) -> Program {
        let mut command = self.command();
        command.args(["sale", "--amount", "12.50", "--json", "--ref", reference]);

        Program::start(command, self.home.path().join("sale.txt"))
    }

    /// Calls the display as a program with this token.
    pub(crate) fn api(&self, token: &str) -> Api {
        let address = self.address.to_string();

        Api {
            head: vec![("Host".to_owned(), address.clone())],
            address,
        }
        .with("Authorization", &format!("Bearer {token}"))
    }

    /// Waits until the display shows its idle screen.
    pub(crate) fn until_idle(&self, token: &str) {
        let api = self.api(token);
        wait_until("the display is not idle again", || {
            api.call("GET", "/v1/status", "").body["state"] == "idle"
        });
    }

    /// Returns the document of a sale.
    pub(crate) fn sale(&self, token: &str, reference: &str) -> Value {
        let path = format!("/v1/sales/{reference}");
        let answer = self.api(token).call("GET", &path, "");
        assert_eq!(answer.status, 200, "{answer:?}");

        answer.body
    }

    /// The number of creates that reached the platform.
    pub(crate) fn creates(&self) -> u64 {
        self.control().calls(ApiCall::Create)
    }

    /// Returns the only request of the platform.
    pub(crate) fn only_request(&self) -> Snapshot {
        assert_eq!(self.creates(), 1);
        let requests = self.control().requests();
        assert_eq!(requests.len(), 1, "{requests:?}");

        requests.into_iter().next().expect("a request")
    }

    fn command(&self) -> Command {
        let mut command = self.home.command(&tested_program(), self.screen.display());
        command.args(self.home.options());

        command
    }
}

fn succeeded(output: Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");

    String::from_utf8(output.stdout).expect("UTF-8")
}
