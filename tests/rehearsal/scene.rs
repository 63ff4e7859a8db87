//! One counter whose platform is the sandbox: its sales, one launch after another, on one journal.

mod told;

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use iced::Size;
use image::imageops;
use patron_display::centrapay::Client;
use patron_display::config::Config;
use patron_display::config::key::KeySource;
use patron_display::control::Controls;
use patron_display::counter::Counter;
use patron_display::display::offscreen::Offscreen;
use patron_display::display::{Appearance, Message, Mode, Setup};
use patron_display::effects::{Announcer, Effects};
use patron_display::journal::Journal;
use patron_display::logo::Logo;
use patron_display::money::Amount;
use patron_display::qr::{self, Drawing};
use patron_display::sale::{Command, Particulars, Rules, Sale, State, Timing};
use patron_display::sandbox::{Options, Sandbox};
use tempfile::TempDir;
use tokio::time::timeout;

pub(crate) use told::Told;

/// The key of every rehearsal: nothing else is written like it.
pub(crate) const KEY: &str = "rehearsed-key-7Qm2xV";

/// Nothing that is waited for takes longer, whatever the machine has to do besides.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// One sale at a counter whose platform is the sandbox.
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

/// What a first launch is like, where it is not like all others.
pub(crate) struct Scene<'a> {
    /// The options of the scene's own sandbox, where none is given.
    pub(crate) options: Options,
    pub(crate) sandbox: Option<Sandbox>,
    /// What stands in front of the platform, and is called in its place.
    pub(crate) front: Option<SocketAddr>,
    pub(crate) size: Size<u32>,
    /// More of the configuration, after its only merchant's own lines.
    pub(crate) more: &'a str,
    /// More lines of `[api]`.
    pub(crate) api: &'a str,
    /// The lines of `[api]` that say where the platform is, in place of the usual ones.
    pub(crate) addresses: Option<&'a str>,
    /// The merchant's line about test or real money.
    pub(crate) liveness: &'a str,
    /// A platform elsewhere; the scene's own sandbox is then not called.
    pub(crate) platform: Option<SocketAddr>,
    pub(crate) controls: Controls,
    /// The till's reference.
    pub(crate) reference: &'a str,
    pub(crate) particulars: Particulars,
    /// How many times as fast the display's clock runs.
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
    /// The first launch: the sale A1 of 12.50. On the heap, since many scenes are played at once.
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
             [merchants.cafe]\nconfig-id = \"mc_5ee168e8597be5002af7b454\"\nname = \"Café\"\n\
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
        Scene {
            size,
            more,
            ..Scene::default()
        }
        .begin()
        .await
    }

    /// The same at a platform with these options.
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

    /// The same, with a till that asks for something meanwhile.
    pub(crate) async fn begin_with(size: Size<u32>, more: &str, controls: Controls) -> Self {
        Scene {
            size,
            more,
            controls,
            ..Scene::default()
        }
        .begin()
        .await
    }

    /// The same where these lines of the configuration, in `[api]` and for the merchant, say where
    /// the platform is and how it is sold there.
    pub(crate) async fn begin_in(
        sandbox: Sandbox,
        size: Size<u32>,
        (api, merchant): (&str, &str),
        controls: Controls,
    ) -> Self {
        Scene {
            sandbox: Some(sandbox),
            addresses: Some(api),
            liveness: "",
            size,
            more: merchant,
            controls,
            ..Scene::default()
        }
        .begin()
        .await
    }

    /// The same at this platform, which is called at `front`: something stands in between.
    pub(crate) async fn begin_behind(
        front: SocketAddr,
        sandbox: Sandbox,
        size: Size<u32>,
        more: &str,
    ) -> Self {
        Scene {
            sandbox: Some(sandbox),
            front: Some(front),
            size,
            more,
            ..Scene::default()
        }
        .begin()
        .await
    }

    /// Puts another key in place.
    pub(crate) fn replace_key(&self, key: &str) {
        write_key(self.directory.path(), key);
    }

    /// The program is gone, and is launched again: for the sale of this reference, or for none.
    pub(crate) async fn launch_again(self, reference: Option<&str>) -> Self {
        self.effects.finish();
        drop((self.display, self.effects));
        let told = Told::default();
        let effects = effects(&self.config, &self.directory, &told).at_speed(self.speed);

        Self {
            display: start(
                &self.config,
                &effects,
                reference,
                Particulars::default(),
                self.size,
                Controls::none(),
            )
            .await,
            sandbox: self.sandbox,
            effects,
            told,
            directory: self.directory,
            config: self.config,
            size: self.size,
            speed: self.speed,
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

    /// The program is gone. What it left is the platform, and its data directory.
    pub(crate) fn leave(self) -> (Sandbox, TempDir) {
        self.effects.finish();
        drop((self.display, self.effects));

        (self.sandbox, self.directory)
    }

    pub(crate) async fn until(&mut self, reached: impl FnMut(&State) -> bool) {
        let reached = timeout(LONGEST_WAIT, self.display.run_until(reached)).await;
        assert!(reached.unwrap().unwrap(), "the sale is over");
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

    /// The id of the request whose code is on the screen.
    pub(crate) fn shown_id(&self) -> String {
        let State::Presenting(shown) = self.display.display().sale().state() else {
            panic!("no code is shown");
        };

        shown.request().id.to_string()
    }

    pub(crate) fn read_screen(&mut self) -> String {
        qr::read(&imageops::grayscale(&self.display.draw().unwrap())).unwrap()
    }

    /// There is nothing on the screen that a phone could pay.
    pub(crate) fn shows_no_code(&mut self) {
        let read = qr::read(&imageops::grayscale(&self.display.draw().unwrap()));
        assert!(read.is_err(), "{read:?} is still on the screen");
    }

    pub(crate) fn close(&mut self) -> Option<u8> {
        self.display.send(Message::Asked(Command::Close));
        self.effects.finish();

        self.effects.exit_code()
    }
}

fn write_key(directory: &Path, key: &str) {
    let path = directory.join("centrapay.key");
    fs::write(&path, key).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;

        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
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
        logo: Logo::of_code(&config.qr.logo).unwrap().map(Arc::new),
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
        order: reference.and_then(|_| counter.order(key, amount)),
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
