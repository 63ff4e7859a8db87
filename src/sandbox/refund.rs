//! When the platform gives a payment back, and when it refuses to.

use std::time::Duration;

use jiff::Timestamp;

use super::activity::{Activity, Event};
use super::money::Money;
use super::refusal::Refusal;
use super::request::{PaymentRequest, Status, later};
use super::rules::{already_refunded, invalid_amount};

/// A short code is good for refunds for two years.
const REFUND_WINDOW: Duration = Duration::from_secs(2 * 365 * 24 * 60 * 60);
/// The sandbox's convention: what a request was paid with is of this kind when its `externalRef`
/// begins with the code.
const PARTIAL_REFUNDS_NOT_ALLOWED: &str = "PARTIAL_REFUNDS_NOT_ALLOWED";
const INACTIVE_ASSET: &str = "INACTIVE_ASSET";
const REFUND_NOT_SUPPORTED: &str = "REFUND_NOT_SUPPORTED";
const REFUND_DECLINED: &str = "REFUND_DECLINED";

impl PaymentRequest {
    /// The merchant gives a payment back, or a part of it. Asked again with the same reference
    /// and amount it answers as before and gives nothing more.
    ///
    /// # Errors
    /// 403 `REPEAT_REFERENCE`, `NOT_PAID`, `REFUND_WINDOW_EXCEEDED`, `ALREADY_REFUNDED`,
    /// `INVALID_AMOUNT`, and what the asset does not allow: `INACTIVE_ASSET`,
    /// `REFUND_NOT_SUPPORTED`, `PARTIAL_REFUNDS_NOT_ALLOWED`, `REFUND_DECLINED`.
    pub(super) fn refund(
        &mut self,
        value: &Money,
        reference: &str,
        now: Timestamp,
    ) -> Result<Activity, Refusal> {
        if let Some((earlier, amount)) = self.refund_with_reference(reference) {
            return if *value == self.money(amount) {
                Ok(earlier.clone())
            } else {
                Err(repeat_reference("this payment of another value"))
            };
        }
        if self.status != Status::Paid {
            return Err(Refusal::rule("NOT_PAID", "there is nothing to refund"));
        }
        if now >= later(self.created_at, REFUND_WINDOW) {
            return Err(Refusal::rule(
                "REFUND_WINDOW_EXCEEDED",
                "a request can be refunded for two years",
            ));
        }
        let kept = self.kept();
        if kept == 0 {
            return Err(already_refunded());
        }
        if value.currency != self.value.currency || value.amount > kept {
            return Err(invalid_amount("a refund", kept));
        }
        self.asset_takes(value.amount)?;

        Ok(self.record(
            now,
            Event::Refund {
                amount: value.amount,
                external_ref: Some(reference.to_owned()),
            },
        ))
    }

    /// Whether a refund of this request has this reference.
    pub(super) fn has_refund(&self, reference: &str) -> bool {
        self.refund_with_reference(reference).is_some()
    }

    /// Whether what it was paid with takes anything back.
    ///
    /// # Errors
    /// 403 `INACTIVE_ASSET`, `REFUND_NOT_SUPPORTED`.
    pub(super) fn asset_can_be_refunded(&self) -> Result<(), Refusal> {
        if self.was_paid_with(INACTIVE_ASSET) {
            return Err(Refusal::rule(
                INACTIVE_ASSET,
                "what it was paid with is not active",
            ));
        }
        if self.was_paid_with(REFUND_NOT_SUPPORTED) {
            return Err(Refusal::rule(
                REFUND_NOT_SUPPORTED,
                "what it was paid with takes no refunds",
            ));
        }

        Ok(())
    }

    fn asset_takes(&self, amount: u64) -> Result<(), Refusal> {
        self.asset_can_be_refunded()?;
        if amount != self.captured() && self.was_paid_with(PARTIAL_REFUNDS_NOT_ALLOWED) {
            return Err(Refusal::rule(
                PARTIAL_REFUNDS_NOT_ALLOWED,
                "what it was paid with goes back as a whole",
            ));
        }
        if self.was_paid_with(REFUND_DECLINED) {
            return Err(Refusal::rule(
                REFUND_DECLINED,
                "whoever keeps the patron's money said no",
            ));
        }

        Ok(())
    }

    fn was_paid_with(&self, kind: &str) -> bool {
        self.details
            .external_ref
            .as_ref()
            .is_some_and(|reference| reference.starts_with(kind))
    }

    fn refund_with_reference(&self, reference: &str) -> Option<(&Activity, u64)> {
        self.activities
            .iter()
            .find_map(|activity| match &activity.event {
                Event::Refund {
                    amount,
                    external_ref,
                } if external_ref.as_deref() == Some(reference) => Some((activity, *amount)),
                _ => None,
            })
    }

    fn money(&self, amount: u64) -> Money {
        Money {
            amount,
            currency: self.value.currency.clone(),
        }
    }
}

/// A reference is unique among all refunds, whichever payment they are of.
pub(super) fn repeat_reference(owner: &str) -> Refusal {
    Refusal::rule(
        "REPEAT_REFERENCE",
        format!("this externalRef belongs to a refund of {owner}"),
    )
}
