//! A counter that is launched again and again on one data directory: screen, platform, and till.

use std::cell::Cell;
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use patron_display::sandbox::{Control, Options, Snapshot, Status};
use serde_json::Value;

use crate::gate::{Call, Fate, Gate, Rule};
use crate::launch::{Launch, Till, name};
use crate::ledger::{self, Entry};
use crate::process::{PATIENCE, poll, tested_program};
use crate::scene::Next;
use crate::screen::{Key, Screen};
use crate::shim::{self, Fault};
use crate::shop::{Home, Platform, Settings};
use crate::watchdog::Watchdog;

/// What every sale is about, in minor units.
pub(crate) const AMOUNT: u64 = 1250;

/// What the configuration of a counter says, where tests differ.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    pub(crate) expiry_seconds: u32,
    /// With an account, what a lost create has made can be looked up.
    pub(crate) account: bool,
    pub(crate) merchant_name: &'static str,
    /// Another platform than the counter's own.
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

/// The counter.
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
    /// A counter whose journal has been used before, so that the first commit of a launch is the
    /// first of its sale.
    pub(crate) fn new() -> Self {
        Self::with(Terms::default())
    }

    pub(crate) fn with(terms: Terms) -> Self {
        let counter = Self::without_journal(terms);
        assert_eq!(counter.settles(), 0, "there is nothing to settle");

        counter
    }

    /// A counter that has never sold.
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

    /// Writes the configuration anew.
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

    /// The screen dies, with everything that needs it.
    pub(crate) fn lose_screen(&self) {
        self.screen.xvfb().process().signal("KILL");
    }

    /// Another screen, for when the first one has died.
    pub(crate) fn replace_screen(&mut self) {
        self.screen = Screen::start((800, 480));
    }

    pub(crate) fn gate(&self) -> &Gate {
        &self.gate
    }

    pub(crate) fn platform(&self) -> Control {
        self.platform.control()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// What the till was told, through all launches.
    pub(crate) fn told(&self) -> Vec<Value> {
        self.till.told()
    }

    /// What the journal says.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        ledger::read(&self.data())
    }

    /// The phase of the newest attempt; empty where there is none.
    pub(crate) fn phase(&self) -> String {
        self.entries()
            .pop()
            .map_or_else(String::new, |entry| entry.phase)
    }

    /// Waits until the newest attempt is in this phase: an ending is told as soon as it is known,
    /// and written beside it.
    pub(crate) fn comes_to(&self, phase: &str) {
        let came = poll(PATIENCE, || (self.phase() == phase).then_some(()));
        assert!(came.is_some(), "it stays {}", self.phase());
    }

    /// What stands at the platform under the references of this sale.
    pub(crate) fn requests(&self, sale: &str) -> Vec<Snapshot> {
        let further = format!("{sale}-");
        let mut requests = self.platform().requests();
        requests.retain(|request| {
            let reference = request.till_reference().unwrap_or_default();
            reference == sale || reference.starts_with(&further)
        });

        requests
    }

    /// What the merchant has of a sale for good.
    pub(crate) fn kept(&self, sale: &str) -> u64 {
        let requests = self.requests(sale);

        requests.iter().map(|r| r.captured - r.refunded).sum()
    }

    /// Launches a sale of 12.50 under this reference.
    pub(crate) fn sale(&self, reference: &str, fault: Option<Fault>) -> Launch {
        self.sale_with(&[], reference, fault)
    }

    /// The same with a code that the customer has shown.
    pub(crate) fn sale_with_code(&self, reference: &str, fault: Option<Fault>) -> Launch {
        self.sale_with(&["--barcode", "9990001234567890"], reference, fault)
    }

    fn sale_with(&self, more: &[&str], reference: &str, fault: Option<Fault>) -> Launch {
        let arguments = ["sale", "--amount", "12.50", "--windowed", "800x480"];
        let reference = ["--ref", reference];

        self.launch(&[&arguments[..], more, &reference].concat(), fault)
    }

    /// The same for another amount.
    pub(crate) fn sale_of(&self, amount: &str, reference: &str) -> Launch {
        self.launch(&["sale", "--amount", amount, "--ref", reference], None)
    }

    /// Starts a resident display.
    pub(crate) fn resident(&self) -> Launch {
        self.launch(&["stand", "--windowed", "800x480"], None)
    }

    /// Settles what is open, without a window.
    pub(crate) fn settle(&self) -> Launch {
        self.launch(&["settle"], None)
    }

    fn launch(&self, arguments: &[&str], fault: Option<Fault>) -> Launch {
        let number = self.launches.get() + 1;
        self.launches.set(number);
        let mut command = self
            .home
            .command(&tested_program(), self.screen.xvfb().display());
        command.args(arguments).args(["-v", "--json"]);
        command.args(self.home.options());
        shim::put_under(&mut command, fault);
        let log = self.home.path().join(format!("log-{number}.txt"));
        let launch = Launch::start(command, log, &self.till);
        let mut watchdogs = self.watchdogs.take();
        watchdogs.push(Watchdog::over([
            launch.process(),
            self.screen.xvfb().process(),
        ]));
        self.watchdogs.set(watchdogs);

        launch
    }

    /// What all launches have logged.
    pub(crate) fn logs(&self) -> String {
        let log = |number| {
            let path = self.home.path().join(format!("log-{number}.txt"));
            let text = fs::read_to_string(path).unwrap_or_default();

            format!("--- launch {number}\n{text}")
        };

        (1..=self.launches.get()).map(log).collect()
    }

    /// Lets the next poll be lost, so that none is on its way now and the one after it takes a
    /// moment.
    pub(crate) fn loses_a_poll(&self) {
        self.gate.also(&[Rule::next(Call::Read, Fate::Lost)]);
        assert!(self.gate.has_stopped(Call::Read), "no poll came");
    }

    /// The customer pays what can be paid of a request.
    pub(crate) fn pays(&self, id: &str) {
        if let Err(refusal) = self.platform().pay(id) {
            panic!("{id} cannot be paid: {}", refusal.code());
        }
    }

    /// Somebody gives back what was paid, from another place than this counter.
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

    /// Plays the customer and the cashier until the program ends: what is shown is paid, what has
    /// to be acknowledged is, what nobody knows is left open. Answers with the exit code.
    pub(crate) fn plays_on(&self, launch: &mut Launch) -> i32 {
        self.plays(launch, true)
    }

    /// Waits until what was left is settled, with nobody there. Answers with the exit code.
    pub(crate) fn settles(&self) -> i32 {
        self.plays(&mut self.settle(), false)
    }

    /// Starts what comes after a sale A1 that was killed, and plays it to its end.
    pub(crate) fn plays_next(&self, next: Next) -> i32 {
        match next {
            Next::SameSale => self.plays_on(&mut self.sale("A1", None)),
            Next::OtherSale => self.plays_on(&mut self.sale("B1", None)),
            Next::Settle => self.settles(),
        }
    }

    fn plays(&self, launch: &mut Launch, has_window: bool) -> i32 {
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
                            // Where it is known at once, the window is not there yet, nor is what listens
                            // for the signal.
                            thread::sleep(PAUSE);
                            launch.process().signal("TERM");
                        }
                        ("outcome", _) => return launch.exit_code(),
                        _ => {}
                    }
                }
                None if launch.has_ended() => return launch.exit_code(),
                None if owes_a_key => {}
                // A payment that is on no disk stays on the screen until somebody has seen it.
                None if is_paid && launch.log().contains("could not be written") => {
                    owes_a_key = true;
                }
                None => continue,
            }
            // Again and again: a key that comes before the window has the focus is lost.
            if owes_a_key && has_window {
                self.screen.press(Key::Enter);
            }
        }
    }

    /// Waits until something has happened at the platform.
    pub(crate) fn platform_moves_on(&self, before: &[Snapshot]) {
        let moved = poll(PATIENCE, || {
            (self.platform().requests() != before).then_some(())
        });
        assert!(moved.is_some(), "nothing has reached the platform");
    }

    /// The only request of a sale that can still be paid.
    pub(crate) fn payable(&self, sale: &str) -> Option<Snapshot> {
        let mut requests = self.requests(sale);
        requests.retain(|request| request.status == Status::New);
        assert!(requests.len() < 2, "two requests can be paid");

        requests.pop()
    }
}
