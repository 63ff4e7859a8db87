//! Whether what was read is what can be given back.

use std::time::Duration;

use jiff::civil::Date;

use super::{Asked, Misfit, Mistake, Name, Order, Payment, Rejection, date};
use crate::config::Config;
use crate::money::Amount;
use crate::payment::{Liveness, PaymentRequest, Status, odd_sum};

/// What is configured that an answer must fit: which merchant configs move real money.
#[derive(Debug, Clone, Default)]
pub struct Shop {
    merchants: Vec<(String, Liveness)>,
}

impl From<&Config> for Shop {
    fn from(config: &Config) -> Self {
        Self {
            merchants: config
                .merchants
                .values()
                .map(|merchant| (merchant.config_id.clone(), merchant.liveness))
                .collect(),
        }
    }
}

/// How long a short code stands for the same payment at the platform.
const SHORT_CODE_LIFE: Duration = Duration::from_secs(2 * 365 * 24 * 60 * 60);
/// A short code this close to the end of that time is not relied on.
const MARGIN: Duration = Duration::from_secs(30 * 24 * 60 * 60);

impl Shop {
    /// An office may give back what another counter has sold, so a merchant config that is not
    /// configured here is no misfit; money of another kind than all that is configured is.
    fn takes(&self, request: &PaymentRequest) -> bool {
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

    /// Refuses a payment that a short code found at the platform alone and that may be another one than
    /// on the receipt.
    ///
    /// # Errors
    ///
    /// When the payment is old, or of a merchant config that is not configured here.
    pub(super) fn check_found(&self, request: &PaymentRequest) -> Result<(), Mistake> {
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

        Err(Mistake::Unsure {
            short_code: name_of(request),
            payment: Payment::of(request).to_string(),
            why,
        })
    }

    /// How much was paid, if the request is the one that was asked for.
    pub(super) fn paid(&self, name: &Name, request: &PaymentRequest) -> Result<Amount, Rejection> {
        let short_code = request.short_code.as_ref().map(|code| code.as_str());
        match name {
            Name::Id(id) if *id != request.id => return Err(Rejection::Misfit(Misfit::Id)),
            Name::ShortCode(code)
                if !short_code.is_some_and(|found| found.eq_ignore_ascii_case(code.as_str())) =>
            {
                return Err(Rejection::Misfit(Misfit::ShortCode));
            }
            Name::Id(_) | Name::ShortCode(_) => {}
        }
        if !self.takes(request) {
            return Err(Rejection::Misfit(Misfit::Liveness));
        }
        if request.status != Status::Paid {
            return Err(Rejection::NotPaid(request.status.word().to_owned()));
        }

        paid_of(request).ok_or(Rejection::Misfit(Misfit::Amount))
    }
}

/// Whether the platform cannot have given its short code to another payment yet.
pub(super) fn has_lasting_code(request: &PaymentRequest) -> bool {
    request
        .age
        .is_some_and(|age| age < SHORT_CODE_LIFE.saturating_sub(MARGIN))
}

/// Refuses a payment that was not made on the date of the receipt. The request is paid between its
/// creation and its expiry, which may be after midnight.
///
/// # Errors
///
/// When the dates differ, or the platform gives none.
pub(super) fn check_date(paid_on: Date, request: &PaymentRequest) -> Result<(), Mistake> {
    let created_at = request
        .created_at
        .ok_or_else(|| Mistake::NoDate(name_of(request)))?;
    let made = date(created_at);
    let last = request
        .validity
        .and_then(|validity| created_at.checked_add(validity).ok())
        .map_or(made, date);
    if (made..=last).contains(&paid_on) {
        return Ok(());
    }

    Err(Mistake::OtherDate {
        request: name_of(request),
        asked: paid_on,
        made,
        payment: Payment::of(request).to_string(),
    })
}

fn name_of(request: &PaymentRequest) -> String {
    request
        .short_code
        .as_ref()
        .map_or_else(|| request.id.to_string(), ToString::to_string)
}

/// What was paid: what was asked for, less what is still owed. Where the platform does not say what is
/// still owed, the means of payment tell.
fn paid_of(request: &PaymentRequest) -> Option<Amount> {
    let value = request.value?;
    if let Some(odd) = odd_sum(&request.paid_by, value) {
        tracing::warn!(
            id = request.id.as_str(),
            odd,
            "the sums of a payment do not fit; its value counts"
        );
    }
    let paid = match (request.remaining, request.received(value)) {
        (Some(_), received) => received?,
        (None, Some(received)) if value.checked_sub(received).is_some() => received,
        (None, _) => value,
    };

    Some(paid).filter(|paid| !paid.is_zero())
}

/// How much goes back of what was paid: what was typed, the sum of the items, or all.
pub(super) fn amount(asked: &Asked, paid: Amount) -> Result<Amount, Mistake> {
    let items = match &asked.items {
        Some(items) => {
            let sum = u64::try_from(items.sum())
                .ok()
                .filter(|sum| *sum > 0)
                .ok_or_else(|| Mistake::ItemsSum(items.sum()))?;

            Some(Amount::from_minor(sum, paid.currency()))
        }
        None => None,
    };
    let Some(typed) = asked.amount.as_deref() else {
        return match items {
            Some(items) if paid.checked_sub(items).is_none() => {
                Err(Mistake::ItemsMoreThanPaid { items, paid })
            }
            items => Ok(items.unwrap_or(paid)),
        };
    };
    let amount = Amount::parse(typed, paid.currency())?;
    if paid.checked_sub(amount).is_none() {
        return Err(Mistake::MoreThanPaid {
            asked: amount,
            paid,
        });
    }

    match items {
        Some(items) if items != amount => Err(Mistake::ItemsAndAmount { items, amount }),
        _ => Ok(amount),
    }
}

/// What is asked of the platform about a request that was read.
pub(super) fn order(request: PaymentRequest, amount: Amount, paid: Amount, asked: &Asked) -> Order {
    Order {
        payment: Payment::of(&request),
        id: request.id,
        short_code: request.short_code,
        amount,
        paid,
        external_ref: asked.external_ref.clone(),
        invoice_ref: asked.invoice_ref.clone(),
        items: asked.items.clone().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests;
