//! A shop with one sale, and runs of `refund` for it.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use patron_display::centrapay::Client;
use patron_display::config::Config;
use patron_display::config::key::KeySource;
use patron_display::domain::money::{Amount, Currency};
use patron_display::domain::order::{Order, Particulars};
use patron_display::domain::payment::RequestId;
use patron_display::journal::Journal;
use patron_display::sale::{AttemptKey, Ending, NewRequest, Record};
use patron_display::sandbox::{ApiCall, Control, Fault};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::support::gate::Gate;
use crate::support::shop::{Finished, Shop, new_request};

/// A counter with one paid request of 12.50.
pub(crate) struct Counter {
    pub(crate) shop: Shop,
    pub(crate) id: String,
    pub(crate) short_code: String,
    runtime: Runtime,
}

impl Counter {
    /// Opens a counter whose sale is not in its journal.
    pub(crate) fn open() -> Self {
        let counter = Self::unpaid("A1");
        counter.control().pay(&counter.id).unwrap();

        counter
    }

    /// Opens a counter with an unpaid request under this reference.
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

    /// Creates a request of 12.50 and returns its id and its short code.
    pub(crate) fn create(&self, reference: &str) -> (String, String) {
        let config = self.config();
        let client = self.client(&config);
        let new = self.new_request(&config, reference);
        let request = self.runtime.block_on(client.create(&new)).unwrap();
        let short_code = request.short_code.unwrap().to_string();

        (request.id.to_string(), short_code)
    }

    /// Writes the sale into the journal as fully paid.
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

    /// Locks the counter's journal, as a running display does.
    pub(crate) fn lock(&self) -> Journal {
        Journal::open(&self.shop.path("data")).unwrap()
    }

    pub(crate) fn control(&self) -> Control {
        self.shop.sandbox.as_ref().unwrap().control()
    }

    pub(crate) fn script(&self, call: ApiCall, fault: Fault) {
        self.control().script(call, [fault]);
    }

    /// Makes the platform list refunds of these amounts in cents, without a reference, as documented.
    pub(crate) fn list_refunds(&self, cents: &[u64]) {
        let refunds = cents.iter().map(|cents| self.listed(*cents, None));

        self.list(refunds.collect());
    }

    /// Makes the platform list a refund with this reference from now on.
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
        self.script(ApiCall::Activities, list.forever());
    }

    pub(crate) fn sent(&self) -> u64 {
        self.control().calls(ApiCall::Refund)
    }

    /// Returns how much of the payment was refunded, in cents.
    pub(crate) fn refunded(&self) -> u64 {
        self.control().request(&self.id).unwrap().refunded
    }

    /// Returns the arguments for the refund R1 of the payment, followed by `more`.
    pub(crate) fn arguments<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        [&[&*self.id, "--ref", "R1"], more].concat()
    }

    pub(crate) fn refund(&self, arguments: &[&str]) -> Finished {
        self.run("refund", arguments)
    }

    /// Runs `refund`, and checks the exit code.
    pub(crate) fn refund_ends(&self, exit_code: i32, arguments: &[&str]) -> Finished {
        self.refund(arguments).with(exit_code)
    }

    /// Runs `refund`, which must be refused with this exit code. Returns the sentence.
    pub(crate) fn refund_refused(&self, exit_code: i32, arguments: &[&str]) -> String {
        self.refund(arguments).is_refused_with(exit_code).to_owned()
    }

    /// Runs `settle`, to decide about a part payment.
    pub(crate) fn settle(&self, arguments: &[&str]) -> Finished {
        self.run("settle", arguments)
    }

    pub(crate) fn settle_ends(&self, exit_code: i32, arguments: &[&str]) -> Finished {
        self.settle(arguments).with(exit_code)
    }

    pub(crate) fn settle_refused(&self, exit_code: i32, arguments: &[&str]) -> String {
        self.settle(arguments).is_refused_with(exit_code).to_owned()
    }

    pub(crate) fn history(&self, arguments: &[&str]) -> String {
        self.run("history", arguments).with(0).stdout
    }

    fn run(&self, command: &str, arguments: &[&str]) -> Finished {
        self.shop.run(&[&[command], arguments].concat()).into()
    }

    pub(crate) fn gate(&self) -> Gate {
        let _context = self.runtime.enter();

        Gate::open(self.shop.address())
    }

    fn config(&self) -> Config {
        Config::load(Some(&self.shop.path("config.toml"))).unwrap()
    }

    fn client(&self, config: &Config) -> Client {
        let key = KeySource::new(config.api.clone(), |_| None).load().unwrap();

        Client::new(&config.api, &key, config.terminal.clone()).unwrap()
    }

    fn new_request(&self, config: &Config, reference: &str) -> NewRequest {
        NewRequest {
            base_url: config.api.base_url.to_string(),
            external_ref: reference.to_owned(),
            // With a basket amount, the request can be paid in part or in full.
            particulars: Arc::new(Particulars {
                basket_amount: Some(nzd(1250)),
                ..Particulars::default()
            }),
            ..new_request()
        }
    }
}

pub(crate) fn nzd(minor: u64) -> Amount {
    Amount::from_minor(minor, Currency::NZD)
}

/// Waits until `is_so` returns true. Fails with `what` after 20 s.
pub(crate) fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Timestamp::now();
    while !is_so() {
        let waited = Timestamp::now().duration_since(begun).as_secs();
        assert!(waited < 20, "{what}");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

/// Starts `refund` as another till would. Its output is not read.
pub(crate) fn launched(shop: &Shop, arguments: &[&str]) -> std::process::Child {
    let home: &Path = &shop.path("");

    crate::support::shop::program(home)
        .arg("--config")
        .arg(shop.path("config.toml"))
        .arg("refund")
        .args(arguments)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap()
}
