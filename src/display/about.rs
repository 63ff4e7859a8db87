//! Which sale a screen is about, in words.

use super::choice::Whose;
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
                .map(|order| order.external_ref(sale.attempt()))
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
    pub(super) fn named(&self) -> String {
        match &self.short_code {
            Some(short_code) => {
                // A line may not end within it: people read it out in one go.
                let short_code = short_code.replace('-', "-\u{2060}");

                format!("Reference {}, short code {short_code}", self.reference)
            }
            None => format!("Reference {}", self.reference),
        }
    }

    /// The banner over all that is about an earlier sale.
    pub(super) fn banner(&self) -> Option<String> {
        if self.whose == Whose::Own {
            return None;
        }
        let parts: Vec<_> = [
            Some(format!("Earlier sale {}", self.reference)),
            self.amount.map(|amount| amount.to_string()),
            self.short_code.clone(),
        ]
        .into_iter()
        .flatten()
        .collect();

        Some(parts.join(", "))
    }

    /// What the present customer is here for.
    pub(super) fn what_comes_next(&self) -> Option<String> {
        let next = self.next?;

        Some(format!("Your own sale of {next} comes next."))
    }

    /// What somebody has to write down when the disk did not take it.
    pub(super) fn to_be_written_down(&self, ended: &Ended) -> String {
        let outcome = ended.ending().name();
        let says = format!("This outcome could not be saved. Please write it down: {outcome}");
        // An earlier sale's banner names it, just below.
        if self.whose != Whose::Own {
            return format!("{says}.");
        }
        let named = self.named();
        match self.amount {
            Some(amount) => format!("{says}, {amount}. {named}."),
            None => format!("{says}. {named}."),
        }
    }
}
