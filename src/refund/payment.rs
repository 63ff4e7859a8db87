//! Checks whether a payment can be refunded, after the platform returned it.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::civil::Date;

use super::error::UsageError;
use super::outcome::{RefundMismatch, RefundRejection};
use super::request::{PaymentName, RefundRequest, RefundedPayment, local_date};
use crate::domain::merchant::{Merchant, MerchantKey};
use crate::domain::money::Amount;
use crate::domain::payment::{Liveness, PaymentRequest, Status, odd_sum};

/// The configured merchants: their config ids, and whether each takes real money.
#[derive(Debug, Clone, Default)]
pub struct ConfiguredMerchants {
    merchants: Vec<(String, Liveness)>,
}

impl From<&BTreeMap<MerchantKey, Merchant>> for ConfiguredMerchants {
    fn from(merchants: &BTreeMap<MerchantKey, Merchant>) -> Self {
        Self {
            merchants: merchants
                .values()
                .map(|merchant| (merchant.config_id.clone(), merchant.liveness))
                .collect(),
        }
    }
}

/// The time after which the platform may use a short code again.
const SHORT_CODE_LIFE: Duration = Duration::from_secs(2 * 365 * 24 * 60 * 60);
/// A short code is no longer trusted when it has less than this left of its life.
const MARGIN: Duration = Duration::from_secs(30 * 24 * 60 * 60);

impl ConfiguredMerchants {
    /// Returns whether the request's liveness fits. An office may refund another counter's sale, so an unknown
    /// config id is accepted if any configured merchant has the same liveness.
    fn accepts_liveness(&self, request: &PaymentRequest) -> bool {
        let Some(liveness) = request.liveness else {
            return true;
        };
        let sold_by = |(config_id, _): &&(String, Liveness)| {
            request
                .config_id
                .as_ref()
                .is_some_and(|id| id.is(config_id))
        };
        let is_of_this_kind = |(_, configured): &(String, Liveness)| *configured == liveness;

        match self.merchants.iter().find(sold_by) {
            Some(merchant) => is_of_this_kind(merchant),
            None => self.merchants.iter().any(is_of_this_kind),
        }
    }

    /// Refuses a payment that was found only by its short code at the platform, and that may not be the one on the
    /// receipt.
    ///
    /// # Errors
    ///
    /// If the payment is old, or its config id is not configured here.
    pub(super) fn check_found(&self, request: &PaymentRequest) -> Result<(), UsageError> {
        let is_own = request
            .config_id
            .as_ref()
            .is_some_and(|id| self.merchants.iter().any(|(config_id, _)| id.is(config_id)));
        let why = if !is_own {
            "of a merchant config that is not in this configuration"
        } else if !has_lasting_code(request) {
            "two years old or of unknown age"
        } else {
            return Ok(());
        };

        Err(UsageError::Unsure {
            short_code: name_of(request),
            payment: RefundedPayment::from(request).to_string(),
            why,
        })
    }

    /// Returns the paid amount, if the returned payment request is the named one.
    pub(super) fn paid(
        &self,
        name: &PaymentName,
        request: &PaymentRequest,
    ) -> Result<Amount, RefundRejection> {
        let short_code = request.short_code.as_ref().map(|code| code.as_str());
        match name {
            PaymentName::Id(id) if *id != request.id => {
                return Err(RefundRejection::Mismatch(RefundMismatch::Id));
            }
            PaymentName::ShortCode(code)
                if !short_code.is_some_and(|found| found.eq_ignore_ascii_case(code.as_str())) =>
            {
                return Err(RefundRejection::Mismatch(RefundMismatch::ShortCode));
            }
            PaymentName::Id(_) | PaymentName::ShortCode(_) => {}
        }
        if !self.accepts_liveness(request) {
            return Err(RefundRejection::Mismatch(RefundMismatch::Liveness));
        }
        if request.status != Status::Paid {
            return Err(RefundRejection::NotPaid(request.status.word().to_owned()));
        }

        paid_amount(request).ok_or(RefundRejection::Mismatch(RefundMismatch::Amount))
    }
}

/// Returns whether the request is so new that the platform cannot have used its short code again.
pub(super) fn has_lasting_code(request: &PaymentRequest) -> bool {
    request
        .age
        .is_some_and(|age| age < SHORT_CODE_LIFE.saturating_sub(MARGIN))
}

/// Refuses a payment whose date is not the one on the receipt. A request is paid between its creation and its
/// expiry, which may be after midnight.
///
/// # Errors
///
/// If the dates differ, or the platform states no date.
pub(super) fn check_date(paid_on: Date, request: &PaymentRequest) -> Result<(), UsageError> {
    let created_at = request
        .created_at
        .ok_or_else(|| UsageError::NoDate(name_of(request)))?;
    let made = local_date(created_at);
    let last = request
        .validity
        .and_then(|validity| created_at.checked_add(validity).ok())
        .map_or(made, local_date);
    if (made..=last).contains(&paid_on) {
        return Ok(());
    }

    Err(UsageError::OtherDate {
        request: name_of(request),
        asked: paid_on,
        made,
        payment: RefundedPayment::from(request).to_string(),
    })
}

fn name_of(request: &PaymentRequest) -> String {
    request
        .short_code
        .as_ref()
        .map_or_else(|| request.id.to_string(), ToString::to_string)
}

/// Returns the paid amount: the request's value less the remaining amount. Without a remaining amount, returns the
/// sum of the payments.
fn paid_amount(request: &PaymentRequest) -> Option<Amount> {
    let value = request.value?;
    if let Some(odd) = odd_sum(&request.paid_by, value) {
        tracing::warn!(
            id = request.id.as_str(),
            odd,
            "the sums of a payment do not match its value; the value counts"
        );
    }
    let paid = match (request.remaining, request.received(value)) {
        (Some(_), received) => received?,
        (None, Some(received)) if value.checked_sub(received).is_some() => received,
        (None, _) => value,
    };

    Some(paid).filter(|paid| !paid.is_zero())
}

/// Returns the amount to refund: the typed amount, the sum of the items, or the whole payment.
pub(super) fn amount(asked: &RefundRequest, paid: Amount) -> Result<Amount, UsageError> {
    let items = match &asked.items {
        Some(items) => {
            let sum = u64::try_from(items.sum())
                .ok()
                .filter(|sum| *sum > 0)
                .ok_or_else(|| UsageError::ItemsSum(items.sum()))?;

            Some(Amount::from_minor(sum, paid.currency()))
        }
        None => None,
    };
    let Some(typed) = asked.amount.as_deref() else {
        return match items {
            Some(items) if paid.checked_sub(items).is_none() => {
                Err(UsageError::ItemsMoreThanPaid { items, paid })
            }
            items => Ok(items.unwrap_or(paid)),
        };
    };
    let amount = Amount::parse(typed, paid.currency())?;
    if paid.checked_sub(amount).is_none() {
        return Err(UsageError::MoreThanPaid {
            asked: amount,
            paid,
        });
    }

    match items {
        Some(items) if items != amount => Err(UsageError::ItemsAndAmount { items, amount }),
        _ => Ok(amount),
    }
}

#[cfg(test)]
mod tests;
