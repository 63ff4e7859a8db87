//! Which sale a screen is about, in words.

use super::choice::Whose;
use crate::locale::{Phrase, Said};
use crate::money::Amount;
use crate::sale::{Ended, Sale, State};

/// Which sale a screen is about.
#[derive(Debug, Clone)]
pub(super) struct About {
    /// Its amount.
    pub amount: Option<Amount>,
    /// What the till knows the attempt by.
    pub reference: String,
    /// What people know it by.
    pub short_code: Option<String>,
    /// Whether the present customer's.
    pub whose: Whose,
    /// Whether an earlier launch of the same sale has left it.
    pub from_before: bool,
    /// The amount of the sale that waits behind an earlier one.
    pub next: Option<Amount>,
}

impl About {
    /// The sale on the screen.
    pub(super) fn of(sale: &Sale) -> Self {
        let whose = Whose::of(sale);
        let request = match sale.state() {
            State::Presenting(presenting) => Some(presenting.request()),
            State::Waiting(waiting) => Some(waiting.request()),
            State::Voiding(voiding) => Some(voiding.request()),
            State::Ended(ended) => ended.request(),
            State::Entry | State::Recalling | State::Rechecking(_) | State::Creating(_) => None,
        };

        Self {
            amount: sale.order().map(|order| order.amount),
            reference: sale
                .order()
                .map(|order| order.attempt_reference(sale.attempt()))
                .unwrap_or_default(),
            short_code: request
                .and_then(|request| request.short_code.as_ref())
                .map(ToString::to_string),
            whose,
            from_before: sale.is_about_an_earlier_launch(),
            next: sale
                .asked()
                .filter(|_| whose == Whose::EarlierFirst)
                .map(|order| order.amount),
        }
    }

    /// What a person finds it by, at the till and at Centrapay.
    pub(super) fn named(&self) -> Said {
        match &self.short_code {
            Some(short_code) => Said::from(Phrase::ReferenceAndCode)
                .with("reference", &self.reference)
                .with("code", unbroken(short_code)),
            None => Said::from(Phrase::Reference).with("reference", &self.reference),
        }
    }

    /// The banner over all that is about an earlier sale.
    pub(super) fn banner(&self) -> Option<Vec<Said>> {
        if self.whose == Whose::Own {
            return None;
        }
        let named = Said::from(Phrase::EarlierSale).with("reference", &self.reference);
        let amount = self.amount.map(Said::from);
        let short_code = self.short_code.as_deref().map(unbroken).map(Said::verbatim);

        Some(
            [Some(named), amount, short_code]
                .into_iter()
                .flatten()
                .collect(),
        )
    }

    /// What the present customer is here for.
    pub(super) fn what_comes_next(&self) -> Option<Said> {
        let next = self.next?;

        Some(Said::from(Phrase::YourSaleComesNext).with_amount("amount", next))
    }

    /// What somebody has to write down when the disk did not take it.
    pub(super) fn to_be_written_down(&self, ended: &Ended) -> Said {
        let outcome = ended.ending().name();
        match self.amount {
            // An earlier sale's banner names it, just below.
            Some(amount) if self.whose == Whose::Own => Said::from(Phrase::WriteDownNamed)
                .with("outcome", outcome)
                .with_amount("amount", amount)
                .with_said("named", vec![self.named()]),
            _ => Said::from(Phrase::WriteDown).with("outcome", outcome),
        }
    }
}

/// A line may not end within a short code: people read it out in one go.
fn unbroken(short_code: &str) -> String {
    short_code.replace('-', "-\u{2060}")
}
