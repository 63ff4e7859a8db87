//! The programs that show a code: the display for one sale, the resident display, and a web page in Chromium.

use std::env;
use std::ffi::OsString;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::network::Network;
use crate::picture::Picture;
use crate::process::{PATIENCE, Process, tested_program, wait_until};
use crate::program::Program;
use crate::screen::Screen;
use crate::shop::{Home, KEY};

/// The least time that the resident display is idle before a sale. A waiting connection can be ready by then.
const IDLE: Duration = Duration::from_secs(2);
/// The time from the first readable code to the picture that is compared with it.
const LATER: Duration = Duration::from_millis(300);
/// The time after which the X server and a browser's processes have finished their work for a program that ended.
const SETTLED: Duration = Duration::from_millis(200);

/// A code that appeared on the screen.
#[derive(Debug)]
pub(crate) struct Shown {
    /// The time from the start of the program, or from the till's call, to the readable code.
    pub(crate) wait: Duration,
    /// The time from the last byte of the platform's answer to the readable code.
    pub(crate) since_answer: Duration,
    /// The share of the words' ink that came later than the whole code, from 0 to 1.
    pub(crate) missing_words: f64,
    /// Whether all of the code was there when it was first seen.
    pub(crate) is_whole: bool,
}

/// Waits for the code of the newest payment request.
fn shown(screen: &Screen, network: &Network, start: Instant) -> Shown {
    let sight = screen.until_code();
    let answered = network.creates.take_delivered().expect("an answer");
    assert_eq!(Some(&sight.code.content), network.latest_url().as_ref());
    thread::sleep((sight.at + LATER).saturating_duration_since(Instant::now()));
    let later = screen.frame_buffer.capture();
    let is_whole = |picture: &Picture| picture.has_same_code(&later, &sight.code);
    let [first, second] = &sight.pictures;
    let with_whole_code = if !is_whole(first) && is_whole(second) {
        second
    } else {
        first
    };

    Shown {
        wait: sight.at - start,
        since_answer: sight.at.saturating_duration_since(answered),
        missing_words: with_whole_code.missing_words(&later, &sight.code),
        is_whole: is_whole(first),
    }
}

/// A `patron-display sale` that shows its code.
pub(crate) struct Sale(Process);

impl Sale {
    /// Starts the program. The reference must be new, because a paid sale does not show its code again.
    pub(crate) fn start(
        screen: &Screen,
        network: &Network,
        home: &Home,
        reference: &str,
    ) -> (Self, Shown) {
        let mut command = home.command(&tested_program(), screen.xvfb.display());
        command
            .args(["sale", "--amount", "12.50", "--ref", reference])
            .args(home.options());
        let (process, start) = started(&mut command);

        (Self(process), shown(screen, network, start))
    }

    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// Pays the sale, so that the next one has nothing to settle. Waits until the program has ended.
    pub(crate) fn end(mut self, screen: &Screen, network: &Network) {
        network.pay_latest();
        let status = self.0.exit(PATIENCE).expect("the sale ends");
        assert!(status.success(), "the sale ended with {status}");
        screen.until_no_code();
        thread::sleep(SETTLED);
    }
}

/// A running `patron-display stand` on a screen of its own. Its data directory is its own, too: otherwise it would
/// take over the sales of [`Sale`].
pub(crate) struct Resident {
    program: Program,
    address: String,
    token: String,
    screen: Screen,
    idle_since: Instant,
    _home: Home,
}

impl Resident {
    pub(crate) fn start(network: &Network) -> Self {
        let (screen, home) = (Screen::start(), network.home());
        let mut command = home.command(&tested_program(), screen.xvfb.display());
        command.arg("stand").args(home.options());
        let program = Program::start(command, home.path().join("stand.txt"));
        let display = program.takes_sales(&home.data());
        let text = |key: &str| display[key].as_str().expect("a text").to_owned();

        Self {
            address: text("address"),
            token: text("token"),
            program,
            screen,
            idle_since: Instant::now(),
            _home: home,
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.program.process().id()
    }

    /// Starts a sale by the local API when the display has been idle for long enough.
    pub(crate) fn sell(&self, network: &Network, reference: &str) -> Shown {
        thread::sleep((self.idle_since + IDLE).saturating_duration_since(Instant::now()));
        let body = format!(r#"{{"ref":"{reference}","amount":"12.50"}}"#);
        let start = Instant::now();
        let call = self.call("POST", "/v1/sales", &body);
        let shown = shown(&self.screen, network, start);
        let answer = read(call);
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");

        shown
    }

    /// Pays the sale, and waits until the display is idle again.
    pub(crate) fn end(&mut self, network: &Network) {
        network.pay_latest();
        wait_until("the display is not idle again", || {
            read(self.call("GET", "/v1/status", "")).contains(r#""state":"idle""#)
        });
        self.screen.until_no_code();
        self.idle_since = Instant::now();
    }

    /// Sends a call, and does not wait for the answer.
    fn call(&self, method: &str, path: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).expect("the resident display");
        let call = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.address,
            self.token,
            body.len()
        );
        stream.write_all(call.as_bytes()).expect("it listens");

        stream
    }
}

fn read(mut call: TcpStream) -> String {
    let mut answer = String::new();
    call.read_to_string(&mut answer).expect("an answer");

    answer
}

/// A web page in Chromium that creates a payment request and draws its code. All runs share a profile, so that only
/// a warm-up does the work of a first start.
pub(crate) struct Page {
    chromium: PathBuf,
    profile: TempDir,
}

impl Page {
    /// Returns `None` if Chromium is not installed.
    pub(crate) fn installed() -> Option<Self> {
        let path = env::var_os("PATH")?;
        let chromium = env::split_paths(&path)
            .map(|directory| directory.join("chromium"))
            .find(|program| program.exists())?;

        Some(Self {
            chromium,
            profile: tempfile::tempdir().expect("a directory"),
        })
    }

    /// Starts the browser. Returns the time until the code was readable, and ends the browser.
    pub(crate) fn shows_a_code(
        &self,
        screen: &Screen,
        network: &Network,
        home: &Home,
        reference: &str,
    ) -> Duration {
        let mut command = home.command(&self.chromium, screen.xvfb.display());
        command
            .args(self.kiosk())
            .arg(page(&network.base_url(), reference))
            .stderr(Stdio::null());
        let (browser, start) = started(&mut command);
        let sight = screen.until_code();
        assert_eq!(Some(sight.code.content), network.latest_url());
        drop(browser);
        screen.until_no_code();
        thread::sleep(SETTLED);

        sight.at - start
    }

    /// Returns the arguments that a shop's technician would use.
    fn kiosk(&self) -> Vec<OsString> {
        let mut profile = OsString::from("--user-data-dir=");
        profile.push(self.profile.path());
        let mut arguments = vec![profile];
        arguments.extend(
            [
                "--kiosk",
                "--no-first-run",
                "--no-default-browser-check",
                "--disable-extensions",
                "--disable-component-update",
                "--disable-background-networking",
                "--disable-gpu",
                "--password-store=basic",
                // The browser does not know the benchmark's authority.
                "--ignore-certificate-errors",
                // With the sandbox, Chromium does not start in a container without namespaces.
                "--no-sandbox",
                "--window-position=0,0",
                "--window-size=1920,1080",
            ]
            .map(OsString::from),
        );

        arguments
    }
}

/// Returns the argument for the page. It comes over the line, as a web till's page does.
fn page(base_url: &str, reference: &str) -> String {
    format!("--app={base_url}/page.html?key={KEY}&ref={reference}")
}

/// Starts a program. Returns the time just before.
fn started(command: &mut Command) -> (Process, Instant) {
    command.stdout(Stdio::null());
    let start = Instant::now();

    (
        Process::start(command, "It should have been built before."),
        start,
    )
}
