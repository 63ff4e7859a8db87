//! What may be done to a payment request, and what the platform refuses when. Time comes in as
//! `now`; whoever calls has brought the request up to it with [`PaymentRequest::advance`].

use std::time::Duration;

use jiff::Timestamp;

use super::activity::{Activity, Event};
use super::cancellation::CancellationReason;
use super::condition::{Answer, Condition, ConditionStatus};
use super::line_item::{self, LineItem};
use super::options::Patron;
use super::refund::INACTIVE_ASSET_REFUNDED;
use super::refusal::Refusal;
use super::request::{PaymentRequest, Status, later};

/// The platform voids a request this long after its creation and no longer.
const VOID_WINDOW: Duration = Duration::from_secs(24 * 60 * 60);

/// A patron's wish to pay.
#[derive(Clone, Debug)]
pub(super) struct Payment {
    pub(super) asset_type: String,
    /// `None` pays all of it.
    pub(super) amount: Option<u64>,
    /// Sent again with the same key, a payment is made once and answered twice.
    pub(super) idempotency_key: Option<String>,
    /// Whether the patron's app adds further means of payment.
    pub(super) more_follow: bool,
    /// The line items that it buys, where it names them.
    pub(super) line_items: Vec<LineItem>,
}

impl PaymentRequest {
    /// Lets happen what was due by `now`: the patron's payment or the expiry, whichever came first.
    pub(super) fn advance(&mut self, now: Timestamp, patron: Patron) {
        if self.status != Status::New {
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

    /// When the sandbox's own patron pays.
    fn payment_due(&self, patron: Patron) -> Option<Timestamp> {
        let Patron::PaysAfter(wait) = patron else {
            return None;
        };
        if self.open_condition().is_some() {
            return None;
        }

        let due = later(self.first_polled_at?, wait);
        let answered = self.conditions.iter().filter_map(|c| c.answered_at).max();
        Some(answered.map_or(due, |answered| due.max(answered)))
    }

    /// Records a read of the merchant's. The first one calculates the conditions. If the merchant cannot answer
    /// conditions, it cancels the request. The documentation does not name the reason.
    pub(super) fn poll(&mut self, now: Timestamp) {
        if self.first_polled_at.is_some() {
            return;
        }

        self.first_polled_at = Some(now);
        if self.status != Status::New || !self.details.needs_condition() {
            return;
        }
        if self.details.conditions_enabled() {
            self.conditions.push(Condition::awaiting_merchant());
            self.updated_at = now;
        } else {
            self.end_as_cancelled(CancellationReason::DeclinedByMerchant, now);
        }
    }

    /// The patron pays, in full or, where the merchant allows it, in part. Either ends the request,
    /// unless the patron's app says that more parts follow.
    ///
    /// # Errors
    /// 403 `INVALID_ASSET_TYPE`, `REQUEST_PAID`, `REQUEST_EXPIRED`, `REQUEST_CANCELLED`,
    /// `PAYMENT_UNCONFIRMED` while a condition waits, `INVALID_AMOUNT`; 400 `LINE_ITEMS_SUM_CHECK_FAILED` if its line
    /// items do not sum to its amount.
    pub(super) fn pay(&mut self, payment: Payment, now: Timestamp) -> Result<Activity, Refusal> {
        if let Some(earlier) = self.payment_with_key(payment.idempotency_key.as_deref()) {
            return Ok(earlier.clone());
        }
        self.must_be_new()?;
        if payment.asset_type != self.asset_type {
            return Err(Refusal::rule(
                "INVALID_ASSET_TYPE",
                format!("this is paid with {}", self.asset_type),
            ));
        }
        if let Some(condition) = self.open_condition() {
            return Err(Refusal::rule("PAYMENT_UNCONFIRMED", condition.message));
        }
        let owed = self.owed();
        let amount = payment.amount.unwrap_or(owed);
        if amount > owed || !(amount == owed || self.details.partial_allowed()) {
            return Err(invalid_amount("a payment", owed));
        }
        if !payment.line_items.is_empty() {
            line_item::check(&payment.line_items, &[amount])?;
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
        line_items: Vec<LineItem>,
    ) -> Activity {
        self.record(
            now,
            Event::Payment {
                amount,
                asset_type: self.asset_type.clone(),
                idempotency_key,
                line_items,
            },
        )
    }

    /// Takes the money without asking the rules, even for a request that has ended: a payment
    /// that was on its way may arrive late.
    pub(super) fn capture(
        &mut self,
        now: Timestamp,
        amount: u64,
        idempotency_key: Option<String>,
        line_items: Vec<LineItem>,
    ) -> Activity {
        let payment = self.take_in(now, amount, idempotency_key, line_items);
        self.record(now, Event::Paid);
        self.status = Status::Paid;
        self.cancellation_reason = None;
        if self.details.is_marked(INACTIVE_ASSET_REFUNDED) {
            self.record(now, Event::refund(self.kept()));
        }
        payment
    }

    /// The merchant takes the request back: cancels it while it is new, gives everything back
    /// once it is paid.
    ///
    /// # Errors
    /// 403 `REQUEST_EXPIRED`, `REQUEST_CANCELLED`, `VOID_WINDOW_EXCEEDED`, `ALREADY_REFUNDED`,
    /// `INACTIVE_ASSET`, `REFUND_NOT_SUPPORTED`.
    pub(super) fn void(&mut self, now: Timestamp) -> Result<Activity, Refusal> {
        if matches!(self.status, Status::Expired | Status::Cancelled) {
            return Err(self.ended());
        }
        if now >= later(self.created_at, VOID_WINDOW) {
            return Err(Refusal::rule(
                "VOID_WINDOW_EXCEEDED",
                "a request can be voided for 24 hours",
            ));
        }
        if self.status == Status::New {
            return self.cancel(CancellationReason::CancelledByMerchant, now);
        }

        let amount = self.kept();
        if amount == 0 {
            return Err(self.already_refunded());
        }
        self.asset_can_be_refunded()?;
        Ok(self.record(now, Event::refund(amount)))
    }

    /// Stops a request that is still new.
    ///
    /// # Errors
    /// 403 `REQUEST_PAID`, `REQUEST_EXPIRED`, `REQUEST_CANCELLED`.
    pub(super) fn cancel(
        &mut self,
        reason: CancellationReason,
        now: Timestamp,
    ) -> Result<Activity, Refusal> {
        self.must_be_new()?;

        Ok(self.end_as_cancelled(reason, now))
    }

    fn end_as_cancelled(&mut self, reason: CancellationReason, now: Timestamp) -> Activity {
        self.status = Status::Cancelled;
        self.cancellation_reason = Some(reason);
        self.drop_open_conditions();
        let cancelled = self.record(now, Event::Cancellation);
        self.return_parts(now);
        cancelled
    }

    /// What came in before the request was over goes back: it was not sold.
    fn return_parts(&mut self, now: Timestamp) {
        let amount = self.kept();
        if amount > 0 {
            self.record(now, Event::refund(amount));
        }
    }

    /// Lets the time of a new request run out at once.
    ///
    /// # Errors
    /// 403 `REQUEST_PAID`, `REQUEST_EXPIRED`, `REQUEST_CANCELLED`.
    pub(super) fn expire(&mut self, now: Timestamp) -> Result<(), Refusal> {
        self.must_be_new()?;
        self.expires_at = now;
        self.end_as_expired(now);
        Ok(())
    }

    /// The merchant answers a condition. Declining it cancels the request.
    ///
    /// # Errors
    /// 403 `FORBIDDEN` for an unknown id, `CONDITION_ALREADY_SET` for one that waits no longer.
    pub(super) fn answer_condition(
        &mut self,
        id: &str,
        answer: Answer,
        now: Timestamp,
    ) -> Result<Activity, Refusal> {
        let condition = self
            .conditions
            .iter_mut()
            .find(|condition| condition.id == id)
            .ok_or_else(|| Refusal::unknown("condition"))?;
        if condition.status != ConditionStatus::AwaitingMerchant {
            return Err(Refusal::rule(
                "CONDITION_ALREADY_SET",
                "this condition waits for no answer",
            ));
        }

        condition.answered_at = Some(now);
        let condition_id = condition.id.clone();
        match answer {
            Answer::Accept => {
                condition.status = ConditionStatus::Accepted;
                Ok(self.record(now, Event::AcceptCondition { condition_id }))
            }
            Answer::Decline => {
                condition.status = ConditionStatus::Declined;
                let activity = self.record(now, Event::DeclineCondition { condition_id });
                self.cancel(CancellationReason::DeclinedByMerchant, now)?;
                Ok(activity)
            }
        }
    }

    fn must_be_new(&self) -> Result<(), Refusal> {
        match self.status {
            Status::New => Ok(()),
            Status::Paid | Status::Expired | Status::Cancelled => Err(self.ended()),
        }
    }

    fn ended(&self) -> Refusal {
        match self.status {
            Status::Expired => Refusal::rule("REQUEST_EXPIRED", "its time has run out"),
            Status::Cancelled => Refusal::rule("REQUEST_CANCELLED", "it was cancelled"),
            Status::New | Status::Paid => Refusal::rule("REQUEST_PAID", "it is paid already"),
        }
    }

    fn end_as_expired(&mut self, at: Timestamp) {
        self.status = Status::Expired;
        self.drop_open_conditions();
        self.record(at, Event::Expiry);
        self.return_parts(at);
    }

    fn drop_open_conditions(&mut self) {
        for condition in &mut self.conditions {
            if condition.status == ConditionStatus::AwaitingMerchant {
                condition.status = ConditionStatus::Void;
            }
        }
    }

    fn payment_with_key(&self, key: Option<&str>) -> Option<&Activity> {
        let key = key?;

        self.activities.iter().find(|activity| {
            matches!(&activity.event, Event::Payment { idempotency_key, .. }
                if idempotency_key.as_deref() == Some(key))
        })
    }
}

pub(super) fn invalid_amount(what: &str, most: u64) -> Refusal {
    Refusal::rule(
        "INVALID_AMOUNT",
        format!("{what} of at most {most} fits here"),
    )
}
