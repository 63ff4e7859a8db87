//! A counter with a screen, the program and the platform.

use std::cell::RefCell;
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;

use image::RgbImage;
use patron_display::sandbox::{CancelReason, Control, Options, SandboxStatus, Snapshot};
use serde_json::{Value, json};
use url::Url;

use crate::gate::Gate;
use crate::process::{PATIENCE, poll, tested_program, wait_until};
use crate::program::Program;
use crate::screen::{Key, Screen};
use crate::watchdog::Watchdog;
use crate::window::picture::{self, Ground};
use crate::window::shop::{Home, Platform, SALE, Settings};

const LARGE: (u32, u32) = (1920, 1080);

/// The share of the screen that a background must have at least.
const MOST: f64 = 0.4;

/// A counter during a sale.
pub(crate) struct Scene {
    name: String,
    _watchdog: Watchdog,
    program: Program,
    screen: Screen,
    home: Home,
    gate: Gate,
    platform: Platform,
    /// The last picture of the screen. A failed test saves it.
    seen: RefCell<Option<RgbImage>>,
}

impl Scene {
    /// Starts a sale of 12.50 under the reference A1 on a screen of 1920x1080.
    pub(crate) fn sale() -> Self {
        Self::sale_with(LARGE, Settings::default())
    }

    /// Starts the sale on a screen of this size with these settings.
    pub(crate) fn sale_with(size: (u32, u32), settings: Settings) -> Self {
        Self::sale_on(Screen::start(size), settings)
    }

    pub(crate) fn sale_on(screen: Screen, settings: Settings) -> Self {
        Self::start(screen, settings, Stdio::null(), |home| {
            SALE.map(Into::into)
                .into_iter()
                .chain(home.options())
                .collect()
        })
    }

    pub(crate) fn sale_told(more: &[&str]) -> Self {
        let screen = Screen::start(LARGE);
        Self::start(screen, Settings::default(), Stdio::null(), |home| {
            let told = SALE.iter().chain(more).map(Into::into);

            told.chain(home.options()).collect()
        })
    }

    /// Starts the program with these arguments and the options for the home directory.
    pub(crate) fn of(screen: Screen, arguments: &[&str]) -> Self {
        Self::start(screen, Settings::default(), Stdio::null(), |home| {
            let arguments = arguments.iter().map(Into::into);

            arguments.chain(home.options()).collect()
        })
    }

    /// Starts a sale whose till can write to standard input.
    pub(crate) fn controlled() -> Self {
        let screen = Screen::start(LARGE);
        Self::start(screen, Settings::default(), Stdio::piped(), |home| {
            SALE.map(Into::into)
                .into_iter()
                .chain(["--control".into()])
                .chain(home.options())
                .collect()
        })
    }

    /// Starts the demo, which has its own platform.
    pub(crate) fn demo(arguments: &[&str]) -> Self {
        let screen = Screen::start(LARGE);
        Self::start(screen, Settings::default(), Stdio::null(), |_| {
            arguments.iter().map(Into::into).collect()
        })
    }

    fn start(
        screen: Screen,
        settings: Settings,
        stdin: Stdio,
        arguments: impl FnOnce(&Home) -> Vec<std::ffi::OsString>,
    ) -> Self {
        let platform = Platform::start(Options::default());
        let gate = Gate::open(platform.address());
        let home = Home::new(gate.address(), platform.address(), settings);
        let mut command = home.command(&tested_program(), screen.xvfb().display());
        command.stdin(stdin).arg("-v").args(arguments(&home));
        let program = Program::start(command, home.path().join("log.txt"));

        Self {
            // The test harness gives each thread the name of its test.
            name: thread::current().name().unwrap_or("window").to_owned(),
            _watchdog: Watchdog::over([program.process(), screen.xvfb().process()]),
            program,
            screen,
            home,
            gate,
            platform,
            seen: RefCell::default(),
        }
    }

    pub(crate) fn platform(&self) -> Control {
        self.platform.control()
    }

    pub(crate) fn gate(&self) -> &Gate {
        &self.gate
    }

    pub(crate) fn api(&self) -> SocketAddr {
        self.gate.address()
    }

    pub(crate) fn program(&self) -> &Program {
        &self.program
    }

    pub(crate) fn screen(&self) -> &Screen {
        &self.screen
    }

    pub(crate) fn kept_log(&self) -> String {
        let state = self.home.path().join(".local/state/patron-display");

        fs::read_dir(state)
            .expect("a state directory")
            .map(|file| fs::read_to_string(file.expect("a file").path()).expect("a log"))
            .collect()
    }

    pub(crate) fn look(&self) -> RgbImage {
        let picture = self.screen.grab();
        self.seen.replace(Some(picture.clone()));

        picture
    }

    pub(crate) fn press(&self, key: Key) {
        self.screen.has_given_the_keyboard();
        self.screen.press(key);
    }

    /// Checks that the next event is exactly this one.
    pub(crate) fn tells(&self, expected: &Value) {
        assert_eq!(self.program.event(), *expected);
    }

    /// Follows an attempt until the event `shown`. Checks that the code is on the screen when that event comes.
    /// Returns the request and the code's text.
    pub(crate) fn shows_code(&self, attempt: u32) -> (Snapshot, String) {
        let (request, payload) = self.creates_saying(attempt);
        self.shows_saying(attempt, &request, &payload);

        (request, payload)
    }

    pub(crate) fn creates(&self, attempt: u32) -> Snapshot {
        self.creates_saying(attempt).0
    }

    fn creates_saying(&self, attempt: u32) -> (Snapshot, String) {
        let created = self.program.event();
        let id = created["id"].as_str().expect("an id").to_owned();
        let request = self.platform().request(&id).expect("the request");
        let payload = created["url"].as_str().expect("a url").to_owned();
        assert_eq!(created, created_event(attempt, &request, &payload));

        (request, payload)
    }

    /// Follows a created attempt until the event `shown`, and checks that its code is on the screen.
    pub(crate) fn shows(&self, attempt: u32, request: &Snapshot) {
        self.shows_saying(attempt, request, &request.url);
    }

    fn shows_saying(&self, attempt: u32, request: &Snapshot, payload: &str) {
        self.tells(&json!({"event": "shown", "attempt": attempt, "id": request.id}));
        assert_eq!(
            self.code_now().as_deref(),
            Some(payload),
            "shown was told before the code could be read off the screen"
        );
        assert_eq!(request.status, SandboxStatus::New);
    }

    /// Waits until this code is on the screen.
    pub(crate) fn sees_code(&self, payload: &str) {
        wait_until("the code does not come", || {
            picture::read(&self.look()).as_deref() == Some(payload)
        });
    }

    /// Returns the text of the code on the screen. Two libraries must read the same text.
    pub(crate) fn code_now(&self) -> Option<String> {
        let picture = self.look();
        let by_zbar = picture::read_by_zbar(&picture, self.home.path());
        assert_eq!(picture::read(&picture), by_zbar, "rqrr and zbar disagree");

        by_zbar
    }

    /// Waits until no code is on the screen.
    pub(crate) fn sees_no_code(&self) {
        wait_until("the code stays on the screen", || {
            picture::read(&self.look()).is_none()
        });
    }

    /// Waits until most of the screen has this background. Returns the picture.
    pub(crate) fn sees(&self, ground: Ground) -> RgbImage {
        let mut share = 0.0;
        let seen = poll(PATIENCE, || {
            let picture = self.look();
            share = ground.share(&picture);

            (share > MOST).then_some(picture)
        });

        seen.unwrap_or_else(|| panic!("only {share:.2} of the screen is {ground:?}"))
    }

    /// Pays at the platform's endpoint for paying, over HTTP, as the customer's app does.
    pub(crate) fn pays_at(&self, endpoint: &Url) {
        let body = r#"{"assetType":"centrapay.nzd.test","assetId":"WRhAxxWpTKb5U7pXyxQjjY"}"#;
        let host = endpoint.socket_addrs(|| None).expect("an address")[0];
        let mut stream = TcpStream::connect(host).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a bound");
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n{body}",
            path = endpoint.path(),
            length = body.len(),
        )
        .expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");

        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }

    /// Pays a request whose code is its pay URL.
    pub(crate) fn pays(&self, request: &Snapshot) {
        let endpoint = pay_endpoint(self.platform.address(), &request.id);
        self.pays_at(&Url::parse(&endpoint).expect("a url"));
    }

    /// Pays the request of the last attempt, and follows the sale to its end.
    pub(crate) fn is_paid(&mut self, attempt: u32, request: &Snapshot) {
        self.pays(request);
        self.ends_paid(attempt, request);
    }

    /// Follows the last attempt from its payment to the exit code 0.
    pub(crate) fn ends_paid(&mut self, attempt: u32, request: &Snapshot) {
        self.tells(&ended_event(attempt, request, "paid"));
        self.sees(Ground::Good);
        let total = json!({"amount": "1250", "currency": "NZD"});
        let mut outcome = outcome_event(request, "paid");
        outcome["paidBy"] = json!([{
            "description": "Centrapay NZD",
            "assetType": "centrapay.nzd.test",
            "total": total,
        }]);
        self.tells(&outcome);
        assert_eq!(self.program.exit_code(), 0);

        let kept = self.platform().captured_minus_refunded(&request.id);
        assert_eq!(kept, Some(request.amount));
    }

    /// Checks that the merchant has cancelled the request and that it cannot be paid.
    pub(crate) fn is_voided(&self, request: &Snapshot) {
        let now = self.platform().request(&request.id).expect("the request");
        assert_eq!(now.status, SandboxStatus::Cancelled);
        let reason = now.cancellation_reason;
        assert_eq!(reason, Some(CancelReason::CancelledByMerchant));
        let refusal = self.platform().pay(&request.id).expect_err("a refusal");
        assert_eq!(refusal.code(), "REQUEST_CANCELLED");
    }

    /// Checks the outcome of a cancelled sale, and the exit code.
    pub(crate) fn ends_cancelled(&mut self, request: &Snapshot) {
        let mut outcome = outcome_event(request, "cancelled");
        outcome["reason"] = json!("CANCELLED_BY_MERCHANT");
        self.tells(&outcome);
        assert_eq!(self.program.exit_code(), 21);
    }

    /// Checks the outcome of a sale whose code could not be shown, and the exit code 40.
    pub(crate) fn ends_rejected(&mut self, reason: &str) {
        let outcome = self.program.event();
        assert_eq!(outcome["outcome"], "rejected");
        let why = outcome["reason"].as_str().expect("a reason");
        assert!(why.contains(reason), "{why}");
        assert_eq!(self.program.exit_code(), 40);
    }

    /// Waits until the program ends by itself.
    pub(crate) fn exit_code(&mut self) -> i32 {
        self.program.exit_code()
    }
}

impl Drop for Scene {
    /// Saves the screen and prints the log if the test has failed.
    fn drop(&mut self) {
        if !thread::panicking() {
            return;
        }
        eprintln!(
            "--- {}: the program logged\n{}",
            self.name,
            self.program.log()
        );
        if let Some(picture) = self.seen.take() {
            let path = failure_path(&self.name);
            match picture.save(&path) {
                Ok(()) => eprintln!("--- what was on the screen is in {}", path.display()),
                Err(error) => eprintln!("--- the screen cannot be saved: {error}"),
            }
        }
    }
}

/// Returns the text of a code as the platform's older guide describes it.
pub(crate) fn pay_endpoint(api: SocketAddr, id: &str) -> String {
    format!("http://{api}/api/payment-requests/{id}/pay")
}

pub(crate) fn ended_event(attempt: u32, request: &Snapshot, outcome: &str) -> Value {
    json!({"event": "ended", "attempt": attempt, "id": request.id, "outcome": outcome})
}

pub(crate) fn waiting_event(attempt: u32, reason: &str) -> Value {
    json!({"event": "waiting", "attempt": attempt, "reason": reason, "message": null})
}

fn created_event(attempt: u32, request: &Snapshot, payload: &str) -> Value {
    json!({
        "event": "created",
        "attempt": attempt,
        "id": request.id,
        "shortCode": request.short_code,
        "externalRef": request.till_reference(),
        "platformRef": request.external_ref,
        "amount": {"amount": "1250", "currency": "NZD"},
        "url": payload,
        "expiresAt": format!("{:.3}", request.expires_at),
    })
}

fn outcome_event(request: &Snapshot, outcome: &str) -> Value {
    json!({
        "event": "outcome",
        "outcome": outcome,
        "id": request.id,
        "shortCode": request.short_code,
        "externalRef": request.till_reference(),
        "amount": {"amount": "1250", "currency": "NZD"},
        "paidBy": [],
        "remaining": null,
        "reason": null,
    })
}

fn failure_path(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("window-failures");
    // Ignores an error: without the directory, saving the picture fails with a message.
    let _ = fs::create_dir_all(&directory);

    directory.join(format!("{name}.png"))
}
