//! The whole application without a window, against the embedded platform: the display's own update
//! and view, real effects, a real journal and real HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot set its scene has failed"
)]

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
use patron_display::sale::{Command, Rules, State, Timing};
use patron_display::sandbox::{Options, Sandbox, Status};
use secrecy::SecretString;
use tempfile::TempDir;

/// One sale at a counter whose platform is the sandbox.
struct Rehearsal {
    sandbox: Sandbox,
    display: Offscreen,
    effects: Effects,
    told: Told,
    _directory: TempDir,
}

/// What the till was told.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<u8>>>);

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
    fn events(&self) -> Vec<serde_json::Value> {
        let bytes = self.0.lock().unwrap().clone();

        String::from_utf8(bytes)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    fn names(&self) -> Vec<String> {
        self.events()
            .iter()
            .map(|event| event["event"].as_str().unwrap().to_owned())
            .collect()
    }
}

impl Rehearsal {
    async fn begin(size: Size<u32>, more: &str) -> Self {
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
        let credential = Credential::ApiKey(SecretString::from("key"));
        let effects = Effects::new(
            Client::new(&config.api, &credential, config.terminal.clone()).unwrap(),
            Journal::open(directory.path()).unwrap(),
            Announcer::json_lines(told.clone()),
        );
        let counter = Counter {
            merchants: config.merchants.clone(),
            default_merchant: config.default_merchant.clone(),
            reference: Some("A1".to_owned()),
            operator: None,
        };
        let (key, merchant) = config.merchant(None).unwrap();
        let amount = Amount::parse("12.50", merchant.currency).unwrap();
        let setup = Setup {
            rules: Rules::from(&config),
            timing: Timing::from(&config),
            order: counter.order(key, amount),
            counter,
            effects: effects.clone(),
            theme: config.display.theme,
            patron: None,
            cashier: Vec::new(),
            mode: Mode::Fullscreen,
        };

        Self {
            display: Offscreen::start(setup, size).await.unwrap(),
            sandbox,
            effects,
            told,
            _directory: directory,
        }
    }

    async fn until(&mut self, reached: impl FnMut(&State) -> bool) {
        assert!(
            self.display.run_until(reached).await.unwrap(),
            "the sale is over"
        );
    }

    async fn until_shown(&mut self) {
        self.until(|state| matches!(state, State::Presenting(shown) if shown.is_on_screen()))
            .await;
    }

    async fn until_ended(&mut self, name: &str) {
        self.until(|state| matches!(state, State::Ended(_))).await;
        let State::Ended(ended) = self.display.display().sale().state() else {
            panic!("not ended");
        };
        assert_eq!(ended.ending().name(), name);
    }

    fn latest(&self) -> String {
        self.sandbox.control().latest().unwrap()
    }

    fn read_screen(&mut self) -> String {
        qr::read(&imageops::grayscale(&self.display.draw().unwrap())).unwrap()
    }

    fn close(&mut self) -> Option<u8> {
        self.display.send(Message::Asked(Command::Close));
        self.effects.finish();

        self.effects.exit_code()
    }
}

const SCREENS: [Size<u32>; 6] = [
    Size::new(1920, 1080),
    Size::new(1080, 1920),
    Size::new(1280, 800),
    Size::new(1024, 600),
    Size::new(800, 480),
    Size::new(480, 800),
];

#[tokio::test]
async fn a_customer_pays_and_the_till_is_told_in_order() {
    let mut sale = Rehearsal::begin(SCREENS[0], "").await;
    sale.until_shown().await;
    sale.sandbox.control().pay(&sale.latest()).unwrap();
    sale.until_ended("paid").await;
    assert_eq!(sale.close(), Some(0));
    assert_eq!(sale.told.names(), ["created", "shown", "ended", "outcome"]);
    let outcome = sale.told.events().pop().unwrap();
    assert_eq!(outcome["paidBy"][0]["description"], "Centrapay NZD");
    assert_eq!(
        sale.sandbox
            .control()
            .captured_minus_refunded(&sale.latest()),
        Some(1250)
    );
}

#[tokio::test]
async fn the_code_on_every_screen_says_exactly_the_requests_url() {
    for size in SCREENS {
        let mut sale = Rehearsal::begin(size, "").await;
        sale.until_shown().await;
        let url = sale.sandbox.control().request(&sale.latest()).unwrap().url;
        assert_eq!(sale.read_screen(), url, "{size:?}");
    }
}

#[tokio::test]
async fn the_code_says_the_older_form_where_that_is_configured() {
    let mut sale = Rehearsal::begin(SCREENS[4], "[qr]\ncontent = \"pay-endpoint\"\n").await;
    sale.until_shown().await;
    let form = format!(
        "{}/api/payment-requests/{}/pay",
        sale.sandbox.base_url(),
        sale.latest()
    );
    assert_eq!(sale.read_screen(), form);
}

#[tokio::test]
async fn an_expired_request_can_be_tried_again_and_paid() {
    let mut sale = Rehearsal::begin(SCREENS[3], "").await;
    sale.until_shown().await;
    let first = sale.latest();
    sale.sandbox.control().expire(&first).unwrap();
    sale.until_ended("expired").await;
    sale.display.send(Message::Asked(Command::Retry));
    sale.until_shown().await;
    assert_ne!(sale.latest(), first);
    sale.sandbox.control().pay(&sale.latest()).unwrap();
    sale.until_ended("paid").await;
    assert_eq!(sale.close(), Some(0));
    let references: Vec<_> = sale
        .sandbox
        .control()
        .requests()
        .into_iter()
        .map(|request| request.external_ref.unwrap())
        .collect();
    assert_eq!(references, ["A1", "A1-2"]);
}

#[tokio::test]
async fn a_cancelled_sale_is_void_at_the_platform() {
    let mut sale = Rehearsal::begin(SCREENS[4], "").await;
    sale.until_shown().await;
    sale.display.send(Message::Asked(Command::Cancel));
    sale.until_ended("cancelled").await;
    assert_eq!(sale.close(), Some(21));
    let request = sale.sandbox.control().request(&sale.latest()).unwrap();
    assert_eq!(request.status, Status::Cancelled);
    assert_eq!(
        sale.told.names(),
        ["created", "shown", "waiting", "ended", "outcome"]
    );
}

#[tokio::test]
async fn f31_a_payment_that_the_cancellation_overtakes_is_a_refund_and_never_paid() {
    let mut sale = Rehearsal::begin(SCREENS[4], "").await;
    sale.until_shown().await;
    sale.sandbox.control().pay(&sale.latest()).unwrap();
    sale.display.send(Message::Asked(Command::Cancel));
    sale.until_ended("refund-started").await;
    assert_eq!(sale.close(), Some(22));
    assert_eq!(
        sale.sandbox
            .control()
            .captured_minus_refunded(&sale.latest()),
        Some(0)
    );
}

#[tokio::test]
async fn a_customer_who_declines_is_told_so_and_the_till_gets_the_platforms_reason() {
    let mut sale = Rehearsal::begin(SCREENS[4], "").await;
    sale.until_shown().await;
    sale.sandbox.control().decline(&sale.latest()).unwrap();
    sale.until_ended("cancelled").await;
    assert_eq!(sale.close(), Some(21));
    let outcome = sale.told.events().pop().unwrap();
    assert_eq!(outcome["reason"], "DECLINED_BY_PATRON");
}

#[tokio::test]
async fn f4_a_platform_that_is_down_ends_unreachable_with_nothing_created() {
    let mut sale = Rehearsal::begin(SCREENS[4], "").await;
    sale.until_shown().await;
    sale.sandbox.control().expire(&sale.latest()).unwrap();
    sale.until_ended("expired").await;
    let control = sale.sandbox.control();
    let Rehearsal {
        sandbox,
        mut display,
        effects,
        told,
        ..
    } = sale;
    sandbox.shutdown().await;
    display.send(Message::Asked(Command::Retry));
    let ended = |state: &State| matches!(state, State::Ended(_));
    assert!(display.run_until(ended).await.unwrap());
    display.send(Message::Asked(Command::Close));
    effects.finish();
    assert_eq!(effects.exit_code(), Some(41));
    assert_eq!(control.requests().len(), 1);
    assert_eq!(told.events().pop().unwrap()["outcome"], "unreachable");
}
