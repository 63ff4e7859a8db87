//! A counter with a screen, a platform and a till. All its launches use one data directory.

use std::cell::Cell;
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use patron_display::sandbox::{ApiCall, Control, Options, SandboxStatus, Snapshot};
use serde_json::Value;

use crate::crash::ledger::{self, Entry};
use crate::crash::oracle;
use crate::crash::scene::Next;
use crate::crash::shim::{self, Fault};
use crate::gate::{Fate, Gate, Rule};
use crate::process::{PATIENCE, poll, tested_program, wait_until};
use crate::program::{Program, Till, name};
use crate::screen::{Key, Screen};
use crate::watchdog::Watchdog;
use crate::window::shop::{Home, Platform, Settings};

/// The amount of every sale, in minor units.
pub(crate) const AMOUNT: u64 = 1250;

/// The settings of the configuration that differ between tests.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    pub(crate) expiry_seconds: u32,
    /// Whether the shop has an account. With one, the program can look up a request whose answer was lost.
    pub(crate) account: bool,
    pub(crate) merchant_name: &'static str,
    /// The address of another platform that replaces the counter's own, if any.
    pub(crate) api: Option<SocketAddr>,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            expiry_seconds: 120,
            account: true,
            merchant_name: "Centrapay Café",
            api: None,
        }
    }
}

pub(crate) struct Counter {
    screen: Screen,
    home: Home,
    gate: Gate,
    platform: Platform,
    till: Till,
    launches: Cell<u32>,
    watchdogs: Cell<Vec<Watchdog>>,
}

impl Counter {
    /// Opens a counter whose journal exists already. So the first commit of a launch is the first commit of its
    /// sale.
    pub(crate) fn new() -> Self {
        Self::with(Terms::default())
    }

    pub(crate) fn with(terms: Terms) -> Self {
        let counter = Self::without_journal(terms);
        assert_eq!(counter.settles(), 0, "there is nothing to settle");

        counter
    }

    /// Opens a counter that has never sold.
    pub(crate) fn without_journal(terms: Terms) -> Self {
        let platform = Platform::start(Options::default());
        let gate = Gate::open(platform.address());
        let home = Home::new(gate.address(), platform.address(), Settings::default());
        let counter = Self {
            screen: Screen::start((800, 480)),
            home,
            gate,
            platform,
            till: Till::default(),
            launches: Cell::default(),
            watchdogs: Cell::default(),
        };
        counter.configure(terms);

        counter
    }

    /// Writes the configuration again, with these settings.
    pub(crate) fn configure(&self, terms: Terms) {
        let [_, configuration, ..] = self.home.options();
        let account = if terms.account {
            "account-id = \"C4QnjXvj8At6SMsEN4LRi9\""
        } else {
            ""
        };
        let text = format!(
            r#"[api]
base-url = "http://{api}"
pay-hosts = ["{pay_host}"]
api-key-file = "centrapay.key"

[merchants.cafe]
config-id = "5ee168e8597be5002af7b454"
name = "{name}"
liveness = "test"
expiry-seconds = {expiry_seconds}
{account}

[display]
close-after = "500ms"
leave-after = "500ms"
"#,
            api = terms.api.unwrap_or(self.gate.address()),
            pay_host = terms.api.unwrap_or(self.platform.address()),
            name = terms.merchant_name,
            expiry_seconds = terms.expiry_seconds,
        );
        fs::write(Path::new(&configuration), text).expect("a configuration");
    }

    pub(crate) fn screen(&self) -> &Screen {
        &self.screen
    }

    /// Kills the X server. Every program that needs the screen then ends.
    pub(crate) fn lose_screen(&self) {
        self.screen.xvfb().process().signal("KILL");
    }

    /// Starts another screen after the first one was killed.
    pub(crate) fn replace_screen(&mut self) {
        self.screen = Screen::start((800, 480));
    }

    pub(crate) fn gate(&self) -> &Gate {
        &self.gate
    }

    /// Replaces the rules of the gate.
    pub(crate) fn obey(&self, rules: &[Rule]) {
        self.gate.obey(rules);
    }

    pub(crate) fn platform(&self) -> Control {
        self.platform.control()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.home.data()
    }

    pub(crate) fn told(&self) -> Vec<Value> {
        self.till.told()
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        ledger::read(&self.data())
    }

    /// Returns the phase of the newest attempt, or an empty text if there is no attempt.
    pub(crate) fn phase(&self) -> String {
        self.entries()
            .pop()
            .map_or_else(String::new, |entry| entry.phase)
    }

    /// Waits until the newest attempt is in this phase in the journal. The program announces an ending without
    /// waiting for the journal's record of it.
    pub(crate) fn comes_to(&self, phase: &str) {
        let came = poll(PATIENCE, || (self.phase() == phase).then_some(()));
        assert!(came.is_some(), "it stays {}", self.phase());
    }

    pub(crate) fn requests(&self, sale: &str) -> Vec<Snapshot> {
        let further = format!("{sale}-");
        let mut requests = self.platform().requests();
        requests.retain(|request| {
            let reference = request.till_reference().unwrap_or_default();
            reference == sale || reference.starts_with(&further)
        });

        requests
    }

    /// Returns how much money of a sale the merchant has and did not refund, in minor units.
    pub(crate) fn kept(&self, sale: &str) -> u64 {
        let requests = self.requests(sale);

        requests.iter().map(|r| r.captured - r.refunded).sum()
    }

    /// Launches a sale of 12.50 under this reference.
    pub(crate) fn sale(&self, reference: &str, fault: Option<Fault>) -> Program {
        self.sale_with(&[], reference, fault)
    }

    /// Launches a sale and waits until its code is shown. Also returns the id of its request.
    pub(crate) fn shows(&self, reference: &str) -> (Program, String) {
        let launch = self.sale(reference, None);
        let id = launch.says("shown", "")["id"]
            .as_str()
            .expect("an id")
            .to_owned();

        (launch, id)
    }

    /// Launches a sale with the customer's code.
    pub(crate) fn sale_with_code(&self, reference: &str, fault: Option<Fault>) -> Program {
        self.sale_with(&["--barcode", "9990001234567890"], reference, fault)
    }

    fn sale_with(&self, more: &[&str], reference: &str, fault: Option<Fault>) -> Program {
        let arguments = ["sale", "--amount", "12.50", "--windowed", "800x480"];
        let reference = ["--ref", reference];

        self.launch(&[&arguments[..], more, &reference].concat(), fault)
    }

    pub(crate) fn sale_of(&self, amount: &str, reference: &str) -> Program {
        self.launch(&["sale", "--amount", amount, "--ref", reference], None)
    }

    pub(crate) fn resident(&self) -> Program {
        self.launch(&["stand", "--windowed", "800x480"], None)
    }

    pub(crate) fn settle(&self) -> Program {
        self.launch(&["settle"], None)
    }

    fn launch(&self, arguments: &[&str], fault: Option<Fault>) -> Program {
        let number = self.launches.get() + 1;
        self.launches.set(number);
        let mut command = self
            .home
            .command(&tested_program(), self.screen.xvfb().display());
        command.args(arguments).args(["-v", "--json"]);
        command.args(self.home.options());
        shim::put_under(&mut command, fault);
        let log = self.home.path().join(format!("log-{number}.txt"));
        let launch = Program::start_for(&self.till, command, log);
        let mut watchdogs = self.watchdogs.take();
        watchdogs.push(Watchdog::over([
            launch.process(),
            self.screen.xvfb().process(),
        ]));
        self.watchdogs.set(watchdogs);

        launch
    }

    pub(crate) fn logs(&self) -> String {
        let log = |number| {
            let path = self.home.path().join(format!("log-{number}.txt"));
            let text = fs::read_to_string(path).unwrap_or_default();

            format!("--- launch {number}\n{text}")
        };

        (1..=self.launches.get()).map(log).collect()
    }

    /// Loses the next poll. After that no poll is on its way, and the program sends the next one a moment later.
    pub(crate) fn loses_a_poll(&self) {
        self.gate.also(&[Rule::next(ApiCall::Read, Fate::Lost)]);
        self.gate.stops(ApiCall::Read);
    }

    /// Lets the customer pay what remains of a request.
    pub(crate) fn pays(&self, id: &str) {
        if let Err(refusal) = self.platform().pay(id) {
            panic!("{id} cannot be paid: {}", refusal.code());
        }
    }

    /// Refunds a payment as another user of the platform, not as this counter.
    pub(crate) fn voids(&self, id: &str) {
        let mut stream = TcpStream::connect(self.platform.address()).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a bound");
        write!(
            stream,
            "POST /api/payment-requests/{id}/void HTTP/1.1\r\nHost: platform\r\n\
             X-Api-Key: another\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
        .expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }

    /// Plays the customer and the cashier until the program ends: pays each code, confirms each screen that waits
    /// for it, and leaves unknown sales open. Returns the exit code.
    pub(crate) fn plays_on(&self, launch: &mut Program) -> i32 {
        self.plays(launch, true)
    }

    /// Settles the earlier sales without a person. Returns the exit code.
    pub(crate) fn settles(&self) -> i32 {
        self.plays(&mut self.settle(), false)
    }

    /// Makes a sale with this reference, and checks the exit code and that all sides agree.
    pub(crate) fn sells(&self, reference: &str, code: i32) {
        self.ends(&mut self.sale(reference, None), code);
    }

    /// Launches the sale A1 again, and completes it. The launch must show the code of this request.
    pub(crate) fn shows_again_and_sells(&self, id: &str) {
        let (mut launch, shown) = self.shows("A1");
        assert_eq!(shown, id);
        self.pays(id);
        self.ends(&mut launch, 0);
    }

    /// Plays a launch to its end, and checks the exit code and that all sides agree.
    pub(crate) fn ends(&self, launch: &mut Program, code: i32) {
        assert_eq!(self.plays_on(launch), code);
        oracle::check(self);
    }

    /// Settles the earlier sales, and checks the exit code and that all sides agree.
    pub(crate) fn settles_with(&self, code: i32) {
        assert_eq!(self.settles(), code);
        oracle::check(self);
    }

    /// Starts the launch that follows the killed sale A1, and plays it to its end. Returns the exit code.
    pub(crate) fn plays_next(&self, next: Next) -> i32 {
        match next {
            Next::SameSale => self.plays_on(&mut self.sale("A1", None)),
            Next::OtherSale => self.plays_on(&mut self.sale("B1", None)),
            Next::Settle => self.settles(),
        }
    }

    fn plays(&self, launch: &mut Program, has_window: bool) -> i32 {
        const PAUSE: Duration = Duration::from_millis(400);
        let start = Instant::now();
        let mut owes_a_key = false;
        let mut is_paid = false;
        loop {
            assert!(start.elapsed() < 2 * PATIENCE, "no end\n{}", launch.log());
            match launch.next(PAUSE) {
                Some(event) => {
                    owes_a_key = false;
                    match name(&event) {
                        ("shown", _) => self.pays(event["id"].as_str().expect("an id")),
                        ("waiting", "barcode") => {
                            let asked = self.payable("A1").expect("a request");
                            self.pays(&asked.id);
                        }
                        ("earlier", "paid" | "part-paid" | "refund-started") => owes_a_key = true,
                        ("ended", "paid") => is_paid = true,
                        ("earlier" | "ended", "unknown") if has_window => {
                            // The program may announce a known outcome before its window and signal handler exist.
                            thread::sleep(PAUSE);
                            launch.process().signal("TERM");
                        }
                        ("outcome", _) => return launch.code(),
                        _ => {}
                    }
                }
                None if launch.has_ended() => return launch.code(),
                None if owes_a_key => {}
                // A payment whose record failed stays on the screen until the cashier confirms it.
                None if is_paid && launch.log().contains("cannot write a record") => {
                    owes_a_key = true;
                }
                None => continue,
            }
            // Presses the key again and again, because a key is lost before the window has the focus.
            if owes_a_key && has_window {
                self.screen.press(Key::Enter);
            }
        }
    }

    pub(crate) fn platform_moves_on(&self, before: &[Snapshot]) {
        wait_until("nothing has reached the platform", || {
            self.platform().requests() != before
        });
    }

    /// Returns the only request of a sale that can still be paid.
    pub(crate) fn payable(&self, sale: &str) -> Option<Snapshot> {
        let mut requests = self.requests(sale);
        requests.retain(|request| request.status == SandboxStatus::New);
        assert!(requests.len() < 2, "two requests can be paid");

        requests.pop()
    }
}
