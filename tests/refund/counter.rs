//! A shop that has sold something, and what its refunds were told.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use patron_display::centrapay::Client;
use patron_display::config::Config;
use patron_display::config::key::KeySource;
use patron_display::journal::Journal;
use patron_display::money::{Amount, Currency};
use patron_display::payment::RequestId;
use patron_display::sale::{AttemptKey, Ending, NewRequest, Order, Particulars, Record};
use patron_display::sandbox::{Call, Control, Fault};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::shop::{Shop, sentence};

/// A counter with one paid request of 12.50.
pub(crate) struct Counter {
    pub(crate) shop: Shop,
    pub(crate) id: String,
    pub(crate) short_code: String,
    runtime: Runtime,
}

/// What one launch of `refund` has told, and by which exit code.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) exit_code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Counter {
    /// A counter whose sale is not in its journal.
    pub(crate) fn open() -> Self {
        let counter = Self::unpaid("A1");
        counter.control().pay(&counter.id).unwrap();

        counter
    }

    /// The same with a request of this reference that nobody has paid.
    pub(crate) fn unpaid(reference: &str) -> Self {
        let mut counter = Self {
            shop: Shop::open(),
            id: String::new(),
            short_code: String::new(),
            runtime: Runtime::new().unwrap(),
        };
        (counter.id, counter.short_code) = counter.create(reference);

        counter
    }

    /// Creates a request of 12.50 and answers with its id and its short code.
    pub(crate) fn create(&self, reference: &str) -> (String, String) {
        let config = self.config();
        let client = self.client(&config);
        let new = self.new_request(&config, reference);
        let request = self.runtime.block_on(client.create(&new)).unwrap();
        let short_code = request.short_code.unwrap().to_string();

        (request.id.to_string(), short_code)
    }

    /// Writes the sale into the counter's own journal: it was paid in full.
    pub(crate) fn journal_the_sale(&self) {
        self.journal(
            "A1",
            &self.id,
            Ending::Paid {
                by: Vec::new(),
                kept: false,
            },
        );
    }

    /// Writes a sale into the counter's own journal.
    pub(crate) fn journal(&self, reference: &str, id: &str, ending: Ending) {
        let config = self.config();
        let (key, merchant) = config.merchant(None).unwrap();
        let order = Order {
            amount: nzd(1250),
            merchant_key: key.clone(),
            merchant: merchant.clone(),
            reference: reference.to_owned(),
            token: None,
            handover: None,
            operator: None,
            particulars: Arc::default(),
            patron_code: None,
        };
        let journal = self.lock();
        for record in [
            Record::Intent {
                request: self.new_request(&config, reference),
                order,
            },
            Record::Created {
                id: RequestId::new(id).unwrap(),
                short_code: self.control().request(id).unwrap().short_code,
                payload: String::new(),
            },
            Record::Shown,
            Record::Verdict {
                ending,
                late: false,
            },
        ] {
            let key = AttemptKey {
                sale: reference.to_owned(),
                attempt: 1,
            };
            self.runtime.block_on(journal.record(key, record)).unwrap();
        }
        journal.close();
    }

    /// The counter, as a display has it.
    pub(crate) fn lock(&self) -> Journal {
        Journal::open(&self.shop.path("data")).unwrap()
    }

    pub(crate) fn control(&self) -> Control {
        self.shop.sandbox.as_ref().unwrap().control()
    }

    pub(crate) fn script(&self, call: Call, fault: Fault) {
        self.control().script(call, [fault]);
    }

    /// The platform lists refunds of these cents from now on, as its documentation has them: without a
    /// reference.
    pub(crate) fn list_refunds(&self, cents: &[u64]) {
        let refunds = cents.iter().map(|cents| self.listed(*cents, None));

        self.list(refunds.collect());
    }

    /// The platform lists this refund from now on, with its reference.
    pub(crate) fn list_refund_named(&self, reference: &str, cents: u64) {
        self.list(vec![self.listed(cents, Some(reference))]);
    }

    fn listed(&self, cents: u64, reference: Option<&str>) -> Value {
        let mut refund = json!({
            "type": "refund",
            "value": { "amount": cents.to_string(), "currency": "NZD" },
            "paymentRequestId": self.id,
            "shortCode": "CP-C7F-ZS5-032",
        });
        if let Some(reference) = reference {
            refund["externalRef"] = reference.into();
        }

        refund
    }

    fn list(&self, mut items: Vec<Value>) {
        items.push(json!({ "type": "payment", "paymentRequestId": self.id }));
        let list = Fault::edit(json!({ "items": items }));
        self.script(Call::Activities, list.forever());
    }

    pub(crate) fn sent(&self) -> u64 {
        self.control().calls(Call::Refund)
    }

    /// What has gone back, in cents.
    pub(crate) fn refunded(&self) -> u64 {
        self.control().request(&self.id).unwrap().refunded
    }

    pub(crate) fn refund(&self, arguments: &[&str]) -> Told {
        let output = self.shop.run(&[&["refund"], arguments].concat());

        Told {
            exit_code: output.status.code(),
            stderr: sentence(&output),
            stdout: String::from_utf8(output.stdout).unwrap(),
        }
    }

    /// Says what becomes of a part payment.
    pub(crate) fn settle(&self, arguments: &[&str]) -> Told {
        let output = self.shop.run(&[&["settle"], arguments].concat());

        Told {
            exit_code: output.status.code(),
            stderr: sentence(&output),
            stdout: String::from_utf8(output.stdout).unwrap(),
        }
    }

    pub(crate) fn history(&self, arguments: &[&str]) -> String {
        let output = self.shop.run(&[&["history"], arguments].concat());
        assert_eq!(output.status.code(), Some(0));

        String::from_utf8(output.stdout).unwrap()
    }

    fn config(&self) -> Config {
        Config::load(Some(&self.shop.path("config.toml"))).unwrap()
    }

    fn client(&self, config: &Config) -> Client {
        let key = KeySource::new(config.api.clone(), |_| None).load().unwrap();

        Client::new(&config.api, &key, config.terminal.clone()).unwrap()
    }

    fn new_request(&self, config: &Config, reference: &str) -> NewRequest {
        let (_, merchant) = config.merchant(None).unwrap();

        NewRequest {
            base_url: config.api.base_url.to_string(),
            config_id: merchant.config_id.clone(),
            amount: nzd(1250),
            external_ref: reference.to_owned(),
            expiry_seconds: 120,
            operator: None,
            // A part may be paid, and all of it as well.
            particulars: Arc::new(Particulars {
                basket_amount: Some(nzd(1250)),
                ..Particulars::default()
            }),
            barcode: None,
        }
    }
}

impl Told {
    /// The only line on standard output, which is JSON.
    pub(crate) fn event(&self) -> Value {
        assert_eq!(self.stdout.lines().count(), 1, "{self:?}");

        serde_json::from_str(&self.stdout).unwrap()
    }

    /// What it came to: the exit code, and nothing on standard output.
    pub(crate) fn is_refused_with(&self, exit_code: i32) -> &str {
        assert_eq!(self.exit_code, Some(exit_code), "{self:?}");
        assert!(self.stdout.is_empty(), "{self:?}");
        crate::shop::one_line(&self.stderr);

        &self.stderr
    }
}

pub(crate) fn nzd(minor: u64) -> Amount {
    Amount::from_minor(minor, Currency::NZD)
}

/// Now, and where the program is.
pub(crate) fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Timestamp::now();
    while !is_so() {
        let waited = Timestamp::now().duration_since(begun).as_secs();
        assert!(waited < 20, "{what}");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

/// The refund as another till would launch it, with nothing to read its output.
pub(crate) fn launched(shop: &Shop, arguments: &[&str]) -> std::process::Child {
    let home: &Path = &shop.path("");

    crate::shop::program(home)
        .arg("--config")
        .arg(shop.path("config.toml"))
        .arg("refund")
        .args(arguments)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap()
}
