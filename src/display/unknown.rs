//! The outcome is unknown, or staff closed it while it was: what both people should do, and above
//! all not do.

use super::about::About;
use super::choice::Whose;
use super::notice::{Notice, Tone};
use super::symbol::Shape;
use crate::locale::{Phrase, Said};

/// An outcome that is not known.
pub(super) fn of(about: &About) -> Notice {
    let own = about.whose == Whose::Own;
    let headline = if own {
        Phrase::PaidNotKnown
    } else {
        Phrase::EarlierNotKnown
    };
    let mut notice = Notice::new(Tone::Unsure, Shape::Question, about.amount, headline);
    if own {
        notice.lines.push(Phrase::PleaseWait.into());
        notice.cashier = vec![Phrase::DoNotChargeAgain.into(), about.named()];
    } else {
        notice.lines.push(Phrase::NotYourPaymentWait.into());
        notice.cashier.push(Phrase::DoNotChargeUntilSettled.into());
    }
    if let Some(next) = about.next {
        notice
            .cashier
            .push(Said::from(Phrase::NewSaleWaits).with_amount("amount", next));
    }

    notice
}

/// Returns the notice of a sale that staff closed as paid. The till is told paid, so the customer is
/// told the same.
pub(super) fn closed_as_paid(by: &str, about: &About) -> Notice {
    let headline = Phrase::ClosedAsPaid;
    let mut notice = Notice::new(Tone::Good, Shape::Tick, about.amount, headline);
    notice.lines.push(match about.from_before {
        true => Phrase::PaidBefore.into(),
        false => Phrase::ThankYou.into(),
    });
    notice.cashier = vec![answers_for_it(by), about.named()];

    notice
}

/// Returns the notice of a sale that staff closed as not paid. `confirming`: the sale is asked for
/// again, and the platform has not confirmed that yet. It must not say that nobody was charged.
pub(super) fn closed_as_not_paid(by: &str, confirming: bool, about: &About) -> Notice {
    let headline = Phrase::ClosedAsNotPaid;
    let mut notice = Notice::new(Tone::Ended, Shape::Person, about.amount, headline);
    if confirming {
        notice.lines.push(Phrase::OneMomentPlease.into());
        notice.cashier = vec![Phrase::CodeOnceConfirmed.into(), answers_for_it(by)];
    } else {
        notice.lines.push(answers_for_it(by));
    }
    notice.detail.push(about.named());

    notice
}

fn answers_for_it(by: &str) -> Said {
    Said::from(Phrase::AnswersForIt).with("name", by)
}
