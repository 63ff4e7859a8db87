//! A counter at which a display stands, without a window.

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use iced::Size;
use patron_display::cli;
use patron_display::display::stand::offscreen::Offscreen;
use patron_display::sale::State;
use patron_display::sandbox::{Control, Options, Sandbox};
use serde_json::json;
use tempfile::TempDir;
use tokio::time::{Instant, sleep, timeout};

use crate::till::Till;
use crate::words;

const SCREEN: Size<u32> = Size::new(800, 480);
/// How long anything may take. Nothing does on a machine that is not stuck.
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
        shop.write("centrapay.key", "a-key\n");
        fs::set_permissions(
            shop.path("centrapay.key"),
            fs::Permissions::from_mode(0o600),
        )
        .unwrap();

        shop
    }

    pub(crate) fn configuration(&self) -> String {
        let address = self.sandbox.address();

        format!(
            "[api]\nbase-url = \"http://{address}\"\npay-hosts = [\"{address}\"]\n\
             api-key-file = \"centrapay.key\"\n[merchants.cafe]\n\
             config-id = \"5ee168e8597be5002af7b454\"\nname = \"Café\"\nliveness = \"test\"\n\
             [display]\nclose-after = \"500ms\"\n"
        )
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

    /// The program with these arguments, and without a screen: a window of its own it cannot open.
    pub(crate) fn program(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_patron-display"));
        command
            .env_clear()
            .env("HOME", self.home.path())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("PATRON_DISPLAY_DATA_DIR", self.path("data"))
            .current_dir(self.home.path())
            .arg("--config")
            .arg(self.path("config.toml"))
            .args(arguments);

        command
    }

    pub(crate) fn starts(&self, arguments: &[&str]) -> Till {
        Till::start(self.program(arguments))
    }

    /// What stands between the till and the display, without the program in between.
    pub(crate) fn connects(&self) -> UnixStream {
        UnixStream::connect(self.path("data/stand/socket")).unwrap()
    }
}

/// A display that stands in a shop.
pub(crate) struct Counter {
    pub(crate) shop: Shop,
    pub(crate) stand: Offscreen,
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
        let start = cli::stand_offscreen(arguments).unwrap();

        Self {
            stand: Offscreen::start(start, SCREEN).await.unwrap(),
            shop,
        }
    }

    pub(crate) fn control(&self) -> Control {
        self.shop.control()
    }

    /// The sale A1 of 12.50, for a till that reads events and writes commands.
    pub(crate) fn sells(&self) -> Till {
        self.sells_as("A1")
    }

    pub(crate) fn sells_as(&self, reference: &str) -> Till {
        let sale = ["sale", "--amount", "12.50", "--ref", reference];

        self.shop
            .starts(&[&sale[..], &["--json", "--control"]].concat())
    }

    /// Goes on until this holds.
    pub(crate) async fn until(&mut self, mut holds: impl FnMut(&Offscreen) -> bool) {
        let begun = Instant::now();
        while !holds(&self.stand) {
            assert!(begun.elapsed() < PATIENCE, "it never comes to that");
            tokio::select! {
                stepped = self.stand.step() => stepped.unwrap(),
                () = sleep(Duration::from_millis(5)) => {}
            }
        }
    }

    /// Goes on for so long.
    pub(crate) async fn turns_for(&mut self, time: Duration) {
        let over = Instant::now() + time;
        self.until(|_| Instant::now() >= over).await;
    }

    /// Until this till has been told that its code is shown.
    pub(crate) async fn until_shown(&mut self, till: &Till) {
        self.until(|_| till.has_told("shown")).await;
    }

    /// Until this till's program has ended: how.
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
        self.until(|stand| stand.stand().is_idle()).await;
    }

    pub(crate) fn latest(&self) -> String {
        self.control().latest().unwrap()
    }

    /// What is written on the screen.
    pub(crate) async fn words(&self) -> String {
        words::on(self.stand.stand().display(), SCREEN).await
    }
}

/// Asks for a sale of 12.50 as the program does.
pub(crate) fn sale(shop: &Shop, reference: &str) -> UnixStream {
    let mut stream = shop.connects();
    let config = shop.path("config.toml");
    let bytes = config.as_os_str().as_encoded_bytes().to_vec();
    let request = json!({
        "config": {"Unix": bytes},
        "json": true,
        "verbose": 0,
        "what": {"sale": {"amount": "12.50", "reference": reference}},
    });
    let greeting = json!({"version": env!("CARGO_PKG_VERSION")});
    writeln!(stream, "{greeting}\n{request}").unwrap();

    stream
}

/// A sale whose code is shown, and whose till then is gone.
pub(crate) async fn sells_and_leaves(counter: &mut Counter, reference: &str) {
    let caller = sale(&counter.shop, reference);
    counter
        .until(|stand| matches!(stand.stand().display().sale().state(), State::Presenting(_)))
        .await;
    drop(caller);
    counter.until_idle().await;
}

/// Waits for what a thread does.
pub(crate) async fn soon<T>(work: impl FnOnce() -> T + Send + 'static) -> T
where
    T: Send + 'static,
{
    let done = timeout(PATIENCE, tokio::task::spawn_blocking(work)).await;

    done.unwrap().unwrap()
}
