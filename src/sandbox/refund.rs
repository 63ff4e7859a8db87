//! When the platform gives a payment back, and when it refuses to.

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;

use super::activity::{Activity, Event};
use super::create::check_invoice_ref;
use super::line_item::{self, LineItem};
use super::money::Money;
use super::refusal::Refusal;
use super::request::{PaymentRequest, Status, later};
use super::rules::invalid_amount;

/// A short code is good for refunds for two years.
const REFUND_WINDOW: Duration = Duration::from_secs(2 * 365 * 24 * 60 * 60);
/// The sandbox's convention: the asset that paid a request is of this kind if the request's `externalRef` begins with
/// the code.
const PARTIAL_REFUNDS_NOT_ALLOWED: &str = "PARTIAL_REFUNDS_NOT_ALLOWED";
const INACTIVE_ASSET: &str = "INACTIVE_ASSET";
/// The sandbox's convention for a payment that goes back elsewhere as soon as it is made. The platform documents
/// `INACTIVE_ASSET` for such a payment, too.
pub(super) const INACTIVE_ASSET_REFUNDED: &str = "INACTIVE_ASSET_REFUNDED";
const REFUND_NOT_SUPPORTED: &str = "REFUND_NOT_SUPPORTED";
const REFUND_DECLINED: &str = "REFUND_DECLINED";

/// The body of a refund.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RefundBody {
    pub(super) value: Money,
    pub(super) external_ref: String,
    pub(super) invoice_ref: Option<String>,
    pub(super) line_items: Option<Vec<LineItem>>,
}

impl RefundBody {
    /// Checks what the fields' types leave open.
    ///
    /// # Errors
    /// 400 `BAD_REQUEST`, `LINE_ITEMS_SUM_CHECK_FAILED`.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        if self.external_ref.is_empty() {
            return Err(Refusal::misfit("externalRef must not be empty"));
        }
        check_invoice_ref(self.invoice_ref.as_deref())?;

        match &self.line_items {
            Some(line_items) => line_item::check(line_items, &[self.value.amount]),
            None => Ok(()),
        }
    }
}

impl PaymentRequest {
    /// Gives a payment back, or a part of it. Asked again with the same reference and amount, it answers as before and
    /// gives nothing more.
    ///
    /// # Errors
    /// 403 `REPEAT_REFERENCE`, `NOT_PAID`, `REFUND_WINDOW_EXCEEDED`, `ALREADY_REFUNDED`,
    /// `INVALID_AMOUNT`, and what the asset does not allow: `INACTIVE_ASSET`,
    /// `REFUND_NOT_SUPPORTED`, `PARTIAL_REFUNDS_NOT_ALLOWED`, `REFUND_DECLINED`.
    pub(super) fn refund(&mut self, body: RefundBody, now: Timestamp) -> Result<Activity, Refusal> {
        let value = &body.value;
        if let Some((earlier, amount)) = self.refund_with_reference(&body.external_ref) {
            return if *value == self.money(amount) {
                Ok(earlier.clone())
            } else {
                Err(repeat_reference("this payment of another value"))
            };
        }
        if self.status != Status::Paid {
            return Err(not_paid());
        }
        if now >= later(self.created_at, REFUND_WINDOW) {
            return Err(Refusal::rule(
                "REFUND_WINDOW_EXCEEDED",
                "a request can be refunded for two years",
            ));
        }
        let kept = self.kept();
        if kept == 0 {
            return Err(self.already_refunded());
        }
        if value.currency != self.value.currency || value.amount > kept {
            return Err(invalid_amount("a refund", kept));
        }
        self.asset_takes(value.amount)?;

        Ok(self.record(
            now,
            Event::Refund {
                amount: value.amount,
                external_ref: Some(body.external_ref),
                invoice_ref: body.invoice_ref,
                line_items: body.line_items.unwrap_or_default(),
            },
        ))
    }

    /// Gives back `amount` (minor units) without a call of the merchant's, as from another device or a dashboard.
    ///
    /// # Errors
    /// 403 `NOT_PAID`, `INVALID_AMOUNT`.
    pub(super) fn refund_elsewhere(&mut self, amount: u64, now: Timestamp) -> Result<(), Refusal> {
        if self.status != Status::Paid {
            return Err(not_paid());
        }
        if !(1..=self.kept()).contains(&amount) {
            return Err(invalid_amount("a refund", self.kept()));
        }
        self.record(now, Event::refund(amount));

        Ok(())
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
            return Err(inactive_asset());
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

    /// Refuses to give back what has gone back already. An asset that is no longer active answers by its own code.
    pub(super) fn already_refunded(&self) -> Refusal {
        if self.was_paid_with(INACTIVE_ASSET) {
            return inactive_asset();
        }

        Refusal::rule("ALREADY_REFUNDED", "everything was given back already")
    }

    fn was_paid_with(&self, kind: &str) -> bool {
        self.details.is_marked(kind)
    }

    fn refund_with_reference(&self, reference: &str) -> Option<(&Activity, u64)> {
        self.activities
            .iter()
            .find_map(|activity| match &activity.event {
                Event::Refund {
                    amount,
                    external_ref,
                    ..
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

fn not_paid() -> Refusal {
    Refusal::rule("NOT_PAID", "there is nothing to refund")
}

fn inactive_asset() -> Refusal {
    Refusal::rule(
        INACTIVE_ASSET,
        "the asset was disabled, has expired, or was refunded already",
    )
}

/// A reference is unique among all refunds, whichever payment they are of.
pub(super) fn repeat_reference(owner: &str) -> Refusal {
    Refusal::rule(
        "REPEAT_REFERENCE",
        format!("this externalRef belongs to a refund of {owner}"),
    )
}
