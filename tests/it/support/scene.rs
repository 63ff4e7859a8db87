//! Sales at one till, without a window. The platform is the sandbox. All launches use the same journal.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use iced::Size;
use image::imageops;
use patron_display::app::offscreen::Offscreen;
use patron_display::app::{Appearance, Message, Mode, Setup};
use patron_display::centrapay::Client;
use patron_display::config::Config;
use patron_display::config::key::KeySource;
use patron_display::domain::counter::Counter;
use patron_display::domain::money::Amount;
use patron_display::domain::order::Particulars;
use patron_display::journal::Journal;
use patron_display::logo;
use patron_display::qr::{self, Drawing};
use patron_display::runtime::control::Controls;
use patron_display::runtime::effects::{Announcer, Effects};
use patron_display::runtime::fresh_names::fresh_names;
use patron_display::sale::{Command, Rules, Sale, State, Timing};
use patron_display::sandbox::{ApiCall, Control, Fault, Options, Sandbox, Snapshot};
use serde_json::Value;
use tempfile::TempDir;
use tokio::time::timeout;

use super::gate::Gate;
use super::shop::{CONFIG_ID, write_key};
use super::words;

/// The API key of every rehearsal, unlike any other text.
pub(crate) const KEY: &str = "rehearsed-key-7Qm2xV";

/// The longest time that a test waits before it fails. It is long enough for a busy machine.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// One launch of the application, with a sale at the sandbox.
pub(crate) struct Rehearsal {
    pub(crate) sandbox: Sandbox,
    pub(crate) display: Box<Offscreen>,
    pub(crate) effects: Effects,
    pub(crate) told: Told,
    pub(crate) directory: TempDir,
    config: Config,
    pub(crate) size: Size<u32>,
    speed: u32,
}

/// The settings of a first launch.
pub(crate) struct Scene<'a> {
    /// The options of the new sandbox, if `sandbox` is `None`.
    pub(crate) options: Options,
    pub(crate) sandbox: Option<Sandbox>,
    /// The address of a gate. The display calls the gate instead of the platform.
    pub(crate) front: Option<SocketAddr>,
    pub(crate) size: Size<u32>,
    /// Lines to add to the configuration, after the lines of the only merchant.
    pub(crate) more: &'a str,
    /// Lines to add to `[api]`.
    pub(crate) api: &'a str,
    /// Lines that replace those with the platform's addresses in `[api]`.
    pub(crate) addresses: Option<&'a str>,
    /// The merchant's line about test or real money.
    pub(crate) liveness: &'a str,
    /// The address of a platform that the display calls instead of the sandbox.
    pub(crate) platform: Option<SocketAddr>,
    pub(crate) controls: Controls,
    pub(crate) reference: &'a str,
    pub(crate) particulars: Particulars,
    /// The speed of the display's clock, as a multiple of real time.
    pub(crate) speed: u32,
}

impl Default for Scene<'_> {
    fn default() -> Self {
        Self {
            options: Options::default(),
            sandbox: None,
            front: None,
            size: Size::new(800, 480),
            more: "",
            api: "",
            addresses: None,
            liveness: "liveness = \"test\"\n",
            platform: None,
            controls: Controls::none(),
            reference: "A1",
            particulars: Particulars::default(),
            speed: 1,
        }
    }
}

impl Scene<'_> {
    /// Returns the default scene, with a gate before a new sandbox.
    pub(crate) async fn behind_gate() -> (Self, Gate) {
        let sandbox = Sandbox::start(Options::default()).await.unwrap();
        let gate = Gate::open(sandbox.address());
        let scene = Self {
            front: Some(gate.address),
            sandbox: Some(sandbox),
            ..Self::default()
        };

        (scene, gate)
    }

    /// Launches the sale A1 of 12.50. The future is boxed, because a test plays many scenes at once.
    pub(crate) async fn begin(self) -> Rehearsal {
        Box::pin(self.set_up()).await
    }

    async fn set_up(self) -> Rehearsal {
        let sandbox = match self.sandbox {
            Some(sandbox) => sandbox,
            None => Sandbox::start(self.options).await.unwrap(),
        };
        let address = self.platform.unwrap_or(sandbox.address());
        let front = self.front.unwrap_or(address);
        let usual = format!("base-url = \"http://{front}\"\npay-hosts = [\"{address}\"]");
        let text = format!(
            "[api]\napi-key-file = \"centrapay.key\"\n{addresses}\n{api}\
             [merchants.cafe]\nconfig-id = \"mc_{CONFIG_ID}\"\nname = \"Café\"\n\
             {liveness}{more}",
            addresses = self.addresses.unwrap_or(&usual),
            api = self.api,
            liveness = self.liveness,
            more = self.more,
        );
        let directory = tempfile::tempdir().unwrap();
        write_key(directory.path(), KEY);
        let config = Config::from_str(&text, &directory.path().join("rehearsal.toml")).unwrap();
        let told = Told::default();
        let effects = effects(&config, &directory, &told).at_speed(self.speed);

        Rehearsal {
            display: start(
                &config,
                &effects,
                Some(self.reference),
                self.particulars,
                self.size,
                self.controls,
            )
            .await,
            sandbox,
            effects,
            told,
            directory,
            config,
            size: self.size,
            speed: self.speed,
        }
    }
}

/// The exit code and events of `settle`, with the platform and the data directory that remain.
pub(crate) struct Settled {
    pub(crate) code: u8,
    pub(crate) told: Vec<Value>,
    pub(crate) sandbox: Sandbox,
    pub(crate) directory: TempDir,
}

impl Rehearsal {
    /// Launches the sale A1 of 12.50.
    pub(crate) async fn begin(size: Size<u32>, more: &str) -> Self {
        Self::begin_at(Options::default(), size, more).await
    }

    /// Launches the sale at a platform with these options.
    pub(crate) async fn begin_at(options: Options, size: Size<u32>, more: &str) -> Self {
        Scene {
            options,
            size,
            more,
            ..Scene::default()
        }
        .begin()
        .await
    }

    /// Launches the sale on the usual screen, and waits until its code is shown.
    pub(crate) async fn shown(more: &str) -> Self {
        let mut sale = Self::begin(Scene::default().size, more).await;
        sale.until_shown().await;

        sale
    }

    pub(crate) fn replace_key(&self, key: &str) {
        write_key(self.directory.path(), key);
    }

    /// Ends the program and launches it again: with a sale of this reference, or without a sale.
    pub(crate) async fn launch_again(self, reference: Option<&str>) -> Self {
        self.effects.finish();
        drop((self.display, self.effects));
        let told = Told::default();
        let effects = effects(&self.config, &self.directory, &told).at_speed(self.speed);
        let (items, controls) = (Particulars::default(), Controls::none());
        let (config, size) = (&self.config, self.size);

        Self {
            display: start(config, &effects, reference, items, size, controls).await,
            effects,
            told,
            ..self
        }
    }

    pub(crate) async fn without_a_platform(mut self) -> Self {
        let other = Sandbox::start(Options::default()).await.unwrap();
        let gone = std::mem::replace(&mut self.sandbox, other);
        gone.shutdown().await;

        self
    }

    /// Ends the program and settles its unsettled sales, without a window.
    pub(crate) async fn settle(self) -> Settled {
        let config = self.config.clone();
        let (sandbox, directory) = self.leave();
        let told = Told::default();
        let effects = effects(&config, &directory, &told);
        let sale = Sale::new(Rules::from(&config), Timing::from(&config));
        let code = effects.drive(sale, Command::Settle).await;
        effects.finish();

        Settled {
            code,
            told: told.events(),
            sandbox,
            directory,
        }
    }

    /// Ends the program. Returns the platform and the data directory.
    pub(crate) fn leave(self) -> (Sandbox, TempDir) {
        self.effects.finish();
        drop((self.display, self.effects));

        (self.sandbox, self.directory)
    }

    pub(crate) async fn until(&mut self, reached: impl FnMut(&State) -> bool) {
        let reached = timeout(LONGEST_WAIT, self.display.run_until(reached)).await;
        assert!(reached.unwrap().unwrap(), "the sale is over");
    }

    pub(crate) async fn until_shown(&mut self) {
        self.until(is_shown).await;
    }

    /// Waits until the till is told an event of this name. Returns the event.
    pub(crate) async fn until_told(&mut self, name: &str) -> Value {
        let told = async {
            loop {
                let told = self.told.events().into_iter();
                if let Some(event) = told.rev().find(|event| event["event"] == name) {
                    return event;
                }
                self.display.step().await.unwrap();
                tokio::task::yield_now().await;
            }
        };

        timeout(LONGEST_WAIT, told).await.unwrap()
    }

    pub(crate) async fn until_ended(&mut self, name: &str) {
        self.until(|state| matches!(state, State::Ended(_))).await;
        self.has_ended(name);
    }

    pub(crate) fn has_ended(&self, name: &str) {
        let State::Ended(ended) = self.state() else {
            panic!("not ended: {:?}", self.state());
        };
        assert_eq!(ended.ending().name(), name);
    }

    pub(crate) fn state(&self) -> &State {
        self.display.display().sale().state()
    }

    pub(crate) fn control(&self) -> Control {
        self.sandbox.control()
    }

    pub(crate) fn script(&self, call: ApiCall, faults: impl IntoIterator<Item = Fault>) {
        self.control().script(call, faults);
    }

    pub(crate) fn latest(&self) -> String {
        self.control().latest().unwrap()
    }

    pub(crate) fn request(&self) -> Snapshot {
        self.control().request(&self.latest()).unwrap()
    }

    pub(crate) fn pay(&self) {
        self.control().pay(&self.latest()).unwrap();
    }

    pub(crate) fn send(&mut self, command: Command) {
        self.display.send(Message::Asked(command));
    }

    /// Returns every text on the screen, one per line.
    pub(crate) async fn words(&self) -> String {
        words::on(self.display.display(), self.size).await
    }

    pub(crate) async fn says(&self, text: &str) {
        let words = self.words().await;
        assert!(words.contains(text), "{text:?} is not in:\n{words}");
    }

    /// Returns the id of the request whose code is on the screen.
    pub(crate) fn shown_id(&self) -> String {
        let State::Presenting(shown) = self.state() else {
            panic!("no code is shown");
        };

        shown.request().id.to_string()
    }

    pub(crate) fn read_screen(&mut self) -> String {
        qr::read(&imageops::grayscale(&self.display.draw().unwrap())).unwrap()
    }

    /// Insists that the screen has no readable code.
    pub(crate) fn shows_no_code(&mut self) {
        let read = qr::read(&imageops::grayscale(&self.display.draw().unwrap()));
        assert!(read.is_err(), "{read:?} is still on the screen");
    }

    pub(crate) fn close(&mut self) -> Option<u8> {
        self.send(Command::Close);
        self.effects.finish();

        self.effects.exit_code()
    }
}

pub(crate) fn is_shown(state: &State) -> bool {
    matches!(state, State::Presenting(shown) if shown.is_on_screen())
}

/// Collects the lines that are written to the till or to a log.
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
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    pub(crate) fn events(&self) -> Vec<serde_json::Value> {
        self.text()
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

fn effects(config: &Config, directory: &TempDir, told: &Told) -> Effects {
    let source = KeySource::new(config.api.clone(), |_| None);
    let credential = source.load().unwrap();

    Effects::new(
        Client::new(&config.api, &credential, config.terminal.clone()).unwrap(),
        Journal::open(directory.path()).unwrap(),
        Announcer::json_lines(told.clone()),
    )
    .with_key_from(source)
    .with_codes_drawn_as(Drawing {
        logo: logo::of_code(&config.qr.logo).unwrap().map(Arc::new),
        room: None,
    })
}

async fn start(
    config: &Config,
    effects: &Effects,
    reference: Option<&str>,
    particulars: Particulars,
    size: Size<u32>,
    controls: Controls,
) -> Box<Offscreen> {
    let counter = Counter {
        merchants: config.merchants.clone(),
        default_merchant: config.default_merchant.clone(),
        reference: reference.map(ToOwned::to_owned),
        operator: None,
        particulars: particulars.into(),
        patron_code: None,
        handover: None,
        external_ref: config.terminal.external_ref,
        part_payments: config.terminal.part_payments,
    };
    let (key, merchant) = config.merchant(None).unwrap();
    let amount = Amount::parse("12.50", merchant.currency).unwrap();
    let setup = Setup {
        rules: Rules::from(config),
        timing: Timing::from(config),
        order: reference.and_then(|_| counter.order(key, amount, fresh_names())),
        counter,
        effects: effects.clone(),
        appearance: Appearance::from(&config.display),
        patron: None,
        cashier: Vec::new(),
        controls,
        mode: Mode::Fullscreen,
    };

    Box::new(Box::pin(Offscreen::start(setup, size)).await.unwrap())
}
