//! A payment request: what it is and what can be read off it. What may be done to it, and when,
//! is in `rules.rs`.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::activity::{Activity, Event};
use super::cancellation::CancellationReason;
use super::condition::{Condition, ConditionStatus};
use super::create::{Details, NewRequest};
use super::money::Money;

/// A payment request's `status`, in the platform's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It can be paid.
    New,
    /// It was paid, in full or in part; it stays so after a refund.
    Paid,
    /// Its time ran out.
    Expired,
    /// Somebody stopped it; see [`CancellationReason`].
    Cancelled,
}

/// One payment request. Every amount is in minor units of `value.currency`.
#[derive(Clone, Debug)]
pub(super) struct PaymentRequest {
    pub(super) id: String,
    pub(super) short_code: String,
    pub(super) config_id: String,
    /// The asset that pays it.
    pub(super) asset_type: String,
    pub(super) value: Money,
    pub(super) basket_amount: Option<Money>,
    pub(super) details: Details,
    pub(super) status: Status,
    pub(super) cancellation_reason: Option<CancellationReason>,
    pub(super) expiry_seconds: u32,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) expires_at: Timestamp,
    pub(super) first_polled_at: Option<Timestamp>,
    pub(super) conditions: Vec<Condition>,
    /// Oldest first.
    pub(super) activities: Vec<Activity>,
}

impl PaymentRequest {
    pub(super) fn new(
        id: String,
        short_code: String,
        asset_type: String,
        new: NewRequest,
        now: Timestamp,
    ) -> Self {
        let mut request = Self {
            id,
            short_code,
            config_id: new.config_id,
            asset_type,
            value: new.value,
            basket_amount: new.basket_amount,
            details: new.details,
            status: Status::New,
            cancellation_reason: None,
            expiry_seconds: new.expiry_seconds,
            created_at: now,
            updated_at: now,
            expires_at: later(now, Duration::from_secs(new.expiry_seconds.into())),
            first_polled_at: None,
            conditions: Vec::new(),
            activities: Vec::new(),
        };
        request.record(now, Event::Request);
        request
    }

    /// What was paid so far, refunds not taken off.
    pub(super) fn captured(&self) -> u64 {
        self.sum(|event| match event {
            Event::Payment { amount, .. } => Some(*amount),
            _ => None,
        })
    }

    /// What was given back so far.
    pub(super) fn refunded(&self) -> u64 {
        self.sum(|event| match event {
            Event::Refund { amount, .. } => Some(*amount),
            _ => None,
        })
    }

    /// What of the payment was not given back.
    pub(super) fn kept(&self) -> u64 {
        self.captured().saturating_sub(self.refunded())
    }

    /// The unpaid amount in minor units.
    pub(super) fn owed(&self) -> u64 {
        self.value.amount.saturating_sub(self.captured())
    }

    /// The `remainingAmount` of a read. Only requests that may be paid in parts have it, and only until they are paid
    /// in full.
    pub(super) fn remaining(&self) -> Option<u64> {
        Some(self.owed()).filter(|owed| *owed > 0 && self.details.partial_allowed())
    }

    /// The condition that keeps the request from being paid, if there is one.
    pub(super) fn open_condition(&self) -> Option<&Condition> {
        self.conditions
            .iter()
            .find(|condition| condition.status == ConditionStatus::AwaitingMerchant)
    }

    /// Appends what happened. The time of the last change follows it.
    pub(super) fn record(&mut self, at: Timestamp, event: Event) -> Activity {
        let activity = Activity {
            number: self.activities.len() + 1,
            at,
            event,
        };
        self.updated_at = at;
        self.activities.push(activity.clone());
        activity
    }

    /// Moves every time of the request back by this much.
    pub(super) fn age(&mut self, by: Duration) {
        let answers = self.conditions.iter_mut();
        let times = [
            &mut self.created_at,
            &mut self.updated_at,
            &mut self.expires_at,
        ]
        .into_iter()
        .chain(&mut self.first_polled_at)
        .chain(self.activities.iter_mut().map(|activity| &mut activity.at))
        .chain(answers.filter_map(|condition| condition.answered_at.as_mut()));

        for at in times {
            *at = at.checked_sub(by).unwrap_or(Timestamp::MIN);
        }
    }

    fn sum(&self, amount: impl Fn(&Event) -> Option<u64>) -> u64 {
        self.activities
            .iter()
            .filter_map(|activity| amount(&activity.event))
            .sum()
    }
}

/// `at` plus `wait`; the end of time where that is out of range.
pub(super) fn later(at: Timestamp, wait: Duration) -> Timestamp {
    at.checked_add(wait).unwrap_or(Timestamp::MAX)
}
