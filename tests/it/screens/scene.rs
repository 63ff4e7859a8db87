//! A display that the test gives the answers of the journal and the platform. Nothing runs in the background, so
//! every screen appears at once.

use std::path::Path;
use std::time::{Duration, Instant};

use iced::Size;
use iced::keyboard::{Key, key};
use image::RgbaImage;
use patron_display::app::offscreen::Offscreen;
use patron_display::app::{Appearance, KeyEvent, Message, Mode, Setup};
use patron_display::centrapay::Client;
use patron_display::config::Config;
use patron_display::config::key::Credential;
use patron_display::domain::counter::Counter;
use patron_display::domain::money::Amount;
use patron_display::domain::order::{Order, Particulars};
use patron_display::domain::payment::{BadUrl, PaymentRequest, RequestId, Status, Text};
use patron_display::journal::Journal;
use patron_display::runtime::control::Controls;
use patron_display::runtime::effects::{Announcer, Effects};
use patron_display::runtime::fresh_names::fresh_names;
use patron_display::sale::{
    Earlier, Event, Fact, Known, Moment, Recollection, Rules, Sale, Standing, State, Timer, Timing,
    Wakeup,
};
use secrecy::SecretString;
use tempfile::TempDir;

/// The id of the earlier attempt's payment request.
pub(crate) const REQUEST: &str = "Ve1Jj5H8kqD3gTeq3Yt9Wx";

pub(crate) struct Scene {
    pub(crate) display: Offscreen,
    base_url: String,
    order: Order,
    _directory: TempDir,
}

impl Scene {
    /// Launches a counter with test money. `asked` is the amount of the sale, if the till asks for one.
    pub(crate) async fn new(size: Size<u32>, asked: Option<&str>, operator: Option<&str>) -> Self {
        Self::of(&shop("test"), size, asked, operator).await
    }

    /// Launches a counter with real money.
    pub(crate) async fn live(size: Size<u32>, asked: Option<&str>) -> Self {
        Self::of(&shop("main"), size, asked, None).await
    }

    /// Launches a counter with this configuration.
    pub(crate) async fn of(
        text: &str,
        size: Size<u32>,
        asked: Option<&str>,
        operator: Option<&str>,
    ) -> Self {
        let config = Config::from_str(text, Path::new("screens.toml")).unwrap();
        let directory = tempfile::tempdir().unwrap();
        let credential = Credential::ApiKey(SecretString::from("key"));
        let effects = Effects::new(
            Client::new(&config.api, &credential, config.terminal.clone()).unwrap(),
            Journal::open(directory.path()).unwrap(),
            Announcer::silent(),
        );
        let counter = Counter {
            merchants: config.merchants.clone(),
            default_merchant: config.default_merchant.clone(),
            reference: Some("B2".to_owned()),
            operator: operator.map(ToOwned::to_owned),
            particulars: Particulars::default().into(),
            patron_code: None,
            handover: None,
            external_ref: config.terminal.external_ref,
            part_payments: config.terminal.part_payments,
        };
        let (key, merchant) = config.merchant(None).unwrap();
        let order = |amount: &str| {
            let amount = Amount::parse(amount, merchant.currency).unwrap();

            counter.order(key, amount, fresh_names()).unwrap()
        };
        let rules = Rules::from(&config);
        let setup = Setup {
            order: asked.map(order),
            timing: Timing::from(&config),
            appearance: Appearance::from(&config.display),
            effects,
            patron: None,
            cashier: Vec::new(),
            controls: Controls::none(),
            mode: Mode::Fullscreen,
            counter: counter.clone(),
            rules: rules.clone(),
        };

        Self {
            display: Offscreen::start(setup, size).await.unwrap(),
            base_url: rules.base_url.to_string(),
            order: order("12.50"),
            _directory: directory,
        }
    }

    /// Returns an earlier attempt of another sale.
    pub(crate) fn earlier(&self, standing: Standing) -> Earlier {
        Earlier {
            order: Order {
                reference: "A1".to_owned(),
                token: Some("t0k3n".to_owned()),
                handover: None,
                ..self.order.clone()
            },
            ..self.own(standing)
        }
    }

    /// Returns an earlier attempt of the asked sale of 12.50.
    pub(crate) fn own(&self, standing: Standing) -> Earlier {
        Earlier {
            order: self.order.clone(),
            attempt: 2,
            base_url: self.base_url.clone(),
            request: Some(Known {
                id: RequestId::new(REQUEST).unwrap(),
                short_code: Some(Text::clean("CP-C7F-ZS5")),
                payload: "http://127.0.0.1:9/pay".to_owned(),
                time_left: Duration::ZERO,
            }),
            age: None,
            is_over: false,
            closed_by: None,
            had_money: false,
            unpaid: None,
            settled_at: None,
            patron_presented: false,
            standing,
        }
    }

    /// Passes these unfinished attempts to the display, as the journal's answer.
    pub(crate) fn recalls(&mut self, open: Vec<Earlier>) {
        self.happens(Fact::Recalled(Ok(Recollection {
            taken: Vec::new(),
            attempts: 2,
            open,
        })));
    }

    /// Passes a fact to the sale, as one of its current generation.
    pub(crate) fn happens(&mut self, fact: Fact) {
        let round = self.sale().round();
        self.display
            .send(Message::Sale(Event::Happened { round, fact }));
    }

    /// Lets a timer run out.
    pub(crate) fn wakes(&mut self, timer: Timer) {
        self.happens(Fact::Woke(
            timer,
            Wakeup {
                at: Moment::default(),
                slept: false,
            },
        ));
    }

    pub(crate) fn sale(&self) -> &Sale {
        self.display.display().sale()
    }

    pub(crate) fn state(&self) -> &State {
        self.sale().state()
    }

    /// Waits as long as a cashier needs to read the screen, until the key guard lets keys through.
    pub(crate) async fn is_read(&self) {
        tokio::time::sleep(Duration::from_millis(750)).await;
    }

    pub(crate) fn types(&mut self, text: &str) {
        for character in text.chars() {
            self.display
                .press(Key::Character(character.to_string().into()));
        }
    }

    pub(crate) fn presses(&mut self, key: key::Named) {
        self.display.press(Key::Named(key));
    }

    /// Presses a key while the key guard is active.
    pub(crate) fn presses_at_once(&mut self, key: key::Named) {
        let at = Instant::now();
        let pauses = std::iter::repeat_n(KeyEvent::pause(at), 3);
        let pressed = KeyEvent::press(Key::Named(key), at);
        for event in std::iter::once(pressed).chain(pauses) {
            self.display.send(Message::Key(event));
        }
    }

    pub(crate) fn draws(&mut self) -> RgbaImage {
        self.display.draw().unwrap()
    }
}

/// Returns a payment request that has only an id and this status.
pub(crate) fn request(status: Status) -> PaymentRequest {
    PaymentRequest {
        id: RequestId::new(REQUEST).unwrap(),
        short_code: None,
        url: Err(BadUrl::Missing),
        value: None,
        status,
        liveness: None,
        external_ref: None,
        config_id: None,
        merchant_name: None,
        validity: None,
        time_left: None,
        age: None,
        created_at: None,
        expires_at: None,
        updated_at: None,
        remaining: None,
        conditions: Vec::new(),
        paid_by: Vec::new(),
        cancellation_reason: None,
    }
}

fn shop(liveness: &str) -> String {
    format!(
        "[api]\nbase-url = \"http://127.0.0.1:9\"\npay-hosts = [\"127.0.0.1:9\"]\n\
         [merchants.cafe]\nconfig-id = \"5ee168e8597be5002af7b454\"\n\
         name = \"Centrapay Café\"\nliveness = \"{liveness}\"\n"
    )
}
