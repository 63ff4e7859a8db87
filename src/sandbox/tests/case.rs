//! A store with one request, for tests of the rules without HTTP.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::shop::{after, create};
use crate::sandbox::money::MoneyValue;
use crate::sandbox::options::{Options, PatronMode};
use crate::sandbox::refund::RefundInput;
use crate::sandbox::refusal::SandboxRefusal;
use crate::sandbox::request::{ActivityRecord, SandboxRequest};
use crate::sandbox::rules::PatronPayment;
use crate::sandbox::store::RequestStore;

/// A store with one request.
pub(super) struct Case {
    store: RequestStore,
    id: String,
}

impl Case {
    pub(super) fn new(changes: Value) -> Self {
        Self::with(Options::default(), changes)
    }

    fn with(options: Options, changes: Value) -> Self {
        let mut store = RequestStore::new(options);
        let id = create(&mut store, changes).id;
        Self { store, id }
    }

    pub(super) fn paying_after(seconds: u64, changes: Value) -> Self {
        let options = Options {
            patron: PatronMode::PaysAfter(Duration::from_secs(seconds)),
            ..Options::default()
        };
        Self::with(options, changes)
    }

    pub(super) fn at(&mut self, now: Timestamp) -> &mut SandboxRequest {
        self.store.request(&self.id, now).unwrap()
    }

    pub(super) fn pay(
        &mut self,
        amount: Option<u64>,
        now: Timestamp,
    ) -> Result<ActivityRecord, SandboxRefusal> {
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

pub(super) fn payment(amount: Option<u64>) -> PatronPayment {
    PatronPayment {
        asset_type: "centrapay.nzd.test".to_owned(),
        amount,
        idempotency_key: None,
        more_follow: false,
        line_items: Vec::new(),
    }
}

pub(super) fn refund(value: MoneyValue, reference: &str) -> RefundInput {
    RefundInput {
        value,
        external_ref: reference.to_owned(),
        invoice_ref: None,
        line_items: None,
    }
}

pub(super) fn nzd(amount: u64) -> MoneyValue {
    MoneyValue {
        amount,
        currency: "NZD".to_owned(),
    }
}

pub(super) fn code<T: std::fmt::Debug>(result: Result<T, SandboxRefusal>) -> &'static str {
    result.unwrap_err().code()
}
