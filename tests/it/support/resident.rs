//! A shop with a resident display that runs without a window.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use iced::Size;
use patron_display::app::offscreen::Offscreen;
use patron_display::cli;
use patron_display::local_api::ApiServer;
use patron_display::sale::State;
use patron_display::sandbox::{Control, Options, Sandbox, SandboxStatus};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::{Instant, sleep, timeout};

use super::api::{Answer, Api};
use super::shop::Finished;
use super::till::Till;
use super::{shop, words};

const SCREEN: Size<u32> = Size::new(800, 480);
const PATIENCE: Duration = Duration::from_secs(60);

/// A shop: its platform, its configuration and its data directory.
pub(crate) struct Shop {
    pub(crate) sandbox: Sandbox,
    pub(crate) home: TempDir,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        let sandbox = Sandbox::start(Options {
            rate_limit: u32::MAX,
            ..Options::default()
        });
        let shop = Self {
            sandbox: sandbox.await.unwrap(),
            home: tempfile::tempdir().unwrap(),
        };
        shop.write("config.toml", &shop.configuration());
        shop::write_key(shop.home.path(), "a-key\n");

        shop
    }

    pub(crate) fn configuration(&self) -> String {
        let shop = shop::configuration(self.sandbox.address());

        format!("{shop}[display]\nclose-after = \"500ms\"\n")
    }

    pub(crate) fn control(&self) -> Control {
        self.sandbox.control()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// Returns the program with these arguments. It finds no screen for a window.
    pub(crate) fn program(&self, arguments: &[&str]) -> Command {
        let mut command = shop::program(self.home.path());
        command
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .current_dir(self.home.path())
            .arg("--config")
            .arg(self.path("config.toml"))
            .args(arguments);

        command
    }

    pub(crate) fn starts(&self, arguments: &[&str]) -> Till {
        Till::start(self.program(arguments))
    }

    pub(crate) async fn finishes(&self, arguments: &[&str]) -> Finished {
        let mut command = self.program(arguments);

        soon(move || command.output().unwrap()).await.into()
    }
}

/// A shop with its resident display.
pub(crate) struct Counter {
    pub(crate) shop: Shop,
    pub(crate) display: Offscreen,
    /// The display's service, which lives as long as the display.
    pub(crate) service: Arc<ApiServer>,
}

impl Counter {
    pub(crate) async fn open() -> Self {
        Self::at(Shop::open().await).await
    }

    pub(crate) async fn at(shop: Shop) -> Self {
        let arguments: [OsString; 6] = [
            "patron-display".into(),
            "--config".into(),
            shop.path("config.toml").into(),
            "--data-dir".into(),
            shop.path("data").into(),
            "stand".into(),
        ];
        let prepared = cli::resident_offscreen(arguments).unwrap();
        let started = Offscreen::start_resident(prepared.start, SCREEN).await;

        Self {
            display: started.unwrap(),
            service: prepared.service,
            shop,
        }
    }

    pub(crate) fn control(&self) -> Control {
        self.shop.control()
    }

    /// Starts the program with the sale A1 of 12.50, for a till that reads events and writes commands.
    pub(crate) fn sells(&self) -> Till {
        self.sells_as("A1")
    }

    pub(crate) fn sells_as(&self, reference: &str) -> Till {
        let sale = ["sale", "--amount", "12.50", "--ref", reference];

        self.shop
            .starts(&[&sale[..], &["--json", "--control"]].concat())
    }

    pub(crate) async fn until(&mut self, mut holds: impl FnMut(&Offscreen) -> bool) {
        let begun = Instant::now();
        while !holds(&self.display) {
            assert!(
                begun.elapsed() < PATIENCE,
                "the display never reaches the expected state"
            );
            tokio::select! {
                stepped = self.display.step() => stepped.unwrap(),
                () = sleep(Duration::from_millis(5)) => {}
            }
        }
    }

    /// Calls the local API, while the display runs.
    pub(crate) async fn calls(
        &mut self,
        api: &Api,
        method: &'static str,
        path: &str,
        body: &Value,
    ) -> Answer {
        let (api, path) = (api.clone(), path.to_owned());
        let body = match body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        let called = std::thread::spawn(move || api.call(method, &path, &body));
        self.until(|_| called.is_finished()).await;

        called.join().unwrap()
    }

    pub(crate) async fn turns_for(&mut self, time: Duration) {
        let over = Instant::now() + time;
        self.until(|_| Instant::now() >= over).await;
    }

    /// Runs the display until a sale presents its code.
    pub(crate) async fn until_presenting(&mut self) {
        self.until(|display| {
            matches!(display.app().display().sale().state(), State::Presenting(_))
        })
        .await;
    }

    /// Starts the program with the sale A1, and waits until its code is shown.
    pub(crate) async fn shows_code(&mut self) -> Till {
        let till = self.sells();
        self.until_shown(&till).await;

        till
    }

    /// Pays the newest request, and checks that this till's program exits with 0.
    pub(crate) async fn is_paid(&mut self, till: &mut Till) {
        self.control().pay(&self.latest()).unwrap();
        assert_eq!(self.until_ended(till).await, 0);
    }

    /// Sends SIGTERM to this till's program, and checks that its sale is cancelled.
    pub(crate) async fn is_terminated(&mut self, till: &mut Till) {
        till.signal("TERM");
        assert_eq!(self.until_ended(till).await, 21);
    }

    /// Runs the display until this till has been told `shown`.
    pub(crate) async fn until_shown(&mut self, till: &Till) {
        self.until(|_| till.has_told("shown")).await;
    }

    /// Runs the display until this till's program ends, and returns its exit code.
    pub(crate) async fn until_ended(&mut self, till: &mut Till) -> i32 {
        let mut code = None;
        self.until(|_| {
            code = code.or_else(|| till.code());

            code.is_some()
        })
        .await;

        code.unwrap()
    }

    pub(crate) async fn until_idle(&mut self) {
        self.until(|display| display.app().is_idle()).await;
    }

    /// Insists that the newest request is voided.
    pub(crate) fn is_voided(&self) {
        let request = self.control().request(&self.latest()).unwrap();
        assert_eq!(request.status, SandboxStatus::Cancelled);
    }

    pub(crate) fn latest(&self) -> String {
        self.control().latest().unwrap()
    }

    /// Returns every text on the screen, one per line.
    pub(crate) async fn words(&self) -> String {
        words::on(self.display.app().display(), SCREEN).await
    }
}

/// Sells as the till's program does, and goes away when the code is ready.
pub(crate) async fn sells_and_leaves(counter: &mut Counter, reference: &str) {
    let api = Api::own(&counter.shop);
    let launch = json!({"config": counter.shop.path("config.toml"), "handover": reference});
    let sale = json!({"ref": reference, "amount": "12.50", "launch": launch});
    let answer = counter.calls(&api, "POST", "/v1/sales", &sale).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let events = api.events(reference);
    counter.until_presenting().await;
    drop(events);
    counter.until_idle().await;
}

/// Runs blocking work on another thread, and waits for its result.
pub(crate) async fn soon<T>(work: impl FnOnce() -> T + Send + 'static) -> T
where
    T: Send + 'static,
{
    let done = timeout(PATIENCE, tokio::task::spawn_blocking(work)).await;

    done.unwrap().unwrap()
}
