//! Whether what was read is what can be given back.

use super::{Misfit, Mistake, Name, Order, Rejection};
use crate::config::Config;
use crate::money::Amount;
use crate::payment::{Liveness, PaymentRequest, Status};

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

/// What was asked for, less what is still owed.
fn paid_of(request: &PaymentRequest) -> Option<Amount> {
    let value = request.value?;
    let paid = match request.remaining {
        None => value,
        Some(remaining) => value.checked_sub(remaining)?,
    };

    Some(paid).filter(|paid| !paid.is_zero())
}

/// How much goes back of what was paid: what was typed, or all.
pub(super) fn amount(typed: Option<&str>, paid: Amount) -> Result<Amount, Mistake> {
    let Some(typed) = typed else {
        return Ok(paid);
    };
    let asked = Amount::parse(typed, paid.currency())?;

    match paid.checked_sub(asked) {
        Some(_) => Ok(asked),
        None => Err(Mistake::MoreThanPaid { asked, paid }),
    }
}

/// What is asked of the platform about a request that was read.
pub(super) fn order(
    request: PaymentRequest,
    amount: Amount,
    paid: Amount,
    external_ref: &str,
) -> Order {
    Order {
        id: request.id,
        short_code: request.short_code,
        amount,
        paid,
        external_ref: external_ref.to_owned(),
    }
}

#[cfg(test)]
mod tests;
