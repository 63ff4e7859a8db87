//! Names the sale that a screen is about.

use crate::app::choice::Audience;
use crate::app::screens::notice::Notice;
use crate::app::theme::palette::{Palette, SurfaceColours};
use crate::app::widgets::symbol::Shape;
use crate::domain::money::Amount;
use crate::locale::{Phrase, ScreenText};
use crate::sale::{Ended, Sale, State};

#[derive(Debug, Clone)]
pub(crate) struct SaleSummary {
    pub amount: Option<Amount>,
    /// The attempt's reference at the till.
    pub reference: String,
    /// The short code of the payment request, which people read out.
    pub short_code: Option<String>,
    pub audience: Audience,
    /// Whether an earlier launch started the same sale.
    pub from_before: bool,
    /// The amount of the new sale that waits until the earlier one is settled.
    pub next: Option<Amount>,
}

impl SaleSummary {
    pub(crate) fn of(sale: &Sale) -> Self {
        let audience = Audience::of(sale);
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
            audience,
            from_before: sale.is_about_an_earlier_launch(),
            next: sale
                .asked()
                .filter(|_| audience == Audience::EarlierFirst)
                .map(|order| order.amount),
        }
    }

    /// Creates a notice about this sale, with a headline only.
    pub(crate) fn notice(
        &self,
        surface: fn(&Palette) -> SurfaceColours,
        shape: Shape,
        headline: Phrase,
    ) -> Notice {
        Notice {
            surface,
            shape,
            amount: self.amount,
            headline,
            lines: Vec::new(),
            cashier: Vec::new(),
            detail: Vec::new(),
        }
    }

    /// Returns the reference and the short code, to find the sale at the till and at Centrapay.
    pub(crate) fn named(&self) -> ScreenText {
        match &self.short_code {
            Some(short_code) => ScreenText::from(Phrase::ReferenceAndCode)
                .with("reference", &self.reference)
                .with("code", unbroken(short_code)),
            None => ScreenText::from(Phrase::Reference).with("reference", &self.reference),
        }
    }

    /// Returns the reference and the short code, unless the banner of an earlier sale shows them already.
    pub(crate) fn named_without_banner(&self) -> Option<ScreenText> {
        (self.audience == Audience::Own).then(|| self.named())
    }

    /// Returns the parts of the banner above an earlier sale's screens.
    pub(crate) fn banner(&self) -> Option<Vec<ScreenText>> {
        if self.audience == Audience::Own {
            return None;
        }
        let named = ScreenText::from(Phrase::EarlierSale).with("reference", &self.reference);
        let amount = self.amount.map(ScreenText::from);
        let short_code = self.short_code.as_deref().map(unbroken);
        let parts = [Some(named), amount, short_code.map(ScreenText::verbatim)];

        Some(parts.into_iter().flatten().collect())
    }

    /// Says that the present customer's own sale comes next.
    pub(crate) fn next_sale(&self) -> Option<ScreenText> {
        let next = self.next?;

        Some(ScreenText::from(Phrase::YourSaleComesNext).with_amount("amount", next))
    }

    /// Asks staff to write the outcome down, because the journal could not record it.
    pub(crate) fn write_down(&self, ended: &Ended) -> ScreenText {
        let outcome = ended.ending().name();
        match self.amount {
            // The banner of an earlier sale names the sale already.
            Some(amount) if self.audience == Audience::Own => {
                ScreenText::from(Phrase::WriteDownNamed)
                    .with("outcome", outcome)
                    .with_amount("amount", amount)
                    .with_texts("named", vec![self.named()])
            }
            _ => ScreenText::from(Phrase::WriteDown).with("outcome", outcome),
        }
    }
}

/// Keeps a short code on one line, so that people can read it out in one go.
fn unbroken(short_code: &str) -> String {
    short_code.replace('-', "-\u{2060}")
}
