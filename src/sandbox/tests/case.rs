//! One request in a store, for tests of the rules without HTTP.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::shop::{after, create};
use crate::sandbox::activity::Activity;
use crate::sandbox::money::Money;
use crate::sandbox::options::{Options, Patron};
use crate::sandbox::refund::RefundBody;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::request::PaymentRequest;
use crate::sandbox::rules::Payment;
use crate::sandbox::store::Store;

/// A store with one request in it.
pub(super) struct Case {
    store: Store,
    id: String,
}

impl Case {
    pub(super) fn new(changes: Value) -> Self {
        Self::with(Options::default(), changes)
    }

    fn with(options: Options, changes: Value) -> Self {
        let mut store = Store::new(options);
        let id = create(&mut store, changes).id;
        Self { store, id }
    }

    pub(super) fn paying_after(seconds: u64, changes: Value) -> Self {
        let options = Options {
            patron: Patron::PaysAfter(Duration::from_secs(seconds)),
            ..Options::default()
        };
        Self::with(options, changes)
    }

    pub(super) fn at(&mut self, now: Timestamp) -> &mut PaymentRequest {
        self.store.request(&self.id, now).unwrap()
    }

    pub(super) fn pay(&mut self, amount: Option<u64>, now: Timestamp) -> Result<Activity, Refusal> {
        self.at(now).pay(payment(amount), now)
    }

    pub(super) fn refund(&mut self, amount: u64, reference: &str) -> Result<usize, &'static str> {
        let now = after(30);
        self.at(now)
            .refund(refund(nzd(amount), reference), now)
            .map(|activity| activity.number)
            .map_err(|refusal| refusal.code())
    }
}

pub(super) fn payment(amount: Option<u64>) -> Payment {
    Payment {
        asset_type: "centrapay.nzd.test".to_owned(),
        amount,
        idempotency_key: None,
        more_follow: false,
        line_items: Vec::new(),
    }
}

pub(super) fn refund(value: Money, reference: &str) -> RefundBody {
    RefundBody {
        value,
        external_ref: reference.to_owned(),
        invoice_ref: None,
        line_items: None,
    }
}

pub(super) fn nzd(amount: u64) -> Money {
    Money {
        amount,
        currency: "NZD".to_owned(),
    }
}

pub(super) fn code<T: std::fmt::Debug>(result: Result<T, Refusal>) -> &'static str {
    result.unwrap_err().code()
}
