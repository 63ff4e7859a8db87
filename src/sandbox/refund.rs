//! The rules of refunds.

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;

use super::create::check_invoice_ref;
use super::money::{MoneyValue, SandboxLineItem, check_line_items};
use super::refusal::SandboxRefusal;
use super::request::{ActivityEvent, ActivityRecord, SandboxRequest, SandboxStatus, later};

/// Refunds are possible for two years.
const REFUND_WINDOW: Duration = Duration::from_secs(2 * 365 * 24 * 60 * 60);
/// Sandbox convention for this and the next codes: if the `externalRef` of a request begins with the code, its
/// asset refuses refunds with the code.
const PARTIAL_REFUNDS_NOT_ALLOWED: &str = "PARTIAL_REFUNDS_NOT_ALLOWED";
const INACTIVE_ASSET: &str = "INACTIVE_ASSET";
/// Sandbox convention: if the `externalRef` of a request begins with this, the payment is refunded elsewhere at
/// once. The platform documents `INACTIVE_ASSET` for such a payment too.
pub(super) const INACTIVE_ASSET_REFUNDED: &str = "INACTIVE_ASSET_REFUNDED";
const REFUND_NOT_SUPPORTED: &str = "REFUND_NOT_SUPPORTED";
const REFUND_DECLINED: &str = "REFUND_DECLINED";

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RefundInput {
    pub(super) value: MoneyValue,
    pub(super) external_ref: String,
    pub(super) invoice_ref: Option<String>,
    pub(super) line_items: Option<Vec<SandboxLineItem>>,
}

impl RefundInput {
    /// Checks what the types cannot.
    /// Errors: 400 `BAD_REQUEST`, `LINE_ITEMS_SUM_CHECK_FAILED`.
    pub(super) fn check(&self) -> Result<(), SandboxRefusal> {
        if self.external_ref.is_empty() {
            return Err(SandboxRefusal::misfit("externalRef must not be empty"));
        }
        check_invoice_ref(self.invoice_ref.as_deref())?;

        match &self.line_items {
            Some(line_items) => check_line_items(line_items, &[self.value.amount]),
            None => Ok(()),
        }
    }
}

impl SandboxRequest {
    /// Refunds all or part of a payment. A repeated call with the same reference and amount gets the earlier
    /// answer, and nothing more is refunded.
    /// Errors: 403 `REPEAT_REFERENCE`, `NOT_PAID`, `REFUND_WINDOW_EXCEEDED`, `ALREADY_REFUNDED`,
    /// `INVALID_AMOUNT`, and the refusals of the asset: `INACTIVE_ASSET`,
    /// `REFUND_NOT_SUPPORTED`, `PARTIAL_REFUNDS_NOT_ALLOWED`, `REFUND_DECLINED`.
    pub(super) fn refund(
        &mut self,
        body: RefundInput,
        now: Timestamp,
    ) -> Result<ActivityRecord, SandboxRefusal> {
        let value = &body.value;
        if let Some((earlier, amount)) = self.refund_with(&body.external_ref) {
            let is_repeated = value.amount == amount && value.currency == self.value.currency;
            return is_repeated
                .then(|| earlier.clone())
                .ok_or_else(|| repeat_reference("this payment of another value"));
        }
        if self.status != SandboxStatus::Paid {
            return Err(not_paid());
        }
        if now >= later(self.created_at, REFUND_WINDOW) {
            return Err(SandboxRefusal::rule(
                "REFUND_WINDOW_EXCEEDED",
                "a request can be refunded for two years",
            ));
        }
        let kept = self.kept();
        if kept == 0 {
            return Err(self.already_refunded());
        }
        if value.currency != self.value.currency || value.amount > kept {
            return Err(SandboxRefusal::invalid_amount("a refund", kept));
        }
        self.asset_can_be_refunded()?;
        if value.amount != self.captured() && self.was_paid_with(PARTIAL_REFUNDS_NOT_ALLOWED) {
            return Err(SandboxRefusal::rule(
                PARTIAL_REFUNDS_NOT_ALLOWED,
                "the asset can only be refunded as a whole",
            ));
        }
        if self.was_paid_with(REFUND_DECLINED) {
            return Err(SandboxRefusal::rule(
                REFUND_DECLINED,
                "the issuer of the asset declined the refund",
            ));
        }

        Ok(self.record(
            now,
            ActivityEvent::Refund {
                amount: value.amount,
                external_ref: Some(body.external_ref),
                invoice_ref: body.invoice_ref,
                line_items: body.line_items.unwrap_or_default(),
            },
        ))
    }

    /// Refunds `amount` (minor units) without a merchant's call, as from another device or a dashboard.
    /// Errors: 403 `NOT_PAID`, `INVALID_AMOUNT`.
    pub(super) fn refund_elsewhere(
        &mut self,
        amount: u64,
        now: Timestamp,
    ) -> Result<(), SandboxRefusal> {
        if self.status != SandboxStatus::Paid {
            return Err(not_paid());
        }
        if !(1..=self.kept()).contains(&amount) {
            return Err(SandboxRefusal::invalid_amount("a refund", self.kept()));
        }
        self.record(now, ActivityEvent::refund(amount));

        Ok(())
    }

    /// Checks whether the asset allows refunds.
    /// Errors: 403 `INACTIVE_ASSET`, `REFUND_NOT_SUPPORTED`.
    pub(super) fn asset_can_be_refunded(&self) -> Result<(), SandboxRefusal> {
        if self.was_paid_with(INACTIVE_ASSET) {
            return Err(inactive_asset());
        }
        if self.was_paid_with(REFUND_NOT_SUPPORTED) {
            return Err(SandboxRefusal::rule(
                REFUND_NOT_SUPPORTED,
                "the asset does not support refunds",
            ));
        }

        Ok(())
    }

    /// The refusal of a second refund. An inactive asset has its own code.
    pub(super) fn already_refunded(&self) -> SandboxRefusal {
        if self.was_paid_with(INACTIVE_ASSET) {
            return inactive_asset();
        }

        SandboxRefusal::rule("ALREADY_REFUNDED", "everything is already refunded")
    }

    fn was_paid_with(&self, kind: &str) -> bool {
        self.details.is_marked(kind)
    }

    /// The refund with this reference, and its amount.
    pub(super) fn refund_with(&self, reference: &str) -> Option<(&ActivityRecord, u64)> {
        self.activities
            .iter()
            .find_map(|activity| match &activity.event {
                ActivityEvent::Refund {
                    amount,
                    external_ref,
                    ..
                } if external_ref.as_deref() == Some(reference) => Some((activity, *amount)),
                _ => None,
            })
    }
}

fn not_paid() -> SandboxRefusal {
    SandboxRefusal::rule("NOT_PAID", "there is nothing to refund")
}

fn inactive_asset() -> SandboxRefusal {
    SandboxRefusal::rule(
        INACTIVE_ASSET,
        "the asset was disabled, has expired, or was already refunded",
    )
}

/// The refusal of a reference that a refund of `owner` has. A reference is unique among the refunds of all
/// payments.
pub(super) fn repeat_reference(owner: &str) -> SandboxRefusal {
    SandboxRefusal::rule(
        "REPEAT_REFERENCE",
        format!("this externalRef belongs to a refund of {owner}"),
    )
}
