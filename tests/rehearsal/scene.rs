//! One counter whose platform is the sandbox: its sales, one launch after another, on one journal.

use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use iced::Size;
use image::imageops;
use patron_display::centrapay::Client;
use patron_display::config::Config;
use patron_display::config::key::Credential;
use patron_display::counter::Counter;
use patron_display::display::offscreen::Offscreen;
use patron_display::display::{Message, Mode, Setup};
use patron_display::effects::{Announcer, Effects};
use patron_display::journal::Journal;
use patron_display::money::Amount;
use patron_display::qr;
use patron_display::sale::{Command, Rules, Sale, State, Timing};
use patron_display::sandbox::{Options, Sandbox};
use secrecy::SecretString;
use tempfile::TempDir;

/// One sale at a counter whose platform is the sandbox.
pub(crate) struct Rehearsal {
    pub(crate) sandbox: Sandbox,
    pub(crate) display: Offscreen,
    pub(crate) effects: Effects,
    pub(crate) told: Told,
    pub(crate) directory: TempDir,
    config: Config,
    size: Size<u32>,
}

/// What the till was told.
#[derive(Clone, Default)]
pub(crate) struct Told(Arc<Mutex<Vec<u8>>>);

impl Write for Told {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);

        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Told {
    pub(crate) fn events(&self) -> Vec<serde_json::Value> {
        let bytes = self.0.lock().unwrap().clone();

        String::from_utf8(bytes)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.events()
            .iter()
            .map(|event| event["event"].as_str().unwrap().to_owned())
            .collect()
    }
}

/// What came of settling.
pub(crate) struct Settled {
    pub(crate) code: u8,
    pub(crate) told: Vec<serde_json::Value>,
    pub(crate) sandbox: Sandbox,
    pub(crate) directory: TempDir,
}

impl Rehearsal {
    /// The first launch: the sale A1 of 12.50.
    pub(crate) async fn begin(size: Size<u32>, more: &str) -> Self {
        let sandbox = Sandbox::start(Options::default()).await.unwrap();
        let address = sandbox.address();
        let text = format!(
            "[api]\nbase-url = \"http://{address}\"\npay-hosts = [\"{address}\"]\n\
             [merchants.cafe]\nconfig-id = \"mc_5ee168e8597be5002af7b454\"\nname = \"Café\"\n\
             liveness = \"test\"\n{more}"
        );
        let config = Config::from_str(&text, Path::new("rehearsal.toml")).unwrap();
        let directory = tempfile::tempdir().unwrap();
        let told = Told::default();
        let effects = effects(&config, &directory, &told);

        Self {
            display: start(&config, &effects, Some("A1"), size).await,
            sandbox,
            effects,
            told,
            directory,
            config,
            size,
        }
    }

    /// The program is gone, and is launched again: for the sale of this reference, or for none.
    pub(crate) async fn launch_again(self, reference: Option<&str>) -> Self {
        self.effects.finish();
        drop((self.display, self.effects));
        let told = Told::default();
        let effects = effects(&self.config, &self.directory, &told);

        Self {
            display: start(&self.config, &effects, reference, self.size).await,
            sandbox: self.sandbox,
            effects,
            told,
            directory: self.directory,
            config: self.config,
            size: self.size,
        }
    }

    /// The platform is gone.
    pub(crate) async fn without_a_platform(mut self) -> Self {
        let other = Sandbox::start(Options::default()).await.unwrap();
        let gone = std::mem::replace(&mut self.sandbox, other);
        gone.shutdown().await;

        self
    }

    /// The program is gone, and what it left is settled without a window.
    pub(crate) async fn settle(self) -> Settled {
        self.effects.finish();
        drop((self.display, self.effects));
        let told = Told::default();
        let effects = effects(&self.config, &self.directory, &told);
        let sale = Sale::new(Rules::from(&self.config), Timing::from(&self.config));
        let code = effects.drive(sale, Command::Settle).await;
        effects.finish();

        Settled {
            code,
            told: told.events(),
            sandbox: self.sandbox,
            directory: self.directory,
        }
    }

    pub(crate) async fn until(&mut self, reached: impl FnMut(&State) -> bool) {
        assert!(
            self.display.run_until(reached).await.unwrap(),
            "the sale is over"
        );
    }

    /// Until the code is on the screen.
    pub(crate) async fn until_shown(&mut self) {
        self.until(|state| matches!(state, State::Presenting(shown) if shown.is_on_screen()))
            .await;
    }

    pub(crate) async fn until_ended(&mut self, name: &str) {
        self.until(|state| matches!(state, State::Ended(_))).await;
        let State::Ended(ended) = self.display.display().sale().state() else {
            panic!("not ended");
        };
        assert_eq!(ended.ending().name(), name);
    }

    pub(crate) fn latest(&self) -> String {
        self.sandbox.control().latest().unwrap()
    }

    pub(crate) fn read_screen(&mut self) -> String {
        qr::read(&imageops::grayscale(&self.display.draw().unwrap())).unwrap()
    }

    pub(crate) fn close(&mut self) -> Option<u8> {
        self.display.send(Message::Asked(Command::Close));
        self.effects.finish();

        self.effects.exit_code()
    }
}

fn effects(config: &Config, directory: &TempDir, told: &Told) -> Effects {
    let credential = Credential::ApiKey(SecretString::from("key"));

    Effects::new(
        Client::new(&config.api, &credential, config.terminal.clone()).unwrap(),
        Journal::open(directory.path()).unwrap(),
        Announcer::json_lines(told.clone()),
    )
}

async fn start(
    config: &Config,
    effects: &Effects,
    reference: Option<&str>,
    size: Size<u32>,
) -> Offscreen {
    let counter = Counter {
        merchants: config.merchants.clone(),
        default_merchant: config.default_merchant.clone(),
        reference: reference.map(ToOwned::to_owned),
        operator: None,
    };
    let (key, merchant) = config.merchant(None).unwrap();
    let amount = Amount::parse("12.50", merchant.currency).unwrap();
    let setup = Setup {
        rules: Rules::from(config),
        timing: Timing::from(config),
        order: reference.and_then(|_| counter.order(key, amount)),
        counter,
        effects: effects.clone(),
        theme: config.display.theme,
        patron: None,
        cashier: Vec::new(),
        mode: Mode::Fullscreen,
    };

    Offscreen::start(setup, size).await.unwrap()
}
