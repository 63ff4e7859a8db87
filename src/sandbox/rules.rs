//! The rules for changing a payment request. The caller must first call [`SandboxRequest::advance`] with the same `now`.

use std::time::Duration;

use jiff::Timestamp;

use super::money::{SandboxLineItem, check_line_items};
use super::options::PatronMode;
use super::refund::INACTIVE_ASSET_REFUNDED;
use super::refusal::SandboxRefusal;
use super::request::{
    ActivityEvent, ActivityRecord, CancelReason, MerchantCondition, MerchantConditionStatus,
    SandboxRequest, SandboxStatus, later,
};
use crate::domain::payment::Decision;

/// A request can be voided for this long after its creation.
const VOID_WINDOW: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Clone, Debug)]
pub(super) struct PatronPayment {
    pub(super) asset_type: String,
    /// `None` pays everything.
    pub(super) amount: Option<u64>,
    /// Makes a repeated payment count once.
    pub(super) idempotency_key: Option<String>,
    pub(super) more_follow: bool,
    pub(super) line_items: Vec<SandboxLineItem>,
}

impl SandboxRequest {
    /// Applies what was due by `now`: the automatic payment or the expiry, whichever came first.
    pub(super) fn advance(&mut self, now: Timestamp, patron: PatronMode) {
        if self.status != SandboxStatus::New {
            return;
        }

        match self.payment_due(patron) {
            Some(due) if due < self.expires_at && due <= now => {
                self.capture(due, self.owed(), None, Vec::new());
            }
            _ if now >= self.expires_at => self.end_as_expired(self.expires_at),
            _ => {}
        }
    }

    fn payment_due(&self, patron: PatronMode) -> Option<Timestamp> {
        let PatronMode::PaysAfter(wait) = patron else {
            return None;
        };
        if self.open_condition().is_some() {
            return None;
        }

        let due = later(self.first_polled_at?, wait);
        let answered = self.conditions.iter().filter_map(|c| c.answered_at).max();
        Some(answered.map_or(due, |answered| due.max(answered)))
    }

    /// Records a merchant's read. The first read calculates the conditions. If the merchant cannot answer
    /// conditions, the request is cancelled. The documentation does not name the cancellation's reason.
    pub(super) fn poll(&mut self, now: Timestamp) {
        if self.first_polled_at.is_some() {
            return;
        }

        self.first_polled_at = Some(now);
        if self.status != SandboxStatus::New || !self.details.needs_condition() {
            return;
        }
        if self.details.conditions_enabled == Some(true) {
            self.conditions.push(MerchantCondition::awaiting_merchant());
            self.updated_at = now;
        } else {
            self.end_as_cancelled(CancelReason::DeclinedByMerchant, now);
        }
    }

    /// Pays in full, or in part if the merchant allows it. Either payment ends the request, unless more parts
    /// follow.
    /// Errors: 403 `INVALID_ASSET_TYPE`, `REQUEST_PAID`, `REQUEST_EXPIRED`, `REQUEST_CANCELLED`,
    /// `PAYMENT_UNCONFIRMED` while a condition is open, `INVALID_AMOUNT`; 400 `LINE_ITEMS_SUM_CHECK_FAILED`.
    pub(super) fn pay(
        &mut self,
        payment: PatronPayment,
        now: Timestamp,
    ) -> Result<ActivityRecord, SandboxRefusal> {
        if let Some(earlier) = self.payment_with_key(payment.idempotency_key.as_deref()) {
            return Ok(earlier.clone());
        }
        self.must_be_new()?;
        if payment.asset_type != self.asset_type {
            return Err(SandboxRefusal::rule(
                "INVALID_ASSET_TYPE",
                format!("this is paid with {}", self.asset_type),
            ));
        }
        if let Some(condition) = self.open_condition() {
            return Err(SandboxRefusal::rule(
                "PAYMENT_UNCONFIRMED",
                condition.message,
            ));
        }
        let owed = self.owed();
        let amount = payment.amount.unwrap_or(owed);
        let is_possible = amount == owed || self.details.partial_allowed == Some(true);
        if !(1..=owed).contains(&amount) || !is_possible {
            return Err(SandboxRefusal::invalid_amount("a payment", owed));
        }
        if !payment.line_items.is_empty() {
            check_line_items(&payment.line_items, &[amount])?;
        }
        let (key, line_items) = (payment.idempotency_key, payment.line_items);
        if payment.more_follow && amount < owed {
            return Ok(self.take_in(now, amount, key, line_items));
        }

        Ok(self.capture(now, amount, key, line_items))
    }

    fn take_in(
        &mut self,
        now: Timestamp,
        amount: u64,
        idempotency_key: Option<String>,
        line_items: Vec<SandboxLineItem>,
    ) -> ActivityRecord {
        self.record(
            now,
            ActivityEvent::Payment {
                amount,
                asset_type: self.asset_type.clone(),
                idempotency_key,
                line_items,
            },
        )
    }

    /// Takes the money without checking the rules, even after the request has ended: a payment may arrive late.
    pub(super) fn capture(
        &mut self,
        now: Timestamp,
        amount: u64,
        idempotency_key: Option<String>,
        line_items: Vec<SandboxLineItem>,
    ) -> ActivityRecord {
        let payment = self.take_in(now, amount, idempotency_key, line_items);
        self.record(now, ActivityEvent::Paid);
        self.status = SandboxStatus::Paid;
        self.cancellation_reason = None;
        if self.details.is_marked(INACTIVE_ASSET_REFUNDED) {
            self.record(now, ActivityEvent::refund(self.kept()));
        }
        payment
    }

    /// Voids the request: cancels a new one, and refunds a paid one in full.
    /// Errors: 403 `REQUEST_EXPIRED`, `REQUEST_CANCELLED`, `VOID_WINDOW_EXCEEDED`, `ALREADY_REFUNDED`,
    /// `INACTIVE_ASSET`, `REFUND_NOT_SUPPORTED`.
    pub(super) fn void(&mut self, now: Timestamp) -> Result<ActivityRecord, SandboxRefusal> {
        if matches!(
            self.status,
            SandboxStatus::Expired | SandboxStatus::Cancelled
        ) {
            return Err(self.ended());
        }
        if now >= later(self.created_at, VOID_WINDOW) {
            return Err(SandboxRefusal::rule(
                "VOID_WINDOW_EXCEEDED",
                "a request can be voided for 24 hours",
            ));
        }
        if self.status == SandboxStatus::New {
            return self.cancel(CancelReason::CancelledByMerchant, now);
        }

        let amount = self.kept();
        if amount == 0 {
            return Err(self.already_refunded());
        }
        self.asset_can_be_refunded()?;
        Ok(self.record(now, ActivityEvent::refund(amount)))
    }

    /// Cancels a new request.
    /// Errors: 403 `REQUEST_PAID`, `REQUEST_EXPIRED`, `REQUEST_CANCELLED`.
    pub(super) fn cancel(
        &mut self,
        reason: CancelReason,
        now: Timestamp,
    ) -> Result<ActivityRecord, SandboxRefusal> {
        self.must_be_new()?;

        Ok(self.end_as_cancelled(reason, now))
    }

    fn end_as_cancelled(&mut self, reason: CancelReason, now: Timestamp) -> ActivityRecord {
        self.status = SandboxStatus::Cancelled;
        self.cancellation_reason = Some(reason);
        self.drop_open_conditions();
        let cancelled = self.record(now, ActivityEvent::Cancellation);
        self.return_parts(now);
        cancelled
    }

    /// Refunds the parts that came in before the request ended.
    fn return_parts(&mut self, now: Timestamp) {
        let amount = self.kept();
        if amount > 0 {
            self.record(now, ActivityEvent::refund(amount));
        }
    }

    /// Expires a new request at once.
    /// Errors: 403 `REQUEST_PAID`, `REQUEST_EXPIRED`, `REQUEST_CANCELLED`.
    pub(super) fn expire(&mut self, now: Timestamp) -> Result<(), SandboxRefusal> {
        self.must_be_new()?;
        self.expires_at = now;
        self.end_as_expired(now);
        Ok(())
    }

    /// Answers a condition. Declining cancels the request.
    /// Errors: 403 `FORBIDDEN` for an unknown id, `CONDITION_ALREADY_SET` for an answered or void one.
    pub(super) fn answer_condition(
        &mut self,
        id: &str,
        answer: Decision,
        now: Timestamp,
    ) -> Result<ActivityRecord, SandboxRefusal> {
        let condition = self
            .conditions
            .iter_mut()
            .find(|condition| condition.id == id)
            .ok_or_else(|| SandboxRefusal::unknown("condition"))?;
        if condition.status != MerchantConditionStatus::AwaitingMerchant {
            return Err(SandboxRefusal::rule(
                "CONDITION_ALREADY_SET",
                "this condition is not open",
            ));
        }

        condition.answered_at = Some(now);
        let condition_id = condition.id.clone();
        match answer {
            Decision::Accept => {
                condition.status = MerchantConditionStatus::Accepted;
                Ok(self.record(now, ActivityEvent::AcceptCondition { condition_id }))
            }
            Decision::Decline => {
                condition.status = MerchantConditionStatus::Declined;
                let activity = self.record(now, ActivityEvent::DeclineCondition { condition_id });
                self.cancel(CancelReason::DeclinedByMerchant, now)?;
                Ok(activity)
            }
        }
    }

    fn must_be_new(&self) -> Result<(), SandboxRefusal> {
        match self.status {
            SandboxStatus::New => Ok(()),
            _ => Err(self.ended()),
        }
    }

    pub(super) fn ended(&self) -> SandboxRefusal {
        match self.status {
            SandboxStatus::Expired => {
                SandboxRefusal::rule("REQUEST_EXPIRED", "the request has expired")
            }
            SandboxStatus::Cancelled => {
                SandboxRefusal::rule("REQUEST_CANCELLED", "the request was cancelled")
            }
            SandboxStatus::New | SandboxStatus::Paid => {
                SandboxRefusal::rule("REQUEST_PAID", "the request is already paid")
            }
        }
    }

    fn end_as_expired(&mut self, at: Timestamp) {
        self.status = SandboxStatus::Expired;
        self.drop_open_conditions();
        self.record(at, ActivityEvent::Expiry);
        self.return_parts(at);
    }

    fn drop_open_conditions(&mut self) {
        for condition in &mut self.conditions {
            if condition.status == MerchantConditionStatus::AwaitingMerchant {
                condition.status = MerchantConditionStatus::Void;
            }
        }
    }

    fn payment_with_key(&self, key: Option<&str>) -> Option<&ActivityRecord> {
        let key = key?;

        self.activities.iter().find(|activity| {
            matches!(&activity.event, ActivityEvent::Payment { idempotency_key, .. }
                if idempotency_key.as_deref() == Some(key))
        })
    }
}
